"""The one place that writes links, enclosures, Media RSS, Dublin Core and the like into feedgen's trees.

feedgen 1.0.0 loses rel, type and length of entry links in Atom, keeps only the last enclosure, has no person without a
mail address in RSS, and its media extension knows neither titles nor players (feeds.md 4). So it is never told of them.
Media RSS: https://www.rssboard.org/media-rss. feedgen builds Atom without namespace, by a literal xmlns attribute:
Atom's own elements are therefore plain names there, and `atom:` ones in RSS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from feedsvc.feeds.dates import rfc822, rfc3339
from feedsvc.feeds.media import UNKNOWN_TYPE, credit, default_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedsvc.feeds.facts import FeedFacts, ItemFacts
    from feedsvc.model import MediaObject

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def element(parent: Any, name: str, text: str = "", /, **attributes: str | None) -> Any:
    """A new last child of `parent`, `name` being `prefix:local` or plain; attributes that are None or "" stay out."""
    prefix, _, local = name.rpartition(":")
    child = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local)
    child.text = text or None
    for key, value in attributes.items():
        if value:
            child.set(key, value)
    return child


class FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen carries no types
    """Links of the Atom document itself; the RSS channel is our own (envelope.py). Older items, hub: later, here."""

    facts: FeedFacts

    def extend_ns(self) -> dict[str, str]:
        """The prefixes that entries use."""
        return {"media": NAMESPACES["media"]}

    def extend_atom(self, feed: Any) -> Any:
        """`self` and the portal's list as `alternate`."""
        element(feed, "link", rel="self", type="application/atom+xml", href=self.facts.self_url)
        element(feed, "link", rel="alternate", type="text/html", href=self.facts.home)
        return feed


class EntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen carries no types
    """Everything of an item beyond the plain envelope. `facts` is set before the item is written."""

    facts: ItemFacts

    def extend_rss(self, entry: Any) -> Any:
        """Date, byline, changed, the one enclosure, media; the origin in a merged feed."""
        facts = self.facts
        if facts.language:
            entry.set(LANG, facts.language)
        element(entry, "pubDate", rfc822(facts.published))
        element(entry, "dcterms:modified", rfc3339(facts.updated))
        for name in facts.names:
            element(entry, "dc:creator", name)
        for organisation in facts.organisations:
            element(entry, "dc:publisher", organisation)
        if facts.main:
            element(entry, "enclosure", url=facts.main.url, length=str(facts.main.length or 0), type=_type(facts.main))
        if facts.origin:
            element(entry, "source", facts.origin.title, url=facts.origin.rss)
        _write_media(entry, facts)
        return entry

    def extend_atom(self, entry: Any) -> Any:
        """Links with all their attributes, one enclosure for each medium, media; the origin in a merged feed."""
        facts = self.facts
        if facts.language:
            entry.set(LANG, facts.language)
        # feedgen demands an alternate link, and writes no more of it than its address.
        alternate = entry.find("link")
        alternate.set("rel", "alternate")
        alternate.set("type", "text/html")
        for medium in facts.files:
            element(entry, "link", rel="enclosure", type=_type(medium), length=_number(medium.length), href=medium.url)
        if facts.origin:
            # The copy of the portal's feed as it was when this entry last changed (RFC 4287, 4.2.11): so the entry
            # stays the same while others change.
            source = element(entry, "source")
            element(source, "id", facts.origin.id)
            element(source, "title", facts.origin.title)
            element(source, "updated", rfc3339(facts.updated))
        _write_media(entry, facts)
        return entry


def _write_media(entry: Any, facts: ItemFacts) -> None:
    for film in facts.films:
        if len(film) > 1:
            _write_group(entry, film)
        else:
            _write_described(element(entry, "media:content", **_attributes(film[0])), film)


def _write_group(entry: Any, film: Sequence[MediaObject]) -> None:
    """Forms of one film; what is said of it stands once, in the group. A group of one would be an error."""
    group = element(entry, "media:group")
    default = default_form(film)
    for form in film:
        element(group, "media:content", **_attributes(form), isDefault="true" if form is default else "false")
    _write_described(group, film)


def _write_described(parent: Any, film: Sequence[MediaObject]) -> None:
    """Title, caption, thumbnail, credit and player, each from the first form that has it."""
    caption = _first(medium.caption for medium in film)
    if title := _first(medium.title for medium in film):
        element(parent, "media:title", title, type="plain")
    if caption:
        element(parent, "media:description", caption, type="plain")
    if thumbnail := _first(medium.thumbnail for medium in film):
        element(parent, "media:thumbnail", url=thumbnail)
    if photographer := credit(caption):
        element(parent, "media:credit", photographer, role="photographer", scheme="urn:ebu")
    if player := _first(medium.player for medium in film):
        element(parent, "media:player", url=player)


def _attributes(medium: MediaObject) -> dict[str, str | None]:
    return {
        "url": medium.url,
        "fileSize": _number(medium.length),
        "type": _type(medium) if medium.url else None,
        "medium": medium.kind,
        "duration": _number(round(medium.duration) if medium.duration else None),
        "width": _number(medium.width),
        "height": _number(medium.height),
    }


def _first(texts: Any) -> str:
    return next((text for text in texts if text), "")


def _type(medium: MediaObject) -> str:
    return medium.mime or UNKNOWN_TYPE


def _number(number: int | None) -> str | None:
    return None if number is None else str(number)

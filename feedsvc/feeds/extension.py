"""The one place that puts links, enclosures, media, Dublin Core and the like into feedgen's trees.

feedgen 1.0.0 loses rel, type and length of entry links in Atom, keeps only the last enclosure, has no person without a
mail address in RSS (feeds.md 4). So it is never told of them. feedgen builds Atom without namespace, by a literal
xmlns attribute: Atom's own elements are therefore plain names there, and `atom:` ones in RSS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension

from feedsvc.feeds.dates import rfc822, rfc3339
from feedsvc.feeds.elements import LANG, declared, element, number
from feedsvc.feeds.links import feed_links
from feedsvc.feeds.media import told_type
from feedsvc.feeds.mediarss import write_media
from feedsvc.feeds.podcast import write_episode

if TYPE_CHECKING:
    from feedsvc.feeds.facts import FeedFacts, ItemFacts

_WITHDRAWN = {"vi": "Cổng thông tin đã gỡ bài này."}
_WITHDRAWN_ELSEWHERE = "The portal withdrew this article."


class FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen carries no types
    """What feedgen has no words for of the Atom document itself; the RSS channel is our own (envelope.py)."""

    facts: FeedFacts

    def extend_ns(self) -> dict[str, str]:
        """The prefixes that the document uses: of the rarer ones only those, as validators do not know them all."""
        facts = self.facts
        used = {"media": True, "georss": facts.places, "fh": facts.paging.archive, "at": bool(facts.deleted)}
        return declared(*(prefix for prefix, is_used in used.items() if is_used))

    def extend_atom(self, feed: Any) -> Any:
        """Links, the mark of an archive (RFC 5005, 4), and items that were withdrawn (RFC 6721)."""
        for link in feed_links(self.facts, "application/atom+xml"):
            element(feed, "link", **link)
        element(feed, "link", rel="alternate", type="text/html", href=self.facts.home)
        if self.facts.paging.archive:
            element(feed, "fh:archive")
        comment = _WITHDRAWN.get(self.facts.language.partition("-")[0], _WITHDRAWN_ELSEWHERE)
        for one in self.facts.deleted:
            entry = element(feed, "at:deleted-entry", ref=one.id, when=rfc3339(one.when))
            element(entry, "at:comment", comment)
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
        if main := facts.main:
            element(entry, "enclosure", url=main.url, length=str(main.length or 0), type=told_type(main))
        if facts.origin:
            element(entry, "source", facts.origin.title, url=facts.origin.rss)
        for address in facts.related:
            element(entry, "atom:link", rel="related", type="text/html", href=address)
        _write_place(entry, facts)
        write_episode(entry, facts)
        write_media(entry, facts)
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
            attributes = {"type": told_type(medium), "length": number(medium.length), "href": medium.url}
            element(entry, "link", rel="enclosure", **attributes)
        for address in facts.related:
            element(entry, "link", rel="related", type="text/html", href=address)
        if facts.origin:
            # The copy of the portal's feed as it was when this entry last changed (RFC 4287, 4.2.11): so the entry
            # stays the same while others change.
            source = element(entry, "source")
            element(source, "id", facts.origin.id)
            element(source, "title", facts.origin.title)
            element(source, "updated", rfc3339(facts.updated))
        _write_place(entry, facts)
        write_media(entry, facts)
        return entry


def _write_place(entry: Any, facts: ItemFacts) -> None:
    """Latitude and longitude (GeoRSS simple)."""
    if facts.point:
        element(entry, "georss:point", " ".join(map(_degrees, facts.point)))


def _degrees(angle: float) -> str:
    """An angle without exponent or superfluous zeros."""
    return f"{angle + 0.0:.6f}".rstrip("0").rstrip(".")

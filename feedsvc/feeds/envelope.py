"""feedgen's generator, with a channel of our own for RSS.

feedgen writes RSS dates through `setlocale`, which changes the whole process (two threads race, and one may leave it
in locale C), and always writes lastBuildDate; its `<link>` is the last link added, and only `self` becomes an
`atom:link` (feeds.md 4). None of this can be set from outside, so `_create_rss` is replaced; items and the Atom
envelope stay feedgen's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feedsvc.feeds.dates import rfc822
from feedsvc.feeds.elements import LANG, declared, element
from feedsvc.feeds.extension import EntryExtension, FeedExtension
from feedsvc.feeds.links import feed_links
from feedsvc.feeds.podcast import write_podcast

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.feeds.facts import FeedFacts, ItemFacts

_DAY = 24 * 60
_HOUR = 60


class Entry(FeedEntry):  # type: ignore[misc]  # feedgen carries no types
    """An item that is written once: tried first, the same element then goes into the document."""

    def __init__(self) -> None:
        super().__init__()
        self._written: Any = None

    def rss_entry(self, extensions: bool = True) -> Any:  # noqa: FBT001, FBT002 - feedgen's signature
        """The item of RSS."""
        if self._written is None:
            self._written = super().rss_entry(extensions)
        return self._written

    def atom_entry(self, extensions: bool = True) -> Any:  # noqa: FBT001, FBT002 - feedgen's signature
        """The entry of Atom."""
        if self._written is None:
            self._written = super().atom_entry(extensions)
        return self._written


class Envelope(FeedGenerator):  # type: ignore[misc]  # feedgen carries no types
    """A document under way, made of facts: filled by `entry(...)`, written once by `rss_str` or `atom_str`."""

    def __init__(self, facts: FeedFacts) -> None:
        super().__init__()
        self.facts = facts
        self.register_extension("feedsvc", FeedExtension, EntryExtension)
        self.feedsvc.facts = facts
        self.id(facts.id)
        self.title(facts.title)
        self.subtitle(facts.description)
        self.updated(facts.updated)
        self.author({"name": facts.author})
        self.generator("feedsvc")
        if facts.language:
            self.language(facts.language)
        if facts.image:
            self.logo(facts.image)

    def _create_rss(self, extensions: bool = True) -> tuple[Any, Any]:  # noqa: FBT001, FBT002 - feedgen's signature
        """The RSS 2.0 tree: our channel, then feedgen's items."""
        facts = self.facts
        rss = etree.Element("rss", nsmap=_namespaces(facts), version="2.0")
        channel = element(rss, "channel")
        element(channel, "title", facts.title)
        element(channel, "link", facts.home)
        element(channel, "description", facts.description)
        if facts.language:
            rss.set(LANG, facts.language)
            element(channel, "language", facts.language)
        element(channel, "lastBuildDate", rfc822(facts.updated))
        element(channel, "generator", "feedsvc")
        _write_rhythm(channel, facts.ttl)
        _write_image(channel, facts)
        for link in feed_links(facts, "application/rss+xml"):
            element(channel, "atom:link", **link)
        if facts.paging.archive:
            element(channel, "fh:archive")
        write_podcast(channel, facts)
        for entry in self.entry():
            channel.append(entry.rss_entry(extensions=extensions))
        return rss, etree.ElementTree(rss)


def entry_of(facts: ItemFacts) -> Entry:
    """The part of an item that feedgen writes well; the extension has the rest.

    No date of publication: for RSS feedgen would write it through `setlocale`. Atom adds its own.
    """
    entry = Entry()
    entry.register_extension("feedsvc", EntryExtension)
    entry.feedsvc.facts = facts
    entry.id(facts.id)
    entry.title(facts.title)
    entry.updated(facts.updated)
    entry.link(href=facts.link, rel="alternate")
    entry.category([{"term": tag.term, "label": tag.label, "scheme": tag.scheme} for tag in facts.tags])
    if facts.html:
        entry.content(facts.html, type="html")
    return entry


def filled(
    facts: FeedFacts, make: Callable[[ItemFacts], Entry], write: Callable[[Entry], Any]
) -> tuple[Envelope, tuple[str, ...]]:
    """The envelope with what `make` makes of each item, and the ids of items left out, because `write` fails on them.

    feedgen writes entries at the very end, where one item's fault would be the whole feed's: so each is tried first.
    """
    envelope = Envelope(facts)
    left_out = list(facts.left_out)
    entries = []
    for item in facts.items:
        try:
            entry = make(item)
            write(entry)
        except (ValueError, TypeError):
            left_out.append(item.id)
        else:
            entries.append(entry)
    envelope.entry(entries)
    return envelope, tuple(left_out)


def _namespaces(facts: FeedFacts) -> dict[str, str]:
    """Those that every document declares, and the rarer ones where they are used."""
    used = {"georss": facts.places, "fh": facts.paging.archive, "itunes": facts.podcast, "podcast": facts.podcast}
    rare = (prefix for prefix, is_used in used.items() if is_used)
    return declared("atom", "content", "dc", "dcterms", "media", "sy", *rare)


def _write_rhythm(channel: Any, minutes: int) -> None:
    """A time to live, and the same as period and number of updates in it (RSS 1.0 syndication module)."""
    hourly = minutes <= _HOUR
    element(channel, "ttl", str(minutes))
    element(channel, "sy:updatePeriod", "hourly" if hourly else "daily")
    element(channel, "sy:updateFrequency", str(_HOUR // minutes if hourly else max(1, _DAY // minutes)))


def _write_image(channel: Any, facts: FeedFacts) -> None:
    """The channel's picture; validators want its title and link to be those of the channel."""
    if facts.image:
        image = element(channel, "image")
        element(image, "url", facts.image)
        element(image, "title", facts.title)
        element(image, "link", facts.home)

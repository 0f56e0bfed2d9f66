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
from feedsvc.feeds.extension import LANG, NAMESPACES, EntryExtension, FeedExtension, element

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.feeds.facts import FeedFacts, ItemFacts

_DAY = 24 * 60
_HOUR = 60


class Envelope(FeedGenerator):  # type: ignore[misc]  # feedgen carries no types
    """A document under way, made of facts: filled by `add_entry(order="append")`, written by `rss_str`, `atom_str`."""

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

    def _create_rss(self, extensions: bool = True) -> tuple[Any, Any]:  # noqa: FBT001, FBT002 - feedgen's signature
        """The RSS 2.0 tree: our channel, then feedgen's items."""
        facts = self.facts
        rss = etree.Element("rss", nsmap=NAMESPACES, version="2.0")
        channel = element(rss, "channel")
        element(channel, "title", facts.title)
        element(channel, "link", facts.home)
        element(channel, "description", facts.description)
        if facts.language:
            rss.set(LANG, facts.language)
            element(channel, "language", facts.language)
        element(channel, "lastBuildDate", rfc822(facts.updated))
        element(channel, "generator", "feedsvc")
        element(channel, "ttl", str(facts.ttl))
        period, frequency = _rhythm(facts.ttl)
        element(channel, "sy:updatePeriod", period)
        element(channel, "sy:updateFrequency", str(frequency))
        element(channel, "atom:link", rel="self", type="application/rss+xml", href=facts.self_url)
        for entry in self.entry():
            channel.append(entry.rss_entry(extensions=extensions))
        return rss, etree.ElementTree(rss)


def entry_of(facts: ItemFacts) -> FeedEntry:
    """The part of an item that feedgen writes well; the extension has the rest.

    No date of publication: for RSS feedgen would write it through `setlocale`. Atom adds its own.
    """
    entry = FeedEntry()
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
    facts: FeedFacts, make: Callable[[ItemFacts], FeedEntry], write: Callable[[FeedEntry], Any]
) -> tuple[Envelope, tuple[str, ...]]:
    """The envelope with what `make` makes of each item, and the ids of items left out, because `write` fails on them.

    feedgen writes entries at the very end, where one item's fault would be the whole feed's: so each is tried first.
    """
    envelope = Envelope(facts)
    left_out = list(facts.left_out)
    for item in facts.items:
        try:
            entry = make(item)
            write(entry)
        except (ValueError, TypeError):
            left_out.append(item.id)
        else:
            envelope.add_entry(entry, order="append")
    return envelope, tuple(left_out)


def _rhythm(minutes: int) -> tuple[str, int]:
    """A time to live as period and number of updates in it (RSS 1.0 syndication module)."""
    if minutes <= _HOUR:
        return "hourly", _HOUR // minutes
    return "daily", max(1, _DAY // minutes)

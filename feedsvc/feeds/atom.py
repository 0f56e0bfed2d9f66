"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.feeds.envelope import Entry, entry_of, filled
from feedsvc.feeds.gathering import feed_facts
from feedsvc.feeds.size import fitted
from feedsvc.model import Rendered

if TYPE_CHECKING:
    from feedsvc.feeds.facts import FeedFacts, ItemFacts
    from feedsvc.model import Feed

MEDIA_TYPE = "application/atom+xml; charset=utf-8"


def render_atom(feed: Feed) -> Rendered:
    """The Atom document of `feed`; ids of items that cannot be written are in `left_out`.

    Raises ValueError when the feed itself lacks its id or the zone of its date.
    """
    return fitted(feed_facts(feed), _write)


def _write(facts: FeedFacts) -> Rendered:
    envelope, left_out = filled(facts, atom_entry, Entry.atom_entry)
    body = envelope.atom_str(pretty=True, encoding="utf-8")
    return Rendered(body=body, media_type=MEDIA_TYPE, left_out=left_out)


def atom_entry(facts: ItemFacts) -> Entry:
    """Atom tells summary and content apart, so an item without a lead has no summary here.

    An entry without a name takes the author of its origin, failing that the feed's (RFC 4287, 4.2.1).
    """
    entry = entry_of(facts)
    entry.published(facts.published)
    names = facts.names or ((facts.origin.title,) if facts.origin else ())
    entry.author([{"name": name} for name in names])
    entry.contributor([{"name": name} for name in facts.organisations if name not in names])
    if facts.lead or not facts.html:
        entry.summary(facts.description)
    return entry

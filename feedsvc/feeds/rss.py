"""RSS 2.0 (https://www.rssboard.org/rss-specification), the format that most readers read best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.feeds.envelope import Entry, entry_of, filled
from feedsvc.feeds.gathering import feed_facts
from feedsvc.feeds.size import fitted
from feedsvc.feeds.text import as_html
from feedsvc.model import Rendered

if TYPE_CHECKING:
    from feedsvc.feeds.facts import FeedFacts, ItemFacts
    from feedsvc.model import Feed

MEDIA_TYPE = "application/rss+xml; charset=utf-8"


def render_rss(feed: Feed) -> Rendered:
    """The RSS 2.0 document of `feed`; ids of items that cannot be written are in `left_out`.

    Raises ValueError when the feed itself lacks its id or the zone of its date.
    """
    return fitted(feed_facts(feed), _write)


def _write(facts: FeedFacts) -> Rendered:
    envelope, left_out = filled(facts, rss_entry, Entry.rss_entry)
    body = envelope.rss_str(pretty=True, encoding="utf-8")
    return Rendered(body=body, media_type=MEDIA_TYPE, left_out=left_out)


def rss_entry(facts: ItemFacts) -> Entry:
    """An item as feedgen holds it before it is written."""
    entry = entry_of(facts)
    # With a description feedgen writes the body as content:encoded, without one as the description.
    entry.description(as_html(facts.description))
    return entry

"""A feed's facts found: the three formats write the same in their own words (the table of feeds.md 1)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc.feeds.address import picture_address, service_root, web_address
from feedsvc.feeds.dates import local
from feedsvc.feeds.facts import FeedFacts, Tombstone
from feedsvc.feeds.items import item_facts, required
from feedsvc.feeds.text import language_tag, plain
from feedsvc.model import Paging

if TYPE_CHECKING:
    from feedsvc.feeds.facts import ItemFacts
    from feedsvc.model import Feed

_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
"""A valid e-mail address as HTML has it, with a point in the name of the host."""


def feed_facts(feed: Feed) -> FeedFacts:
    """The facts of `feed`. Raises ValueError when the feed itself (not an item) has no id, or a date of it no zone.

    An item without an id, with one that came before, or with a date without zone is left out.
    """
    items, left_out = _told(feed)
    podcast = _is_podcast(feed, items)
    title = plain(feed.title) or feed.slug
    return FeedFacts(
        id=required(feed.id),
        title=title,
        home=web_address(feed.home) or web_address(feed.page_url),
        self_url=web_address(feed.self_url),
        root=service_root(feed.page_url, feed.slug) or feed.page_url,
        description=plain(feed.description) or title,
        language=language_tag(feed.language),
        author=(plain(feed.sources[0].title) if len(feed.sources) == 1 else "") or title,
        updated=local(feed.updated, feed.timezone),
        ttl=max(1, int(feed.ttl.total_seconds() // 60)),
        items=tuple(replace(item, podcast=True) for item in items) if podcast else items,
        left_out=left_out,
        deleted=_tombstones(feed, {item.id for item in items}),
        paging=_paging(feed.paging),
        hub=web_address(feed.hub),
        image=picture_address(feed.image),
        podcast=podcast,
        contact=_mailbox(feed),
    )


def _mailbox(feed: Feed) -> str:
    """Who runs the service; where nobody is named the mailbox that every host with a web service has (RFC 2142, 5)."""
    return feed.contact if _MAILBOX.fullmatch(feed.contact) else f"webmaster@{urlsplit(feed.self_url).hostname}"


def _told(feed: Feed) -> tuple[tuple[ItemFacts, ...], tuple[str, ...]]:
    """The items that can be told, and the ids of the others."""
    told: dict[str, ItemFacts] = {}
    left_out: list[str] = []
    # In the feed of one source the feed itself is the origin.
    merged = len({source.slug for source in feed.sources} | {item.source for item in feed.items}) != 1
    for item in feed.items:
        try:
            facts = item_facts(item, feed, merged=merged)
            if facts.id in told:
                raise ValueError(f"two items have the id {facts.id}")  # noqa: TRY301 - the same end as any other fault
            told[facts.id] = facts
        except (ValueError, TypeError, OverflowError):
            left_out.append(item.id)
    return tuple(told.values()), tuple(left_out)


def _is_podcast(feed: Feed, items: tuple[ItemFacts, ...]) -> bool:
    """Whether podcast programs are served: all categories show films, or every item's main medium is a sound."""
    if feed.categories and all(category.kind == "video" for category in feed.categories):
        return True
    return bool(items) and all(item.main is not None and item.main.kind == "audio" for item in items)


def _tombstones(feed: Feed, told: set[str]) -> tuple[Tombstone, ...]:
    """The withdrawn items, each once; one that stands in the document all the same is not withdrawn from it."""
    found = {
        required(one.id): Tombstone(id=required(one.id), when=local(one.when, feed.timezone)) for one in feed.deleted
    }
    return tuple(one for one in found.values() if one.id not in told)


def _paging(paging: Paging) -> Paging:
    return Paging(
        next=web_address(paging.next),
        previous=web_address(paging.previous),
        prev_archive=web_address(paging.prev_archive),
        next_archive=web_address(paging.next_archive),
        current=web_address(paging.current),
        archive=paging.archive,
    )

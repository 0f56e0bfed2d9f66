"""Links of a feed document: itself, its hub, and the documents before and after it (RFC 4287, RFC 5005, WebSub 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.feeds.facts import FeedFacts


def feed_links(facts: FeedFacts, mime: str) -> Iterator[dict[str, str]]:
    """The attributes of each link, `mime` being the type of the document and of those around it.

    The portal's own list is not among them: RSS has an element for it.
    """
    paging = facts.paging
    yield {"rel": "self", "type": mime, "href": facts.self_url}
    if facts.hub:
        yield {"rel": "hub", "href": facts.hub}
    around = {
        "current": paging.current,
        "next": paging.next,
        "previous": paging.previous,
        "prev-archive": paging.prev_archive,
        "next-archive": paging.next_archive,
    }
    for rel, address in around.items():
        if address:
            yield {"rel": rel, "type": mime, "href": address}


def older(facts: FeedFacts) -> str:
    """Where the items before those of this document are: the next page, of an archive the one before; "" at the end."""
    return facts.paging.next or (facts.paging.prev_archive if facts.paging.archive else "")

"""A document stays under 512 KiB: bodies of the oldest items go first, then the oldest items (feeds.md 7, row 15)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.feeds.facts import FeedFacts, ItemFacts
    from feedsvc.model import Rendered

MOST_BYTES = 512 * 1024 - 1


def fitted(facts: FeedFacts, write: Callable[[FeedFacts], Rendered]) -> Rendered:
    """What `write` makes of `facts`, made lighter until it fits; items that had to go are in `left_out`."""
    while True:
        rendered = write(facts)
        excess = len(rendered.body) - MOST_BYTES
        if excess <= 0 or not facts.items:
            return rendered
        facts = _lighter(facts, excess, len(rendered.body))


def _lighter(facts: FeedFacts, excess: int, size: int) -> FeedFacts:
    if any(item.html for item in facts.items):
        return replace(facts, items=_with_fewer_bodies(facts.items, excess))
    most = size // len(facts.items)
    kept = len(facts.items) - max(1, excess // (most + 1))
    gone = tuple(item.id for item in facts.items[kept:])
    return replace(facts, items=facts.items[:kept], left_out=(*facts.left_out, *gone))


def _with_fewer_bodies(items: tuple[ItemFacts, ...], excess: int) -> tuple[ItemFacts, ...]:
    """The items, newest first, the oldest without their bodies until `excess` bytes are saved, or all are gone."""
    lighter: list[ItemFacts] = []
    saved = 0
    for item in reversed(items):
        keep = saved >= excess
        saved += 0 if keep else len(item.html.encode())
        lighter.append(item if keep else replace(item, html=""))
    return tuple(reversed(lighter))

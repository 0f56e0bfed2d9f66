"""Where else a story is told: pages of other portals, for a feed that holds each story once (relays.md 2)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.store.choosing import within
from feedsvc.store.chunks import chunks
from feedsvc.store.tables import item_categories, items

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from feedsvc.model import Item, Query

WEB = ("https://", "http://")


def related(db: sa.Connection, query: Query, found: Sequence[Item], until: int | None) -> list[Item]:
    """Name in each item the pages where other portals of the query tell the same, in the order in which they came.

    Those that came after the arrival `until` are left out.
    """
    stories = _stories(db, [item.number for item in found if item.number is not None])
    told = _tellings(db, query, sorted(set(stories.values())), until)
    return [
        replace(item, related=_elsewhere(item, told[stories[item.number]])) if item.number in stories else item
        for item in found
    ]


def _elsewhere(item: Item, told: Sequence[sa.Row[Any]]) -> tuple[str, ...]:
    pages = [row.url for row in told if row.source != item.source and row.url.startswith(WEB)]
    return tuple(dict.fromkeys(pages))


def _stories(db: sa.Connection, numbers: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in chunks(numbers):
        asked = sa.select(items.c.number, items.c.story).where(items.c.number.in_(some), items.c.story != "")
        found.update({row.number: row.story for row in db.execute(asked)})
    return found


def _tellings(
    db: sa.Connection, query: Query, stories: Sequence[str], until: int | None
) -> dict[str, list[sa.Row[Any]]]:
    told: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    first = sa.func.min(item_categories.c.arrival)
    for some in chunks(stories):
        asked: sa.Select[Any] = (
            sa.select(items.c.story, items.c.source, items.c.url)
            .join(item_categories, item_categories.c.item == items.c.number)
            .where(items.c.story.in_(some), items.c.withdrawn.is_(None), within(query.categories))
            .group_by(items.c.number)
            .order_by(first)
        )
        for row in db.execute(asked if until is None else asked.where(item_categories.c.arrival <= until)):
            told[row.story].append(row)
    return told

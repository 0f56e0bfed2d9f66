"""Parts of a channel as documents hold them: the newest with what no archive has yet, and full blocks (RFC 5005, 4).

A channel's items have places, from 1, in the order in which they first came to one of its categories. Fifty of them in
a row are a block. Nothing ever takes a place from an item, so a full block holds the same items for ever; of a channel
with words it shows those that have them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.model import WINDOW, Deletion, Stretch
from feedsvc.store import items as reading
from feedsvc.store.choosing import chosen, firsts, fits, is_whole, within
from feedsvc.store.tables import item_categories, items

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from feedsvc.model import Item, Query

KEPT = timedelta(days=30)
"""How long the newest document tells of a withdrawal (feeds.md 5)."""

MOST_DELETED = 100


def stretch(db: sa.Connection, query: Query, limit: int, offset: int, *, archived: bool) -> Stretch:
    """Give the newest items of a query; see `Store.stretch`."""
    numbers = reading.numbers(db, query, limit + 1, offset)
    wanted, archive = numbers[:limit], None
    if archived:
        places = _places(db, query)
        wanted = list(dict.fromkeys([*wanted, *_behind_blocks(db, query, places % WINDOW)]))
        archive = _newest_block(db, query, places // WINDOW, places)
    found = _in_order(reading.of_numbers(db, query, wanted))
    return Stretch(
        items=found,
        deleted=() if offset else _deleted(db, query, found),
        older=len(numbers) > limit,
        archive=archive,
    )


def archive(db: sa.Connection, query: Query, before: int) -> Stretch | None:
    """Give a full block of a query; see `Store.archive`."""
    end = before - 1
    if end < WINDOW or end % WINDOW:
        return None
    in_places = firsts(query).order_by(item_categories.c.arrival)
    block = db.execute(in_places.offset(end - WINDOW).limit(WINDOW)).all()
    if len(block) < WINDOW:
        return None
    asked = sa.select(items.c.number, items.c.id, items.c.withdrawn).where(
        items.c.number.in_([row.item for row in block]), *fits(query)
    )
    rows = db.execute(asked).all()
    there = [row.number for row in rows if row.withdrawn is None]
    gone = sorted((row.withdrawn, row.id) for row in rows if row.withdrawn is not None)
    return Stretch(
        items=_in_order(reading.of_numbers(db, query, there, until=block[-1].arrival)),
        deleted=tuple(Deletion(id=id, when=when) for when, id in reversed(gone)),  # noqa: A001 - the word of the field
        archive=_newest_block(db, query, end // WINDOW - 1),
    )


def archives(db: sa.Connection, query: Query) -> int:
    """Count the full blocks of a query."""
    return _places(db, query) // WINDOW


def _places(db: sa.Connection, query: Query) -> int:
    return db.execute(sa.select(sa.func.count()).select_from(firsts(query).subquery())).scalar_one()


def _behind_blocks(db: sa.Connection, query: Query, count: int) -> list[int]:
    """Find the query's items among the `count` that came last, and are in no full block yet."""
    if not count:
        return []
    last = firsts(query).order_by(item_categories.c.arrival.desc()).limit(count)
    numbers = [row.item for row in db.execute(last)]
    of_these = chosen(query, query.categories).where(item_categories.c.item.in_(numbers)).distinct()
    return [row.item for row in db.execute(of_these)]


def _newest_block(db: sa.Connection, query: Query, blocks: int, places: int | None = None) -> int | None:
    """Find the newest of the first `blocks` blocks that holds an item of the query, and name it as `before` does.

    Mostly it is the last one, which is found from the end, as there are `places` in all (None: still to be counted).
    """
    if not blocks:
        return None
    end = blocks * WINDOW
    if is_whole(query):
        return end + 1
    behind = (_places(db, query) if places is None else places) - end
    block = db.execute(firsts(query).order_by(item_categories.c.arrival.desc()).offset(behind).limit(WINDOW)).all()
    held = sa.select(items.c.number).where(items.c.number.in_([row.item for row in block]), *fits(query))
    if db.execute(held.limit(1)).first() is not None:
        return end + 1
    return _filled_block(db, query, block[0].arrival)


def _filled_block(db: sa.Connection, query: Query, bound: int) -> int | None:
    """Name the block of the last item of the query with an arrival up to `bound`."""
    filled = firsts(query).join(items, items.c.number == item_categories.c.item).where(*fits(query))
    last = db.execute(
        filled.where(item_categories.c.arrival <= bound).order_by(item_categories.c.arrival.desc()).limit(1)
    ).one_or_none()
    if last is None:
        return None
    until = firsts(query).where(item_categories.c.arrival <= last.arrival).subquery()
    place = db.execute(sa.select(sa.func.count()).select_from(until)).scalar_one()
    return -(-place // WINDOW) * WINDOW + 1


def _deleted(db: sa.Connection, query: Query, found: Sequence[Item]) -> tuple[Deletion, ...]:
    """Tell what was withdrawn, the latest first, back from the newest change: time alone changes no document."""
    asked: sa.Select[Any] = (
        sa.select(items.c.id, items.c.withdrawn)
        .where(
            items.c.withdrawn.is_not(None),
            sa.exists().where(item_categories.c.item == items.c.number, within(query.categories), *_since(query)),
            *fits(query),
        )
        .order_by(items.c.withdrawn.desc(), items.c.id)
        .limit(MOST_DELETED)
    )
    gone = db.execute(asked).all()
    newest = max((*(item.updated for item in found), *(row.withdrawn for row in gone)), default=None)
    return tuple(
        Deletion(id=row.id, when=row.withdrawn) for row in gone if newest is not None and row.withdrawn >= newest - KEPT
    )


def _since(query: Query) -> list[sa.ColumnElement[bool]]:
    return [] if query.since is None else [item_categories.c.shown >= query.since]


def _in_order(found: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(sorted(found, key=_newness, reverse=True))


def _newness(item: Item) -> tuple[datetime, int]:
    return item.shown, item.number or 0

"""Items read back: by key, by category, by word, by number."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedsvc.model import Item, Known, Query, Revision
from feedsvc.store import rows
from feedsvc.store.choosing import chosen, fits, is_whole, without_words
from feedsvc.store.chunks import chunks
from feedsvc.store.related import related
from feedsvc.store.tables import categories, item_categories, item_keys, items

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

FAR = 1000
"""Items before those that are asked for."""

CANDIDATES = 10
"""How many times the wanted number of items are looked at before each category is asked with all of the query."""

TOGETHER = 10
"""Categories that one statement asks: each brings its own values along, and those of a statement are bounded."""


def known(db: sa.Connection, source: str, keys: Collection[str]) -> dict[str, Known]:
    """Find what is remembered under each key; see `Store.known`."""
    owners: dict[str, set[int]] = defaultdict(set)
    for some in chunks(sorted(set(keys))):
        found = sa.select(item_keys.c.key, item_keys.c.item).where(
            item_keys.c.source == source, item_keys.c.key.in_(some)
        )
        for row in db.execute(found):
            owners[row.key].add(row.item)
    single = {key: next(iter(found)) for key, found in owners.items() if len(found) == 1}
    remembered = {one.item.number: one for one in _known(db, _rows(db, sorted(set(single.values()))))}
    return {key: remembered[number] for key, number in single.items()}


def looks(db: sa.Connection, source: str, category: str, *, due: datetime, limit: int) -> list[Known]:
    """Items of a category whose next look is due; see `Store.looks`."""
    chosen = (
        sa.select(items)
        .join(item_categories, item_categories.c.item == items.c.number)
        .where(item_categories.c.source == source, item_categories.c.category == category, items.c.next_look <= due)
        .order_by(items.c.next_look, items.c.number.desc())
        .limit(limit)
    )
    return _known(db, db.execute(chosen).all())


def neighbours(db: sa.Connection, category: str, *, of: Item, until: datetime, limit: int) -> list[Known]:
    """Items of a category that came to be known beside one; see `Store.neighbours`."""
    number, own = item_categories.c.item, of.number or 0
    there = sa.select(number).where(item_categories.c.source == of.source, item_categories.c.category == category)
    below = db.execute(there.where(number < own).order_by(number.desc()).limit(limit)).scalars()
    above = db.execute(there.where(number > own).order_by(number).limit(limit)).scalars()
    found = _rows(db, [*below, *above])
    beside = [row for row in found if row.missing is None and (row.moved or row.first_seen) <= until]
    return _known(db, sorted(beside, key=lambda row: (abs(row.number - own), row.number))[:limit])


def newest(db: sa.Connection, query: Query, limit: int, offset: int) -> list[Item]:
    """Items of a query, the newest first; see `Store.items`."""
    wanted = numbers(db, query, limit, offset)
    found = {item.number: item for item in of_numbers(db, query, wanted)}
    return [found[number] for number in wanted]


def numbers(db: sa.Connection, query: Query, limit: int, offset: int = 0) -> list[int]:
    """Find the numbers of a query's items, in the order of `Store.items`.

    Each category is asked for its own newest, which its index gives in order, however many items there are; of these
    the newest of all are taken. Far behind, sorting all in the database is less work.
    """
    if len(query.categories) == 1 or offset > FAR:
        every = chosen(query, query.categories)
        if len(query.categories) > 1:  # of one category each item is there but once: its index gives the newest at once
            every = every.distinct()
        everything = every.subquery()
        order = (everything.c.shown.desc(), everything.c.item.desc())
        asked = sa.select(everything.c.item).order_by(*order).limit(limit).offset(offset)
        return list(db.execute(asked).scalars())
    most = limit + offset
    found = [] if is_whole(query) else _among(db, query, _merged(db, without_words(query), CANDIDATES * most))
    if len(found) < most:
        found = _merged(db, query, most)
    return found[offset:most]


def _merged(db: sa.Connection, query: Query, most: int) -> list[int]:
    found: dict[int, datetime] = {}
    for some in chunks(query.categories, TOGETHER):
        branches = [_newest_of(query, category, most) for category in some]
        found.update({row.item: row.shown for row in db.execute(sa.union_all(*branches))})
    return sorted(found, key=lambda number: (found[number], number), reverse=True)[:most]


def _among(db: sa.Connection, query: Query, wanted: Sequence[int]) -> list[int]:
    """Those of the items, in their order, whose words are right: most often there are enough among the newest."""
    right: set[int] = set()
    for some in chunks(wanted):
        right.update(db.execute(sa.select(items.c.number).where(items.c.number.in_(some), *fits(query))).scalars())
    return [number for number in wanted if number in right]


def of_numbers(db: sa.Connection, query: Query, wanted: Sequence[int], *, until: int | None = None) -> list[Item]:
    """Read items by number, in no order, with the pages of other portals where the query tells each story once.

    Of what came to be known of an item's categories and of other portals, only that with an arrival not past `until`.
    """
    found = _whole(db, _rows(db, wanted), until)
    return related(db, query, found, until) if query.once else found


def count(db: sa.Connection, query: Query) -> int:
    """Count the items of a query."""
    found = chosen(query, query.categories).distinct().subquery()
    return db.execute(sa.select(sa.func.count()).select_from(found)).scalar_one()


def by_number(db: sa.Connection, number: int) -> Item | None:
    """Give the item with a number."""
    return next(iter(_whole(db, _rows(db, [number]))), None)


def stored(db: sa.Connection, ids: Collection[str]) -> set[str]:
    """Find those of the ids under which an item is stored."""
    return {
        row.id for some in chunks(sorted(ids)) for row in db.execute(sa.select(items.c.id).where(items.c.id.in_(some)))
    }


def updates(db: sa.Connection, source: str, since: datetime) -> set[datetime]:
    """Give the latest moments at which items of a source changed; see `Store.updates`.

    What was trimmed is older than anybody asks for, and stands in no index.
    """
    asked = sa.select(items.c.updated).where(
        items.c.source == source, items.c.updated >= since, items.c.trimmed.is_(None)
    )
    return {row.updated for row in db.execute(asked)}


def revision(db: sa.Connection, query: Query) -> Revision:
    """Sum the counters of the query's categories: each one only rises, so the sum rises with every change."""
    total, changed = 0, None
    for some in chunks(query.categories):
        asked = sa.select(sa.func.sum(categories.c.revision), sa.func.max(categories.c.changed_at)).where(
            sa.tuple_(categories.c.source, categories.c.slug).in_(some)
        )
        number, moment = db.execute(asked).one()
        total += number or 0
        changed = max((one for one in (changed, moment) if one is not None), default=None)
    return Revision(number=total, changed=changed)


def _newest_of(query: Query, category: tuple[str, str], most: int) -> sa.Select[int, datetime]:
    order = (item_categories.c.shown.desc(), item_categories.c.item.desc())
    newest_first = chosen(query, [category]).order_by(*order).limit(most).subquery()
    return sa.select(newest_first.c.item, newest_first.c.shown)


def _rows(db: sa.Connection, numbers: Sequence[int]) -> list[sa.Row[Any]]:
    return [row for some in chunks(numbers) for row in db.execute(sa.select(items).where(items.c.number.in_(some)))]


def _known(db: sa.Connection, found: Sequence[sa.Row[Any]]) -> list[Known]:
    return [rows.known_from(row, item) for row, item in zip(found, _whole(db, found), strict=True)]


def _whole(db: sa.Connection, found: Sequence[sa.Row[Any]], until: int | None = None) -> list[Item]:
    """Make items of rows, in their order, with the keys and categories that stand in tables of their own."""
    all_of_them = [row.number for row in found]
    keys = _belongings(db, all_of_them, sa.select(item_keys.c.item, item_keys.c.key, item_keys.c.position))
    named = sa.select(item_categories.c.item, item_categories.c.category, item_categories.c.position)
    slugs = _belongings(db, all_of_them, named if until is None else named.where(item_categories.c.arrival <= until))
    return [rows.item_from(row, keys[row.number], slugs[row.number]) for row in found]


def _belongings(db: sa.Connection, wanted: Sequence[int], named: sa.Select[int, str, int]) -> dict[int, list[str]]:
    """Gather what `named` selects (item, value, position) of each of the items, in the order of its position."""
    values: dict[int, list[str]] = defaultdict(list)
    item, value, position = named.selected_columns
    for some in chunks(wanted):
        for row in db.execute(named.where(item.in_(some)).order_by(item, position, value)):
            values[row[0]].append(row[1])
    return values

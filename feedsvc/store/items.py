"""Items read back: by key, by category, by word, by number."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedsvc.model import Item, Known, Query, Revision
from feedsvc.store import rows
from feedsvc.store.chunks import chunks
from feedsvc.store.search import folded
from feedsvc.store.tables import categories, item_categories, item_keys, items

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime


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


def newest(db: sa.Connection, query: Query, limit: int, offset: int) -> list[Item]:
    """Items of a query, the newest first; see `Store.items`."""
    chosen = _chosen(query)
    if len(query.categories) > 1:  # one alone comes straight from the index, however many items it has
        chosen = chosen.distinct()
    order = (item_categories.c.shown.desc(), item_categories.c.item.desc())
    numbers = [row.item for row in db.execute(chosen.order_by(*order).limit(limit).offset(offset))]
    found = {item.number: item for item in _whole(db, _rows(db, numbers))}
    return [found[number] for number in numbers]


def count(db: sa.Connection, query: Query) -> int:
    """Count the items of a query."""
    return db.execute(sa.select(sa.func.count()).select_from(_chosen(query).distinct().subquery())).scalar_one()


def by_number(db: sa.Connection, number: int) -> Item | None:
    """Give the item with a number."""
    return next(iter(_whole(db, _rows(db, [number]))), None)


def updates(db: sa.Connection, source: str, since: datetime) -> set[datetime]:
    """Give the latest moments at which items of a source changed; see `Store.updates`."""
    asked = sa.select(items.c.updated).where(items.c.source == source, items.c.updated >= since)
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


def _chosen(query: Query) -> sa.Select[int, datetime]:
    """Select number and date of the query's items, once for each category that they are in."""
    name = (item_categories.c.source, item_categories.c.category)
    if len(query.categories) == 1:  # equality: then the index gives the order too
        within = sa.and_(*(column == value for column, value in zip(name, query.categories[0], strict=True)))
    else:
        within = sa.tuple_(*name).in_(query.categories)
    chosen = sa.select(item_categories.c.item, item_categories.c.shown).where(within)
    words = _words(query)
    if not words:
        return chosen
    said = sa.or_(*(items.c.search.contains(word, autoescape=True) for word in words))
    return chosen.join(items, items.c.number == item_categories.c.item).where(said)


def _words(query: Query) -> list[str]:
    return [word for word in map(folded, query.words) if word]


def _rows(db: sa.Connection, numbers: Sequence[int]) -> list[sa.Row[Any]]:
    return [row for some in chunks(numbers) for row in db.execute(sa.select(items).where(items.c.number.in_(some)))]


def _known(db: sa.Connection, found: Sequence[sa.Row[Any]]) -> list[Known]:
    return [rows.known_from(row, item) for row, item in zip(found, _whole(db, found), strict=True)]


def _whole(db: sa.Connection, found: Sequence[sa.Row[Any]]) -> list[Item]:
    """Make items of rows, in their order, with the keys and categories that stand in tables of their own."""
    numbers = [row.number for row in found]
    keys = _belongings(db, numbers, item_keys.c.item, item_keys.c.key, item_keys.c.position)
    slugs = _belongings(db, numbers, item_categories.c.item, item_categories.c.category, item_categories.c.position)
    return [rows.item_from(row, keys[row.number], slugs[row.number]) for row in found]


def _belongings(
    db: sa.Connection,
    numbers: Sequence[int],
    item: sa.Column[Any],
    value: sa.Column[Any],
    position: sa.Column[Any],
) -> dict[int, list[str]]:
    values: dict[int, list[str]] = defaultdict(list)
    for some in chunks(numbers):
        for number, one in db.execute(sa.select(item, value).where(item.in_(some)).order_by(item, position, value)):
            values[number].append(one)
    return values

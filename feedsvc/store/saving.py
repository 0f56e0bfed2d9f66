"""One poll stored: items, keys, categories, state and deliveries, in the caller's transaction.

Saves of one source follow each other: each first locks the rows of the source's categories, in one order, so that two
of them never wait for each other in a ring, and no other save stores the same keys meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedsvc.errors import Conflict
from feedsvc.model import Seen
from feedsvc.store import alarms, arriving, past, resting, rows
from feedsvc.store.chunks import chunks
from feedsvc.store.claims import NO_LEASE, check_lease
from feedsvc.store.copies import note_pictures
from feedsvc.store.dialects import insert
from feedsvc.store.finding import save_profile
from feedsvc.store.tables import categories, deliveries, item_categories, item_keys, items, revisions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from feedsvc.model import Delivery, PollResult


def save(db: sa.Connection, result: PollResult) -> None:
    """Store a poll; see `Store.save`."""
    check_lease(db, result.source, result.category, result.token)
    keep(db, result)
    arriving.number_arrivals(db)


def keep(db: sa.Connection, result: PollResult) -> None:
    """Store what a poll brought, its lease checked; whatever comes is still to be numbered (arriving)."""
    _free_moved_keys(db, result)
    touched = _insert_new(db, result)
    touched |= _change(db, result)
    # A changed item and one met again gain keys and categories alike; what was looked at is told by `seen` alone.
    met = [Seen(id=item.id, keys=item.keys, categories=item.categories) for item in result.changed]
    touched |= _add_belongings(db, result.source, [*met, *result.seen])
    touched |= _note_looks(db, result.seen, result.finished)
    _put_out(db, result.deliveries)
    if result.profile is not None:
        save_profile(db, result.source, result.profile)
    if result.history is not None:
        past.keep(db, result.source, result.category, result.history)
    alarms.keep(db, result.alarms)
    if result.suspect is not None:
        alarms.keep_suspect(db, result.suspect)
    _finish(db, result, touched)
    resting.rest(db, result)


def _free_moved_keys(db: sa.Connection, result: PollResult) -> None:
    """Take keys from the items that had them, as the address now carries another article (I16)."""
    for some in chunks(result.moved_keys):
        db.execute(sa.delete(item_keys).where(item_keys.c.source == result.source, item_keys.c.key.in_(some)))


def _insert_new(db: sa.Connection, result: PollResult) -> set[str]:
    """Insert the oldest first, so that numbers rise with newness; any key or id that is taken is a Conflict."""
    keys: list[rows.Values] = []
    slugs: list[rows.Values] = []
    numbered = {}
    for item in reversed(result.new):
        values = rows.item_values(item, looked=result.finished)
        number = db.execute(sa.insert(items).values(values).returning(items.c.number)).scalar_one()
        keys += _key_rows(number, item.source, item.keys, 0)
        slugs += _category_rows(number, item.source, item.shown, item.categories, 0)
        numbered[number] = item
    note_pictures(db, numbered)
    _insert_all(db, sa.insert(item_keys), keys)
    _insert_all(db, sa.insert(item_categories), slugs)
    return {row["category"] for row in slugs}


def _change(db: sa.Connection, result: PollResult) -> set[str]:
    """Keep the version that was, then write the new one; first sight and shown date stay whatever the item says."""
    numbers = {}
    for item in result.changed:
        old = db.execute(sa.select(items.c.number, items.c.revision).where(items.c.id == item.id)).one_or_none()
        if old is None or old.revision != item.revision - 1:
            raise Conflict(f"{item.id} is not at revision {item.revision - 1}; nothing was stored, decide anew")
        kept = [column.name for column in revisions.c if column.name != "item"]
        version = sa.select(items.c.number, *(items.c[name] for name in kept)).where(items.c.number == old.number)
        db.execute(sa.insert(revisions).from_select(["item", *kept], version))
        values = {**rows.content_values(item), "looked": result.finished}
        db.execute(sa.update(items).where(items.c.number == old.number).values(values))
        numbers[old.number] = item
    note_pictures(db, numbers)
    return {slug for some in _slugs(db, list(numbers)).values() for slug in some}


def _add_belongings(db: sa.Connection, source: str, met: Sequence[Seen]) -> set[str]:
    """Add keys and categories that items did not have; give all categories of items that gained one: readers see both.

    A strong key that leads to another item stays with it: the first owner keeps it, and no item is lost by that.
    """
    found = _numbered(db, [one.id for one in met])
    numbers = sorted({row.number for row in found.values()})
    had_keys, had_slugs = _keys(db, numbers), _slugs(db, numbers)
    keys: list[rows.Values] = []
    slugs: list[rows.Values] = []
    for one in met:
        row = found[one.id]
        more = [key for key in dict.fromkeys(one.keys) if key not in had_keys[row.number]]
        keys += _key_rows(row.number, source, more, len(had_keys[row.number]))
        had_keys[row.number] += more
        more = [slug for slug in dict.fromkeys(one.categories) if slug not in had_slugs[row.number]]
        slugs += _category_rows(row.number, source, row.shown, more, len(had_slugs[row.number]))
        had_slugs[row.number] += more
    _insert_all(db, insert(db, item_keys).on_conflict_do_nothing(), keys)
    _insert_all(db, sa.insert(item_categories), slugs)
    return {slug for row in slugs for slug in had_slugs[row["item"]]}


def _note_looks(db: sa.Connection, seen: Sequence[Seen], now: datetime) -> set[str]:
    """Write what was found when items were looked at; give the categories of those that went, came back, or moved."""
    told = {one.id: one for one in seen if one.looked is not None}  # of several looks at an item the last one counts
    moved = _moved(db, told)
    _write_all(
        db,
        [
            {
                "seen_id": one.id,
                "looked": one.looked,
                "next_look": one.next_look,
                "etag": one.validators.etag,
                "last_modified": one.validators.last_modified,
                "missing": one.missing,
                "withdrawn": one.withdrawn,
            }
            for one in told.values()
        ],
    )
    _write_all(db, [{"seen_id": one.id, "fingerprint": one.fingerprint} for one in seen if one.fingerprint])
    moved += _follow(db, [one for one in seen if one.url], now)
    return {slug for some in _slugs(db, moved).values() for slug in some}


def _follow(db: sa.Connection, seen: Sequence[Seen], now: datetime) -> list[int]:
    """Write the addresses that items have from now on, with what their servers said of these; give their numbers."""
    if not seen:
        return []
    _write_all(
        db,
        [
            {
                "seen_id": one.id,
                "url": one.url,
                "moved": now,
                "etag": one.validators.etag,
                "last_modified": one.validators.last_modified,
            }
            for one in seen
        ],
    )
    return [row.number for row in _numbered(db, [one.id for one in seen]).values()]


def _moved(db: sa.Connection, told: Mapping[str, Seen]) -> list[int]:
    """The numbers of items that readers see no more, or see again, from now on."""
    numbers: list[int] = []
    for some in chunks(sorted(told)):
        asked = sa.select(items.c.id, items.c.number, items.c.withdrawn).where(items.c.id.in_(some))
        found = db.execute(asked)
        numbers += [row.number for row in found if (row.withdrawn is None) != (told[row.id].withdrawn is None)]
    return numbers


def _write_all(db: sa.Connection, values: list[rows.Values]) -> None:
    """Write the columns named beside `seen_id` into the items of these ids; all name the same columns."""
    if values:
        named: dict[str, Any] = {name: sa.bindparam(name) for name in values[0] if name != "seen_id"}
        db.execute(sa.update(items).where(items.c.id == sa.bindparam("seen_id")).values(named), values)


def _put_out(db: sa.Connection, due: Iterable[Delivery]) -> None:
    """Add to the outbox; what stands there already for this item, version and target is not sent twice."""
    waiting = [
        {
            "id": one.id,
            "relay": one.relay,
            "target": one.target,
            "item": one.item_id,
            "kind": one.kind,
            "revision": one.revision,
            "attempt": one.attempt,
            "due": one.due,
            "state": "due",
        }
        for one in due
    ]
    _insert_all(db, insert(db, deliveries).on_conflict_do_nothing(), waiting)


def _finish(db: sa.Connection, result: PollResult, touched: set[str]) -> None:
    """Write the category's state, end the lease, and tell readers of each category whose items changed."""
    own = sa.and_(categories.c.source == result.source, categories.c.slug == result.category)
    db.execute(sa.update(categories).where(own).values({**rows.state_values(result.state), **NO_LEASE}))
    for some in chunks(sorted(touched)):
        db.execute(
            sa.update(categories)
            .where(categories.c.source == result.source, categories.c.slug.in_(some))
            .values(revision=categories.c.revision + 1, changed_at=result.finished)
        )


def _insert_all(db: sa.Connection, statement: sa.Insert, values: list[rows.Values]) -> None:
    if values:
        db.execute(statement, values)


def _key_rows(number: int, source: str, keys: Iterable[str], start: int) -> list[rows.Values]:
    return [
        {"item": number, "source": source, "key": key, "weak": rows.is_weak(key), "position": position}
        for position, key in enumerate(dict.fromkeys(keys), start)
    ]


def _category_rows(number: int, source: str, shown: Any, slugs: Iterable[str], start: int) -> list[rows.Values]:
    return [
        {"item": number, "source": source, "category": slug, "shown": shown, "position": position}
        for position, slug in enumerate(dict.fromkeys(slugs), start)
    ]


def _numbered(db: sa.Connection, ids: Sequence[str]) -> dict[str, sa.Row[Any]]:
    """Find items by id; one that is not there is a Conflict, as the poll decided on something else than is stored."""
    found: dict[str, sa.Row[Any]] = {}
    for some in chunks(list(dict.fromkeys(ids))):
        asked = sa.select(items.c.id, items.c.number, items.c.shown).where(items.c.id.in_(some))
        found.update({row.id: row for row in db.execute(asked)})
    if missing := [one for one in ids if one not in found]:
        raise Conflict(f"{missing[0]} is not stored any more; nothing was stored, decide anew")
    return found


def _keys(db: sa.Connection, numbers: Sequence[int]) -> dict[int, list[str]]:
    return _grouped(db, numbers, item_keys.c.item, item_keys.c.key)


def _slugs(db: sa.Connection, numbers: Sequence[int]) -> dict[int, list[str]]:
    return _grouped(db, numbers, item_categories.c.item, item_categories.c.category)


def _grouped(
    db: sa.Connection, numbers: Sequence[int], item: sa.Column[Any], value: sa.Column[Any]
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for some in chunks(numbers):
        for number, one in db.execute(sa.select(item, value).where(item.in_(some))):
            found[number].append(one)
    return found

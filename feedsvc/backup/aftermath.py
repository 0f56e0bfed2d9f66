"""What a database that is put back has to know of the one in whose place it comes.

Numbers that readers know only ever rise, whatever was put back: revisions, so that no document of before is taken for
one of after; item numbers, which are addresses of pages. Requests that were made stay counted. Nothing that was pending
is sent to a chat: people may have read it there already.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedsvc.store.claims import NO_LEASE
from feedsvc.store.dialects import insert
from feedsvc.store.pulse import PREFIX
from feedsvc.store.tables import (
    RESTORED,
    categories,
    copies,
    deliveries,
    found_categories,
    host_days,
    hosts,
    items,
    meta,
)

SKIPPED = "skipped(restored)"
"""State of a delivery that was pending in the backup: listed, and sent only when a person says so."""
DUE = "due"

HasFile = Callable[[str], bool]


def carry_on(
    after: sa.Connection, before: sa.Connection | None, now: datetime, *, may_repeat: Collection[str], has_copy: HasFile
) -> None:
    """Make the database `after`, a SQLite file of the newest schema, one that can follow `before` (None: nothing).

    `may_repeat` are the relays that may send a thing twice, as their receivers know it again by its id; `has_copy` says
    whether the file of a copied picture is there. Both connections are transactions of the caller.
    """
    _raise_revisions(after, before, now)
    _forget_pollers(after)
    if before is not None:
        _keep_requests(after, before)
        _keep_found(after, before)
    pending = sa.update(deliveries).where(deliveries.c.state == DUE, deliveries.c.relay.not_in(may_repeat))
    after.execute(pending.values(state=SKIPPED))
    _forget_lost_copies(after, has_copy)
    noted = insert(after, meta).values(name=RESTORED, value=now.isoformat())
    after.execute(noted.on_conflict_do_update(index_elements=["name"], set_={"value": now.isoformat()}))


def last_number(db: sa.Connection) -> int:
    """Give the highest number that any item ever had, 0 for none."""
    if db.dialect.name == "postgresql":
        sequence = db.execute(sa.select(sa.func.pg_get_serial_sequence(items.name, items.c.number.name))).scalar_one()
        given = db.exec_driver_sql(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608 - the database's own name
        return int(given.scalar_one())
    return int(db.exec_driver_sql("SELECT max(seq) FROM sqlite_sequence WHERE name = 'items'").scalar_one() or 0)


def count_on(db: sa.Connection, number: int) -> None:
    """Have the next item get a number above `number`, and above all that are there."""
    highest = max(number, db.execute(sa.select(sa.func.max(items.c.number))).scalar_one() or 0)
    if db.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(items.name, items.c.number.name)
        db.execute(sa.select(sa.func.setval(sequence, max(highest, 1), highest > 0)))
        return
    db.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'items'")
    db.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('items', ?)", (highest,))


def _raise_revisions(after: sa.Connection, before: sa.Connection | None, now: datetime) -> None:
    """Each category above what it had in either; one that the backup does not know begins anew above what it had."""
    there = _categories(after)
    had = _categories(before) if before is not None else {}
    for name in sorted(there.keys() | had.keys()):
        old, new = had.get(name), there.get(name)
        number = 1 + max(row["revision"] for row in (old, new) if row is not None)
        raised = {"revision": number, "changed_at": now}
        if new is not None:
            after.execute(sa.update(categories).where(_named(name)).values(raised))
        elif old is not None:
            after.execute(sa.insert(categories).values({**old, **NOTHING_KNOWN, **raised}))


NOTHING_KNOWN: dict[str, Any] = {"failures": 0, "digest": "", "depth": 0, "usual": 0}
DESCRIBED = ("source", "slug", "title", "url", "host", "active", "revision")


def _categories(db: sa.Connection) -> dict[tuple[str, str], dict[str, Any]]:
    """What every schema says of each category."""
    found = db.execute(sa.select(*(categories.c[name] for name in DESCRIBED)))
    return {(row["source"], row["slug"]): dict(row) for row in found.mappings()}


def _named(name: tuple[str, str]) -> sa.ColumnElement[bool]:
    return sa.and_(categories.c.source == name[0], categories.c.slug == name[1])


def _forget_pollers(after: sa.Connection) -> None:
    """Whoever polls now holds nothing any more: what it brings was decided over another database."""
    after.execute(sa.update(categories).values(NO_LEASE))
    after.execute(sa.delete(meta).where(meta.c.name.startswith(PREFIX, autoescape=True)))


def _keep_requests(after: sa.Connection, before: sa.Connection) -> None:
    """What was asked of each host was asked: a backup gives nobody his requests back."""
    for table in (hosts, host_days):
        if rows := _rows(before, table):
            after.execute(sa.delete(table))
            after.execute(sa.insert(table), rows)


def _keep_found(after: sa.Connection, before: sa.Connection) -> None:
    """Categories that were found have addresses which readers know: they stay known, as they always do."""
    if rows := _rows(before, found_categories):
        after.execute(insert(after, found_categories).on_conflict_do_nothing(), rows)


def _rows(db: sa.Connection, table: sa.Table) -> list[dict[str, Any]]:
    """All rows of a table that is as this feedsvc knows it; none of one that is of another schema."""
    known = sa.inspect(db)
    if not known.has_table(table.name) or {one["name"] for one in known.get_columns(table.name)} != set(table.c.keys()):
        return []
    return [dict(row) for row in db.execute(sa.select(table)).mappings()]


def _forget_lost_copies(after: sa.Connection, has_copy: HasFile) -> None:
    """Pictures are not in a backup: a copy whose file is gone is made anew, and till then the portal's own is shown."""
    names = after.execute(sa.select(copies.c.name).where(copies.c.name != "").distinct()).scalars().all()
    for name in names:
        if not has_copy(name):
            after.execute(sa.delete(copies).where(copies.c.name == name))

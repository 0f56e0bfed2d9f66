"""Rows of the outboxes, taken by one process at a time: a crash leaves them due again when their time is over."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

LEASE = timedelta(seconds=60)
"""How long whoever took a row may take: a call ends within 15 s, and before it a document may have to be made."""

FARTHEST = timedelta(days=2)
"""Nothing is put off further. A later moment was written by a clock that was wrong, and holds nothing back."""

NOBODY: dict[str, Any] = {"token": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many rows may be taken: in all, and of one host beside those that `busy` counts already."""

    limit: int
    at_a_host: int
    busy: Mapping[str, int]


def take(db: sa.Connection, table: sa.Table, now: datetime, room: Room, *also: sa.ColumnElement[bool]) -> list[Any]:
    """Take rows that are due, the longest due first, with a token each; give them as they are from now on."""
    full = [host for host, calls in room.busy.items() if calls >= room.at_a_host]
    chosen = sa.select(table).where(due(table, now), *also)
    chosen = chosen.where(table.c.host.not_in(full)) if full else chosen
    # More than are wanted, as many of them may be of one host.
    ordered = chosen.order_by(table.c.due).limit(room.limit * 4).with_for_update(skip_locked=True)
    calls: Counter[str] = Counter(room.busy)
    taken: list[Any] = []
    for row in db.execute(ordered).all():
        if len(taken) < room.limit and calls[row.host] < room.at_a_host:
            calls[row.host] += 1
            taken.append(_taken(db, table, table.c.id == row.id, now))
    return taken


def take_any(db: sa.Connection, table: sa.Table, key: sa.Column[Any], now: datetime, limit: int) -> list[Any]:
    """The same for a table whose rows all go to one host."""
    ordered = sa.select(key).where(due(table, now)).order_by(table.c.due).limit(limit).with_for_update(skip_locked=True)
    return [_taken(db, table, key == name, now) for name in db.execute(ordered).scalars().all()]


def _taken(db: sa.Connection, table: sa.Table, own: sa.ColumnElement[bool], now: datetime) -> Any:
    values = {"token": uuid.uuid4().hex, "due": now + LEASE}
    return db.execute(sa.update(table).where(own).values(values).returning(*table.c)).one()


def due(table: sa.Table, now: datetime) -> sa.ColumnElement[bool]:
    """Whether the time of a row has come."""
    return sa.or_(table.c.due <= now, table.c.due > now + FARTHEST)


def count_due(table: sa.Table, now: datetime) -> sa.ScalarSelect[Any]:
    """How many rows are due, for a look that takes no lock."""
    return sa.select(sa.func.count()).select_from(table).where(due(table, now)).scalar_subquery()

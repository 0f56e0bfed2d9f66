"""What a person should know, and the answers that were not believed."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.model import Alarm, Suspect
from feedsvc.store.dialects import insert
from feedsvc.store.tables import alarms, suspects

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LARGEST = 1024 * 1024
"""Bytes that are kept of an answer that was not believed (safety.md 7)."""


def keep(db: sa.Connection, told: Iterable[Alarm]) -> None:
    """Put each alarm where it stood before, by its id."""
    for alarm in told:
        values = asdict(alarm)
        new = insert(db, alarms).values(values)
        db.execute(new.on_conflict_do_update(index_elements=["id"], set_=values))


def lasting(db: sa.Connection, source: str, category: str) -> list[Alarm]:
    """Give the alarms of a category that have not ended; the oldest first."""
    here = alarms.c.source == source, alarms.c.category == category, alarms.c.ended.is_(None)
    chosen = sa.select(alarms).where(*here).order_by(alarms.c.began, alarms.c.id)
    return [_alarm_from(row) for row in db.execute(chosen)]


def recent(db: sa.Connection, since: datetime) -> list[Alarm]:
    """Give all alarms that last or ended after a moment; what happened last first."""
    chosen = sa.select(alarms).where(sa.or_(alarms.c.ended.is_(None), alarms.c.ended > since))
    last = sa.func.coalesce(alarms.c.ended, alarms.c.told)
    return [_alarm_from(row) for row in db.execute(chosen.order_by(last.desc(), alarms.c.id))]


def keep_suspect(db: sa.Connection, suspect: Suspect) -> None:
    """Keep an answer in place of the one before of its category, cut where it is too long."""
    values = {**asdict(suspect), "body": suspect.body[:LARGEST]}
    new = insert(db, suspects).values(values)
    db.execute(new.on_conflict_do_update(index_elements=["source", "category"], set_=values))


def suspect(db: sa.Connection, source: str, category: str) -> Suspect | None:
    """Give the last answer of a category that was not believed."""
    chosen = sa.select(suspects).where(suspects.c.source == source, suspects.c.category == category)
    row = db.execute(chosen).one_or_none()
    return None if row is None else Suspect(**{one.name: getattr(row, one.name) for one in fields(Suspect)})


def _alarm_from(row: sa.Row[tuple[object, ...]]) -> Alarm:
    return Alarm(**{one.name: getattr(row, one.name) for one in fields(Alarm)})

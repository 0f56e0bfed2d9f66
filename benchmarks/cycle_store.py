"""A database as it is after portals were polled for a while: one is truly polled, the others are its likeness."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from benchmarks.cycle_portal import address
from feedsvc.config import Config
from feedsvc.progress import silent
from feedsvc.service import authority
from feedsvc.store import SqlStore, open_store
from feedsvc.store.tables import categories, item_categories, item_keys, items, sources
from feedsvc.worker import open_worker, poll_round

LATER = timedelta(days=1)
TOGETHER = 500
"""Portals that are written in one transaction."""


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def slug_of(number: int) -> str:
    """The name of a portal."""
    return f"s{number:05}"


def seed(config: Config, count: int) -> None:
    """Stores what `count` portals are known for; `config` names the first alone."""
    store = open_store(config.database)
    try:
        asyncio.run(_poll(config, store))
        with store.database.writing() as db:
            db.execute(sa.update(categories).values(next_poll=now() + LATER))
            known = _rows(db)
        for first in range(1, count, TOGETHER):
            with store.database.writing() as db:
                _write(db, known, range(first, min(first + TOGETHER, count)))
        _settle(store)
    finally:
        store.close()


def _settle(store: SqlStore) -> None:
    """What a database that grew slowly has: statistics, and numbers that go on behind the last."""
    with store.database.writing() as db:
        if db.dialect.name == "postgresql":
            last = sa.select(sa.func.max(items.c.number)).scalar_subquery()
            db.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence("items", "number"), last)))
            db.execute(sa.text("ANALYZE"))


async def _poll(config: Config, store: SqlStore) -> None:
    """Polls the first portal, as often as it takes to know all of its list, and once more."""
    async with open_worker(config, store, now, authority(config, now())) as scheduler:
        for _ in range(2):
            results = await poll_round(
                scheduler, config.categories(), lambda _category, _result: None, lambda _: silent
            )
            if any(result is None or result.problem for result in results):
                raise SystemExit(f"the first portal could not be polled: {results}")


def _rows(db: sa.Connection) -> dict[sa.Table, list[dict[str, Any]]]:
    return {
        table: [dict(row._mapping) for row in db.execute(sa.select(table))]  # noqa: SLF001 - SQLAlchemy's public name
        for table in (sources, categories, items, item_keys, item_categories)
    }


def _write(db: sa.Connection, known: dict[sa.Table, list[dict[str, Any]]], numbers: range) -> None:
    step = max(row["number"] for row in known[items])
    arrivals = max(row["arrival"] for row in known[item_categories])
    for table, rows in known.items():
        likened = [_likened(row, number, step, arrivals) for number in numbers for row in rows]
        if likened:
            db.execute(sa.insert(table), likened)


def _likened(row: dict[str, Any], number: int, step: int, arrivals: int) -> dict[str, Any]:
    """A row of the first portal as another has it."""
    own = {name: _renamed(value, number) for name, value in row.items()}
    for name in ("number", "item"):
        if name in own:
            own[name] += number * step
    if "arrival" in own:
        own["arrival"] += number * arrivals
    if "story" in own:
        own["story"] = ""
    return own


def _renamed(value: Any, number: int) -> Any:
    if not isinstance(value, str):
        return value
    return value.replace(slug_of(0), slug_of(number)).replace(address(0), address(number))


def make_due(store: SqlStore) -> datetime:
    """Makes every category due; gives the moment."""
    moment = now()
    with store.database.writing() as db:
        db.execute(sa.update(categories).values(next_poll=moment))
    return moment


def polled_since(store: SqlStore, moment: datetime) -> int:
    """How many categories were polled and stored since a moment."""
    with store.database.reading() as db:
        asked = sa.select(sa.func.count()).select_from(categories).where(categories.c.polled >= moment)
        return int(db.execute(asked).scalar_one())


def outcomes(store: SqlStore) -> dict[str, int]:
    """How many categories stand where."""
    with store.database.reading() as db:
        asked = sa.select(categories.c.outcome, sa.func.count()).group_by(categories.c.outcome)
        return {str(outcome): number for outcome, number in db.execute(asked)}


def stored_items(store: SqlStore) -> int:
    """How many items there are."""
    with store.database.reading() as db:
        return int(db.execute(sa.select(sa.func.count()).select_from(items)).scalar_one())

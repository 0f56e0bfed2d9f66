"""The database: whether it holds together, is of the right schema, and somebody polls into it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import sqlalchemy as sa

from feedsvc.config import Config
from feedsvc.doctor.finding import Finding, fine, note, wrong
from feedsvc.doctor.pollers import dead, living
from feedsvc.headroom import Disk, standstill
from feedsvc.store import SqlStore
from feedsvc.store.engine import Database
from feedsvc.store.online import opened
from feedsvc.store.schema import newest_number, number_of
from feedsvc.store.tables import categories, deliveries, item_categories, item_keys, items, pictures, revisions

RESTORE = "put a backup back: feedsvc restore FILE"
AHEAD = timedelta(minutes=10)
SHOWN = 3


def database(config: Config, there: Database, now: datetime) -> Iterator[Finding]:
    """Everything that is to be found of the database. Raises StoreError where it can't be asked."""
    if there.file is not None and not there.file.exists():
        yield note("database", f"{there.place} is not there yet", "feedsvc run makes it")
        return
    number = number_of(there)
    if number is None:
        yield note("schema", f"{there.place} is empty", "feedsvc run fills it")
        return
    if number != newest_number():
        yield note("schema", f"schema {number}, older than {newest_number()}", "the next start brings it up to date")
        return
    yield fine("schema", f"{there.place}: schema {number}")
    yield _whole(there)
    yield _orphans(there)
    yield from _polling(config, SqlStore(there), there, now)


def _whole(there: Database) -> Finding:
    """SQLite reads every page; PostgreSQL looks after its own."""
    if there.file is None:
        return fine("integrity", "the server looks after its pages itself")
    with closing(opened(there.file)) as db:
        try:
            faults = [str(told) for (told,) in db.execute(f"PRAGMA integrity_check({SHOWN})") if told != "ok"]
        except sqlite3.DatabaseError as error:
            faults = [str(error)]
    return wrong("integrity", "; ".join(faults), RESTORE) if faults else fine("integrity", "every page holds together")


def _orphans(there: Database) -> Finding:
    """Rows of what is not there: no foreign key lets them in, but a repair by hand, or a bad disk, may leave them."""
    owners = [(table, table.c.item, items.c.number) for table in (item_keys, item_categories, revisions, pictures)]
    owners.append((deliveries, deliveries.c.item, items.c.id))
    lost, keyless = {}, sa.select(sa.func.count()).where(~sa.exists().where(item_keys.c.item == items.c.number))
    with there.reading() as db:
        for table, own, owner in owners:
            alone = sa.select(sa.func.count()).select_from(table).where(~sa.exists().where(owner == own))
            lost[table.name] = db.execute(alone).scalar_one()
        lost["items without a key"] = db.execute(keyless.select_from(items)).scalar_one()
        count = db.execute(sa.select(sa.func.count()).select_from(items)).scalar_one()
    told = ", ".join(f"{name}: {number}" for name, number in lost.items() if number)
    if told:
        return wrong("orphans", f"rows that belong to nothing: {told}", RESTORE)
    return fine("orphans", f"{count} items, and nothing that belongs to none")


def _polling(config: Config, store: SqlStore, there: Database, now: datetime) -> Iterator[Finding]:
    if gone := dead(store, now):
        todo = "they end by themselves within ten minutes, or when a poller starts"
        yield note("pollers", f"pollers died at work: {', '.join(sorted(gone))}", todo)
    short = Disk(url=config.database, least=config.service.least_free).problem()
    if problem := standstill(store.beats(), short, now):
        yield wrong("pollers", problem.detail, "start it, or see its log")
    elif working := living(store, now):
        yield fine("pollers", f"at work: {', '.join(sorted(working))}")
    else:
        yield note("pollers", "no poller has ever worked on this database", "feedsvc run")
    yield _clock(there, now)


def _clock(there: Database, now: datetime) -> Finding:
    """A poll of the future was one of a clock that ran ahead, there or then, or this one is behind now."""
    with there.reading() as db:
        last = db.execute(sa.select(sa.func.max(categories.c.polled))).scalar_one()
    if last is None:
        return note("polls", "nothing was polled yet")
    if last > now + AHEAD:
        return wrong(
            "clock", f"the last poll was at {last.isoformat(timespec='seconds')}, in the future", "set the clock"
        )
    return fine("polls", f"the last poll was at {last.isoformat(timespec='seconds')}")

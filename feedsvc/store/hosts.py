"""What pollers owe the hosts that they ask: one pace for all of them, a ledger by days, copies of robots.txt.

Time is that of the database's own server where it has one, so that machines whose clocks differ agree; SQLite's users
share one machine, and with it `now`. A moment that lies too far ahead was written by a clock that was wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.model import HostDay
from feedsvc.store.chunks import chunks
from feedsvc.store.dialects import insert
from feedsvc.store.tables import host_days, hosts, pollers, robots

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from feedsvc.store.engine import Database

ALIVE = timedelta(seconds=30)
"""How long after its last word a poller counts as alive."""

FARTHEST = timedelta(minutes=5)
"""No request and no pause lasts as long: a host that wants to be left alone for longer was told so by a wrong clock."""

COMPANY_LOCK = 0x66656564_706F6C6C
"""Number of the advisory lock on PostgreSQL under which pollers come, look and go: "feedpoll"."""


@dataclass(frozen=True, slots=True)
class Met:
    """What a poller finds when it says that it lives.

    `others` are those alive beside it, each with the names that it knows in turn. `waits` are the seconds for which
    hosts are to be left alone. `abandoned` says that one was forgotten that had not said farewell.
    """

    others: dict[str, frozenset[str]]
    waits: dict[str, float]
    abandoned: bool


@dataclass(frozen=True, slots=True)
class Hosts:
    """The door's fourth part, used by pollers; every method is one transaction and raises StoreError when it fails.

    A host is "name:port". `now` is the caller's clock, which counts on SQLite alone.
    """

    database: Database

    def others(self, owner: str, now: datetime) -> dict[str, frozenset[str]]:
        """The pollers alive beside `owner`, each with those that it knows: one cheap read."""
        with self.database.reading() as db:
            return _others(db, owner, _moment(db, now))

    def beat(
        self, owner: str, now: datetime, *, knows: Collection[str], waits: Mapping[str, float], dead: Collection[str]
    ) -> Met:
        """Says that `owner` lives, whom it knows, and for how many seconds hosts are still to be left alone.

        Pollers of `dead`, and those that have been silent for too long, are forgotten.
        """
        with self.database.writing() as db:
            moment = _alone(db, now)
            abandoned = _forget(db, moment, dead)
            met = Met(_others(db, owner, moment), _waits(db, moment), abandoned)
            values = {"owner": owner, "seen": moment, "knows": sorted(knows)}
            _put(db, pollers, ["owner"], [values])
            _put(db, hosts, ["host"], _frees(waits, moment))
            return met

    def leave(self, owner: str, now: datetime, *, waits: Mapping[str, float]) -> None:
        """Says that `owner` ends, and for how many seconds hosts are to be left alone by whoever comes next."""
        with self.database.writing() as db:
            moment = _alone(db, now)
            _put(db, hosts, ["host"], _frees(waits, moment))
            db.execute(sa.delete(pollers).where(pollers.c.owner == owner))

    def take(self, host: str, now: datetime, hold: timedelta) -> float:
        """Takes a host for a request that lasts at most `hold`; 0, or the seconds after which to try again."""
        with self.database.writing() as db:
            moment = _moment(db, now)
            new = insert(db, hosts).values(host=host, free=moment + hold)
            free = sa.or_(hosts.c.free.is_(None), hosts.c.free <= moment, hosts.c.free > moment + FARTHEST)
            taking = new.on_conflict_do_update(index_elements=["host"], set_={"free": new.excluded.free}, where=free)
            if db.execute(taking.returning(hosts.c.host)).first() is not None:
                return 0.0
            until = db.execute(sa.select(hosts.c.free).where(hosts.c.host == host)).scalar_one()
            return max((until - moment).total_seconds(), 0.001) if until else 0.001

    def give(self, host: str, now: datetime, delay: timedelta) -> None:
        """Says that the request to a host has ended: the next one may begin after `delay`."""
        with self.database.writing() as db:
            _put(db, hosts, ["host"], [{"host": host, "free": _moment(db, now) + delay}])

    def count(self, asked: Iterable[HostDay]) -> dict[tuple[str, str], int]:
        """Adds requests, bytes and 304s to those of their hosts and days; what else a line says takes the old's place.

        Gives the requests of these hosts and days by all pollers together, by host and day.
        """
        values = [_day_values(one) for one in sorted(asked, key=lambda one: (one.host, one.day))]
        if not values:
            return {}
        with self.database.writing() as db:
            _add(db, values)
            return _totals(db, values)

    def days(self, day: str) -> list[HostDay]:
        """The ledger of a day (UTC, ISO 8601), by host."""
        with self.database.reading() as db:
            asked = sa.select(host_days).where(host_days.c.day == day).order_by(host_days.c.host)
            return [HostDay(**row) for row in db.execute(asked).mappings()]

    def robots(self, host: str) -> tuple[str, datetime] | None:
        """The robots.txt of a host as it was last read, and when that was."""
        with self.database.reading() as db:
            row = db.execute(sa.select(robots.c.text, robots.c.read).where(robots.c.host == host)).one_or_none()
            return None if row is None else (row.text, row.read)

    def keep_robots(self, copies: Mapping[str, tuple[str, datetime]]) -> None:
        """Keeps the robots.txt of hosts, and when it was read."""
        values = [{"host": host, "text": text, "read": read} for host, (text, read) in sorted(copies.items())]
        if values:
            with self.database.writing() as db:
                _put(db, robots, ["host"], values)

    def prune(self, before: str, read_before: datetime) -> None:
        """Forgets the ledgers of days before `before`, rules read before a moment, and hosts that may be asked."""
        with self.database.writing() as db:
            moment = _moment(db, read_before)
            db.execute(sa.delete(host_days).where(host_days.c.day < before))
            db.execute(sa.delete(robots).where(robots.c.read < read_before))
            db.execute(sa.delete(hosts).where(hosts.c.free < moment - FARTHEST))


def _moment(db: sa.Connection, now: datetime) -> datetime:
    """The time by which all pollers of the database go."""
    if db.dialect.name != "postgresql":
        return now
    told: datetime = db.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return told


def _alone(db: sa.Connection, now: datetime) -> datetime:
    """The time, once no other poller comes or goes: of two that come at once, the second then finds the first."""
    if db.dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(COMPANY_LOCK)))
    return _moment(db, now)


def _others(db: sa.Connection, owner: str, moment: datetime) -> dict[str, frozenset[str]]:
    alive = pollers.c.seen.between(moment - ALIVE, moment + ALIVE)
    asked = sa.select(pollers.c.owner, pollers.c.knows).where(alive, pollers.c.owner != owner)
    return {row.owner: frozenset(row.knows) for row in db.execute(asked)}


def _forget(db: sa.Connection, moment: datetime, dead: Collection[str]) -> bool:
    silent = sa.not_(pollers.c.seen.between(moment - ALIVE, moment + ALIVE))
    return db.execute(sa.delete(pollers).where(sa.or_(silent, pollers.c.owner.in_(sorted(dead))))).rowcount > 0


def _waits(db: sa.Connection, moment: datetime) -> dict[str, float]:
    asked = sa.select(hosts.c.host, hosts.c.free).where(hosts.c.free > moment, hosts.c.free <= moment + FARTHEST)
    return {row.host: (row.free - moment).total_seconds() for row in db.execute(asked)}


def _frees(waits: Mapping[str, float], moment: datetime) -> list[dict[str, object]]:
    return [{"host": host, "free": moment + timedelta(seconds=wait)} for host, wait in sorted(waits.items())]


def _put(db: sa.Connection, table: sa.Table, key: list[str], values: list[dict[str, object]]) -> None:
    """Insert rows in the place of those with the same key."""
    if values:
        new = insert(db, table)
        others = {column.name: new.excluded[column.name] for column in table.c if column.name not in key}
        db.execute(new.on_conflict_do_update(index_elements=key, set_=others), values)


def _day_values(one: HostDay) -> dict[str, object]:
    return {column.name: getattr(one, column.name) for column in host_days.c}


def _add(db: sa.Connection, values: list[dict[str, object]]) -> None:
    new = insert(db, host_days)
    told, had = new.excluded, host_days.c
    said = told.delay_reason != ""
    merged = {
        **{name: had[name] + told[name] for name in ("requests", "decoded_bytes", "not_modified")},
        "slowed": sa.func.coalesce(told.slowed, had.slowed),
        "delay": sa.case((said, told.delay), else_=had.delay),
        "delay_reason": sa.case((said, told.delay_reason), else_=had.delay_reason),
        "robots": sa.case((told.robots != "", told.robots), else_=had.robots),
    }
    db.execute(new.on_conflict_do_update(index_elements=["host", "day"], set_=merged), values)


def _totals(db: sa.Connection, values: list[dict[str, object]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for day in sorted({str(one["day"]) for one in values}):
        for some in chunks([str(one["host"]) for one in values if one["day"] == day]):
            asked = sa.select(host_days.c.host, host_days.c.requests).where(host_days.c.day == day)
            found |= {(row.host, day): row.requests for row in db.execute(asked.where(host_days.c.host.in_(some)))}
    return found

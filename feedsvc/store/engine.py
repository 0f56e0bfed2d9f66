"""Connections: an address becomes a `Database` that gives reading and writing transactions on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from feedsvc.errors import StoreError
from feedsvc.store.faults import explained

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import timedelta

FAULTS = (sa.exc.StatementError, sa.exc.TimeoutError, UnicodeError)
WRITES = "feedsvc_writes"
OPENINGS = 100
"""How many others may be switching the same new file to WAL meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One database. `place` names it in messages, without password; `file` is None in memory and on PostgreSQL.

    `turn` is held while writing: on SQLite, where one alone may write, the threads of a process wait here in line. Left
    to SQLite they would ask again and again, and under load one of them could ask in vain until its patience ends.
    """

    place: str
    file: Path | None
    reader: sa.Engine
    writer: sa.Engine
    turn: AbstractContextManager[object]

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state throughout and waits for no writer. Raises StoreError."""
        with self._explaining(), self.reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that is kept whole at its end, or undone by any error. Raises StoreError, Conflict."""
        with self.turn, self._explaining(), self.writer.begin() as connection:
            yield connection

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except FAULTS as error:
            raise explained(error, self.place) from error

    def close(self) -> None:
        """Give all connections back."""
        self.writer.dispose()


def connect(url: str, patience: timedelta) -> Database:
    """Make the database of an address; nothing is asked of it yet.

    `patience` is how long a lock is waited for. Raises StoreError for an address that is neither SQLite's nor
    PostgreSQL's, and where PostgreSQL's driver is not installed.
    """
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise StoreError(_wrong_address(url.partition(":")[0])) from error
    if address.drivername == "sqlite":
        return _sqlite(address, patience)
    if address.drivername in {"postgresql", "postgresql+psycopg"}:
        return _postgresql(address.set(drivername="postgresql+psycopg"), patience)
    raise StoreError(_wrong_address(address.drivername))


def _wrong_address(kind: str) -> str:
    """Name the kind alone: the rest may hold a password."""
    return (
        f'no database can be reached by an address of kind "{kind}": write sqlite:///feedsvc.db, with four slashes '
        "for a path from the root, or postgresql://user@host/name"
    )


def _sqlite(address: sa.URL, patience: timedelta) -> Database:
    in_memory = address.database in {None, "", ":memory:"}
    # In memory there is one connection, which its users take in turn: a second one would be another database.
    pool: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if in_memory else {"pool_size": 5, "max_overflow": 95}
    engine = sa.create_engine(
        address,
        poolclass=QueuePool,
        json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
        connect_args={"check_same_thread": False, "timeout": patience.total_seconds()},
        **pool,
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    file = None if in_memory else Path(str(address.database))
    place = "in memory" if file is None else str(file)
    writer = engine.execution_options(**{WRITES: True})
    return Database(place=place, file=file, reader=engine, writer=writer, turn=Lock())


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Pragmas of safety.md 9; `timeout` of the connection is SQLite's busy_timeout.

    FULL, as an id that a reader has seen must outlive a power cut.
    """
    connection.isolation_level = None  # Python's own transactions begin late and end early: ours say BEGIN themselves
    _write_ahead(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL, once for ever. While others open it too, the switch fails at once: wait here."""
    for _ in range(OPENINGS):
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError:
            connection.execute("BEGIN IMMEDIATE").close()  # waits for its turn, as the switch does not
            connection.execute("ROLLBACK").close()
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """Writers take their lock at once: one that began as a reader could only fail when another writes first."""
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(address: sa.URL, patience: timedelta) -> Database:
    milliseconds = int(patience.total_seconds() * 1000)
    try:
        engine = sa.create_engine(
            address,
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=15,
            json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
            connect_args={
                "connect_timeout": max(2, int(patience.total_seconds())),
                "options": f"-c timezone=UTC -c lock_timeout={milliseconds}",
            },
        )
    except ModuleNotFoundError as error:
        raise StoreError('PostgreSQL needs its driver: pip install "feedsvc[postgresql]"') from error
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(
        place=address.set(drivername="postgresql").render_as_string(),
        file=None,
        reader=reader,
        writer=engine,
        turn=nullcontext(),
    )

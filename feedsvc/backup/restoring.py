"""A backup put back in the place of a database, which is kept beside it.

Everything is prepared in a file aside: copied, brought to the newest schema, told of what it follows, checked. Then it
takes the place of what was there in one transaction, so that whoever has the database open, a reader, a web process,
goes on in it, and whoever pulls the plug finds the old one or the new one.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from feedsvc.backup.aftermath import HasFile, carry_on, count_on, last_number
from feedsvc.backup.alone import alone_in
from feedsvc.backup.contents import Contents, take_out
from feedsvc.backup.judging import Judged, judge, looked_at, refuse_damage
from feedsvc.backup.making import BESIDE, PATIENCE, finish, fresh, remove, stream_into
from feedsvc.backup.streaming import empty, stream
from feedsvc.errors import DiskFull, StoreError
from feedsvc.progress import Progress, silent
from feedsvc.store.engine import Database, connect
from feedsvc.store.online import copy_pages, give_name, opened, replace_pages
from feedsvc.store.schema import migrate
from feedsvc.store.tables import metadata

STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back, and where that is which was there before; None where there was nothing.

    `opened_anew`: the old database could not be read at all, so processes that have it open must be started again.
    """

    judged: Judged
    kept: Path | None
    opened_anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How: when it is, which relays may repeat themselves, whether the file of a copied picture is there."""

    now: datetime
    may_repeat: Collection[str] = ()
    has_copy: HasFile = lambda _name: False
    progress: Progress = silent


def restore(database: Database, file: Path, room: Path, manner: Manner) -> Restored:
    """Put the backup `file` into the place of `database`; the old one is kept in `room`, the folder of a SQLite file.

    Raises StoreError in words, NewerDatabase for a backup of a newer feedsvc, DiskFull where there is too little room
    for both; then the database is as it was.
    """
    judged = judge(file)
    if database.file is not None and file.resolve() == database.file.resolve():
        raise StoreError(f"{file} is the database itself: name a backup")
    with alone_in(room):
        _refuse_small_disk(database, file, room)
        aside = room / ".feedsvc-restoring.tmp"
        try:
            _prepare(file, aside, manner.progress)
            put = _into_server if database.file is None else _into_file
            return put(database, aside, judged, room, manner)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{file} was not put back: {error}; the database is as it was") from error
        finally:
            remove(aside)


def _refuse_small_disk(database: Database, file: Path, room: Path) -> None:
    there = database.file.stat().st_size if database.file is not None and database.file.exists() else 0
    needed, free = 3 * file.stat().st_size + there, shutil.disk_usage(room).free
    if free < needed:
        raise DiskFull(
            f"{room} has {free >> 20} MiB free, and {needed >> 20} MiB are needed to put {file} back and keep what is "
            "there: make room; nothing was changed"
        )


def _prepare(file: Path, aside: Path, progress: Progress) -> None:
    """A database of the newest schema, made of a backup of this or an older one."""
    fresh(aside)
    with closing(looked_at(file)) as source, closing(sqlite3.connect(aside)) as copy:
        source.backup(copy)
        progress("pages", 1, 1)
        copy.execute("PRAGMA journal_mode=DELETE").fetchall()
        take_out(copy)
    staged = connect(f"sqlite:///{aside}", PATIENCE)
    try:
        progress("schema", 0, 0)
        migrate(staged, keep_copy=False)
    finally:
        staged.close()


def _told(aside: Path, before: sa.Connection | None, manner: Manner) -> None:
    """What is put back learns what it follows, and is checked once more."""
    staged = connect(f"sqlite:///{aside}", PATIENCE)
    try:
        with staged.writing() as after:
            carry_on(after, before, manner.now, may_repeat=manner.may_repeat, has_copy=manner.has_copy)
            count_on(after, last_number(before) if before is not None else 0)
    finally:
        staged.close()
    manner.progress("checking", 0, 0)
    with closing(sqlite3.connect(aside)) as db:
        db.execute("PRAGMA journal_mode=DELETE").fetchall()
        refuse_damage(db, aside)


def _into_file(database: Database, aside: Path, judged: Judged, room: Path, manner: Manner) -> Restored:
    file = database.file
    if file is None or not file.exists() or not file.stat().st_size:
        _told(aside, None, manner)
        give_name(aside, room / file.name if file else aside)
        return Restored(judged=judged, kept=None)
    kept = room / f"{file.name}.before-restore-{manner.now.astimezone(UTC):{STAMP}}"
    if not _is_ours(file):
        return _instead_of_damaged(file, aside, judged, kept, manner)
    _keep(file, kept, manner.progress)
    with database.reading() as before:
        _told(aside, before if sa.inspect(before).has_table("categories") else None, manner)
    manner.progress("putting it in place", 0, 0)
    replace_pages(aside, file, PATIENCE.total_seconds())
    return Restored(judged=judged, kept=kept)


def _is_ours(file: Path) -> bool:
    """Whether SQLite can read it; another program's database is never written over. Raises StoreError."""
    try:
        with closing(opened(file)) as db:
            tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    except sqlite3.DatabaseError:
        return False
    if tables and "alembic_version" not in tables:
        raise StoreError(f"the database {file} belongs to another program (table {tables[0]}): name a new one")
    return True


def _keep(file: Path, kept: Path, progress: Progress) -> None:
    unfinished = kept.with_name(f"{kept.name}.tmp")
    fresh(unfinished)
    copy_pages(file, unfinished, progress)
    give_name(unfinished, kept)


def _instead_of_damaged(file: Path, aside: Path, judged: Judged, kept: Path, manner: Manner) -> Restored:
    """What SQLite can't read is kept byte by byte; its log is of no use to another database, and would spoil it."""
    _told(aside, None, manner)
    for ending in BESIDE:
        part = file.with_name(f"{file.name}{ending}")
        if part.exists():
            shutil.copy2(part, kept.with_name(f"{kept.name}{ending}"))
            if ending:
                part.unlink()
    give_name(aside, file)
    return Restored(judged=judged, kept=kept, opened_anew=True)


def _into_server(database: Database, aside: Path, judged: Judged, room: Path, manner: Manner) -> Restored:
    """On PostgreSQL: one transaction that lets everybody read what was, and nobody write, until it ends."""
    with database.reading() as before:
        was_there = sa.inspect(before).has_table("alembic_version")
    migrate(database)  # an empty one, or an older one, whose rows are all kept below
    kept = room / f"feedsvc.before-restore-{manner.now.astimezone(UTC):{STAMP}}.db" if was_there else None
    with database.writing() as db:
        db.exec_driver_sql(f"LOCK TABLE {', '.join(metadata.tables)} IN EXCLUSIVE MODE")
        if kept is not None:
            _keep_rows(db, kept, manner.progress)
        _told(aside, db, manner)
        number = last_number(db)
        empty(db)
        staged = connect(f"sqlite:///{aside}", PATIENCE)
        try:
            with staged.reading() as source:
                stream(source, db, manner.progress)
        finally:
            staged.close()
        count_on(db, number)
    return Restored(judged=judged, kept=kept)


def _keep_rows(db: sa.Connection, kept: Path, progress: Progress) -> None:
    unfinished = kept.with_name(f".{kept.name}.tmp")
    try:
        fresh(unfinished)
        stream_into(db, unfinished, progress)
        finish(unfinished, Contents())
        give_name(unfinished, kept)
    finally:
        remove(unfinished)

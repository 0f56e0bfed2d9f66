"""A backup made while everything runs: written aside, checked, brought to the disk, and only then given its name.

Whatever happens on the way, kill -9 and a full disk included, the backup of before stays under the name, whole.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from feedsvc.backup.alone import alone_in
from feedsvc.backup.contents import Contents, put_in
from feedsvc.backup.judging import Judged, judge
from feedsvc.backup.streaming import stream
from feedsvc.errors import DiskFull, StoreError
from feedsvc.progress import Progress, silent
from feedsvc.store.engine import Database, connect
from feedsvc.store.online import copy_pages, give_name
from feedsvc.store.schema import migrate

OWN_EYES = 0o600
"""A backup holds what subscribers told us alone, and maybe secrets: its owner alone reads it."""
PATIENCE = timedelta(seconds=10)
BESIDE = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that is there: its size in bytes, and what was found when it was read back."""

    size: int
    judged: Judged


def back_up(database: Database, file: Path, contents: Contents, progress: Progress = silent) -> Made:
    """Write all that a database holds at this moment, and `contents`, into `file`, which may be there already.

    Of SQLite the pages are copied, whatever the schema; of PostgreSQL the rows, as one transaction sees them. Raises
    StoreError in words, and leaves an old backup under that name as it was.
    """
    _refuse_own_file(database, file)
    with alone_in(file.resolve().parent):
        aside = file.with_name(f".{file.name}.tmp")
        try:
            written(database, aside, contents, progress)
            progress("checking", 0, 0)
            judged = judge(aside)
            give_name(aside, file)
        except (OSError, sqlite3.Error) as error:
            raise _told(error, file) from error
        finally:
            remove(aside)
    return Made(size=file.stat().st_size, judged=judged)


def written(database: Database, aside: Path, contents: Contents, progress: Progress) -> None:
    """Write a backup under a name that nobody looks at. Raises StoreError, OSError, sqlite3.Error."""
    fresh(aside)
    if database.file is not None:
        copy_pages(database.file, aside, progress)
    else:
        with database.reading() as source:
            stream_into(source, aside, progress)
    finish(aside, contents)


def stream_into(source: sa.Connection, aside: Path, progress: Progress) -> None:
    """Make a SQLite file of the schema of `source` with all of its rows."""
    number = source.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    target = connect(f"sqlite:///{aside}", PATIENCE)
    try:
        migrate(target, until=str(number), keep_copy=False)
        with target.writing() as db:
            stream(source, db, progress)
    finally:
        target.close()


def finish(aside: Path, contents: Contents) -> None:
    """Make one file of a database that was written, which can be read where nothing can be written beside it."""
    with closing(sqlite3.connect(aside)) as db:
        db.execute("PRAGMA journal_mode=DELETE").fetchall()
        put_in(db, contents)


def fresh(aside: Path) -> None:
    """An empty file that its owner alone may read, in place of what a killed run left there."""
    remove(aside)
    os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWN_EYES))


def remove(aside: Path) -> None:
    """Delete a file written aside, and what SQLite keeps beside one."""
    for ending in BESIDE:
        aside.with_name(f"{aside.name}{ending}").unlink(missing_ok=True)


def _refuse_own_file(database: Database, file: Path) -> None:
    if file.is_dir():
        raise StoreError(f"{file} is a folder: name a file in it")
    if database.file is not None and not database.file.exists():
        raise StoreError(f"there is no database {database.file} yet: `feedsvc run` makes it")
    if database.file is not None and any(file.resolve() == _beside(database.file, ending) for ending in BESIDE):
        raise StoreError(f"{file} is the database itself: name another file for the backup")


def _beside(file: Path, ending: str) -> Path:
    return file.resolve().with_name(f"{file.name}{ending}")


def _told(error: Exception, file: Path) -> StoreError:
    reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
    kind = DiskFull if "full" in reason or "No space" in reason else StoreError
    return kind(f"no backup was written to {file}: {reason}; a backup that was there before is as it was")

"""SQLite files copied page by page while they are in use, and files given their names so that none is ever half there.

SQLite's online backup (sqlite.org/backup.html) from a read transaction copies one state throughout: writers go on
meanwhile, and no write makes it begin anew. Into a file in use it is one transaction: whoever has that file open sees
what was there before, or all of what is there after.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from feedsvc.progress import Progress, silent

PAGES_AT_ONCE = 1024
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def copy_pages(file: Path, into: Path, progress: Progress = silent) -> None:
    """Copy the SQLite database `file`, as it is at this moment, into another one; `progress` counts its pages.

    Raises sqlite3.Error, also where there is no such file, and OSError.
    """
    with closing(opened(file)) as source, closing(sqlite3.connect(into)) as kept:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # the state is fixed by the first look
        source.backup(
            kept,
            pages=PAGES_AT_ONCE,
            progress=lambda _, left, all_of_them: progress("pages", all_of_them - left, all_of_them),
        )


def replace_pages(source: Path, file: Path, patience: float) -> None:
    """Make the database `file`, which may be in use, hold what `source` holds: in one transaction, all or nothing.

    `patience` is how many seconds a writer is waited for. Raises sqlite3.Error: "database is locked" after that.
    """
    with closing(opened(source)) as given, closing(opened(file, patience)) as kept:
        given.backup(kept, pages=-1, progress=_refuse_waiting)
        kept.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # the disk space of what was, if nobody reads it


def _refuse_waiting(status: int, _left: int, _total: int) -> None:
    """SQLite waited as long as it was told to; Python would begin again, for ever."""
    if status in LOCKED:
        raise sqlite3.OperationalError("database is locked")


def opened(file: Path, patience: float = 5.0) -> sqlite3.Connection:
    """A connection to a file that is there; one that is not is no new database. Raises sqlite3.Error."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=patience)


def give_name(aside: Path, target: Path) -> None:
    """Give a file that was written aside its name, in place of what had it: on the disk before that, and after."""
    with aside.open("rb+") as written:
        os.fsync(written.fileno())
    aside.replace(target)
    bring_to_disk(target.parent)


def bring_to_disk(folder: Path) -> None:
    """Make new names in a folder outlast a power cut, where folders can be opened."""
    if os.name == "posix":
        opened_folder = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened_folder)
        finally:
            os.close(opened_folder)

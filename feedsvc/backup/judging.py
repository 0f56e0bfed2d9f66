"""Whether a file can be put back: a whole database of a feedsvc that is not newer than this one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from feedsvc.backup import contents
from feedsvc.errors import StoreError
from feedsvc.store.schema import refuse_newer

MAGIC = b"SQLite format 3\0"
SHOWN = 3
"""How many faults a message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A file that can be put back: the number of its schema, its items, and what it holds beside them."""

    file: Path
    schema: str
    items: int
    contents: contents.Contents


def judge(file: Path) -> Judged:
    """Look at a backup, or at a plain copy of a SQLite database of feedsvc, without changing it.

    Raises StoreError in words: for what is no such file, for a damaged one, and NewerDatabase.
    """
    _refuse_other_kinds(file)
    try:
        with closing(looked_at(file)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            if not tables.issuperset({"alembic_version", "items", "item_keys", "categories"}):
                raise StoreError(f"{file} is a database, but none of feedsvc: name a file that `feedsvc backup` made")
            schema = _schema(db, file)
            refuse_damage(db, file)
            items = int(db.execute("SELECT count(*) FROM items").fetchone()[0])
            beside = contents.read(db)
    except sqlite3.Error as error:
        raise StoreError(f"{file} is damaged and can't be put back ({error}): take another backup") from error
    return Judged(file=file, schema=schema, items=items, contents=beside)


def looked_at(file: Path) -> sqlite3.Connection:
    """A connection that changes nothing, not even beside the file. Raises sqlite3.Error."""
    alone = not file.with_name(f"{file.name}-wal").exists()
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro{'&immutable=1' if alone else ''}", uri=True)


def refuse_damage(db: sqlite3.Connection, file: Path) -> None:
    """Raise StoreError for a database that does not hold together, with what SQLite says of it."""
    faults = [str(told) for (told,) in db.execute(f"PRAGMA integrity_check({SHOWN})") if told != "ok"]
    faults += [f"{table}: row {row} has lost its {parent}" for table, row, parent, _ in _orphans(db)]
    if faults:
        raise StoreError(f"{file} is damaged: {'; '.join(faults[:SHOWN])}; take another backup")


def _orphans(db: sqlite3.Connection) -> list[tuple[str, int, str, int]]:
    return db.execute("PRAGMA foreign_key_check").fetchmany(SHOWN)


def _refuse_other_kinds(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            head = opened.read(len(MAGIC))
    except OSError as error:
        raise StoreError(f"{file} can't be read: {error.strerror}") from error
    if head != MAGIC:
        raise StoreError(f"{file} is no backup: name a file that `feedsvc backup` made")


def _schema(db: sqlite3.Connection, file: Path) -> str:
    found = db.execute("SELECT version_num FROM alembic_version").fetchall()
    if len(found) != 1:
        raise StoreError(f"{file} has no schema number: it is no whole backup, take another")
    refuse_newer(str(found[0][0]), f"the backup {file}")
    return str(found[0][0])

"""What a backup holds beside the tables of the service: the configuration, and notes of when and by what."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

TABLES = """
CREATE TABLE backup_files (name TEXT PRIMARY KEY, content TEXT NOT NULL, secret INTEGER NOT NULL);
CREATE TABLE backup_notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
NAMES = ("backup_files", "backup_notes")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file as it stands beside the database: config.toml, and with `secret` what it names as `{ file = ... }`."""

    name: str
    content: str
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything beside the tables. `notes`: "made" (ISO 8601), "version" of feedsvc, "left out" (one a line)."""

    files: tuple[KeptFile, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    def note(self, name: str) -> str:
        """What is noted under a name; "" for nothing."""
        return dict(self.notes).get(name, "")


def put_in(db: sqlite3.Connection, contents: Contents) -> None:
    """Write the contents into a backup, in place of any that it has. Raises sqlite3.Error."""
    take_out(db)
    db.executescript(TABLES)
    db.executemany(
        "INSERT INTO backup_files VALUES (?, ?, ?)", [(one.name, one.content, one.secret) for one in contents.files]
    )
    db.executemany("INSERT INTO backup_notes VALUES (?, ?)", contents.notes)
    db.commit()


def take_out(db: sqlite3.Connection) -> None:
    """Make a database of a backup. Raises sqlite3.Error."""
    for name in NAMES:
        db.execute(f"DROP TABLE IF EXISTS {name}")
    db.commit()


def read(db: sqlite3.Connection) -> Contents:
    """What a backup holds beside its tables; nothing in a plain database. Raises sqlite3.Error."""
    there = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not there.issuperset(NAMES):
        return Contents()
    files: Sequence[tuple[str, str, int]] = db.execute("SELECT name, content, secret FROM backup_files").fetchall()
    notes: Sequence[tuple[str, str]] = db.execute("SELECT name, value FROM backup_notes").fetchall()
    kept = (KeptFile(name=name, content=content, secret=bool(secret)) for name, content, secret in files)
    return Contents(files=tuple(kept), notes=tuple(notes))

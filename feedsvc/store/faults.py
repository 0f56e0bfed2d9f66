"""What databases say when they fail, in words that tell a person what, why and what to do."""

from __future__ import annotations

import sqlalchemy as sa

from feedsvc.errors import Conflict, DiskFull, StoreError, Unwritable

HELD = "is held by another program that did not let go in time: end the program that writes to it, or wait for it"
UNWRITABLE = "can't be written: give the user of feedsvc the right to write the file and its folder"
FULL = "can't be written, the disk is full or fails: make room, then feedsvc goes on by itself"
CLOSED = "can't be opened: its folder must exist, and the user of feedsvc must be allowed to write in it"
UNREACHABLE = "can't be reached: see that the server runs and lets this user in"
DAMAGED = "is damaged or not a database of feedsvc: put a backup in its place"

SQLITE: dict[str, tuple[type[StoreError], str]] = {
    "is locked": (Unwritable, HELD),
    "readonly database": (Unwritable, UNWRITABLE),
    "database or disk is full": (DiskFull, FULL),
    "disk I/O error": (DiskFull, FULL),
    "unable to open database file": (Unwritable, CLOSED),
    "file is not a database": (Unwritable, DAMAGED),
    "malformed": (Unwritable, DAMAGED),
}
"""What SQLite's messages hold (sqlite.org/rescode.html), and what it means to the person who runs feedsvc."""

DECIDE_ANEW = ("40001", "40P01")
"""PostgreSQL's serialization failure and deadlock (appendix A of its manual): the other transaction won."""

POSTGRESQL: dict[str, tuple[type[StoreError], str]] = {
    "55P03": (Unwritable, HELD),
    "53100": (DiskFull, FULL),
    "53": (Unwritable, "has no more memory or connections to give: lower what it is asked for, or give it more"),
    "25006": (Unwritable, "only lets itself be read: make it writable, then feedsvc goes on by itself"),
    "57": (Unwritable, UNREACHABLE),
    "58": (Unwritable, FULL),
    "08": (Unwritable, UNREACHABLE),
}
"""Beginnings of PostgreSQL's codes, in the order in which they are tried (appendix A of its manual)."""


def explained(error: Exception, place: str) -> StoreError:
    """Turn what SQLAlchemy raised about the database at `place` (without password) into an error of ours."""
    if isinstance(error, sa.exc.IntegrityError):
        return Conflict(
            f"another poll stored one of these items first; nothing was stored, decide anew ({_said(error)})"
        )
    if isinstance(error, sa.exc.TimeoutError):
        return StoreError(f"all connections to the database {place} are in use: poll fewer sources at a time")
    if isinstance(error, UnicodeError):
        return StoreError(f"the database {place} can't take a text that is no Unicode: {error}")
    if not isinstance(error, sa.exc.DBAPIError):
        return StoreError(f"a value was not sent to the database {place}: {_said(error)}")
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    if code in DECIDE_ANEW:
        return Conflict(f"another poll was storing at the same time; nothing was stored, decide anew ({_said(error)})")
    kind, meaning = _meaning(_said(error), place, code)
    return kind(f"the database {place} {meaning} ({_said(error)})")


def _said(error: Exception) -> str:
    """Give the first line of what the driver said: SQLAlchemy adds the statement with all its values."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _meaning(said: str, place: str, code: str | None) -> tuple[type[StoreError], str]:
    """Give the kind of error, and what it means to a person."""
    if not place.startswith("postgresql"):
        return next((meaning for sign, meaning in SQLITE.items() if sign in said), (StoreError, "failed"))
    if code is None:
        return Unwritable, UNREACHABLE
    return next(
        (told for start, told in POSTGRESQL.items() if code.startswith(start)), (StoreError, "refused a request")
    )

"""What databases say when they fail, in words that tell a person what, why and what to do."""

from __future__ import annotations

import sqlalchemy as sa

from feedsvc.errors import Conflict, StoreError

# What SQLite's message holds (sqlite.org/rescode.html), and what it means to the person who runs feedsvc.
SQLITE = {
    (
        "database is locked",
        "database table is locked",
    ): "is held by another program that did not let go in time: end the program that writes to it, or wait for it",
    (
        "readonly database",
        "read-only",
    ): "can't be written: give the user of feedsvc the right to write the file and its folder",
    (
        "database or disk is full",
        "disk I/O error",
    ): "can't be written, the disk is full or fails: make room, then feedsvc goes on by itself",
    (
        "unable to open database file",
    ): "can't be opened: its folder must exist, and the user of feedsvc must be allowed to write in it",
    ("file is not a database", "malformed"): "is damaged or not a database of feedsvc: put a backup in its place",
}
DECIDE_ANEW = ("40001", "40P01")
"""PostgreSQL's serialization failure and deadlock (appendix A of its manual): the other transaction won."""

UNREACHABLE = ("57", "08")
"""Classes of PostgreSQL's codes for a server that stops or a connection that breaks."""


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
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    if code in DECIDE_ANEW:
        return Conflict(f"another poll was storing at the same time; nothing was stored, decide anew ({_said(error)})")
    return StoreError(f"{_meaning(_said(error), place, code)} ({_said(error)})")


def _said(error: Exception) -> str:
    """Give the first line of what the driver said: SQLAlchemy adds the statement with all its values."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _meaning(said: str, place: str, code: str | None) -> str:
    if place.startswith("postgresql"):
        if code is None or code.startswith(UNREACHABLE):
            return f"the database {place} can't be reached: see that the server runs and lets this user in"
        return f"the database {place} refused a request"
    for signs, meaning in SQLITE.items():
        if any(sign in said for sign in signs):
            return f"the database {place} {meaning}"
    return f"the database {place} failed"

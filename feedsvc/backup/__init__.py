"""The whole state in one file, and back again: `back_up` and `restore`, for SQLite and PostgreSQL alike.

A backup is a SQLite file of the same tables, with config.toml in a table beside them: one file to carry, that
feedsvc opens as a database when all else fails, and out of which anybody who has `sqlite3` can take what he needs.
"""

from __future__ import annotations

from feedsvc.backup.contents import Contents, KeptFile
from feedsvc.backup.judging import Judged, judge
from feedsvc.backup.making import Made, back_up
from feedsvc.backup.restoring import Manner, Restored, restore

__all__ = ["Contents", "Judged", "KeptFile", "Made", "Manner", "Restored", "back_up", "judge", "restore"]

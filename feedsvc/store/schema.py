"""The schema brought to the newest number: each opening of a store passes here, most find nothing to do."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from feedsvc.errors import DiskFull, NewerDatabase, StoreError
from feedsvc.store.online import copy_pages, give_name

if TYPE_CHECKING:
    from feedsvc.store.engine import Database

MIGRATIONS = Path(__file__).with_name("migrations")
MIGRATION_LOCK = 0x66656564_6D696772
"""Number of the advisory lock that migrations hold on PostgreSQL: "feedmigr"."""


SPARE = 16 * 1024 * 1024
"""Bytes that must be free beside a copy, for what the migration itself writes."""

HEAD = "head"


def migrate(
    database: Database, versions: Path = MIGRATIONS / "versions", *, until: str = HEAD, keep_copy: bool = True
) -> None:
    """Bring the schema to the newest number, or to `until`, in one transaction, one process at a time.

    An older SQLite file is copied first, beside itself, unless told otherwise. Raises NewerDatabase for a database
    that a newer feedsvc made, DiskFull where the copy would not fit, StoreError for a database that is not one of
    feedsvc, and leaves it as it was.
    """
    config = _config(versions)
    script = ScriptDirectory.from_config(config)
    wanted = script.get_current_head() if until == HEAD else until
    with database.reading() as connection:
        if _current(connection, script, database.place) == wanted:
            return
    with database.writing() as connection:
        _wait_for_others(connection)
        current = _current(connection, script, database.place)
        if current == wanted:
            return
        if current is None:
            _refuse_strangers(connection, database.place)
        elif database.file is not None and keep_copy:
            _keep_copy(database.file, current)
        config.attributes["connection"] = connection
        command.upgrade(config, str(wanted))


def number_of(database: Database) -> str | None:
    """Give the number of a database's schema, None where it has no table of ours.

    Raises NewerDatabase for one that this feedsvc does not know, and StoreError.
    """
    with database.reading() as connection:
        return _current(connection, ScriptDirectory.from_config(_config(MIGRATIONS / "versions")), database.place)


def refuse_newer(number: str, what: str) -> None:
    """Raise NewerDatabase, in words about `what`, for the number of a schema that this feedsvc does not know."""
    _refuse_newer(ScriptDirectory.from_config(_config(MIGRATIONS / "versions")), number, what)


def newest_number() -> str:
    """Give the number of the schema that this feedsvc works with."""
    return str(ScriptDirectory.from_config(_config(MIGRATIONS / "versions")).get_current_head())


def copy(file: Path, target: Path) -> None:
    """Copy a SQLite file in use: whole and on the disk under its name, or not at all; replaces `target`."""
    unfinished = target.with_name(f"{target.name}.tmp")
    unfinished.unlink(missing_ok=True)
    copy_pages(file, unfinished)
    give_name(unfinished, target)


def _keep_copy(file: Path, current: str) -> None:
    target = file.with_name(f"{file.name}.{current}.bak")
    try:
        _refuse_small_disk(file, target)
        copy(file, target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"no copy of the database could be kept at {target}, so it was not changed: {error}"
        ) from error


def _refuse_small_disk(file: Path, target: Path) -> None:
    needed, free = file.stat().st_size + SPARE, shutil.disk_usage(target.parent).free
    if free < needed:
        raise DiskFull(
            f"no copy of the database fits at {target} ({free >> 20} MiB free, {needed >> 20} MiB needed), so it was "
            "not changed: make room, then start again"
        )


def _config(versions: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _current(connection: sa.Connection, script: ScriptDirectory, place: str) -> str | None:
    """Give the number of the schema, None when there is none yet."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None:
        _refuse_newer(script, current, f"the database {place}")
    return current


def _refuse_newer(script: ScriptDirectory, current: str, what: str) -> None:
    try:
        script.get_revision(current)
    except CommandError as error:
        raise NewerDatabase(
            f"{what} was made by a newer feedsvc (schema {current}, this one knows {script.get_current_head()}): "
            "install that version, or put back a backup made before it"
        ) from error


def _wait_for_others(connection: sa.Connection) -> None:
    """On SQLite the writing transaction is the lock already."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))


def _refuse_strangers(connection: sa.Connection, place: str) -> None:
    """Tables without a schema number are someone else's: never mix with them."""
    if tables := sorted(sa.inspect(connection).get_table_names()):
        raise StoreError(
            f"the database {place} belongs to another program (table {tables[0]}): name a new one for feedsvc"
        )

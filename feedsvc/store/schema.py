"""The schema brought to the newest number: each opening of a store passes here, most find nothing to do."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from feedsvc.errors import StoreError

if TYPE_CHECKING:
    from feedsvc.store.engine import Database

MIGRATIONS = Path(__file__).with_name("migrations")
MIGRATION_LOCK = 0x66656564_6D696772
"""Number of the advisory lock that migrations hold on PostgreSQL: "feedmigr"."""


def migrate(database: Database, versions: Path = MIGRATIONS / "versions") -> None:
    """Bring the schema to the newest number in one transaction, one process at a time.

    An older SQLite file is copied first, beside itself. Raises StoreError for a database that is newer than this
    feedsvc, or not one of feedsvc, and leaves it as it was.
    """
    config = _config(versions)
    script = ScriptDirectory.from_config(config)
    with database.reading() as connection:
        if _current(connection, script, database.place) == script.get_current_head():
            return
    with database.writing() as connection:
        _wait_for_others(connection)
        current = _current(connection, script, database.place)
        if current == script.get_current_head():
            return
        if current is None:
            _refuse_strangers(connection, database.place)
        elif database.file is not None:
            _keep_copy(database.file, current)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def copy(file: Path, target: Path) -> None:
    """Copy a SQLite file in use: whole and on the disk under its name, or not at all; replaces `target`."""
    unfinished = target.with_name(f"{target.name}.tmp")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as kept:
        source.backup(kept)
    with unfinished.open("rb+") as written:
        os.fsync(written.fileno())
    unfinished.replace(target)


def _keep_copy(file: Path, current: str) -> None:
    target = file.with_name(f"{file.name}.{current}.bak")
    try:
        copy(file, target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"no copy of the database could be kept at {target}, so it was not changed: {error}"
        ) from error


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
        try:
            script.get_revision(current)
        except CommandError as error:
            raise StoreError(
                f"the database {place} was made by a newer feedsvc (schema {current}, this one knows "
                f"{script.get_current_head()}): install that version, or put back a backup made before it"
            ) from error
    return current


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

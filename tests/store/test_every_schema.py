"""I13: a database of every schema there ever was comes up to date in one transaction, and no id of it changes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from feedsvc.errors import DiskFull, NewerDatabase
from feedsvc.store import open_store, schema
from feedsvc.store.engine import connect
from feedsvc.store.moments import Moment
from feedsvc.store.schema import MIGRATIONS, migrate, newest_number
from feedsvc.store.tables import metadata

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
SECONDS = timedelta(seconds=5)
NUMBERS = sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
ROWS = 3
KILLED = """
import os, signal
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"
branch_labels = depends_on = None


def upgrade():
    op.add_column("items", sa.Column("extra", sa.Text, nullable=False, server_default="x"))
    op.execute("UPDATE items SET shown = updated, url = 'lost'")
    os.kill(os.getpid(), signal.SIGKILL)
"""
MIGRATE = """
import sys
from datetime import timedelta
from pathlib import Path
from feedsvc.store.engine import connect
from feedsvc.store.schema import migrate
migrate(connect(sys.argv[1], timedelta(seconds=5)), Path(sys.argv[2]))
"""


def a_value(column, place):
    """Something of the column's type that is another in each row."""
    if isinstance(column.type, Moment):
        return NOON + timedelta(minutes=place)
    if isinstance(column.type, sa.JSON):
        return None if column.nullable else []
    if isinstance(column.type, sa.Boolean):
        return False
    if isinstance(column.type, sa.LargeBinary):
        return b"\0 %d" % place
    if isinstance(column.type, sa.Integer | sa.Float):
        return place + 1
    return f"{column.name}-{place}" if column.name != "item" else f"id-{place}"  # deliveries name items by id


def columns_of(db, table):
    """The columns that the table has in this database."""
    there = {column["name"] for column in sa.inspect(db).get_columns(table.name)}
    return [column for column in table.columns if column.name in there]


def fill(database):
    """Put rows into every table there is."""
    with database.writing() as db:
        for table in metadata.sorted_tables:
            if sa.inspect(db).has_table(table.name):
                rows = [{c.name: a_value(c, place) for c in columns_of(db, table)} for place in range(ROWS)]
                db.execute(sa.insert(table), [{k: v for k, v in row.items() if k != "number"} for row in rows])


def dump(database, shape=None):
    """All rows of all tables, or of those tables and columns that `shape` was dumped from."""
    with database.reading() as db:
        found = {}
        for table in metadata.sorted_tables:
            if shape is None and not sa.inspect(db).has_table(table.name):
                continue
            if shape is not None and table.name not in shape:
                continue
            columns = columns_of(db, table) if shape is None else [table.c[name] for name in shape[table.name][0]]
            rows = db.execute(sa.select(*columns)).all()
            found[table.name] = ([column.name for column in columns], sorted(map(repr, map(tuple, rows))))
        return found


@pytest.fixture(params=NUMBERS)
def old(request, empty_url):
    """A filled database of an older schema."""
    database = connect(empty_url, SECONDS)
    migrate(database, until=request.param)
    fill(database)
    yield database
    database.close()


def test_no_row_changes_from_any_schema(old, empty_url, tmp_path, kind):
    """I13: of every row in a database of any schema, ids first, all that was there is there after the upgrade."""
    before = dump(old)
    assert len(before["items"][1]) == ROWS
    with old.reading() as db:
        number = db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    open_store(empty_url).close()
    assert dump(old, before) == before
    with old.reading() as db:
        assert db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == newest_number()
    kept = [path.name for path in tmp_path.glob("*.bak")]
    assert kept == ([f"store.db.{number}.bak"] if kind == "sqlite" and number != newest_number() else [])
    for path in tmp_path.glob("*.bak"):
        copy = connect(f"sqlite:///{path}", SECONDS)
        assert dump(copy) == before
        copy.close()


@pytest.fixture
def full(url):
    """A filled database of the newest schema."""
    database = connect(url, SECONDS)
    fill(database)
    yield database
    database.close()


def test_a_killed_migration_leaves_the_old_schema(full, url, tmp_path):
    """I13: kill -9 in the middle of a migration, on either database, leaves every row and the schema as they were."""
    folder = tmp_path / "versions"
    shutil.copytree(MIGRATIONS / "versions", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "next.py").write_text(KILLED.format(head=newest_number()), encoding="utf-8")
    before = dump(full)
    killed = subprocess.run([sys.executable, "-c", MIGRATE, url, str(folder)], check=False)
    assert killed.returncode == -signal.SIGKILL
    open_store(url).close()
    assert dump(full) == before
    with full.reading() as db:
        assert "extra" not in {column["name"] for column in sa.inspect(db).get_columns("items")}


def test_a_newer_database_is_a_wrong_setting(full, url, tmp_path):
    """I13: a database of a newer feedsvc stops the start with exit 2 and a sentence, and is left as it was."""
    with full.writing() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase):
        open_store(url)
    config = tmp_path / "config.toml"
    config.write_text(f'[service]\ndatabase = "{url}"\n', encoding="utf-8")
    words = [sys.executable, "-m", "feedsvc", "--config", str(config), "status"]
    said = subprocess.run(words, check=False, capture_output=True, text=True, env={**os.environ})
    assert said.returncode == 2
    assert "made by a newer feedsvc (schema 9999" in said.stderr
    assert len(dump(full)["items"][1]) == ROWS


def test_a_copy_that_does_not_fit_is_refused_before_it_is_begun(empty_url, kind, monkeypatch, tmp_path):
    """Where the disk has too little room for the copy, the database is not touched, and the words say so."""
    if kind == "postgresql":
        return  # no file, no copy
    database = connect(empty_url, SECONDS)
    migrate(database, until=NUMBERS[0])
    monkeypatch.setattr(schema.shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(DiskFull, match=r"0 MiB free, 16 MiB needed.*make room"):
        migrate(database)
    assert [path.name for path in tmp_path.glob("*.bak*")] == []
    with database.reading() as db:
        assert db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == NUMBERS[0]
    database.close()

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from feedsvc.errors import StoreError
from feedsvc.model import Query
from feedsvc.store import open_store
from feedsvc.store.engine import connect
from feedsvc.store.schema import MIGRATIONS, migrate
from feedsvc.store.tables import metadata

SECOND = timedelta(seconds=1)
QUERY = Query(categories=(("sapa", "tin-tuc"),))
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"
branch_labels = depends_on = None


def upgrade():
    op.add_column("items", sa.Column("extra", sa.Text, nullable=False, server_default="x"))
    {more}
"""
OPEN = """
import sys
from feedsvc.store import open_store
print("ready", flush=True)
sys.stdin.readline()
open_store(sys.argv[1]).close()
"""


@pytest.fixture
def newer_versions(tmp_path):
    """Make the folder of migrations of a feedsvc to come: ours and one more step."""

    def make(more: str = "") -> Path:
        folder = tmp_path / "versions"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(MIGRATIONS / "versions", folder, ignore=shutil.ignore_patterns("__pycache__"))
        head = max(file.name.partition("_")[0] for file in folder.glob("*.py"))
        (folder / "next.py").write_text(NEXT.format(head=head, more=more), encoding="utf-8")
        return folder

    return make


def columns(database):
    """The columns of the items."""
    with database.reading() as db:
        return {column["name"] for column in sa.inspect(db).get_columns("items")}


def test_migrations_make_the_schema(store):
    """The migrations, one after the other, end in the very tables that the code knows."""
    with store.database.reading() as db:
        assert compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), metadata) == []


def test_opening_again_changes_nothing(empty_url, make, now):
    """An empty database gets its schema; the next opening finds everything in place."""
    first = open_store(empty_url)
    make.synced(first, make.category())
    make.saved(first, now, new=(make.item("a"),))
    first.close()
    second = open_store(empty_url)
    assert second.count(QUERY) == 1
    second.close()


def test_newer_database_is_refused(url):
    """A database that a newer feedsvc made is left alone, and the message says what to do."""
    database = connect(url, SECOND)
    with database.writing() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"made by a newer feedsvc \(schema 9999.*install that version"):
        open_store(url)
    with database.reading() as db:
        assert db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == "9999"
    database.close()


def test_stranger_s_database_is_refused(empty_url):
    """Tables of another program are never mixed with ours."""
    database = connect(empty_url, SECOND)
    with database.writing() as db:
        db.exec_driver_sql("CREATE TABLE wp_posts (id INTEGER)")
    with pytest.raises(StoreError, match="belongs to another program"):
        open_store(empty_url)
    with database.reading() as db:
        assert sa.inspect(db).get_table_names() == ["wp_posts"]
    database.close()


def test_migration_keeps_items_and_a_copy(sapa, url, kind, make, now, newer_versions, tmp_path):
    """An older database comes up to date with all its items; on SQLite the old file is kept beside it, whole."""
    make.saved(sapa, now, new=(make.item("a"), make.item("b")))
    before = sapa.items(QUERY, 9)
    migrate(sapa.database, newer_versions())
    assert "extra" in columns(sapa.database)
    assert sapa.items(QUERY, 9) == before
    copies = sorted(tmp_path.glob("*.bak"))
    assert len(copies) == (1 if kind == "sqlite" else 0)
    for copy in copies:
        kept = open_store(f"sqlite:///{copy}")
        assert kept.items(QUERY, 9) == before
        kept.close()


def test_broken_migration_is_undone(sapa, make, now, newer_versions):
    """A migration that fails on the way leaves the database as it was."""
    make.saved(sapa, now, new=(make.item("a"),))
    before = columns(sapa.database)
    with pytest.raises(StoreError):
        migrate(sapa.database, newer_versions('op.execute("UPDATE none SET nothing = 1")'))
    assert columns(sapa.database) == before
    migrate(sapa.database)
    assert sapa.count(QUERY) == 1


def test_no_copy_no_migration(sapa, kind, newer_versions, tmp_path):
    """Where the copy can't be written, the database is not touched."""
    if kind == "postgresql":
        return  # no file, no copy
    newest = max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("0*.py"))
    for name in (f"{newest}.bak", f"{newest}.bak.tmp"):
        (tmp_path / f"store.db.{name}").mkdir()
    with pytest.raises(StoreError, match="no copy of the database could be kept"):
        migrate(sapa.database, newer_versions())
    assert "extra" not in columns(sapa.database)


def test_many_may_open_a_new_database(empty_url):
    """Processes that start together on an empty database all find it ready."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, empty_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    for child in children:
        child.communicate()
    assert [child.returncode for child in children] == [0, 0, 0, 0]


def test_relative_path_and_pragmas(tmp_path, monkeypatch):
    """Three slashes mean a path from the working directory; commits are on the disk before they are told."""
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///feedsvc.db")
    with store.database.reading() as db:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        assert [db.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == ["wal", 2, 1, 10_000]
    store.close()
    assert (tmp_path / "feedsvc.db").exists()


def test_in_memory_store_is_one_for_all_threads(make, now):
    """A store in memory keeps its items between calls, from whichever thread they come."""
    store = open_store("sqlite://")
    make.synced(store, make.category())
    make.saved(store, now, new=(make.item("a"),))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: store.count(QUERY), range(20))) == [1] * 20
    store.close()


@pytest.mark.parametrize("address", ["mysql://root:geheim@db/feeds", "sqlite+aiosqlite:///x.db", "feedsvc.db", ""])
def test_other_addresses_are_refused(address):
    """An address of another kind gets a sentence with what would be right, and no password in it."""
    with pytest.raises(StoreError, match=r"write sqlite:///feedsvc\.db.*or postgresql://") as caught:
        open_store(address)
    assert "geheim" not in str(caught.value)


def test_missing_driver_is_named(monkeypatch):
    """Without PostgreSQL's driver the message says how to get it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r'pip install "feedsvc\[postgresql\]"'):
        open_store("postgresql://feedsvc@127.0.0.1/feeds")


def test_unreachable_server():
    """A server that does not answer is named, its password is not."""
    with pytest.raises(StoreError, match="can't be reached") as caught:
        open_store("postgresql://feedsvc:geheim@127.0.0.1:1/feeds", patience=SECOND)
    assert "127.0.0.1:1" in str(caught.value)
    assert "geheim" not in str(caught.value)
    assert "psycopg://" not in str(caught.value)


def test_folder_that_is_not_there(tmp_path):
    """A database in a missing folder is refused with its reason."""
    with pytest.raises(StoreError, match="its folder must exist"):
        open_store(f"sqlite:///{tmp_path}/none/feedsvc.db")


def test_file_that_is_no_database(tmp_path):
    """A file of another kind is refused and not overwritten."""
    file = tmp_path / "thu.txt"
    file.write_text("Không phải cơ sở dữ liệu. " * 100, encoding="utf-8")
    with pytest.raises(StoreError, match="not a database of feedsvc"):
        open_store(f"sqlite:///{file}")
    assert file.read_text(encoding="utf-8").startswith("Không phải")

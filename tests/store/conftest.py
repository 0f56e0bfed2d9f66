"""A fresh database of each kind for every test, a real PostgreSQL among them, and makers of items and polls."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from feedsvc.model import Category, CategoryState, Item, PollResult, Source
from feedsvc.store import open_store

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def _postgresql_folder() -> Path | None:
    on_path = shutil.which("pg_ctl")
    if on_path:
        return Path(on_path).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda found: int(found.parts[-3]))
    return installed[-1].parent if installed else None


@contextmanager
def _running_cluster(programs: Path):
    """A throw-away PostgreSQL on a Unix socket in a temporary folder; it never runs as root."""
    user = {"user": "postgres"} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="feedsvc-pg-"))
    if user:
        shutil.chown(folder, "postgres")
    settings = (
        f"-F -k {folder} -c listen_addresses= -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"
    )

    def run(*words: str) -> None:
        subprocess.run(words, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user)

    run(f"{programs}/initdb", "-D", f"{folder}/data", "-U", "feedsvc", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    run(f"{programs}/pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", settings, "start")
    try:
        yield folder
    finally:
        run(f"{programs}/pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql():
    """Make databases on a real PostgreSQL: call with `migrated` to get the address of a fresh one."""
    programs = _postgresql_folder()
    if programs is None:
        reason = "no PostgreSQL on this machine (apt-get install postgresql): its half of the contract was not run"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with _running_cluster(programs) as folder:
        numbers = count(1)

        def create(*, migrated: bool) -> str:
            name = f"test_{next(numbers)}"
            with psycopg.connect(f"host={folder} user=feedsvc dbname=postgres", autocommit=True) as server:
                server.execute(f"CREATE DATABASE {name} TEMPLATE {'migrated' if migrated else 'template0'}")
            return f"postgresql://feedsvc@/{name}?host={folder}"

        with psycopg.connect(f"host={folder} user=feedsvc dbname=postgres", autocommit=True) as server:
            server.execute("CREATE DATABASE migrated")
        open_store(f"postgresql://feedsvc@/migrated?host={folder}").close()
        yield create


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """A SQLite file with the newest schema and nothing in it."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request):
    """Which database the test runs on."""
    return request.param


@pytest.fixture
def empty_url(kind, request, tmp_path):
    """The address of a database without any table."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return request.getfixturevalue("postgresql")(migrated=False)


@pytest.fixture
def url(kind, request, tmp_path):
    """The address of a fresh database with the newest schema."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "store.db")
        return f"sqlite:///{tmp_path / 'store.db'}"
    return request.getfixturevalue("postgresql")(migrated=True)


@pytest.fixture
def store(url):
    """A fresh store."""
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def now():
    """The moment at which tests begin."""
    return NOON


def _category(source: str = "sapa", slug: str = "tin-tuc", url: str = "", **more) -> Category:
    return Category(source=source, slug=slug, title=slug, url=url or f"https://{source}.example.vn/{slug}", **more)


def _item(name: str = "a", **more) -> Item:
    plain = Item(
        id=f"tag:feeds.example.org,2026:sapa/{name}",
        keys=(f"url:sapa.example.vn/{name}",),
        source="sapa",
        url=f"https://sapa.example.vn/{name}",
        title=f"Bản tin {name}",
        first_seen=NOON,
        shown=NOON,
        updated=NOON,
        categories=("tin-tuc",),
    )
    return replace(plain, **more)


def _poll(claim, at: datetime = NOON, **more) -> PollResult:
    state = CategoryState(polled=at, next_poll=at + timedelta(minutes=15), outcome="ok")
    plain = PollResult(
        source=claim.source,
        category=claim.category,
        token=claim.token,
        started=at,
        finished=at,
        outcome="ok",
        state=state,
    )
    return replace(plain, **more)


def _synced(store, *categories: Category, at: datetime = NOON) -> None:
    names = dict.fromkeys(category.source for category in categories)
    sources = [Source(slug=name, title=name, home=f"https://{name}.example.vn/") for name in names]
    store.sync(sources, categories, at)


def _saved(store, at: datetime = NOON, category: str = "tin-tuc", source: str = "sapa", **parts):
    """Claim a category whatever its due time, and save a poll of it."""
    (claim,) = store.claim_due(at, 1, owner="test", only=(source, category))
    store.save(_poll(claim, at, **parts))


@pytest.fixture
def make():
    """Makers: `category`, `item`, `poll`; `synced` configures a store, `saved` claims and saves in one go."""
    return SimpleNamespace(category=_category, item=_item, poll=_poll, synced=_synced, saved=_saved)


@pytest.fixture
def sapa(store, make):
    """The store with one source of two categories on one host."""
    make.synced(store, make.category(), make.category(slug="du-lich"))
    return store

"""Databases of both kinds with something in everything, and the feeds that readers get of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from e2e.conftest import portal, processes, start_portal  # noqa: F401 - fixtures
from store.conftest import NOON, _category, _item, _poll, _saved, _synced, migrated_file, postgresql  # noqa: F401

from feedsvc.config import load_config
from feedsvc.model import Delivery, Intent, Topic
from feedsvc.service import Service
from feedsvc.store import open_store
from feedsvc.store.tables import copies, metadata, suspects

LATER = NOON + timedelta(days=400)
CONFIG = """
[service]
title = "Tin thử"
base_url = "https://feeds.example.org"
database = "{url}"

[[source]]
slug = "sapa"
title = "Sa Pa"
home = "https://sapa.example.vn/"
  [[source.category]]
  slug = "tin-tuc"
  title = "Tin tức"
  url = "https://sapa.example.vn/tin-tuc"
  [[source.category]]
  slug = "du-lich"
  title = "Du lịch"
  url = "https://sapa.example.vn/du-lich"
"""
TOPIC = "https://feeds.example.org/feeds/sapa.rss"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request):
    """Which database is backed up."""
    return request.param


@pytest.fixture
def new_url(request, tmp_path):
    """Makes the address of a database without any table."""

    def make(kind: str, name: str = "store") -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / f'{name}.db'}"
        return request.getfixturevalue("postgresql")(migrated=False)

    return make


def fill(store, *, first: int = 0, count: int = 60) -> None:
    """Polls that bring items, correct one, and leave something in every outbox."""
    _synced(store, _category(), _category(slug="du-lich"))
    names = range(first, first + count)
    new = tuple(_item(f"tin-{n}", shown=NOON + timedelta(minutes=n), text=f"Nội dung {n}. " * 40) for n in names)
    due = tuple(
        Delivery(
            id=f"{relay}-{first}",
            relay=relay,
            target="t",
            item_id=new[-1].id,
            kind="new",
            revision=1,
            attempt=0,
            due=NOON,
        )
        for relay in ("nhom", "thu")
    )
    _saved(store, NOON + timedelta(hours=first), new=tuple(reversed(new)), deliveries=due)


def fill_rest(store) -> None:
    """What polls do not bring: a subscriber, an alarm, a doubtful answer, a copied picture."""
    wish = Intent(
        topic=TOPIC,
        callback="https://doc.example.net/cb",
        mode="subscribe",
        lease=timedelta(days=9),
        secret="khoa",
        asked_by="192.0.2.1",
    )
    topic = Topic(url=TOPIC, path="sapa", format="rss")
    store.outbox.ask(wish, topic, NOON)
    with store.database.writing() as db:
        db.execute(
            sa.insert(suspects).values(
                source="sapa",
                category="tin-tuc",
                url="u",
                at=NOON,
                code="login",
                detail="d",
                content_type="text/html",
                body=b"\0\xff<html>",
            )
        )
        db.execute(
            sa.insert(copies).values(
                asked="a",
                url="https://x/1.jpg",
                name="ab" * 32 + ".jpg",
                mime="image/jpeg",
                length=9,
                width=1,
                height=1,
                small="",
                small_length=0,
                kept=NOON,
            )
        )


def rows_of(database, without=()):
    """All rows of all tables."""
    with database.reading() as db:
        return {
            table.name: sorted(repr(tuple(row)) for row in db.execute(sa.select(table)))
            for table in metadata.sorted_tables
            if table.name not in without
        }


@pytest.fixture
def world(kind, new_url, tmp_path):
    """A filled database, its configuration, and the feeds of a configuration as bytes."""
    url = new_url(kind)
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(url=url), encoding="utf-8")
    store = open_store(url)
    fill(store)
    fill_rest(store)

    def feeds(of=config):
        loaded = load_config(Path(of), {})
        opened = open_store(loaded.database)
        service = Service(loaded, opened, lambda: LATER)
        paths = ("sapa/tin-tuc", "sapa/du-lich", "sapa")
        found = {
            (path, format_): service.document(path, format_).body
            for path in paths
            for format_ in ("rss", "atom", "json")
        }
        opened.close()
        return found

    yield SimpleNamespace(
        url=url, store=store, config=config, feeds=feeds, folder=tmp_path, fill=fill, rows=rows_of, now=LATER
    )
    store.close()


def pytest_addoption(parser):
    """How long the tests of crashes last."""
    parser.addoption("--backup-kills", type=int, default=6, help="kills of a backup, and of a restore")

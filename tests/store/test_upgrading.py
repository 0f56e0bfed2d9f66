"""Databases that an older feedsvc filled."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from feedsvc.model import Query
from feedsvc.store import open_store
from feedsvc.store.engine import connect
from feedsvc.store.moments import Moment
from feedsvc.store.schema import MIGRATIONS, migrate
from feedsvc.store.search import searchable
from feedsvc.store.tables import item_categories, items

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
BRIDGE = "title:khánh thành cầu treo bắc qua suối bạc sau hai năm|2026-03-02"
COUNT = 1203
"""More than are filled at once."""

BOTH = Query(categories=(("sapa", "tin-tuc"), ("bac-ha", "tin-tuc")))


def table(name, *columns, **typed):
    """A table as it was before there was anything to choose by."""
    return sa.table(name, *map(sa.column, columns), *(sa.column(one, kind) for one, kind in typed.items()))


OLD_ITEMS = table(
    "items", "number", "id", "source", "url", "title", "summary", "html", "text", "revision", "language",
    "fingerprint", "search", authors=sa.JSON, media=sa.JSON, first_seen=Moment, shown=Moment, updated=Moment,
    looked=Moment,
)  # fmt: skip
OLD_KEYS = table("item_keys", "item", "key", "source", "weak", "position")
OLD_CATEGORIES = table("item_categories", "item", "category", "source", "position", shown=Moment)


def old_item(number):
    """A row of an item; the portals take turns."""
    source, title = ("sapa", "bac-ha")[number % 2], f"Lũ quét ở bản {number}"
    return {
        "number": number, "id": f"tag:x:{number}", "source": source, "url": f"https://{source}.example.vn/{number}",
        "title": title, "summary": "", "html": "", "text": "Đường tắc", "revision": 1, "language": "vi",
        "fingerprint": "", "search": searchable((title, "", "Đường tắc")), "authors": [], "media": [],
        "first_seen": NOON, "shown": NOON + timedelta(minutes=number % 100), "updated": NOON, "looked": NOON,
    }  # fmt: skip


@pytest.fixture
def old_url(empty_url, tmp_path):
    """A database of the schema before, with many items; each tenth in two categories, two of them one story."""
    folder = tmp_path / "versions"
    folder.mkdir()
    for name in ("0001_first.py", "0002_found.py", "0003_history.py"):
        shutil.copy(MIGRATIONS / "versions" / name, folder)
    database = connect(empty_url, timedelta(seconds=5))
    migrate(database, folder)
    found = [old_item(number) for number in range(1, COUNT + 1)]
    slugs = [
        {"item": one["number"], "category": slug, "source": one["source"], "shown": one["shown"], "position": position}
        for one in found
        for position, slug in enumerate(("tin-tuc", "du-lich")[: 2 if one["number"] % 10 == 0 else 1])
    ]
    keys = [
        {"item": one["number"], "key": f"url:{one['number']}", "source": one["source"], "weak": False, "position": 0}
        for one in found
    ]
    keys += [
        {"item": number, "key": BRIDGE, "source": source, "weak": True, "position": 1}
        for number, source in ((3, "bac-ha"), (1200, "sapa"))
    ]
    with database.writing() as db:
        unnumbered = [{name: one[name] for name in one if name != "number"} for one in found]
        for into, rows in ((OLD_ITEMS, unnumbered), (OLD_KEYS, keys), (OLD_CATEGORIES, slugs)):
            db.execute(sa.insert(into), rows)  # the database numbers items itself, in this order
    database.close()
    return empty_url


@pytest.fixture
def upgraded(old_url):
    """The store over that database, as it is now."""
    store = open_store(old_url)
    yield store
    store.close()


def test_an_old_database_can_be_chosen_from(upgraded):
    """What was stored before is found without marks, is known for a story, and stands in archives by its numbers."""
    assert upgraded.count(BOTH) == COUNT
    found = upgraded.items(Query(categories=BOTH.categories, search="duong lu ban 77"), 9)
    assert [item.number for item in found] == [77]
    assert upgraded.archives(BOTH) == COUNT // 50
    assert [item.number for item in upgraded.archive(BOTH, 51).items] == list(range(50, 0, -1))
    once = Query(categories=BOTH.categories, once=True)
    assert upgraded.count(once) == COUNT - 1
    told = [(item.number, item.related) for item in upgraded.items(once, COUNT) if item.related]
    assert told == [(3, ("https://sapa.example.vn/1200",))]


def test_old_arrivals_are_numbered_without_gap(upgraded):
    """Every old row has an arrival of its own, rising with the items' numbers and their categories' positions."""
    asked = sa.select(item_categories.c.arrival).order_by(item_categories.c.item, item_categories.c.position)
    with upgraded.database.reading() as db:
        assert list(db.execute(asked).scalars()) == list(range(1, COUNT + COUNT // 10 + 1))
        stories = db.execute(sa.select(items.c.number).where(items.c.story != "").order_by(items.c.number)).scalars()
        assert list(stories) == [3, 1200]


def test_what_comes_later_arrives_behind_the_old(upgraded, make):
    """After the upgrade arrivals go on where the old ones end."""
    make.synced(upgraded, make.category())
    make.saved(upgraded, NOON, new=(make.item("moi"),))
    with upgraded.database.reading() as db:
        last = db.execute(sa.select(item_categories).order_by(item_categories.c.arrival.desc()).limit(1)).one()
    assert (last.item, last.arrival) == (COUNT + 1, COUNT + COUNT // 10 + 1)

"""What changes around a feed while readers follow it: items that are lost, feeds that leave, files that move."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import feedparser
import pytest

from feedsvc.errors import StoreError
from feedsvc.web.departed import departure

U = "/feeds/suoi-bac/tin-tuc.rss"
BROWSER = {"Accept": "text/html"}
WITHOUT_NOTICES = '  [[source.category]]\n  slug = "thong-bao"\n  title = "Thông báo"\n  url = "https://suoibac.example.org/thong-bao"\n'


def lose(world, item):
    """Takes an item out of the database behind the service's back, as a bad repair would."""
    with closing(sqlite3.connect(world.folder / "feedsvc.db")) as database, database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("DELETE FROM items WHERE id = ?", (item.id,))


def ids(answer):
    """The items of a feed."""
    return {entry.id for entry in feedparser.parse(answer.data).entries}


@pytest.mark.parametrize("ending", ["rss", "atom", "json"])
def test_an_item_that_is_lost_keeps_the_feed_as_it_was(world, ending):
    """A document from which an item vanished without a cause is not shown: the last one stays, and the status says why."""
    address, client = f"/feeds/suoi-bac/tin-tuc.{ending}", world.client()
    (lost,) = world.publish("suoi-bac/tin-tuc")
    before = client.get(address)
    lose(world, lost)
    world.clock.pass_time(60)
    world.publish("suoi-bac/tin-tuc")
    after = client.get(address)
    assert (after.status_code, after.data, after.headers["ETag"]) == (200, before.data, before.headers["ETag"])
    (told,) = client.get("/status.json").get_json()["service"]["documents"]["stale"]
    assert (told["path"], told["format"]) == ("suoi-bac/tin-tuc", ending)
    assert lost.id in told["reason"]
    assert lost.id in client.get("/status").text


def test_the_feed_heals_when_the_item_is_back(world):
    """Once the item is there again, the next look shows the new document, and nothing is told any more."""
    client = world.client()
    (lost,) = world.publish("suoi-bac/tin-tuc")
    file = world.folder / "feedsvc.db"
    client.get(U)
    with closing(sqlite3.connect(file)) as database:
        backup = sqlite3.connect(":memory:")
        database.backup(backup)
    lose(world, lost)
    world.clock.pass_time(60)
    world.publish("suoi-bac/tin-tuc")
    client.get(U)
    assert client.get("/status.json").get_json()["service"]["documents"]["stale"]
    with closing(backup), closing(sqlite3.connect(file)) as database:
        backup.backup(database)
    world.clock.pass_time(60)
    world.publish("suoi-bac/tin-tuc")
    assert len(ids(client.get(U))) == 5
    assert client.get("/status.json").get_json()["service"]["documents"]["stale"] == []


def test_ageing_out_is_a_reason(world):
    """Items that leave at the old end, because newer ones came, hold nothing up; nor do shorter or later pages."""
    client = world.client()
    world.publish("suoi-bac/tin-tuc", 57)
    addresses = [U, f"{U}?limit=3", f"{U}?page=2", f"{U}?q=le+hoi", f"{U}?since=2026-01-01"]
    before = {address: client.get(address).data for address in addresses}
    world.clock.pass_time(60)
    world.publish("suoi-bac/tin-tuc", 20)
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.data != before[address], address
    assert client.get("/status.json").get_json()["service"]["documents"]["stale"] == []


def test_a_category_that_left_the_configuration_is_gone(make_world):
    """Row 10: what was read once and is no longer configured is 410 in every form; what was never read is 404."""
    first = make_world()
    first.publish("suoi-bac/thong-bao")
    assert first.client().get("/feeds/suoi-bac/thong-bao.rss").status_code == 200
    config = (first.folder / "config.toml").read_text("utf-8")
    assert WITHOUT_NOTICES in config
    client = make_world(config=config.replace(WITHOUT_NOTICES, ""), clock=first.clock).client()
    for ending in (".rss", ".atom", ".json", ""):
        assert client.get(f"/feeds/suoi-bac/thong-bao{ending}").status_code == 410
        assert client.get(f"/feeds/suoi-bac/thong-bao{ending}", headers=BROWSER).status_code == 410
        assert client.get(f"/feeds/suoi-bac/tin-tuc{ending}").status_code == 200
    assert client.get("/feeds/suoi-bac/thong-bao.exe").status_code == 404
    assert client.get("/feeds/suoi-bac/chua-co.rss").status_code == 404
    assert "Gone" in client.get("/feeds/suoi-bac/thong-bao.rss").text


def test_a_source_that_left_the_configuration_is_gone(make_world):
    """Row 10: with its last category the feed of a whole source is gone as well."""
    first = make_world()
    first.publish("suoi-bac/tin-tuc")
    config = '[[source]]\nslug = "ho-so"\ntitle = "Hồ sơ"\nhome = "folder:ho-so"\n'
    config = f'[service]\nbase_url = "https://feeds.example.org"\n{config}'
    client = make_world(config=config, clock=first.clock).client()
    assert client.get("/feeds/suoi-bac.rss").status_code == 410
    assert client.get("/feeds/ho-so.rss").status_code == 200


def test_without_the_store_nothing_new_is_gone(world, monkeypatch):
    """While the database does not answer, an unknown feed is unknown; the store is asked once a second at most."""
    asked = []

    def broken(_store):
        asked.append(1)
        raise StoreError("the database is gone")

    monkeypatch.setattr(type(world.service.store), "retired", broken)
    client = world.client()
    assert [client.get("/feeds/suoi-bac/chua-co.rss").status_code for _ in range(5)] == [404] * 5
    world.clock.pass_time(2)
    client.get("/feeds/suoi-bac/chua-co.rss")
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("place", "there"),
    [
        ("/feeds/cu.rss", "/feeds/suoi-bac.rss"),
        ("/feeds/cu", "/feeds/suoi-bac"),
        ("/feeds/cu/tin.json", "/feeds/suoi-bac/tin-tuc.json"),
        ("/feeds/cu/khac.rss", ""),
        ("/feeds/cu.exe", ""),
        ("/feeds/suoi-bac.rss", ""),
        ("/feeds/xua.rss", "gone"),
        ("/feeds/xua/", ""),
        ("/feeds/cu.rss\n", ""),
        ("/opml", ""),
    ],
)
def test_where_what_left_is_now(place, there):
    """Each format and the page lead to their own; what is there now comes first."""
    moved = {"cu": "suoi-bac", "cu/tin": "suoi-bac/tin-tuc", "suoi-bac": "xua"}
    known = {"channels": {"suoi-bac", "suoi-bac/tin-tuc"}, "formats": {"rss", "json"}}
    assert departure(place, **known, moved=moved, gone={"xua", "suoi-bac"}) == there


@pytest.mark.parametrize("base_url", ["https://feeds.example.org/tin", "http://[2001:db8::1]:8080"])
def test_moved_below_a_path(make_world, base_url):
    """The new address begins with base_url, whatever that is."""
    client = make_world(base_url=base_url, more='\n[web.moved]\ncu = "suoi-bac"\n').client()
    answer = client.get("/feeds/cu.rss?limit=2&x=%E1%BA%AF ắ")
    assert answer.headers["Location"] == f"{base_url}/feeds/suoi-bac.rss?limit=2&x=%E1%BA%AF%20%E1%BA%AF"
    assert "max-age" in answer.headers["Cache-Control"]


def test_a_search_in_letters_of_any_alphabet_is_linked_in_ascii(world):
    """A header holds ASCII alone, whatever was searched; unescaped bytes of a query are taken as UTF-8."""
    client = world.client()
    escaped = client.get(f"{U}?q=l%E1%BB%85%20h%E1%BB%99i")
    raw = client.get(U, environ_overrides={"QUERY_STRING": "q=lễ+hội".encode().decode("latin-1")})
    assert escaped.headers["Link"].isascii()
    assert escaped.data == raw.data
    assert len(ids(raw)) == 1

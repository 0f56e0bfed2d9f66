"""Categories that discovery finds become feeds and pages of a running web process."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from feedsvc.errors import StoreError
from feedsvc.listings import searched
from feedsvc.model import DISCOVERY, CategoryState, Found, Problem

CONFIG = """\
[service]
title = "Tin Suối Bạc"
base_url = "https://feeds.example.org"

[[source]]
slug = "suoi-bac"
title = "Thị trấn Suối Bạc"
home = "https://suoibac.example.org/"

[[feed]]
slug = "phim"
title = "Phim"
include = ["suoi-bac/video"]
"""
WEEK = timedelta(days=7)


@pytest.fixture
def world(make_world):
    """A service over one source of which only the home page is given."""
    made = make_world(config=CONFIG)
    config = made.service.config
    names = {source.slug for source in searched(config)}
    made.service.store.sync(config.sources(), config.categories(), made.clock.now, discover=names)
    return made


def found(world, slug, title, **more):
    """A category that was found now."""
    now = world.clock.now
    url = f"https://suoibac.example.org/{slug}"
    return Found(slug=slug, title=title, url=url, first_found=now, last_found=now, **more)


def discover(world, *some, **state):
    """Stores a discovery as the poller would."""
    store, now = world.service.store, world.clock.now
    (claim,) = store.claim_due(now, 1, owner="test", only=("suoi-bac", DISCOVERY))
    plain = {"polled": now, "next_poll": now + WEEK, "outcome": "ok", "succeeded": now}
    store.save_found(claim, some, CategoryState(**plain | state))


def test_home_page_is_the_one_listing_until_something_is_found(world):
    """Before the first search the source and its home page have feeds."""
    client = world.client()
    assert client.get("/feeds/suoi-bac.rss").status_code == 200
    assert client.get("/feeds/suoi-bac/trang-chu.rss").status_code == 200
    assert client.get("/feeds/suoi-bac/video.rss").status_code == 404


def test_found_categories_get_feeds_without_a_restart(world):
    """A second after a search, its categories are in feeds, on the home page, in the OPML list and on the status."""
    client = world.client()
    assert b"Danh s" not in client.get("/opml").data
    discover(world, found(world, "tin-tuc", "Tin tức"), found(world, "video", "Danh sách video", kind="video"))
    world.publish("suoi-bac/video", 2)
    world.clock.pass_time(1)
    assert client.get("/feeds/suoi-bac/video.json").get_json()["title"] == "Danh sách video – Thị trấn Suối Bạc"
    assert len(client.get("/feeds/suoi-bac.json").get_json()["items"]) == 2
    assert len(client.get("/feeds/phim.json").get_json()["items"]) == 2
    assert "Danh sách video" in client.get("/").text
    assert 'text="Danh sách video"' in client.get("/opml").text
    paths = [row["path"] for row in client.get("/status.json").get_json()["categories"]]
    assert paths == ["suoi-bac/tin-tuc", "suoi-bac/video"]


def test_feed_of_a_source_follows_what_is_found(world):
    """The feed of the whole source is written anew when its categories change, though no item of them does."""
    client = world.client()
    before = client.get("/feeds/suoi-bac.rss").headers["ETag"]
    discover(world, found(world, "tin-tuc", "Tin tức"))
    world.publish("suoi-bac/tin-tuc", 1)
    world.clock.pass_time(1)
    after = client.get("/feeds/suoi-bac.rss").headers["ETag"]
    assert after != before
    discover(world, found(world, "video", "Phim"), found(world, "tin-tuc", "Tin tức"))
    world.clock.pass_time(1)
    assert client.get("/feeds/suoi-bac/video.rss").status_code == 200


def test_vanished_categories_keep_their_feeds(world):
    """What is gone from the portal is told on the status, and its feed still answers."""
    gone = found(world, "video", "Danh sách video", vanished=world.clock.now)
    discover(world, found(world, "tin-tuc", "Tin tức"), gone)
    world.clock.pass_time(1)
    client = world.client()
    assert client.get("/feeds/suoi-bac/video.rss").status_code == 200
    (row,) = client.get("/status.json").get_json()["searches"]
    assert [(one["category"], one["vanished"]) for one in row["found"]] == [
        ("tin-tuc", None),
        ("video", "2026-11-23T10:35:00+07:00"),
    ]
    page = BeautifulSoup(client.get("/status").text, "lxml")
    told = " ".join(page.select("table")[1].get_text(" ").split())
    assert "Danh sách video không còn trên cổng từ 23/11/2026 10:35" in told
    assert "Tin tức từ 23/11/2026 10:35" in told


def test_failed_search_is_told_in_words(world):
    """Why a search failed, and when it is tried again, stands on the status."""
    problem = Problem(code="timed-out", detail="Cổng không trả lời trong 20 giây")
    soon = world.clock.now + timedelta(minutes=15)
    discover(world, outcome="failed", failures=1, problem=problem, next_poll=soon, succeeded=None)
    client = world.client()
    (row,) = client.get("/status.json").get_json()["searches"]
    assert (row["outcome"], row["failures"], row["problem"]["code"]) == ("failed", 1, "timed-out")
    assert row["next_discovery"] == "2026-11-23T10:50:00+07:00"
    assert "Cổng không trả lời trong 20 giây" in client.get("/status?lang=en").text


def test_database_away_leaves_the_channels_as_they_are(world, monkeypatch):
    """While the database cannot be asked, the feeds that were known are still known."""
    discover(world, found(world, "video", "Danh sách video"))
    channels = world.service.channels
    assert "suoi-bac/video" not in channels
    world.clock.pass_time(1)
    assert "suoi-bac/video" in channels

    def away(*_args, **_more):
        raise StoreError("disk full")

    monkeypatch.setattr(type(world.service.store), "revision", away)
    world.clock.pass_time(5)
    assert "suoi-bac/video" in channels


def test_portals_with_categories_of_their_own_ask_nothing(make_world, monkeypatch):
    """Where every source names its categories, knowing the channels costs no question to the database."""
    service = make_world().service

    def asked(*_args, **_more):
        raise AssertionError("the store was asked")

    monkeypatch.setattr(type(service.store), "revision", asked)
    monkeypatch.setattr(type(service.store), "found", asked)
    assert "suoi-bac/tin-tuc" in service.channels
    assert service.searches() == ()

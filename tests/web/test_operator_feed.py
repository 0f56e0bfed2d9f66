"""Alarms on the status page and in the operator's feed: for operators alone, and never among the news."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedsvc.model import Alarm, Beat

LOCAL = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1"}


@pytest.fixture
def alarmed(world):
    """A world in which one category has been told to be broken."""
    now = world.clock.now
    world.service.store.save_alarms(
        [
            Alarm(
                id="tag:example.org,2026:a/1", source="suoi-bac", category="tin-tuc", code="failing",
                detail="hangs at https://u:geheim@x.example/?token=geheim", url="https://x.example/", began=now, told=now,
            )
        ]
    )  # fmt: skip
    return world


def test_alarms_are_shown_without_secrets(alarmed):
    """The page, its JSON and the feed name what is wrong, and hide what an address may hold."""
    client = alarmed.client()
    (alarm,) = client.get("/status.json").get_json()["alarms"]
    assert (alarm["source"], alarm["code"], alarm["told_as"], alarm["reminders"]) == ("suoi-bac", "failing", "begun", 0)
    page, feed = client.get("/status").text, client.get("/feeds/operator.atom", environ_overrides=LOCAL).text
    for text in (page, feed, alarm["detail"]):
        assert "hangs at" in text
        assert "geheim" not in text


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_the_feed_is_for_operators_alone(alarmed, form):
    """Strangers find nothing there, as with /metrics."""
    client = alarmed.client()
    stranger = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get(f"/feeds/operator.{form}", environ_overrides=stranger).status_code == 404
    answer = client.get(f"/feeds/operator.{form}", environ_overrides=LOCAL)
    assert answer.status_code == 200
    again = client.get(
        f"/feeds/operator.{form}", environ_overrides=LOCAL, headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_no_error_is_an_item_of_the_news(alarmed):
    """What is wrong with a portal stands in no feed of its news."""
    assert "hangs at" not in alarmed.client().get("/feeds/suoi-bac/tin-tuc.rss").text


def test_a_service_that_stands_still_tells_its_operators(world):
    """Where no poller works nobody can store an alarm: the web tells it by itself, each time with the same ids."""
    began = world.clock.now
    world.service.store.beat(Beat(owner="mot:1", at=began))
    client, told = world.client(), []
    for hours in (1, 2, 25):
        world.clock.now = began + timedelta(hours=hours)
        told.append(client.get("/feeds/operator.json", environ_overrides=LOCAL).get_json()["items"])
    assert [len(items) for items in told] == [1, 1, 2]
    assert {one["id"] for one in told[0]} == {one["id"] for one in told[1]} < {one["id"] for one in told[2]}
    (alarm,) = client.get("/status.json").get_json()["alarms"]
    assert (alarm["source"], alarm["code"], alarm["reminders"]) == ("", "silent", 1)
    assert "<strong>feedsvc</strong>: no poller has given a sign" in client.get("/status").text


def test_an_alarm_that_is_over_stays_in_the_feed_for_a_month(alarmed):
    """And lasts no longer on the status page."""
    store, now = alarmed.service.store, alarmed.clock.now
    (alarm,) = store.lasting_alarms("suoi-bac", "tin-tuc")
    store.save_alarms([replace(alarm, ended=now)])
    client = alarmed.client()
    assert client.get("/status.json").get_json()["alarms"] == []
    alarmed.clock.now = now + timedelta(days=29)
    assert client.get("/feeds/operator.atom", environ_overrides=LOCAL).text.count("<entry") == 2

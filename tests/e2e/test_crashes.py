"""Nothing is lost, doubled or changed when the poller is killed, and no portal holds up another."""

import json
import random
import signal
import time

from loopback import ask, free_port, until

from feedsvc.model import Query
from feedsvc.store import open_store

KILLS = 20
QUERIED = ("tin-tuc", "kinh-te-xa-hoi")


def test_a_poller_killed_twenty_times_loses_and_doubles_nothing(processes, portal, configure) -> None:
    """SIGKILL during polls of a portal that publishes: no id twice, no article lost, none changed."""
    config = configure(portal, port=free_port(), pages=9, categories=("tin-tuc", "kinh-te-xa-hoi"))
    url = f"sqlite:///{config.parent / 'feedsvc.db'}"
    dice, seen = random.Random(20), {}
    for _ in range(KILLS):
        portal.control(publish=1, category=dice.choice(["tin-tuc", "kinh-te-xa-hoi"]))
        poller = processes.start("feedsvc", "--config", str(config), "poll", "--forever")
        asked = portal.report()["total"]
        wanted = asked + dice.randrange(2, 40)
        until(lambda wanted=wanted: portal.report()["total"] >= wanted, 30, "the poller asks the portal")
        poller.send_signal(signal.SIGKILL)
        poller.wait()
        for item in stored(url):
            assert seen.setdefault(item.id, identity(item)) == identity(item)

    processes.start("feedsvc", "--config", str(config), "poll", "--forever")
    published = {one["number"]: one["title"] for one in portal.report()["articles"] if one["category"] in QUERIED}
    until(lambda: len(stored(url)) >= len(published), 60, "every published article is stored")
    items = stored(url)
    assert sorted(item.title for item in items) == sorted(published.values())
    assert len({item.id for item in items}) == len(items)
    assert all(identity(item) == seen[item.id] for item in items if item.id in seen)


def stored(url: str) -> list:
    """All items of the database."""
    store = open_store(url)
    try:
        return store.items(Query(categories=tuple(("cong-0", slug) for slug in QUERIED)), 1000)
    finally:
        store.close()


def identity(item) -> tuple:
    """What a reader must never see change."""
    return item.title, item.shown, item.revision, item.url, item.text


def test_a_portal_that_hangs_delays_neither_the_other_nor_readers(processes, start_portal, configure) -> None:
    """While one portal accepts and never answers, the other's news arrive and feeds answer at once."""
    slow, good = start_portal(), start_portal()
    port = free_port()
    config = configure(slow, good, port=port, categories=("tin-tuc",))
    slow.control(mode="hang")
    processes.start("feedsvc", "--config", str(config), "run")
    feed = f"http://127.0.0.1:{port}/feeds/cong-1/tin-tuc.json"

    def titles() -> list[str]:
        status, _, body = ask(feed)
        return [one["title"] for one in json.loads(body)["items"]] if status == 200 else []

    until(lambda: len(titles()) >= 10, 30, "the good portal's feed is filled")
    title = good.control(publish=1, category="tin-tuc")["done"][0]["title"]
    begun = time.monotonic()
    until(lambda: title in titles(), 8, "news of the good portal arrive")
    assert time.monotonic() - begun < 8
    answers = []
    for _ in range(20):
        begun = time.monotonic()
        assert ask(feed)[0] == 200
        answers.append(time.monotonic() - begun)
    assert sorted(answers)[10] < 0.5
    slow.control(mode="normal")

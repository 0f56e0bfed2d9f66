"""A subscriber who knows nothing but an address of a feed is told of news at once."""

import json
import re
from urllib.parse import quote

import pytest
from fakes.subscriber import Subscriber, send
from loopback import ask, free_port, until

from feedsvc.model import Query
from feedsvc.store import open_store


@pytest.fixture
def subscriber():
    """A subscriber of our own making."""
    with Subscriber() as running:
        yield running


@pytest.fixture
def service(processes, portal, configure, subscriber):
    """A running service over the sample portal, polling every second; the address of one feed of it."""
    port = free_port()
    config = configure(portal, port=port, categories=("tin-tuc",))
    allowed = f'"127.0.0.1:{subscriber.port}", "127.0.0.1:{portal.port}"'
    text = re.sub(r"allow_private = \[.*\]", f"allow_private = [{allowed}]", config.read_text("utf-8"))
    config.write_text(text, "utf-8")
    processes.start("feedsvc", "--config", str(config), "run")
    feed = f"http://127.0.0.1:{port}/feeds/cong-0/tin-tuc.rss"
    until(lambda: ask(feed)[2].count(b"<item>") >= 10, 40, "the feed is filled")
    return config, feed


def links(feed: str) -> dict[str, str]:
    """The Link header of a feed: addresses by what they are."""
    found = ask(feed)[1]["link"]
    return {rel: url for url, rel in re.findall(r'<([^>]*)>\s*;\s*rel="?([a-z]+)"?', found)}


def test_a_subscriber_is_verified_told_at_once_and_left_alone_when_he_has_enough(service, portal, subscriber) -> None:
    """From the feed's own address to a signed delivery of what a GET gives; after unsubscribing nothing comes."""
    config, feed = service
    found = links(feed)
    assert found["self"] == feed
    mine, other = subscriber.callback("/mot"), subscriber.callback("/hai")
    for callback in (mine, other):
        secret = f"bí mật của {callback}"
        assert send(found["hub"], "subscribe", found["self"], callback, secret=secret, lease_seconds=86400)[0] == 202
        asked = subscriber.next("GET")
        assert asked.query["hub.mode"] == "subscribe"
        assert asked.query["hub.topic"] == feed
        assert asked.query["hub.lease_seconds"] == "86400"
        assert asked.query["cua"] == "toi"
    until(lambda: counts(feed) == {"live": 2, "pending": 0}, 10, "both are subscribed")

    title = portal.control(publish=1, category="tin-tuc")["done"][0]["title"]
    told = sorted((subscriber.next("POST"), subscriber.next("POST")), key=lambda one: one.path, reverse=True)
    lag = told[0].at - stored_at(config)
    print(f"\ndelivered {lag:.3f} s after the poll that found it ended")  # noqa: T201 - the figure is wanted
    assert title in told[0].body.decode()
    assert told[0].signed_with(f"bí mật của {mine}")
    assert told[1].signed_with(f"bí mật của {other}")
    assert not told[0].signed_with("bí mật khác")
    status, headers, body = ask(feed)
    assert (status, body) == (200, told[0].body)
    assert told[0].headers["Content-Type"] == headers["content-type"]
    assert links_of(told[0].headers["Link"]) == {"self": feed, "hub": found["hub"]}

    assert send(found["hub"], "unsubscribe", feed, mine)[0] == 202
    assert subscriber.next("GET").query["hub.mode"] == "unsubscribe"
    until(lambda: counts(feed) == {"live": 1, "pending": 0}, 10, "one is left")
    portal.control(publish=1, category="tin-tuc")
    assert subscriber.next("POST").path == "/hai"
    assert all(one.path == "/hai" for one in subscriber.all("POST"))


def links_of(header: str) -> dict[str, str]:
    """The addresses of a Link header."""
    return {rel: url for url, rel in re.findall(r'<([^>]*)>\s*;\s*rel="?([a-z]+)"?', header)}


def counts(feed: str) -> dict[str, int]:
    """What /status.json tells of subscriptions."""
    return json.loads(ask(feed.partition("/feeds/")[0] + "/status.json")[2])["subscriptions"]


def stored_at(config) -> float:
    """When the last poll that found something ended, in seconds."""
    store = open_store(f"sqlite:///{config.parent / 'feedsvc.db'}")
    try:
        return store.revision(Query(categories=(("cong-0", "tin-tuc"),))).changed.timestamp()
    finally:
        store.close()


def test_a_feed_chosen_by_words_is_told_too(service, portal, subscriber) -> None:
    """Its own address is the topic; any other spelling is answered with that address."""
    _, feed = service
    title = portal.report()["articles"][-1]["title"]
    word = title.split()[0]
    status, text = send(
        f"{feed.partition('/feeds/')[0]}/hub", "subscribe", f"{feed}?q={quote(word)}&x=1", subscriber.callback()
    )
    assert status == 404
    topic = re.search(r"which is (\S+)\.\n", text)[1]
    assert links(topic)["self"] == topic
    assert send(links(topic)["hub"], "subscribe", topic, subscriber.callback())[0] == 202
    assert subscriber.next("GET").query["hub.topic"] == topic


def test_a_round_by_hand_tells_too(processes, portal, configure, feedsvc, subscriber) -> None:
    """`feedsvc poll` brings what it found to a hub elsewhere before it ends."""
    config = configure(portal, port=free_port(), categories=("tin-tuc",))
    text = config.read_text("utf-8").replace("allow_private = [", f'allow_private = ["127.0.0.1:{subscriber.port}", ')
    config.write_text(f'{text}[websub]\nhub = "{subscriber.callback("/hub")}"\n', "utf-8")
    assert feedsvc("poll", config=config).returncode == 0
    assert subscriber.all("POST") == []
    portal.control(publish=1, category="tin-tuc")
    assert feedsvc("poll", config=config).returncode == 0
    told = [one.form() for one in subscriber.all("POST")]
    assert {one["hub.mode"] for one in told} == {"publish"}
    names = [one["hub.topic"].partition("/feeds/")[2] for one in told]
    assert sorted(names) == [f"cong-0{path}.{kind}" for path in ("", "/tin-tuc") for kind in ("atom", "json", "rss")]
    assert feedsvc("poll", config=config).returncode == 0
    assert subscriber.all("POST") == []

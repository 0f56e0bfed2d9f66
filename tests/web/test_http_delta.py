"""Feeds in parts (RFC 3229): who gets one, what it holds, and when the whole must do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from threading import Thread

import feedparser
import pytest

from feedsvc.errors import RenderError, StoreError
from feedsvc.model import Rendered
from feedsvc.web.address import Address
from feedsvc.web.delta import Deltas, asks_for_news
from feedsvc.web.heads import OPEN, VARY
from feedsvc.web.packing import pack

U = "/feeds/suoi-bac/tin-tuc.atom"


class Reader:
    """A client that keeps the tag of what it got last, and asks for news of it."""

    def __init__(self, world, address=U):
        self.world, self.address, self.client, self.tag = world, address, world.client(), None

    def ask(self, **headers):
        """The next answer, a minute later."""
        self.world.clock.pass_time(60)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        asked = {"A-IM": "feed", **({"If-None-Match": self.tag} if self.tag else {}), **headers}
        answer = self.client.get(self.address, headers=asked)
        self.tag = answer.headers.get("ETag", self.tag)
        return answer

    def news(self, **headers):
        """Status and ids of the next answer."""
        answer = self.ask(**headers)
        return answer.status_code, {entry.id for entry in feedparser.parse(answer.data).entries}


def ids(items):
    """Their ids."""
    return {item.id for item in items}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("feed", True),
        ("FEED", True),
        ("vcdiff, feed;q=0.5", True),
        ("feed;q=0", False),
        ("gzip", False),
        ("", False),
        ("feeds", False),
    ],
)
def test_who_asks_for_news(said, wanted):
    """A-IM names "feed", with a quality that is not nought."""
    assert asks_for_news(said) is wanted


def test_a_reader_gets_each_entry_once(world):
    """Through many rounds a reader that asks for news gets every entry, and none again, also from part to part."""
    reader = Reader(world)
    status, got = reader.news()
    assert (status, len(got)) == (200, 3)
    for count in (1, 3, 2):
        new = world.publish("suoi-bac/tin-tuc", count)
        assert reader.news() == (226, ids(new))
        assert reader.news() == (304, set())
    latecomer = Reader(world)
    assert len(latecomer.news()[1]) == 9


def test_old_states_are_known_for_long(world):
    """A reader that comes back after several changes gets the sum of them."""
    late, often = Reader(world), Reader(world)
    late.client = often.client
    late.ask()
    new = []
    for _ in range(5):
        new += world.publish("suoi-bac/tin-tuc")
        often.ask()
    assert late.news() == (226, ids(new))


def test_a_corrected_entry_is_news(world):
    """An entry that was changed comes again, alone."""
    (item,) = world.publish("suoi-bac/thong-bao")
    reader = Reader(world, "/feeds/suoi-bac.rss")
    assert len(reader.news()[1]) == 4
    changed = replace(item, title="Thông báo đã được sửa", updated=world.clock.now, revision=2)
    world.poll("suoi-bac/thong-bao", changed=[changed])
    status, got = reader.news()
    assert (status, got) == (226, {item.id})


def test_part_has_a_tag_that_every_process_knows(world):
    """After a part the reader is up to date in any other process too, and elsewhere nobody takes the part for the whole."""
    reader = Reader(world)
    reader.ask()
    world.publish("suoi-bac/tin-tuc")
    assert reader.ask().status_code == 226
    reader.client = world.client()
    assert reader.ask().status_code == 304
    part = Reader(world)
    part.tag = None
    part.ask()
    world.publish("suoi-bac/tin-tuc")
    part.ask()
    assert part.client.get(U, headers={"If-None-Match": part.tag}).status_code == 200


def test_the_whole_comes_when_the_part_cannot_be_made(world, monkeypatch):
    """A store that fails, or that has moved on since, costs the reader nothing but the difference."""
    reader = Reader(world)
    reader.ask()
    tag = reader.tag
    world.publish("suoi-bac/tin-tuc")
    reader.client.get(U)
    world.clock.pass_time(60)
    reader.client.get(U)
    whole = reader.client.get(U).data

    def broken(*_args, **_options):
        raise StoreError("the database is gone")

    whole_feed = type(world.service).feed

    def without_the_new(*args):
        feed = whole_feed(*args)
        return replace(feed, items=feed.items[1:])

    for feed in (broken, lambda *_args: None, without_the_new):
        monkeypatch.setattr(type(world.service), "feed", feed)
        reader.tag = tag
        answer = reader.ask()
        assert (answer.status_code, answer.data) == (200, whole)


def test_head_of_a_part(world):
    """HEAD has the status and headers of GET, and no body."""
    reader = Reader(world)
    reader.ask()
    asked = {"A-IM": "feed", "If-None-Match": reader.tag}
    world.clock.pass_time(60)
    world.publish("suoi-bac/tin-tuc")
    get, head = reader.client.get(U, headers=asked), reader.client.head(U, headers=asked)
    assert (get.status_code, list(get.headers)) == (head.status_code, list(head.headers)) == (226, list(head.headers))
    assert head.data == b""


ADDRESS = Address(path="suoi-bac", format="atom")
ENTRY = "<entry><id>{0}</id><title>t</title><published>{1}</published><updated>{1}</updated><link rel='alternate' href='https://e.org/'/></entry>"


def shown(*names):
    """A small Atom document as it would be kept."""
    moment = "2026-11-23T10:00:00+07:00"
    entries = "".join(ENTRY.format(name, moment) for name in names)
    body = (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><id>i</id><title>t</title><updated>{moment}</updated>"
        f"<author><name>a</name></author><link rel='self' href='https://e.org/f'/>{entries}</feed>"
    )
    rendered = Rendered(body=body.encode(), media_type="application/atom+xml")
    return pack(rendered, datetime(2026, 11, 23, tzinfo=UTC))


def cut(_address, wanted):
    """A part that tells what it holds."""
    return Rendered(body=" ".join(sorted(wanted)).encode() * 100, media_type="text/plain")


def headers(_address):
    """Those of a feed, as far as parts care."""
    return (("Vary", VARY), ("Cache-Control", "public"), *OPEN)


def test_states_are_bounded():
    """The oldest states are forgotten: their readers get the whole, the others go on."""
    deltas = Deltas(cut, headers, states=6)
    old = [shown(f"{n}") for n in range(4)]
    for one in old:
        deltas.remember(ADDRESS, one)
    now = shown("0", "1", "2", "3", "4")
    lacking = [deltas.news(ADDRESS, now, {one.forms["gzip"].etag}) for one in old]
    assert lacking == [None, None, frozenset("0134"), frozenset("0124")]
    assert deltas.news(ADDRESS, now, {one.forms["br"].etag for one in old}) == frozenset("014")
    assert deltas.news(ADDRESS, now, {now.forms["br"].etag}) == frozenset()
    assert deltas.news(ADDRESS, now, {"nobody's"}) is None


def test_parts_are_made_once_and_bounded():
    """Equal parts are one, whoever asks; the first made go when they are too many or too large."""
    made = []

    def counted(address, wanted):
        made.append(wanted)
        return cut(address, wanted)

    now = shown("1", "2", "3")
    one = Deltas(counted, headers, parts=2)
    for wanted in ("1", "1", "2", "3", "1"):
        assert one.part(ADDRESS, now, frozenset(wanted)).body.startswith(wanted.encode())
    assert made == [frozenset(wanted) for wanted in "1231"]
    small = Deltas(counted, headers, capacity=1)
    assert small.part(ADDRESS, now, frozenset("1")) is not None
    assert not small._parts


def test_nobody_waits_for_a_part():
    """While one part is made, a reader that would need another gets the whole at once."""
    meanwhile = []

    def slowly(address, wanted):
        asked = Thread(target=lambda: meanwhile.append(deltas.part(address, now, frozenset("2"))))
        asked.start()
        asked.join(10)
        return cut(address, wanted)

    now, deltas = shown("1", "2"), Deltas(slowly, headers)
    assert deltas.part(ADDRESS, now, frozenset("1")) is not None
    assert meanwhile == [None]


def test_a_part_that_is_not_sound_is_not_shown():
    """What the check before publishing refuses is not sent, and is tried again."""
    tried = []

    def unsound(_address, wanted):
        tried.append(wanted)
        raise RenderError("an id twice")

    deltas = Deltas(unsound, headers)
    assert [deltas.part(ADDRESS, shown("1"), frozenset("1")) for _ in range(2)] == [None, None]
    assert len(tried) == 2

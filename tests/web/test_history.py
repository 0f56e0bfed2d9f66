"""A reader of archives (RFC 5005) against the running server, while news come in."""

from __future__ import annotations

import time
from itertools import cycle
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"
BATCHES = (1, 7, 30, 50, 3)
ENTRY = {"rss": "channel/item/guid", "atom": f"{ATOM}entry/{ATOM}id"}


class Reader:
    """Reads one feed as any archive reader does: from the newest document back to the first archive that it knows."""

    def __init__(self, address, form, meanwhile):
        self.address, self.form, self.meanwhile = address, form, meanwhile
        self.archived, self.newest, self.read = [], [], {}

    def get(self, address):
        """A document; something comes in while it is asked for."""
        self.meanwhile()
        with urlopen(address, timeout=20) as answer:
            body = answer.read()
        root = etree.fromstring(body)
        links = {link.get("rel"): link.get("href") for link in root.iter(f"{ATOM}link")}
        ids = [found.text for found in root.findall(ENTRY[self.form])]
        return body, ids, links.get("prev-archive"), root.find(f".//{ARCHIVE}") is not None

    def look(self):
        """Reads what is new."""
        _, self.newest, there, archive = self.get(self.address)
        assert not archive
        found = []
        while there and there not in self.read:
            body, ids, before, archive = self.get(there)
            assert archive
            self.read[there] = body
            found.append(ids)
            there = before
        self.archived += [one for ids in reversed(found) for one in ids]


@pytest.mark.parametrize(("path", "form"), [("suoi-bac/tin-tuc", "atom"), ("suoi-bac", "rss"), ("le-hoi", "atom")])
def test_a_reader_of_archives_gets_every_item_once(start_server, path, form):
    """Who follows prev-archive from the newest document has every item, once, while more and more come in."""
    live = start_server(items=1)
    sizes, published = cycle(BATCHES), []
    categories = cycle(["suoi-bac/tin-tuc"] if "/" in path else ["suoi-bac/tin-tuc", "suoi-bac/thong-bao"])

    def publish():
        come = live.world.publish(next(categories), next(sizes))
        published.extend(item.id for item in come if path != "le-hoi" or item.title.startswith("Lễ hội"))

    (first,) = live.world.service.store.items(live.world.service.channels["suoi-bac/tin-tuc"].query, 9)
    published.append(first.id)
    reader = Reader(f"{live.url}/feeds/{path}.{form}", form, publish)
    for _ in range(6):
        reader.look()
        everything = set(reader.archived) | set(reader.newest)
        assert len(reader.archived) == len(set(reader.archived))
        assert everything == set(published[: len(everything)])
    reader.meanwhile = lambda: None
    end = time.monotonic() + 20
    while set(published) != set(reader.archived) | set(reader.newest):
        assert time.monotonic() < end
        reader.look()
    assert len(reader.archived) == len(set(reader.archived)) >= len(published) - 49
    assert all(reader.get(address)[0] == body for address, body in reader.read.items())


def test_pages_and_archives_that_are_not_there(start_server):
    """Past the end, and where no full block ends, stands nothing: 404, and a 200 once the block is full."""
    live = start_server(items=49)
    there = f"{live.url}/feeds/suoi-bac/tin-tuc.rss"

    def status(query):
        return live_status(f"{there}?{query}")

    assert [status(query) for query in ("page=2", "before=51", "before=7", "before=0", "before=x", "page=x")] == [
        404, 404, 404, 404, 200, 200,
    ]  # fmt: skip
    live.world.publish("suoi-bac/tin-tuc", 2)
    end = time.monotonic() + 20
    while [status(query) for query in ("page=2", "before=51")] != [200, 200]:
        assert time.monotonic() < end
    assert status("before=101") == 404


def live_status(address):
    """The status of an answer."""
    try:
        with urlopen(address, timeout=20) as answer:
            return answer.status
    except HTTPError as error:
        with error:
            return error.code

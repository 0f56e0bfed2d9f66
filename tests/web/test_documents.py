"""Kept documents: when they are looked at, made anew, kept in need, and let go."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event, Semaphore

from feedsvc.errors import RenderError, StoreError
from feedsvc.model import Choice, Rendered, Revision
from feedsvc.web.address import Address
from feedsvc.web.documents import Documents

ADDRESS = Address(path="suoi-bac", format="rss")
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)


class Backstage:
    """What documents are made of here: counts its questions, and fails when told to."""

    def __init__(self):
        self.now, self.number, self.text = 0.0, 1, "một"
        self.looks, self.renders = 0, []
        self.look_error = self.render_error = None

    def look(self, address):
        """The revision of everything."""
        """The revision of everything."""
        self.looks += 1
        if self.look_error:
            raise self.look_error
        return Revision(number=self.number, changed=NOON)

    def render(self, address):
        """The document of any address."""
        """The document of any address."""
        self.renders.append(address)
        if self.render_error:
            raise self.render_error
        return Rendered(body=self.text.encode() * 100, media_type="text/plain")

    def documents(self, **options):
        """Documents kept over this."""
        """Documents kept over this."""
        return Documents(self.render, self.look, lambda: self.now, **options)


def body(documents, address=ADDRESS):
    """The plain text at an address, None without a document."""
    """The plain text at an address, None without a document."""
    found = documents.get(address)
    return found and found.forms["identity"].body.decode()


def test_store_is_looked_at_once_a_second():
    """However many readers ask within a second, the store is asked once."""
    stage = Backstage()
    documents = stage.documents()
    for _ in range(10):
        documents.get(ADDRESS)
    assert stage.looks == 1
    stage.now = 1.0
    documents.get(ADDRESS)
    assert stage.looks == 2


def test_nothing_is_rendered_without_a_change():
    """A document is made once for each revision, and the new one is shown at the next look."""
    stage = Backstage()
    documents = stage.documents()
    assert body(documents).startswith("một")
    stage.now = 5.0
    documents.get(ADDRESS)
    assert len(stage.renders) == 1
    stage.number, stage.text, stage.now = 2, "hai", 10.0
    assert body(documents).startswith("hai")
    assert len(stage.renders) == 2


def test_equal_bytes_keep_their_validators():
    """A revision that leaves the document as it was leaves ETag and Last-Modified too."""
    stage = Backstage()
    documents = stage.documents()
    before = documents.get(ADDRESS)
    stage.number, stage.now = 2, 2.0
    assert documents.get(ADDRESS) is before


def test_last_good_bytes_stay():
    """When rendering or the store fails, readers get what there was, and the tally tells why."""
    for fault in ({"render_error": RenderError("ids twice")}, {"look_error": StoreError("disk full")}):
        stage = Backstage()
        documents = stage.documents()
        good = body(documents)
        stage.number, stage.now = 2, 2.0
        vars(stage).update(fault)
        assert body(documents) == good
        reason = str(next(iter(fault.values())))
        assert documents.tally().stale == (("suoi-bac", "rss", reason),)
        assert documents.tally().failures == 1


def test_recovers_by_itself():
    """After the fault the next look shows the new document, and the tally is clean."""
    stage = Backstage()
    documents = stage.documents()
    body(documents)
    stage.number, stage.text, stage.now, stage.render_error = 2, "hai", 2.0, RenderError("ids twice")
    body(documents)
    stage.now, stage.render_error = 4.0, None
    assert body(documents).startswith("hai")
    assert documents.tally().stale == ()


def test_nothing_to_show_is_none_and_not_asked_again_at_once():
    """A document that never worked is None; the attempt is repeated once a second, not at each request."""
    stage = Backstage()
    stage.render_error = RenderError("no title")
    documents = stage.documents()
    assert body(documents) is None
    assert body(documents) is None
    assert len(stage.renders) == 1


def test_memory_is_bounded():
    """The least recently used documents go when the bytes outgrow the capacity, and come back when asked for."""
    stage = Backstage()
    size = stage.documents().get(ADDRESS).size
    documents = stage.documents(capacity=3 * size)
    addresses = [Address(path="suoi-bac", format="rss", choice=Choice(limit=n)) for n in range(1, 8)]
    for address in addresses:
        documents.get(address)
        documents.get(addresses[0])
    assert documents.tally().held == 3
    assert documents.tally().size <= 3 * size
    stage.renders.clear()
    documents.get(addresses[0])
    assert stage.renders == []
    documents.get(addresses[1])
    assert stage.renders == [addresses[1]]


def test_forms_hold_the_same_content_under_tags_of_their_own():
    """Gzip unpacks to the plain bytes, is the same each time, and has its own ETag."""
    one, other = (Backstage().documents().get(ADDRESS) for _ in range(2))
    assert gzip.decompress(one.forms["gzip"].body) == one.forms["identity"].body
    assert one == other
    assert one.forms["gzip"].etag != one.forms["identity"].etag


def test_one_renders_and_the_others_do_not_wait():
    """While a new document is made, every other reader is answered with the old one at once."""
    stage, started, go = Backstage(), Event(), Event()
    documents = stage.documents()
    old = body(documents)
    make = stage.render

    def slowly(address):
        started.set()
        assert go.wait(10)
        return make(address)

    documents._render = slowly
    stage.number, stage.text, stage.now = 2, "hai", 2.0
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(body, documents)
        assert started.wait(10)
        others = [threads.submit(body, documents) for _ in range(8)]
        assert {other.result(10) for other in others} == {old}
        go.set()
        assert first.result(10).startswith("hai")
    assert len(stage.renders) == 2


def test_first_readers_share_one_rendering():
    """Many readers of a document that is not there yet cause one look and one rendering, and all get it."""
    stage, asked, all_there = Backstage(), Semaphore(0), Event()
    make = stage.render

    class Watched(Documents):
        """Tells when every reader has asked."""

        def _entry(self, address):
            entry = super()._entry(address)
            asked.release()
            return entry

    def when_all_asked(address):
        assert all_there.wait(10)
        return make(address)

    documents = Watched(when_all_asked, stage.look, lambda: stage.now)
    with ThreadPoolExecutor(8) as threads:
        readers = [threads.submit(body, documents) for _ in range(8)]
        assert all(asked.acquire(timeout=10) for _ in readers)
        all_there.set()
        found = [reader.result(10) for reader in readers]
    assert len(set(found)) == 1
    assert (len(stage.renders), stage.looks) == (1, 1)

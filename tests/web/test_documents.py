"""Kept documents: when they are looked at, made anew, kept in need, and let go."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event, Semaphore

import brotli

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
        self.looks += 1
        if self.look_error:
            raise self.look_error
        return Revision(number=self.number, changed=NOON)

    def render(self, address):
        """The document of any address."""
        self.renders.append(address)
        if self.render_error:
            raise self.render_error
        return Rendered(body=self.text.encode() * 100, media_type="text/plain")

    def documents(self, **options):
        """Documents kept over this."""
        return Documents(self.render, self.look, lambda: self.now, **options)


def body(documents, address=ADDRESS):
    """The plain text at an address, None without a document."""
    found = documents.get(address)
    return found and found.body.decode()


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
        stage.now += 1
        documents.get(address)
        documents.get(addresses[0])
    assert documents.tally().held == 3
    assert documents.tally().size <= 3 * size
    stage.renders.clear()
    documents.get(addresses[0])
    assert stage.renders == []
    documents.get(addresses[1])
    assert stage.renders == [addresses[1]]


def test_whole_feeds_stay_whatever_is_chosen():
    """However many choices strangers think of, the number kept is bounded, and the feeds themselves stay."""
    stage = Backstage()
    documents = stage.documents(most=5)
    feeds = [Address(path=f"{n}", format="rss") for n in range(3)]
    for address in feeds:
        documents.get(address)
    for n in range(100):
        documents.get(Address(path="0", format="rss", choice=Choice(search=f"{n}")))
    stage.renders.clear()
    assert documents.tally().held == len(documents._entries) == 5
    assert all(documents.holds(address) for address in feeds)
    assert documents.get(Address(path="0", format="rss", choice=Choice(search="99")))
    assert stage.renders == []


def test_what_is_being_made_is_not_thrown_out():
    """A document that others push while it is made is made once, and there afterwards."""
    stage = Backstage()
    documents = stage.documents(most=2)
    mine = Address(path="0", format="rss", choice=Choice(search="mine"))

    def render(address):
        if address == mine:
            for n in range(5):
                documents.get(Address(path="0", format="rss", choice=Choice(search=f"{n}")))
        return stage.render(address)

    documents._render = render
    assert documents.get(mine) is not None
    assert documents.holds(mine)
    assert stage.renders.count(mine) == 1


def test_addresses_without_a_document_do_not_pile_up():
    """What leads nowhere, or fails, is forgotten like the rest, and says which of the two it was."""
    stage = Backstage()
    documents = stage.documents(most=5)
    documents._render = lambda _address: None
    nowhere = [Address(path="0", format="rss", choice=Choice(page=n)) for n in range(2, 100)]
    assert not any(documents.get(address) for address in nowhere)
    assert len(documents._entries) == 5
    assert documents.problem(nowhere[-1]) is None
    stage.render_error, documents._render = RenderError("ids twice"), stage.render
    assert documents.get(ADDRESS) is None
    assert str(documents.problem(ADDRESS)) == "ids twice"


def test_what_is_there_no_more_is_not_shown():
    """A page or an archive that is gone after a change leads nowhere from then on."""
    stage = Backstage()
    documents = stage.documents()
    assert body(documents)
    documents._render = lambda _address: None
    stage.number, stage.now = 2, 2.0
    assert body(documents) is None
    assert documents.problem(ADDRESS) is None


def test_a_document_that_may_not_follow_is_not_shown():
    """A new document is shown only when it may take the place of the last; until then the reason is told."""
    stage, compared, refusal = Backstage(), [], RenderError("would lose 3 items")

    def follow(address, before, after):
        compared.append((address, before.body[:4], after.body[:3]))
        if refusal:
            raise refusal

    documents = stage.documents(follow=follow)
    old = documents.get(ADDRESS)
    stage.number, stage.text, stage.now = 2, "hai", 2.0
    assert documents.get(ADDRESS) is old
    assert documents.tally().stale == (("suoi-bac", "rss", "would lose 3 items"),)
    assert compared == [(ADDRESS, "một".encode()[:4], b"hai")]
    refusal, stage.number, stage.now = None, 3, 4.0
    assert body(documents).startswith("hai")
    assert documents.tally().stale == ()


def test_what_failed_is_tried_less_and_less_often():
    """A revision that fails again and again costs a rendering in a minute; the next revision is tried at once."""
    stage = Backstage()
    documents = stage.documents()
    body(documents)
    stage.number, stage.render_error, stage.renders = 2, RenderError("ids twice"), []
    for second in range(1, 601):
        stage.now = float(second)
        body(documents)
    assert 10 <= len(stage.renders) <= 17
    stage.number, stage.render_error, stage.now = 3, None, 601.0
    stage.text = "ba"
    assert body(documents).startswith("ba")


def test_dates_ahead_of_the_clock_are_those_of_now():
    """A document is never dated ahead of the clock (RFC 9110, 8.8.2.1)."""
    earlier = NOON - timedelta(days=1)
    document = Backstage().documents(clock=lambda: earlier).get(ADDRESS)
    assert document.changed == earlier
    assert document.modified == "Sun, 22 Nov 2026 05:00:00 GMT"


def test_forms_hold_the_same_content_under_tags_of_their_own():
    """Each coding unpacks to the plain bytes, is the same each time, and has its own ETag."""
    one, other = (Backstage().documents().get(ADDRESS) for _ in range(2))
    assert gzip.decompress(one.forms["gzip"].body) == brotli.decompress(one.forms["br"].body) == one.body
    assert one == other
    assert len({form.etag for form in one.forms.values()}) == len(one.forms) == 3


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

"""Pages are read in a child process: what a page can do, it does to that child alone."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from feedsvc.errors import ExtractError, LayoutChanged
from feedsvc.model import Listing, Page, Source, Stub
from feedsvc.reading import MEMORY, Reading
from feedsvc.sites.generic import GenericSite

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SOURCE = Source(slug="sapa", title="Sa Pa", home="https://sapa.example.vn/")
STUB = Stub(keys=(), url="https://sapa.example.vn/a", title="")
LIST = "<ul>" + "".join(f"<li><a href='/tin/bai-{n}'>Thôn số {n} có đường mới</a></li>" for n in range(8)) + "</ul>"


def page(body: str) -> Page:
    """A page with this body."""
    return Page(
        url=STUB.url, final_url=STUB.url, status=200, body=body.encode(), content_type="text/html", fetched_at=NOW
    )


@pytest.fixture
def reading() -> Iterator[Reading]:
    """A reading child with a short time."""
    pool = Reading(workers=1, seconds=5)
    yield pool
    pool.close()


async def test_a_listing_comes_back_from_the_child(reading: Reading) -> None:
    """What the child reads is what the site reads."""
    listing = await reading.listing(page(LIST), SOURCE)
    assert [stub.title for stub in listing.stubs] == [f"Thôn số {n} có đường mới" for n in range(8)]


async def test_what_a_site_raises_comes_back_as_it_is(reading: Reading) -> None:
    """A page that is no listing is told in the site's own words."""
    with pytest.raises(LayoutChanged, match=r"sapa\.example\.vn"):
        await reading.listing(page("<p>Bảo trì</p>"), SOURCE)
    with pytest.raises(ExtractError):
        await reading.article(page(""), STUB, SOURCE)


async def test_torture_costs_one_page_and_the_next_is_read(reading: Reading) -> None:
    """A hundred thousand nested elements are read or given up in time; the page after them is read."""
    with suppress(ExtractError):
        await reading.article(page("<div>" * 100_000 + LIST), STUB, SOURCE)
    assert (await reading.listing(page(LIST), SOURCE)).stubs


class Slow:
    """A site that never ends."""

    def listing(self, page: Page, source: Source, shape: str = "") -> None:
        while True:
            pass


class Waiting:
    """A site that never ends, and takes no time of the processor for it."""

    def listing(self, page: Page, source: Source, shape: str = "") -> None:
        Event().wait()


class Hungry:
    """A site that wants more memory than the child may have."""

    def listing(self, page: Page, source: Source, shape: str = "") -> None:
        bytearray(2 * MEMORY)


class Busy(GenericSite):
    """A site that works for most of the time that it may."""

    def listing(self, page: Page, source: Source, shape: str = "") -> Listing:
        end = time.process_time() + 0.6
        while time.process_time() < end:
            pass
        return super().listing(page, source, shape)


class Deadly:
    """A site that takes its process with it."""

    def listing(self, page: Page, source: Source, shape: str = "") -> None:
        os._exit(3)


class Mistaken:
    """A site with a mistake in it."""

    def listing(self, page: Page, source: Source, shape: str = "") -> None:
        raise KeyError("oops")


@pytest.fixture
def odd_sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installs the odd sites as a package of somebody else's would: by entry points, found by the child too."""
    folder = tmp_path / "odd_sites-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: odd-sites\nVersion: 1\n")
    names = ("Slow", "Waiting", "Busy", "Hungry", "Deadly", "Mistaken")
    points = "".join(f"{name.lower()} = odd_sites:{name}\n" for name in names)
    (folder / "entry_points.txt").write_text(f"[feedsvc.sites]\n{points}")
    (tmp_path / "odd_sites.py").write_text(Path(__file__).read_text("utf-8"), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.parametrize(
    ("site", "words"),
    [
        ("slow", "took over 1 s"),
        ("waiting", "took over 1 s"),
        ("hungry", "memory"),
        ("deadly", "broke the reader"),
        ("mistaken", "KeyError"),
    ],
)
@pytest.mark.usefixtures("odd_sites")
async def test_a_site_that_fails_fails_alone(site: str, words: str) -> None:
    """Endless, greedy, deadly or mistaken code is told as that page's problem, and the next page is read."""
    pool = Reading(workers=1, seconds=1)
    try:
        with pytest.raises(ExtractError, match=words):
            await pool.listing(page(LIST), Source(slug="x", title="X", home=SOURCE.home, site=site))
        pool.seconds = 10
        assert (await pool.listing(page(LIST), SOURCE)).stubs
    finally:
        pool.close()


async def test_an_unknown_site_names_those_there_are(reading: Reading) -> None:
    """A site that nobody registered is told with the names that exist."""
    with pytest.raises(ExtractError, match="generic"):
        await reading.listing(page(LIST), Source(slug="x", title="X", home=SOURCE.home, site="genric"))


@pytest.mark.usefixtures("odd_sites")
async def test_a_child_may_work_for_longer_than_one_page_may(reading: Reading) -> None:
    """The time of the processor is counted for each page anew: a child that has read for long reads on."""
    reading.seconds = 1
    busy = Source(slug="x", title="X", home=SOURCE.home, site="busy")
    children = {await reading.apart(STUB.url, os.getpid)}
    for _ in range(4):
        assert (await reading.listing(page(LIST), busy)).stubs
    assert {await reading.apart(STUB.url, os.getpid)} == children

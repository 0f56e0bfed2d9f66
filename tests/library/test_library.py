"""Reading as a library: the examples of docs/library.md run, and nothing but reading is loaded."""

from __future__ import annotations

import doctest
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc import Page, Stub, read_article, read_listing
from feedsvc.model import Selectors

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
URL = "https://sapa.example.vn/tin-tuc"
NAMES = ("Mở lại chợ phiên", "Khai giảng lớp dệt", "Sửa đường lên bản", "Trạm y tế có bác sĩ")
LIST = (
    "<ul>"
    + "".join(f"<li><a href='/tin/bai-{n}'>{name} trong tháng này</a></li>" for n, name in enumerate(NAMES))
    + "</ul>"
)
ARTICLE = "<h1>Tin</h1><div><p>" + "Bà con xuống chợ từ sớm, mang theo nào rau, nào quả của nhà. " * 3 + "</p></div>"


def test_the_examples_of_the_library_run() -> None:
    """Every example of docs/library.md prints what it says."""
    found = doctest.testfile(str(ROOT / "docs" / "library.md"), module_relative=False, encoding="utf-8")
    assert found.attempted > 10
    assert found.failed == 0


def test_importing_the_library_loads_no_door() -> None:
    """`import feedsvc` loads next to nothing, and the readers no library that asks a network or a database."""
    doors = ("aiohttp", "sqlalchemy", "flask", "apscheduler", "granian", "pebble", "feedsvc.fetch", "feedsvc.store")
    script = (
        "import sys, feedsvc\n"
        "assert 'lxml' not in sys.modules\n"
        "from feedsvc import read_article, read_listing\n"
        f"assert not [name for name in {doors} if name in sys.modules]"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == ""


@pytest.mark.parametrize("given", [LIST, LIST.encode(), LIST.encode("utf-16")], ids=["text", "bytes", "utf-16"])
def test_a_list_is_read_however_it_is_given(given: str | bytes) -> None:
    """Text and bytes of any charset give the same items."""
    assert [stub.title for stub in read_listing(given, URL).stubs] == [f"{name} trong tháng này" for name in NAMES]


def test_a_page_speaks_for_itself() -> None:
    """Of a `Page` the address and the time are its own."""
    page = Page(
        url=URL, final_url=f"{URL}/", status=200, body=LIST.encode(), content_type="text/html", fetched_at=NOW
    )  # fmt: skip
    assert read_listing(page).stubs == read_listing(LIST, URL, now=NOW).stubs


def test_the_time_is_that_of_the_call_where_none_is_given() -> None:
    """An item knows when it was read."""
    assert abs(read_article(ARTICLE, f"{URL}/bai-1").first_seen - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("url", ["", "/tin-tuc", "sapa"])
def test_an_address_is_needed(url: str) -> None:
    """Without its whole address a page cannot be read: the mistake says what is missing."""
    with pytest.raises(ValueError, match="whole address"):
        read_listing(LIST, url)


def test_what_the_listing_says_counts() -> None:
    """The line of the listing, or its text alone, votes for the headline; its date stands in."""
    stub = Stub(keys=(), url=URL, title="Chợ phiên họp lại sau mùa mưa", published=NOW, precision="day")
    assert read_article(ARTICLE, f"{URL}/bai-1", now=NOW, listed=stub.title).title == stub.title
    item = read_article(ARTICLE, f"{URL}/bai-1", now=NOW, listed=stub)
    assert (item.title, item.published) == (stub.title, NOW)


def test_selectors_steer() -> None:
    """What a selector names is not detected."""
    page = "<b class='t'>Bản tin trưa của xã</b>" + ARTICLE
    assert read_article(page, f"{URL}/bai-1", now=NOW, select=Selectors(title=".t")).title == "Bản tin trưa của xã"

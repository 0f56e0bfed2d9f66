"""Pages made of markup, portals made of pages, and the real reading child."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from feedsvc.errors import Refused
from feedsvc.extract.feed_list import read_feed
from feedsvc.extract.native import wordpress_categories
from feedsvc.model import Page, Source
from feedsvc.reading import read_section

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
HOME = "https://muongla.example.vn/"
SOURCE = Source(slug="muong-la", title="Mường La", home=HOME)


def page(url: str, body: str | bytes, content_type: str = "text/html; charset=utf-8", final: str = "") -> Page:
    """A page of this markup."""
    data = body if isinstance(body, bytes) else body.encode()
    return Page(
        url=url, final_url=final or url, status=200, body=data, content_type=content_type, fetched_at=NOON
    )  # fmt: skip


class Pages:
    """A Fetcher over markup by address; what is not there answers 404. `asked` tells what was asked."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages, self.asked = pages, []

    async def get(self, url: str, **_: object) -> Page:
        """The page at an address."""
        self.asked.append(url)
        if url not in self.pages:
            raise Refused(f"{url} answers 404", url=url, status=404)
        return page(url, self.pages[url])


class Moved(Pages):
    """The same, with each address but the home page's answered by another."""

    async def get(self, url: str, **more: object) -> Page:
        """The page at an address, found elsewhere."""
        found = await super().get(url, **more)
        return page(url, found.body, final=f"{url}/" if url != HOME else url)


class Reads:
    """The readers without a child process."""

    async def section(self, found: Page, source: Source):
        """A page for its portal."""
        return read_section(found, source)

    async def feed(self, found: Page, source: Source):
        """A feed."""
        return read_feed(found, source)

    async def told_categories(self, found: Page):
        """What WordPress tells."""
        return wordpress_categories(found)


def items(folder: str, count: int = 5, *, day: str = "20/11/2026", first: int = 1000) -> str:
    """The lines of a list, dated, each with a headline of its own."""
    lines = (
        f'<li><h3><a href="/{folder}/ban-tin-so-{first + n}-cua-xa-{first + n}.html">Bà con xã {folder} đón tin vui'
        f" thứ {first + n} trong năm</a></h3><span class='date'>{day}</span></li>"
        for n in range(count)
    )
    return f'<ul class="list-{folder}">{"".join(lines)}</ul>'


def menu(*entries: tuple[str, str]) -> str:
    """A navigation of names and addresses."""
    links = "".join(f'<li><a href="{href}">{name}</a></li>' for name, href in entries)
    return f'<nav><ul class="menu"><li><a href="/">Trang chủ</a></li>{links}</ul></nav>'


def whole(title: str, *parts: str) -> str:
    """A whole page of the portal of Mường La."""
    return (
        f'<html><head><meta charset="utf-8"><title>{title} - Cổng thông tin Mường La</title></head><body>'
        f"{''.join(parts)}</body></html>"
    )


@pytest.fixture(scope="session")
def make():
    """Makers of pages and portals."""
    return SimpleNamespace(
        page=page, Pages=Pages, Moved=Moved, items=items, menu=menu, whole=whole, source=SOURCE, home=HOME
    )


@pytest.fixture(scope="session")
def reads():
    """The readers without a child process."""
    return Reads()


@pytest.fixture
def town(make):
    """A small portal: three categories of news, and pages that are none."""
    entries = (
        ("Giới thiệu", "/gioi-thieu"), ("Tin tức", "/tin-tuc"), ("Văn hóa", "/van-hoa"),
        ("Lịch công tác", "/lich"), ("Thông báo", "/thong-bao"), ("Liên hệ", "/lien-he"),
    )  # fmt: skip
    head = menu(*entries)
    lists = {"tin-tuc": 1000, "van-hoa": 2000, "thong-bao": 3000}
    side = f'<div class="sidebar"><h4>Tin mới nhất</h4>{items("moi", 4, first=9000)}</div>'
    names = {href.strip("/"): name for name, href in entries}
    pages = {HOME: whole("Trang chủ", head, items("tin-tuc"), items("van-hoa", first=2000), side)}
    for slug, first in lists.items():
        found = items(slug, 8, first=first)
        pages[f"{HOME}{slug}"] = whole(names[slug], head, f"<h1>{names[slug]}</h1><div id='main'>{found}</div>", side)
    for slug in ("gioi-thieu", "lich", "lien-he"):
        pages[f"{HOME}{slug}"] = whole(names[slug], head, f"<h1>{names[slug]}</h1><p>Đang cập nhật lịch.</p>", side)
    return Pages(pages)

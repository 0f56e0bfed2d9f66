"""A scripted portal, read in this process and stored for real."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.errors import FetchError, Refused
from feedsvc.extract.identity import make_id
from feedsvc.extract.known_list import same_list
from feedsvc.model import (
    NO_VALIDATORS,
    Category,
    Form,
    Item,
    Listing,
    Measure,
    NotModified,
    Page,
    PollResult,
    Query,
    Source,
    Stub,
    Validators,
)
from feedsvc.poller import Poller
from feedsvc.sites.generic import GenericSite
from feedsvc.store import Store, open_store

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HOST = "https://sapa.example.vn"
SENTENCE = "Bà con các thôn cùng dọn đường, khơi mương và sửa lại mái nhà văn hóa trước khi mùa rét về trên núi cao. "


def day_of(number: int) -> str:
    """A day that rises with the number, all before START."""
    return (START - timedelta(days=40) + timedelta(days=number)).strftime("%d/%m/%Y")


@dataclass
class Portal:
    """A portal as a Fetcher: numbered articles, newest first, listed over pages; `fault` answers instead when given."""

    clock: Callable[[], datetime]
    articles: list[int] = field(default_factory=lambda: list(range(1, 13)))
    per_page: int = 10
    fault: Callable[[str], FetchError | str | None] = lambda _url: None
    edited: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    etag: bool = False
    day: Callable[[int], str] = day_of

    async def get(
        self, url: str, *, validators: Validators = NO_VALIDATORS, form: Form | None = None
    ) -> Page | NotModified:
        self.asked.append(url)
        fault = self.fault(url)
        if isinstance(fault, FetchError):
            raise fault
        body = fault if isinstance(fault, str) else self.body(url)
        tag = f'"{hash(body)}"' if self.etag else None
        if tag and validators.etag == tag:
            return NotModified(url=url, fetched_at=self.clock())
        return Page(
            url=url,
            final_url=url,
            status=200,
            body=body.encode(),
            content_type="text/html; charset=utf-8",
            validators=Validators(etag=tag),
            fetched_at=self.clock(),
        )

    async def measure(self, url: str, *, page: str = "") -> Measure:
        self.asked.append(f"HEAD {url}")
        return Measure(url=url, status=200, mime="image/jpeg", length=1234)

    def body(self, url: str) -> str:
        path = url.removeprefix(HOST)
        if path == "/tin-tuc" or path.startswith("/tin-tuc?"):
            return self.listing(int(path.partition("?page=")[2] or 1))
        number = int(path.rpartition("-")[2]) % 100_000
        if number not in self.articles:
            raise Refused(f"{url} answered 404", url=url, status=404)
        return self.article(number)

    def listing(self, page: int) -> str:
        newest = sorted(self.articles, reverse=True)
        here = newest[(page - 1) * self.per_page : page * self.per_page]
        rows = "".join(
            f'<li><a href="/tin-tuc/tin-so-{n}-{100000 + n}"><h3>{title(n)}</h3></a><span>({self.day(n)})</span>'
            f"<p>{SENTENCE}</p></li>"
            for n in here
        )
        more = (
            f'<a rel="next" href="/tin-tuc?page={page + 1}">Trang sau</a>' if page * self.per_page < len(newest) else ""
        )
        return f"<html><body><h1>Tin tức</h1><ul class='news-list'>{rows}</ul>{more}<p>Lượt xem: {len(self.asked)}</p></body></html>"

    def article(self, number: int) -> str:
        edit = "<p>Đính chính: thời gian bắt đầu là tám giờ sáng, không phải chín giờ như tin đã đưa trước đó.</p>"
        return (
            f"<html><body><h1>{title(number)}</h1><p class='date'>{self.day(number)}</p><div class='content'>"
            f"<p><b>Bài số {number}. {SENTENCE}</b></p><p><img src='/anh/{number}.jpg' width='640' height='400'></p>"
            f"<p>{SENTENCE * 4}</p>{edit if number in self.edited else ''}<p>{SENTENCE * 3} Số {number}.</p>"
            "<p>Hà My (Trung tâm Văn hóa thị xã)</p></div></body></html>"
        )


def title(number: int) -> str:
    """A headline of its own for every number."""
    return f"Thôn số {number} hoàn thành tuyến đường bê tông mới"


class Here:
    """Reads in this process: the sites are pure, the child process has tests of its own."""

    async def listing(
        self,
        page: Page,
        source: Source,
        shape: str = "",
        familiar: Collection[str] = frozenset(),
        usual: int = 0,
    ) -> Listing:
        return GenericSite().listing(page, source, shape, familiar, usual)

    async def is_same_list(self, page: Page, shape: str, imprint: str) -> bool:
        return same_list(page, shape, imprint)

    async def article(self, page: Page, stub: Stub, source: Source) -> Item:
        return GenericSite().article(page, stub, source)


@pytest.fixture
def reading_here() -> Here:
    """Reads in this process."""
    return Here()


@dataclass
class Bench:
    """A poller over one category, with a clock that is moved by hand."""

    store: Store
    portal: Portal
    poller: Poller
    source: Source
    category: Category
    moment: list[datetime]

    def now(self) -> datetime:
        return self.moment[0]

    def wait(self, time: timedelta) -> None:
        self.moment[0] += time

    async def poll(self) -> PollResult:
        (claim,) = self.store.claim_due(self.now(), 1, owner="test", only=(self.source.slug, self.category.slug))
        return await self.poller.poll(claim, self.source, self.category)

    def items(self) -> list[Item]:
        return self.store.items(Query(categories=((self.source.slug, self.category.slug),)), 500)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A poller over one category of a scripted portal."""
    moment = [START]
    source = Source(slug="sapa", title="Sa Pa", home=f"{HOST}/")
    category = Category(source="sapa", slug="tin-tuc", title="Tin tức", url=f"{HOST}/tin-tuc")
    store = open_store(f"sqlite:///{tmp_path}/feedsvc.db")
    store.sync([source], [category], START)
    portal = Portal(clock=lambda: moment[0])
    poller = Poller(
        fetcher=lambda: portal,
        reading=Here(),
        store=store,
        clock=lambda: moment[0],
        make_id=lambda slug, key, generation: make_id("example.org,2026", slug, key, generation),
        jitter=lambda: 0.0,
    )
    yield Bench(store=store, portal=portal, poller=poller, source=source, category=category, moment=moment)
    store.close()

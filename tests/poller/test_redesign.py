"""A portal that is built anew: its list is found again, or it is said that it can't be; no reader is told anything twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feedsvc.demo import PortalState, create_portal
from feedsvc.errors import Refused, TimedOut
from feedsvc.extract.identity import make_id
from feedsvc.feeds import render
from feedsvc.model import (
    NO_VALIDATORS,
    Category,
    Feed,
    Form,
    Item,
    Measure,
    NotModified,
    Page,
    PollResult,
    Query,
    Source,
    Validators,
)
from feedsvc.poller import Poller
from feedsvc.store import Store, open_store

START = datetime.fromisoformat("2026-11-23T19:24:00+07:00")
HOST = "http://portal.example.vn"
QUARTER = timedelta(minutes=15)
NEWS = ("tin-tuc", "kinh-te-xa-hoi", "thong-bao")


@dataclass
class DemoFetcher:
    """The sample portal, asked in this process; keeps cookies as the fetch door does."""

    client: Any
    clock: Callable[[], datetime]
    asked: list[str] = field(default_factory=list)

    async def get(
        self, url: str, *, validators: Validators = NO_VALIDATORS, form: Form | None = None
    ) -> Page | NotModified:
        self.asked.append(url)
        path = url.removeprefix(HOST)
        answer = self.client.post(path, data=dict(form.fields)) if form else self.client.get(path)
        if answer.status_code != 200:
            raise Refused(f"{url} answered {answer.status_code}", url=url, status=answer.status_code)
        return Page(
            url=url, final_url=url, status=200, body=answer.data, content_type=answer.content_type,
            fetched_at=self.clock(),
        )  # fmt: skip

    async def measure(self, url: str, *, page: str = "") -> Measure:
        return Measure(url=url, status=200, mime="image/png", length=1)


@dataclass
class DemoBench:
    """The poller over the sample portal, with a store on disk and a clock that is moved by hand."""

    store: Store
    fetcher: DemoFetcher
    poller: Poller
    source: Source
    categories: dict[str, Category]
    moment: list[datetime]

    def order(self, **orders: Any) -> None:
        """Tells the portal to change."""
        assert self.fetcher.client.post("/__control", json=orders).status_code == 200

    async def poll(self, category: str) -> PollResult:
        """One poll."""
        (claim,) = self.store.claim_due(self.moment[0], 1, owner="test", only=(self.source.slug, category))
        return await self.poller.poll(claim, self.source, self.categories[category])

    async def settle(self, category: str) -> None:
        """Polls until nothing is left over."""
        while (await self.poll(category)).state.depth:
            pass

    def items(self, category: str) -> list[Item]:
        """What readers have."""
        return self.store.items(Query(categories=((self.source.slug, category),)), 500)

    def feed(self, category: str) -> bytes:
        """What readers are served."""
        items = tuple(self.items(category))
        feed = Feed(
            id="tag:example.org,2026:x", slug=category, title=category, home=HOST, self_url=HOST, page_url=HOST,
            description="", language="vi", timezone=self.source.timezone, updated=max(one.updated for one in items),
            items=items,
        )  # fmt: skip
        return render(feed, "rss").body


@pytest.fixture
def demo(tmp_path: Path, reading_here: Any) -> Iterator[DemoBench]:
    """The poller over the sample portal."""
    moment = [START]
    client = create_portal(clock=lambda: moment[0], state=PortalState()).test_client()
    fetcher = DemoFetcher(client, clock=lambda: moment[0])
    source = Source(slug="muongsuong", title="Thị xã Mường Sương", home=f"{HOST}/")
    categories = {
        slug: Category(source=source.slug, slug=slug, title=slug, url=f"{HOST}/{slug}", pages=2) for slug in NEWS
    }
    store = open_store(f"sqlite:///{tmp_path}/feedsvc.db")
    store.sync([source], list(categories.values()), START)
    poller = Poller(
        fetcher=lambda: fetcher,
        reading=reading_here,
        store=store,
        clock=lambda: moment[0],
        make_id=lambda slug, key, generation: make_id("example.org,2026", slug, key, generation),
        jitter=lambda: 0.0,
    )
    yield DemoBench(store, fetcher, poller, source, categories, moment)
    store.close()


def told(items: list[Item]) -> dict[str, tuple[object, ...]]:
    """What must not move for readers."""
    return {one.id: (one.title, one.updated, one.revision, one.shown, one.first_seen) for one in items}


@pytest.mark.parametrize("category", NEWS)
@pytest.mark.parametrize("generation", [1, 2], ids=["old addresses", "new addresses"])
async def test_the_list_of_a_redesigned_portal_is_found_within_three_polls(
    demo: DemoBench, category: str, generation: int
) -> None:
    """Other markup, or other markup and other addresses at once: ids, dates and marks of every known article stay."""
    await demo.settle(category)
    before = told(demo.items(category))
    assert len(before) >= 10
    demo.order(mode="redesign", generation=generation)
    demo.moment[0] += QUARTER
    demo.order(publish=2, category=category, minutes_apart=1)
    new = []
    for _ in range(3):
        result = await demo.poll(category)
        new += result.new
        assert result.changed == ()
        demo.moment[0] = max(result.state.next_poll or demo.moment[0], demo.moment[0])
    after = told(demo.items(category))
    assert result.outcome in {"ok", "unchanged"}
    assert {name: after[name] for name in before} == before
    assert len(new) == len(after) - len(before) == 2
    if generation == 2:
        assert "redesigned on 23/11/2026" in result.state.problem.detail


@pytest.mark.parametrize("category", NEWS)
async def test_a_correction_after_a_redesign_is_one(demo: DemoBench, category: str) -> None:
    """Articles read in their new clothes are no news; one that says more is."""
    await demo.settle(category)
    demo.order(mode="redesign", generation=2)
    demo.moment[0] += timedelta(hours=3)
    changed = []
    for _ in range(12):
        result = await demo.poll(category)
        changed += result.changed
        demo.moment[0] += timedelta(hours=2)
    assert changed == []
    number = next(one for one in demo.fetcher.client.get("/__control").json["articles"] if one["category"] == category)
    demo.order(correct=number["number"])
    for _ in range(24):
        result = await demo.poll(category)
        changed += result.changed
        demo.moment[0] += timedelta(hours=6)
    assert [one.title for one in changed] == [f"{number['title']} (cập nhật)"]


@pytest.mark.parametrize("mode", ["login", "captcha", "empty"])
async def test_a_portal_without_its_list_keeps_the_feed_as_it_was(demo: DemoBench, mode: str) -> None:
    """Where nothing known is to be seen, readers get the same bytes, and the state says so in words."""
    await demo.settle("tin-tuc")
    before = demo.feed("tin-tuc")
    demo.order(mode=mode)
    for _ in range(5):
        demo.moment[0] += QUARTER
        result = await demo.poll("tin-tuc")
        assert (result.outcome, result.new, result.changed) == ("suspicious", (), ())
        assert result.state.problem is not None
        assert len(result.state.problem.detail.split()) > 5
    assert demo.feed("tin-tuc") == before
    demo.order(mode="normal")
    demo.moment[0] += timedelta(hours=7)
    assert (await demo.poll("tin-tuc")).outcome in {"ok", "unchanged"}


# A redesign that hides the list from detection: only its articles tell where it is ------------------------------------


def hidden(bench: Any, *, videos: int = 12) -> str:
    """A page with a splendid list of films, and the news as a wall of plain links at the foot."""
    films = "".join(
        f"<article class='card'><img src='/phim/{n}.jpg' width='400'><h2><a href='/xem/phim-so-{n}'>Phóng sự dài về mùa"
        f" gặt trên núi cao, phần {n}</a></h2><time>0{1 + n % 9}/11/2026</time><p>Những thước phim đẹp về cuộc sống của"
        f" bà con trong mùa gặt năm nay, phần thứ {n} của loạt phim.</p></article>"
        for n in range(videos)
    )
    newest = sorted(bench.portal.articles, reverse=True)[:10]
    links = " ".join(
        f"<span><a href='/b/{100000 + n}.aspx'>Thôn số {n} hoàn thành tuyến đường bê tông mới</a></span>"
        for n in newest
    )
    return f"<html><body><h1>Tin tức</h1><main>{films}</main><div class='wall'>{links}</div></body></html>"


def rebuilt(bench: Any) -> Callable[[str], Any]:
    """What the scripted portal answers after its redesign: articles have other addresses, in another frame."""

    def answer(url: str) -> Any:
        if url.endswith("/tin-tuc"):
            return hidden(bench)
        if "/b/" in url:
            body = bench.portal.article(int(url.rpartition("/")[2].removesuffix(".aspx")) - 100000)
            return body.replace("<div class='content'>", "<section class='story'>").replace("</div>", "</section>")
        return Refused(f"{url} answered 404", url=url, status=404)

    return answer


async def test_a_hidden_list_is_believed_at_the_third_look(bench: Any) -> None:
    """Known articles tell where the list is: two looks are suspicious and say why, the third goes on as before."""
    await bench.poll()
    bench.portal.articles.append(13)
    before = told(bench.items())
    bench.portal.fault = rebuilt(bench)
    for look in (1, 2):
        bench.wait(QUARTER if look == 1 else timedelta(minutes=2))
        result = await bench.poll()
        assert (result.outcome, result.problem.code) == ("suspicious", "redesigned")
        assert f"{look} so far" in result.problem.detail
        assert result.state.next_poll == result.finished + timedelta(minutes=2)
        assert told(bench.items()) == before
    bench.wait(timedelta(minutes=2))
    result = await bench.poll()
    assert (result.outcome, result.problem) == ("ok", None)
    assert [one.title.split()[2] for one in result.new] == ["13"]
    assert result.changed == ()
    assert "the list found again by 9 known articles" in result.state.problem.detail
    assert {name: row for name, row in told(bench.items()).items() if name in before} == before
    bench.portal.articles.append(14)
    bench.wait(QUARTER)
    result = await bench.poll()
    assert [one.title.split()[2] for one in result.new] == ["14"], "it stays found"
    bench.wait(timedelta(days=8))
    assert (await bench.poll()).state.problem is None, "and is told for a week"


async def test_looks_count_only_in_a_row(bench: Any) -> None:
    """A list that is there again, or a page without it in between, begins the count anew."""
    await bench.poll()
    for fault in (rebuilt(bench), rebuilt(bench), lambda _url: None, rebuilt(bench), lambda _url: "<p>Bảo trì</p>"):
        bench.portal.fault = fault
        bench.wait(QUARTER)
        await bench.poll()
    bench.portal.fault = rebuilt(bench)
    for look in (1, 2):
        bench.wait(QUARTER)
        assert f"{look} so far" in (await bench.poll()).problem.detail


async def test_a_page_without_anything_known_stays_suspicious(bench: Any) -> None:
    """However often another list is seen, without known articles it is not taken; slower each time, never given up."""
    await bench.poll()
    before, films = told(bench.items()), hidden(bench).partition("<div class='wall'>")[0]
    bench.portal.fault = lambda _url: films
    for _ in range(6):
        bench.wait(timedelta(hours=6))
        result = await bench.poll()
        assert (result.outcome, result.problem.code) == ("suspicious", "layout-changed")
        assert "none of them known" in result.problem.detail
        assert result.state.next_poll is not None
    assert told(bench.items()) == before


async def test_what_a_source_taught_survives_a_restart(bench: Any) -> None:
    """The profile is stored with the poll, and the next poll reads with it."""
    hotline = "<p>Mọi thông tin xin liên hệ bộ phận một cửa của xã trong giờ hành chính các ngày làm việc.</p>"
    article = bench.portal.article
    bench.portal.article = lambda number: article(number).replace("<p>Hà My", f"{hotline}<p>Hà My")
    result = await bench.poll()
    assert not [one for one in bench.items() if "một cửa" in one.text], "already the articles that taught it"
    assert result.profile == bench.store.profile("sapa")
    bench.portal.articles.append(13)
    bench.wait(QUARTER)
    (new,) = (await bench.poll()).new
    assert "một cửa" not in new.text
    assert [one.name for one in new.authors] == ["Hà My"]


async def test_what_is_learned_later_is_no_correction_of_what_was_read_before(bench: Any) -> None:
    """An article stored whole, and read again without a habit learned since, is not announced again."""
    bench.portal.articles = [1, 2]
    hotline = "<p>Mọi thông tin xin liên hệ bộ phận một cửa của xã trong giờ hành chính các ngày làm việc.</p>"
    article = bench.portal.article
    bench.portal.article = lambda number: article(number).replace("<p>Hà My", f"{hotline}<p>Hà My")
    await bench.poll()
    before = told(bench.items())
    assert all("một cửa" in one.text for one in bench.items())
    bench.portal.articles += [3, 4, 5]
    changed: list[Item] = []
    for _ in range(20):
        bench.wait(timedelta(hours=1))
        changed += (await bench.poll()).changed
    assert changed == []
    assert {name: row for name, row in told(bench.items()).items() if name in before} == before
    assert "một cửa" not in bench.items()[0].text
    bench.portal.edited.add(1)
    for _ in range(40):
        bench.wait(timedelta(hours=3))
        changed += (await bench.poll()).changed
    assert [(one.title.split()[2], one.revision) for one in changed] == [("1", 2)]
    assert "một cửa" not in changed[0].text


async def test_an_article_of_several_pages_is_one_item(bench: Any) -> None:
    """Further pages are read and joined; one that does not answer is joined when the article is looked at again."""
    whole = bench.portal.body
    parts = "<p>Trang <b>1</b> <a href='{0}?trang=2'>2</a></p>"

    def body(url: str) -> str:
        if url.endswith("?trang=2"):
            return whole(url.partition("?")[0]).replace("<p><b>Bài số", "<p><b>Phần hai của bài số")
        found = whole(url)
        return found.replace("<p>Hà My", parts.format(url) + "<p>Hà My") if "tin-so-12" in url else found

    bench.portal.body = body
    bench.portal.fault = lambda url: TimedOut("hangs", url=url) if url.endswith("?trang=2") else None
    await bench.poll()
    (item,) = (one for one in bench.items() if "số 12 " in one.title)
    assert "Bài số 12" in item.text
    assert "Phần hai" not in item.text
    bench.portal.fault = lambda _url: None
    bench.wait(timedelta(hours=2))
    (item,) = (await bench.poll()).changed
    assert "Phần hai của bài số 12" in item.text
    assert item.text.count("Bài số 12") == 1


async def test_counters_lead_to_no_reading(bench: Any) -> None:
    """A page that differs by counters alone, outside the list, is known without being read."""
    await bench.poll()
    read: list[str] = []
    listing = bench.poller.reading.listing

    async def noted(*asked: Any) -> Any:
        read.append(asked[0].url)
        return await listing(*asked)

    bench.poller.reading.listing = noted
    bench.wait(QUARTER)
    assert (await bench.poll()).outcome == "unchanged"
    assert read == []
    bench.portal.articles.append(13)
    bench.wait(QUARTER)
    assert len((await bench.poll()).new) == 1

"""The straight line for one category, over a scripted portal and a real store."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedsvc import plan
from feedsvc.errors import FetchError, LeaseLost, Refused, TimedOut
from feedsvc.store.tables import items

HOST = "https://sapa.example.vn"

SIDE_BLOCK = (
    "<html><body><h1>Tin tức</h1><h3>Danh sách video</h3><ul>"
    + "".join(
        f"<li><a href='/video/phim-so-{n}-{n}'>Phóng sự mùa gặt trên núi cao, phần {n}</a></li>" for n in range(6)
    )
    + "</ul></body></html>"
)
MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)


async def test_a_first_poll_brings_every_article_whole(bench) -> None:
    """All listed articles are stored with text, picture of true length, author and day; newest first."""
    result = await bench.poll()
    items = bench.items()
    assert (result.outcome, len(result.new), len(items)) == ("ok", 12, 12)
    assert [one.title.split()[2] for one in items] == [str(n) for n in range(12, 0, -1)]
    newest = items[0]
    assert "Bài số 12" in newest.text
    assert [(m.kind, m.mime, m.length) for m in newest.media] == [("image", "image/jpeg", 1234)]
    assert newest.authors[0].name == "Hà My"
    assert newest.precision == "day"


async def test_an_unchanged_listing_costs_one_request(bench) -> None:
    """A page whose list is the same, whatever its counters say, leads to no visit."""
    await bench.poll()
    bench.wait(QUARTER)
    bench.portal.asked.clear()
    result = await bench.poll()
    assert (result.outcome, bench.portal.asked) == ("unchanged", ["https://sapa.example.vn/tin-tuc"])


async def test_validators_are_sent_and_304_ends_the_poll(bench) -> None:
    """A listing that answers 304 is not read at all."""
    bench.portal.etag = True
    still = bench.portal.listing(1)
    bench.portal.listing = lambda _page: still
    await bench.poll()
    bench.wait(QUARTER)
    result = await bench.poll()
    assert result.outcome == "unchanged"
    assert result.state.validators.etag


async def test_only_new_articles_are_visited(bench) -> None:
    """Of a listing with one new line, one article is fetched."""
    await bench.poll()
    bench.wait(QUARTER)
    bench.portal.articles.append(13)
    bench.portal.asked.clear()
    result = await bench.poll()
    assert [one.title.split()[2] for one in result.new] == ["13"]
    assert [url for url in bench.portal.asked if "tin-so" in url] == [
        "https://sapa.example.vn/tin-tuc/tin-so-13-100013"
    ]


async def test_news_of_a_long_silence_are_all_found(bench) -> None:
    """After down time the pager is followed until a known item, further than `pages`, over several polls if need be."""
    await bench.poll()
    bench.portal.articles += range(13, 73)
    bench.wait(timedelta(days=3))
    polls = 0
    while (result := await bench.poll()).state.depth:
        polls += 1
        assert result.state.next_poll == result.finished
        assert polls < 10
    assert len(bench.items()) == 72


async def test_more_news_than_one_poll_can_follow_are_all_found(bench) -> None:
    """A poll follows twenty pages of news, the next goes on behind them, until a known item is met; then all is calm."""
    await bench.poll()
    bench.portal.articles += range(13, 13 + 10 * (plan.CATCH_UP_PAGES + 7))
    bench.wait(timedelta(days=30))
    result = await bench.poll()
    assert len({url for url in bench.portal.asked if "page=" in url}) == plan.CATCH_UP_PAGES - 1
    polls = 1
    while result.state.depth:
        result, polls = await bench.poll(), polls + 1
        assert polls < 10
    assert len(bench.items()) == 12 + 10 * (plan.CATCH_UP_PAGES + 7)
    bench.wait(timedelta(days=1))
    assert (await bench.poll()).new == ()


async def test_a_first_walk_follows_the_pager_to_pages(bench) -> None:
    """`pages` bounds how much history a new category brings."""
    bench.portal.articles = list(range(1, 101))
    while (await bench.poll()).state.depth:
        pass
    assert len(bench.items()) == 30


async def test_a_first_walk_of_several_polls_keeps_the_order_of_the_list(bench) -> None:
    """Articles without a date stand as in the list, also news that came while the walk went on."""
    bench.portal.day = lambda _number: ""
    bench.portal.articles, bench.portal.per_page = list(range(1, 81)), 20
    bench.category = replace(bench.category, pages=4)
    while (await bench.poll()).state.depth:
        bench.wait(timedelta(minutes=2))
        bench.portal.articles = list(range(1, 83))
    shown = [int(item.title.split()[2]) for item in bench.items()]
    assert shown == list(range(82, shown[-1] - 1, -1))
    assert len(shown) > 70


async def test_an_article_of_several_pages_is_one_item(bench) -> None:
    """Its pages are joined, also where the pager names the next one only; a page that fails later takes nothing away."""
    one_page, bench.portal.articles = bench.portal.body, [12]
    own = f"{HOST}/tin-tuc/tin-so-12-100012"

    def body(url: str) -> str:
        path, _, page = url.partition("?page=")
        if path != own:
            return one_page(url)
        number = int(page or 1)
        more = f"<a href='?page={number + 1}'>{number + 1}</a> ... <a href='?page=4'>4</a>" if number < 4 else ""
        pager = f"<p>Trang {number} {more}</p>"
        marked = one_page(path).replace("Bà con", f"Phần {number}: bà con")
        return marked.replace("<p>Hà My (Trung tâm Văn hóa thị xã)</p>", pager)

    bench.portal.body = body
    await bench.poll()
    whole = bench.items()[0]
    assert all(f"Phần {number}: bà con" in whole.text for number in (1, 2, 3, 4))
    bench.portal.fault = lambda url: TimedOut("late", url=url) if "?page=3" in url else None
    bench.wait(timedelta(hours=9))
    await bench.poll()
    assert bench.portal.asked.count(f"{own}?page=3") == 2
    assert bench.items()[0].text == whole.text


async def test_a_correction_is_one_more_revision_of_the_same_item(bench) -> None:
    """An edited article keeps its id and shown date; `updated` and revision move."""
    await bench.poll()
    before = bench.items()[0]
    bench.portal.edited.add(12)
    bench.wait(timedelta(hours=2))
    for _ in range(5):
        await bench.poll()
        bench.wait(QUARTER)
    after = bench.items()[0]
    assert (after.id, after.shown, after.revision) == (before.id, before.shown, 2)
    assert after.updated > before.updated
    assert "Đính chính" in after.html


@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [
        (Refused("404", url="u", status=404), "failed", "refused"),
        (TimedOut("hangs", url="u"), "failed", "timed-out"),
        ("<html><body><h1>Tin tức</h1><ul class='news-list'></ul></body></html>", "suspicious", "layout-changed"),
        ("<html><body><form><input type='password'></form></body></html>", "suspicious", "layout-changed"),
        (SIDE_BLOCK, "suspicious", "layout-changed"),
    ],
)
async def test_a_fault_changes_nothing_but_the_state(bench, fault: FetchError | str, outcome: str, code: str) -> None:
    """A listing that fails, is empty, or is a login: the reason is kept in words, and every item stays."""
    await bench.poll()
    before = bench.items()
    bench.wait(QUARTER)
    bench.portal.fault = lambda _url: fault
    result = await bench.poll()
    assert (result.outcome, result.problem.code) == (outcome, code)
    assert result.problem.detail
    assert bench.items() == before
    bench.portal.fault = lambda _url: None
    bench.wait(QUARTER)
    assert (await bench.poll()).outcome in {"ok", "unchanged"}


async def test_one_bad_article_spoils_one_item(bench) -> None:
    """An article that answers 404 or cannot be read becomes a short item of the listing's words; the others are whole."""
    bad = {
        "https://sapa.example.vn/tin-tuc/tin-so-5-100005": Refused("404", url="u", status=404),
        "https://sapa.example.vn/tin-tuc/tin-so-6-100006": TimedOut("slow", url="u"),
        "https://sapa.example.vn/tin-tuc/tin-so-7-100007": " ",
    }
    bench.portal.fault = bad.get
    result = await bench.poll()
    assert (result.outcome, len(result.new)) == ("ok", 12)
    bodies = {one.title.split()[2]: one.html for one in bench.items()}
    assert [number for number, html in bodies.items() if not html] == ["7", "6", "5"]


async def test_a_short_item_is_completed_later(bench) -> None:
    """What could not be fetched at first gets its text at a later look, under the same id."""
    bench.portal.fault = lambda url: TimedOut("slow", url=url) if url.endswith("100012") else None
    await bench.poll()
    short = bench.items()[0]
    bench.portal.fault = lambda _url: None
    bench.wait(timedelta(hours=2))
    for _ in range(5):
        await bench.poll()
        bench.wait(QUARTER)
    whole = bench.items()[0]
    assert (whole.id, whole.revision, bool(whole.html)) == (short.id, 2, True)


async def test_a_portal_that_stops_answering_is_left_in_peace(bench) -> None:
    """Two articles in a row without an answer end the visits; nothing is lost, the rest waits."""
    bench.portal.fault = lambda url: TimedOut("hangs", url=url) if "tin-so" in url else None
    result = await bench.poll()
    assert (result.outcome, len(bench.portal.asked)) == ("failed", 4)
    assert "articles wait" in result.problem.detail
    bench.portal.fault = lambda _url: None
    bench.wait(QUARTER)
    await bench.poll()
    assert len(bench.items()) == 12


async def test_an_article_that_never_answers_holds_up_nothing_for_ever(bench) -> None:
    """One new article that always fails is waited for a few polls, then told in the listing's words."""
    await bench.poll()
    bench.portal.articles.append(13)
    bench.portal.fault = lambda url: TimedOut("hangs", url=url) if url.endswith("100013") else None
    for _ in range(4):
        bench.wait(timedelta(hours=7))
        await bench.poll()
    assert len(bench.items()) == 13


async def test_retry_after_is_passed_on(bench) -> None:
    """A portal that asks for an hour's patience is not asked again within it."""
    bench.portal.fault = lambda url: Refused("503", url=url, status=503, retry_after=timedelta(hours=1))
    result = await bench.poll()
    assert result.state.next_poll == result.finished + timedelta(hours=1)


async def test_a_lost_lease_stores_nothing(bench) -> None:
    """A poll that took longer than its lease, and was taken over, leaves no trace."""
    (claim,) = bench.store.claim_due(bench.now(), 1, owner="slow")
    bench.wait(timedelta(minutes=11))
    assert bench.store.claim_due(bench.now(), 1, owner="other")
    with pytest.raises(LeaseLost):
        await bench.poller.poll(claim, bench.source, bench.category)
    assert bench.items() == []


async def test_media_are_measured_once(bench) -> None:
    """The type and length of a picture are asked once, whatever category or poll meets it again."""
    await bench.poll()
    heads = [url for url in bench.portal.asked if url.startswith("HEAD")]
    assert len(heads) == len(set(heads)) == 12
    bench.wait(timedelta(hours=2))
    await bench.poll()
    assert [url for url in bench.portal.asked if url.startswith("HEAD")] == heads


async def test_over_budget_a_poll_keeps_what_it_has(bench) -> None:
    """When the time of a poll is over, what was read is stored and the walk goes on in the next."""
    bench.poller.budget = timedelta(0)
    result = await bench.poll()
    assert (len(result.new), result.state.depth) == (0, 3)
    bench.poller.budget = timedelta(minutes=5)
    await bench.poll()
    assert len(bench.items()) == 12


@pytest.mark.parametrize("fault", [TimedOut("hangs", url="u"), Refused("503", url="u", status=503)])
async def test_news_behind_a_next_page_that_fails_are_not_lost(bench, fault: FetchError) -> None:
    """After a silence a next page that does not answer is told, and asked for again by the next poll."""
    await bench.poll()
    bench.portal.articles += range(13, 53)
    bench.portal.fault = lambda url: fault if "?page=" in url else None
    bench.wait(timedelta(hours=1))
    result = await bench.poll()
    assert (result.outcome, len(result.new), result.problem.code) == ("ok", 10, fault.code)
    assert result.state.next_poll >= result.finished + QUARTER
    bench.portal.fault = lambda _url: None
    bench.wait(QUARTER)
    while (await bench.poll()).state.depth:
        pass
    assert len(bench.items()) == 52


async def test_a_pager_that_leads_nowhere_ends_the_walk(bench) -> None:
    """A next page that answers 404 is the end of the list: nothing is asked again for its sake."""
    bench.portal.fault = lambda url: Refused("404", url=url, status=404) if "?page=" in url else None
    result = await bench.poll()
    assert (result.outcome, result.state.depth, result.problem) == ("ok", 0, None)


async def test_an_article_whose_address_shows_a_login_stays(bench) -> None:
    """A page that answers 200 with something else altogether does not overwrite an article, and is looked at again later."""
    await bench.poll()
    before = bench.items()
    login = "<html><body><h1>Đăng nhập hệ thống</h1>" + "<p>Mời nhập tên và mật khẩu để tiếp tục sử dụng.</p>" * 8
    bench.portal.fault = lambda url: login if "tin-so" in url else None
    bench.wait(timedelta(hours=2))
    for _ in range(8):
        await bench.poll()
        bench.wait(QUARTER)
    assert [(one.title, one.revision, one.html) for one in bench.items()] == [
        (one.title, one.revision, one.html) for one in before
    ]
    assert all(one.next_look > bench.now() - QUARTER for one in looks(bench))


def looks(bench) -> list:
    """The plans for looks, read out of the store."""
    with bench.store.database.reading() as db:
        return list(db.execute(sa.select(items.c.next_look).where(items.c.next_look.is_not(None))))


async def test_what_leads_home_is_gone(bench) -> None:
    """Articles that redirect to the home page do not become one item of the home page's words."""
    get = bench.portal.get

    async def redirected(url: str, **more):
        page = await get(url, **more)
        return replace(page, final_url="https://www.sapa.example.vn/index.html") if "tin-so" in url else page

    bench.portal.get = redirected
    await bench.poll()
    assert [bool(one.html) for one in bench.items()] == [False] * 12


async def test_a_server_that_says_for_ever_unchanged_is_found_out_within_a_day(bench) -> None:
    """The first poll of a day asks without conditions."""
    bench.portal.etag = True
    still = bench.portal.listing(1)
    bench.portal.listing = lambda _page: still
    await bench.poll()
    asked = []
    get = bench.portal.get

    async def noted(url: str, **more):
        if url == bench.category.url:
            asked.append(bool(more["validators"].etag))
        return await get(url, **more)

    bench.portal.get = noted
    for pause in (MINUTE, timedelta(days=1), MINUTE):
        bench.wait(pause)
        await bench.poll()
    assert asked == [True, False, True]


async def test_articles_that_answer_late_are_news_of_an_unchanged_list(bench) -> None:
    """What was missed before is visited though the list has not changed, and the poll says that it brought something."""
    await bench.poll()
    bench.portal.articles.append(13)
    bench.portal.fault = lambda url: TimedOut("hangs", url=url) if url.endswith("100013") else None
    bench.wait(QUARTER)
    assert (await bench.poll()).outcome == "failed"
    bench.portal.fault = lambda _url: None
    bench.wait(QUARTER)
    assert (await bench.poll()).outcome == "ok"


async def test_a_list_of_lines_that_tell_nothing_is_not_asked_without_pause(bench) -> None:
    """Articles that can be read nowhere, listed without a headline, leave no walk over: the poll waits its interval."""
    rows = "".join(
        f"<li><a href='/tin-tuc/a-{n}-{200000 + n}'>Bài viết số {n} của chuyên mục</a></li>" for n in range(30)
    )
    bench.portal.fault = lambda url: " " if "/a-" in url else f"<html><body><ul>{rows}</ul></body></html>"
    listing = bench.poller.reading.listing

    async def untitled(*asked):
        found = await listing(*asked)
        return replace(found, stubs=tuple(replace(stub, title="") for stub in found.stubs))

    bench.poller.reading.listing = untitled
    result = await bench.poll()
    assert (result.outcome, result.state.depth) == ("ok", 0)
    assert result.state.next_poll == result.finished + QUARTER


async def test_a_next_page_of_another_kind_brings_nothing(bench) -> None:
    """A side block in the place of a next page ends the walk; its films are no news of the category."""
    bench.portal.fault = lambda url: SIDE_BLOCK if "?page=" in url else None
    await bench.poll()
    assert [one.title for one in bench.items() if "Phóng sự" in one.title] == []
    assert len(bench.items()) == 10

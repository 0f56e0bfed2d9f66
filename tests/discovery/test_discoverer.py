"""Discovery as the poller does it: what was found stays, failures wait, and two never search at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.discoverer import AGAIN, RETRY, Discoverer
from feedsvc.discovery import Discovery
from feedsvc.errors import LeaseLost, TimedOut
from feedsvc.extract.identity import make_id as tag_of
from feedsvc.extract.links import key_of
from feedsvc.extract.sections import Kept
from feedsvc.lasting import merged
from feedsvc.model import DISCOVERY, Category, CategoryState, Found, Item, PollResult
from feedsvc.reading import read_section
from feedsvc.store import open_store
from feedsvc.store.claims import LEASE


@pytest.fixture
def clock(make):
    """A clock that is moved by hand: `clock.now`."""

    class Clock:
        now = make.page(make.home, "x").fetched_at

        def __call__(self):
            return self.now

    return Clock()


make_id = partial(tag_of, "feeds.vidu.vn,2026")


@pytest.fixture
def store(make, clock, tmp_path):
    """A store with the town's portal, of which only the home page is given."""
    opened = open_store(f"sqlite:///{tmp_path / 'feedsvc.db'}")
    home = Category(source="muong-la", slug="trang-chu", title="Mường La", url=make.home)
    opened.sync([make.source], [home], clock(), discover={"muong-la"})
    yield opened
    opened.close()


@pytest.fixture
def search(store, town, reads, clock, make):
    """Claims and does one discovery."""

    async def go():
        (claim,) = store.claim_due(clock(), 1, owner="a", only=("muong-la", DISCOVERY))
        discoverer = Discoverer(
            fetcher=lambda: town, reading=reads, store=store, clock=clock, make_id=make_id, jitter=lambda: 0.0
        )
        return await discoverer.discover(claim, make.source)

    return go


def polled(store, now):
    """The slugs of the listings that are polled."""
    slugs = {slug for source, slug in store.states() if slug != DISCOVERY}
    assert store.claim_due(now, 9, owner="x") is not None
    store.release_owner("x")
    return slugs


async def test_first_search_finds_the_listings(search, store, clock):
    """What was found is stored and polled; all of it is new; the next search follows in a week."""
    result = await search()
    assert [one.slug for one in result.new] == ["tin-tuc", "van-hoa", "thong-bao"]
    assert store.found()["muong-la"] == result.found
    assert polled(store, clock()) == {"tin-tuc", "van-hoa", "thong-bao"}
    state = store.states()["muong-la", DISCOVERY]
    assert (state.outcome, state.next_poll, state.problem) == ("ok", clock() + AGAIN, None)


async def test_a_second_search_adds_and_keeps(search, store, town, clock, make):
    """A category that is new is added; one that is gone from the portal is kept, and told once."""
    first = await search()
    town.pages = {url: page.replace('href="/van-hoa"', 'href="/y-te"') for url, page in town.pages.items()}
    town.pages[f"{make.home}y-te"] = make.whole("Y tế", "<h1>Y tế</h1>", make.items("y-te", 7, first=5000))
    town.pages[make.home] = town.pages[make.home].replace("Văn hóa", "Y tế")
    clock.now += AGAIN
    second = await search()
    assert [one.slug for one in second.new] == ["y-te"]
    assert [(one.slug, one.vanished) for one in second.vanished] == [("van-hoa", clock())]
    assert {one.slug for one in store.found()["muong-la"]} == {one.slug for one in first.found} | {"y-te"}
    assert "van-hoa" in polled(store, clock())
    clock.now += AGAIN
    third = await search()
    assert (third.new, third.vanished) == ((), ())
    gone = next(one for one in third.found if one.slug == "van-hoa")
    assert gone.vanished == clock() - AGAIN


async def test_a_category_that_moved_keeps_its_slug(search, store, town, clock, make):
    """Under another address a category of the same name is the same one: its feed stays where it is."""
    await search()
    town.pages = {
        url.replace("/van-hoa", "/chuyen-muc/van-hoa-2026"): page.replace(
            'href="/van-hoa"', 'href="/chuyen-muc/van-hoa-2026"'
        )
        for url, page in town.pages.items()
    }
    clock.now += AGAIN
    result = await search()
    assert (result.new, result.vanished) == ((), ())
    moved = next(one for one in store.found()["muong-la"] if one.slug == "van-hoa")
    assert moved.url == f"{make.home}chuyen-muc/van-hoa-2026"


async def test_a_category_that_fails_for_a_while_has_not_vanished(search, store, town, clock, make):
    """While the portal links to it, an empty or failing category is still there."""
    await search()
    page = town.pages.pop(f"{make.home}van-hoa")
    clock.now += AGAIN
    result = await search()
    assert result.vanished == ()
    assert all(one.vanished is None for one in result.found)
    town.pages[f"{make.home}van-hoa"] = page


async def test_a_portal_that_fails_is_asked_again_later(search, store, town, clock, make):
    """Each failure doubles the wait, up to six hours; what was found before stays."""
    first = await search()
    home = town.pages.pop(make.home)
    waits = []
    for _ in range(7):
        result = await search()
        waits.append(store.states()["muong-la", DISCOVERY].next_poll - clock())
        assert (result.outcome, result.problem.code, result.found) == ("failed", "refused", first.found)
    assert waits[:4] == [RETRY, 2 * RETRY, 4 * RETRY, 8 * RETRY]
    assert waits[-1] == timedelta(hours=6)
    town.pages[make.home] = home
    await search()
    state = store.states()["muong-la", DISCOVERY]
    assert (state.failures, state.problem, state.next_poll) == (0, None, clock() + AGAIN)


async def test_a_home_page_without_categories_loses_none(search, store, town, clock, make):
    """Where none of the known categories is found, the portal is in trouble: nothing vanishes, a problem is told."""
    first = await search()
    town.pages = {make.home: make.whole("Bảo trì", "<p>Hệ thống đang bảo trì, mời quay lại sau.</p>")}
    clock.now += AGAIN
    result = await search()
    assert (result.outcome, result.problem.code, result.found) == ("failed", "layout-changed", first.found)
    assert "3 categories" in result.problem.detail


async def test_nothing_found_leaves_the_home_page(search, store, town, clock, make):
    """A portal without menus keeps its home page as the one listing, and the reason is told."""
    town.pages = {make.home: make.whole("Trang chủ", make.items("tin", 6))}
    result = await search()
    assert (result.outcome, result.found, result.problem.code) == ("ok", (), "nothing-found")
    assert polled(store, clock()) == {"trang-chu"}
    assert "[[source.category]]" in store.states()["muong-la", DISCOVERY].problem.detail


async def test_a_feed_of_the_home_page_that_has_items_is_kept(search, store, clock):
    """Where the home page was a listing before anything was found, its feed goes on beside the others."""
    (claim,) = store.claim_due(clock(), 1, owner="a", only=("muong-la", "trang-chu"))
    state = CategoryState(polled=clock(), next_poll=clock(), outcome="ok", succeeded=clock())
    store.save(
        PollResult(
            source="muong-la", category="trang-chu", token=claim.token, started=clock(), finished=clock(),
            outcome="ok", state=state,
        )
    )  # fmt: skip
    result = await search()
    assert [one.slug for one in result.found] == ["tin-tuc", "van-hoa", "thong-bao", "trang-chu"]
    assert next(one for one in result.found if one.slug == "trang-chu").vanished is None


async def test_more_categories_than_one_search_may_try_are_found_by_the_next(search, store, town, clock, make):
    """A portal of 45 categories is known whole after two searches; a list that one has under two names is one."""
    names = [(f"Chuyên mục {n}", f"/muc-{n}") for n in range(45)]
    town.pages = {make.home: make.whole("Trang chủ", make.menu(*names), make.items("muc-1"))}
    for n in range(45):
        page = make.whole(f"Mục {n}", make.items(f"muc-{n}", 4, first=1000 + 10 * n))
        town.pages[f"{make.home}muc-{n}"] = page
    town.pages[f"{make.home}muc-44"] = town.pages[f"{make.home}muc-0"]
    first = await search()
    assert len(first.found) == 30
    first_list = await reads_of(town, make)
    (claim,) = store.claim_due(clock(), 1, owner="a", only=("muong-la", first.found[0].slug))
    state = CategoryState(polled=clock(), next_poll=clock() + AGAIN, outcome="ok", succeeded=clock())
    store.save(
        PollResult(
            source="muong-la", category=claim.category, token=claim.token, started=clock(), finished=clock(),
            outcome="ok", new=first_list, state=state,
        )
    )  # fmt: skip
    clock.now += AGAIN
    second = await search()
    assert len(second.new) == 14
    assert second.vanished == ()
    assert len(second.found) == 44


async def reads_of(town, make):
    """The items that a poll of the first category would have stored."""
    listing = read_section(await town.get(f"{make.home}muc-0"), make.source).listing
    return tuple(
        Item(
            id=f"tag:x,2026:{n}", keys=stub.keys, source="muong-la", url=stub.url, title=stub.title,
            first_seen=START, shown=START, updated=START, categories=("chuyen-muc-0",),
        )
        for n, stub in enumerate(listing.stubs)
    )  # fmt: skip


async def test_a_portal_that_fails_on_the_way_is_asked_again_soon(search, store, town, clock, make):
    """A search that was given up is a failure, not a portal without categories."""

    async def slow(url, **_):
        if url != make.home:
            raise TimedOut(f"{url} did not answer", url=url)
        return make.page(url, town.pages[url])

    town.get = slow
    result = await search()
    assert (result.outcome, "given up" in result.problem.detail) == ("failed", True)
    assert store.states()["muong-la", DISCOVERY].next_poll == clock() + RETRY
    assert polled(store, clock()) == {"trang-chu"}


async def test_searches_that_fail_again_and_again_are_told_once(search, store, town, clock, make):
    """The third failed search in a row raises one alarm of the source, the first good one ends it."""
    home = town.pages.pop(make.home)
    for told in (0, 0, 1, 1):
        await search()
        alarms = store.recent_alarms(since=clock())
        assert len(alarms) == told
        clock.now = store.states()["muong-la", DISCOVERY].next_poll
    (alarm,) = alarms
    assert (alarm.source, alarm.category, alarm.code, alarm.ended) == ("muong-la", DISCOVERY, "failing", None)
    town.pages[make.home] = home
    before = clock()
    await search()
    (over,) = store.recent_alarms(since=before - timedelta(seconds=1))
    assert (over.id, over.ended) == (alarm.id, before)
    assert store.states()["muong-la", DISCOVERY].alarms == ()


async def test_a_lost_lease_stores_nothing(store, town, reads, clock, make):
    """A search whose lease another took over is not stored."""
    (old,) = store.claim_due(clock(), 1, owner="a", only=("muong-la", DISCOVERY))
    clock.now += LEASE
    store.claim_due(clock(), 1, owner="b", only=("muong-la", DISCOVERY))
    discoverer = Discoverer(fetcher=lambda: town, reading=reads, store=store, clock=clock, make_id=make_id)
    with pytest.raises(LeaseLost):
        await discoverer.discover(old, make.source)
    assert store.found() == {}


START = datetime(2026, 11, 23, tzinfo=UTC)
NAMES = st.sampled_from(["Tin tức", "Văn hóa", "Y tế", "Video", "Ảnh", "Trang chủ", ""])
PLACES = st.sampled_from([f"https://muongla.example.vn/{n}" for n in range(6)])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.tuples(NAMES, PLACES), max_size=5, unique_by=lambda one: one[1]), max_size=5))
def test_slugs_are_for_ever_and_each_belongs_to_one(searches):
    """However a portal's menus change, no slug is lost, none is given twice, and none moves to another category."""
    known: tuple[Found, ...] = ()
    for number, some in enumerate(searches):
        now = START + number * AGAIN
        kept = tuple(Kept(title=name, url=url, kind="news", stubs=()) for name, url in some)
        search = Discovery(
            url="https://muongla.example.vn/", title="", feeds=(), categories=kept, passed=(),
            links=frozenset(key_of(url) for _, url in some), requests=1, untried=0, late=False, trouble="", is_list=False,
            is_scripted=False,
        )  # fmt: skip
        found = merged(known, search, now)
        slugs = [one.slug for one in found]
        assert len(set(slugs)) == len(slugs)
        assert {one.slug for one in known} <= set(slugs)
        assert {key_of(one.url) for one in found if not one.vanished} == {key_of(url) for _, url in some}
        assert merged(found, search, now) == tuple(replace(one) for one in found)
        known = found

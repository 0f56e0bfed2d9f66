"""Answers that are not believed: a flip for each reason; readers keep what they had, and the state says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from feedsvc.errand import Errand
from feedsvc.errors import Malformed, TimedOut
from feedsvc.feeds import render
from feedsvc.model import Feed
from feedsvc.store.tables import categories

HOST = "https://sapa.example.vn"
QUARTER = timedelta(minutes=15)
TWO = timedelta(minutes=2)


def rows(*lines: tuple[str, str]) -> str:
    """The scripted portal's page with other lines."""
    listed = "".join(
        f'<li><a href="{url}"><h3>{title}</h3></a><span>(19/11/2026)</span><p>Tin từ cơ sở, đăng trong ngày.</p></li>'
        for url, title in lines
    )
    return f"<html><body><h1>Tin tức</h1><ul class='news-list'>{listed}</ul></body></html>"


def known(number: int) -> tuple[str, str]:
    """A line that the portal has had."""
    return f"/tin-tuc/tin-so-{number}-{100000 + number}", f"Thôn số {number} hoàn thành tuyến đường bê tông mới"


def new(number: int, host: str = "") -> tuple[str, str]:
    """A line of the same kind that nobody has seen."""
    return f"{host}/tin-tuc/tin-la-{number}-{200000 + number}", f"Bản tin lạ số {number} đưa lên trong một buổi sáng"


LOGIN = (
    "<html><head><title>Đăng nhập</title></head><body><h1>Đăng nhập hệ thống</h1><form><input name='u'>"
    "<input type='password'></form></body></html>"
)
CAPTCHA = "<html><body><h1>Sa Pa</h1><p>Vui lòng xác nhận bạn không phải là người máy.</p></body></html>"
WORKS = "<html><body><h1>Thông báo</h1><p>Hệ thống đang bảo trì, mời quay lại sau.</p></body></html>"
FLIPS: dict[str, tuple[Any, str]] = {
    "empty": (rows(), "no list"),
    "short": (rows(known(12), known(11)), "lists 2 items where there were 10"),
    "none known": (rows(*map(new, range(10))), "none of them known"),
    "mostly new": (rows(*map(new, range(8)), known(12), known(11)), "8 of them unknown"),
    "foreign host": (rows(*(new(n, "https://ca-cuoc.example.com") for n in range(10))), "addresses of another kind"),
    "some foreign": (
        rows(known(12), known(11), known(10), *(new(n, "https://ca-cuoc.example.com") for n in range(4))),
        "leads to ca-cuoc.example.com",
    ),
    "login": (LOGIN, "login form"),
    "captcha": (CAPTCHA, "captcha"),
    "maintenance": (WORKS, "maintenance"),
    "garbled": (rows(*map(known, range(12, 2, -1))).replace("ô", "\ufffd").replace("i", "\ufffd"), "U+FFFD"),
    "cut": (Malformed("the body was cut off", url=f"{HOST}/tin-tuc"), "cut off"),
}


def feed(bench: Any) -> bytes:
    """What readers are served."""
    items = tuple(bench.items())
    return render(
        Feed(
            id="tag:example.org,2026:x", slug="tin-tuc", title="Tin tức", home=HOST, self_url=HOST, page_url=HOST,
            description="", language="vi", timezone=bench.source.timezone, items=items,
            updated=max(one.updated for one in items),
        ),
        "rss",
    ).body  # fmt: skip


async def settle(bench: Any) -> None:
    """Polls until nothing is left over."""
    while (await bench.poll()).state.depth:
        pass


@pytest.mark.parametrize("name", FLIPS)
async def test_a_flipped_answer_changes_nothing_but_the_state(bench: Any, name: str) -> None:
    """For every reason: the same bytes for readers, the reason in words, a second look after two minutes."""
    fault, words = FLIPS[name]
    await settle(bench)
    before = feed(bench)
    bench.portal.fault = lambda url: fault if url.endswith("/tin-tuc") else None
    bench.wait(QUARTER)
    result = await bench.poll()
    assert (result.outcome, result.new, result.changed) == ("suspicious", (), ())
    assert words in result.state.problem.detail
    assert result.state.next_poll == result.finished + TWO
    bench.wait(TWO)
    assert (await bench.poll()).outcome == "suspicious"
    assert feed(bench) == before
    bench.portal.fault = lambda _url: None
    bench.wait(timedelta(hours=1))
    assert (await bench.poll()).outcome in {"ok", "unchanged"}


async def test_the_page_that_was_not_believed_is_kept(bench: Any) -> None:
    """The last one only, as it came, with why."""
    await settle(bench)
    for body in (WORKS, CAPTCHA):
        bench.portal.fault = lambda _url, body=body: body
        bench.wait(QUARTER)
        await bench.poll()
    kept = bench.store.suspect("sapa", "tin-tuc")
    assert kept.body.decode() == CAPTCHA
    assert "captcha" in kept.detail


async def test_a_list_with_enough_known_articles_is_believed_at_the_third_look(bench: Any) -> None:
    """A list that is mostly new, or short, for good: two doubts, then it is the list, and no redesign is told."""
    await settle(bench)
    listed = rows(*map(new, range(7)), *map(known, (12, 11, 10)))
    bench.portal.fault = lambda url: listed if url.endswith("/tin-tuc") else (" " if "tin-la" in url else None)
    outcomes = []
    for _ in range(3):
        bench.wait(TWO)
        result = await bench.poll()
        outcomes.append(result.outcome)
        assert result.state.alarms == ()
    assert outcomes == ["suspicious", "suspicious", "ok"]
    assert len(result.new) == 7
    assert result.state.problem is None


async def test_what_may_look_suspicious_and_is_not(bench: Any) -> None:
    """News over two pages in their old order; a list that is longer, and one that lost a few lines."""
    await settle(bench)
    bench.portal.articles += range(13, 28)
    bench.wait(QUARTER)
    result = await bench.poll()
    assert result.outcome == "ok"
    await settle(bench)
    assert len(bench.items()) == 27
    bench.portal.articles += range(28, 35)  # seven of ten new, the next page known
    bench.wait(QUARTER)
    assert len((await bench.poll()).new) == 7
    bench.portal.per_page = 5
    bench.wait(QUARTER)
    assert (await bench.poll()).outcome in {"ok", "unchanged"}


async def test_a_small_list_may_turn_over(bench: Any) -> None:
    """Three lines, all of them new: too few to say anything."""
    bench.portal.articles, bench.portal.per_page = [1, 2, 3], 3
    await settle(bench)
    bench.portal.listing = lambda page, plain=bench.portal.listing: plain(page).partition('<a rel="next"')[0]
    bench.portal.articles += [4, 5, 6]
    bench.wait(timedelta(hours=1))
    assert len((await bench.poll()).new) == 3


async def test_a_list_may_have_turned_over_while_nobody_looked(bench: Any) -> None:
    """After a month, ten new lines without a next page are what ten days bring to a list with one a day."""
    bench.portal.listing = lambda page, plain=bench.portal.listing: plain(page).partition('<a rel="next"')[0]
    await settle(bench)
    bench.portal.articles += range(13, 43)
    bench.wait(timedelta(days=30))
    assert len((await bench.poll()).new) == 10


async def test_an_aggregator_leads_elsewhere_from_the_first_day(bench: Any) -> None:
    """A list whose articles were always on other hosts is no less believed for that."""
    pages = [
        [new(n, "https://bao.example.com") for n in range(10)],
        [new(n, "https://bao.example.com") for n in range(-1, 9)],
    ]
    listed = [rows(*pages[0])]
    bench.portal.fault = lambda url: listed[0] if url.endswith("/tin-tuc") else " "
    await settle(bench)
    listed[0] = rows(*((url.replace("--1-199999", "-99-200099"), title) for url, title in pages[1]))
    bench.wait(QUARTER)
    assert (await bench.poll()).outcome == "ok"


async def test_a_list_beside_a_login_box_is_believed(bench: Any) -> None:
    """A box to log in stands on many a portal's every page."""
    plain = bench.portal.listing
    box = "<form><p>Đăng nhập</p><input name='u'><input type='password'></form>"
    bench.portal.listing = lambda page: plain(page).replace("<h1>", f"{box}<h1>", 1)
    await settle(bench)
    bench.portal.articles.append(13)
    bench.wait(QUARTER)
    assert len((await bench.poll()).new) == 1


@pytest.mark.parametrize(("pages", "words", "depth"), [(3, "it goes on at the next", True), (21, "is given up", False)])
async def test_a_walk_that_gains_nothing_is_no_endless_one(
    bench: Any, monkeypatch: pytest.MonkeyPatch, pages: int, words: str, depth: bool
) -> None:
    """Time that was spent on pages of known articles: told in words, waited for, and given up below twenty pages."""
    bench.portal.articles = list(range(1, 251))
    bench.category = replace(bench.category, pages=25)
    await settle(bench)
    with bench.store.database.writing() as db:
        db.execute(sa.update(categories).values(depth=25))
    asked = iter(range(pages - 1))
    monkeypatch.setattr(Errand, "late", lambda _self, _share=1: next(asked, None) is None)
    bench.wait(QUARTER)
    result = await bench.poll()
    assert (result.problem.code, words in result.problem.detail) == ("timed-out", True)
    assert (result.state.depth > 0) == depth
    assert result.state.next_poll >= result.finished + QUARTER


# Alarms --------------------------------------------------------------------------------------------------------------


async def test_one_alarm_one_reminder_one_end(bench: Any) -> None:
    """However often a broken portal is polled: told once, again after a day, and when it is over."""
    await settle(bench)
    bench.portal.fault = lambda url: TimedOut("hangs", url=url)
    told = []
    for _ in range(14):  # 28 hours
        bench.wait(timedelta(hours=2))
        told += [(one.code, one.reminders, one.ended is not None) for one in (await bench.poll()).alarms]
    bench.portal.fault = lambda _url: None
    bench.wait(timedelta(hours=2))
    told += [(one.code, one.reminders, one.ended is not None) for one in (await bench.poll()).alarms]
    assert told == [("failing", 0, False), ("failing", 1, False), ("failing", 1, True)]
    assert bench.store.lasting_alarms("sapa", "tin-tuc") == []


async def test_a_suspicion_is_told_when_the_second_look_confirms_it(bench: Any) -> None:
    """One odd answer is no alarm; one that turns into another failure meanwhile stays the one that it was."""
    await settle(bench)
    bench.portal.fault = lambda _url: LOGIN
    bench.wait(QUARTER)
    assert (await bench.poll()).alarms == ()
    bench.wait(TWO)
    (alarm,) = (await bench.poll()).alarms
    assert (alarm.code, "login" in alarm.detail) == ("suspicious", True)
    bench.portal.fault = lambda url: TimedOut("hangs", url=url)
    bench.wait(timedelta(hours=3))
    assert (await bench.poll()).alarms == ()


async def test_silence_beyond_the_own_rhythm_is_late_also_where_nothing_is_read(bench: Any) -> None:
    """A list with news each day is late after three silent ones, though each poll is answered 304; news end it."""
    bench.portal.etag = True
    still = bench.portal.listing(1)
    bench.portal.listing = lambda _page: still
    await settle(bench)
    told = []
    for _ in range(16):  # four days
        bench.wait(timedelta(hours=6))
        told += [(one.code, one.ended is None) for one in (await bench.poll()).alarms]
    assert told == [("late", True)]
    del bench.portal.listing
    bench.portal.articles.append(13)
    bench.wait(timedelta(hours=1))
    assert [(one.code, one.ended is None) for one in (await bench.poll()).alarms] == [("late", False)]


async def test_an_ordinary_poll_asks_for_no_alarm(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is wrong, nothing was: the table of alarms is not read."""
    await settle(bench)

    def never(*_names: str) -> list[Any]:
        raise AssertionError("asked")

    monkeypatch.setattr(type(bench.store), "lasting_alarms", never)
    bench.wait(QUARTER)
    assert (await bench.poll()).outcome == "unchanged"


async def test_quiet_hours_are_asked_less(bench: Any) -> None:
    """With `adapt`, after two weeks: every hour at night, every quarter where news come; the profile tells which."""
    bench.category = replace(bench.category, adapt=True)
    await settle(bench)
    for number in range(13, 29):  # one each day at 10:00 in Viet Nam
        bench.wait(timedelta(days=1))
        bench.portal.articles.append(number)
        await bench.poll()
    bench.wait(QUARTER)
    result = await bench.poll()
    assert result.state.next_poll == result.finished + QUARTER
    bench.wait(timedelta(hours=8))
    result = await bench.poll()
    assert result.state.next_poll == result.finished + 4 * QUARTER

"""When a person is told, and by what: the pure decision, the words of verdicts, and the operator's feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes.w3c import findings
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc import alarms, plan
from feedsvc.feeds import render
from feedsvc.feeds.proof import prove
from feedsvc.model import Alarm, Category, CategoryState, ListHabit, Problem
from feedsvc.operator import operator_feed

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HERE = Category(source="sapa", slug="tin-tuc", title="Tin tức", url="https://sapa.example.vn/tin-tuc")
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def make_id(source: str, key: str, _generation: int) -> str:
    """A tag: URI for a key."""
    return f"tag:example.org,2026:{source}/{abs(hash(key)):x}"


def broken(outcome: str, failures: int, **more: object) -> CategoryState:
    """A state after so many polls in a row that went wrong."""
    return CategoryState(outcome=outcome, failures=failures, problem=Problem(code="x", detail="hangs"), **more)


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        (CategoryState(), set()),
        (CategoryState(outcome="unchanged", overdue=NOW), set()),
        (CategoryState(outcome="unchanged", overdue=NOW - HOUR), {"late"}),
        (broken("failed", 1, succeeded=NOW - 5 * HOUR), set()),
        (broken("failed", 2, succeeded=NOW - HOUR / 2), set()),
        (broken("failed", 2, succeeded=NOW - HOUR), {"failing"}),
        (broken("failed", 3, succeeded=NOW), {"failing"}),
        (broken("suspicious", 1), set()),
        (broken("suspicious", 2), {"suspicious"}),
        (broken("failed", 1, alarms=("suspicious",)), {"suspicious"}),
        (broken("failed", 3, overdue=NOW - HOUR), {"failing"}),
        (broken("failed", 3, overdue=NOW - HOUR, alarms=("late",)), {"failing", "late"}),
        (CategoryState(outcome="suspicious", failures=2, problem=Problem(code="redesigned", detail="x")), set()),
    ],
)
def test_what_is_worth_a_word(state: CategoryState, codes: set[str]) -> None:
    """A failure that lasts, a suspicion that was confirmed, a silence beyond the rhythm; nothing else."""
    assert set(alarms.troubles(state, NOW)) == codes


@given(st.lists(st.sampled_from(["", "failing", "late", "failing late"]), min_size=1, max_size=60))
@settings(max_examples=100, deadline=None)
def test_nothing_is_told_twice(troubles: list[str]) -> None:
    """Whatever comes and goes hour by hour: one alarm for each beginning, one end, reminders a day apart."""
    lasting: dict[str, Alarm] = {}
    before: set[str] = set()
    for hour, codes in enumerate(troubles):
        now, found = NOW + hour * HOUR, {code: Problem(code=code, detail="x") for code in codes.split()}
        told = alarms.told(list(lasting.values()), found, HERE, now, make_id)
        begun = {one.code for one in told if one.began == now and one.ended is None}
        ended = {one.code for one in told if one.ended == now}
        assert begun == found.keys() - before
        assert ended == before - found.keys()
        for one in told:
            if one.ended is None and one.code in before:
                assert one.told - lasting[one.code].told >= alarms.REMINDER
            if one.ended is None:
                lasting[one.code] = one
            else:
                del lasting[one.code]
        before = set(found)
        assert lasting.keys() == before


def test_three_verdicts_are_told_apart() -> None:
    """Quiet within the own rhythm, late beyond it, broken whatever the rhythm."""
    quiet = CategoryState(outcome="unchanged", overdue=NOW + HOUR)
    late = CategoryState(outcome="unchanged", overdue=NOW - HOUR)
    assert [(plan.standing(one, NOW), plan.verdict(one, NOW)) for one in (quiet, late, broken("failed", 1))] == [
        ("ok", "quiet"), ("late", "late"), ("failing", "broken"),
    ]  # fmt: skip
    habit = ListHabit(category="tin-tuc", gaps=(10800, 10800, 10800), newest=NOW - 5 * HOUR)
    assert (
        plan.silence(habit, NOW, ZONE)
        == "nothing new since 23/11/2026 05:00 (5 hours); news usually come every 3 hours"
    )


def test_a_night_is_not_late() -> None:
    """A portal that is silent for 14 hours each night is late after longer than that, and not before it is known."""
    week = ListHabit(
        category="x", gaps=(3600,) * 7, newest=NOW, since=NOW - timedelta(days=8), longest=14 * 3600
    )  # fmt: skip
    assert plan.overdue(week) == NOW + 21 * HOUR
    young = ListHabit(category="x", gaps=(3600,) * 7, newest=NOW, since=NOW - timedelta(days=2), longest=3600)
    assert plan.overdue(young) is None


FAILING = Alarm(
    id="tag:example.org,2026:sapa/abc", source="sapa", category="tin-tuc", code="failing", detail="<b>hangs</b> & more",
    url="https://sapa.example.vn/tin-tuc", began=NOW, told=NOW + 25 * HOUR, reminders=1, ended=NOW + 30 * HOUR,
)  # fmt: skip


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
@pytest.mark.parametrize("told", [(), (FAILING,)], ids=["nothing", "an alarm"])
@pytest.mark.parametrize("language", ["vi", "en", "lo"])
def test_the_operators_feed_is_sound(form: str, told: tuple[Alarm, ...], language: str) -> None:
    """It passes our own proof and the rules of the W3C validator, with an entry for each time that something was told."""
    feed = operator_feed(
        told, id="tag:example.org,2026:feed/operator", title="Tin", self_url=f"https://example.org/feeds/operator.{form}",
        page_url="https://example.org/status", language=language, timezone=ZONE, began=NOW,
    )  # fmt: skip
    rendered = render(feed, form)
    prove(feed, rendered, form)
    assert len(feed.items) == 3 * len(told)
    if form != "json":
        assert not findings(rendered.body, rendered.media_type, feed.self_url)

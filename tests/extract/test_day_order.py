"""The order of day and month is voted on by signs, and turned only by clear ones."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.extract.day_order import REMEMBERED, DayOrder, day_first, joined, signs_of, starts_day_first

TODAY = date(2022, 9, 19)
NONE = DayOrder()
ORDERS = st.builds(DayOrder, days=st.integers(0, 200), months=st.integers(0, 200))


@pytest.mark.parametrize(
    ("texts", "signs"),
    [
        (["16/01/2022"], DayOrder(days=1)),
        (["Đăng ngày 16-01-2022 | 10:15"], DayOrder(days=1)),
        (["01/16/2022 2:15 PM"], DayOrder(months=1)),
        (["05/08/2022", "2022-09-16", "16 tháng 9 năm 2022", "32/13/2022", "Trang 16/19", "01/01/2022"], NONE),
        (["16/01/2022", "17/01/2022", "16/01/2022"], DayOrder(days=2)),
        (["Thứ Năm, 08/09/2022"], DayOrder(days=1)),
        (["Thứ Ba, 08/09/2022"], DayOrder(months=1)),
        (["Thứ Ba, 05/08/2022"], NONE),
        (["Thứ Năm, 08/09/2022", "05/16/2022"], DayOrder(days=1, months=1)),
        (["05/12/2022"], DayOrder(months=1)),
        (["12/05/2022"], DayOrder(days=1)),
        (["21/09/2022"], DayOrder(days=1)),
        (["05/12/2023"], NONE),
        (["Thứ Hai, 05/12/2022"], NONE),
    ],
)
def test_a_sign_is_a_number_a_weekday_or_the_present(texts: list[str], signs: DayOrder) -> None:
    """Numbers above 12, weekdays that fit one reading and days that are not ahead are signs; contradictions are none."""
    assert signs_of(texts, today=TODAY) == signs


def test_each_date_of_a_line_counts() -> None:
    """In a long line every date is a sign of its own, with the weekday before it; numbers of documents are none."""
    line = f"{'Bà con dọn đường vào bản. ' * 9}Thứ Năm, 08/09/2022 | Sửa: 16/09/2022 | Số 16/19/2022/QĐ-UBND | 0214.3871.975"
    assert signs_of([line], today=TODAY) == DayOrder(days=2)


def test_a_declared_day_is_a_sign() -> None:
    """A date that agrees in one reading with what the page says for machines is a sign for it."""
    assert signs_of(["05/08/2022"], today=TODAY, declared=[date(2022, 8, 5)]) == DayOrder(days=1)
    assert signs_of(["05/08/2022"], today=TODAY, declared=[date(2022, 5, 8)]) == DayOrder(months=1)
    assert signs_of(["05/08/2022"], today=TODAY, declared=[date(2022, 8, 6)]) == NONE


def test_falling_dates_of_a_list_are_a_sign() -> None:
    """A list that falls in one reading, and jumps up and down in the other, speaks for the one; other texts do not."""
    falling = ["06/09/2021", "12/08/2021", "11/07/2021", "12/06/2021"]
    swapped = ["09/06/2021", "08/12/2021", "07/11/2021", "06/12/2021"]
    assert signs_of(falling, today=TODAY, newest_first=True) == DayOrder(days=1)
    assert signs_of(swapped, today=TODAY, newest_first=True) == DayOrder(months=1)
    assert signs_of(falling, today=TODAY) == NONE
    assert signs_of(["06/08/2021", "12/08/2021", "02/08/2021"], today=TODAY, newest_first=True) == NONE


def test_three_signs_against_none_turn_the_vote() -> None:
    """Two signs do not turn it, nor any number of them as long as one speaks for the order that stands."""
    assert day_first(DayOrder(months=2), default=True)
    assert not day_first(DayOrder(months=3), default=True)
    assert day_first(DayOrder(days=1, months=9), default=True)
    assert not day_first(DayOrder(days=2), default=False)
    assert day_first(DayOrder(days=3), default=False)
    assert not day_first(DayOrder(days=9, months=1), default=False)


def test_one_odd_date_fades() -> None:
    """A single sign for the other order is outlived by many, so that a portal's change of habit is learnt."""
    order = DayOrder(days=1)
    for _ in range(REMEMBERED + 1):
        order = joined(order, DayOrder(months=1))
    assert not day_first(order, default=True)


@settings(max_examples=100, deadline=None)
@given(ORDERS, ORDERS, st.booleans())
def test_joining_is_bounded_and_in_no_order(one: DayOrder, other: DayOrder, default: bool) -> None:
    """Signs join the same both ways, stay few, and more of what stands already turns nothing."""
    both = joined(one, other)
    assert both == joined(other, one)
    assert 0 <= both.days + both.months <= REMEMBERED
    assert day_first(DayOrder(), default) is default
    stands = day_first(both, default)
    more = DayOrder(days=5) if stands else DayOrder(months=5)
    assert day_first(joined(both, more), default) is stands


@settings(max_examples=100, deadline=None)
@given(st.lists(st.dates(date(2000, 1, 1), TODAY), max_size=12), st.booleans())
def test_a_portal_of_one_order_never_turns_away_from_it(days: list[date], is_day_first: bool) -> None:
    """Whatever days a list shows, newest first and never ahead, no sign speaks for the order that it is not written in."""
    wording = "%d/%m/%Y" if is_day_first else "%m/%d/%Y"
    texts = [day.strftime(wording) for day in sorted(days, reverse=True)]
    signs = signs_of(texts, today=TODAY, newest_first=True)
    assert (signs.months if is_day_first else signs.days) == 0


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    """Any text gives at most a sign for every five characters, and no error."""
    signs = signs_of([text], today=TODAY, declared=[TODAY - timedelta(1)], newest_first=True)
    assert 5 * (signs.days + signs.months) <= len(text) + 5


@pytest.mark.parametrize(
    ("language", "address", "zone", "wanted"),
    [
        ("vi", "https://sapa.example.vn/", "Asia/Ho_Chi_Minh", True),
        ("", "https://example.org/", "", True),
        ("en-US", "https://example.com/", "", False),
        ("en_us", "https://example.io/", "", False),
        ("en-US", "https://xa.example.gov.vn/tin", "Asia/Ho_Chi_Minh", True),
        ("en-US", "https://example.de/", "Europe/Berlin", True),
        ("en-GB", "https://example.com/", "", True),
        ("", "https://city.example.gov/", "", False),
        ("", "https://example.us/", "", False),
        ("es", "https://example.com/", "America/Chicago", False),
        ("es", "https://example.com/", "America/Bogota", True),
        ("en-US", "https://127.0.0.1/", "", False),
    ],
)
def test_only_pages_of_us_kind_start_month_first(language: str, address: str, zone: str, wanted: bool) -> None:
    """American domains, zones and en-US start month-first; a country's own domain outweighs the template's language."""
    assert starts_day_first(language, address, zone) is wanted

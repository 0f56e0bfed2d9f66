from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.model import NEWEST, Choice
from feedsvc.publication import query_string
from feedsvc.web.address import find_address

PATH = "/feeds/suoi-bac.rss"


def choice(query):
    """What a query asks for."""
    return find_address(PATH, query, {"suoi-bac"}, {"rss"}).choice


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("limit=20", Choice(limit=20)),
        ("limit=1000", Choice(limit=100)),
        ("q=l%E1%BB%85+h%E1%BB%99i", Choice(search="hoi le")),
        ("q=%C4%90%C6%B0%E1%BB%9Dng!", Choice(search="duong")),
        ("since=2026-11-20", Choice(since=datetime.fromisoformat("2026-11-20"))),
        ("since=2026-11-20T08:30:00Z", Choice(since=datetime(2026, 11, 20, 8, 30, tzinfo=UTC))),
        ("since=2026-11-20T08:30:00+07:00", Choice(since=datetime(2026, 11, 20, 1, 30, tzinfo=UTC))),
        ("since=2026-11-20T08:30:00%2B07:00", Choice(since=datetime(2026, 11, 20, 1, 30, tzinfo=UTC))),
        ("media=video", Choice(media="video")),
        ("page=2", Choice(page=2)),
        ("before=51", Choice(before=51)),
        ("before=51&q=hoa&limit=3&page=2&media=video", Choice(before=51)),
        ("q=hoa&media=video&limit=7&page=2", Choice(search="hoa", media="video", limit=7, page=2)),
    ],
)
def test_parameters_choose(query, wanted):
    """Each documented parameter is understood, alone and together; `before` goes with none of the others."""
    assert choice(query) == wanted


@pytest.mark.parametrize(
    "query",
    [
        "", "utm_source=x", "limit=0", "limit=-1", "limit=x", "limit=50", "page=0", "page=1", "page=2x", "q=", "q=%3F%21",
        "since=", "since=gestern", "since=0001-01-01", "since=99999-01-01", "media=gif", "media=", "before=", "before=x",
        "format=xml", "Limit=20", "limit", "&&&", "%", "x=1&" * 200 + "limit=20",
    ],
)  # fmt: skip
def test_what_says_nothing_does_not_count(query):
    """Unknown parameters, and known ones that make no sense, are the newest items, the same document as without."""
    assert choice(query) == NEWEST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("q=lễ hội&limit=20", "limit=20&q=hoi+LE"),
        (f"q={unicodedata.normalize('NFD', 'đường')}", "q=duong"),
        ("q=hoa hoa", "q=hoa"),
        ("since=2026-11-20", "since=2026-11-20T00:00"),
        ("since=2026-11-20T00:00:00Z", "since=2026-11-20T07:00:00%2B07:00"),
        ("limit=100", "limit=101"),
        ("page=2&x=1", "page=2&y=2"),
        ("before=51", "before=051"),
    ],
)
def test_equal_choices_are_one_address(one, other):
    """Another order, spelling or unknown parameter makes no other document."""
    both = [choice(quote(query, safe="=&%+")) for query in (one, other)]
    assert both[0] == both[1] != NEWEST


def test_a_search_is_bounded():
    """A search has at most 100 characters and 8 words, whatever is sent."""
    words = " ".join(f"w{n:02}" for n in range(40))
    assert len(choice(f"q={quote(words)}").search.split()) == 8
    assert len(choice(f"q={'x' * 2000}").search) == 100


@settings(max_examples=200, deadline=None)
@given(
    st.builds(
        Choice,
        limit=st.integers(1, 100),
        page=st.integers(1, 999),
        search=st.text(max_size=60),
        since=st.none()
        | st.datetimes(
            datetime.fromisoformat("1950-01-01"),
            datetime.fromisoformat("2200-01-01"),
            timezones=st.none() | st.just(UTC),
        ).map(lambda moment: moment.replace(microsecond=0)),
        media=st.sampled_from((None, "image", "video", "audio", "document")),
    )
)
def test_the_address_of_a_choice_leads_to_it(wanted):
    """What is read from an address, written as an address and read again is the same, in the same words."""
    first = choice(query_string(wanted))
    assert choice(query_string(first)) == first
    assert query_string(choice(query_string(first))) == query_string(first)
    assert (first.limit, first.page, first.since, first.media) == (
        wanted.limit,
        wanted.page,
        wanted.since,
        wanted.media,
    )


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_query_is_some_choice(query):
    """No query string breaks the address."""
    found = choice(query)
    assert 1 <= found.limit <= 100
    assert found.page >= 1
    assert query_string(found).isascii()

"""What was asked of each host today, and where a day's budget ends."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta, timezone

import pytest

from feedsvc.errors import Blocked, Refused
from feedsvc.fetch.ledger import Ledger
from feedsvc.fetch.lookup import SystemResolver
from feedsvc.model import HostDay

A, B = ("a.example", 80), ("b.example", 80)


class Clock:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2022, 9, 19, 22, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time that is set."""
        return self.now


def test_a_budget_ends_and_begins_anew_at_midnight():
    """No more than the budget is asked of one host in a day; others are not touched, and tomorrow is another day."""
    clock = Clock()
    ledger = Ledger(budget=3, private=frozenset(), clock=clock)
    for _ in range(3):
        ledger.spend(A)
    with pytest.raises(Blocked, match=r"a\.example was asked 3 times today") as caught:
        ledger.spend(A)
    assert caught.value.retry_after == timedelta(hours=1, minutes=30)
    ledger.spend(B)
    clock.now = (clock.now + timedelta(hours=2)).astimezone(timezone(timedelta(hours=7)))
    ledger.spend(A)
    assert [line.requests for line in ledger.today()] == [1]


def test_private_hosts_have_no_budget():
    """A host of allow_private is asked as often as it is configured."""
    ledger = Ledger(budget=1, private=frozenset({A}), clock=Clock())
    for _ in range(5):
        ledger.spend(A)
    assert ledger.today()[0].requests == 5


async def test_the_figures_of_a_day_are_kept(fetcher, portal, hostile, now):
    """Requests, decoded bytes, 304s and the last wish to slow down are counted for each host."""
    page = await fetcher.get(portal.url("/etag"))
    await fetcher.get(portal.url("/etag"), validators=page.validators)
    with pytest.raises(Refused):
        await fetcher.get(portal.url("/429-seconds"))
    assert fetcher.today() == (
        HostDay(
            host=portal.pair,
            day="2022-09-19",
            requests=4,
            decoded_bytes=len(hostile.PAGE),
            not_modified=1,
            slowed=now,
            delay=0.0,
            delay_reason="per_host_delay",
            robots="there is none",
        ),
    )


async def test_the_system_resolves_names_in_its_own_threads():
    """The usual resolver gives numbers, and OSError for a name that cannot be."""
    resolver = SystemResolver()
    try:
        answers = await resolver.resolve("localhost", 80)
        assert {answer["host"] for answer in answers} <= {"127.0.0.1", "::1"}
        assert answers
        with pytest.raises(socket.gaierror):
            await resolver.resolve("", 80)
    finally:
        await resolver.close()

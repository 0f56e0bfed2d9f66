"""How pollers come to know each other, and what they leave to those that follow."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.company import STALE, Company
from feedsvc.errors import Blocked, StoreError
from feedsvc.fetch.ledger import Ledger
from feedsvc.fetch.pace import Pace
from feedsvc.model import HostDay

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOST = ("portal.example", 443)


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self):
        self.passed, self.slept = 1000.0, []

    def monotonic(self):
        """Seconds."""
        return self.passed

    def now(self):
        """The wall clock of all, as on one machine."""
        return NOW + timedelta(seconds=self.passed)

    async def sleep(self, seconds):
        """Moves on at once."""
        self.slept.append(seconds)
        self.passed += seconds
        await asyncio.sleep(0)


class Poller:
    """One poller's pace, ledger and company."""

    def __init__(self, store, name, time, *, budget=100, dead=()):
        hold = timedelta(seconds=30)
        self.company = Company(
            store.hosts, name, clock=time.now, monotonic=time.monotonic, hold=hold, dead=dead, sleep=time.sleep
        )
        self.pace = Pace(time.monotonic, time.sleep, self.company)
        self.ledger = Ledger(budget=budget, private=frozenset(), clock=time.now)

    async def look(self):
        """One look around."""
        await self.company.look(self.pace, self.ledger)


@pytest.fixture
def time():
    """The time of all pollers of a test."""
    return Time()


@pytest.fixture
def poller(store, time):
    """Makes pollers of one database."""
    return lambda name, **more: Poller(store, name, time, **more)


@pytest.fixture
def url(tmp_path):
    """SQLite is enough here, as its time can be set; the processes of the other tests run on both."""
    return f"sqlite:///{tmp_path / 'feedsvc.db'}"


async def test_alone_no_request_asks_the_database(poller, store, time):
    """A poller that is alone takes its turns without a word to the database."""
    one = poller("a:1")
    await one.look()
    async with one.pace.turn(HOST, 2.0):
        assert store.hosts.take("portal.example:443", time.now(), timedelta(seconds=1)) == 0.0
    assert time.slept == []


async def test_who_comes_waits_until_all_know_it(poller):
    """The first request of a poller waits until those that were there say that they know it."""
    one, two = poller("a:1"), poller("b:1")
    await one.look()
    await two.look()
    assert not two.company.admitted.is_set()
    await one.look()
    await two.look()
    assert two.company.admitted.is_set()
    assert one.company.others == {"b:1"}


async def test_who_was_alone_tells_what_it_asked(poller, time):
    """A host that the first poller asked before the second came is left alone for the rest of its pause."""
    one, two = poller("a:1"), poller("b:1")
    await one.look()
    async with one.pace.turn(HOST, 5.0):
        pass
    for company in (two, one, two):
        await company.look()
    begun = time.passed
    async with two.pace.turn(HOST, 5.0):
        assert time.passed - begun >= 5.0


async def test_i10_a_host_is_given_to_one_at_a_time(poller, time):
    """While one poller asks a host, another waits; after it, for the pause; other hosts are free."""
    one, two = poller("a:1"), poller("b:1")
    for company in (one, two, one, two):
        await company.look()
    async with one.pace.turn(HOST, 2.0):
        async with asyncio.timeout(5), two.pace.turn(("other.example", 443), 2.0):
            pass
        assert two.company.hosts.take("portal.example:443", time.now(), timedelta(seconds=1)) > 2.0
    time.slept.clear()
    async with two.pace.turn(HOST, 2.0):
        pass
    assert sum(time.slept) == pytest.approx(2.0, abs=0.01)


async def test_who_slept_asks_nothing_before_it_is_known_again(poller, time):
    """A poller that was stopped for longer than the others wait is taken for new when it wakes."""
    one, two = poller("a:1"), poller("b:1")
    for company in (one, two, one, two):
        await company.look()
    time.passed += 60
    await one.look()
    assert one.company.others == frozenset()
    asking = asyncio.create_task(two.company.take(HOST, 2.0))
    await asyncio.sleep(0.05)
    assert not asking.done()
    for company in (two, one, two):
        await company.look()
    await asking
    assert one.company.others == {"b:1"}
    assert STALE < 30


async def test_a_pause_outlives_its_poller(poller, time):
    """Who ends tells the pauses that are not over; after one that was killed each host is taken for just asked."""
    one = poller("a:1")
    async with one.company.keeping(one.pace, one.ledger):
        await one.look()
        async with one.pace.turn(HOST, 5.0):
            pass
    two = poller("a:2")
    await two.look()
    begun = time.passed
    async with two.pace.turn(HOST, 2.0):
        assert time.passed - begun > 2.0
    three = poller("a:3", dead=["a:2"])
    await three.look()
    begun = time.passed
    async with three.pace.turn(("never.example", 443), 2.0):
        assert time.passed - begun == pytest.approx(2.0)


async def test_a_budget_counts_for_all_and_over_restarts(poller, time):
    """What one poller asked is not asked again by another, nor by the one that follows it."""
    one, two = poller("a:1", budget=5), poller("b:1", budget=5)
    await one.look()
    await two.look()
    for _ in range(3):
        one.ledger.spend(HOST)
    two.ledger.spend(HOST)
    for _ in range(2):
        time.passed += 11
        await one.look()
        await two.look()
    two.ledger.spend(HOST)
    with pytest.raises(Blocked, match="5 times today"):
        two.ledger.spend(HOST)
    time.passed += 11
    await two.look()
    three = poller("c:1", budget=5)
    async with three.company.keeping(three.pace, three.ledger):
        with pytest.raises(Blocked):
            three.ledger.spend(HOST)


async def test_what_could_not_be_stored_is_stored_later(poller, store, time, monkeypatch):
    """Counts and rules of a time without database are not lost."""
    one = poller("a:1")
    await one.look()
    one.ledger.spend(HOST)
    one.company.keep(HOST, "User-agent: *\n", time.now())

    def fails(*_):
        raise StoreError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(type(store.hosts), "count", fails)
        time.passed += 11
        with pytest.raises(StoreError):
            await one.look()
    one.ledger.spend(HOST)
    time.passed += 11
    await one.look()
    assert [line.requests for line in store.hosts.days("2026-11-23")] == [2]
    assert (await poller("b:1").company.recall(HOST))[0] == "User-agent: *\n"


def test_a_wrong_clock_binds_no_host(store, time):
    """A host that is to be left alone for years was told so by a clock that ran ahead: it is taken."""
    later = time.now() + timedelta(days=3650)
    store.hosts.give("portal.example:443", later, timedelta(seconds=2))
    assert store.hosts.take("portal.example:443", time.now(), timedelta(seconds=30)) == 0.0
    assert 29 < store.hosts.take("portal.example:443", time.now(), timedelta(seconds=30)) <= 30


def test_old_ledgers_are_forgotten(store, time):
    """The figures of a month stay, older ones go, as do rules that nobody read again."""
    store.hosts.count([HostDay(host="a:80", day=day, requests=1) for day in ("2026-10-23", "2026-10-24")])
    store.hosts.keep_robots({"a:80": ("x", NOW - timedelta(days=31)), "b:80": ("", NOW)})
    store.hosts.prune("2026-10-24", NOW - timedelta(days=30))
    assert [len(store.hosts.days(day)) for day in ("2026-10-23", "2026-10-24")] == [0, 1]
    assert store.hosts.robots("a:80") is None
    assert store.hosts.robots("b:80") == ("", NOW)

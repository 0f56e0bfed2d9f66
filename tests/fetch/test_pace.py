"""One request at a time for each host and port, with a pause after each."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from feedsvc.errors import Refused
from feedsvc.fetch.pace import Pace

A, B = ("a.example", 80), ("b.example", 80)


@pytest.fixture
def pace(fake_time):
    """A pace on fake time."""
    return Pace(fake_time.monotonic, fake_time.sleep)


async def test_the_first_request_waits_for_nothing(pace, fake_time):
    """A host that was not asked before is asked at once."""
    async with pace.turn(A, 2.0):
        pass
    assert fake_time.slept == []


async def test_the_pause_counts_from_the_end_of_the_last(pace, fake_time):
    """The pause begins when a request has ended, however long it took; time that passed by itself counts."""
    async with pace.turn(A, 2.0):
        fake_time.seconds += 50
    async with pace.turn(A, 2.0):
        pass
    fake_time.seconds += 1.5
    async with pace.turn(A, 2.0):
        pass
    fake_time.seconds += 100
    async with pace.turn(A, 2.0):
        pass
    assert fake_time.slept == [2.0, 0.5]


async def test_hosts_and_ports_do_not_know_each_other(pace, fake_time):
    """Another host, and another port of the same host, is asked meanwhile."""
    async with pace.turn(A, 2.0), pace.turn(B, 2.0), pace.turn((A[0], 443), 2.0):
        pass
    assert fake_time.slept == []


async def test_turns_come_in_the_order_of_asking(pace):
    """Nobody overtakes, and never two are in at once."""
    order: list[int] = []
    inside = 0

    async def visit(n: int) -> None:
        nonlocal inside
        async with pace.turn(A, 2.0):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            order.append(n)
            inside -= 1

    await asyncio.gather(*(visit(n) for n in range(10)))
    assert order == list(range(10))


async def test_a_failed_request_is_followed_by_a_pause_too(pace, fake_time):
    """An error within a turn frees the lane, and counts as its last request."""
    with pytest.raises(RuntimeError):
        async with pace.turn(A, 2.0):
            raise RuntimeError
    async with pace.turn(A, 2.0):
        pass
    assert fake_time.slept == [2.0]


async def test_cancelled_waiters_leave_the_lane_clean(pace):
    """Waiters that gave up, in the queue or in the pause, stop nobody behind them."""
    held = asyncio.Event()

    async def hold() -> None:
        async with pace.turn(A, 0.0):
            await held.wait()

    async def visit() -> str:
        async with pace.turn(A, 0.0):
            return "in"

    holder = asyncio.create_task(hold())
    await asyncio.sleep(0)
    queue = [asyncio.create_task(visit()) for _ in range(3)]
    await asyncio.sleep(0)
    queue[0].cancel()
    queue[1].cancel()
    held.set()
    assert await queue[2] == "in"
    await holder
    assert all(isinstance(r, asyncio.CancelledError) for r in await asyncio.gather(*queue[:2], return_exceptions=True))


async def test_a_waiter_cancelled_in_its_pause_frees_the_lane():
    """Giving up during the pause hands the turn on."""
    asleep = asyncio.Event()
    seconds = [0.0]

    async def sleep(_: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    pace = Pace(lambda: seconds[0], sleep)
    async with pace.turn(A, 2.0):
        pass

    async def visit() -> None:
        async with pace.turn(A, 2.0):
            pytest.fail("its turn had not come")

    waiter = asyncio.create_task(visit())
    await asleep.wait()
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    seconds[0] = 5.0
    async with pace.turn(A, 2.0):
        pass


async def test_forgotten_lanes_are_idle_ones(pace, fake_time):
    """Thousands of hosts met once do not stay in memory; one that is in use or was just asked does."""
    async with pace.turn(A, 0.0):
        for n in range(1500):
            async with pace.turn((f"h{n}.example", 80), 0.0):
                fake_time.seconds += 10
        assert len(pace._lanes) <= 1001
        waiting = asyncio.create_task(_enter(pace))
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting


async def _enter(pace: Pace) -> None:
    async with pace.turn(A, 0.0):
        pass


async def test_new_hosts_are_not_looked_for_among_all_others(pace, fake_time, monkeypatch):
    """Idle lanes are looked through when there are twice as many, not for each host that is new."""
    looks, forget = [], pace._forget_idle
    monkeypatch.setattr(pace, "_forget_idle", lambda: (looks.append(1), forget()))
    for n in range(8000):
        async with pace.turn((f"h{n}.example", 80), 0.0):
            pass
    assert len(looks) <= 4


async def test_the_delay_stands_between_all_requests_to_a_host(make_fetcher, portal, fake_time):
    """robots.txt, page, each redirect and a failure: the pause of per_host_delay stands between any two of them."""
    fetcher = make_fetcher(per_host_delay=timedelta(seconds=2))
    await fetcher.get(portal.url("/steps?2"))
    with pytest.raises(Refused):
        await fetcher.get(portal.url("/404"))
    assert len(portal.visits) == 5
    assert fake_time.slept == [2.0] * 4


async def test_public_hosts_get_at_least_a_second(make_fetcher):
    """No setting takes the pause for a public host under one second; allow_private hosts may have none."""
    exchange = make_fetcher(per_host_delay=timedelta())._exchange
    private = make_fetcher(per_host_delay=timedelta(), allow_private=["portal.local:80"])._exchange
    assert exchange._least_gap(("portal.local", 80)) == 1.0
    assert private._least_gap(("portal.local", 80)) == 0.0
    assert private._least_gap(("portal.local", 443)) == 1.0


async def test_crawl_delay_raises_the_pause(make_fetcher, portal, fake_time):
    """The portal's own Crawl-delay holds where it is longer than ours."""
    portal.robots = b"User-agent: *\nCrawl-delay: 7\n"
    fetcher = make_fetcher(per_host_delay=timedelta(seconds=2))
    await fetcher.get(portal.url("/ordinary"))
    await fetcher.get(portal.url("/ordinary"))
    assert fake_time.slept == [7.0, 7.0]


async def test_waiting_for_a_turn_is_not_the_portals_time(make_fetcher, portal, fake_time):
    """Politeness does not use up the deadline: a page arrives though its pauses together are longer."""

    async def pause(seconds: float) -> None:
        await asyncio.sleep(0.3)  # real time, since the deadline runs in it
        fake_time.seconds += seconds

    fetcher = make_fetcher(timeout=timedelta(seconds=1), per_host_delay=timedelta(seconds=2), sleep=pause)
    assert (await fetcher.get(portal.url("/steps?3"))).status == 200
    assert len(portal.visits) == 5

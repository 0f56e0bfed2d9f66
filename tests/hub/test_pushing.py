"""The loop that makes calls: within room, side by side, and past every failure."""

import asyncio
import threading
from datetime import timedelta

import pytest

from feedsvc.errors import StoreError
from feedsvc.hub.pushing import Errand, Push
from feedsvc.model import Waiting


class Work:
    """Stands in the hub's place: errands are put in by hand."""

    def __init__(self) -> None:
        self.due: list[Errand] = []
        self.busy: list[dict] = []
        self.looks = 0
        self.waiting = Waiting(pulse=(1, 1))
        self.fault: Exception | None = None
        self.raised = threading.Event()
        self.seconds = 0.0
        self.done: asyncio.Queue[str] = asyncio.Queue()

    def look(self) -> None:
        self.looks += 1

    def take(self, waiting, busy) -> list[Errand]:
        if self.fault:
            self.raised.set()
            raise self.fault
        self.busy.append({lane: dict(hosts) for lane, hosts in busy.items()})
        taken, self.due = self.due, []
        return taken

    def add(self, host: str, fault: Exception | None = None, hold: asyncio.Event | None = None) -> None:
        """One call that is due."""

        async def run() -> None:
            if hold:
                await hold.wait()
            self.done.put_nowait(host)
            if fault:
                raise fault

        self.due.append(Errand("tell", host, run))


@pytest.fixture
def work() -> Work:
    """Nothing to do yet."""
    return Work()


@pytest.fixture
def push(work: Work) -> Push:
    """The loop over it."""
    return Push(work, lambda: work.waiting, lambda: work.seconds)


async def test_it_looks_when_something_changed_or_a_minute_is_over(push, work) -> None:
    """Not at every tick."""
    await push.tick()
    await push.tick()
    assert work.looks == 1
    work.waiting = Waiting(pulse=(2, 1))
    await push.tick()
    assert work.looks == 2
    work.seconds = 59.9
    await push.tick()
    assert work.looks == 2
    work.seconds = 60.0
    await push.tick()
    assert work.looks == 3


async def test_what_is_under_way_is_counted_by_lane_and_host(push, work) -> None:
    """So that whoever gives out calls knows how much room there is; the end of a call makes room."""
    hold = asyncio.Event()
    for host in ("a", "a", "b"):
        work.add(host, hold=hold)
    await push.tick()
    await push.tick()
    assert work.busy == [{}, {"tell": {"a": 2, "b": 1}}]
    hold.set()
    await push.drain()
    await push.tick()
    assert work.busy[-1] == {}


async def test_whoever_stores_something_need_not_wait_for_the_next_second(push, work) -> None:
    """One word wakes the loop, and the end of a call does, too."""
    following = asyncio.create_task(push.tick_when_woken())
    work.add("a")
    push.changed()
    assert await asyncio.wait_for(work.done.get(), 10) == "a"
    work.add("b")
    push.changed()
    assert await asyncio.wait_for(work.done.get(), 10) == "b"
    following.cancel()
    await push.end()


async def test_a_mistake_in_one_call_costs_that_call(push, work, capsys) -> None:
    """It is logged whole, and the others go on."""
    work.add("a", fault=ZeroDivisionError("của ta"))
    work.add("b")
    await push.drain()
    work.add("c")
    await push.drain()
    assert [work.done.get_nowait() for _ in range(3)] == ["a", "b", "c"]
    assert "của ta" in capsys.readouterr().out


async def test_a_mistake_in_a_look_costs_that_look(push, work, capsys) -> None:
    """The next one is made."""
    following = asyncio.create_task(push.tick_when_woken())
    work.fault = ZeroDivisionError("của ta")
    push.changed()
    await asyncio.to_thread(work.raised.wait, 10)
    work.fault = None
    work.add("a")
    push.changed()
    assert await asyncio.wait_for(work.done.get(), 10) == "a"
    assert "của ta" in capsys.readouterr().out
    following.cancel()
    await push.end()


async def test_a_store_that_fails_is_asked_again(push, work, capsys) -> None:
    """Told in the log, in a sentence, whether the look failed or what came of a call could not be kept."""
    work.fault = StoreError("đĩa đầy")
    await push.tick()
    assert "đĩa đầy" in capsys.readouterr().out
    work.fault = None
    work.add("a", fault=StoreError("đĩa lại đầy"))
    await push.drain()
    assert "đĩa lại đầy" in capsys.readouterr().out


async def test_the_end_waits_a_little_and_no_longer(push, work) -> None:
    """A call that is nearly done gets done; one that hangs is dropped, to be made again by the next process."""
    hold = asyncio.Event()
    work.add("a", hold=hold)
    work.add("b", hold=asyncio.Event())
    await push.tick()
    hold.set()
    await push.end(timedelta(seconds=0.2))
    assert work.done.get_nowait() == "a"
    assert work.done.empty()
    await push.tick()
    assert work.busy[-1] == {}

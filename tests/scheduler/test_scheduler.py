"""The scheduler claims, hands on, and never waits for one portal with another."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.discoverer import Discovered
from feedsvc.errors import Conflict, StoreError
from feedsvc.model import DISCOVERY, Category, CategoryState, Claim, Found, PollResult, Source
from feedsvc.scheduler import Scheduler
from feedsvc.store import Store, open_store
from feedsvc.worker import release_dead

SECOND = timedelta(seconds=1)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


class Polls:
    """Stands in the poller's place: answers by plan, and tells what it was asked."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.asked: list[str] = []
        self.told: asyncio.Queue[str] = asyncio.Queue()
        self.hang: set[str] = set()
        self.answer: Callable[[], None] = lambda: None
        self.forever = asyncio.Event()

    def make_id(self, source: str, key: str, generation: int) -> str:
        return f"tag:example.org,2026:{source}/{key}#{generation}"

    async def poll(self, claim: Claim, source: Source, category: Category, progress: object = None) -> PollResult:
        self.asked.append(f"{claim.source}/{claim.category}")
        self.told.put_nowait(self.asked[-1])
        if claim.source in self.hang:
            await self.forever.wait()
        self.answer()
        now = self.clock()
        state = CategoryState(polled=now, next_poll=now + category.every, outcome="ok", succeeded=now)
        result = PollResult(
            source=claim.source, category=claim.category, token=claim.token, started=now, finished=now, outcome="ok",
            state=state,
        )  # fmt: skip
        self.store.save(result)
        return result


class Searches:
    """Stands in the discoverer's place: finds one category on every source."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.asked: list[str] = []
        self.answer: Callable[[], None] = lambda: None

    async def discover(self, claim: Claim, source: Source, progress: object = None) -> Discovered:
        self.asked.append(source.slug)
        self.answer()
        now = self.clock()
        found = (Found(slug="video", title="Video", url=f"{source.home}video", first_found=now, last_found=now),)
        state = CategoryState(polled=now, next_poll=now + timedelta(days=7), outcome="ok", succeeded=now)
        self.store.save_found(claim, found, state)
        return Discovered(source=source.slug, started=now, finished=now, outcome="ok", found=found, new=found)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    """A store with two portals of two categories each."""
    found = open_store(f"sqlite:///{tmp_path}/feedsvc.db")
    found.sync(tuple(SOURCES.values()), tuple(CATEGORIES.values()), clock())
    yield found
    found.close()


SOURCES = {slug: Source(slug=slug, title=slug, home=f"https://{slug}.example.vn/") for slug in ("mot", "hai")}
CATEGORIES = {
    (slug, name): Category(source=slug, slug=name, title=name, url=f"https://{slug}.example.vn/{name}")
    for slug in SOURCES
    for name in ("tin", "anh")
}


def found_in(store: Store) -> dict[tuple[str, str], Category]:
    """What was found on the sources so far."""
    return {
        (slug, one.slug): Category(source=slug, slug=one.slug, title=one.title, url=one.url)
        for slug, some in store.found().items()
        for one in some
    }


@pytest.fixture
async def scheduler(store: Store, clock: Clock) -> Scheduler:
    """A scheduler over them; its ticks are given by the test."""
    return Scheduler(
        poller=Polls(store, clock),
        store=store,
        sources=SOURCES,
        categories=CATEGORIES,
        discoverer=Searches(store, clock),
        relist=lambda: {**CATEGORIES, **found_in(store)},
        clock=clock,
        owner="a:1",
    )  # type: ignore[arg-type]


async def settled(scheduler: Scheduler) -> None:
    """Waits until every poll that can end has ended."""
    waiting = [task for claim, task in scheduler.running.items() if claim.source not in scheduler.poller.hang]
    await asyncio.gather(*waiting)


async def test_a_tick_polls_one_category_a_host(scheduler: Scheduler) -> None:
    """Two portals are polled side by side, the categories of one in turn."""
    await scheduler.tick()
    await settled(scheduler)
    assert sorted(name.partition("/")[0] for name in scheduler.poller.asked) == ["hai", "mot"]
    await scheduler.tick()
    await settled(scheduler)
    assert len(set(scheduler.poller.asked)) == 4


async def test_what_was_polled_waits_its_interval(scheduler: Scheduler, clock: Clock) -> None:
    """Nothing is asked again before it is due, and everything when it is."""
    for _ in range(3):
        await scheduler.tick()
        await settled(scheduler)
    assert len(scheduler.poller.asked) == 4
    clock.moment += timedelta(minutes=16)
    await scheduler.tick()
    await settled(scheduler)
    assert len(scheduler.poller.asked) == 6


async def test_a_portal_that_hangs_holds_up_itself_alone(scheduler: Scheduler, clock: Clock) -> None:
    """While a poll never ends, ticks go on and the other portal is polled on time."""
    scheduler.poller.hang = {"mot"}
    for _ in range(4):
        await scheduler.tick()
        await settled(scheduler)
        clock.moment += timedelta(minutes=2)
    assert [name for name in scheduler.poller.asked if name.startswith("mot")] == ["mot/anh"]
    assert len([name for name in scheduler.poller.asked if name.startswith("hai")]) == 2
    scheduler.poller.forever.set()
    await asyncio.gather(*scheduler.running.values(), return_exceptions=True)


@pytest.mark.parametrize("fault", [StoreError("disk full"), RuntimeError("a mistake of ours")])
async def test_a_poll_that_breaks_ends_alone(scheduler: Scheduler, fault: Exception) -> None:
    """A database that refuses, or a mistake in our code, costs one poll; the scheduler goes on."""

    def fail() -> None:
        raise fault

    scheduler.poller.answer = fail
    await scheduler.tick()
    await settled(scheduler)
    scheduler.poller.answer = lambda: None
    await scheduler.tick()
    await settled(scheduler)
    assert scheduler.running == {}
    assert len(scheduler.poller.asked) >= 2


@pytest.mark.parametrize(
    ("fault", "code"), [(Conflict("met the same item"), "conflict"), (RuntimeError("a mistake of ours"), "broken")]
)
async def test_a_poll_that_breaks_waits_and_lets_its_neighbours_go_first(
    scheduler: Scheduler, store: Store, clock: Clock, fault: Exception, code: str
) -> None:
    """What could not be stored is a failure with a pause and a reason: its portal is not asked again at once."""

    def fail() -> None:
        raise fault

    scheduler.poller.answer = fail
    for _ in range(4):
        await scheduler.tick()
        await settled(scheduler)
    assert sorted(scheduler.poller.asked) == sorted({f"{source}/{name}" for source, name in CATEGORIES})
    state = store.states()["mot", "tin"]
    assert (state.outcome, state.failures, state.problem.code) == ("failed", 1, code)
    assert state.next_poll > clock()
    assert store.owners(clock()) == set()


async def test_polls_that_break_again_and_again_are_told_of_once_a_day(
    scheduler: Scheduler, store: Store, clock: Clock
) -> None:
    """A mistake of ours raises one alarm a category at the third failure in a row, and a reminder after a day."""

    def fail() -> None:
        raise RuntimeError("a mistake of ours")

    scheduler.poller.answer = fail
    for failures, reminders in ((1, []), (2, []), (3, [0] * 4), (4, [0] * 4), (5, [1] * 4)):
        for _ in range(3):
            await scheduler.tick()
            await settled(scheduler)
        assert {state.failures for state in store.states().values() if state.polled} == {failures}
        told = store.recent_alarms(since=clock.moment)
        assert [alarm.reminders for alarm in told] == reminders
        assert {alarm.code for alarm in told} <= {"failing"}
        clock.moment += timedelta(hours=24 if failures == 4 else 7)


async def test_searches_that_break_again_and_again_are_told_of_too(
    scheduler: Scheduler, store: Store, clock: Clock
) -> None:
    """A mistake of ours in the search of a source raises an alarm of that source at the third failure in a row."""
    store.sync(tuple(SOURCES.values()), tuple(CATEGORIES.values()), clock(), discover={"mot"})

    def fail() -> None:
        raise RuntimeError("a mistake of ours")

    scheduler.discoverer.answer = fail
    told = []
    for _ in range(3):
        for _ in range(3):
            await scheduler.tick()
            await settled(scheduler)
        told.append([(one.source, one.category, one.code) for one in store.recent_alarms(since=clock.moment)])
        clock.moment += timedelta(hours=7)
    assert told == [[], [], [("mot", DISCOVERY, "failing")]]


async def test_a_poll_past_its_limit_waits_like_a_failure(
    scheduler: Scheduler, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A poll that never ends is given up, and the other category of its host is polled before it comes round again."""
    monkeypatch.setattr("feedsvc.scheduler.HARD_LIMIT", timedelta(0))
    scheduler.poller.hang = {"mot"}
    for _ in range(3):
        await scheduler.tick()
        await asyncio.gather(*scheduler.running.values())
    assert sorted(name for name in scheduler.poller.asked if name.startswith("mot")) == ["mot/anh", "mot/tin"]
    assert store.states()["mot", "anh"].problem.code == "timed-out"


async def test_a_stop_gives_back_what_never_became_a_poll(scheduler: Scheduler, store: Store, clock: Clock) -> None:
    """A claim made at the very moment of a stop does not hold up its host for the length of a lease."""
    stop = asyncio.Event()
    stop.set()
    store.claim_due(clock(), 9, owner="a:1")
    await scheduler.run(stop)
    assert store.owners(clock()) == set()


async def test_a_stop_lets_polls_end_and_gives_the_rest_back(
    scheduler: Scheduler, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a stop no lease is left: what could not end in time is due again at once."""
    monkeypatch.setattr("feedsvc.scheduler.PATIENCE", timedelta(0))
    scheduler.poller.hang = {"mot"}
    stop = asyncio.Event()
    running = asyncio.create_task(scheduler.run(stop))
    for _ in range(3):
        await scheduler.poller.told.get()
    stop.set()
    await running
    assert store.owners(clock()) == set()
    assert store.claim_due(clock(), 9, owner="b:2")[0].source == "mot"


async def test_the_end_of_a_poll_starts_the_next_of_its_host(scheduler: Scheduler) -> None:
    """Four categories of two hosts are polled at once, without waiting for four ticks."""
    stop = asyncio.Event()
    running = asyncio.create_task(scheduler.run(stop))
    async with asyncio.timeout(0.9):
        for _ in range(4):
            await scheduler.poller.told.get()
    assert len(set(scheduler.poller.asked)) == 4
    stop.set()
    await running


async def test_a_category_of_another_configuration_is_given_back(
    scheduler: Scheduler, store: Store, clock: Clock
) -> None:
    """A claim on a category that this process does not know is released, not lost."""
    scheduler.categories, scheduler.relist = {}, dict
    await scheduler.tick()
    await settled(scheduler)
    assert scheduler.poller.asked == []
    assert store.owners(clock()) == set()


async def test_a_source_is_searched_before_it_is_polled(scheduler: Scheduler, store: Store, clock: Clock) -> None:
    """What a search finds is polled without a restart, in place of what was there before."""
    store.sync(tuple(SOURCES.values()), tuple(CATEGORIES.values()), clock(), discover={"mot"})
    await scheduler.tick()
    await settled(scheduler)
    assert scheduler.discoverer.asked == ["mot"]
    for _ in range(3):
        await scheduler.tick()
        await settled(scheduler)
    assert [name for name in scheduler.poller.asked if name.startswith("mot")] == ["mot/video"]


async def test_what_another_process_found_is_polled(scheduler: Scheduler, store: Store, clock: Clock) -> None:
    """A category that another poller's search found since the start is polled by this one, too."""
    store.sync(tuple(SOURCES.values()), tuple(CATEGORIES.values()), clock(), discover={"mot"})
    (claim,) = store.claim_due(clock(), 1, owner="b:1", only=("mot", DISCOVERY))
    await Searches(store, clock).discover(claim, SOURCES["mot"])
    await scheduler.tick()
    await settled(scheduler)
    assert "mot/video" in scheduler.poller.asked


@pytest.mark.parametrize("fault", [StoreError("disk full"), RuntimeError("a mistake of ours")])
async def test_a_search_that_breaks_waits(scheduler: Scheduler, store: Store, clock: Clock, fault: Exception) -> None:
    """A search that cannot be stored, or trips a mistake of ours, is a failure with a pause; the listings go on."""

    def fail() -> None:
        raise fault

    store.sync(tuple(SOURCES.values()), tuple(CATEGORIES.values()), clock(), discover={"mot"})
    scheduler.discoverer.answer = fail
    for _ in range(4):
        await scheduler.tick()
        await settled(scheduler)
    state = store.states()["mot", DISCOVERY]
    assert (state.outcome, state.failures, scheduler.discoverer.asked) == ("failed", 1, ["mot"])
    assert state.next_poll == clock() + timedelta(minutes=15)
    assert sorted(scheduler.poller.asked) == sorted(f"{source}/{name}" for source, name in CATEGORIES)


def test_leases_of_killed_pollers_of_this_machine_are_ended(store: Store, clock: Clock) -> None:
    """A poller that starts frees what its dead predecessor held, and leaves the living and other machines alone."""
    for owner in ("here:999999999", "here:7"):
        store.claim_due(clock(), 1, owner=owner)
    release_dead(store, clock(), "here:7")
    assert store.owners(clock()) == set()
    store.claim_due(clock(), 1, owner=f"here:{os.getppid()}")
    store.claim_due(clock(), 1, owner="there:999999999")
    release_dead(store, clock(), "here:7")
    assert len(store.owners(clock())) == 2


class Teller:
    """Stands in the hub's place: notes when it is told, ticked and ended."""

    def __init__(self) -> None:
        self.changes = 0
        self.ended = False
        self.ticked = asyncio.Event()
        self.following = asyncio.Event()

    def changed(self) -> None:
        self.changes += 1

    async def tick(self) -> None:
        self.ticked.set()

    async def tick_when_woken(self) -> None:
        self.following.set()
        await asyncio.Event().wait()

    async def end(self) -> None:
        self.ended = True


async def test_whoever_tells_others_hears_of_each_poll_that_was_stored(scheduler: Scheduler) -> None:
    """At once; of one that could not be stored there is nothing to tell."""
    scheduler.push = Teller()  # type: ignore[assignment]
    await scheduler.tick()
    await settled(scheduler)
    assert scheduler.push.changes == 2

    def fail() -> None:
        raise StoreError("disk full")

    scheduler.poller.answer = fail
    await scheduler.tick()
    await settled(scheduler)
    assert scheduler.push.changes == 2


async def test_telling_begins_and_ends_with_the_scheduler(scheduler: Scheduler) -> None:
    """It ticks by itself, too, as what is due may not come from our own polls; a stop waits for its end."""
    scheduler.push = Teller()  # type: ignore[assignment]
    stop = asyncio.Event()
    running = asyncio.create_task(scheduler.run(stop))
    async with asyncio.timeout(20):
        await scheduler.push.following.wait()
        await scheduler.push.ticked.wait()
    stop.set()
    await running
    assert scheduler.push.ended

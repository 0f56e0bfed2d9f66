"""When things happen: APScheduler with a handful of fixed jobs. When a category is due lives in the database.

The tick only claims what is due and hands it on: a poll is a task of its own with a deadline, so a portal that hangs
never holds up the tick or another portal (safety.md 10).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from feedsvc import alarms
from feedsvc.discoverer import Discovered, Discoverer, search_of
from feedsvc.errors import StoreError, Unwritable
from feedsvc.headroom import Headroom
from feedsvc.model import DISCOVERY, Category, Claim, PollResult, Problem, Source
from feedsvc.plan import next_state
from feedsvc.poller import Poller
from feedsvc.progress import Progress, silent
from feedsvc.store import Store

TICK = timedelta(seconds=1)
RESTING = 3
"""Ticks to one look at the database while nothing is due and nothing runs: each costs as much with one source as with
ten thousand, and who waits a quarter of an hour for a poll does not mind two seconds."""
OUTBOX = timedelta(seconds=3)
"""How often the outbox is looked at when nobody says that something was stored: then it is at once."""
HOUSEKEEPING = timedelta(hours=1)
AT_ONCE = 100
GATHERING = 0.05
"""Seconds for which the ends of polls are gathered before the places that they free are filled, at one claim."""
PATIENCE = timedelta(seconds=5)
"""How long running polls may go on after a stop was asked for."""
HARD_LIMIT = timedelta(seconds=420)
"""A poll past this is cancelled whatever it does; its own budget is 300 s, its lease 600 s."""

Categories = Mapping[tuple[str, str], Category]
Result = TypeVar("Result", PollResult, Discovered)


class Push(Protocol):
    """Whoever tells others of what was stored (hub.pushing)."""

    def changed(self) -> None:
        """Something was stored."""
        ...

    async def tick(self) -> None:
        """Starts what is due, and waits for none of it."""
        ...

    async def tick_when_woken(self) -> None:
        """Ticks whenever something was stored, for ever."""
        ...

    async def drain(self) -> None:
        """Does what is due now, to its end."""
        ...

    async def end(self) -> None:
        """Ends what is under way."""
        ...


class Scheduler:
    """Claims due categories and polls them until told to stop; with `push`, others are told of what polls stored.

    `relist` gives the categories as they are now: those that a discovery found, here or in another process, are not
    among those known at the start.
    """

    def __init__(
        self,
        *,
        poller: Poller,
        store: Store,
        sources: Mapping[str, Source],
        categories: Categories,
        discoverer: Discoverer,
        relist: Callable[[], Categories],
        clock: Callable[[], datetime],
        owner: str,
        tick: timedelta = TICK,
        push: Push | None = None,
        headroom: Headroom | None = None,
        keep: timedelta | None = None,
    ) -> None:
        self.poller, self.store, self.clock, self.owner, self.every = poller, store, clock, owner, tick
        self.sources, self.categories = sources, categories
        self.discoverer, self.relist, self.push, self.headroom = discoverer, relist, push, headroom
        self.keep = keep
        self.owed: list[Claim] = []
        self.running: dict[Claim, asyncio.Task[object]] = {}
        self.last_tick: datetime | None = None
        self.idle = 0
        self.ended = asyncio.Event()
        self.claiming = asyncio.Lock()

    async def run(self, stop: asyncio.Event) -> None:
        """Polls what is due until `stop` is set; then lets what runs end for seconds and gives the rest back."""
        jobs = AsyncIOScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
        jobs.add_job(self._tick_unless_resting, "interval", seconds=self.every.total_seconds(), id="tick")
        jobs.add_job(self.housekeeping, "interval", seconds=HOUSEKEEPING.total_seconds(), id="housekeeping")
        following = [asyncio.create_task(self._tick_when_freed(), name="tick when freed")]
        if self.push:
            jobs.add_job(self.push.tick, "interval", seconds=OUTBOX.total_seconds(), id="outbox")
            following.append(asyncio.create_task(self.push.tick_when_woken(), name="push when woken"))
        jobs.start()
        try:
            await self.tick()
            await stop.wait()
        finally:
            jobs.shutdown(wait=False)
            for task in following:
                task.cancel()
            await asyncio.gather(self._stop_polls(), *([self.push.end()] if self.push else []))
            await self._give_all_back()

    async def tick(self) -> None:
        """Claims what is due now and starts a task for each."""
        async with self.claiming:
            await self._claim()

    async def _tick_unless_resting(self) -> None:
        """A tick, but where several of them had nothing to do: then one of three."""
        if self.running or self.idle % RESTING == 0:
            await self.tick()
        self.idle = 0 if self.running else self.idle + 1
        self.last_tick = self.clock()

    async def _claim(self) -> None:
        now = self.last_tick = self.clock()
        room = (await self.headroom.polls(AT_ONCE) if self.headroom else AT_ONCE) - len(self.running)
        if room <= 0:
            return
        await self._give_back_owed()
        try:
            claims = await asyncio.to_thread(self.store.claim_due, now, room, owner=self.owner)
        except StoreError as error:
            self._failed(error)
            structlog.get_logger().error("tick", problem=str(error))
            return
        for claim in claims:
            work = self.discover(claim) if claim.category == DISCOVERY else self.poll(claim)
            task: asyncio.Task[object] = asyncio.create_task(work, name=f"poll {claim.source}/{claim.category}")
            self.running[claim] = task
            task.add_done_callback(partial(self._ended, claim))

    def _ended(self, claim: Claim, _task: asyncio.Task[object]) -> None:
        self.running.pop(claim, None)
        self.ended.set()

    async def _tick_when_freed(self) -> None:
        """The end of a poll frees its host: another category of it may be due, and need not wait for the next tick."""
        while True:
            await self.ended.wait()
            await asyncio.sleep(GATHERING)
            self.ended.clear()
            await self.tick()

    async def poll(self, claim: Claim, progress: Progress = silent) -> PollResult | None:
        """Polls one claimed category and logs one line; None when nothing could be stored."""
        source, category = self.sources.get(claim.source), await self._category(claim)
        if source is None or category is None:
            await self._give_back(claim)
            return None
        result = await self._bounded(claim, category, self.poller.poll(claim, source, category, progress))
        if result is not None:
            _log(result)
            if self.push and (result.outcome != "unchanged" or result.seen):
                self.push.changed()
        return result

    async def discover(self, claim: Claim, progress: Progress = silent) -> Discovered | None:
        """Searches one claimed source for its categories and logs one line; None when nothing could be stored.

        What it found is polled from now on.
        """
        source = self.sources.get(claim.source)
        if source is None:
            await self._give_back(claim)
            return None
        result = await self._bounded(claim, search_of(source), self.discoverer.discover(claim, source, progress))
        if result is not None:
            _log_discovery(result)
            await self._list_again()
        return result

    async def _category(self, claim: Claim) -> Category | None:
        """The claimed category; one that was found since is looked up in the store."""
        if (claim.source, claim.category) not in self.categories:
            await self._list_again()
        return self.categories.get((claim.source, claim.category))

    async def _list_again(self) -> None:
        with contextlib.suppress(StoreError):  # asked again at the next claim on a category that is not known
            self.categories = await asyncio.to_thread(self.relist)

    async def _bounded(self, claim: Claim, category: Category, work: Coroutine[Any, Any, Result]) -> Result | None:
        """What `work` comes to within its time; a failure is told in the category's state, and gives None."""
        log = structlog.get_logger()
        try:
            async with asyncio.timeout(HARD_LIMIT.total_seconds()):
                result = await work
        except StoreError as error:
            self._failed(error)
            log.error("poll", source=claim.source, category=claim.category, outcome="not stored", problem=str(error))
            await self._give_up(claim, category, Problem(code=error.code, detail=str(error), url=category.url))
        except TimeoutError:
            detail = f"the poll took over {HARD_LIMIT.total_seconds():g} s and was given up; its portal may hang"
            log.error("poll", source=claim.source, category=claim.category, outcome="given up", problem=detail)
            await self._give_up(claim, category, Problem(code="timed-out", detail=detail, url=category.url))
        except asyncio.CancelledError:
            await asyncio.shield(self._give_back(claim))
            raise
        # A mistake of ours in one poll must not end the others: it is logged whole, and told on the status page.
        except Exception as error:
            log.exception("poll", source=claim.source, category=claim.category, outcome="broken")
            detail = f"a mistake in feedsvc ended the poll ({type(error).__name__}); the log tells where"
            await self._give_up(claim, category, Problem(code="broken", detail=detail, url=category.url))
        else:
            if self.headroom:
                self.headroom.stored()
            return result
        return None

    def _failed(self, error: StoreError) -> None:
        if self.headroom:
            self.headroom.failed(error)

    async def _give_back(self, claim: Claim) -> None:
        """The category is due again at once; where even that cannot be stored, as soon as it can."""
        try:
            await asyncio.to_thread(self.store.release, claim, self.clock())
        except Unwritable:
            self.owed.append(claim)
        except StoreError:
            pass  # its lease runs out by itself

    async def _give_back_owed(self) -> None:
        """Gives back what could not be given back before."""
        owed, self.owed = self.owed, []
        for claim in owed:
            await self._give_back(claim)

    async def _give_up(self, claim: Claim, category: Category, problem: Problem) -> None:
        """A failure like any other: due again after a pause, behind the other categories of its host.

        Where it cannot be stored, or another poller has the category, nothing happens: the lease runs out by itself.
        """
        now = self.clock()
        state = next_state(claim.state, category, outcome="failed", finished=now, problem=problem)
        result = PollResult(
            source=claim.source,
            category=claim.category,
            token=claim.token,
            started=now,
            finished=now,
            outcome="failed",
            state=state,
            problem=problem,
        )
        try:
            lasting = await asyncio.to_thread(self.store.lasting_alarms, claim.source, claim.category)
            result = alarms.after(result, lasting, category, self.poller.make_id)
            await asyncio.to_thread(self.store.save, result)
            alarms.log(result.alarms)
        except Unwritable:
            self.owed.append(claim)
        except StoreError:
            pass  # another poller has the category, or its lease runs out by itself

    async def housekeeping(self) -> None:
        """What is done now and then: a line that says that the service lives, and copies kept within their bounds."""
        paused = {"paused": self.headroom.problem.detail} if self.headroom and self.headroom.problem else {}
        structlog.get_logger().info("alive", polls=len(self.running), last_tick=str(self.last_tick), **paused)
        await self.tidy()

    async def tidy(self) -> None:
        """Lets copies of pictures go that are too old or too many, and texts that are older than they are kept."""
        if self.poller.mirror is not None:
            await asyncio.to_thread(self.poller.mirror.tidy)
        if self.keep is not None:
            await self._trim(self.keep)

    async def _trim(self, keep: timedelta) -> None:
        """In small steps: polls store what they found in between."""
        now = self.clock()
        try:
            for source in self.sources:
                while await asyncio.to_thread(self.store.trim, source, before=now - keep, now=now):
                    pass
        except StoreError as error:
            structlog.get_logger().error("trim", problem=str(error))

    async def _give_all_back(self) -> None:
        """Also what was claimed at the very moment of the stop, and never became a poll."""
        with contextlib.suppress(StoreError):
            await asyncio.to_thread(self.store.release_owner, self.owner)

    async def _stop_polls(self) -> None:
        tasks = list(self.running.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=PATIENCE.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _log(result: PollResult) -> None:
    milliseconds = round((result.finished - result.started) / timedelta(milliseconds=1))
    said = {"problem": result.problem.detail} if result.problem else {}
    structlog.get_logger().info(
        "poll",
        source=result.source,
        category=result.category,
        outcome=result.outcome,
        new=len(result.new),
        changed=len(result.changed),
        ms=milliseconds,
        **said,
    )


def _log_discovery(result: Discovered) -> None:
    """One line; what is new and what vanished is named, as a feed begins or ends with it."""
    told = {
        name: ", ".join(f"{one.slug} ({one.title})" for one in some)
        for name, some in (("new", result.new), ("vanished", result.vanished))
        if some
    }
    said = {"problem": result.problem.detail} if result.problem else {}
    milliseconds = round((result.finished - result.started) / timedelta(milliseconds=1))
    structlog.get_logger().info(
        "discover",
        source=result.source,
        outcome=result.outcome,
        found=len(result.found),
        ms=milliseconds,
        **told,
        **said,
    )

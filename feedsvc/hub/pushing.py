"""The loop that makes calls when they are due: side by side, within limits, none waiting for another."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

import structlog

from feedsvc.errors import StoreError
from feedsvc.model import Waiting

LOOK_AT_LEAST_EVERY: Final = timedelta(minutes=1)
"""Leases end and clocks go wrong without any item changing."""
PATIENCE: Final = timedelta(seconds=5)
LONGEST_DRAIN: Final = timedelta(seconds=60)


Busy = Mapping[str, Mapping[str, int]]
"""How many calls are under way, by lane and host."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One call to a host; `run` makes it, and tells the store what came of it. Lanes do not take each other's room."""

    lane: str
    host: str
    run: Callable[[], Awaitable[None]]


class Errands(Protocol):
    """Where calls come from: our own hub, or a hub elsewhere that has to be told. Both ask the store, in a thread."""

    def look(self) -> None:
        """Finds out what changed and makes it due in the store."""
        ...

    def take(self, waiting: Waiting, busy: Busy) -> list[Errand]:
        """Takes what is due, within its limits."""
        ...


class Push:
    """Makes the calls of `errands`: at each tick, those that are due. `waiting` looks at the store.

    `monotonic` gives seconds. Everything due stands in the store, so nothing is lost with this process; what it has
    under way when it dies is due again a minute later, and happens twice at most.
    """

    def __init__(self, errands: Errands, waiting: Callable[[], Waiting], monotonic: Callable[[], float]) -> None:
        self._errands, self._waiting, self._monotonic = errands, waiting, monotonic
        self._running: dict[asyncio.Task[None], Errand] = {}
        self._wake, self._turn = asyncio.Event(), asyncio.Lock()
        self._pulse: tuple[int, int] | None = None
        self._looked = 0.0

    def changed(self) -> None:
        """Something was stored: looked at now, not at the next second."""
        self._wake.set()

    async def tick_when_woken(self) -> None:
        """Something was stored, or a call ended and made room: neither need wait for the next second."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            ticking = asyncio.create_task(self.tick(), name="push")
            await asyncio.wait({ticking})
            _log_mistake(ticking)

    async def drain(self) -> None:
        """Makes the calls that are due now and ends when nothing is, or after a minute."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_DRAIN.total_seconds()):
                await self.tick()
                while self._running:
                    await asyncio.wait(set(self._running), return_when=asyncio.FIRST_COMPLETED)
                    await self.tick()
        await self.end(timedelta(0))

    async def end(self, patience: timedelta = PATIENCE) -> None:
        """Lets the calls under way end for `patience`, and drops the others: they are due again in a minute."""
        if self._running and patience:
            await asyncio.wait(set(self._running), timeout=patience.total_seconds())
        late = list(self._running)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def tick(self) -> None:
        """Looks what is due, and starts a task for each call. A store that fails is asked again at the next."""
        async with self._turn:
            try:
                errands = await asyncio.to_thread(self._due, self._busy())
            except StoreError as error:
                structlog.get_logger().error("push", outcome="failed", problem=str(error))
                return
            for errand in errands:
                task = asyncio.create_task(_made(errand), name=f"{errand.lane} {errand.host}")
                self._running[task] = errand
                task.add_done_callback(self._ended)

    def _busy(self) -> Busy:
        lanes: dict[str, Counter[str]] = {}
        for errand in self._running.values():
            lanes.setdefault(errand.lane, Counter())[errand.host] += 1
        return lanes

    def _due(self, busy: Busy) -> list[Errand]:
        waiting, now = self._waiting(), self._monotonic()
        if waiting.pulse != self._pulse or now - self._looked >= LOOK_AT_LEAST_EVERY.total_seconds():
            self._errands.look()
            self._pulse, self._looked = waiting.pulse, now
            waiting = self._waiting()
        return self._errands.take(waiting, busy)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._wake.set()
        _log_mistake(task)


async def _made(errand: Errand) -> None:
    """A call whose outcome cannot be stored is made again when its time is over."""
    try:
        await errand.run()
    except StoreError as error:
        structlog.get_logger().error("push", outcome="not stored", problem=str(error))


def _log_mistake(task: asyncio.Task[None]) -> None:
    """A mistake of ours costs one call, or one look: it is logged whole."""
    if not task.cancelled() and (error := task.exception()):
        structlog.get_logger().error("push", outcome="broken", exc_info=error)

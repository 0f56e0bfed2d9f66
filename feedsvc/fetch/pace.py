"""One request at a time for each host and port, with a pause after each (safety.md 8).

Hosts do not know each other: each has its own lane, so one that hangs delays only who waits for it. What other pollers
ask is not known here: whoever does, keeps the same pace with them (Turns).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from feedsvc.fetch.guard import Pair

_MANY_LANES: Final = 1000
_FORGET_AFTER: Final = 120.0
"""Seconds: longer than the longest pause (robots.LONGEST_DELAY), so that no pause is forgotten."""


class Turns(Protocol):
    """Keeps the pace together with other processes; `delay` is the pause after the request, in seconds."""

    async def take(self, pair: Pair, delay: float) -> None:
        """Returns once no other process asks `pair`, nor has asked it too short a time ago."""
        ...

    async def give(self, pair: Pair, delay: float) -> None:
        """Tells that the request that was taken has ended just now."""
        ...


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    asking: bool = False
    delay: float = 0.0
    finished: float | None = None
    not_before: float = 0.0

    def free(self, delay: float) -> float:
        """When the next request may begin that wants so long a pause before it."""
        return self.not_before if self.finished is None else max(self.not_before, self.finished + delay)


class Pace:
    """Hands out turns. `monotonic` gives seconds, `sleep` waits them; `turns` speaks for other processes."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        turns: Turns | None = None,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._turns = turns
        self._lanes: dict[Pair, _Lane] = {}
        self._many = _MANY_LANES
        self._asked_before: float | None = None

    @asynccontextmanager
    async def turn(self, pair: Pair, delay: float) -> AsyncIterator[None]:
        """Holds the lane of `pair` for one request; begins at least `delay` seconds after the last one ended.

        Turns are given in the order in which they were asked for. A waiter that is cancelled leaves the lane clean.
        """
        lane = self._lane(pair)
        lane.users += 1
        try:
            async with lane.lock:
                await self._pause(lane, delay)
                if self._turns is not None:
                    await self._turns.take(pair, delay)
                lane.asking, lane.delay = True, delay
                try:
                    yield
                finally:
                    lane.asking, lane.finished = False, self._monotonic()
                    if self._turns is not None:
                        await self._turns.give(pair, delay)
        finally:
            lane.users -= 1

    def waits(self) -> dict[Pair, float | None]:
        """How many seconds each host still wants to be left alone; None for one that is being asked just now."""
        now, found = self._monotonic(), dict[Pair, float | None]()
        for pair, lane in self._lanes.items():
            if lane.asking:
                found[pair] = None
            elif (left := lane.free(lane.delay) - now) > 0:
                found[pair] = left
        return found

    def heed(self, waits: Mapping[Pair, float]) -> None:
        """Leaves hosts alone for as many seconds, as another process wanted it that is gone."""
        now = self._monotonic()
        for pair, seconds in waits.items():
            self._lane(pair).not_before = now + seconds

    def suspect_all(self) -> None:
        """Takes every host for one that was asked just now: by a process that did not live to tell which."""
        self._asked_before = self._monotonic()

    async def _pause(self, lane: _Lane, delay: float) -> None:
        while (wait := lane.free(delay) - self._monotonic()) > 0:
            await self._sleep(wait)

    def _lane(self, pair: Pair) -> _Lane:
        if pair not in self._lanes and len(self._lanes) >= self._many:
            self._forget_idle()
        return self._lanes.setdefault(pair, _Lane(finished=self._asked_before))

    def _forget_idle(self) -> None:
        """Drops lanes that nobody uses; looked at again when there are twice as many, not at each host that is new."""
        oldest = self._monotonic() - _FORGET_AFTER
        self._lanes = {pair: lane for pair, lane in self._lanes.items() if lane.users or lane.free(0.0) > oldest}
        self._many = max(_MANY_LANES, 2 * len(self._lanes))

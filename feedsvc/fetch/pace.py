"""One request at a time for each host and port, with a pause after each (safety.md 8).

Hosts do not know each other: each has its own lane, so one that hangs delays only who waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from feedsvc.fetch.guard import Pair

_MANY_LANES = 1000
_FORGET_AFTER = 3600.0


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    finished: float | None = None


class Pace:
    """Hands out turns. `monotonic` gives seconds, `sleep` waits them."""

    def __init__(self, monotonic: Callable[[], float], sleep: Callable[[float], Awaitable[object]]) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._lanes: dict[Pair, _Lane] = {}

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
                try:
                    yield
                finally:
                    lane.finished = self._monotonic()
        finally:
            lane.users -= 1

    async def _pause(self, lane: _Lane, delay: float) -> None:
        while lane.finished is not None and (wait := lane.finished + delay - self._monotonic()) > 0:
            await self._sleep(wait)

    def _lane(self, pair: Pair) -> _Lane:
        if pair not in self._lanes and len(self._lanes) >= _MANY_LANES:
            self._forget_idle()
        return self._lanes.setdefault(pair, _Lane())

    def _forget_idle(self) -> None:
        oldest = self._monotonic() - _FORGET_AFTER
        self._lanes = {
            pair: lane
            for pair, lane in self._lanes.items()
            if lane.users or (lane.finished is not None and lane.finished > oldest)
        }

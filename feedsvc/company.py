"""Several pollers of one database keep one pace for each host, and one ledger (safety.md 8).

A poller that is alone asks nobody: it says every ten seconds that it lives, looks every two whether it still is alone,
and pays nothing for a request. Once there are others, each takes a host in the database before a request and gives it
back after. The change is without a gap: whoever comes waits with its first request until all others say that they know
it, and they write down, as they say so, which hosts they were asking. What was counted is stored with these signs.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog

from feedsvc.errors import StoreError
from feedsvc.fetch.guard import Pair
from feedsvc.fetch.ledger import Ledger, host_name, pair_named
from feedsvc.fetch.pace import Pace
from feedsvc.store import Hosts

BEAT: Final = 10.0
LOOK: Final = 2.0
ARRIVING: Final = 0.2
"""Seconds between two looks while others do not know us yet."""
STALE: Final = 20.0
"""Seconds without a look after which others may take us for dead (store.hosts.ALIVE), as after a SIGSTOP."""
PRUNE: Final = 3600.0
REMEMBERED: Final = timedelta(days=30)
"""How long the ledger of a day, and a robots.txt that nobody read again, is kept."""
PATIENCE: Final = 40.0
"""Seconds: no database and no dead poller keeps a request waiting for longer."""
LONGEST_KEPT: Final = 16 * 1024
"""Characters of a robots.txt that is stored; a longer one is asked for again after a restart."""


class Company:
    """The Turns and the Kept of one poller. `hold` is the longest that a request may last.

    `private` are hosts of one's own: their robots.txt is not stored, so that a change of it counts at the next start.
    `dead` are pollers of this machine that ended without a word.
    """

    def __init__(
        self,
        hosts: Hosts,
        owner: str,
        *,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        hold: timedelta,
        private: Collection[Pair] = (),
        dead: Collection[str] = (),
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.hosts, self.owner, self.clock, self.monotonic, self.sleep = hosts, owner, clock, monotonic, sleep
        self.hold, self.private, self.dead = hold, private, dead
        self.others: frozenset[str] = frozenset()
        self.looked = self.beaten = self.pruned = float("-inf")
        self.admitted = asyncio.Event()
        self.robots: dict[str, tuple[str, datetime]] = {}

    # Turns -----------------------------------------------------------------------------------------------------------

    async def take(self, pair: Pair, delay: float) -> None:
        """Returns once no other poller asks `pair`, nor has within its pause; at once where there is no pause.

        A database that fails, or a host that another keeps against all rules, is not waited for without end.
        """
        if delay <= 0:
            return
        await self._known_to_all()
        if not self.others:
            return
        deadline = self.monotonic() + self.hold.total_seconds() + PATIENCE
        while (wait := await self._taken(pair)) > 0 and self.monotonic() < deadline:
            await self.sleep(min(wait, delay))

    async def give(self, pair: Pair, delay: float) -> None:
        """Lets others have `pair` after the pause. Where that cannot be stored, they wait out the longest request."""
        if delay > 0 and self.others:
            with contextlib.suppress(StoreError):
                pause = timedelta(seconds=delay)
                await asyncio.to_thread(self.hosts.give, host_name(pair), self.clock(), pause)

    async def _taken(self, pair: Pair) -> float:
        try:
            return await asyncio.to_thread(self.hosts.take, host_name(pair), self.clock(), self.hold)
        except StoreError:
            return LOOK

    async def _known_to_all(self) -> None:
        if self.monotonic() - self.looked > STALE:
            self.admitted.clear()
        if not self.admitted.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self.admitted.wait()

    # Kept ------------------------------------------------------------------------------------------------------------

    async def recall(self, pair: Pair) -> tuple[str, datetime] | None:
        """The robots.txt that some poller read, and when."""
        if pair in self.private:
            return None
        try:
            return await asyncio.to_thread(self.hosts.robots, host_name(pair))
        except StoreError:
            return None

    def keep(self, pair: Pair, text: str, read: datetime) -> None:
        """Stores a robots.txt with the next sign of life."""
        if pair not in self.private and len(text) <= LONGEST_KEPT and "\0" not in text:
            self.robots[host_name(pair)] = text, read

    # Living ----------------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def keeping(self, pace: Pace, ledger: Ledger) -> AsyncIterator[None]:
        """Keeps company as long as the context lasts, and says farewell at its end."""
        with contextlib.suppress(StoreError):
            ledger.begin(await asyncio.to_thread(self.hosts.days, ledger.day()))
        living = asyncio.create_task(self._live(pace, ledger), name="company")
        try:
            yield
        finally:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
            with contextlib.suppress(StoreError):
                await asyncio.shield(self._leave(pace, ledger))

    async def _live(self, pace: Pace, ledger: Ledger) -> None:
        while True:
            try:
                await self.look(pace, ledger)
            except StoreError as error:
                structlog.get_logger().warning("company", problem=str(error))
                await self.sleep(LOOK)
            else:
                await self.sleep(LOOK if self.admitted.is_set() else ARRIVING)

    async def look(self, pace: Pace, ledger: Ledger) -> None:
        """Looks who else is there, and says that we are, and whom we know, where that is due. Raises StoreError."""
        now = self.monotonic()
        if self.beaten == float("-inf"):
            knows = await self._arrive(pace)
        else:
            knows = await asyncio.to_thread(self.hosts.others, self.owner, self.clock())
        if frozenset(knows) != self.others or now - self.beaten >= BEAT:
            knows = await self._beat(frozenset(knows), pace)
            await self._store(ledger)
            await self._prune()
        self.looked = now
        if frozenset(knows) == self.others and all(self.owner in known for known in knows.values()):
            self.admitted.set()

    async def _arrive(self, pace: Pace) -> dict[str, frozenset[str]]:
        """The first sign: takes over what those before us left."""
        dead = {*self.dead, self.owner}
        met = await asyncio.to_thread(self.hosts.beat, self.owner, self.clock(), knows=(), waits={}, dead=dead)
        pace.heed({pair_named(host): seconds for host, seconds in met.waits.items()})
        if met.abandoned:
            pace.suspect_all()
        return met.others

    async def _beat(self, others: frozenset[str], pace: Pace) -> dict[str, frozenset[str]]:
        """Says that we live, and knows `others` from now on; who was alone until now tells what it asks."""
        first, self.others = not self.others, others  # before anything is awaited: from now on each request is told
        hold, waits = self.hold.total_seconds(), pace.waits() if first and others else {}
        told = {host_name(pair): hold if wait is None else wait for pair, wait in waits.items()}
        now = self.monotonic()
        met = await asyncio.to_thread(self.hosts.beat, self.owner, self.clock(), knows=others, waits=told, dead=())
        self.beaten = now
        return met.others

    async def _store(self, ledger: Ledger) -> None:
        """Stores what was counted and read since; what cannot be stored now is stored later. Raises StoreError."""
        owed, robots = ledger.owed(), self.robots
        self.robots = {}
        try:
            totals = await asyncio.to_thread(self.hosts.count, owed)
            owed = []
            await asyncio.to_thread(self.hosts.keep_robots, robots)
        except StoreError:
            ledger.owe(owed)
            self.robots = {**robots, **self.robots}
            raise
        if self.others:
            ledger.learn(totals)

    async def _prune(self) -> None:
        if self.monotonic() - self.pruned < PRUNE:
            return
        self.pruned, oldest = self.monotonic(), self.clock() - REMEMBERED
        await asyncio.to_thread(self.hosts.prune, oldest.date().isoformat(), oldest)

    async def _leave(self, pace: Pace, ledger: Ledger) -> None:
        waits = {host_name(pair): wait for pair, wait in pace.waits().items() if wait is not None}
        await asyncio.to_thread(self.hosts.leave, self.owner, self.clock(), waits=waits)
        await self._store(ledger)

"""`python poller_process.py FOLDER`: the polling side over the configuration in a folder, in a process of its own.

A line `SECONDS` on standard input moves the clock so far ahead, polls all that is due then, and is answered by one line
of JSON: how long that took, when the polls of each source began and ended, and the most memory that was ever held.
Names are all 127.0.0.1: nothing else differs from the service.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from feedsvc.config import load_config
from feedsvc.fetch.doors import SchemeFetcher
from feedsvc.fetch.folder import FolderFetcher
from feedsvc.fetch.http import HttpFetcher
from feedsvc.log import set_up_logging
from feedsvc.model import Category, Claim, PollResult, Source
from feedsvc.reading import Reading
from feedsvc.scheduler import Scheduler
from feedsvc.store import open_store
from feedsvc.worker import build_scheduler, user_agent

READING = 6.0
"""Seconds of the processor that a page may take here: the true ten would make the torture pages of this run long."""


class Names(AbstractResolver):
    """Says of every name that it is this machine; of `lan.example` also that it is a public one."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """One address, or two."""
        found = ("93.184.216.34", "127.0.0.1") if host == "lan.example" else ("127.0.0.1",)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=6, flags=0)
            for address in found
        ]

    async def close(self) -> None:
        """Holds nothing open."""


def peak() -> int:
    """The most memory that this program ever held, in MiB (proc(5), VmHWM).

    getrusage(2) would tell that of the process which started this one too, where that was larger: it outlives execve(2).
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


class Rounds:
    """Rounds of polls of all that is due, by a clock that is moved ahead; each poll is timed."""

    def __init__(self, folder: Path) -> None:
        self.config = load_config(folder / "config.toml", {})
        self.store = open_store(self.config.database)
        self.ahead = timedelta()
        self.times: dict[str, tuple[float, float]] = {}
        self.began = 0.0

    def now(self) -> datetime:
        """The time of day, as far ahead as it was moved."""
        return datetime.now(UTC) + self.ahead

    def timed(self, scheduler: Scheduler) -> Scheduler:
        """The scheduler, whose polls leave their times here."""
        poll = scheduler.poller.poll

        async def timed(claim: Claim, source: Source, category: Category, *more: Any) -> PollResult:
            start = time.monotonic() - self.began
            result = await poll(claim, source, category, *more)
            self.times[claim.source] = (start, time.monotonic() - self.began)
            return result

        scheduler.poller.poll = timed  # type: ignore[method-assign]
        return scheduler

    async def round(self, scheduler: Scheduler, ahead: float) -> dict[str, Any]:
        """Polls what is due `ahead` seconds from now until each category was polled once."""
        self.ahead, self.began = timedelta(seconds=ahead), time.monotonic()
        self.times.clear()
        while len(self.times) < len(scheduler.categories):
            await scheduler.tick()
            with suppress(TimeoutError):
                await asyncio.wait_for(scheduler.ended.wait(), 0.2)
            scheduler.ended.clear()
        await asyncio.gather(*scheduler.running.values())
        return {"seconds": time.monotonic() - self.began, "times": self.times, "mebibytes": peak()}

    async def run(self) -> None:
        """Answers the lines of standard input."""
        reading = Reading(seconds=READING)
        web = HttpFetcher(
            user_agent=user_agent(self.config),
            clock=self.now,
            allow_private=self.config.fetch.allow_private,
            per_host_delay=self.config.fetch.per_host_delay,
            max_bytes=self.config.fetch.max_bytes,
            timeout=self.config.fetch.timeout,
            resolver=Names(),
        )
        folder = FolderFetcher(self.config.folder, self.now)
        authority = self.store.authority("feeds.example.org,2026")
        try:
            async with web:
                scheduler = self.timed(
                    build_scheduler(
                        self.config, self.store, self.now, authority,
                        lambda: SchemeFetcher(web=web.for_poll(), folder=folder), reading,
                    )
                )  # fmt: skip
                sys.stdout.write("{}\n")
                sys.stdout.flush()
                while line := await asyncio.to_thread(sys.stdin.readline):
                    sys.stdout.write(json.dumps(await self.round(scheduler, float(line))) + "\n")
                    sys.stdout.flush()
        finally:
            await asyncio.to_thread(reading.close)
            self.store.close()


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(Rounds(Path(sys.argv[1])).run())

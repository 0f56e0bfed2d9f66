"""Whether what a poll brings could be stored: free space, refused writes, and pollers that give no sign (safety.md 9).

While it could not, no portal is asked: polling pauses, reading goes on. That it can be stored again is found out by
trying: a write of some size first, then one poll alone, then all.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from feedsvc import alarms
from feedsvc.errors import StoreError, Unwritable
from feedsvc.model import Alarm, Beat, Problem
from feedsvc.store import Store

LOOK = timedelta(seconds=10)
"""How often the disk is looked at, and how soon after a refused write another is tried."""
LONGEST = timedelta(minutes=5)
"""The longest pause between two tries: each that fails doubles it."""
BEAT = timedelta(seconds=30)
"""How often a poller gives a sign of life."""
SILENT = timedelta(minutes=3)
"""How long without a sign until a poller is taken for stopped."""
BALLAST = 256 * 1024
"""Bytes that must fit before portals are asked again: more than a poll usually brings."""
MIB = 1024 * 1024

Free = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """The free space of the disk with a folder, in bytes, as far as this user may fill it. Raises OSError."""
    return shutil.disk_usage(folder).free


def shortage(free: int, least: int, folder: Path) -> Problem | None:
    """What to tell a person where fewer than `least` bytes are free; None where there is room."""
    if free >= least:
        return None
    detail = (
        f"polling pauses: {folder} has {free // MIB} MiB free, under the {least // MIB} MiB of [service] least_free; "
        "make room, then it goes on by itself"
    )
    return Problem(code="disk-full", detail=detail)


def refusal(error: StoreError) -> Problem | None:
    """What to tell a person after a write that failed for good; None where only what was written was at fault."""
    return Problem(code=error.code, detail=f"polling pauses: {error}") if isinstance(error, Unwritable) else None


def standstill(beats: Sequence[Beat], short: Problem | None, now: datetime) -> Problem | None:
    """Why nothing is polled just now, for who only reads; None while some poller works, and where none ever did.

    `beats` are those of `Store.beats`, `short` is what `Disk.problem` says here and now: on a full disk a poller cannot
    write down that it has paused. A sign from the future was given by a wrong clock, and counts as one of now.
    """
    if short is not None or not beats:
        return short
    live = [one for one in beats if now - one.at <= SILENT]
    if not live:
        silent = round((now - beats[0].at) / timedelta(minutes=1))
        detail = (
            f"no poller has given a sign for {silent} minutes: see that `feedsvc run` or `feedsvc poll --forever` runs"
        )
        return Problem(code="silent", detail=detail)
    return live[0].problem if all(one.problem for one in live) else None


def standing(beats: Sequence[Beat], short: Problem | None, now: datetime) -> tuple[Problem, datetime] | None:
    """The standstill that a person is alarmed of, and since when it lasts: one of over three minutes.

    Since when is read off the signs alone, so that whoever asks, and whenever, is told the same moment.
    """
    found = standstill(beats, short, now)
    if found is None or not beats:
        return None
    live = [one for one in beats if now - one.at <= SILENT]
    if any(one.problem is None for one in live):
        return None
    began = max((one.since or one.at for one in live), default=beats[0].since or beats[0].at)
    return (found, began) if now - began > SILENT else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The disk of the database at `url`; nothing is known of one in memory, or of a server's."""

    url: str
    least: int
    free: Free = free_bytes

    def problem(self) -> Problem | None:
        """What to tell a person of too little free space, here and now."""
        name = self.url.removeprefix("sqlite:///").partition("?")[0]
        if name in {"", ":memory:"} or not self.url.startswith("sqlite:///"):
            return None
        folder = Path(name).resolve().parent
        try:
            return shortage(self.free(folder), self.least, folder)
        except OSError as error:
            return Problem(code="disk-full", detail=f"polling pauses: {folder} can't be looked at: {error.strerror}")


class Headroom:
    """Watches whether polls could be stored, and gives a poller's signs of life.

    `timer` is a monotonic clock, in seconds.
    """

    def __init__(
        self,
        *,
        store: Store,
        disk: Disk,
        owner: str,
        clock: Callable[[], datetime],
        make_id: alarms.MakeId,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store, self.disk, self.owner, self.clock, self.timer = store, disk, owner, clock, timer
        self.make_id = make_id
        self.problem: Problem | None = None
        self.since: datetime | None = None
        self._signed: datetime | None = None
        self.trying = False
        self._look_at = self._beat_at = timer()
        self._pause = LOOK

    async def polls(self, at_most: int) -> int:
        """How many polls may be under way: none in a pause, one while it is tried whether they can be stored again."""
        if self.timer() >= self._look_at:
            await asyncio.to_thread(self._look)
        return 0 if self.problem else min(at_most, 1) if self.trying else at_most

    def stored(self) -> None:
        """A poll was stored: in no pause, all may go on."""
        if self.problem is None:
            self.trying, self._pause = False, LOOK

    def failed(self, error: StoreError) -> None:
        """Something was not stored."""
        problem = refusal(error)
        if problem is None:
            return
        if self.trying:
            self._pause = min(self._pause * 2, LONGEST)
        self._begin(problem)
        self._look_at = self.timer() + self._pause.total_seconds()

    def _begin(self, problem: Problem) -> None:
        if self.problem is None:
            structlog.get_logger().error("paused", problem=problem.detail)
        self.problem, self.trying = problem, True
        self.since = self.since or self._signed or self.clock()

    def _look(self) -> None:
        """Looks at the disk and, when it is time or there was a problem, writes a sign: what fails begins a pause."""
        now = self.timer()
        self._look_at = now + (self._pause if self.problem else LOOK).total_seconds()
        short = self.disk.problem()
        if short is None and self.problem is None and now < self._beat_at:
            return
        if short is not None:
            self._begin(short)
        try:
            self._sign(short)
            self._beat_at = now + BEAT.total_seconds()
        except StoreError as error:
            short = short or refusal(error)
        if short is not None:
            self._begin(short)
        elif self.problem is not None:
            structlog.get_logger().warning("resumed", after=self.problem.code)
            self.problem, self.since, self._beat_at = None, None, now

    def _sign(self, short: Problem | None) -> None:
        """Writes a sign of life; with the first that all is well, how a standstill ended of which persons were told."""
        at = self.clock()
        over = self._over(at) if short is None and (self.problem or self._signed is None) else []
        since = self.since if short else None
        self.store.beat(
            Beat(owner=self.owner, at=at, problem=short, since=since),
            ballast=BALLAST if self.problem and not short else 0,
        )
        if short is None:
            self._signed = at
        self.store.save_alarms(over)
        alarms.log(over)

    def _over(self, at: datetime) -> list[Alarm]:
        """The alarm of the standstill that ends now, if it was one: of this poller, or of all before it began."""
        found = standing(self.store.beats(), self.problem, at)
        return [alarms.of_service(*found, at, self.make_id, ended=at)] if found else []

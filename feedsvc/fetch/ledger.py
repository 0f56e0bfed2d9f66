"""What was asked of each host today: a budget that nobody exceeds, and figures for a person (safety.md 8).

The count lives in memory, with what is still owed to the store: whoever keeps it there takes that now and then, and
tells what other pollers have asked meanwhile. A process that is killed leaves out what it owed: seconds of requests.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from feedsvc.errors import Blocked
from feedsvc.fetch.guard import Pair
from feedsvc.model import HostDay

DAILY_BUDGET: Final = 2000
OUR_DELAY: Final = "per_host_delay"
THEIR_DELAY: Final = "Crawl-delay of its robots.txt"


@dataclass(slots=True)
class _Line:
    requests: int = 0
    decoded_bytes: int = 0
    not_modified: int = 0
    slowed: datetime | None = None
    delay: float = 0.0
    delay_reason: str = ""
    robots: str = ""

    def add(self, requests: int, decoded_bytes: int, not_modified: int, slowed: datetime | None) -> None:
        self.requests += requests
        self.decoded_bytes += decoded_bytes
        self.not_modified += not_modified
        self.slowed = slowed or self.slowed


class Ledger:
    """Counts by host and port, and stops at `budget` requests a day (UTC) where the pair is not in `private`.

    `clock` gives aware datetimes.
    """

    def __init__(self, *, budget: int, private: Collection[Pair], clock: Callable[[], datetime]) -> None:
        self._budget = budget
        self._private = private
        self._clock = clock
        self._day = ""
        self._today: dict[Pair, _Line] = {}
        self._owed: dict[tuple[str, Pair], _Line] = {}

    def spend(self, pair: Pair) -> None:
        """Counts one request; raises Blocked, with the time until midnight UTC, when the day's budget is used up."""
        today, owed = self._lines(pair)
        if today.requests >= self._budget and pair not in self._private:
            raise Blocked(
                f"{pair[0]} was asked {today.requests} times today, and {self._budget} is the daily budget of a host; "
                "it is asked again from 00:00 UTC",
                retry_after=_until_midnight(self._clock()),
            )
        for line in (today, owed):
            line.add(1, 0, 0, None)

    def note(self, pair: Pair, status: int, decoded_bytes: int) -> None:
        """Writes down how a request was answered."""
        slowed = self._clock() if status in {429, 503} else None
        for line in self._lines(pair):
            line.add(0, decoded_bytes, status == 304, slowed)  # noqa: PLR2004 - Not Modified

    def paced(self, pair: Pair, ours: float, theirs: float) -> None:
        """Writes down the pause before a request: ours, or the one that its robots.txt wishes where that is longer."""
        told = (theirs, THEIR_DELAY) if theirs > ours else (ours, OUR_DELAY)
        today, owed = self._lines(pair)
        if (today.delay, today.delay_reason) != told:
            for line in (today, owed):
                line.delay, line.delay_reason = told

    def rule(self, pair: Pair, words: str) -> None:
        """Writes down what the robots.txt of a host says, in words."""
        today, owed = self._lines(pair)
        if today.robots != words:
            today.robots = owed.robots = words

    def day(self) -> str:
        """The day that is counted now (UTC, ISO 8601)."""
        self._turn_page()
        return self._day

    def today(self) -> tuple[HostDay, ...]:
        """The figures of every host asked today, those of other pollers among them as far as they were told."""
        self._turn_page()
        return tuple(_day(self._day, pair, line) for pair, line in sorted(self._today.items()))

    def owed(self) -> list[HostDay]:
        """What was counted since this was asked last, by host and day: now it is the asker's to keep."""
        owed, self._owed = self._owed, {}
        return [_day(day, pair, line) for (day, pair), line in owed.items() if line != _Line()]

    def owe(self, days: Iterable[HostDay]) -> None:
        """Takes back what could not be kept."""
        for one in days:
            line = self._owed.setdefault((one.day, pair_named(one.host)), _Line())
            line.add(one.requests, one.decoded_bytes, one.not_modified, line.slowed or one.slowed)
            if not line.delay_reason:
                line.delay, line.delay_reason = one.delay, one.delay_reason
            line.robots = line.robots or one.robots

    def begin(self, days: Iterable[HostDay]) -> None:
        """Goes on where the day stands: what was asked before this process began counts, too."""
        self._turn_page()
        for one in days:
            if one.day == self._day:
                line = self._today.setdefault(pair_named(one.host), _Line())
                line.add(one.requests, one.decoded_bytes, one.not_modified, line.slowed or one.slowed)

    def learn(self, totals: Mapping[tuple[str, str], int]) -> None:
        """Takes the requests of all pollers together, by host and day, in the place of our own count."""
        self._turn_page()
        for (host, day), requests in totals.items():
            pair = pair_named(host)
            if day == self._day and pair in self._today:
                unkept = self._owed.get((day, pair), _Line()).requests
                self._today[pair].requests = max(self._today[pair].requests, requests + unkept)

    def _lines(self, pair: Pair) -> tuple[_Line, _Line]:
        """The line of today, and that of what is still owed."""
        self._turn_page()
        return self._today.setdefault(pair, _Line()), self._owed.setdefault((self._day, pair), _Line())

    def _turn_page(self) -> None:
        day = self._clock().astimezone(UTC).date().isoformat()
        if day != self._day:
            self._day, self._today = day, {}


def host_name(pair: Pair) -> str:
    """A pair as stored: "name:port"."""
    return f"{pair[0]}:{pair[1]}"


def pair_named(host: str) -> Pair:
    """The pair that `host_name` writes so."""
    name, _, port = host.rpartition(":")
    return name, int(port)


def _day(day: str, pair: Pair, line: _Line) -> HostDay:
    return HostDay(
        host=host_name(pair),
        day=day,
        requests=line.requests,
        decoded_bytes=line.decoded_bytes,
        not_modified=line.not_modified,
        slowed=line.slowed,
        delay=line.delay,
        delay_reason=line.delay_reason,
        robots=line.robots,
    )


def _until_midnight(now: datetime) -> timedelta:
    today = now.astimezone(UTC)
    return datetime.combine(today.date() + timedelta(days=1), time(), UTC) - today

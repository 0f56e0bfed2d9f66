"""What was asked of each host today: a budget that nobody exceeds, and figures for a person (safety.md 8)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from feedsvc.errors import Blocked
from feedsvc.fetch.guard import Pair

DAILY_BUDGET: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class HostDay:
    """Requests to one host and port since midnight UTC; `slowed` is when it last answered 429 or 503."""

    host: str
    port: int
    requests: int = 0
    decoded_bytes: int = 0
    not_modified: int = 0
    slowed: datetime | None = None


class Ledger:
    """Counts by host and port, and stops at `budget` requests a day where the pair is not in `private`.

    `clock` gives aware datetimes. The count lives in memory: a restart begins anew.
    """

    def __init__(self, *, budget: int, private: Collection[Pair], clock: Callable[[], datetime]) -> None:
        self._budget = budget
        self._private = private
        self._clock = clock
        self._day: date | None = None
        self._hosts: dict[Pair, HostDay] = {}

    def spend(self, pair: Pair) -> None:
        """Counts one request; raises Blocked, with the time until midnight UTC, when the day's budget is used up."""
        line = self._line(pair)
        if line.requests >= self._budget and pair not in self._private:
            raise Blocked(
                f"{line.host} was asked {self._budget} times today, which is the daily budget of a host; "
                "it is asked again from 00:00 UTC",
                retry_after=_until_midnight(self._clock()),
            )
        self._hosts[pair] = replace(line, requests=line.requests + 1)

    def note(self, pair: Pair, status: int, decoded_bytes: int) -> None:
        """Writes down how a request was answered."""
        line = self._line(pair)
        self._hosts[pair] = replace(
            line,
            decoded_bytes=line.decoded_bytes + decoded_bytes,
            not_modified=line.not_modified + (status == 304),  # noqa: PLR2004 - Not Modified
            slowed=self._clock() if status in {429, 503} else line.slowed,
        )

    def today(self) -> tuple[HostDay, ...]:
        """The figures of every host asked today."""
        self._turn_page()
        return tuple(self._hosts[pair] for pair in sorted(self._hosts))

    def _line(self, pair: Pair) -> HostDay:
        self._turn_page()
        return self._hosts.get(pair) or HostDay(host=pair[0], port=pair[1])

    def _turn_page(self) -> None:
        day = self._clock().astimezone(UTC).date()
        if day != self._day:
            self._day, self._hosts = day, {}


def _until_midnight(now: datetime) -> timedelta:
    today = now.astimezone(UTC)
    return datetime.combine(today.date() + timedelta(days=1), time(), UTC) - today

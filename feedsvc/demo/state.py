"""What can change in the sample portal while it runs: releases, corrections, faults, counters.

One object per portal, guarded by one lock; what was published is kept in a JSON file when a path is given.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from threading import Condition, RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MODES = (
    "normal", "redesign", "empty", "short", "broken", "hang", "slow", "large", "dead", "login", "captcha",
    "403", "404", "410", "429", "500", "503", "html-for-pictures", "robots",
)  # fmt: skip
SPECIALS = ("control-character", "no-date", "no-title", "picture-html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One article of the reserve that was published: its place in the reserve, where, and when."""

    index: int
    category: str
    at: datetime


@dataclass(slots=True)
class _Traffic:
    """Counters of requests, for the report."""

    paths: Counter[str]
    agents: Counter[str]
    last: float | None = None
    minimum_gap: float | None = None
    open_now: int = 0
    most_at_once: int = 0


class PortalState:
    """Releases, corrections, withdrawals, specials and the current mode of one portal.

    `path` names the JSON file that keeps them (mode and counters are not kept); an existing file is read, a ValueError
    says when it is none of ours. Every change is written at once, by renaming a whole new file into place.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = RLock()
        self._changed = Condition(self._lock)
        self.mode, self.under, self.generation, self.closed = "normal", "/", 1, False
        self.releases: tuple[Release, ...] = ()
        self.corrections: dict[int, datetime] = {}
        self.withdrawn: frozenset[int] = frozenset()
        self.specials: frozenset[str] = frozenset()
        self.visits = 0
        self._traffic = _Traffic(Counter(), Counter())
        if path is not None and path.exists():
            self._load(json.loads(path.read_text(encoding="utf-8")))

    def release(self, releases: tuple[Release, ...]) -> None:
        """Publishes articles of the reserve."""
        with self._lock:
            self.releases += releases
            self._save()

    def correct(self, number: int, at: datetime) -> None:
        """Marks the article `number` as corrected at `at`; a later correction takes the place of an earlier one."""
        with self._lock:
            self.corrections = {**self.corrections, number: at}
            self._save()

    def withdraw(self, number: int) -> None:
        """Takes the article `number` off the portal: out of the lists, 404 at its own addresses."""
        with self._lock:
            self.withdrawn |= {number}
            self._save()

    def restore(self, number: int) -> None:
        """Brings the article `number` back to where it was before it was withdrawn."""
        with self._lock:
            self.withdrawn -= {number}
            self._save()

    def show_specials(self, names: frozenset[str]) -> None:
        """Shows exactly these special articles (names of SPECIALS)."""
        with self._lock:
            self.specials = names
            self._save()

    def use_generation(self, generation: int) -> None:
        """Which generation of addresses (1 or 2) the lists link to."""
        with self._lock:
            self.generation = generation
            self._save()

    def switch(self, mode: str, under: str = "/") -> None:
        """Sets the mode for all pages below the path `under`; requests that hang go on at once."""
        with self._changed:
            self.mode, self.under = mode, under
            self._changed.notify_all()

    def mode_at(self, path: str) -> str:
        """The mode that holds for the address `path`."""
        with self._lock:
            return self.mode if path.startswith(self.under) else "normal"

    def hang(self, path: str, longest: float) -> None:
        """Waits until the mode of `path` is no longer "hang", the portal is closed, or `longest` seconds passed."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self.mode_at(path) != "hang", timeout=longest)

    def pause(self, seconds: float) -> None:
        """Waits `seconds`, or until the portal is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed, timeout=seconds)

    def close(self) -> None:
        """Lets go of every request that hangs, so that a server can end."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def visit(self) -> int:
        """The number of this page view, counted from 1."""
        with self._lock:
            self.visits += 1
            return self.visits

    def opened(self, path: str, agent: str, at: float) -> None:
        """Notes a request that arrived at `at` (seconds of a monotonic clock)."""
        with self._lock:
            traffic = self._traffic
            traffic.paths[path] += 1
            traffic.agents[agent] += 1
            traffic.open_now += 1
            traffic.most_at_once = max(traffic.most_at_once, traffic.open_now)
            if traffic.last is not None:
                gap = at - traffic.last
                traffic.minimum_gap = gap if traffic.minimum_gap is None else min(gap, traffic.minimum_gap)
            traffic.last = at

    def ended(self) -> None:
        """Notes that a request was answered."""
        with self._lock:
            self._traffic.open_now -= 1

    def forget_traffic(self) -> None:
        """Starts counting requests afresh."""
        with self._lock:
            self._traffic = _Traffic(Counter(), Counter(), open_now=self._traffic.open_now)

    def traffic(self) -> dict[str, Any]:
        """The counters of requests as JSON values; gaps in seconds, None before the second request."""
        with self._lock:
            traffic = self._traffic
            return {
                "requests": dict(traffic.paths),
                "total": traffic.paths.total(),
                "agents": dict(traffic.agents),
                "minimum_gap": traffic.minimum_gap,
                "most_at_once": traffic.most_at_once,
            }

    def _load(self, saved: dict[str, Any]) -> None:
        try:
            self.releases = tuple(
                Release(index=row["index"], category=row["category"], at=datetime.fromisoformat(row["at"]))
                for row in saved["releases"]
            )
            self.corrections = {int(key): datetime.fromisoformat(at) for key, at in saved["corrections"].items()}
            self.withdrawn, self.specials = frozenset(saved["withdrawn"]), frozenset(saved["specials"])
            self.generation = saved["generation"]
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{self._path}: not a state file of the sample portal ({error})") from error

    def _save(self) -> None:
        if self._path is None:
            return
        kept = {
            "releases": [asdict(release) for release in self.releases],
            "corrections": self.corrections,
            "withdrawn": sorted(self.withdrawn),
            "specials": sorted(self.specials),
            "generation": self.generation,
        }
        draft = self._path.with_name(f".{self._path.name}.part")
        draft.write_text(json.dumps(kept, default=datetime.isoformat, indent=1), encoding="utf-8")
        draft.replace(self._path)


def clocked(clock: Callable[[], datetime]) -> datetime:
    """The clock's moment, cut to the minute: portals show no seconds."""
    return clock().replace(second=0, microsecond=0)

"""Things that come back: counted over pages, forgotten when they stay away, bounded in number. Pure."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from feedsvc.model import Habit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FEWEST: Final = 3
"""Pages that make a habit (reading.md 7)."""

KEPT_DAYS: Final = 60
"""Days after which what was not met is forgotten: longer than known articles are looked at, so that a habit lives as
long as any page that shows it is read."""

_BYTES: Final = 6


def digest(text: str) -> str:
    """Give eight characters that stand for the words of `text` (cleaned), whatever their letter case and spaces.

    Numbers are words too: bulletins of weather and prices differ by nothing else.
    """
    return exact_digest(" ".join(text.casefold().split()))


def exact_digest(text: str) -> str:
    """Give eight characters that stand for `text` as it is written."""
    return base64.urlsafe_b64encode(hashlib.blake2b(text.encode(), digest_size=_BYTES).digest()).decode()


def counted(
    habits: Sequence[Habit],
    shown: Sequence[Iterable[str]],
    again: Iterable[Iterable[str]],
    *,
    pages: int,
    today: int,
    most: int,
) -> tuple[Habit, ...]:
    """Count what each of the new pages has `shown`; what was met `again` on pages that were counted stays alive.

    `pages` is the number of pages before these, `today` a day (date.toordinal), `most` bounds what is remembered: what
    is common and what was met last is kept. In the order of the words, so that equal knowledge is equal.
    """
    known = {habit.what: habit for habit in habits if today - habit.last <= KEPT_DAYS}
    for place, some in enumerate(shown):
        for what in set(some):
            habit = known.get(what) or Habit(what=what, pages=0, since=pages + place)
            known[what] = replace(habit, pages=habit.pages + 1, last=today)
    for what in {what for some in again for what in some}:
        if what in known:
            known[what] = replace(known[what], last=today)
    return _bounded(known, most)


def _bounded(known: Mapping[str, Habit], most: int) -> tuple[Habit, ...]:
    ranked = sorted(known.values(), key=lambda one: (one.pages < FEWEST, -one.last, -one.pages, -one.since, one.what))
    return tuple(sorted(ranked[:most], key=lambda one: one.what))


def common(habits: Iterable[Habit], pages: int, share: float) -> frozenset[str]:
    """Give what was shown by three pages and by this share of the `pages` since it was first met."""
    return frozenset(one.what for one in habits if one.pages >= max(FEWEST, share * (pages - one.since)))

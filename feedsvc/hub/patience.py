"""When to call again somebody who was not there (relays.md 1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Final

PAUSES: Final = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
JITTER: Final = 0.2


def next_try(attempt: int, now: datetime, dice: Random, wish: timedelta | None = None) -> datetime:
    """The moment after `attempt` failures in a row (1 or more); the last pause comes back again and again.

    Each pause is a fifth longer or shorter by chance, so that those who failed together do not come back together.
    `wish` is what the other side asked for (Retry-After): it goes first.
    """
    if wish:
        return now + wish
    pause = PAUSES[min(attempt, len(PAUSES)) - 1]
    return now + pause * dice.uniform(1 - JITTER, 1 + JITTER)

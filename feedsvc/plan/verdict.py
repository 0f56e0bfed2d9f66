"""How a category stands, in a word and in words: quiet, late and broken are told apart (safety.md 7). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Literal

from feedsvc.model import CategoryState, ListHabit
from feedsvc.plan.rhythm import usual_gap

Standing = Literal["new", "ok", "late", "suspicious", "failing", "paused"]
Verdict = Literal["quiet", "late", "broken"]

UNITS = ((timedelta(days=2), timedelta(days=1), "days"), (timedelta(hours=2), timedelta(hours=1), "hours"))
MINUTE = timedelta(minutes=1)


def standing(state: CategoryState, now: datetime) -> Standing:
    """The state of a category while polling goes on; a person is told of all but `new` and `ok`."""
    if state.outcome == "suspicious":
        return "suspicious"
    if state.outcome == "failed":
        return "failing"
    if state.outcome is None:
        return "new"
    return "late" if is_late(state, now) else "ok"


def is_late(state: CategoryState, now: datetime) -> bool:
    """Whether a list has been silent for longer than its own rhythm bears."""
    return state.overdue is not None and now > state.overdue


def verdict(state: CategoryState, now: datetime) -> Verdict | None:
    """Which of the three it is; None where news have just come, and where nothing is known yet."""
    found = standing(state, now)
    if found in {"suspicious", "failing"}:
        return "broken"
    if found == "late":
        return "late"
    return "quiet" if state.outcome == "unchanged" else None


def silence(habit: ListHabit, now: datetime, zone: tzinfo) -> str:
    """Since when nothing new has come, and how often news usually do, in words; "" where none has come yet."""
    if habit.newest is None:
        return ""
    since = f"nothing new since {habit.newest.astimezone(zone):%d/%m/%Y %H:%M} ({told(now - habit.newest)})"
    gap = usual_gap(habit)
    return since if gap is None else f"{since}; news usually come every {told(timedelta(seconds=gap))}"


def told(time: timedelta) -> str:
    """A time as people say it: `50 minutes`, `36 hours`, `9 days`."""
    size, name = next(((unit, name) for least, unit, name in UNITS if time >= least), (MINUTE, "minutes"))
    number = max(1, round(time / size))
    return f"{number} {name if number > 1 else name[:-1]}"

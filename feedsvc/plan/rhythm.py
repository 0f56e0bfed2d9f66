"""When news of a list come, and so by when the next should have come, and how often the list is looked at. Pure.

What is told from here is learned (ListHabit): the last times between two articles, the longest silence of late, and for
each hour of the day when news last came in it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from statistics import fmean, median

from feedsvc.model import Category, Item, ListHabit

FEWEST_GAPS = 3
LATE = 3
"""Usual gaps of silence after which a list is late (safety.md 7)."""
LONGER = 1.5
"""Times the longest silence of late, if that is more: nights, weekends and holidays are silent without being late."""
FADING = timedelta(days=28)
"""In which a long silence of the past counts half as much."""
ACQUAINTED = timedelta(days=7)
"""How long a list must be known before it can be late, so that its nights and weekends are."""
WATCHED = timedelta(days=14)
"""How long its hours must have been watched before any of them is called quiet."""
REMEMBERED = timedelta(days=28)
"""How long an hour counts as busy after news came in it."""
SLOWEST = 4
"""Times `every`: the longest interval of the quietest hours (safety.md 8)."""
SHORTEST = timedelta(minutes=1)
"""Shorter intervals than this are somebody's wish, and left alone."""
HOURS = 24
MOST_GAPS = 7
HOUR = timedelta(hours=1)


def with_news(
    habit: ListHabit, new: Sequence[Item], *, usual: int | None, now: datetime, zone: tzinfo | None = None
) -> ListHabit:
    """The habit after a good poll that brought these articles and listed `usual` lines (None: not read).

    The first articles of a list tell its rhythm by their own dates, later ones by when they came. Hours are those of
    `zone`; without one none are noted.
    """
    habit = replace(habit, usual=habit.usual if usual is None else usual)
    if not new:
        return habit
    moments = sorted(min(item.published, now) for item in new if item.published is not None)
    since, watched = habit.since or min([*moments, now]), habit.watched or now
    gaps = [round((now - habit.newest).total_seconds() / len(new))] if habit.newest else _between(moments)
    # By the dates of the articles where they have any: silence in which nobody looked was none.
    silences = _between(
        [habit.newest, *(max(at, habit.newest) for at in moments or [now])] if habit.newest else moments
    )
    return replace(
        habit,
        gaps=(*habit.gaps, *gaps)[-MOST_GAPS:],
        newest=now,
        since=since,
        watched=watched,
        longest=max([_faded(habit, now), *silences]),
        hours=_with_hour(habit, now, zone) if zone is not None and habit.newest is not None else habit.hours,
    )


def _between(moments: Sequence[datetime]) -> list[int]:
    return [round((after - before).total_seconds()) for before, after in pairwise(moments)]


def _faded(habit: ListHabit, now: datetime) -> int:
    """The longest silence, as far as it still counts since the last news."""
    age = max(timedelta(0), now - (habit.newest or now))
    return round(habit.longest * math.exp2(-(age / FADING)))


def _with_hour(habit: ListHabit, now: datetime, zone: tzinfo) -> tuple[int, ...]:
    here = now.astimezone(zone)
    today, known = here.date().toordinal(), habit.hours or (0,) * HOURS
    kept = (day if today - day <= REMEMBERED.days else 0 for day in known)
    return tuple(today if hour == here.hour else day for hour, day in enumerate(kept))


def usual_gap(habit: ListHabit) -> float | None:
    """The usual time between two new articles in seconds (the median), None before three such times are known.

    Where days are all that a portal tells, most times are zero: then the mean of them.
    """
    if len(habit.gaps) < FEWEST_GAPS:
        return None
    return median(habit.gaps) or fmean(habit.gaps) or None


def overdue(habit: ListHabit) -> datetime | None:
    """The moment after which silence is late; None while too little is known to tell.

    That is three usual gaps after the last news, but not before it is half as long again as the longest silence of
    late: a portal that sleeps at night is not late each morning.
    """
    gap = usual_gap(habit)
    if gap is None or habit.newest is None or habit.since is None or habit.newest - habit.since < ACQUAINTED:
        return None
    return habit.newest + timedelta(seconds=max(LATE * gap, LONGER * habit.longest))


def expected(habit: ListHabit, silence: timedelta) -> float | None:
    """How many articles this list brings in such a time, by its rhythm; None where that is not known."""
    gap = usual_gap(habit)
    return None if gap is None else silence.total_seconds() / gap


def interval(category: Category, habit: ListHabit, now: datetime, zone: tzinfo) -> tuple[timedelta, str]:
    """How long until the list is looked at again after a good poll at `now`, and why, in words ("" for `every`).

    An hour is quiet when nothing came in it for four weeks. Beside a busy hour `every` is doubled, farther from one it
    is four times as long, and no look is later than `every` after the next busy hour has begun.
    """
    if not category.adapt or category.every < SHORTEST or not _is_watched(habit, now):
        return category.every, ""
    here = now.astimezone(zone)
    oldest = (here - REMEMBERED).date().toordinal()
    busy = {hour for hour, day in enumerate(habit.hours) if day >= oldest}
    if here.hour in busy or not busy:
        return category.every, ""
    beside = {(here.hour + 1) % HOURS, (here.hour - 1) % HOURS} & busy
    ahead = next(hours for hours in range(1, HOURS) if (here.hour + hours) % HOURS in busy)
    begins = ahead * HOUR - timedelta(minutes=here.minute, seconds=here.second)
    pause = min(category.every * (2 if beside else SLOWEST), begins + category.every)
    days = min(REMEMBERED, now - (habit.watched or now)).days
    return pause, f"looked at every {pause // SHORTEST} min: nothing came at this hour in {days} days"


def _is_watched(habit: ListHabit, now: datetime) -> bool:
    return bool(habit.hours) and habit.watched is not None and now - habit.watched >= WATCHED

"""What a source teaches: from the traces of its pages to its profile, kept small (reading.md 7).

Every page leaves a `Trace` (extract.trace): digests of its paragraphs and pictures, the headlines it offers, the places
of its dates. Here traces become counts, and counts become what the next page is read with (`known_of`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from feedsvc.extract.day_order import DayOrder, joined
from feedsvc.extract.habits import common, counted
from feedsvc.model import Habit, ListHabit, Profile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from feedsvc.model import Trace

_SOMETIMES: Final = 0.05  # of the pages since: what one category's template adds is a habit too
_MOSTLY: Final = 0.5
_MOST: Final = {"blocks": 200, "pictures": 60, "stand_ins": 12, "headings": 40, "affixes": 10, "posters": 12}
_MOST_CLOCKS: Final = 16
_MOST_DESIGNS: Final = 12
_MOST_LISTS: Final = 40
_SAME_CLOCKS: Final = 2  # articles of one poll on which a clock shows one day, though they are of others


@dataclass(frozen=True, slots=True)
class Known:
    """What of a profile is sure enough to read pages with: the words of `Profile`, without their counts."""

    blocks: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()
    stand_ins: frozenset[str] = frozenset()
    headings: frozenset[str] = frozenset()
    affixes: frozenset[str] = frozenset()
    clocks: frozenset[str] = frozenset()
    posters: frozenset[str] = frozenset()


def known_of(profile: Profile) -> Known:
    """Give what was seen on three pages and often enough: what stands around headlines on half of all."""
    pages = profile.pages
    return Known(
        blocks=common(profile.blocks, pages, _SOMETIMES),
        pictures=common(profile.pictures, pages, _SOMETIMES),
        stand_ins=common(profile.stand_ins, pages, _SOMETIMES),
        headings=common(profile.headings, pages, _SOMETIMES),
        affixes=common(profile.affixes, pages, _MOSTLY),
        clocks=frozenset(one.what for one in profile.clocks if one.pages >= _SAME_CLOCKS),
        posters=common(profile.posters, pages, _SOMETIMES),
    )


def learn(profile: Profile, new: Sequence[Trace], *, now: datetime, again: Sequence[Trace] = ()) -> Profile:
    """Give the profile with what the pages of one poll showed.

    `new` are traces of articles that nobody had read before: only those are counted, so that an article which is read
    three times makes no habit. `again` are those of articles that were known: their habits are kept alive.
    """
    if not new and not again:
        return profile
    today, pages = now.date().toordinal(), profile.pages

    def habits(name: str) -> tuple[Habit, ...]:
        before: tuple[Habit, ...] = getattr(profile, name)
        shown, met = ([getattr(trace, name) for trace in traces] for traces in (new, again))
        return counted(before, shown, met, pages=pages, today=today, most=_MOST[name])

    order = DayOrder(days=profile.days, months=profile.months)
    for trace in new:
        order = joined(order, DayOrder(days=trace.days, months=trace.months))
    return replace(
        profile,
        pages=pages + len(new),
        clocks=_clocks(profile, [*new, *again], today),
        designs=_designs(profile, [*new, *again], now),
        days=order.days,
        months=order.months,
        blocks=habits("blocks"),
        pictures=habits("pictures"),
        stand_ins=habits("stand_ins"),
        headings=habits("headings"),
        affixes=habits("affixes"),
        posters=habits("posters"),
    )


def _clocks(profile: Profile, traces: Sequence[Trace], today: int) -> tuple[Habit, ...]:
    """Count the places that show one day on articles of several days; a place that is right on another day is none."""
    right, wrong = set[str](), defaultdict[tuple[str, str], int](int)
    for trace in traces:
        for place, day in set(trace.clocks):
            if day == trace.listed:
                right.add(place)
            elif trace.listed:
                wrong[place, day] += 1
    ticking = {place: count for (place, _), count in wrong.items() if count >= _SAME_CLOCKS and place not in right}
    kept = {one.what: one for one in profile.clocks if one.what not in right}
    for place, count in ticking.items():
        habit = kept.get(place) or Habit(what=place, pages=0, since=profile.pages)
        kept[place] = replace(habit, pages=habit.pages + count, last=today)
    ranked = sorted(kept.values(), key=lambda one: (-one.last, -one.pages, one.what))
    return tuple(ranked[:_MOST_CLOCKS])


def _designs(profile: Profile, traces: Sequence[Trace], now: datetime) -> tuple[tuple[str, datetime], ...]:
    """Note places of the body that were not met before, with the moment from which they were; the newest are kept."""
    known = {place for place, _ in profile.designs}
    fresh = (trace.design for trace in traces if trace.design and trace.design not in known)
    return (*profile.designs, *((place, now) for place in dict.fromkeys(fresh)))[-_MOST_DESIGNS:]


def design_since(profile: Profile, trace: Trace | None) -> datetime | None:
    """Give the moment from which pages of the design of `trace` were met, None where that is not known."""
    return next((since for place, since in profile.designs if trace is not None and place == trace.design), None)


def list_habit(profile: Profile, category: str) -> ListHabit:
    """Give what is known of the list of a category."""
    return next((one for one in profile.lists if one.category == category), ListHabit(category=category))


def with_list(profile: Profile, habit: ListHabit) -> Profile:
    """Give the profile with what is known of one list from now on."""
    if any(one.category == habit.category for one in profile.lists):
        return replace(profile, lists=tuple(habit if one.category == habit.category else one for one in profile.lists))
    return replace(profile, lists=(*profile.lists, habit)[-_MOST_LISTS:])

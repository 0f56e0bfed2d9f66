"""A profile as the text that is stored, and back. Pure; what cannot be read is as if it had never been learned."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from feedsvc.model import NO_PROFILE, Habit, ListHabit, Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LONGEST: Final = 16_000
"""Bytes of a stored profile; longer ones lose the paragraphs that were met longest ago."""

_SHAPE: Final = 1
_HABITS: Final = ("blocks", "pictures", "stand_ins", "headings", "affixes", "clocks", "posters")
_DAY: Final = 24  # hours
_AGO: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_COUNTS: Final = ("pages", "days", "months")


def to_json(profile: Profile) -> str:
    """Write a profile; equal profiles give equal texts, of at most `LONGEST` bytes."""
    text = _written(profile)
    while len(text.encode()) > LONGEST and profile.blocks:
        newest = sorted(profile.blocks, key=lambda one: (-one.last, -one.pages, one.what))[
            : len(profile.blocks) * 3 // 4
        ]
        profile = replace(profile, blocks=tuple(sorted(newest, key=lambda one: one.what)))
        text = _written(profile)
    return text


def _written(profile: Profile) -> str:
    parts: dict[str, Any] = {"shape": _SHAPE, **{name: getattr(profile, name) for name in _COUNTS}}
    for name in _HABITS:
        parts[name] = [[one.what, one.pages, one.since, one.last] for one in getattr(profile, name)]
    parts["designs"] = [[place, since.isoformat()] for place, since in profile.designs]
    parts["lists"] = [_list_written(one) for one in profile.lists]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _list_written(habit: ListHabit) -> dict[str, Any]:
    plain = ListHabit(category=habit.category)
    told = {one.name: getattr(habit, one.name) for one in fields(ListHabit)}
    said = {name: value for name, value in told.items() if name == "category" or value != getattr(plain, name)}
    if habit.hours:
        said["hours"] = _hours_written(habit.hours)
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}


def from_json(text: str | None) -> Profile:
    """Read a stored profile: parts that are missing, or of another shape, are empty. Never raises."""
    try:
        parts = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return NO_PROFILE
    if not isinstance(parts, dict):
        return NO_PROFILE
    found: dict[str, Any] = {name: _read(_count, parts.get(name, 0), 0) for name in _COUNTS}
    for name in _HABITS:
        found[name] = _read(_habits, parts.get(name, ()), ())
    found["designs"] = _read(_designs, parts.get("designs", ()), ())
    found["lists"] = _read(_lists, parts.get("lists", ()), ())
    return Profile(**found)


def _read(reader: Callable[[Any], Any], value: Any, otherwise: Any) -> Any:
    try:
        return reader(value)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return otherwise


def _count(value: Any) -> int:
    return max(0, int(value))


def _habits(rows: Any) -> tuple[Habit, ...]:
    return tuple(
        Habit(what=str(what), pages=int(pages), since=int(since), last=int(last)) for what, pages, since, last in rows
    )


def _designs(rows: Any) -> tuple[tuple[str, datetime], ...]:
    return tuple((str(place), _moment(since)) for place, since in rows)


def _lists(rows: Any) -> tuple[ListHabit, ...]:
    return tuple(
        ListHabit(
            category=str(row["category"]),
            usual=int(row.get("usual", 0)),
            gaps=tuple(int(gap) for gap in row.get("gaps", ())),
            newest=_moment(row["newest"]) if "newest" in row else None,
            since=_moment(row["since"]) if "since" in row else None,
            longest=int(row.get("longest", 0)),
            watched=_moment(row["watched"]) if "watched" in row else None,
            hours=_hours(str(row.get("hours", ""))),
            doubts=int(row.get("doubts", 0)),
            doubted=str(row.get("doubted", "")),
            redesigned=_moment(row["redesigned"]) if "redesigned" in row else None,
            recognised=int(row.get("recognised", 0)),
        )
        for row in rows
    )


def _hours_written(days: Sequence[int]) -> str:
    """Write the newest of 24 days, and how long before it each was, a digit or letter for each hour."""
    newest = max(days)
    return f"{newest} " + "".join(_AGO[newest - day] if newest - day < len(_AGO) else "-" for day in days)


def _hours(text: str) -> tuple[int, ...]:
    """Read what `_hours_written` wrote; longer ago than it can say is never."""
    newest, _, ago = text.partition(" ")
    return tuple(0 if one == "-" else int(newest) - _AGO.index(one) for one in ago) if len(ago) == _DAY else ()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return moment

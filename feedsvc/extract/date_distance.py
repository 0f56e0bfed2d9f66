"""Dates told by their distance from now: "2 giờ trước", "hôm qua", "3 days ago"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from feedsvc.extract.date_words import AGO_AFTER, AGO_BEFORE, DAYS_BACK, JUST_NOW, ONE, UNITS

LONGEST: Final = 60
"""Longer texts that hold "hôm qua" are sentences about something else."""


def _any_of(words: frozenset[str] | tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


PART: Final = re.compile(
    rf"(?<!\w)(?P<number>\d{{1,4}}|{_any_of(ONE)})\s?(?P<unit>{_any_of(frozenset(UNITS))})(?![^\W前])"
)
AFTER: Final = re.compile(rf"\s*(?P<ago>{_any_of(AGO_AFTER)})(?:(?<=前)|(?!\w))")
BEFORE: Final = re.compile(rf"(?<!\w)(?P<ago>{_any_of(AGO_BEFORE)})$")
BESIDE_LETTERS: Final = frozenset(("ago", "il y a"))
"""Where a unit is one letter ("5 m ago"): beside other words it is a metre, or stands for something else."""
DAY: Final = re.compile(rf"(?<!\w)(?:{_any_of(frozenset(DAYS_BACK))})(?!\w)")


def back_from(now: datetime, text: str) -> datetime | date | None:
    """Read a distance in a folded text: a moment in `now`'s zone, or a day when days or longer units are counted."""
    if len(text) > LONGEST:
        return None
    if any(words in text for words in JUST_NOW):
        return now
    parts = list(PART.finditer(text))
    if parts and _is_distance(text, parts):
        return _back(parts, now)
    named = DAY.search(text)
    return now.date() - timedelta(days=DAYS_BACK[named.group()]) if named else None


def _is_distance(text: str, parts: list[re.Match[str]]) -> bool:
    """Tell whether "ago" stands right behind the numbers and units, or its like before them."""
    found = AFTER.match(text, parts[-1].end()) or BEFORE.search(text[: parts[0].start()].rstrip())
    if found is None:
        return False
    return found["ago"] in BESIDE_LETTERS or all(len(part["unit"]) > 1 or not part["unit"].isascii() for part in parts)


def _back(parts: list[re.Match[str]], now: datetime) -> datetime | date | None:
    """Go back by each part; None before the year 1."""
    day, seconds, exact = now.date(), 0, True
    for part in parts:
        number = int(part["number"]) if part["number"].isdigit() else 1
        unit, times = UNITS[part["unit"]]
        if unit == "second":
            seconds += number * times
            continue
        exact = False
        try:
            day = day - timedelta(days=number * times) if unit == "day" else _months_back(day, number * times)
        except (OverflowError, ValueError):
            return None
    return (now.astimezone(UTC) - timedelta(seconds=seconds)).astimezone(now.tzinfo) if exact else day


def _months_back(day: date, months: int) -> date:
    """Go back by months, to the last day of a month that is too short. Raises ValueError before the year 1."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))

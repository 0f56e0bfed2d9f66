"""The ways in which pages write a date, above all Vietnamese ones -> an aware moment and how exact it is.

At most 100 characters are looked at, with patterns that take linear time. In order: a full date anywhere in the text,
a distance ("2 giờ trước"), a day without a year in a date field or opening a lead, and last, for texts that look like
a date in a language without a row in `date_words.py`, dateparser. Rules: reading.md 6 of the specification.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from feedsvc.extract.date_clock import without_zone
from feedsvc.extract.date_days import TOKEN, WrittenDay, full_days, worded_days
from feedsvc.extract.date_distance import back_from
from feedsvc.extract.date_foreign import foreign_day
from feedsvc.extract.date_text import WrittenText, day_of, folded, taken_apart
from feedsvc.extract.date_words import LABELS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from feedsvc.extract.date_clock import WrittenTime
    from feedsvc.model import Precision

EARLIEST_YEAR: Final = 1995
AHEAD: Final = timedelta(days=2)
"""Portals' clocks and zones are wrong by that much, no more."""


@dataclass(frozen=True, slots=True)
class When:
    """A moment, aware and in the zone asked for; with precision "day" it is midnight of that day."""

    moment: datetime
    precision: Precision


class _Setting(NamedTuple):
    """What a reading depends on besides the text."""

    now: datetime
    zone: ZoneInfo
    day_first: bool
    years: tuple[int, ...]


DAY_AND_MONTH: Final = re.compile(r"(?<![\d.,/\-])(\d{1,2})\s?/\s?(\d{1,2})(?![\d/])(?![.,]\d)")
OPENING: Final = re.compile(
    r"(?:\([^()]{1,20}\)\s?[-–—:]?\s?|[^\W\d]{2,12}\s?[-–—:]\s?)?"  # an agency: "(BLC) -", "CTTĐT -"
    r"(?:(?:ngày|sáng|trưa|chiều|tối|đêm)\s){1,2}"
    r"(?P<day>\d{1,2}\s?/\s?\d{1,2}|\d{1,2} tháng \d{1,2})(?P<year>\s?/\s?\d{4}| năm \d{4})?(?![\d/])"
)
NAMED_YEAR: Final = re.compile(r"(?<!đến )(?<!tới )năm (\d{4})(?!\s?[-–]\s?\d)(?!\d)|(?<!\d)\d{1,2}/(\d{4})(?![\d/])")
ROUND_THE_CLOCK: Final = "24/7"


def read_date(
    text: str, *, now: datetime, timezone: ZoneInfo, day_first: bool = True, years: tuple[int, ...] = ()
) -> When | None:
    """Read the date that `text` (a date field, or the beginning of a lead) gives; None when it gives none.

    `now` (aware) is the base of distances and of days without a year; `timezone` is the zone of times that name none,
    and of the answer. `day_first` settles 05/09. `years` are those that the surrounding text names: a day without a
    year falls into the latest of them that is not ahead, else it is the nearest past one. Dates before 1995 or more
    than two days ahead are None. Any text is taken; nothing is raised.
    """
    setting = _Setting(now=now.astimezone(timezone), zone=timezone, day_first=day_first, years=years)
    seen = folded(text)
    if not seen:
        return None
    parsed = taken_apart(seen)
    for day in sorted(full_days(parsed.rest), key=lambda one: one.start):
        found = _settled(day, parsed, setting)
        if found is not None:
            return found
    return _distant(parsed, setting) or _without_year(parsed, setting) or _foreign(seen, setting)


def read_opening(text: str, *, now: datetime, timezone: ZoneInfo, years: tuple[int, ...] = ()) -> When | None:
    """Read the event day that opens a lead ("(BLC) - Sáng 14/7, ..."); None when the lead opens otherwise.

    Arguments as for `read_date`; `years_named` gives the years. The precision is always "day".
    """
    found = OPENING.match(folded(text))
    if found is None:
        return None
    return read_date(f"ngày {found['day']}{found['year'] or ''}", now=now, timezone=timezone, years=years)


def years_named(text: str) -> tuple[int, ...]:
    """Give the years that a text names ("năm 2022", "9/2022"), rising; no ends of periods ("đến năm 2025")."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return tuple(sorted({int(found[1] or found[2]) for found in NAMED_YEAR.finditer(folded)}))


def _settled(day: WrittenDay, parsed: WrittenText, setting: _Setting) -> When | None:
    """Put a written day and the time beside it together; None when there is no such day, or it is out of range."""
    readings = [(day.month, day.day)]
    if day.loose:
        swapped = (day.day, day.month)
        readings = [readings[0], swapped] if setting.day_first else [swapped, readings[0]]
    days = [one for month, number in readings if (one := day_of(day.year, month, number))]
    if parsed.weekday is not None:  # of two readings the one that falls on the weekday named
        days.sort(key=lambda one: one.weekday() != parsed.weekday)
    return _moment(days[0], _beside(day, parsed.times), setting) if days else None


def _beside(day: WrittenDay, times: tuple[WrittenTime, ...]) -> WrittenTime | None:
    """Choose the time of a day: the first in or after it, else the last before it, if nothing much stands between."""
    gap = 30
    after = next((time for time in times if day.start < time.start <= day.end + gap), None)
    before = next((time for time in reversed(times) if 0 <= day.start - time.end <= gap), None)
    return after or before


def _moment(day: date, time: WrittenTime | None, setting: _Setting) -> When | None:
    """Make the answer; exactly midnight, as written or in the source's zone, is how portals write a day alone."""
    if not EARLIEST_YEAR - 1 <= day.year <= setting.now.year + 1:
        return None
    moment = datetime(day.year, day.month, day.day, tzinfo=setting.zone)
    precision: Precision = "day"
    if time is not None and (time.hour, time.minute, time.second or 0) != (0, 0, 0):
        precision = "minute" if time.second is None else "second"
        moment = moment.replace(hour=time.hour, minute=time.minute, second=time.second or 0)
        if time.zone is not None:
            moment = moment.replace(tzinfo=time.zone).astimezone(setting.zone)
        if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
            precision = "day"
    return _in_range(When(moment, precision), setting)


def _in_range(when: When, setting: _Setting) -> When | None:
    return when if when.moment.year >= EARLIEST_YEAR and when.moment <= setting.now + AHEAD else None


def _distant(parsed: WrittenText, setting: _Setting) -> When | None:
    """Read "2 giờ trước", "vừa xong", and "hôm qua, 08:15" with its time."""
    found = back_from(setting.now.replace(second=0, microsecond=0), parsed.whole)
    if isinstance(found, datetime):
        return _in_range(When(found, "minute"), setting)
    return _moment(found, parsed.times[0] if parsed.times else None, setting) if found else None


def _without_year(parsed: WrittenText, setting: _Setting) -> When | None:
    """Read "19/9" where it fills a date field or opens a lead; "Trang 5/9" is neither."""
    if parsed.rest.strip() == ROUND_THE_CLOCK:
        return None
    opening = OPENING.match(parsed.rest.lstrip())
    if opening and opening["year"]:
        return None  # that was a full date, and out of range
    found = DAY_AND_MONTH.search(opening["day"].replace(" tháng ", "/") if opening else parsed.rest)
    if found and (opening or _bare(parsed.rest, found.start(), found.end())):
        first, second = int(found[1]), int(found[2])
        day, month = (first, second) if setting.day_first or opening else (second, first)
        return _inferred(month, day, parsed, setting)
    worded = next(worded_days(parsed.rest), None)
    if worded and not worded.year and _bare(parsed.rest, worded.start, worded.end):
        return _inferred(worded.month, worded.day, parsed, setting)
    return None


def _bare(text: str, start: int, end: int) -> bool:
    """Tell whether labels and marks alone stand around a place, and no number."""
    around = f"{text[:start]} {text[end:]}"
    return all(word in LABELS for word in TOKEN.findall(without_zone(around)))


def _inferred(month: int, day: int, parsed: WrittenText, setting: _Setting) -> When | None:
    """Find the year: the latest that the text around names and that is not ahead, else the nearest past one."""
    this = setting.now.year
    named = sorted((year for year in setting.years if EARLIEST_YEAR <= year <= this), reverse=True)
    time = parsed.times[0] if len(parsed.times) == 1 else None
    for year in (*named, *range(this, this - 9, -1)):
        one = day_of(year, month, day)
        if one is None or one > setting.now.date():
            continue
        return _moment(one, time, setting)
    return None


def _foreign(seen: str, setting: _Setting) -> When | None:
    day = foreign_day(seen, base=setting.now, day_first=setting.day_first)
    return _moment(day, None, setting) if day else None

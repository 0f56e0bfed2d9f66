"""The ways in which pages write a date, above all Vietnamese ones -> an aware moment and how exact it is.

At most 100 characters are looked at, with patterns that take linear time. In order: a full date anywhere in the text,
a distance ("2 giờ trước"), a day without a year in a date field or opening a lead, and last, for texts that look like
a date in a language without a row in `date_words.py`, dateparser. Rules and wordings: reading.md 6 of the specification.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import timezone as fixed_zone
from typing import TYPE_CHECKING, Final

from dateparser.date import DateDataParser

from feedsvc.extract.date_words import (
    AGO_AFTER,
    AGO_BEFORE,
    BETWEEN,
    DAYS_BACK,
    JUST_NOW,
    LABELS,
    MONTH_HEADS,
    MONTHS,
    ONE,
    UNITS,
    VIETNAMESE_MONTHS,
    WEEKDAYS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from feedsvc.model import Precision

LOOKED_AT: Final = 100
"""Characters of a text that are read; a date stands at its beginning."""

EARLIEST_YEAR: Final = 1995
AHEAD: Final = timedelta(days=2)
"""Portals' clocks and zones are wrong by that much, no more."""


@dataclass(frozen=True, slots=True)
class When:
    """A moment, aware and in the zone asked for; with precision "day" it is midnight of that day."""

    moment: datetime
    precision: Precision


@dataclass(frozen=True, slots=True)
class _Day:
    """A day as written: `month` and `day` may be the other way round when `loose`; year 0 is not written."""

    start: int
    end: int
    year: int
    month: int
    day: int
    loose: bool = False


@dataclass(frozen=True, slots=True)
class _Time:
    """A time of day as written, with its zone if it names one."""

    start: int
    end: int
    hour: int
    minute: int
    second: int | None
    zone: tzinfo | None


@dataclass(frozen=True, slots=True)
class _Text:
    """A folded text, the same with times and weekdays blanked out, and what stood there."""

    whole: str
    rest: str
    times: tuple[_Time, ...]
    weekday: int | None


@dataclass(frozen=True, slots=True)
class _Setting:
    """What a reading depends on besides the text."""

    now: datetime
    zone: ZoneInfo
    day_first: bool
    years: tuple[int, ...]


TIME: Final = re.compile(
    r"""(?<![\d:,/+.])
    (?:(?P<hour>[01]?\d|2[0-3])
       (?:\s?:\s?(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?
         |\s?(?:giờ|h|g(?=\s?\d))(?:\s?(?P<minutes>[0-5]?\d)(?:\s?(?:phút|p|'))?(?![\d/.\-]))?
         |\.(?P<dotted>[0-5]\d)(?=\s?(?:uhr|wib|wita|wit)\b)
         |(?=\s?[ap]\.?m\b))
       (?![\d:])
    )
    (?:\s?(?:(?P<late>p\.?m\b|ch\b|chiều|tối)|(?P<early>a\.?m\b|sa\b(?!\s?pa\b)|sáng)|(?P<noon>trưa)|(?P<night>đêm))\.?)?
    (?:(?P<zulu>z\b)|\s?(?P<offset>[+\-]\d\d:?\d\d)(?![\d/.\-]))?
    """,
    re.VERBOSE,
)
ZONE: Final = re.compile(
    r"\b(?:gmt|utc)(?:\s?(?P<offset>[+\-]\s?\d{1,2}(?::?\d\d)?)(?!\d))?|\b(?P<name>ict|[ecmp][sd]t)\b"
)
NAMED_ZONES: Final = {"ict": 7, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}

YEAR_FIRST: Final = re.compile(r"(?<!\d)(?<!\d[./\-])(\d{4})(?P<mark>[-/.])(\d{1,2})(?P=mark)(\d{1,2})(?!\d)")
DAY_FIRST: Final = re.compile(
    r"(?<!\d)(?<!\d[.,/\-])(\d{1,2})(?:\s?(?P<mark>[-/.])\s?)(\d{1,2})\s?(?P=mark)\s?(\d{4}|\d\d(?!\d))(?![\d/])(?![.,\-]\d)"
)
CHINESE: Final = re.compile(r"(?<!\d)(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日号일號]?")
TOKEN: Final = re.compile(r"\d+|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0980-\u09ff'])*")
WEEKDAY: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted((re.escape(word) for word in WEEKDAYS), key=len, reverse=True))})(?!\w)"
)
DISTANCE: Final = re.compile(
    rf"(?<!\w)(?P<number>\d{{1,4}}|{'|'.join(sorted(ONE, key=len, reverse=True))})\s?"
    rf"(?P<unit>{'|'.join(sorted(UNITS, key=len, reverse=True))})(?![^\W前])"
)
DAY_AND_MONTH: Final = re.compile(r"(?<![\d.,/\-])(\d{1,2})\s?/\s?(\d{1,2})(?![\d/])(?![.,]\d)")
OPENING: Final = re.compile(
    r"(?:\([^()]{1,20}\)\s?[-–—:]?\s?|[^\W\d]{2,12}\s?[-–—:]\s?)?"  # an agency: "(BLC) -", "CTTĐT -"
    r"(?:(?:ngày|sáng|trưa|chiều|tối|đêm)\s){1,2}(?P<day>\d{1,2}\s?/\s?\d{1,2})(?![\d/])"
)
ROUND_THE_CLOCK: Final = "24/7"
DISTANT_TEXT: Final = 60
"""Longer texts that hold "hôm qua" are sentences about something else."""

FOREIGN: Final = re.compile(r"(?=[^\d]{0,30}\d)(?=.{0,40}(?<!\d)\d{4}(?!\d)).{8,40}")
FOREIGN_LANGUAGES: Final = ("ar", "bg", "ca", "el", "et", "fa", "fi", "he", "hi", "hr", "hu", "ka", "km", "lo", "lt", "lv",
                            "my", "sk", "sl", "sr", "ta", "th")  # fmt: skip


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
    seen = _folded(text[:LOOKED_AT])
    if not seen:
        return None
    parsed = _parsed(seen)
    for day in sorted(_full_days(parsed.rest), key=lambda one: one.start):
        found = _settled(day, parsed, setting)
        if found is not None:
            return found
    return _distance(parsed, setting) or _without_year(parsed, setting) or _foreign(seen, setting)


def _folded(text: str) -> str:
    """NFC, case folded, all spaces plain and single, all digits ASCII, all minus signs of zones plain."""
    spelled = unicodedata.normalize("NFC", " ".join(text.split())).casefold()
    if spelled.isascii():
        return spelled
    return "".join(_plain(char) for char in unicodedata.normalize("NFC", spelled))


def _plain(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return "-" if char == "\u2212" else "'" if char in "\u2019\u2032" else char


def _parsed(seen: str) -> _Text:
    """Take times and weekdays out first: their numbers are no part of a day."""
    weekday, rest = None, seen
    for found in WEEKDAY.finditer(seen):
        weekday = WEEKDAYS[found.group()] if weekday is None else weekday
        rest = _blanked(rest, found.start(), found.end())
    zone = _zone(rest)
    times = tuple(_time(found, zone) for found in TIME.finditer(rest))
    for time in times:
        rest = _blanked(rest, time.start, time.end)
    return _Text(whole=seen, rest=rest, times=times, weekday=weekday)


def _blanked(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def _time(found: re.Match[str], zone: tzinfo | None) -> _Time:
    hour = int(found["hour"])
    minute = int(found["minute"] or found["minutes"] or found["dotted"] or 0)
    second = int(found["second"]) if found["second"] else None
    if found["zulu"]:
        zone = UTC
    elif found["offset"]:
        zone = _offset(found["offset"]) or zone
    return _Time(found.start(), found.end(), _hour(hour, found), minute, second, zone)


def _hour(hour: int, found: re.Match[str]) -> int:
    """Apply the half of the day to an hour; one above 12 needs none."""
    half_day = 12
    if hour > half_day:
        return hour
    if found["late"] or (found["night"] and 6 <= hour < half_day):  # noqa: PLR2004 - before six the night is the next day's
        return hour % half_day + half_day
    if found["early"] or found["night"]:
        return hour % half_day
    if found["noon"] and hour <= 2:  # noqa: PLR2004 - "1 giờ trưa", "2 giờ trưa"
        return hour + half_day
    return hour


def _zone(text: str) -> tzinfo | None:
    """Find a zone by name; "GMT+7" is seven hours east, whatever POSIX says."""
    found = ZONE.search(text)
    if found is None:
        return None
    if found["name"]:
        return fixed_zone(timedelta(hours=NAMED_ZONES[found["name"]]))
    return _offset(found["offset"]) if found["offset"] else UTC


def _offset(text: str) -> tzinfo | None:
    sign, digits = text[0], re.sub(r"\D", "", text)
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)  # noqa: PLR2004 - hhmm
    length = timedelta(hours=hours, minutes=minutes)
    if length > timedelta(hours=14):
        return None
    return fixed_zone(-length if sign == "-" else length)


def _full_days(text: str) -> Iterator[_Day]:
    """Give all days with a year, in no order."""
    for pattern in (YEAR_FIRST, CHINESE):
        for found in pattern.finditer(text):
            year, month, day = (int(part) for part in found.groups() if part.isdigit())
            yield _Day(found.start(), found.end(), year, month, day)
    for found in DAY_FIRST.finditer(text):
        day, month, year = (int(part) for part in found.groups() if part.isdigit())
        if year > 99:  # noqa: PLR2004 - two digits
            yield _Day(found.start(), found.end(), year, month, day, loose=True)
        elif found["mark"] != "-" and not text[: found.start()].strip(" (["):
            yield _Day(found.start(), found.end(), 2000 + year, month, day, loose=True)
    yield from (day for day in _worded_days(text) if day.year)


def _worded_days(text: str) -> Iterator[_Day]:
    """Give all days whose month is a word, or stands after one ("tháng 9"); year 0 where none is written."""
    if not any(char.isdigit() for char in text):
        return
    tokens = [(found.group(), found.start(), found.end()) for found in TOKEN.finditer(text)]
    for index in range(len(tokens)):
        month, length = _month(tokens, index)
        if not month:
            continue
        left = _number(tokens, index - 1, -1)
        right = _number(tokens, index + length, +1)
        beyond = _number(tokens, right[1] + 1, +1) if right else None
        yield from _placed(month, (left, right, beyond), tokens, (index, index + length - 1))


_Token = tuple[str, int, int]
_Number = tuple[int, int]  # value, index


def _month(tokens: list[_Token], index: int) -> tuple[int, int]:
    """Read the month named at a token, and by how many tokens; (0, 0) when none is."""
    words = [token[0] for token in tokens[index : index + 3]] + ["", ""]
    if words[0] not in MONTH_HEADS:
        return MONTHS.get(words[0], 0), 1
    if words[1].isdigit() and len(words[1]) <= 2 and 1 <= int(words[1]) <= 12:  # noqa: PLR2004 - months
        return int(words[1]), 2
    if month := VIETNAMESE_MONTHS.get(f"{words[1]}_{words[2]}"):
        return month, 3
    return VIETNAMESE_MONTHS.get(words[1], 0), 2


def _number(tokens: list[_Token], index: int, step: int) -> _Number | None:
    """Find the number next to a month, over at most two words that mean nothing."""
    for position in range(index, index + 3 * step, step):
        if not 0 <= position < len(tokens):
            return None
        word = tokens[position][0]
        if word.isdigit():
            return (int(word), position) if len(word) in {1, 2, 4} else None
        if word not in BETWEEN:
            return None
    return None


def _placed(
    month: int,
    around: tuple[_Number | None, _Number | None, _Number | None],
    tokens: list[_Token],
    own: tuple[int, int],
) -> Iterator[_Day]:
    """Decide which of the numbers around a month are its day and year: D M Y, M D Y, Y M D, or without Y."""
    left, right, beyond = around
    day, year = None, None
    if left and right and _is_day(left) and _is_year(right):
        day, year = left, right
    elif right and _is_day(right):
        day = right
        year = beyond if beyond and _is_year(beyond) else left if left and _is_year(left) else None
        if year is None and left and _is_day(left):
            day = left
    elif left and _is_day(left):
        day = left
    if day is None:
        return
    places = [place for place in (*own, day[1], year[1] if year else None) if place is not None]
    yield _Day(tokens[min(places)][1], tokens[max(places)][2], year[0] if year else 0, month, day[0])


def _is_day(number: _Number) -> bool:
    return 1 <= number[0] <= 31  # noqa: PLR2004 - days of a month


def _is_year(number: _Number) -> bool:
    return number[0] > 999  # noqa: PLR2004 - four digits


def _settled(day: _Day, parsed: _Text, setting: _Setting) -> When | None:
    """Put a written day and the time beside it together; None when there is no such day, or it is out of range."""
    readings = [(day.month, day.day)]
    if day.loose:
        swapped = (day.day, day.month)
        readings = [readings[0], swapped] if setting.day_first else [swapped, readings[0]]
    days = [one for month, number in readings if (one := _date(day.year, month, number))]
    if parsed.weekday is not None:  # of two readings the one that falls on the weekday named
        days.sort(key=lambda one: one.weekday() != parsed.weekday)
    return _moment(days[0], _beside(day, parsed.times), setting) if days else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _beside(day: _Day, times: tuple[_Time, ...]) -> _Time | None:
    """Choose the time of a day: the first after it, else the last before it, if nothing much stands between."""
    gap = 30
    after = next((time for time in times if 0 <= time.start - day.end <= gap), None)
    before = next((time for time in reversed(times) if 0 <= day.start - time.end <= gap), None)
    return after or before


def _moment(day: date, time: _Time | None, setting: _Setting) -> When | None:
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


def _distance(parsed: _Text, setting: _Setting) -> When | None:
    """Read "2 giờ trước", "hôm qua, 08:15", "vừa xong"."""
    text = parsed.whole
    if len(text) > DISTANT_TEXT:
        return None
    minute = setting.now.replace(second=0, microsecond=0)
    if any(words in text for words in JUST_NOW):
        return When(minute, "minute")
    found = list(DISTANCE.finditer(text))
    if found and (text[found[-1].end() :].lstrip().startswith(AGO_AFTER) or _ends(text[: found[0].start()])):
        return _back(found, minute, setting)
    for words, back in DAYS_BACK.items():
        if words in text and re.search(rf"(?<!\w){words}(?!\w)", text):
            return _moment(minute.date() - timedelta(days=back), parsed.times[0] if parsed.times else None, setting)
    return None


def _ends(text: str) -> bool:
    return any(re.search(rf"(?<!\w){words}$", text.rstrip()) for words in AGO_BEFORE)


def _back(found: list[re.Match[str]], minute: datetime, setting: _Setting) -> When | None:
    """Go back from now by each part of a distance; in days or longer units the day alone is meant."""
    day, seconds, exact = minute.date(), 0, True
    for part in found:
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
    if not exact:
        return _moment(day, None, setting)
    moment = (minute.astimezone(UTC) - timedelta(seconds=seconds)).astimezone(setting.zone)
    return _in_range(When(moment, "minute"), setting)


def _months_back(day: date, months: int) -> date:
    """Go back by months, to the last day of a month that is too short. Raises ValueError before the year 1."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _without_year(parsed: _Text, setting: _Setting) -> When | None:
    """Read "19/9" where it fills a date field or opens a lead; "Trang 5/9" is neither."""
    if parsed.rest.strip() == ROUND_THE_CLOCK:
        return None
    opening = OPENING.match(parsed.rest.lstrip())
    found = DAY_AND_MONTH.search(opening["day"] if opening else parsed.rest)
    if found and (opening or _bare(parsed.rest, found.start(), found.end())):
        first, second = int(found[1]), int(found[2])
        day, month = (first, second) if setting.day_first or opening else (second, first)
        return _inferred(month, day, parsed, setting)
    worded = next(_worded_days(parsed.rest), None)
    if worded and not worded.year and _bare(parsed.rest, worded.start, worded.end):
        return _inferred(worded.month, worded.day, parsed, setting)
    return None


def _bare(text: str, start: int, end: int) -> bool:
    """Tell whether labels and marks alone stand around a place, and no number."""
    around = f"{text[:start]} {text[end:]}"
    return not any(char.isdigit() for char in ZONE.sub(" ", around)) and all(
        word in LABELS for word in TOKEN.findall(ZONE.sub(" ", around))
    )


def _inferred(month: int, day: int, parsed: _Text, setting: _Setting) -> When | None:
    """Find the year: the latest that the text around names and that is not ahead, else the nearest past one."""
    this = setting.now.year
    time = parsed.times[0] if len(parsed.times) == 1 else None
    for year in (*sorted(setting.years, reverse=True), *range(this + 1, this - 9, -1)):
        one = _date(year, month, day)
        if one is None or one > setting.now.date():
            continue
        return _moment(one, time, setting)
    return None


def _foreign(seen: str, setting: _Setting) -> When | None:
    """Ask dateparser about a short text with a day, a year, and a word in a language that has no row of ours.

    The fixed base and the demand for all three parts make its answer repeatable.
    """
    if seen.isascii() or not FOREIGN.fullmatch(seen) or not _looks_foreign(seen):
        return None
    parser = DateDataParser(
        languages=list(FOREIGN_LANGUAGES),
        settings={
            "RELATIVE_BASE": setting.now.replace(tzinfo=None),
            "REQUIRE_PARTS": ["day", "month", "year"],
            "DATE_ORDER": "DMY" if setting.day_first else "MDY",
            "PARSERS": ["absolute-time"],
        },
    )
    try:
        answer = parser.get_date_data(seen).date_obj
    except (ValueError, OverflowError):
        return None
    return _moment(answer.date(), None, setting) if answer else None


def _looks_foreign(seen: str) -> bool:
    tokens = TOKEN.findall(seen)
    words = [token for token in tokens if not token.isdigit()]
    numbers = [int(token) for token in tokens if token.isdigit() and len(token) <= 4]
    return (
        1 <= len(words) <= 4
        and len(numbers) == 2
        and any(EARLIEST_YEAR <= number <= 9999 for number in numbers)
        and any(1 <= number <= 31 for number in numbers)
    )

"""A text that may hold a date, made ready for reading: folded, cut, its times and weekdays taken out of the way."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from feedsvc.extract.date_clock import ZONE, written_times
from feedsvc.extract.date_words import WEEKDAYS

if TYPE_CHECKING:
    from feedsvc.extract.date_clock import WrittenTime

LOOKED_AT: Final = 100
"""Characters of a text that are read; a date stands at its beginning."""

WEEKDAY: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted((re.escape(word) for word in WEEKDAYS), key=len, reverse=True))})(?!\w)"
)
COMPACT: Final = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T(\d\d)(\d\d)(\d\d)?(.*))?")
UNIX: Final = re.compile(r"(1\d{9})(?:\d{3})?")


class WrittenText(NamedTuple):
    """A folded text, the same with times, their zones and weekdays blanked out, and what stood there (Monday is 0)."""

    whole: str
    rest: str
    times: tuple[WrittenTime, ...]
    weekday: int | None


def folded(text: str) -> str:
    """Give the beginning of `text` in NFC, case folded, with plain single spaces, ASCII digits and plain signs."""
    spelled = unicodedata.normalize("NFC", " ".join(text[: 4 * LOOKED_AT].split())[:LOOKED_AT]).casefold()
    if spelled.isascii():
        return spelled
    return "".join(_plain(char) for char in unicodedata.normalize("NFC", spelled))


def _plain(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return "-" if char == "\u2212" else "'" if char in "\u2019\u2032" else char


def taken_apart(seen: str) -> WrittenText:
    """Take times, their zones and weekdays out of a `folded` text first: their numbers are no part of a day."""
    weekday, rest = None, seen
    for found in WEEKDAY.finditer(seen):
        weekday = WEEKDAYS[found.group()] if weekday is None else weekday
        rest = _blanked(rest, found.start(), found.end())
    times = written_times(rest)
    for time in times:
        rest = _blanked(rest, time.start, time.end)
    for zone in ZONE.finditer(rest) if times else ():
        rest = _blanked(rest, zone.start(), zone.end())
    return WrittenText(whole=seen, rest=rest, times=times, weekday=weekday)


def _blanked(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def day_of(year: int, month: int, day: int) -> date | None:
    """Give the day that the numbers name; None when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def spelled_out(text: str) -> str:
    """Spell out what pages declare for machines as one number: "20220905", "20220905T101500Z", seconds since 1970.

    Any other text is given back as it is. Only for fields of dates: elsewhere such numbers are articles and counters.
    """
    if found := UNIX.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]), UTC).isoformat()
    found = COMPACT.fullmatch(text)
    if found is None:
        return text
    time = f"T{found[4]}:{found[5]}:{found[6] or '00'}{found[7]}" if found[4] else ""
    return f"{found[1]}-{found[2]}-{found[3]}{time}"

"""Times of day as pages write them, and the zones beside them."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Final, NamedTuple


class WrittenTime(NamedTuple):
    """A time of day as written, with its zone if it names one."""

    start: int
    end: int
    hour: int
    minute: int
    second: int | None
    zone: tzinfo | None


TIME: Final = re.compile(
    r"""(?<![\d:,/+.])
    (?:(?P<hour>[01]?\d|2[0-3])
       (?:\s?:\s?(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?
         |\s?(?:giờ|h|g(?=\s?\d))(?![^\W\d])(?:\s?(?P<minutes>[0-5]?\d)(?:\s?(?:phút|p|'))?(?![\d/.\-]))?
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


def written_times(text: str) -> tuple[WrittenTime, ...]:
    """Find the times of day in a folded text, in order; a zone named anywhere holds for those without their own."""
    zone = _zone(text)
    return tuple(_time(found, zone) for found in TIME.finditer(text))


def _time(found: re.Match[str], zone: tzinfo | None) -> WrittenTime:
    hour = int(found["hour"])
    minute = int(found["minute"] or found["minutes"] or found["dotted"] or 0)
    second = int(found["second"]) if found["second"] else None
    if found["zulu"]:
        zone = UTC
    elif found["offset"]:
        zone = _offset(found["offset"]) or zone
    return WrittenTime(found.start(), found.end(), _hour(hour, found), minute, second, zone)


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
        return timezone(timedelta(hours=NAMED_ZONES[found["name"]]))
    return _offset(found["offset"]) if found["offset"] else UTC


def _offset(text: str) -> tzinfo | None:
    sign, digits = text[0], re.sub(r"\D", "", text)
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)  # noqa: PLR2004 - hhmm
    length = timedelta(hours=hours, minutes=minutes)
    if length > timedelta(hours=14):
        return None
    return timezone(-length if sign == "-" else length)


def without_zone(text: str) -> str:
    """Take the named zone out of a folded text."""
    return ZONE.sub(" ", text)

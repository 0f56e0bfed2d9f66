"""Moments as documents write them: whole seconds, with the zone of the source, whatever the locale is (feeds.md 3)."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from email.utils import format_datetime

_FIRST_YEAR = 1900


def local(moment: datetime, zone: tzinfo) -> datetime:
    """`moment` in `zone`, cut to seconds; in UTC where the offset there cannot be written (local mean time) or reached.

    Raises ValueError for a moment without a zone, which would be read in the zone of this machine, and for one before
    1900, which RFC 2822 (3.3) has no form for: readers take the year 99 for 1999.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone: every date of a feed needs one")
    try:
        there = moment.astimezone(zone).replace(microsecond=0)
    except OverflowError:
        there = moment.astimezone(UTC).replace(microsecond=0)
    offset = there.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        there = there.astimezone(UTC)
    if there.year < _FIRST_YEAR:
        raise ValueError(f"{moment} lies before {_FIRST_YEAR}: no feed can carry it")
    return there


def rfc822(moment: datetime) -> str:
    """`Mon, 19 Sep 2022 08:15:00 +0700`, for RSS."""
    return format_datetime(moment)


def rfc3339(moment: datetime) -> str:
    """`2022-09-19T08:15:00+07:00`, for Atom and JSON Feed."""
    return moment.isoformat(timespec="seconds")

"""Days as pages write them: in numbers, with the month as a word, with or without a year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from feedsvc.extract.date_words import BETWEEN, MONTH_HEADS, MONTHS, VIETNAMESE_MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterator


class WrittenDay(NamedTuple):
    """A day as written: `month` and `day` may be the other way round when `loose`; year 0 is not written."""

    start: int
    end: int
    year: int
    month: int
    day: int
    loose: bool = False


YEAR_FIRST: Final = re.compile(r"(?<!\d)(?<!\d[./\-])(\d{4})(?P<mark>[-/.])(\d{1,2})(?P=mark)(\d{1,2})(?!\d)")
DAY_FIRST: Final = re.compile(
    r"(?<!\d)(?<!\d[.,/\-])(\d{1,2})(?:\s?(?P<mark>[-/.])\s?)(\d{1,2})\s?(?P=mark)\s?(\d{4}|\d\d(?!\d))(?![\d/])(?![.,\-]\d)"
)
LEAF: Final = re.compile(r"\s*(\d{1,2})\s{1,3}(\d{1,2})\s?[/.\-]\s?(\d{4})\s*")
"""A leaf of a calendar, where the day stands apart: "05 09/2022"."""
CHINESE: Final = re.compile(r"(?<!\d)(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日号일號]?")
NUMBERED: Final = re.compile(r"\d")
WORDED: Final = re.compile(r"[^\W\d_]")
TOKEN: Final = re.compile(r"\d+|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0980-\u09ff'])*")


def full_days(text: str) -> Iterator[WrittenDay]:
    """Give all days with a year, in no order."""
    for pattern in (YEAR_FIRST, CHINESE):
        for found in pattern.finditer(text):
            year, month, day = (int(part) for part in found.groups() if part.isdecimal())
            yield WrittenDay(found.start(), found.end(), year, month, day)
    if leaf := LEAF.fullmatch(text):
        yield WrittenDay(leaf.start(), leaf.end(), int(leaf[3]), int(leaf[2]), int(leaf[1]))
    for found in DAY_FIRST.finditer(text):
        day, month, year = (int(part) for part in found.groups() if part.isdecimal())
        if year > 99:  # noqa: PLR2004 - two digits
            yield WrittenDay(found.start(), found.end(), year, month, day, loose=True)
        elif found["mark"] != "-" and not text[: found.start()].strip(" (["):
            yield WrittenDay(found.start(), found.end(), 2000 + year, month, day, loose=True)
    yield from (day for day in worded_days(text) if day.year)


def worded_days(text: str) -> Iterator[WrittenDay]:
    """Give all days whose month is a word, or stands after one ("tháng 9"); year 0 where none is written."""
    if not (NUMBERED.search(text) and WORDED.search(text)):  # most have no word at all
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
    if words[1].isdecimal() and len(words[1]) <= 2 and 1 <= int(words[1]) <= 12:  # noqa: PLR2004 - months
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
        if word.isdecimal():
            return (int(word), position) if len(word) in {1, 2, 4} else None
        if word not in BETWEEN:
            return None
    return None


def _placed(
    month: int,
    around: tuple[_Number | None, _Number | None, _Number | None],
    tokens: list[_Token],
    own: tuple[int, int],
) -> Iterator[WrittenDay]:
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
    yield WrittenDay(tokens[min(places)][1], tokens[max(places)][2], year[0] if year else 0, month, day[0])


def _is_day(number: _Number) -> bool:
    return 1 <= number[0] <= 31  # noqa: PLR2004 - days of a month


def _is_year(number: _Number) -> bool:
    return number[0] > 999  # noqa: PLR2004 - four digits

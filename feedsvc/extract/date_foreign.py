"""Dates in languages that have no row in `date_words.py`: asked of dateparser, seldom, and only about short texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

# dateparser carries no types
from dateparser.date import DateDataParser  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from datetime import date, datetime

SHORTEST: Final = 8
LONGEST: Final = 40
MOST_WORDS: Final = 4
NUMBER: Final = re.compile(r"\d+")
WORD: Final = re.compile(r"[^\s\d,.:;/()|\-]{2,}")
LANGUAGES: Final = tuple("ar bg ca el et fa fi he hi hr hu ka km lo lt lv my sk sl sr ta th".split())  # noqa: SIM905 - reads as a list


def foreign_day(text: str, *, base: datetime, day_first: bool) -> date | None:
    """Read a folded text that looks like one day with its year, a month in letters of some language; else None.

    The fixed base and the demand for all three parts make the answer repeatable.
    """
    if text.isascii() or not SHORTEST <= len(text) <= LONGEST or not _looks_right(text):
        return None
    parser = DateDataParser(
        languages=list(LANGUAGES),
        settings={
            "RELATIVE_BASE": base.replace(tzinfo=None),
            "REQUIRE_PARTS": ["day", "month", "year"],
            "DATE_ORDER": "DMY" if day_first else "MDY",
            "PARSERS": ["absolute-time"],
        },
    )
    try:
        answer: datetime | None = parser.get_date_data(text).date_obj
    except (ValueError, OverflowError):  # it reads more than days, and not all of it is bounded
        return None
    return answer.date() if answer else None


def _looks_right(text: str) -> bool:
    """Tell whether a day and a year are the only numbers, among a few words."""
    lengths = sorted(len(number) for number in NUMBER.findall(text))
    return lengths in ([1, 4], [2, 4]) and 1 <= len(WORD.findall(text)) <= MOST_WORDS

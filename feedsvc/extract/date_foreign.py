"""Dates in other scripts, without a row in `date_words.py`: asked of dateparser, seldom, and only about short texts.

Its first answer costs some tenths of a second, each further one a millisecond: no text in Latin letters gets here.
"""

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
LANGUAGES: Final = ("ar", "bg", "el", "fa", "he", "hi", "ka", "km", "lo", "my", "sr", "ta", "th")
OTHER_SCRIPT: Final = re.compile("[\u0370-\u1cff]")
"""Greek to Ol Chiki; Latin letters, Vietnamese ones too, and marks of punctuation stand elsewhere in Unicode."""


def foreign_day(text: str, *, base: datetime, day_first: bool) -> date | None:
    """Read a folded text that looks like one day with its year, a month in letters of some language; else None.

    The fixed base and the demand for all three parts make the answer repeatable.
    """
    if not OTHER_SCRIPT.search(text) or not SHORTEST <= len(text) <= LONGEST or not _looks_right(text):
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

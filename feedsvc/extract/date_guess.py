"""Days of an article that nobody wrote as its date: in its title, its address, a picture's folder, its first words.

All are *inferred* (reading.md 6): right more often than not, exact to the day at best.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from feedsvc.extract.date_labels import HAS_YEAR, LIKE_DATE, POSTED, PUBLISHED, STATE
from feedsvc.extract.date_spots import LINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from feedsvc.extract.date_spots import Surroundings

_YEAR_FIRST: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_DAY_FIRST: Final = re.compile(
    r"(?:(?<=/)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])|(?<=[/_-])(0[1-9]|[12]\d|3[01])([_.-])(0[1-9]|1[0-2])\4)"
    r"(20\d\d)(?![\d_.]\d)(?!\d)"
)
_TO_THE_SECOND: Final = re.compile(
    r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3})?(?!\d)"
)
_FOLDER: Final = re.compile(r"/((?:19|20)\d\d)[/_-]?(0?[1-9]|1[0-2])[/_-]?(0?[1-9]|[12]\d|3[01])/")
_EVENT: Final = re.compile(
    r"^(?:\([^()]{1,40}\)\s*[-–—]?\s*|[\w .Đđ-]{1,30}\s[-–—]\s+)?((?:(?:sáng|chiều|tối|trưa|đêm|vào|"
    r"trong)\s+)*(?:ngày\s+)?\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?)",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"\(?(?:[^\W\d_][^\W\d_ .]*(?: [^\W\d_ .]+){0,3}, ?)?"  # a place: "Sa Pa, ", "BERLIN, "
    r"(?P<date>(?:ngày )?(?:\d{1,2}[./-]\d{1,2}[./-]20\d\d|\d{1,2}\.? (?:tháng )?\w{1,12},? (?:năm )?20\d\d|"
    r"[^\W\d_]{3,9}\.? \d{1,2}, 20\d\d))"
    r"\s?(?:[.:)–—|]|\(|/\w|-\s)",
    re.IGNORECASE,
)
_BEFORE_TITLE: Final = re.compile(r"^(.{6,30}?)\s?[|:–—-]\s")
_LONGEST_POSTED: Final = 80
_SHORTEST_HEADLINE: Final = 10


def opening(place: Surroundings) -> Iterator[str]:
    """Give the date with its year with which the text begins ("Sa Pa, 05/09/2022 - ..."); not that of an event.

    The habit of press releases and columns. "Ngày 05/09/2022, đoàn công tác ..." tells of an event.
    """
    for text in dict.fromkeys((place.text, place.lead)):
        found = _OPENING.match(text[:LINE])
        if found:
            yield found["date"]


def posted(place: Surroundings) -> Iterator[str]:
    """Give sentences that tell in words when the article was posted: "This entry was posted on ... and filed under"."""
    headline = place.headline.text if place.headline is not None else ""
    for block in place.blocks:
        if not block.text or block.comment or block.words > _LONGEST_POSTED or block.place == place.head:
            continue
        if POSTED.match(block.text):
            yield block.text[:LINE]
        elif len(headline) >= _SHORTEST_HEADLINE and headline in block.text:
            rest = block.text.replace(headline, "")[:LINE]
            if PUBLISHED.search(rest) and LIKE_DATE.search(rest):
                yield rest


def before_title(titles: Iterable[str], place: Surroundings) -> Iterator[str]:
    """Give the date that stands before the headline where the page is named ("05.09.2022 | Headline")."""
    headline = place.headline.text if place.headline is not None else ""
    for title in titles:
        found = _BEFORE_TITLE.match(title)
        if found and HAS_YEAR.search(found[1]) and len(headline) >= _SHORTEST_HEADLINE and headline in title:
            yield found[1]


def in_address(place: Surroundings) -> Iterator[str]:
    """Give the day in the article's address, then that of the upload folder of its first picture.

    Addresses name it as 2022/09/05, 05-09-2022 or 05092022, or end with the moment of publication as one number.
    """
    path = unquote(urlsplit(place.address).path)
    yield from _days(path, _YEAR_FIRST)
    for picture in place.pictures[:1]:
        yield from _days(unquote(urlsplit(picture).path), _FOLDER)


def _days(path: str, year_first: re.Pattern[str]) -> Iterator[str]:
    for pattern in (year_first, _TO_THE_SECOND):
        if found := pattern.search(path):
            year, month, day = found.groups()
            yield f"{year}-{int(month):02}-{int(day):02}"
    if found := _DAY_FIRST.search(path):
        yield f"{found[6]}-{found[2] or found[5]}-{found[1] or found[3]}"


def event(place: Surroundings) -> Iterator[str]:
    """Give the day of the event that opens the lead, often without a year: "(CTTĐT) - Sáng 14/7, ..."."""
    found = _EVENT.match(place.lead)
    if found:
        yield found[1]


def state(place: Surroundings) -> Iterator[str]:
    """Give what the foot of the page says of the page's own state: "[Stand: 09.10.2022, 01:40 Uhr]"."""
    for block in place.blocks[place.last + 1 :]:
        found = STATE.search(block.text[: 2 * LINE]) if block.text and not block.comment else None
        if found:
            yield block.text[found.start() : found.start() + LINE // 2]

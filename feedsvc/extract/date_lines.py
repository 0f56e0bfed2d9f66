"""Of the lines that look like a date, those that are a dateline of the article, with what they give (reading.md 6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from feedsvc.extract.date_labels import (
    BYLINE,
    DATE_CLASS,
    HAS_DAY,
    HAS_YEAR,
    LABEL_START,
    MEETING,
    PUBLISHED,
    UPDATED,
    from_label,
    opens_with,
)
from feedsvc.extract.date_others import is_of_another, lists_of_others
from feedsvc.extract.page_clock import is_clock
from feedsvc.extract.tails import is_dateline as is_bare

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from feedsvc.extract.date_spots import Spot, Surroundings
    from feedsvc.extract.dates import When
    from feedsvc.extract.flow import Block

_LONGEST_DATELINE: Final = 20
_LABEL_WORDS: Final = 8
_LINKED: Final = 0.5
_SENTENCE_END: Final = re.compile(r"\w{3}[.!?]$")  # not "11:08 a.m."


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that gives a date of the article; `is_far` tells that it does not stand at the headline."""

    when: When
    text: str
    is_far: bool


def read_lines(
    spots: Sequence[Spot],
    place: Surroundings,
    read: Callable[[str], When | None],
    *,
    now: datetime,
) -> list[DateLine]:
    """Read `spots` and keep those that are datelines, in their order.

    `read` gives the date of a text in the portal's zone; `now` is the moment of the visit there.
    """
    dated = [
        (spot, when)
        for spot in spots
        if (when := _read(spot, read)) and not (is_of_another(spot, place) or is_clock(spot, when, place, now))
    ]
    others = lists_of_others(dated, place)
    return [
        DateLine(when, spot.line, spot.is_far)
        for spot, when in dated
        if spot.block.place not in others and _is_dateline(spot, when, place)
    ]


def _read(spot: Spot, read: Callable[[str], When | None]) -> When | None:
    """Read what is printed; what the same element says for machines is more exact where it agrees to a day."""
    printed = read(from_label(PUBLISHED, spot.line)) or read(spot.line)
    told = read(spot.machine) if spot.machine else None
    if printed is None or told is None:
        return printed or told
    return told if abs((told.moment.date() - printed.moment.date()).days) <= 1 else printed


def _is_labelled(line: str) -> bool:
    return bool(PUBLISHED.search(line) or UPDATED.search(line))


def _is_dateline(spot: Spot, when: When, place: Surroundings) -> bool:
    """Tell whether a line with a date is there for the date: by its place, its label, its class or its time."""
    block, line = spot.block, spot.line
    if place.first <= block.place <= place.last and (_is_prose(block) or _SENTENCE_END.search(block.text)):
        most = LABEL_START if _is_prose(block) else 0
        return opens_with(PUBLISHED, line, most) or opens_with(UPDATED, line, most)
    if not spot.is_behind and HAS_DAY.search(line) and is_bare(block.text):
        return True
    is_loose = spot.is_far or _is_prose(block) or not HAS_YEAR.search(line) or MEETING.search(line)
    if not is_loose or _is_labelled(line) or spot.machine or DATE_CLASS.search(spot.words):
        return True
    return when.precision != "day" and not MEETING.search(line) and _is_short(block, line)


def _is_short(block: Block, line: str) -> bool:
    """A short line with day and time is a dateline where nothing says so too; other news is linked."""
    return bool(BYLINE.match(line)) or (block.link_share < _LINKED and block.kind != "item" and not _is_prose(block))


def _is_prose(block: Block) -> bool:
    return block.words > _LONGEST_DATELINE or (block.words > _LABEL_WORDS and bool(_SENTENCE_END.search(block.text)))

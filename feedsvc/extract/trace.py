"""What one article's page shows of the habits of its source: the trace from which the source's profile is learned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from feedsvc.extract.authors import DECLARED, poster_of
from feedsvc.extract.dates import read_date
from feedsvc.extract.day_order import signs_of
from feedsvc.extract.habits import digest
from feedsvc.extract.learned import WHOLE_DATE, Cut, marked, pictured, place_of
from feedsvc.extract.title import head_texts, title_element
from feedsvc.model import Trace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from feedsvc.extract.flow import Block
    from feedsvc.extract.prose import Prose
    from feedsvc.extract.reading import Reading
    from feedsvc.model import Author, Stub

_MOST_BLOCKS: Final = 60
_MOST_PICTURES: Final = 40
_MOST_DATES: Final = 4
_FAR: Final = 60  # blocks above the headline in which a page's clock may stand
_DATE_LENGTH: Final = 100
_MANY_DATES: Final = 12
_NEAR: Final = 6  # blocks around the headline in which its date stands
_LONGEST_AFFIX: Final = 80
_LONGEST_TITLE: Final = 1000
_PARTS: Final = 2
_BETWEEN: Final = re.compile(r"\s+[-–—|•·»:]\s+|\s*\|\s*")


def trace_of(
    reading: Reading,
    prose: Prose,
    cut: Cut,
    *,
    bylines: Sequence[tuple[str, tuple[Author, ...]]],
    stub: Stub | None,
    timezone: ZoneInfo,
) -> Trace:
    """Gather the habits that a page shows, after it was read.

    `cut` is what was taken out of it already, `bylines` are the rules that found writers. The day that the listing gave
    in `stub`, or the page for machines, witnesses what the page's clock says.
    """
    witness = _witness(reading, stub, timezone)
    today = reading.document.fetched_at.astimezone(timezone).date()
    days = signs_of(_date_texts(reading), today=today)
    return Trace(
        blocks=(*cut.blocks, *(mark for _, mark in marked(prose.blocks)))[:_MOST_BLOCKS],
        pictures=(*cut.pictures, *(mark for _, mark in pictured(prose.blocks, reading.document)))[:_MOST_PICTURES],
        stand_ins=cut.stand_ins,
        headings=tuple(dict.fromkeys((*cut.headings, *map(digest, head_texts(reading.flow.blocks, reading.first))))),
        affixes=_affixes(reading),
        clocks=tuple(_clocks(reading, witness, today, timezone)),
        listed=witness,
        posters=_posters(bylines),
        design=_design(reading),
        days=days.days,
        months=days.months,
    )


def _posters(bylines: Sequence[tuple[str, tuple[Author, ...]]]) -> tuple[str, ...]:
    """Declared writers where others are shown."""
    told = dict(bylines)
    declared = told.pop(DECLARED, ())
    return (poster_of(declared),) if declared and any(people != declared for people in told.values()) else ()


def _witness(reading: Reading, stub: Stub | None, timezone: ZoneInfo) -> str:
    """The day of the article by a word that no clock in its page can have: the listing's, or the one for machines."""
    if stub is not None and stub.published is not None:
        return stub.published.astimezone(timezone).date().isoformat()
    now = reading.document.fetched_at
    told = (read_date(text, now=now, timezone=timezone) for text in reading.structured.published[:1])
    return next((when.moment.astimezone(timezone).date().isoformat() for when in told if when is not None), "")


def _design(reading: Reading) -> str:
    """The place of the body on the page; a page without a text of its own has none."""
    return place_of(reading.region) if reading.blocks else ""


def _clocks(reading: Reading, witness: str, today: date, timezone: ZoneInfo) -> Iterable[tuple[str, str]]:
    """Dates above the headline with their places; one that is of today, as is the article, tells nothing."""
    now, left = reading.document.fetched_at, _MOST_DATES
    for block in _above(reading):
        if not left:
            return
        if len(block.text) > _DATE_LENGTH or not WHOLE_DATE.search(block.text):
            continue
        left -= 1
        when = read_date(block.text, now=now, timezone=timezone)
        day = when.moment.astimezone(timezone).date().isoformat() if when is not None else ""
        if day and not day == witness == today.isoformat():
            yield place_of(block.owner), day


def _above(reading: Reading) -> Sequence[Block]:
    head = reading.head.place if reading.head is not None else reading.first
    return reading.flow.blocks[max(0, head - _FAR) : head]


def _date_texts(reading: Reading) -> list[str]:
    """Short lines with a date at the headline, for the vote on their order; those further off are on every page."""
    top = reading.head.place if reading.head is not None else reading.first
    near = reading.flow.blocks[max(0, top - _NEAR) : max(top, reading.first) + _NEAR]
    lines = (block.text for block in near if len(block.text) <= _DATE_LENGTH)
    return [line for line in lines if WHOLE_DATE.search(line)][:_MANY_DATES]


def _affixes(reading: Reading) -> tuple[str, ...]:
    """What may stand before or behind the headline in the title element: its parts, with what parts them."""
    whole = " ".join(title_element(reading.document.root).split())[:_LONGEST_TITLE]
    ends = [whole[found.start() :] for found in _BETWEEN.finditer(whole)]
    starts = [whole[: found.end()] for found in _BETWEEN.finditer(whole)]
    around = (one for one in (*starts[:_PARTS], *ends[-_PARTS:]) if len(one) <= _LONGEST_AFFIX)
    return tuple(dict.fromkeys(around))

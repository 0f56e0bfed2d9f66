"""Of the lines that look like a date, those that are a dateline of the article, with what they give (reading.md 6)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.date_labels import (
    BYLINE,
    DATE_CLASS,
    HAS_YEAR,
    IMPRINT,
    LABEL_START,
    MEETING,
    PUBLISHED,
    UPDATED,
    is_other,
    opens_with,
)
from feedsvc.extract.page_clock import says_clock, stands_in_page_head
from feedsvc.extract.places import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from feedsvc.extract.date_spots import Spot, Surroundings
    from feedsvc.extract.dates import When
    from feedsvc.extract.flow import Block

_LONGEST_DATELINE: Final = 20
_LABEL_WORDS: Final = 8
_TITLE_WORDS: Final = 4
_LINKED: Final = 0.5
_PAGE_FOOT: Final = re.compile(r"(?:^|\s)(?:site-?|page-?|main-?)?footer(?:$|\s)")
_OWN_FOOT: Final = re.compile(r"entry|post|article|news|content")
_SENTENCE_END: Final = re.compile(r"\w{3}[.!?]$")  # not "11:08 a.m."
_BOX_DEPTH: Final = 3
_FOOT_DEPTH: Final = 6
_CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""A page may come out of a cache that keeps it for minutes."""


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
    dated = [(spot, when) for spot in spots if (when := _read(spot, read)) and not _is_refused(spot, place)]
    others = _lists_of_others(dated)
    return [
        DateLine(when, spot.line, spot.is_far)
        for spot, when in dated
        if spot.block.place not in others and not _is_clock(spot, when, place, now) and _is_dateline(spot, when, place)
    ]


def _read(spot: Spot, read: Callable[[str], When | None]) -> When | None:
    """Read what is printed; what the same element says for machines is more exact where it agrees to a day."""
    printed = read(spot.line)
    told = read(spot.machine) if spot.machine else None
    if printed is None or told is None:
        return printed or told
    return told if abs((told.moment.date() - printed.moment.date()).days) <= 1 else printed


def _is_refused(spot: Spot, place: Surroundings) -> bool:
    """Tell whether a date is that of something else: a quoted post, an event, the portal's licence, another article."""
    if spot.block.kind == "quote" or is_other(spot.line) or IMPRINT.search(spot.line):
        return True
    if not spot.is_behind or PUBLISHED.search(spot.line):
        return False
    if UPDATED.search(spot.line):
        return _is_in_page_foot(spot.block, place)  # when the portal changed, not the article
    return bool(_PAGE_FOOT.search(spot.words)) or _is_teaser(spot.block, place)


def _is_in_page_foot(block: Block, place: Surroundings) -> bool:
    """Tell whether `block` stands in a footer that is not the article's own."""
    above = set(place.blocks[place.last].owner.iterancestors())
    holders = [one for one in islice(block.owner.iterancestors(), _FOOT_DEPTH) if one not in above]
    return any(
        (one.tag == "footer" or "footer" in words_of(one)) and not _OWN_FOOT.search(words_of(one)) for one in holders
    )


def _is_labelled(line: str) -> bool:
    return bool(PUBLISHED.search(line) or UPDATED.search(line))


def _is_teaser(block: Block, place: Surroundings) -> bool:
    """Tell whether the box of a date behind the text holds a link with a title: that of another article."""
    own = place.blocks[place.last].owner
    above = {own, *own.iterancestors()}
    for box in islice((block.owner, *block.owner.iterancestors()), _BOX_DEPTH):
        if box in above:
            return False
        if any(len(" ".join(link.itertext()).split()) >= _TITLE_WORDS for link in islice(box.iter("a"), 5)):
            return True
    return False


def _lists_of_others(dated: Sequence[tuple[Spot, When]]) -> set[int]:
    """Give the places of dates that stand far off and repeat in one kind of element, each with its own day."""
    kinds: dict[tuple[Any, str], list[tuple[Spot, When]]] = defaultdict(list)
    for spot, when in dated:
        if spot.is_far and not spot.block.cell and spot.block.owner.tag not in {"dd", "dt"}:
            kinds[spot.block.owner.tag, words_of(spot.block.owner)].append((spot, when))
    repeated = (alike for alike in kinds.values() if len({when.moment.date() for _, when in alike}) > 1)
    return {spot.block.place for alike in repeated for spot, _ in alike}


def _is_clock(spot: Spot, when: When, place: Surroundings, now: datetime) -> bool:
    """A date above the headline on the very day of the visit is the page's clock, and so is one that says so.

    So is one in the page's head, or with a menu or a breadcrumb between it and the headline, unless the markup gives
    it as a time. What stands in the article's own box, and tells a time that has passed, is no clock.
    """
    if PUBLISHED.search(spot.line):
        return False
    if says_clock(spot.words, spot.line):
        return True
    if not spot.is_above:
        return False
    if when.moment.date() == now.date() and not _is_of_today(spot, when, place, now):
        return True
    if _links(place.blocks[spot.block.place + 1 : place.top]) > 1:
        return True
    return not spot.machine and stands_in_page_head(spot.block, place.headline)


def _is_of_today(spot: Spot, when: When, place: Surroundings, now: datetime) -> bool:
    """Tell whether a date of today stands in one box with headline and text, with a time at which no clock stands."""
    if when.precision == "day" or now - when.moment < _CLOCKS_DIFFER:
        return False
    if place.listed is not None and place.listed.moment.date() != now.date():
        return False
    owner = spot.block.owner
    box = next((one for one in (owner, *owner.iterancestors()) if _holds(one, place)), None)
    return box is not None and box.tag not in {"body", "html", "form"}


def _holds(box: Any, place: Surroundings) -> bool:
    ends = (place.blocks[place.top].owner, place.blocks[place.last].owner)
    return all(box in end.iterancestors() for end in ends)


def _links(blocks: Sequence[Block]) -> int:
    return sum(1 for block in blocks if block.link_share > _LINKED)


def _is_dateline(spot: Spot, when: When, place: Surroundings) -> bool:
    """Tell whether a line with a date is there for the date: by its place, its label, its class or its time."""
    block, line = spot.block, spot.line
    if place.first <= block.place <= place.last and (_is_prose(block) or _SENTENCE_END.search(block.text)):
        most = LABEL_START if _is_prose(block) else 0
        return opens_with(PUBLISHED, line, most) or opens_with(UPDATED, line, most)
    is_loose = spot.is_far or _is_prose(block) or not HAS_YEAR.search(line) or MEETING.search(line)
    if not is_loose or _is_labelled(line) or spot.machine or DATE_CLASS.search(spot.words):
        return True
    return when.precision != "day" and not MEETING.search(line) and _is_short(block, line)


def _is_short(block: Block, line: str) -> bool:
    """A short line with day and time is a dateline where nothing says so too; other news is linked."""
    return bool(BYLINE.match(line)) or (block.link_share < _LINKED and block.kind != "item" and not _is_prose(block))


def _is_prose(block: Block) -> bool:
    return block.words > _LONGEST_DATELINE or (block.words > _LABEL_WORDS and bool(_SENTENCE_END.search(block.text)))

"""The clock of a page: today's date in its head, which is no article's (reading.md 6, "Clock trap").

What no single page can tell, that a date is the same on articles of several days, the source's profile learns.
"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.date_labels import HAS_DAY, PUBLISHED
from feedsvc.extract.places import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from feedsvc.extract.date_spots import Spot, Surroundings
    from feedsvc.extract.dates import When
    from feedsvc.extract.flow import Block

_CLOCK: Final = re.compile(
    r"clock|(?:^|[\s_-]|lbl)(?:today|date-?now|now-?date|current-?(?:date|time)|(?:system|server)-?time|hom-?nay|"
    r"ngay-?hien-?tai)"
)
_SAYS_TODAY: Final = re.compile(r"hôm nay|today is|heute ist|aujourd'hui|hoy es|oggi è|сегодня", re.IGNORECASE)
_HEAD_WORDS: Final = re.compile(r"(?:^|[\s_-])(?:header|top|topbar|banner|masthead)(?:$|[\s_-])")
_HEAD_TAGS: Final = frozenset({"header", "nav", "footer", "aside"})
_LINKED: Final = 0.5
_CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""A page may come out of a cache that keeps it for minutes."""


def is_clock(spot: Spot, when: When, place: Surroundings, now: datetime) -> bool:
    """A date above the headline on the very day of the visit is the page's clock, and so is one that says so.

    So is one in the page's head, or with a menu or a breadcrumb between it and the headline, unless the markup gives
    it as a time. What stands in the article's own box, and tells a time that has passed, is no clock.
    """
    if PUBLISHED.search(spot.line):
        return False
    if _says_clock(spot.words, spot.line):
        return True
    if not spot.is_above:
        return False
    if when.moment.date() == now.date() and not _is_of_today(spot, when, place, now):
        return True
    if _links(place.blocks[spot.block.place + 1 : place.top]) > 1:
        return True
    return not spot.machine and _stands_in_page_head(spot.block, place.headline)


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


def _says_clock(words: str, line: str) -> bool:
    """Tell whether the class words around a date name it as today's, or the line does; "Hôm nay, 08:15" is none."""
    return bool(_CLOCK.search(words) or (_SAYS_TODAY.search(line) and HAS_DAY.search(line)))


def _stands_in_page_head(block: Block, head: Block | None) -> bool:
    """Tell whether `block` stands in a header or menu that the headline is not in."""
    own = set(head.owner.iterancestors()) if head is not None else set()
    holders = (block.owner, *islice(block.owner.iterancestors(), 10))
    return any(one.tag in _HEAD_TAGS or _HEAD_WORDS.search(words_of(one)) for one in holders if one not in own)

"""The clock of a page: today's date in its head, which is no article's (reading.md 6, "Clock trap").

What no single page can tell, that a date is the same on articles of several days, the source's profile learns.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from feedsvc.extract.places import words_of

if TYPE_CHECKING:
    from feedsvc.extract.flow import Block

_CLOCK: Final = re.compile(
    r"clock|(?:^|[\s_-]|lbl)(?:today|date-?now|now-?date|current-?(?:date|time)|(?:system|server)-?time|hom-?nay|"
    r"ngay-?hien-?tai)"
)
_SAYS_TODAY: Final = re.compile(r"hôm nay|today is|heute ist|aujourd'hui|hoy es|oggi è|сегодня", re.IGNORECASE)
_HEAD_WORDS: Final = re.compile(r"(?:^|[\s_-])(?:header|top|topbar|banner|masthead)(?:$|[\s_-])")
_HEAD_TAGS: Final = frozenset({"header", "nav", "footer", "aside"})


def says_clock(words: str, line: str) -> bool:
    """Tell whether the class words around a date, or the line itself, name it as today's."""
    return bool(_CLOCK.search(words) or _SAYS_TODAY.search(line))


def stands_in_page_head(block: Block, head: Block | None) -> bool:
    """Tell whether `block` stands in a header or menu that the headline is not in."""
    own = set(head.owner.iterancestors()) if head is not None else set()
    holders = (block.owner, *islice(block.owner.iterancestors(), 10))
    return any(one.tag in _HEAD_TAGS or _HEAD_WORDS.search(words_of(one)) for one in holders if one not in own)

"""The short lines around an article's headline and text that may hold its date, the most likely places first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.date_labels import BYLINE, DATE_OF_ARTICLE, HAS_YEAR, LIKE_DATE, names_date
from feedsvc.extract.places import words_of
from feedsvc.extract.tails import is_tail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.extract.dates import When
    from feedsvc.extract.flow import Block

LINE: Final = 100
"""Characters of a block that are looked at for a date."""
_MOST_WORDS: Final = 40
_LABEL_LENGTH: Final = 40
_BADGE_PART: Final = 12
_BADGE_PARTS: Final = 3
_FAR: Final = 40
_LEAST_TEXT: Final = 2
_LINKED: Final = 0.3
_ABOVE, _BELOW, _BEHIND = 8, 12, 14
_INLINE: Final = frozenset({"span", "time", "small", "em", "i", "b", "strong", "abbr", "a", "font", "label"})
_MOST_CHILDREN: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where to look: the page's blocks, and the places of the headline and of the body's first and last block.

    `head` is None on a page without a headline. `address` and `pictures` are absolute addresses.
    """

    root: Any
    blocks: list[Block]
    head: int | None
    first: int
    last: int
    address: str
    pictures: tuple[str, ...]
    lead: str
    text: str
    listed: When | None
    selected: str = ""

    @property
    def headline(self) -> Block | None:
        """The block that shows the headline."""
        return self.blocks[self.head] if self.head is not None else None

    @property
    def top(self) -> int:
        """The place of the headline, else that of the text: what stands above is the page's head, or a dateline."""
        return self.head if self.head is not None else self.first


@dataclass(frozen=True, slots=True)
class Spot:
    """A line that looks as if it held a date.

    `words` are the class words around it, `machine` what a `time` element in it says for machines. `is_above` tells
    that it stands above the headline, `is_far` that only a sign makes it a dateline, `is_behind` that the text is over.
    """

    block: Block
    line: str
    words: str
    machine: str
    is_above: bool
    is_far: bool
    is_behind: bool


def find_spots(place: Surroundings) -> list[Spot]:
    """Give every short line around the headline and the body that looks like a date, each once."""
    found: dict[int, Spot] = {}
    for block, is_far in _near(place):
        if block.place in found or not block.text or block.words > _MOST_WORDS or block.comment:
            continue
        line = _line(block, place.blocks)
        if LIKE_DATE.search(line):
            found[block.place] = Spot(
                block=block,
                line=line,
                words=_words_around(block),
                machine=_machine(block),
                is_above=block.place < place.top,
                is_far=is_far,
                is_behind=block.place > place.last,
            )
    return list(found.values())


def _near(place: Surroundings) -> Iterator[tuple[Block, bool]]:
    """Give blocks with whether they stand so far off that only a sign makes them a dateline.

    In this order: between headline and text, above the headline, the end of the text, behind it up to the heading of
    other news, beside the writer's name in the text, and last what is named for a date of publication elsewhere.
    """
    start = place.head if place.head is not None else max(0, place.first - _ABOVE)
    for block in place.blocks[start + 1 : max(place.first + 4, start + _BELOW)]:
        if block.place <= place.last:
            is_other = block.kind == "item" and (block.link_share > _LINKED or block.place > start + 2)
            yield block, is_other or block.place > max(place.first + 1, start + 2)
    yield from ((block, False) for block in place.blocks[max(0, start - _ABOVE) : start][::-1])
    yield from ((block, True) for block in (*_below(place), *_named(place, start)))


def _below(place: Surroundings) -> Iterator[Block]:
    if place.last <= place.first and place.head is None:
        return
    yield from place.blocks[max(place.last - 3, place.first + 1) : place.last + 1]
    behind = place.blocks[place.last + 1 : place.last + 1 + _BEHIND]
    yield from takewhile(lambda block: not (block.text and is_tail(block.text)), behind)


def _named(place: Surroundings, start: int) -> Iterator[Block]:
    own = place.blocks[place.first : place.last + 1]
    yield from (block for block in own if block.words <= _MOST_WORDS and BYLINE.match(block.text))
    is_lost = place.last - place.first < _LEAST_TEXT  # no text was found: the article may stand anywhere
    around = place.blocks if is_lost else place.blocks[max(0, start - _FAR) : place.last + _FAR]
    short = (block for block in around if 0 < block.words <= _MOST_WORDS)
    yield from (block for block in short if DATE_OF_ARTICLE.search(words_of(block.owner)))


def _line(block: Block, blocks: list[Block]) -> str:
    """Give the block's text with what belongs to it: its label before, or the rest of a date in a calendar's leaf."""
    line = block.text[:LINE]
    if len(line) <= _BADGE_PART and not HAS_YEAR.search(line):
        line = _leaf(block, blocks)
    before = blocks[block.place - 1] if 0 < block.place < len(blocks) else None
    if before is None or len(before.text) >= _LABEL_LENGTH:
        return line
    is_label = before.text.endswith(":") or _is_same_row(block, before) or names_date(before.text)
    return f"{before.text} {line}" if is_label else line


def _leaf(block: Block, blocks: list[Block]) -> str:
    """Join "05", "Th9" and "2022" of one box, which themes show as a leaf of a calendar."""
    parts = [block.text]
    for following in blocks[block.place + 1 : block.place + _BADGE_PARTS]:
        if following.owner.getparent() is not block.owner.getparent() or len(following.text) > _BADGE_PART:
            break
        parts.append(following.text)
    return " ".join(parts)


def _is_same_row(block: Block, before: Block) -> bool:
    """Tell whether `before` is the name of what `block` says: in a row of a table, or in a list of definitions."""
    if block.owner.tag == "dd" and before.owner.tag == "dt":
        return True
    return bool(block.cell and before.cell and block.cell[1] is before.cell[1])


def _words_around(block: Block) -> str:
    outer = [block.owner, *islice(block.owner.iterancestors(), 2)]
    inner = [one for one in islice(block.owner, _MOST_CHILDREN) if one.tag in _INLINE and _is_told(one, block)]
    return " ".join(words_of(element) for element in (*inner, *outer) if element.tag not in {"body", "html"})


def _is_told(element: Any, block: Block) -> bool:
    """Tell whether an inline element with a number in it is part of the block's text."""
    text = (element.text or "").strip()
    return any(char.isdigit() for char in text) and text in block.text


def _machine(block: Block) -> str:
    """Give what the first `time` element of the block's own text says for machines."""
    for element in islice(block.owner.iter("time"), 2):
        text = " ".join("".join(element.itertext()).split())
        if text and text in block.text:
            return element.get("datetime") or ""
    return ""

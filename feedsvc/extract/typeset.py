"""Lines as they are set on pages -> paragraphs: told by size, gap, indent, and the end of the line before.

Vietnamese breaks lines between syllables, so lines are joined by a space; a hyphen at the end of a line is undone only
in another language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

BIGGER: Final = 1.15
"""How much larger than the text a headline is set, at least."""

_NEW_GAP: Final = 1.35
_INDENT: Final = 0.8
_SHORT_BY: Final = 2.0
_FARTHEST: Final = 3.0
_SENTENCE_END: Final = re.compile(r"[.!?…:;”\"’)]\s*$")
_BULLET: Final = re.compile(r"^(?:[•·▪●◦*–+-]|\d{1,2}[.)]|[a-zđ]\)|[IVX]{1,5}\.)\s")
_FOLIO: Final = re.compile(r"(?:trang\s*)?[-–—\s]*\d{1,4}(?:\s*/\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d+")
_SOFT: Final = "\xad"
# PDFium gives a hyphen at the end of a line as one of the last two.
_HYPHENS: Final = frozenset(("-", _SOFT, "\x02", "\ufffe"))
_VIETNAMESE: Final = re.compile("[ăđơư\u1ea0-\u1ef9]", re.IGNORECASE)
_REPEATED: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is set: its place in points from the lower left corner of its page, and its height."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    size: float


def without_furniture(lines: list[Line]) -> list[Line]:
    """Leave out numbers of pages, and what stands at the top or foot of several pages alike."""
    edges: dict[str, int] = {}
    ends = {place for place, line in enumerate(lines) if _is_edge(lines, place)}
    for place in ends:
        folded = _DIGITS.sub("0", lines[place].text)
        edges[folded] = edges.get(folded, 0) + 1
    return [
        line
        for place, line in enumerate(lines)
        if place not in ends or not (_FOLIO.fullmatch(line.text) or edges[_DIGITS.sub("0", line.text)] >= _REPEATED)
    ]


def _is_edge(lines: list[Line], place: int) -> bool:
    page = lines[place].page
    return place in {0, len(lines) - 1} or lines[place - 1].page != page or lines[place + 1].page != page


def paragraphs_of(lines: list[Line], usual: float) -> list[list[Line]]:
    """Group the lines that follow each other into paragraphs; `usual` is the height of the text's letters."""
    groups: list[list[Line]] = []
    gap = _NEW_GAP * _pitch(lines)
    margins = _margins(lines, gap)
    for place, line in enumerate(lines):
        # A headline is set ragged: each of its lines may end early.
        margin = margins[place - 1] if line.size <= BIGGER * usual else 0.0
        if groups and _goes_on(groups[-1], line, gap, margin):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _pitch(lines: list[Line]) -> float:
    """Give the usual step from line to line, in heights of the letters."""
    steps = [step for one, other in pairwise(lines) if 0 < (step := _step(one, other)) < _FARTHEST]
    return median(steps) if steps else 1.0


def _step(one: Line, other: Line) -> float:
    """Give how far `other` stands below `one`, in heights of its letters; less than 0 on another page or column."""
    return (one.bottom - other.bottom) / one.size if one.page == other.page else -1.0


def _margins(lines: list[Line], gap: float) -> list[float]:
    """Give the right margin for each line: that of the block of lines without gaps around it, else of its page."""
    margins: list[float] = []
    block: list[Line] = []
    pages: dict[int, float] = {}
    for line in lines:
        pages[line.page] = max(pages.get(line.page, 0.0), line.right)
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        block.append(line)
        if following is None or not 0 < _step(line, following) <= gap:
            right = max(one.right for one in block)
            full = sum(right - one.right < one.size for one in block)
            margins += [right if full > 1 else pages[line.page]] * len(block)
            block = []
    return margins


def _goes_on(group: list[Line], line: Line, gap: float, margin: float) -> bool:
    """Tell whether `line` goes on with the paragraph `group`; `margin` is the right one of the line before it."""
    last = group[-1]
    if abs(last.size - line.size) > (BIGGER - 1) * last.size or _BULLET.match(line.text):
        return False
    step = _step(last, line)
    if step < 0:  # the next page, or the next column
        return not _SENTENCE_END.search(last.text) and line.text[:1].islower()
    if last.text[-1:] in _HYPHENS and step <= gap:
        return True
    is_centred = abs((last.left + last.right) - (line.left + line.right)) < 2 * last.size and len(line.text) > 1
    if step > gap or (_is_short(last, line, margin) and not (is_centred and abs(last.left - line.left) > 1)):
        return False
    indent = line.left - min(one.left for one in group)
    return is_centred or indent < _INDENT * line.size or (len(group) == 1 and line.text[:1].islower())


def _is_short(last: Line, line: Line, margin: float) -> bool:
    """Tell whether a line ends so far before the margin that the next word would have stood in it."""
    word = line.text.split(maxsplit=1)[0]
    width = (line.right - line.left) / max(1, len(line.text)) * (len(word) + 1)
    return margin - last.right > max(1.5 * width, _SHORT_BY * last.size)


def joined(group: Sequence[Line]) -> Line:
    """Give the lines of one paragraph as one, at the place of the first."""
    is_vietnamese = any(_VIETNAMESE.search(line.text) for line in group)
    text = group[0].text
    for line in group[1:]:
        if text[-1:] in _HYPHENS and text[-2:-1].isalpha() and line.text[:1].islower():
            # `héc-` and `ta` keep their hyphen: no Vietnamese syllable is ever parted.
            text = text[:-1] + ("-" if is_vietnamese and text[-1:] != _SOFT else "") + line.text
        else:
            text += f" {line.text}"
    return replace(group[0], text=text)

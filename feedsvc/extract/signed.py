"""Signatures that have no line of their own: set apart by type or place, or behind the last sentence (reading.md 5)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.byline import is_signature
from feedsvc.extract.clean import clean_text
from feedsvc.extract.flow import count_words
from feedsvc.extract.places import words_of

if TYPE_CHECKING:
    from feedsvc.extract.flow import Block

_RIGHT: Final = re.compile(r"text-align\s*:\s*(?:right|end)|float\s*:\s*right", re.IGNORECASE)
_RIGHT_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:text-(?:right|end)|align-?right|pull-right|right|author|tac-?gia|signature|byline|nguon|source)(?:$|[\s_-])"
)
_HIGHEST: Final = 2
_EMPHASIS: Final = frozenset({"b", "strong", "i", "em"})
_SENTENCE_END: Final = re.compile(r"[.!?…”\"’)]\s*$")
_OFFICIAL_END: Final = re.compile(r"\./\.?\s*(\S.{2,79})$")  # officials end a text with `./.`


def is_set_apart(block: Block) -> bool:
    """Tell whether the page sets a line apart: to the right, in bold or italics as a whole, or named for the writer."""
    return bool(block.words and max(block.bold_words, block.italic_words) >= block.words) or is_to_the_right(block)


def is_to_the_right(block: Block) -> bool:
    """Tell whether a line stands at the right margin, or in a box named for the writer."""
    around = [block.owner, *islice(block.owner.iterancestors(), _HIGHEST)]
    return any(_is_right(element) for element in around if element.tag not in {"body", "html"})


def _is_right(element: Any) -> bool:
    return (
        (element.get("align") or "").lower() == "right"
        or bool(_RIGHT.search(element.get("style") or ""))
        or bool(_RIGHT_CLASS.search(words_of(element)))
    )


def without_signature(block: Block) -> tuple[Block, str]:
    """Give the last paragraph without the signature that stands behind its last sentence, and that, "" without one.

    Two habits: the name in bold or italics, `... tổng hợp. <b>Hồng Hải</b>`, and behind the officials' full stop,
    `... tổng hợp./. Hồng Hải`.
    """
    if block.kind == "pre":
        return block, ""
    place = len(block.pieces)
    while place and (not block.pieces[place - 1][0].strip() or _is_emphasised(block.pieces[place - 1][1])):
        place -= 1
    rest, name = _text(block, 0, place), _text(block, place, len(block.pieces))
    if rest and _SENTENCE_END.search(rest) and is_signature(name, set_apart=True):
        return _cut(block, block.pieces[:place]), name
    last = next((at for at in range(len(block.pieces) - 1, -1, -1) if block.pieces[at][0].strip()), None)
    match = _OFFICIAL_END.search(block.pieces[last][0].rstrip()) if last is not None else None
    if last is not None and match and is_signature(match.group(1)):
        piece, chain = block.pieces[last]
        return _cut(block, [*block.pieces[:last], (piece[: match.start(1)].rstrip(), chain)]), clean_text(
            match.group(1)
        )
    return block, ""


def _is_emphasised(chain: tuple[Any, ...]) -> bool:
    return any(element.tag in _EMPHASIS for element in chain)


def _text(block: Block, first: int, last: int) -> str:
    return clean_text("".join(piece for piece, _ in block.pieces[first:last]))


def _cut(block: Block, pieces: list[tuple[str, tuple[Any, ...]]]) -> Block:
    text = clean_text("".join(piece for piece, _ in pieces))
    return replace(block, pieces=pieces, text=text, words=count_words(text))

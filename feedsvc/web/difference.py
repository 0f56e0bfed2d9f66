"""What an edit changed: two states of an article compared, paragraphs first, then their words. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, islice
from typing import Literal

from feedsvc.model import Item, Version

Kind = Literal["same", "left out", "added"]

MOST_PAIRS = 100_000
"""How many pairs of equal words may be weighed for one item: beyond that a comparison takes too long."""
MOST_WORDS = 10_000
ALIKE = 0.35
"""Share of words that two passages have in common when one is an edit of the other, rather than in its place."""
MOST_VERSIONS = 20
MOST_PASSAGES = 40
CONTEXT = 12
"""Words of what stayed as it was, shown on either side of what did not."""
LONGEST_PIECE = 2000
LONGEST_TEXT = 50_000
"""Characters of a piece that is shown, and of a text that is compared: more of either is left out."""
MOST_PARAGRAPHS = 1000
"""Paragraphs of a text that are compared: no article has as many, and a page must not take seconds to make."""
_PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+")
_WORD = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text that both states have, or only the old one (left out), or only the new one (added)."""

    kind: Kind
    text: str


Passage = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An earlier state, and what became of it: `title` and `lead` are None where they stayed.

    `passages` are the first paragraphs of the text that changed, `more` counts the others. `media` says whether
    pictures, films or files changed.
    """

    version: Version
    title: Passage | None
    lead: Passage | None
    passages: tuple[Passage, ...]
    more: int
    media: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """The last corrections of an item, the latest first; `older` ones are counted alone."""

    shown: tuple[Correction, ...]
    older: int


def corrections(item: Item, versions: Sequence[Version]) -> Corrections:
    """What was corrected in an item whose earlier states are `versions`, the oldest first: the last 20 of them."""
    last, effort = versions[-MOST_VERSIONS:], _Effort()
    states: list[Version | Item] = [*last, item]
    shown = [
        _correction(before, after, effort) for before, after in zip(reversed(last), reversed(states[1:]), strict=True)
    ]
    return Corrections(shown=tuple(shown), older=len(versions) - len(last))


def _correction(before: Version, after: Version | Item, effort: _Effort) -> Correction:
    shown, more = passages(difference(_compared(before.text), _compared(after.text), effort))
    return Correction(
        version=before,
        title=_changed(before.title, after.title, effort),
        lead=_changed(before.summary, after.summary, effort),
        passages=shown,
        more=more,
        media={one.url for one in before.media} != {one.url for one in after.media},
    )


def _compared(text: str) -> str:
    """As much of a text as is compared."""
    return "".join(islice((found[0] for found in _PARAGRAPH.finditer(text[:LONGEST_TEXT])), MOST_PARAGRAPHS))


def _changed(old: str, new: str, effort: _Effort) -> Passage | None:
    return None if old == new else tuple(map(_cut, difference(old, new, effort)))


@dataclass(slots=True)
class _Effort:
    """What may still be spent on comparing the states of an item, in pairs of equal words."""

    left: int = MOST_PAIRS

    def suffices(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Whether two sequences may be compared; it is spent when they may."""
        if len(old) + len(new) > MOST_WORDS:
            return False
        often = Counter(new)
        pairs = sum(often[word] for word in old)
        enough = pairs <= self.left
        self.left -= pairs if enough else 0
        return enough


def difference(old: str, new: str, effort: _Effort | None = None) -> tuple[Piece, ...]:
    """How `new` came out of `old`.

    The pieces that are the same or added make `new`, those that are the same or left out make `old`. Paragraphs are
    aligned first, then the words of those that differ.
    """
    effort = effort or _Effort()
    ours, theirs = _PARAGRAPH.findall(old), _PARAGRAPH.findall(new)
    pieces: list[Piece] = []
    for alike, left, came in _aligned(ours, theirs, effort):
        if alike:
            pieces.append(Piece(kind="same", text="".join(left)))
        elif len(left) == len(came):
            pieces += [piece for pair in zip(left, came, strict=True) for piece in _words(*pair, effort)]
        else:
            pieces += _words("".join(left), "".join(came), effort)
    return _joined(pieces)


def _words(old: str, new: str, effort: _Effort) -> Iterable[Piece]:
    """The pieces of two passages, by their words; the one in place of the other where they have little in common."""
    ours, theirs = _WORD.findall(old), _WORD.findall(new)
    parts = _aligned(ours, theirs, effort)
    same = sum(len(left) for alike, left, _ in parts if alike)
    if 2 * same < ALIKE * (len(ours) + len(theirs)):
        parts = [(False, ours, theirs)]
    for alike, left, came in parts:
        if alike:
            yield Piece(kind="same", text="".join(left))
        else:
            yield Piece(kind="left out", text="".join(left))
            yield Piece(kind="added", text="".join(came))


def _aligned(
    old: Sequence[str], new: Sequence[str], effort: _Effort
) -> list[tuple[bool, Sequence[str], Sequence[str]]]:
    """Stretches of two sequences: whether they are alike, the old one, the new one."""
    if old == new or not effort.suffices(old, new):
        return [(old == new, old, new)]
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(tag == "equal", old[a:b], new[c:d]) for tag, a, b, c, d in found]


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces without empty ones, neighbours of one kind made one."""
    told = (piece for piece in pieces if piece.text)
    return tuple(
        Piece(kind=kind, text="".join(piece.text for piece in some))
        for kind, some in groupby(told, key=lambda piece: piece.kind)
    )


def passages(pieces: Iterable[Piece]) -> tuple[tuple[Passage, ...], int]:
    """The first paragraphs that changed, with a few words around each change, and how many more of them there are."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        lines[-1].append(Piece(kind=piece.kind, text=first))
        lines += [[Piece(kind=piece.kind, text=line)] for line in others]
    changed = [line for line in lines if any(piece.kind != "same" and piece.text.strip() for piece in line)]
    return tuple(_short(_joined(line)) for line in changed[:MOST_PASSAGES]), max(0, len(changed) - MOST_PASSAGES)


def _short(passage: Passage) -> Passage:
    last = len(passage) - 1
    return tuple(
        _around(piece, first=place == 0, last=place == last) if piece.kind == "same" else _cut(piece)
        for place, piece in enumerate(passage)
    )


def _around(piece: Piece, *, first: bool, last: bool) -> Piece:
    """What stayed as it was, the far ends of it told by an ellipsis."""
    words = _WORD.findall(piece.text)
    before, behind = 0 if first else CONTEXT, 0 if last else CONTEXT
    if len(words) <= before + behind + 1:
        return _cut(piece)
    text = "".join((*words[:before], "… ", *words[len(words) - behind :]))
    return _cut(Piece(kind=piece.kind, text=text))


def _cut(piece: Piece) -> Piece:
    if len(piece.text) <= LONGEST_PIECE:
        return piece
    return Piece(kind=piece.kind, text=f"{piece.text[:LONGEST_PIECE]}…")

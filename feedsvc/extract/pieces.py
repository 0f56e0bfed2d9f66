"""The text of a record in pieces, as a reader sees it: lines, which of them are headings or links (reading.md 3.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bs4.element import Comment, NavigableString, Tag

from feedsvc.extract.clean import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_INLINE = frozenset({
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "label", "mark", "q", "s", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u",
})  # fmt: skip
_SILENT = frozenset({"script", "style", "noscript", "template", "button", "select", "option", "svg", "iframe", "form"})
_LONGEST_LINE = 4000  # characters: patterns run over lines, so that their length is bounded
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of a record: its text, the block element it stands in, and the strings it is made of."""

    text: str
    element: Tag
    strings: tuple[str, ...]


def pieces_of(root: Tag, *, without: Tag | None = None) -> list[Piece]:
    """Return the lines of `root` in order, without those of the element `without`; a block or `br` ends a line."""
    pieces: list[Piece] = []
    strings: list[str] = []
    place: Tag = root

    def close() -> None:
        text = clean_text("".join(strings)[:_LONGEST_LINE])
        if text:
            pieces.append(
                Piece(text, place, tuple(clean_text(string[:_LONGEST_LINE]) for string in strings if string.strip()))
            )
        strings.clear()

    for node, leaving in _walk(root, without):
        if isinstance(node, Tag):
            if node.name not in _INLINE:
                close()
                place = (node.parent or root) if leaving else node
        else:
            strings.append(str(node))
    close()
    return pieces


def _walk(root: Tag, without: Tag | None) -> Iterator[tuple[Tag | NavigableString, bool]]:
    """Yield the nodes in order, block elements again (True) when they end; own stack: pages nest without bound."""
    stack: list[tuple[Tag | NavigableString, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        yield node, leaving
        if leaving or not isinstance(node, Tag):
            continue
        if node.name not in _INLINE:
            stack.append((node, True))
        for child in reversed(node.contents):
            if isinstance(child, Tag):
                if child is not without and child.name not in _SILENT:
                    stack.append((child, False))
            elif isinstance(child, NavigableString) and not isinstance(child, Comment):
                stack.append((child, False))


def line_of(element: Tag) -> str:
    """Return the text of `element` on one line."""
    return " ".join(piece.text for piece in pieces_of(element))


def has_class(element: Tag, pattern: re.Pattern[str]) -> bool:
    """Tell whether a class of `element` matches `pattern` somewhere."""
    names = element.get("class")
    text = names if isinstance(names, str) else " ".join(names or ())
    return pattern.search(text) is not None

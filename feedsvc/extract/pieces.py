"""The text of a record in pieces, as a reader sees it: lines, which of them are headings or links (reading.md 3.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bs4.element import Comment, NavigableString, PageElement, Tag

from feedsvc.extract.clean import clean_text
from feedsvc.extract.soup import INLINE

if TYPE_CHECKING:
    from collections.abc import Iterable

_SILENT = frozenset({"script", "style", "noscript", "template", "button", "select", "option", "svg", "iframe", "form"})
_MOST_TOKENS = 400  # strings and ends of lines that are looked at for one tag: a title or a summary has fewer
_LONGEST_LINE = 4000  # characters: patterns run over lines, so that their length is bounded
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Piece(NamedTuple):  # made for every line of every record: cheaper than a dataclass
    """One line of a record: its text, the block element it stands in, and the strings it is made of."""

    text: str
    element: Tag
    strings: tuple[str, ...]


class Script:
    """The text of an element as it is spoken: walked once, after which the lines of any part are cut out of it.

    `tags` are the element and all below it, in order, silent ones (scripts, buttons, forms) too.
    """

    def __init__(self, root: Tag) -> None:
        self.root = root
        self.tags: list[Tag] = []
        self._tokens: list[PageElement] = []  # text, or an element: a line ends, and the next stands in it
        self._spans: dict[int, tuple[int, int]] = {}  # by identity, as a tag's own hash is that of its markup
        self._clean: dict[str, str] = {}  # the strings as they are spoken, each worked out once
        self._walk()

    @property
    def lines(self) -> list[Piece]:
        """All lines."""
        return self._lines(self._tokens, self.root)

    def _walk(self) -> None:
        """Fill tags, tokens and spans; own stack, as pages nest without bound."""
        tokens, tags = self._tokens, self.tags
        stack: list[PageElement | tuple[Tag, int]] = [self.root]
        while stack:
            node = stack.pop()
            if node.__class__ is NavigableString:  # most nodes; asked for by its very class, as that is quick
                tokens.append(node)
            elif isinstance(node, tuple):
                tag, begun = node
                if tag.name not in INLINE:
                    tokens.append(tag.parent or self.root)
                self._spans[id(tag)] = (begun, len(tokens))
            elif isinstance(node, Tag):
                tags.append(node)
                if node.name in _SILENT and node is not self.root:
                    tags += node.find_all()
                    continue
                stack.append((node, len(tokens)))
                if node.name not in INLINE:
                    tokens.append(node)
                stack += reversed(node.contents)
            elif not isinstance(node, Comment):
                tokens.append(node)

    def within(self, tag: Tag) -> list[Piece]:
        """Return the lines of one of its tags alone."""
        if id(tag) not in self._spans:  # inside a silent one
            return pieces_of(tag)
        begin, end = self._spans[id(tag)]
        return self._lines(self._tokens[begin : min(end, begin + _MOST_TOKENS)], tag)

    def without(self, tag: Tag) -> list[Piece]:
        """Return the lines as they are when one of its tags is left out."""
        begin, end = self._spans.get(id(tag), (0, 0))
        return self._lines(self._tokens[:begin] + self._tokens[end:], self.root)

    def line(self, tag: Tag) -> str:
        """Return the text of one of its tags on one line."""
        return " ".join(piece.text for piece in self.within(tag))

    def _lines(self, tokens: Iterable[PageElement], place: Tag) -> list[Piece]:
        """Put the text between two ends of lines together; `place` is where the first line stands."""
        pieces: list[Piece] = []
        strings: list[str] = []
        for token in tokens:
            if isinstance(token, str):
                strings.append(token)
            elif isinstance(token, Tag):
                if strings:
                    pieces += self._line(strings, place)
                    strings = []
                place = token
        return pieces + self._line(strings, place)

    def _line(self, strings: list[str], place: Tag) -> list[Piece]:
        spoken = tuple([self._spoken(string) for string in strings if not string.isspace()])
        text = "".join(spoken)
        if len(strings) > 1 and text:
            text = clean_text("".join(strings)[:_LONGEST_LINE])
        return [Piece(text, place, spoken)] if text else []

    def _spoken(self, string: str) -> str:
        found = self._clean.get(string)
        if found is None:
            found = self._clean[string] = clean_text(string[:_LONGEST_LINE])
        return found


def pieces_of(root: Tag) -> list[Piece]:
    """Return the lines of `root` in order; a block or `br` ends a line."""
    return Script(root).lines


def line_of(element: Tag) -> str:
    """Return the text of `element` on one line."""
    return " ".join(piece.text for piece in pieces_of(element))


def classes_of(element: Tag) -> str:
    """Return the classes of `element` in one string, whichever way its soup keeps them."""
    names = element.get("class")
    return names if isinstance(names, str) else " ".join(names or ())

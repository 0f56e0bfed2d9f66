"""The records of a list as BeautifulSoup: nothing but their elements is given to it (reading.md 9).

They come from the lxml tree as they stand, not by way of markup that is parsed once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from bs4.builder import TreeBuilder
from bs4.element import NavigableString
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bs4.element import Tag

INLINE = frozenset({
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "label", "mark", "q", "s", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u",
})  # fmt: skip
"""Elements inside a line of text: beside them a space parts words, beside all others the line ends."""

# No line of a list has so many; records that stand in each other without end would be copied once for each of them.
_MOST_ELEMENTS = 1000
_MOST_IN_ALL = 8000
_FEW_ELEMENTS = 30  # of each record, once all of them together have more than a page of records has


class _Elements(TreeBuilder):
    """Builds a tree from groups of lxml elements; each group becomes a `div`."""

    def feed(self, markup: Any) -> None:
        if self.soup is None:
            raise ValueError("a builder feeds the soup that it was given to")
        spare = _MOST_IN_ALL
        for elements in markup:
            self.soup.handle_starttag("div", None, None, {})
            left = most = min(_MOST_ELEMENTS, max(_FEW_ELEMENTS, spare))
            for element in elements:
                left = _grow(self.soup, element, left)
            spare -= most - left
            self.soup.popTag()


def _grow(soup: BeautifulSoup, top: Any, left: int) -> int:
    """Add `top` to what is open, and `left` elements at most; return how many more may be added.

    The elements of a tree nest, so that none is looked for by its name when it ends, as it would be in markup, and each
    text is one string.
    """
    walk = etree.iterwalk(top, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            left -= 1
            soup.handle_starttag(tag, None, None, dict(element.items()))
            text = element.text
            if left <= 0:
                walk.skip_subtree()
        else:
            soup.popTag()
            text = element.tail
        if text and (tag in INLINE or not text.isspace()):
            soup.object_was_parsed(NavigableString(text))
    return left


def soup_of(records: Iterable[Sequence[Any]]) -> list[Tag]:
    """Return for each group of lxml elements one `div` that holds them; `class` is one string, as written."""
    builder = _Elements(multi_valued_attributes=None)  # type: ignore[arg-type]  # None is documented, not in the types
    soup = BeautifulSoup(list(records), builder=builder)  # type: ignore[arg-type]  # a builder of ours reads them
    return soup.find_all("div", recursive=False)

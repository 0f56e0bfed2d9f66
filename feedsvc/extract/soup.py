"""The records of a list as BeautifulSoup: nothing but their elements is given to it (reading.md 9).

They come from the lxml tree as they stand, not by way of markup that is parsed once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from bs4.builder import TreeBuilder
from bs4.element import NavigableString, Tag
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bs4.element import PageElement

INLINE = frozenset({
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "label", "mark", "q", "s", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u",
})  # fmt: skip
"""Elements inside a line of text: beside them a space parts words, beside all others the line ends."""

# No line of a list has so many; records that stand in each other without end would be copied once for each of them.
_MOST_ELEMENTS = 1000
_MOST_IN_ALL = 8000
_FEW_ELEMENTS = 30  # of each record, once all of them together have more than a page of records has


class _Ready(TreeBuilder):
    """Reads no markup: what it is asked for is only how HTML's elements are made."""

    def feed(self, markup: object) -> None:
        """Leave the soup empty."""


def soup_of(records: Iterable[Sequence[Any]]) -> list[Tag]:
    """Return for each group of lxml elements one `div` that holds them; `class` is one string, as written."""
    builder = _Ready(multi_valued_attributes=None)  # type: ignore[arg-type]  # None is documented, not in the types
    soup = BeautifulSoup("", builder=builder)
    divs: list[Tag] = []
    last: PageElement = soup
    spare = _MOST_IN_ALL
    for elements in records:
        div = last = _made(builder, "div", {}, soup, last)
        left = most = min(_MOST_ELEMENTS, max(_FEW_ELEMENTS, spare))
        for element in elements:
            last, left = _grow(builder, element, div, last, left)
        spare -= most - left
        divs.append(div)
    return divs


def _grow(builder: TreeBuilder, top: Any, parent: Tag, last: PageElement, left: int) -> tuple[PageElement, int]:
    """Add `top` to `parent`, and `left` elements at most; return what came last and how many more may be added.

    The elements of a tree nest and each of their texts is one string, so none of what BeautifulSoup looks for in markup
    is to be found: tags and strings are put in their place at once, behind `last`.
    """
    for event, element in etree.iterwalk(top, events=("start", "end")):
        name = element.tag
        if event == "start":
            if left <= 0:
                break
            left -= 1
            parent = last = _made(builder, name, dict(element.items()), parent, last)
            text = element.text
        else:
            parent = parent.parent or parent
            text = element.tail
        if text and (name in INLINE or not text.isspace()):
            string = NavigableString(text)
            string.setup(parent, last)
            parent.contents.append(string)
            last = string
    return last, left


def _made(builder: TreeBuilder, name: str, attributes: dict[str, str], parent: Tag, last: PageElement) -> Tag:
    """Return a new tag at the end of `parent`; `last` is what stands before it in the order of the markup."""
    tag = Tag(None, builder, name, None, None, attributes, parent, last)
    parent.contents.append(tag)
    return tag

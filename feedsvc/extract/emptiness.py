"""An empty list told from the block beside it: a category without articles is no reason to read "Danh sách video"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from feedsvc.extract.links import squeezed, text_within
from feedsvc.extract.lone import LIST_WORDS
from feedsvc.extract.marks import class_words
from feedsvc.extract.wording import EMPTY, SIDE, TAIL

if TYPE_CHECKING:
    from feedsvc.extract.blocks import Block
    from feedsvc.extract.marks import Marks
    from feedsvc.extract.page import Document

_LIST_TAGS = frozenset({"ul", "ol", "dl", "tbody"})
_NOTICE = 80  # characters
_FEW_LINKS = 12  # breadcrumb, pager and buttons: a column with more is not empty
_LEVELS = 3  # ancestors of a block, beside which an article stands
_ARTICLE = 350  # characters
_STORY_WORDS = 4  # of a headline that is a link
_OWN_TEXT = etree.XPath(".//text()[not(ancestor::a or parent::script or parent::style)]", smart_strings=False)
_NOT_SPACE = re.compile(r"\S")


def stands_beside_empty(block: Block, document: Document, marks: Marks) -> bool:
    """Tell whether the page's own list is empty and `block` is another one: at the side, or under a heading of such.

    The page's own list is looked for in the column of its heading (h1). Without one there must be a notice such as
    "chưa có tin", and a caption of `block` that only side blocks have.
    """
    column = heading_column(block, document, marks)
    if column is not None:
        return marks.links_in(column) <= _FEW_LINKS and any(_is_empty(element) for element in column.iter())
    if not is_side_block(block):
        return False
    return any(_is_notice(element) for element in document.root.iter("p", "div", "td", "span", "li", "em", "h3", "b"))


def stands_below_article(block: Block) -> bool:
    """Tell whether a block under "Tin khác" is that of an article's page: much text above it that no story leads to.

    Pages of categories have such blocks, too, below their lead stories.
    """
    if not TAIL.match(block.caption):
        return False
    first = block.records[0]
    above = (first.top, *reversed(first.above[-_LEVELS:]))
    siblings = [sibling for element in above for sibling in element.itersiblings(preceding=True)]
    return sum(len(squeezed("".join(_OWN_TEXT(one)))) for one in siblings if not _has_story(one)) > _ARTICLE


def _has_story(element: Any) -> bool:
    return any(len("".join(link.itertext()).split()) >= _STORY_WORDS for link in element.iter("a"))


def is_side_block(block: Block) -> bool:
    """Tell whether only blocks beside a list stand like this: in chrome, or under "Tin khác", "Danh sách video"."""
    return block.chrome or has_side_caption(block)


def has_side_caption(block: Block) -> bool:
    """Tell whether the heading above the block is one of side blocks."""
    return bool(TAIL.match(block.caption) or SIDE.match(block.caption))


def heading_column(block: Block, document: Document, marks: Marks) -> Any:
    """Return the column that holds the page's heading and not the block, None when they share one."""
    around = set(block.records[0].above)
    for heading in document.root.iter("h1"):
        column = heading
        while column.getparent() is not None and column.getparent() not in around:
            column = column.getparent()
        if column is not heading and not marks.marked(column):
            return column
    return None


def _is_empty(element: Any) -> bool:
    """Tell whether an element is a list without lines, or says that there are none."""
    if len(element) or not isinstance(element.tag, str):
        return False
    if _NOT_SPACE.search(element.text or ""):
        return _is_notice(element)
    return element.tag in _LIST_TAGS or not LIST_WORDS.isdisjoint(class_words(element))


def _is_notice(element: Any) -> bool:
    return bool(EMPTY.match(text_within(element, _NOTICE)[:_NOTICE]))

"""What stands around a list: navigation, footers, side columns, and the heading above it (reading.md 3.1 and 3.7)."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from feedsvc.extract.links import text_within
from feedsvc.extract.wording import TAIL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from feedsvc.extract.links import Link

_TAGS = frozenset({"nav", "footer", "aside", "header", "select"})
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar"})
_MENU_WORDS = frozenset({
    "nav", "navbar", "navigation", "menu", "mainmenu", "topmenu", "submenu", "megamenu", "dropdown", "footer",
    "breadcrumb", "breadcrumbs", "pager", "pagination", "paging", "pagenavi", "tagcloud", "weblink", "weblinks",
})  # fmt: skip
_WEAK_WORDS = frozenset({
    "header", "topbar", "foot", "bottom", "aside", "side", "sidebar", "login", "share", "sharing", "social", "tags",
    "comment", "comments", "related", "banner", "advert", "ads", "quangcao", "lienket", "copyright", "sitemap",
    "toolbar", "langs", "weather", "widget", "marquee", "ticker", "modal", "popup",
})  # fmt: skip
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NEARLY_ALL = 0.9  # of the page's links: even a `nav` around so many is no navigation
_HALF = 0.5
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_HIDDEN_NAMES = frozenset({"hidden", "hide", "d-none"})
_STYLE_LENGTH = 500  # characters
_CAPTION_LEVELS = 4
_CAPTION_SIBLINGS = 3
_CAPTION_LINES = 20
_CAPTION_LENGTH = 90
_BLOCK_LINKS = 8  # captions have some for the parts of a category, not so many
_CAPTION_WORDS = frozenset(
    {"title", "heading", "caption", "head", "header", "cate", "category", "tieude", "label", "name", "tab"}
)
_LABEL_LENGTH = 40
_LABEL_TAGS = frozenset({"div", "p", "b", "strong", "span", "a", "tr"})
_HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6", "legend", "caption")


class Marks:
    """Which elements of one page are navigation or decoration, judged by tag, role, class and id."""

    def __init__(self, links: Sequence[Link]) -> None:
        self._total = max(1, len(links))
        self._counts = Counter(element for link in links for element in link.path)
        self._known: dict[Any, bool] = {}
        self._around: dict[Any, bool] = {}
        self._words: dict[tuple[str | None, str | None], set[str]] = {}

    def links_in(self, element: Any) -> int:
        """Return how many of the page's links stand inside `element`."""
        return self._counts[element]

    def chrome(self, path: Sequence[Any]) -> bool:
        """Tell whether any element of a path from the root down is chrome."""
        depth = len(path) - 1
        while depth >= 0 and path[depth] not in self._around:
            depth -= 1
        found = depth >= 0 and self._around[path[depth]]
        for element in path[depth + 1 :]:
            found = self._around[element] = found or self.marked(element)
        return found

    def marked(self, element: Any) -> bool:
        """Tell whether an element is chrome itself. None is that holds half of the page's links or more."""
        found = self._known.get(element)
        if found is None:
            found = self._known[element] = self._judged(element)
        return found

    def _judged(self, element: Any) -> bool:
        if not element.keys() and element.tag not in _TAGS:
            return False
        share = self._counts[element] / self._total
        names = (element.get("class"), element.get("id"))
        words = self._words.get(names)
        if words is None:
            words = self._words[names] = class_words(element)
        if element.tag in _TAGS or element.get("role") in _ROLES or not _MENU_WORDS.isdisjoint(words):
            return share < _NEARLY_ALL
        return share < _HALF and (not _WEAK_WORDS.isdisjoint(words) or _is_hidden(element))


def _is_hidden(element: Any) -> bool:
    """Tell whether the page hides the element until a click: the tabs of "most read" beside "newest"."""
    names = (element.get("class") or "").split()
    if element.get("hidden") is not None or _HIDDEN_STYLE.search((element.get("style") or "")[:_STYLE_LENGTH]):
        return True
    if "tab-pane" in names:
        return "active" not in names and any("active" in (one.get("class") or "") for one in element.getparent())
    shown_again = any(name.startswith("d-") and name != "d-none" for name in names)
    return not _HIDDEN_NAMES.isdisjoint(names) and not shown_again


def class_words(element: Any) -> set[str]:
    """Return the words that class and id of `element` are made of, in lower case."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return {word.lower() for word in _WORD.findall(names)} if names != " " else set()


def caption_of(top: Any, others: Collection[Any]) -> str:
    """Return the heading that stands above `top`, the first record of a list; `others` are the other records' elements.

    Looks at the siblings before, then at those of its parents, and stops where another record is met. Lines made like
    `top` that are no records stand in the same box: of five "most read" perhaps two are found alike.
    """
    element = top
    for _ in range(_CAPTION_LEVELS):
        for sibling in _before(element, others):
            if sibling in others or any(inner in others for inner in sibling.iterdescendants()):
                return ""
            if _is_block(sibling):
                return ""
            heading = _heading_in(sibling)
            text = text_within(sibling if heading is None else heading, _CAPTION_LENGTH)
            if 0 < len(text) <= _CAPTION_LENGTH and (heading is not None or _is_label(sibling, text)):
                return text
        element = element.getparent()
        if element is None or element.tag == "body":
            break
    return ""


def _is_block(element: Any) -> bool:
    """Tell whether an element is a block of its own, so that a heading in it is its own too."""
    return next(islice(element.iter("a"), _BLOCK_LINKS, None), None) is not None


def _before(element: Any, others: Collection[Any]) -> Iterator[Any]:
    """The nearest elements before this one; its like are passed over, unless they are among `others`."""
    name, seen = element.get("class"), 0
    for sibling in islice(element.itersiblings(preceding=True), _CAPTION_LINES):
        if name and sibling.tag == element.tag and sibling.get("class") == name and sibling not in others:
            continue
        yield sibling
        seen += 1
        if seen == _CAPTION_SIBLINGS:
            return


def _is_label(element: Any, text: str) -> bool:
    """Tell whether a short line without list marks is a caption, though nothing in the markup says so."""
    if TAIL.match(text):
        return True
    if element.tag == "tr" and len(element) > 1:  # the head of a table's columns
        return False
    links = sum(1 for _ in element.iter("a"))
    return len(text) <= _LABEL_LENGTH and links <= 1 and element.tag in _LABEL_TAGS and not text[-1].isdigit()


def _heading_in(element: Any) -> Any:
    """Return the heading that `element` is or holds, None when it is none by tag or class."""
    inner = next(element.iter(*_HEADING_TAGS), None)
    if inner is not None:
        return inner
    return None if _CAPTION_WORDS.isdisjoint(class_words(element)) else element

"""A list that was read before, known again at a glance: by the page's bytes, else by the container of the list.

Most polls find nothing new, and hardly two answers of a portal are equal byte for byte: counters and clocks move. So
what counts is the part of the page that holds the lines (reading.md 9): lxml parses the page, the stored path leads to
the container, and its links and words are hashed, all without BeautifulSoup and without detection. Only "unchanged" is
ever believed from here; in every doubt the page is read.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from feedsvc.errors import ExtractError
from feedsvc.extract.page import open_page
from feedsvc.extract.shape import path_of
from feedsvc.extract.wording import has_day

if TYPE_CHECKING:
    from collections.abc import Collection

    from feedsvc.model import Page

_DIGEST = 16  # bytes
_MOST_LEVELS = 3  # from the parents of the lines up to an element that holds lead stories; above it the page is read
_MOST_LINES = 1000  # in the stored place; a page with more of them is no list
_SAYING = 6  # words: shorter texts without a day say counts, longer ones may be headlines with a number
_LONGEST = 1000  # characters of a text in which a day is looked for
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_COUNTED = re.compile(
    r"(?:lượt (?:xem|đọc|truy cập)|đã xem|đọc|xem|bình luận|view(?: count|s)?|comments?|hits?)\W{0,3}\d[\d.,]*"
    r"|\d[\d.,]*\s?(?:lượt|bình luận|views?|comments?)",
    re.IGNORECASE,
)
# Where a line leads and what it shows; other attributes (ids, tokens, classes) move without any news.
_SHOWING = ("href", "onclick", "src", "data-src", "data-original", "srcset", "style", "datetime")
_ADDRESSES = etree.XPath("|".join(f".//@{name}" for name in _SHOWING), smart_strings=False)
_TEXTS = etree.XPath("descendant::text()[not(parent::script or parent::style)]", smart_strings=False)


def imprint_of(body: bytes, root: Any, shape: str, lines: Collection[Any]) -> str:
    """Return what a page with a list is known by: the hash of its bytes, and that of its container where there is one.

    `root` is the parsed page, `shape` tells where its lines stand (Listing.shape), `lines` are the elements of all of
    them: the container must hold each.
    """
    parents = _parents(root, shape)
    for level in range(_MOST_LEVELS if parents else 0):
        if all(not parents.isdisjoint(line.iterancestors()) for line in lines):
            return f"{_bytes_hash(body)} {level} {_hash(parents)}"
        parents = _outermost({parent.getparent() for parent in parents})
    return _bytes_hash(body)


def same_bytes(body: bytes, imprint: str) -> bool:
    """Tell whether a page has the very bytes of that of `imprint`; costs a hash, nothing is parsed."""
    return bool(imprint) and imprint.partition(" ")[0] == _bytes_hash(body)


def same_list(page: Page, shape: str, imprint: str) -> bool:
    """Tell whether the list of `page` is that of the page that left `shape` and `imprint`; False in every doubt.

    Links, pictures and words of the container are compared; counts ("Lượt xem: 1719") are left out. Nothing is raised.
    """
    if same_bytes(page.body, imprint):
        return True
    _, level, container = (*imprint.split(), "", "", "")[:3]
    if not container or not shape:
        return False
    try:
        document = open_page(page)
    except ExtractError:
        return False
    parents = _parents(document.root, shape)
    for _ in range(int(level)):
        parents = _outermost({parent.getparent() for parent in parents})
    return bool(parents) and _hash(parents) == container


def _bytes_hash(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=_DIGEST).hexdigest()


def _parents(root: Any, shape: str) -> set[Any]:
    """Return the parents of the elements that stand where `shape` says, down all of its path."""
    path = path_of(shape) if shape else ""
    lines = root.xpath(path) if path else []
    return _outermost({line.getparent() for line in lines}) if len(lines) <= _MOST_LINES else set()


def _outermost(elements: set[Any]) -> set[Any]:
    """Return those of the elements that stand inside none of the others, so that each word is hashed once."""
    found = elements - {None}
    return {element for element in found if found.isdisjoint(element.iterancestors())}


def _hash(parents: Collection[Any]) -> str:
    """Hash what the elements show, in no particular order of theirs."""
    shown = sorted("\n".join((*_ADDRESSES(parent), *map(_lasting, _TEXTS(parent)))) for parent in parents)
    return hashlib.blake2b("\f".join(shown).encode("utf-8", "replace"), digest_size=_DIGEST).hexdigest()


def _lasting(text: str) -> str:
    """Return `text` without the counts in it."""
    if not _DIGIT.search(text):
        return text.strip()
    words = " ".join(text.split())
    if len(words) > _LONGEST:
        return _DIGITS.sub("", words)
    if has_day(words):
        return _COUNTED.sub("", words)
    return _DIGITS.sub("", words) if words.count(" ") < _SAYING else _COUNTED.sub("", words)

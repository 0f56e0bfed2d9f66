"""The picture of a record: the real address behind lazy loading, no icons and placeholders (reading.md 3.8)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedsvc.extract.page import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bs4.element import Tag

    from feedsvc.extract.page import Document

_LAZY = ("data-src", "data-original", "lazy-src", "data-lazy-src", "data-lazy", "data-image", "data-img", "data-thumb")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_SHOWN = frozenset({"style", "data-background"})  # attributes by which other elements show a picture
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_REFUSED = re.compile(
    r"placeholder|spacer|blank\.|transparent|loading|lazy[-_]?load|no[-_]?(?:image|photo|thumb|pic)|default[-_.]|1x1|pixel\."
    r"|(?:^|[/_-])(?:ic|icon|icons|ico|logo|bullet|arrow|sprite|avatar|new|hot|share|play|print|email)(?:[/_.-]|\d)|\.svg"
    r"|gravatar|emoji|smil(?:ey|ies)|feedburner|doubleclick",
    re.IGNORECASE,
)
_STYLE_LENGTH = 2000  # characters
_SMALLEST = 80  # pixels
_DIGITS = re.compile(r"\d{1,5}")
_WIDTH = re.compile(r"(\d+(?:\.\d+)?)[wx]")


def pictures_of(tags: Iterable[Tag], document: Document) -> Iterator[str]:
    """Yield the addresses of the pictures among `tags`, best first, without icons, placeholders and small ones."""
    for tag in tags:
        if tag.name in {"img", "source"} or not _SHOWN.isdisjoint(tag.attrs):
            yield from _shown(tag, document)


def _shown(tag: Tag, document: Document) -> Iterator[str]:
    for text in _candidates(tag):
        url = absolute(document, text) if text.strip() and not text.startswith("data:") else None
        if url and not _REFUSED.search(url.partition("//")[2].partition("/")[2]):
            yield url


def _candidates(tag: Tag) -> Iterator[str]:
    if tag.name == "img":
        if not _is_small(tag):
            yield from _sources(tag)
    elif tag.name == "source":
        yield from _largest(tag)
    else:
        match = _BACKGROUND.search(str(tag.get("style") or "")[:_STYLE_LENGTH])
        if match:
            yield match.group(1)
        if tag.get("data-background"):
            yield str(tag["data-background"])


def _sources(image: Tag) -> Iterator[str]:
    attributes = image.attrs
    yield from (str(attributes[name]) for name in _LAZY if attributes.get(name))
    if attributes.get("src"):
        yield str(attributes["src"])
    yield from _largest(image)


def _largest(element: Tag) -> Iterator[str]:
    """Yield the widest entry of a `srcset` (HTML, 4.8.4.2)."""
    for name in _SETS:
        entries = [entry.split() for entry in str(element.get(name) or "").split(", ") if entry.split()]
        if entries:
            yield max(entries, key=_width)[0].rstrip(",")


def _width(entry: list[str]) -> float:
    match = _WIDTH.fullmatch(entry[-1].rstrip(",")) if len(entry) > 1 else None
    return float(match.group(1)) if match else 0.0


def _is_small(image: Tag) -> bool:
    """Tell whether the page itself declares the picture smaller than a thumbnail."""
    for name in ("width", "height"):
        match = _DIGITS.match(str(image.get(name) or ""))
        if match and 0 < int(match.group()) < _SMALLEST and "%" not in str(image.get(name)):
            return True
    return False

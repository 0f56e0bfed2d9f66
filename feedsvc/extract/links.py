"""The links of a page, each with its place in the tree: what grouping and paging start from (reading.md 3.1)."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize
from urllib.parse import urlsplit

from feedsvc.extract.page import absolute

if TYPE_CHECKING:
    from feedsvc.extract.page import Document

_LONGEST_TEXT = 1000  # characters of a link that count
_MOST_LINKS = 3000  # a page with more is read up to there
_DEEPEST = 300  # levels; links below stand in a broken or hostile tree
_ONCLICK = re.compile(
    r"""(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|window\.open\()\s*['"]([^'"]{1,2000})['"]"""
)
_DOCUMENT_NAME = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|zip|rar|7z)$", re.IGNORECASE)
_DOWNLOAD = re.compile(r"/(?:download|getfile|viewfile|tai-?ve|tai-?file)\b|/documents/\d+/", re.IGNORECASE)
_DOCUMENT_HINT = re.compile(
    r"\.(?:pdf|doc|xls|ppt|od[ts]|zip|rar|7z)|/(?:download|getfile|view|tai|documents)", re.IGNORECASE
)
_LONGEST_ENDING = 5
_SLUG_DASHES = 2
_SLUG_ESCAPES = 5  # a raw Vietnamese path, percent-encoded
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class Link(NamedTuple):  # made for every link of a page: a tuple is made in a quarter of a dataclass' time
    """A link: its element, its absolute address, the key under which equal addresses meet, its ancestors and itself."""

    element: Any
    url: str
    key: str
    text: str
    path: tuple[Any, ...]
    order: int
    heading: bool
    picture: bool


def squeezed(text: str) -> str:
    """Return `text` on one line, runs of space of any kind as one."""
    return " ".join(text.split())


def text_within(element: Any, limit: int) -> str:
    """Return the text of `element` on one line, in NFC, no more than one over `limit` characters of it."""
    if not len(element):  # most links and captions hold nothing but text
        return normalize("NFC", squeezed(element.text or "")[: limit + 1])
    return normalize("NFC", squeezed(" ".join(islice(element.itertext(), limit)))[: limit + 1])


def page_links(document: Document) -> tuple[Link, ...]:
    """Return the links of the page that lead elsewhere, in document order; `onclick` jumps count as links."""
    here = key_of(document.address)
    paths: dict[Any, tuple[Any, ...] | None] = {}
    targets: dict[tuple[str | None, str | None], tuple[str, str] | None] = {}  # most addresses stand twice
    links: list[Link] = []
    for element in document.root.xpath("//a[@href] | //*[@onclick]")[:_MOST_LINKS]:
        click = (element.get("href"), element.get("onclick"))
        if click not in targets:
            url = target_of_click(document, element)
            targets[click] = (url, key_of(url)) if url else None
        target = targets[click]
        path = _path(element, paths) if target else None
        if target is not None and path is not None and target[1] != here:
            links.append(_link(element, target, path, len(links)))
    return tuple(links)


def _link(element: Any, target: tuple[str, str], path: tuple[Any, ...], order: int) -> Link:
    inside = {child.tag for child in element.iterdescendants()} if len(element) else set()
    around = {parent.tag for parent in path[-4:-1]}
    return Link(
        element=element,
        url=target[0],
        key=target[1],
        text=text_within(element, _LONGEST_TEXT),
        path=path,
        order=order,
        heading=bool(_HEADINGS & (inside | around)),
        picture="img" in inside,
    )


def target_of_click(document: Document, element: Any) -> str | None:
    """Return the address that a click leads to, None for anchors, scripts and the like."""
    href = element.get("href")
    if href is not None and not href.lstrip().startswith("#"):
        url = absolute(document, href)
        if url is not None:
            return url
    jump = _ONCLICK.search(element.get("onclick", ""))
    return absolute(document, jump.group(1)) if jump else None


def _path(element: Any, paths: dict[Any, tuple[Any, ...] | None]) -> tuple[Any, ...] | None:
    """Return the ancestors from the root down, and the element; None when it stands too deep. Fills `paths`."""
    chain, above = [element], element.getparent()
    while above is not None and above not in paths and len(chain) < _DEEPEST:
        chain.append(above)
        above = above.getparent()
    found = paths.get(above, ()) if above is None or above in paths else None
    for member in reversed(chain):
        found = (*found, member) if found is not None and len(found) < _DEEPEST else None
        paths[member] = found
    return found


def key_of(url: str) -> str:
    """Return the form of `url` (absolute) in which two spellings of one address inside one page are equal."""
    rest, _, fragment = url.partition("://")[2].partition("#")
    place, _, query = rest.partition("?")
    return f"{place.removeprefix('www.').rstrip('/')}?{query}#{fragment}"


def is_home(url: str) -> bool:
    """Tell whether `url` is the front page of its host."""
    parts = urlsplit(url)
    name = parts.path.strip("/").partition(".")[0].casefold()
    return name in {"", "index", "default", "home", "trang-chu"} and not parts.query


def is_file(url: str) -> bool:
    """Tell whether `url` leads to a document (pdf, doc, a download handler) instead of a page."""
    if not _DOCUMENT_HINT.search(url):  # nearly all addresses end here
        return False
    parts = urlsplit(url)
    return bool(_DOCUMENT_NAME.search(parts.path) or _DOCUMENT_NAME.search(parts.query) or _DOWNLOAD.search(parts.path))


def shape_of(url: str) -> tuple[object, ...]:
    """Return the coarse form of an address: equal for the articles of a portal, another for its other pages."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    last = segments[-1] if segments else ""
    stem, dot, ending = last.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING or ending.isdigit():
        stem, ending = last, ""
    names = frozenset(pair.partition("=")[0] for pair in parts.query.split("&") if pair)
    return (
        parts.netloc.removeprefix("www."),
        tuple("N" if segment.isdigit() else "w" for segment in segments[:-1]),
        ending.lower(),
        stem.count("-") + stem.count("_") >= _SLUG_DASHES or stem.count("%") > _SLUG_ESCAPES,
        bool(re.search(r"\d{3,}", stem)),
        names,
    )


def commonest(values: list[Any]) -> tuple[Any, int]:
    """Return the value that occurs most, the first of equals, and how often."""
    return Counter(values).most_common(1)[0]

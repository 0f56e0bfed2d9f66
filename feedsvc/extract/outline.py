"""What a page shows of the portal around it: its own name, the ways to categories, declared feeds. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from feedsvc.extract.clean import clean_title
from feedsvc.extract.links import is_home, key_of, page_links, text_within
from feedsvc.extract.marks import Marks, class_words
from feedsvc.extract.menu import MenuLink, bare, category_links, name_of, same_name
from feedsvc.extract.native import declared_feeds, sitemaps, wordpress_categories_url
from feedsvc.extract.page import absolute, open_page

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from feedsvc.extract.links import Link
    from feedsvc.extract.page import Document
    from feedsvc.model import CategoryKind, Listing, Page

_NAME_LENGTH: Final = 120
_TRAIL: Final = frozenset({"breadcrumb", "breadcrumbs"})
_HOME: Final = re.compile(r"(?:về )?trang (?:chủ|đầu)|home(?: ?page)?", re.IGNORECASE)
_SUFFIX: Final = re.compile(r"\s+[-–—|»:]\s+")
_LANGUAGE_PATH: Final = re.compile(r"/?[a-z]{2}(?:-[a-z]{2})?/?", re.IGNORECASE)
_FEW_LINKS: Final = 5
_SCRIPT_LENGTH: Final = 2000  # characters; a page that only sends on has a short script
_REFRESH: Final = re.compile(r"url\s*=\s*['\"]?([^'\"\s]{1,500})", re.IGNORECASE)
_JUMP: Final = re.compile(r"""location(?:\.href\s*=|\s*=|\.(?:replace|assign)\()\s*['"]([^'"]{1,500})['"]""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A page as a part of its portal.

    `address` is where it was found in the end, `site` how the portal is called, `name` the page by its breadcrumb or
    heading. `links` may lead to categories; `linked` counts the links to each address, by its key. `feeds` are those
    declared, `sitemaps` those that may tell news, `wordpress` where WordPress tells its categories. `is_home` says that
    no other page is the portal's front page; `is_scripted` that a script seems to write the page; `forward` where an
    empty page sends its visitors.
    """

    address: str
    site: str
    name: str
    links: tuple[MenuLink, ...]
    linked: Mapping[str, int]
    feeds: tuple[str, ...]
    wordpress: str | None
    is_home: bool
    is_scripted: bool
    forward: str | None = None
    sitemaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A page tried as a category: its outline, and its list, or why it has none."""

    outline: Outline
    listing: Listing | None
    problem: str = ""

    @property
    def kind(self) -> CategoryKind:
        """What the list shows."""
        return self.listing.kind if self.listing else "news"


def read_outline(page: Page, items: Collection[str]) -> Outline:
    """Read the outline of `page`; `items` are the addresses of its news and of its next pages. Raises ExtractError."""
    document = open_page(page)
    links = page_links(document)
    host = bare(urlsplit(document.address).netloc)
    return Outline(
        address=document.address,
        site=_site(document),
        name=_name(document),
        links=category_links(links, Marks(links), items, host),
        linked=Counter(link.key for link in links),
        feeds=declared_feeds(document),
        wordpress=wordpress_categories_url(document),
        is_home=is_home(page.url) or _is_home(document, links, host),
        is_scripted=len(links) < _FEW_LINKS and next(document.root.iter("script"), None) is not None,
        forward=_forward(document, host) if len(links) < _FEW_LINKS else None,
        sitemaps=sitemaps(document),
    )


def outline_of_feed(page: Page, title: str) -> Outline:
    """The outline of an answer that is a feed: a list, with nothing around it."""
    name = title or bare(urlsplit(page.final_url).netloc)
    return Outline(
        address=page.final_url,
        site=name,
        name=name,
        links=(),
        linked={},
        feeds=(),
        wordpress=None,
        is_home=False,
        is_scripted=False,
    )


def _forward(document: Document, host: str) -> str | None:
    """Return where a page without links sends its visitors, within its host: by a meta element, or by a script.

    Old portals answer at their root with a page that knows no more than the address of the real one.
    """
    told = [one.get("content") or "" for one in document.root.iter("meta") if _refreshes(one)]
    scripts = [(one.text or "")[:_SCRIPT_LENGTH] for one in document.root.iter("script")]
    found = [match for text in told if (match := _REFRESH.search(text))]
    found += [match for text in scripts if (match := _JUMP.search(text))]
    urls = (absolute(document, match[1]) for match in found)
    own = (url for url in urls if url and bare(urlsplit(url).netloc) == host)
    return next((url for url in own if key_of(url) != key_of(document.address)), None)


def _refreshes(element: Any) -> bool:
    return (element.get("http-equiv") or "").casefold() == "refresh"


def _site(document: Document) -> str:
    """Return the name that the portal has for machines, else the title without what its parts have in front."""
    for element in document.root.iter("meta"):
        if (element.get("property") or element.get("name") or "").casefold() == "og:site_name":
            name = clean_title(element.get("content") or "")
            if name:
                return name
    parts = [part for part in _SUFFIX.split(_text(document, "title")) if part and not _HOME.fullmatch(part)]
    return clean_title(max(parts, key=len)) if parts else bare(urlsplit(document.address).netloc)


def _name(document: Document) -> str:
    """Return the last name of the breadcrumb, else the heading, else the title's first part."""
    for element in document.root.iter("div", "ol", "ul", "nav", "p", "section", "span"):
        if _TRAIL.isdisjoint(class_words(element)):
            continue
        names = [
            text for one in element.iter("a", "li", "span", "strong", "b", "em", "h1", "h2") if (text := _own(one))
        ]
        if names and len(names[-1]) <= _NAME_LENGTH and not _HOME.fullmatch(names[-1]):
            return names[-1]
    heading = _text(document, "h1")
    if heading and not same_name(heading, _site(document)):
        return heading
    return clean_title(_SUFFIX.split(_text(document, "title"))[0])


def _own(element: Any) -> str:
    """Return the words of an element that holds no further ones, without the marks between names of a breadcrumb."""
    if any(child.tag in {"a", "li", "span", "strong", "b", "em", "h1", "h2"} for child in element):
        return ""
    return text_within(element, _NAME_LENGTH).strip("»›>/|• ")


def _text(document: Document, tag: str) -> str:
    return next((text for one in document.root.iter(tag) if (text := text_within(one, _NAME_LENGTH))), "")


def _is_home(document: Document, links: tuple[Link, ...], host: str) -> bool:
    """Tell the front page: by its address, or since nothing on it leads to another page as "Trang chủ"."""
    path = urlsplit(document.address).path
    if is_home(document.address) or _LANGUAGE_PATH.fullmatch(path):
        return True
    own = (link for link in links if bare(urlsplit(link.url).netloc) == host)
    return not any(is_home(link.url) or _HOME.fullmatch(name_of(link)) for link in own)

"""Which of the pages that were tried are categories of the portal (reading.md 3, "Categories"). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from feedsvc.extract.links import key_of, shape_of
from feedsvc.extract.menu import bare, is_no_category

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from feedsvc.extract.menu import MenuLink
    from feedsvc.extract.outline import Section
    from feedsvc.model import CategoryKind, Stub

FEWEST: Final = 3
"""Items of a list that makes a category."""
_SAME_LIST: Final = 0.8  # Jaccard index from which two lists are one
_MOSTLY: Final = 0.5
_EVERYWHERE: Final = 0.6  # of the other pages, for a block that the whole portal shows
_FEWEST_OTHERS: Final = 2
# What portals call their lists of films and albums. The name decides where the lines show pictures: many portals open
# the player and the album on the page of each alone.
_NAMED: Final[dict[CategoryKind, re.Pattern[str]]] = {
    "video": re.compile(
        r"(?:(?:danh sách|thư viện|kênh|tin|phóng sự|góc) )?(?:video(?:[ -]?clips?|s)?|clips?|truyền hình|phim)",
        re.IGNORECASE,
    ),
    "gallery": re.compile(
        r"(?:(?:danh sách|thư viện|kho|tin|phóng sự|album|góc) )?(?:(?:hình )?ảnh|albums?|gallery|photos?)"
        r"(?: (?:hoạt động|đẹp|tư liệu))?",
        re.IGNORECASE,
    ),
}
_MEDIA: Final = re.compile(r"\b(?:video|clip|phim|truyền hình|ảnh|album|văn bản|tài liệu|công văn)", re.IGNORECASE)

Shape = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A link followed: what was there, or why nothing could be read. `order` is its place among the portal's links."""

    link: MenuLink
    order: tuple[int, ...]
    section: Section | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A category: its name as the portal has it, its address, its kind, and what it lists now."""

    title: str
    url: str
    kind: CategoryKind
    stubs: tuple[Stub, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A page that is no category, and why, in words."""

    title: str
    url: str
    reason: str


def choose(home: Section, tried: Sequence[Tried]) -> tuple[tuple[Kept, ...], tuple[Passed, ...]]:
    """Part the pages tried into categories and others, in the order of the portal's own links."""
    shapes = _shapes(home.listing.stubs) if home.listing else frozenset()
    kept: list[Kept] = []
    passed: list[Passed] = []
    for one in sorted(tried, key=lambda one: one.order):
        reason = _reason(one, home, tried, shapes) or _doubled(one, kept)
        if reason or one.section is None or one.section.listing is None:
            passed.append(Passed(title=name_for(one), url=one.link.url, reason=reason or one.problem))
            continue
        address, stubs = one.section.outline.address, one.section.listing.stubs
        url = one.link.url if key_of(one.link.url) == key_of(address) else address  # where it was redirected to
        kept.append(Kept(title=name_for(one), url=url, kind=kind_for(name_for(one), one.section), stubs=stubs))
    return tuple(kept), tuple(passed)


def itself(home: Section) -> Kept | None:
    """Return the page that was given as a category, where it is a list and not the front page of its portal."""
    if home.outline.is_home or home.listing is None or len(home.listing.stubs) < FEWEST:
        return None
    title = home.outline.name or home.listing.title
    return Kept(title=title, url=home.outline.address, kind=kind_for(title, home), stubs=home.listing.stubs)


def kind_for(name: str, section: Section) -> CategoryKind:
    """Return what a category holds: as its lines show it, else as it is called where they have pictures."""
    stubs = section.listing.stubs if section.listing else ()
    pictured = sum(any(medium.kind == "image" for medium in stub.media) for stub in stubs)
    if section.kind == "news" and pictured > len(stubs) * _MOSTLY:
        return next((kind for kind, pattern in _NAMED.items() if pattern.fullmatch(name)), "news")
    return section.kind


def name_for(one: Tried) -> str:
    """Return the name of a page: that of its menu, else of its breadcrumb or heading, else of its list."""
    if one.link.title or one.section is None:
        return one.link.title
    listing = one.section.listing
    return one.section.outline.name or (listing.title if listing else "")


def _reason(one: Tried, home: Section, tried: Sequence[Tried], shapes: Collection[Shape]) -> str:
    """Say why a page is no category, "" when it is one."""
    if one.section is None:
        return one.problem
    return _elsewhere(one.section, home) or _no_list(one.section) or _no_news(one, one.section, tried, shapes)


def _elsewhere(section: Section, home: Section) -> str:
    address, own = section.outline.address, home.outline.address
    host = urlsplit(address).netloc
    if bare(host) != bare(urlsplit(own).netloc):
        return f"it leads to another host, {host}"
    return "it leads back to the home page" if key_of(address) == key_of(own) else ""


def _no_list(section: Section) -> str:
    if section.listing is None:
        return section.problem
    count, host = len(section.listing.stubs), bare(urlsplit(section.outline.address).netloc)
    if count < FEWEST:
        return f"its list has {count} items, fewer than {FEWEST}"
    own = sum(bare(urlsplit(stub.url).netloc) == host for stub in section.listing.stubs)
    # Films and files may lie elsewhere; news that do are those of other portals.
    return "" if section.kind != "news" or own > count * _MOSTLY else "most of its list leads to other portals"


def _no_news(one: Tried, section: Section, tried: Sequence[Tried], shapes: Collection[Shape]) -> str:
    if is_no_category(name_for(one)):
        return "by its name it is no list of news"
    if one.link.below:  # the addresses of news tell whose they are
        return ""
    if not _is_news(section, shapes):
        return "the addresses in its list are unlike those of the news on the home page, and have no dates"
    # A side block may show all albums there are; the page that is called so is still theirs.
    is_named = kind_for(name_for(one), section) != "news" and _MEDIA.search(name_for(one))
    others = [other.section for other in tried if other is not one and other.section]
    is_side = not is_named and _is_everywhere(section, others)
    return "it shows nothing but a block that other pages show too" if is_side else ""


def _is_news(section: Section, shapes: Collection[Shape]) -> bool:
    """Tell a list of articles from one of offices or procedures: by the addresses, the dates, or another kind."""
    stubs = section.listing.stubs if section.listing else ()
    alike = sum(_shape(stub.url) in shapes for stub in stubs)
    dated = sum(stub.published is not None for stub in stubs)
    return section.kind != "news" or max(alike, dated) >= len(stubs) * _MOSTLY


def _shapes(stubs: Sequence[Stub]) -> frozenset[Shape]:
    return frozenset(_shape(stub.url) for stub in stubs)


def _shape(url: str) -> Shape:
    """Return the form of an address, whatever the number of folders that it stands in."""
    _, folders, ending, _, numbered, names = shape_of(url)
    assert isinstance(folders, tuple)  # noqa: S101 - shape_of gives one letter for each folder
    return tuple(kind for kind, _ in groupby(folders)), ending, numbered, names


def _keys(section: Section) -> frozenset[str]:
    return frozenset(key_of(stub.url) for stub in section.listing.stubs) if section.listing else frozenset()


def _is_everywhere(section: Section, others: Sequence[Section]) -> bool:
    """Tell a block that stands beside everything ("Tin mới nhất"): other pages link to its items as often."""
    keys = _keys(section)
    own = _links_to(section, keys)
    showing = sum(_links_to(other, keys) >= own * _SAME_LIST for other in others)
    return showing >= max(_FEWEST_OTHERS, len(others) * _EVERYWHERE)


def _links_to(section: Section, keys: Collection[str]) -> int:
    return sum(section.outline.linked.get(key, 0) for key in keys)


def _doubled(one: Tried, kept: Sequence[Kept]) -> str:
    """Name the category that has the same list, "" when none has."""
    keys = _keys(one.section) if one.section else frozenset()
    for other in kept:
        others = frozenset(key_of(stub.url) for stub in other.stubs)
        if keys and len(keys & others) >= _SAME_LIST * len(keys | others):
            return f'its list is that of "{other.title}"'
    return ""

"""What kind of list it is: news, video, gallery or documents (reading.md 3, "Kinds")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from feedsvc.model import CategoryKind, MediaKind, Stub

_FEWEST_ALBUMS = 4  # linked pictures that make a gallery
_MOSTLY = 0.5  # of the lines
_NEARLY_ALL = 0.8
_SOME = 0.3  # of the lines, where the list's name says it too
_ALBUM_WORDS = 7  # a name, not a headline
_ATTRIBUTE_LENGTH = 4000  # characters
_SAMPLE = 8  # lines that are looked at, from all over the list
# How portals show in a list that a line is a film: a media file, a hosted player's address or still, the number of a
# film in a data attribute. A player's own words in class names ("icon-play") are on news with a film in them, too.
_FILM = re.compile(
    r"\.(?:mp4|m3u8|webm|flv|mov)(?![\w.])"
    r"|youtube(?:-nocookie)?\.com/(?:watch|embed/|v/|shorts/)|youtu\.be/|(?:ytimg|img\.youtube)\.com/vi/"
    r"|player\.vimeo\.com/|/vi_webp/",
    re.IGNORECASE,
)
_MAYBE = re.compile(r"\.[mMwWfF][4pPeElLoO3]|[yY]ou[tT]u|ytimg|vimeo|vi_webp")  # quick: most attributes hold no film
_VALUES = etree.XPath(
    "descendant-or-self::*/@*[name()='href' or name()='src' or name()='onclick' or name()='style'"
    " or starts-with(name(), 'data-')]",
    smart_strings=False,
)
_FILM_NAMES = etree.XPath(
    "boolean(descendant-or-self::video | descendant-or-self::*/@*[starts-with(name(), 'data-')]"
    "[starts-with(name(), 'data-vid') or starts-with(name(), 'data-trailer')"
    " or starts-with(name(), 'data-yt') or starts-with(name(), 'data-youtube')"
    " or starts-with(name(), 'data-mp4') or starts-with(name(), 'data-hls')])"
)
_HREFS = etree.XPath("descendant-or-self::a/@href", smart_strings=False)
_PLAYERS = ("video", "iframe", "embed", "object")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif)$", re.IGNORECASE)
_NUMBERED = re.compile(r"\b\d{1,5}(?:/(?:19|20)\d\d)?/[A-ZĐ]{2,8}(?:-[A-ZĐ]{1,12}\d?){0,3}\b")
_DOCUMENT_HEADS = re.compile(
    r"trích yếu|số\s*(?:/|,|-|và)?\s*ký hiệu|số hiệu|ngày ban hành|cơ quan ban hành", re.IGNORECASE
)
_NAMES: dict[CategoryKind, re.Pattern[str]] = {
    "video": re.compile(r"\b(?:videos?|clips?|truyền hình|truyen-?hinh)\b", re.IGNORECASE),
    "gallery": re.compile(
        r"\b(?:(?:thư viện|album|phóng sự|tin|kho) (?:hình )?ảnh|thu-?vien-?(?:hinh-?)?anh|(?:phong-?su|tin)-anh"
        r"|hình ảnh|hinh-?anh|albums?|gallery|photos?)\b",
        re.IGNORECASE,
    ),
    "documents": re.compile(r"\b(?:văn bản|van-?ban|tài liệu|tai-?lieu|công văn|documents?)\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a page shows of its list's kind, beside the lines themselves.

    `films`, `frames` (pictures that open as files) and `numbered` (lines with the number of a document) are counts of
    lines; `register` says that a table names its columns as registers of documents do; `name` is what the list is
    called, `player` whether the page plays a film outside the lines.
    """

    films: int = 0
    frames: int = 0
    numbered: int = 0
    register: bool = False
    name: str = ""
    player: bool = False


def kind_of(stubs: Sequence[Stub], evidence: Evidence) -> CategoryKind:
    """Tell the kind of a list by its lines; what it is called only confirms what some of them show."""
    lines = max(1, len(stubs))
    named = {kind for kind, pattern in _NAMES.items() if pattern.search(evidence.name)}
    pictured, files = _showing(stubs, "image"), _showing(stubs, "document")
    # Lines with a picture and a file are articles with something to load down.
    papers = max(evidence.numbered, files if pictured <= lines * _MOSTLY else 0) / lines
    if evidence.register or papers > (_SOME if "documents" in named else _MOSTLY):
        return "documents"
    films = max(evidence.films, _showing(stubs, "video")) / lines
    shown = films >= _SOME or evidence.player or pictured >= lines * _NEARLY_ALL
    if films > _MOSTLY or ("video" in named and shown):
        return "video"
    return "gallery" if _is_gallery(stubs, max(pictured, evidence.frames), named="gallery" in named) else "news"


def _showing(stubs: Sequence[Stub], kind: MediaKind) -> int:
    return sum(any(one.kind == kind for one in stub.media) for stub in stubs)


def _is_gallery(stubs: Sequence[Stub], pictured: int, *, named: bool) -> bool:
    """Tell albums from news with pictures: names instead of headlines, no summary and no date below them."""
    if named:
        return pictured > len(stubs) * _MOSTLY
    told = sum(bool(stub.summary) for stub in stubs)
    short = sum(len(stub.title.split()) <= _ALBUM_WORDS for stub in stubs)
    dated = sum(stub.published is not None for stub in stubs)
    few = len(stubs) * (1 - _NEARLY_ALL)
    is_wordless = told <= few and dated <= len(stubs) * _MOSTLY and short >= len(stubs) * _NEARLY_ALL
    return pictured >= max(_FEWEST_ALBUMS, len(stubs) * _NEARLY_ALL) and is_wordless


def evidence_of(lines: Sequence[Sequence[Any]], root: Any, name: str, address: str) -> Evidence:
    """Gather the evidence: `lines` are the elements of each record (lxml), `root` is the page's, `name` the list's.

    Words of `address`, the page's own, count as a name too.
    """
    sample = lines[:: 1 + len(lines) // _SAMPLE]
    scale = len(lines) / max(1, len(sample))
    tables = {table for elements in sample for element in elements[:1] for table in element.iterancestors("table")}
    inside = {element for elements in lines for element in elements}
    return Evidence(
        films=round(scale * sum(any(map(_shows_film, elements)) for elements in sample)),
        frames=round(scale * sum(any(map(_opens_picture, elements)) for elements in sample)),
        numbered=round(scale * sum(any(map(_has_number, elements)) for elements in sample)),
        register=any(_is_register(table) for table in tables),
        name=f"{name} {' '.join(urlsplit(address).path.split('/')[-2:])}",
        player=_plays(root, inside),
    )


def _shows_film(element: Any) -> bool:
    values = "\n".join(value[:_ATTRIBUTE_LENGTH] for value in _VALUES(element))
    return bool(_MAYBE.search(values) and _FILM.search(values)) or bool(_FILM_NAMES(element))


def _opens_picture(element: Any) -> bool:
    return any(_PICTURE_FILE.search(address) for address in _HREFS(element))


def _has_number(element: Any) -> bool:
    return any(_NUMBERED.search(text[:_ATTRIBUTE_LENGTH]) for text in element.itertext() if "/" in text)


def _is_register(table: Any) -> bool:
    """Tell whether the first row of a table has two of the column names of document registers."""
    rows = [row.iterchildren("th", "td") for row in islice(table.iter("tr"), 1)]
    names = ["".join(cell.itertext())[:_ATTRIBUTE_LENGTH] for cells in rows for cell in cells]
    return sum(bool(_DOCUMENT_HEADS.search(name)) for name in names) > 1


def _plays(root: Any, inside: Iterable[Any]) -> bool:
    """Tell whether the page has a player outside its lines."""
    taken = set(inside)
    players = (one for one in root.iter(*_PLAYERS) if one.tag == "video" or _shows_film(one))
    return any(taken.isdisjoint(one.iterancestors()) for one in players)

"""The lists of a page, best first (reading.md 3.4, 3.6 and 3.7)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from feedsvc.extract.climb import records_of
from feedsvc.extract.groups import FEWEST, groups
from feedsvc.extract.links import commonest, shape_of, text_within
from feedsvc.extract.marks import caption_of
from feedsvc.extract.wording import ALL, SIDE, TAIL, is_dated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feedsvc.extract.climb import Record
    from feedsvc.extract.links import Link
    from feedsvc.extract.marks import Marks

_SAMPLE = 24  # records of a block that are looked at for its score
_TEXT_LIMIT = 2000  # characters of a record that count
_EXTRA = 40  # characters beyond the title that make a summary
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
TITLE_WORDS = 4  # of a headline; menus are shorter
_LATE = 1.5  # the last of a page's links against the first: side blocks come later than lists
_PAIR = 1.5  # two entries are a list only when all else speaks for it
_HEADS = 6.0  # the names of sections are no list of items
_HALF = 0.5
_SLUG = 6  # letters of a caption that are no chance in an address
_MENU = 3  # names that make a menu
_MENU_WORDS = 6
_NAME_WORDS = 4.5  # of the names of categories, on average
_MENU_LENGTH = 80  # characters
_MENU_COUNT = 5  # of short names alone, more are no better
_BARE_COUNT = 10  # links alone, without date, text or picture: more of them are no better (menus are long)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a record shows at a glance."""

    text: str
    dated: bool
    pictured: bool


@dataclass(frozen=True, slots=True)
class _Context:
    """What scoring knows of the page: how many links, its host, title with headings in lower case, address in letters.

    Records that blocks share are looked at once, and so are addresses: `looks` and `shapes` are filled as they come.
    """

    links: int
    host: str
    title: str
    place: str
    looks: dict[tuple[Any, ...], _Look] = field(default_factory=dict)
    shapes: dict[str, tuple[object, ...]] = field(default_factory=dict)

    def look(self, record: Record) -> _Look:
        """Look at a record."""
        found = self.looks.get(record.elements)
        if found is None:
            text = text_of(record)
            found = self.looks[record.elements] = _Look(text, is_dated(text), _has_picture(record))
        return found

    def shape(self, url: str) -> tuple[object, ...]:
        """Give the shape of an address; it begins with the host."""
        found = self.shapes.get(url)
        if found is None:
            found = self.shapes[url] = shape_of(url)
        return found


@dataclass(frozen=True, slots=True)
class Block:
    """A list found on the page. `caption` is the heading above it; `reasons` tell how `score` came about.

    `recognised` counts its items that the category has already, where they decide that it is the list.
    """

    records: tuple[Record, ...]
    score: float
    caption: str
    shape: tuple[object, ...]
    chrome: bool
    reasons: tuple[tuple[str, float], ...]
    recognised: int = 0

    @property
    def keys(self) -> frozenset[str]:
        """The addresses that the block leads to."""
        return frozenset(record.primary.key for record in self.records)


def find_blocks(links: Sequence[Link], marks: Marks, address: str, title: str = "") -> tuple[Block, ...]:
    """Return the lists made of `links`, best first; `address` and `title` are the page's own."""
    page = _context(links, address, title)
    blocks: dict[tuple[int, ...], Block] = {}
    for group in groups(links):
        for chosen, chrome, caption in parts_of(records_of(group, links), marks):
            name = tuple(record.primary.order for record in chosen)
            if name not in blocks and len({record.primary.key for record in chosen}) >= FEWEST:
                blocks[name] = _scored(chosen, caption, page, chrome=chrome)
    return tuple(sorted(blocks.values(), key=lambda block: -block.score))


def parts_of(records: list[Record], marks: Marks) -> Iterator[tuple[list[Record], bool, str]]:
    """Part the records of a group into those of the page's middle, of its chrome, and those under "Tin khác"."""
    tops = {element for record in records for element in record.elements}
    parts: dict[tuple[bool, bool, bool], list[Record]] = {}
    sides = _side_columns(records, marks)
    captions: dict[int, str] = {}
    for record in records:
        if record.section not in captions:
            captions[record.section] = caption_of(record.elements[0], tops)
        caption = captions[record.section]
        tail = bool(TAIL.match(caption))
        side = not sides.isdisjoint((*record.above, record.top))
        parts.setdefault((marks.chrome(record.above), tail, side), []).append(
            replace(record, caption=caption) if is_dated(caption) else record
        )
    for (chrome, *_), chosen in parts.items():
        yield chosen, chrome, captions[chosen[0].section]


def _side_columns(records: list[Record], marks: Marks) -> frozenset[Any]:
    """Return the columns beside the main one that are side blocks or menus.

    Main is the column with most records, menus left out. A side block holds more other links than records; a menu has
    nothing but short names, where the main column has more (tables without classes: their rows are all alike).
    """
    paths = [(*record.above, record.top) for record in records]
    shared = takewhile(lambda level: level.count(level[0]) == len(level), zip(*paths, strict=False))
    depth = min(sum(1 for _ in shared), min(map(len, paths)) - 1)
    columns: dict[Any, list[Record]] = {}
    for path, record in zip(paths, records, strict=True):
        columns.setdefault(path[depth], []).append(record)
    if len(columns) == len(records):
        return frozenset()
    menus = {column for column, inside in columns.items() if is_menu(inside)}
    bodies = [inside for column, inside in columns.items() if column not in menus]
    main = max(bodies or columns.values(), key=len)
    sides = {
        column
        for column, inside in columns.items()
        if inside is not main and marks.links_in(column) - sum(len(record.links) for record in inside) > len(inside)
    }
    return frozenset(sides if len(menus) == len(columns) else sides | menus)


def is_menu(records: Sequence[Record]) -> bool:
    """Tell whether records are several short names and nothing else; names under linked pictures are albums."""
    return len(records) >= _MENU and all(
        not any(link.picture for link in record.links)
        and words_in(record.primary.text) <= _MENU_WORDS
        and text_within(record.top, _MENU_LENGTH).strip("-+*•»›> ") == record.primary.text.strip("-+*•»›> ")
        for record in records
    )


def unweighed(records: Sequence[Record], caption: str) -> Block:
    """Return `records`, whose place is known, as a block under `caption` without a score: nothing competes with it."""
    return Block(tuple(records), 0.0, caption, (), chrome=False, reasons=())


def _are_names(records: Sequence[Record]) -> bool:
    """Tell names of categories from short headlines, which are a list where the page has nothing better."""
    return sum(words_in(record.primary.text) for record in records) <= _NAME_WORDS * len(records)


def as_block(records: Sequence[Record], caption: str, links: Sequence[Link], address: str, title: str = "") -> Block:
    """Return `records`, found by other means, as a block under `caption`."""
    return _scored(list(records), caption, _context(links, address, title), chrome=False)


def _context(links: Sequence[Link], address: str, title: str) -> _Context:
    parts = urlsplit(address)
    return _Context(
        len(links), parts.netloc.removeprefix("www."), title.casefold(), letters(f"{parts.path}{parts.query}")
    )


def letters(text: str) -> str:
    """Return the letters of `text` without marks, as slugs have them: "Thư viện ảnh" is "thuvienanh"."""
    plain = normalize("NFD", unquote(text).casefold().replace("đ", "d"))
    return "".join(char for char in plain if "a" <= char <= "z")


def _scored(records: list[Record], caption: str, page: _Context, *, chrome: bool) -> Block:
    """Weigh a list as reading.md 3.6 says."""
    step = max(1, len(records) // _SAMPLE)
    sample = records[::step]
    looks, menu = [page.look(record) for record in sample], is_menu(sample) and _are_names(sample)
    titles = [record.primary.text or _spoken(record.primary) for record in sample]
    shapes = [page.shape(record.primary.url) for record in sample]
    shape, alike = commonest(shapes)
    extra = [len(look.text) > len(title) + _EXTRA for look, title in zip(looks, titles, strict=True)]
    dated = [look.dated for look in looks]
    pictured = [look.pictured and not menu for look in looks]  # a menu's are its bullets
    headed = [record.primary.heading for record in sample]
    slug = letters(caption)
    named = bool(caption) and (caption.casefold() in page.title or (len(slug) >= _SLUG and slug in page.place))
    bare = not (any(dated) or any(extra) or any(pictured) or any(headed))
    count = len({record.primary.key for record in records})
    reasons = (
        ("count", math.log2(min(count, _MENU_COUNT if menu else _BARE_COUNT) if bare else count)),
        ("dated", 3 * _share(dated)),
        ("titles", 2 * _share([words_in(title) >= TITLE_WORDS and not menu for title in titles])),
        ("distinct", len(set(titles)) / len(titles)),
        ("shape", alike / len(sample)),
        ("text", _share(extra)),
        ("picture", _share(pictured)),
        ("heading", _share(headed)),
        ("host", _share([one[0] == page.host for one in shapes])),
        ("chrome", -5.0 * chrome),
        ("tail", -4.0 * bool(TAIL.match(caption))),
        ("late", -_LATE * records[0].primary.order / page.links),
        ("named", 1.0 if named else -0.5 * bool(caption)),
        ("side", -4.0 * (not named and bool(SIDE.match(caption)))),
        ("pair", -_PAIR * (count == FEWEST)),
        ("heads", -_HEADS * (_share([_is_section_head(record) for record in sample]) >= _HALF)),
    )
    return Block(tuple(records), sum(weight for _, weight in reasons), caption, shape, chrome, reasons)


def _spoken(link: Link) -> str:
    """Return what a picture that is a link says in its attributes."""
    images = (image.get("alt") for image in link.element.iter("img"))
    return next((text for text in (link.element.get("title"), *images) if text), "")


def _is_section_head(record: Record) -> bool:
    """Tell a section of a home page from an item: its name, and "Xem tất cả" to the same address."""
    primary = record.primary
    return any(link.key == primary.key and ALL.fullmatch(link.text) for link in record.links if link is not primary)


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags)


def text_of(record: Record) -> str:
    """Return the record's text, a space between elements."""
    pieces = (f"{text_within(element, _TEXT_LIMIT)} {element.tail or ''}".strip() for element in record.elements)
    return " ".join(pieces)[:_TEXT_LIMIT]


def words_in(text: str) -> int:
    """Count the words; two characters make one where a script has no spaces."""
    words = len(text.split())
    return words if text.isascii() else words + len(_CJK.findall(text)) // 2


def _has_picture(record: Record) -> bool:
    return any(next(element.iter("img"), None) is not None for element in record.elements)

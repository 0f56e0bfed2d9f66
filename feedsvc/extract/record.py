"""The fields of a record: title, date, summary, pictures and files around one address (reading.md 3.5 and 3.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from bs4.element import Tag

from feedsvc.extract.clean import clean_text, clean_title
from feedsvc.extract.dates import read_date
from feedsvc.extract.identity import stub_keys
from feedsvc.extract.links import key_of
from feedsvc.extract.page import absolute
from feedsvc.extract.pieces import HEADINGS, Piece, Script, classes_of
from feedsvc.extract.record_media import media_of
from feedsvc.extract.wording import (
    BULLET,
    CUT,
    GENERIC,
    LABELLED,
    TRAILING_DATE,
    is_dated,
    opens_with_date,
    without_more,
)
from feedsvc.model import Stub

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from feedsvc.extract.dates import When
    from feedsvc.extract.page import Document

_DATE_LENGTH = 100  # characters (safety.md 4)
_SUMMARY_LENGTH = 40  # characters that make a summary
_TITLE_CLASS = re.compile(r"title|tieu-?de|headline|subject|caption", re.IGNORECASE)
_DATE_CLASS = re.compile(r"date|time|ngay|posted|publish|thoi-?gian|created", re.IGNORECASE)
_SUMMARY_CLASS = re.compile(r"sapo|summary|excerpt|intro|desc|lead|mo-?ta|trich|hometext", re.IGNORECASE)
_STEM = 15  # characters of a cut title that must agree with its whole form
_DATE_PROPERTIES = frozenset({"datePublished", "dateCreated"})
_FILE_NAME = re.compile(r"\.\w{3,4}$")
_DATE_LINE = 40  # characters: a date with label and time, not a sentence that names a day
_DATE_PARTS = 3
_MOST_INSIDE = 400  # elements and strings of a link in which its heading is looked for
_SHORT = 3  # words: a kicker or a badge, not a headline


@dataclass(frozen=True, slots=True)
class Columns:
    """Which cells of a table row hold what, counted from 0; None where the table's head does not say."""

    title: int | None = None
    date: int | None = None


_TITLE_COLUMN = re.compile(r"trích yếu|tên (?:văn bản|tài liệu|thủ tục)|tiêu đề|nội dung", re.IGNORECASE)
_DATE_COLUMNS = (re.compile(r"ngày ban hành|ngày ký", re.IGNORECASE), re.compile(r"ngày", re.IGNORECASE))


def columns_of(row: Any) -> Columns:
    """Tell from the head of its table which cells of `row` (an lxml element) are title and date (reading.md 3.6)."""
    table = next(row.iterancestors("table"), None) if row.tag == "tr" else None
    head = next(table.iter("tr"), None) if table is not None else None
    if head is None or head is row:
        return Columns()
    names = ["".join(cell.itertext()) for cell in head.iterchildren("th", "td")]
    places = [
        next((i for i, name in enumerate(names) if pattern.search(name)), None)
        for pattern in (_TITLE_COLUMN, *_DATE_COLUMNS)
    ]
    return Columns(places[0], places[1] if places[1] is not None else places[2])


@dataclass(frozen=True, slots=True)
class _Sense:
    """What the classes of an element say that it holds."""

    title: bool
    date: bool
    summary: bool


class _Senses(dict[str, _Sense]):
    """Those senses by the classes as written: the records of a list have the same few."""

    def __missing__(self, classes: str) -> _Sense:
        patterns = (_TITLE_CLASS, _DATE_CLASS, _SUMMARY_CLASS)
        sense = self[classes] = _Sense(*(pattern.search(classes) is not None for pattern in patterns))
        return sense


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading a record needs to know about its page; `addresses` are those already made absolute, by href."""

    document: Document
    now: datetime
    timezone: ZoneInfo
    day_first: bool = True
    columns: Columns = Columns()
    addresses: Mapping[str, str] = field(default_factory=dict)
    senses: _Senses = field(default_factory=_Senses)

    def sense(self, tag: Tag) -> _Sense:
        """Tell what the classes of `tag` say that it holds."""
        return self.senses[classes_of(tag)]

    def is_titled(self, tag: Tag) -> bool:
        """Tell whether `tag` is a heading, by its name or its classes."""
        return tag.name in HEADINGS or ("class" in tag.attrs and self.sense(tag).title)


def read_record(record: Tag, url: str, reading: Reading, *, caption: str = "") -> Stub | None:
    """Read the record of the item at `url`; `caption` is the heading above it. None when it has no title at all."""
    script, key = Script(record), key_of(url)
    targets = [(tag, _target(tag, reading)) for tag in script.tags if tag.name == "a"]
    links = [tag for tag, target in targets if target is not None and (target == url or key_of(target) == key)]
    title, holder = _title(script, links, reading)
    if not title:
        return None
    lines = script.without(holder) if holder is not None and holder is not record else script.lines
    rest = [piece for piece in lines if piece.text != title]
    when = _date(script, rest, reading, holder) or read_text(caption, reading)
    return Stub(
        keys=stub_keys(url),
        url=url,
        title=title,
        summary=_summary(rest, title, reading),
        published=when.moment if when else None,
        precision=when.precision if when else None,
        media=media_of(script, targets, url, title, reading.document),
    )


def _target(link: Tag, reading: Reading) -> str | None:
    """Return where `link` leads; most addresses of a page are known by now."""
    href = str(link.get("href") or "")
    return reading.addresses[href] if href in reading.addresses else absolute(reading.document, href)


def _title(script: Script, links: list[Tag], reading: Reading) -> tuple[str, Tag | None]:
    """Return the title and the element that holds it (so that dates inside titles are no dates of the record)."""
    cell = _cell(script.root, reading.columns.title)
    if cell is not None and script.line(cell):
        return _tidy(_without_buttons(cell, script)), cell
    choices = [choice for link in links for choice in _titles_in(link, script, reading) if not _is_generic(choice[0])]
    if not choices:
        headings = ((script.line(tag), tag) for tag in script.tags[1:] if reading.is_titled(tag))
        choices = [(text, tag) for text, tag in headings if text and not _is_generic(text)]
    if choices:
        text, element = max(choices, key=lambda choice: (_in_heading(choice[1], script.root), len(choice[0])))
        return _tidy(_whole(text, script.tags)), element
    spoken = [clean_text(str(link.get("title") or "")) for link in links]
    spoken += [clean_text(str(image.get("alt") or "")) for link in links for image in link.find_all("img")]
    spoken = [text for text in spoken if text and not _is_generic(text) and not _FILE_NAME.search(text)]
    if spoken:
        return _tidy(max(spoken, key=len)), None
    bold = _bold(script)
    if bold is not None:
        return _tidy(script.line(bold)), bold
    lines = [text for piece in script.lines for text in _undated(piece) if not _is_generic(text)]
    return (_tidy(max(lines, key=len)), None) if lines else ("", None)


def _bold(script: Script) -> Tag | None:
    """Return the first bold line of some words: a headline that neither is a link nor is marked as one."""
    bold = (tag for tag in script.tags[1:] if tag.name in {"b", "strong"})
    said = ((tag, script.line(tag)) for tag in bold)
    return next((tag for tag, text in said if len(text.split()) > _SHORT and not is_dated(text)), None)


def _without_buttons(cell: Tag, script: Script) -> str:
    """Return the text of a table's cell without links such as "[PDF]" at its ends."""
    text = script.line(cell)
    for name in (script.line(link) for link in cell.find_all("a")):
        if _is_generic(name):
            text = text.removesuffix(name).removeprefix(name).strip() or text
    return text


def _is_generic(text: str) -> bool:
    return GENERIC.fullmatch(text) is not None


def _titles_in(link: Tag, script: Script, reading: Reading) -> Iterator[tuple[str, Tag]]:
    """Yield the possible titles of a link: its heading where it is a whole card, else its text."""
    inside = (tag for tag in islice(link.descendants, _MOST_INSIDE) if isinstance(tag, Tag))
    heading = next((tag for tag in inside if reading.is_titled(tag)), None)
    text = script.line(heading) if heading is not None else ""
    if heading is not None and text:
        yield text, heading
        return
    pieces = script.within(link)
    if len(pieces) > 1:  # a card without a heading: its first line of some length that is no date
        named = [piece for piece in pieces if not opens_with_date(piece.text) and not piece.text.isdigit()] or pieces
        best = next((piece for piece in named if len(piece.text.split()) > _SHORT), named[0])
        yield best.text, best.element
    elif pieces:
        yield " ".join(_undated(pieces[0])), link


def _undated(piece: Piece) -> tuple[str, ...]:
    """Return the line, or where a date stands beside other strings in it, those others."""
    if len(piece.strings) == 1:
        return (piece.text,)
    others = tuple(text for text in piece.strings if len(text) > _DATE_LINE or not is_dated(text))
    return others if 0 < len(others) < len(piece.strings) else (piece.text,)


def _in_heading(element: Tag | None, record: Tag) -> bool:
    while element is not None and element is not record:
        if element.name in HEADINGS:
            return True
        element = element.parent
    return False


def _whole(text: str, tags: Iterable[Tag]) -> str:
    """Return the uncut form of a title that ends in dots, when an attribute in the record has it."""
    match = CUT.search(text)
    if not match:
        return text
    stem = text[: match.start()].rstrip()
    forms = [clean_text(str(tag.get(name) or "")) for tag in tags for name in ("title", "alt", "aria-label")]
    begin = stem[: max(_STEM, len(stem) - 1)]
    return max((form for form in forms if form.startswith(begin) and not CUT.search(form)), key=len, default=text)


def _tidy(text: str) -> str:
    """Return a title without list marks before it and a date in brackets behind it."""
    text = BULLET.sub("", clean_title(text))
    return TRAILING_DATE.sub("", text).strip() or text


def _cell(record: Tag, index: int | None) -> Tag | None:
    if index is None:
        return None
    row = record if record.name == "tr" else record.find("tr")
    cells = row.find_all(["td", "th"], recursive=False) if row is not None else []
    return cells[index] if index < len(cells) else None


def _date(script: Script, pieces: list[Piece], reading: Reading, holder: Tag | None) -> When | None:
    """Return the record's date: a machine-readable one, a marked element, a labelled line, then any line."""
    tried: set[str] = set()
    for text in _date_texts(script, pieces, holder, reading):
        if text not in tried:
            tried.add(text)
            when = read_text(text, reading)
            if when is not None:
                return when
    return None


def _date_texts(script: Script, pieces: list[Piece], holder: Tag | None, reading: Reading) -> Iterator[str]:
    cell = _cell(script.root, reading.columns.date)
    if cell is not None:
        yield script.line(cell)
    inside = [tag for tag in script.tags[1:] if tag.attrs and tag is not holder]
    for tag in inside:
        if tag.name == "time" and tag.get("datetime"):
            yield str(tag["datetime"])
        elif tag.attrs.get("itemprop") in _DATE_PROPERTIES:
            yield str(tag.get("content") or "")
    for tag in inside:
        if (
            "class" in tag.attrs
            and reading.sense(tag).date
            and (holder is None or all(tag is not above for above in holder.parents))
        ):
            yield script.line(tag)
            yield from _joined_strings(tag)
            yield str(tag.get("title") or "")
    lines = [line for line in (" ".join(piece.strings) for piece in pieces) if is_dated(line)]
    yield from (line for line in lines if LABELLED.search(line))
    yield from lines
    yield from (string for piece in pieces for string in piece.strings if is_dated(string))
    if holder is not None:  # "Headline (05/09/2022)"
        found = TRAILING_DATE.search(script.line(holder))
        yield found.group() if found else ""
        held = (piece.strings for piece in script.within(holder) if len(piece.strings) > 1)
        yield from (string for strings in held for string in strings if len(string) <= _DATE_LINE and is_dated(string))


def _joined_strings(tag: Tag) -> Iterator[str]:
    """Yield the readings of a date whose day, month and year stand in boxes of their own."""
    strings = [string.strip() for string in tag.strings if string.strip()]
    if 1 < len(strings) <= _DATE_PARTS:
        yield " ".join(strings)
        yield "/".join(strings)


def read_text(text: str, reading: Reading) -> When | None:
    """Read `text` as a date, None when it is empty, too long, or none."""
    text = text.strip()
    if not 0 < len(text) <= _DATE_LENGTH:
        return None
    return read_date(text, now=reading.now, timezone=reading.timezone, day_first=reading.day_first)


def _summary(pieces: list[Piece], title: str, reading: Reading) -> str:
    """Return the longest text that is not the title, a date or a button; one marked as summary goes first."""
    best, marked = "", False
    for piece in pieces:
        text = without_more(piece.text) if len(piece.text) >= _SUMMARY_LENGTH else ""
        if len(text) >= _SUMMARY_LENGTH and text != title:
            is_marked = "class" in piece.element.attrs and reading.sense(piece.element).summary
            if (is_marked, len(text)) > (marked, len(best)):
                best, marked = text, is_marked
    return best

"""The fields of a record: title, date, summary, pictures and files around one address (reading.md 3.5 and 3.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc.extract.clean import clean_text, clean_title
from feedsvc.extract.dates import read_date
from feedsvc.extract.identity import stub_keys
from feedsvc.extract.links import is_file, key_of
from feedsvc.extract.page import absolute
from feedsvc.extract.picture import pictures_of
from feedsvc.extract.pieces import HEADINGS, Piece, line_of, pieces_of
from feedsvc.extract.wording import BULLET, CUT, DATED, GENERIC, LABELLED, TRAILING_DATE, TRAILING_MORE
from feedsvc.model import MediaObject, Stub

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bs4.element import Tag

    from feedsvc.extract.dates import When
    from feedsvc.extract.page import Document

_DATE_LENGTH = 100  # characters (safety.md 4)
_SUMMARY_LENGTH = 40  # characters that make a summary
_TITLE_CLASS = re.compile(r"title|tieu-?de|headline|subject|caption", re.IGNORECASE)
_DATE_CLASS = re.compile(r"date|time|ngay|posted|publish|thoi-?gian|created", re.IGNORECASE)
_SUMMARY_CLASS = re.compile(r"sapo|summary|excerpt|intro|desc|lead|mo-?ta|trich|hometext", re.IGNORECASE)
_STEM = 15  # characters of a cut title that must agree with its whole form
_FILM = re.compile(r"""[^'"\s()]{1,1000}\.(?:mp4|m3u8|webm)(?:\?[^'"\s()]*)?""", re.IGNORECASE)
_FILM_TYPES = {"mp4": "video/mp4", "m3u8": "application/vnd.apple.mpegurl", "webm": "video/webm"}
_FILE_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which cells of a table row hold what, counted from 0; None where the table's head does not say."""

    title: int | None = None
    date: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading a record needs to know about its page."""

    document: Document
    now: datetime
    timezone: ZoneInfo
    day_first: bool = True
    columns: Columns = Columns()
    shared_pictures: frozenset[str] = frozenset()


def read_record(record: Tag, url: str, reading: Reading, *, caption: str = "") -> Stub | None:
    """Read the record of the item at `url`; `caption` is the heading above it. None when it has no title at all."""
    links = [link for link in _links(record) if _leads_to(link, url, reading.document)]
    pieces = pieces_of(record)
    title, holder = _title(record, links, pieces, reading)
    if not title:
        return None
    rest = pieces_of(record, without=holder) if holder is not None and holder is not record else pieces
    rest = [piece for piece in rest if piece.text != title]
    when = _date(record, rest, reading, holder) or _read(caption, reading)
    return Stub(
        keys=stub_keys(url),
        url=url,
        title=title,
        summary=_summary(rest, title),
        published=when.moment if when else None,
        precision=when.precision if when else None,
        media=tuple(_media(record, url, title, reading)),
    )


def _links(record: Tag) -> list[Tag]:
    return [record, *record.find_all("a")] if record.name == "a" else record.find_all("a")


def _leads_to(link: Tag, url: str, document: Document) -> bool:
    target = absolute(document, str(link.get("href") or ""))
    return target is not None and key_of(target) == key_of(url)


def _title(record: Tag, links: list[Tag], pieces: list[Piece], reading: Reading) -> tuple[str, Tag | None]:
    """Return the title and the element that holds it (so that dates inside titles are no dates of the record)."""
    cell = _cell(record, reading.columns.title)
    if cell is not None and line_of(cell):
        return _tidy(line_of(cell)), cell
    choices = [(text, element) for link in links for text, element in _titles_in(link) if not GENERIC.fullmatch(text)]
    choices = choices or [(text, element) for text, element in _headings(record) if not GENERIC.fullmatch(text)]
    if choices:
        text, element = max(choices, key=lambda choice: (_in_heading(choice[1], record), len(choice[0])))
        return _tidy(_whole(text, links, record)), element
    spoken = [clean_text(str(link.get("title") or "")) for link in links]
    spoken += [clean_text(str(image.get("alt") or "")) for link in links for image in link.find_all("img")]
    spoken = [text for text in spoken if text and not GENERIC.fullmatch(text) and not re.search(r"\.\w{3,4}$", text)]
    if spoken:
        return _tidy(max(spoken, key=len)), None
    lines = [piece.text for piece in pieces if not GENERIC.fullmatch(piece.text) and not DATED.match(piece.text)]
    return (_tidy(max(lines, key=len)), None) if lines else ("", None)


def _titles_in(link: Tag) -> Iterator[tuple[str, Tag]]:
    """Yield the possible titles of a link: its heading where it is a whole card, else its text."""
    heading = link.find(HEADINGS) or link.find(class_=_TITLE_CLASS)
    if heading is not None and line_of(heading):
        yield line_of(heading), heading
        return
    pieces = pieces_of(link)
    if len(pieces) > 1:  # a card without a heading: its first line of some length that is no date
        named = [piece for piece in pieces if not DATED.match(piece.text) and not piece.text.isdigit()] or pieces
        best = next((piece for piece in named if len(piece.text.split()) > 3), named[0])  # noqa: PLR2004 - a headline
        yield best.text, best.element
    elif pieces:
        yield pieces[0].text, link


def _headings(record: Tag) -> Iterator[tuple[str, Tag]]:
    for heading in [*record.find_all(HEADINGS), *record.find_all(class_=_TITLE_CLASS)]:
        text = line_of(heading)
        if text:
            yield text, heading


def _in_heading(element: Tag, record: Tag) -> bool:
    while element is not None and element is not record:
        if element.name in HEADINGS:
            return True
        element = element.parent  # type: ignore[assignment] - the record is met before the top
    return False


def _whole(text: str, links: Iterable[Tag], record: Tag) -> str:
    """Return the uncut form of a title that ends in dots, when an attribute in the record has it."""
    match = CUT.search(text)
    if not match:
        return text
    stem = text[: match.start()].rstrip()
    forms = [str(link.get("title") or link.get("aria-label") or "") for link in links]
    forms += [str(image.get(name) or "") for image in record.find_all("img") for name in ("title", "alt")]
    forms += [str(element["title"]) for element in record.find_all(title=True)]
    whole = [
        form
        for form in map(clean_text, forms)
        if len(form) > len(stem) and form.startswith(stem[: max(_STEM, len(stem) - 1)])
    ]
    whole = [form for form in whole if not CUT.search(form)]
    return max(whole, key=len, default=text)


def _tidy(text: str) -> str:
    """Return a title without list marks before it and a date in brackets behind it."""
    text = BULLET.sub("", clean_title(text))
    return TRAILING_DATE.sub("", text).strip() or text


def _cell(record: Tag, index: int | None) -> Tag | None:
    row = record if record.name == "tr" else record.find("tr")
    cells = row.find_all(["td", "th"], recursive=False) if row is not None and index is not None else []
    return cells[index] if index is not None and index < len(cells) else None


def _date(record: Tag, pieces: list[Piece], reading: Reading, holder: Tag | None) -> When | None:
    """Return the record's date: a machine-readable one, a marked element, a labelled line, then any line."""
    for text in _date_texts(record, pieces, reading, holder):
        when = _read(text, reading)
        if when is not None:
            return when
    return None


def _date_texts(record: Tag, pieces: list[Piece], reading: Reading, holder: Tag | None) -> Iterator[str]:
    cell = _cell(record, reading.columns.date)
    if cell is not None:
        yield line_of(cell)
    for element in record.find_all("time", datetime=True):
        yield str(element["datetime"])
    for element in record.find_all(itemprop=re.compile("datePublished|dateCreated")):
        yield str(element.get("content") or "")
    for element in record.find_all(class_=_DATE_CLASS):
        if element is not holder and (holder is None or holder not in element.descendants):
            yield line_of(element)
            yield str(element.get("title") or "")
    lines = [piece.text for piece in pieces if len(piece.text) <= _DATE_LENGTH and DATED.search(piece.text)]
    yield from (line for line in lines if LABELLED.search(line))
    yield from lines
    for piece in pieces:
        if len(piece.text) > _DATE_LENGTH:
            yield from (string for string in piece.strings if len(string) <= _DATE_LENGTH and DATED.search(string))
    if holder is not None:  # "Headline (05/09/2022)"
        found = TRAILING_DATE.search(line_of(holder))
        yield found.group() if found else ""


def _read(text: str, reading: Reading) -> When | None:
    text = text.strip()
    if not 0 < len(text) <= _DATE_LENGTH:
        return None
    return read_date(text, now=reading.now, timezone=reading.timezone, day_first=reading.day_first)


def _summary(pieces: list[Piece], title: str) -> str:
    """Return the longest text that is not the title, a date or a button; one marked as summary goes first."""
    texts = [(bool(_is_summary(piece.element)), TRAILING_MORE.sub("", piece.text).strip()) for piece in pieces]
    texts = [(marked, text) for marked, text in texts if len(text) >= _SUMMARY_LENGTH and text != title]
    return max(texts, key=lambda one: (one[0], len(one[1])), default=(False, ""))[1]


def _is_summary(element: Tag) -> bool:
    return any(_SUMMARY_CLASS.search(str(name)) for name in element.get_attribute_list("class") if name)


def _media(record: Tag, url: str, title: str, reading: Reading) -> Iterator[MediaObject]:
    """Yield the picture of the record (all, where it is an album), its film and its files."""
    pictures = [one for one in pictures_of(record, reading.document) if one not in reading.shared_pictures]
    films = _films(record, reading.document)
    for picture in pictures[:1]:
        yield MediaObject(url=picture, kind="image")
    for film in films:
        ending = urlsplit(film).path.rpartition(".")[2].lower()
        yield MediaObject(
            url=film, kind="video", mime=_FILM_TYPES.get(ending), thumbnail=pictures[0] if pictures else None
        )
    yield from _files(record, url, title, reading.document)


def _films(record: Tag, document: Document) -> list[str]:
    """Return the addresses of films that stand in links, data attributes, players or scripts of the record."""
    found: list[str] = []
    for element in [record, *record.find_all(True)]:
        for name, value in element.attrs.items():
            if name in {"href", "src", "onclick"} or name.startswith("data-"):
                found += _FILM.findall(str(value))
    return list(dict.fromkeys(film for film in (absolute(document, text) for text in found) if film))


def _files(record: Tag, url: str, title: str, document: Document) -> Iterator[MediaObject]:
    seen: set[str] = set()
    for link in _links(record):
        target = absolute(document, str(link.get("href") or ""))
        if target is None or not is_file(target) or target in seen:
            continue
        seen.add(target)
        name = line_of(link)
        ending = urlsplit(target).path.rpartition(".")[2].lower()
        label = title if target == url or GENERIC.fullmatch(name) else name
        yield MediaObject(url=target, kind="document", mime=_FILE_TYPES.get(ending), title=label)

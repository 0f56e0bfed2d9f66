"""The fields of a record: title, date, summary, pictures and files around one address (reading.md 3.5 and 3.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.extract.dates import read_date
from feedsvc.extract.identity import stub_keys
from feedsvc.extract.links import key_of
from feedsvc.extract.page import absolute
from feedsvc.extract.pieces import Piece, Script
from feedsvc.extract.record_media import media_of
from feedsvc.extract.record_setting import cell_of
from feedsvc.extract.record_title import title_of
from feedsvc.extract.wording import DATE_LINE, LABELLED, TRAILING_DATE, is_dated, without_more
from feedsvc.model import Stub

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4.element import Tag

    from feedsvc.extract.dates import When
    from feedsvc.extract.record_setting import Reading

_DATE_LENGTH = 100  # characters (safety.md 4)
_SUMMARY_LENGTH = 40  # characters that make a summary
_DATE_PROPERTIES = frozenset({"datePublished", "dateCreated"})
_DATE_PARTS = 3


def read_record(record: Tag, url: str, reading: Reading, *, caption: str = "") -> Stub | None:
    """Read the record of the item at `url`; `caption` is the heading above it. None when it has no title at all."""
    script, key = Script(record), key_of(url)
    targets = [(tag, _target(tag, reading)) for tag in script.tags if tag.name == "a"]
    links = [tag for tag, target in targets if target is not None and (target == url or key_of(target) == key)]
    title, holder = title_of(script, links, reading)
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
    cell = cell_of(script.root, reading.columns.date)
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
        yield from (string for strings in held for string in strings if len(string) <= DATE_LINE and is_dated(string))


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

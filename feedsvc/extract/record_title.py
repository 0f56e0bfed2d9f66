"""The title of a record: its heading, the words of its link or of an attribute, or what stands out (reading.md 3.8)."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from bs4.element import Tag

from feedsvc.extract.clean import clean_text, clean_title
from feedsvc.extract.pieces import HEADINGS, Piece, Script
from feedsvc.extract.record_setting import cell_of
from feedsvc.extract.wording import BULLET, CUT, DATE_LINE, GENERIC, TRAILING_DATE, is_dated, opens_with_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from feedsvc.extract.record_setting import Reading

_STEM = 15  # characters of a cut title that must agree with its whole form
_FILE_NAME = re.compile(r"\.\w{3,4}$")
_MOST_INSIDE = 400  # elements and strings of a link in which its heading is looked for
_SHORT = 3  # words: a kicker or a badge, not a headline


def title_of(script: Script, links: list[Tag], reading: Reading) -> tuple[str, Tag | None]:
    """Return the title and the element that holds it (so that dates inside titles are no dates of the record)."""
    cell = cell_of(script.root, reading.columns.title)
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
    others = tuple(text for text in piece.strings if len(text) > DATE_LINE or not is_dated(text))
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

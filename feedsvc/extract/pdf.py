"""A PDF file -> its parts: paragraphs joined from the lines that are set on its pages.

A PDF knows letters and places, no paragraphs. PDFium (Chrome's own reader, by pypdfium2) gives the lines, `typeset.py`
joins them. All of it runs in the child process of `reading.py`, with its limits. reading.md 8.
"""

from __future__ import annotations

import re
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from feedsvc.errors import ExtractError
from feedsvc.extract.clean import clean_text
from feedsvc.extract.old_charsets import reader_of
from feedsvc.extract.parts import Opened, Part, plain
from feedsvc.extract.typeset import BIGGER, Line, joined, paragraphs_of, without_furniture

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_PAGES: Final = 200
MOST_LETTERS: Final = 1_000_000

_FEWEST_LETTERS: Final = 20
# PDFium joins two lines at a hyphen, of which it makes one of these characters.
_LINE: Final = re.compile("[^\n\ufffe\x02]*[\ufffe\x02]|[^\n\ufffe\x02]+")
_BARE_BULLET: Final = re.compile(r"^[•·▪●◦*–+-]\s+")


def open_pdf(name: str, body: bytes) -> Opened:
    """Open the PDF file `name`. A scan gives no parts. Raises ExtractError when it is locked or broken."""
    lines = without_furniture(_lines(name, body))
    if sum(map(len, (line.text for line in lines))) < _FEWEST_LETTERS:
        return Opened(parts=())
    usual = median(line.size for line in lines for _ in range(len(line.text)))
    if read := reader_of([line.text for line in lines]):
        lines = [replace(line, text=read(line.text)) for line in lines]
    paragraphs = [joined(group) for group in paragraphs_of(lines, usual)]
    paragraphs = [replace(one, text=text) for one in paragraphs if (text := clean_text(one.text))]
    parts = tuple(_part(one, usual) for one in paragraphs)
    return Opened(parts=parts, title=_title(paragraphs, usual))


def _lines(name: str, body: bytes) -> list[Line]:
    """Read the lines of all pages in the order of the file."""
    import pypdfium2  # noqa: PLC0415 - an extra: whoever drops no PDF files need not have it

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise ExtractError(
            f"{name} is no PDF document that can be read, or is locked ({error}); save it anew, without a password"
        ) from error
    lines: list[Line] = []
    try:
        for number in range(min(len(document), MOST_PAGES)):
            if sum(len(line.text) for line in lines) > MOST_LETTERS:
                break
            lines += _lines_of(pypdfium2, document[number], number)
    except pypdfium2.PdfiumError as error:
        raise ExtractError(f"{name} has a page that cannot be read ({error}); save it anew as PDF") from error
    finally:
        document.close()
    return lines


def _lines_of(pypdfium2: Any, page: Any, number: int) -> list[Line]:
    words = page.get_textpage()
    raw, found = pypdfium2.raw, []
    for match in _LINE.finditer(words.get_text_range()):
        shown = match.group().strip()
        if not shown:
            continue
        first = match.start() + match.group().index(shown)
        ends = [raw.FPDFText_GetCharIndexFromTextIndex(words, place) for place in (first, first + len(shown) - 1)]
        if min(ends) >= 0:
            left, bottom, _, top = words.get_charbox(ends[0], loose=True)
            right = words.get_charbox(ends[1], loose=True)[2]
            found.append(Line(shown, number, left, right, bottom, max(top - bottom, 1.0)))
    words.close()
    page.close()
    return found


def _part(one: Line, usual: float) -> Part:
    if one.size > BIGGER * usual:
        return replace(plain(one.text), kind="heading")
    bare = _BARE_BULLET.sub("", one.text)
    return replace(plain(bare), kind="item") if bare != one.text else plain(one.text)


def _title(paragraphs: Sequence[Line], usual: float) -> str:
    """Give the paragraph of the first page that is set largest, if any is larger than the text."""
    first = [one for one in paragraphs if one.page == paragraphs[0].page]
    largest = max(first, key=lambda one: one.size)
    return largest.text if largest.size > BIGGER * usual else ""

"""A Word file (.docx) -> its parts: paragraphs with their emphasis and links, lists, tables, pictures.

A .docx is a zip of XML, so it may be a bomb or declare entities: it is bounded, and looked through for a DTD, before
python-docx opens it (reading.md 8, safety.md 4).
"""

from __future__ import annotations

import zlib
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile, LargeZipFile, ZipFile

from lxml import etree

from feedsvc.dropped import PICTURES, address_of
from feedsvc.errors import ExtractError
from feedsvc.extract.clean import clean_text
from feedsvc.extract.old_charsets import reader_of
from feedsvc.extract.parts import Opened, Part
from feedsvc.model import MediaObject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zipfile import ZipInfo

    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

    Reads = Callable[[str], str]

MOST_ENTRIES: Final = 2000
LARGEST: Final = 100 * 1024 * 1024
"""Bytes of all entries of a .docx together once they are unpacked, at most."""

LARGEST_XML: Final = 30 * 1024 * 1024
_DTD: Final = (b"<!doctype", b"<!entity")
_TITLES: Final = ("title", "heading 1", "tiêu đề", "đầu đề 1")
_TITLE_WITHIN: Final = 15
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PICTURES: Final = ".//a:blip/@r:embed | .//*[local-name()='imagedata']/@r:id"
# What python-docx and what it stands on raise over files that are broken in one of the ways that a file can be.
_BROKEN: Final = (
    BadZipFile, LargeZipFile, zlib.error, etree.LxmlError, KeyError, ValueError, AttributeError, TypeError, IndexError,
    OSError, EOFError, NotImplementedError, RuntimeError, AssertionError,
)  # fmt: skip


def open_word(name: str, body: bytes) -> Opened:
    """Open the .docx file `name` (a path from the folder of config.toml). Raises ExtractError when that fails."""
    import docx  # noqa: PLC0415 - an extra: whoever drops no Word files need not have it

    try:
        _refuse_unbounded(name, body)
        document = docx.Document(BytesIO(body))
        read = reader_of([one.text for one in document.paragraphs]) or str
        parts = tuple(_parts(document, name, read))
        typist = clean_text(document.core_properties.author or "")
    except _BROKEN as error:
        raise ExtractError(
            f"{name} is no Word document that can be read ({type(error).__name__}); open it and save it anew as .docx"
        ) from error
    return Opened(parts=parts, title=_title(document, parts, read), typist=typist)


def _refuse_unbounded(name: str, body: bytes) -> None:
    with ZipFile(BytesIO(body)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST:
            raise ExtractError(
                f"{name} unpacks to more than {MOST_ENTRIES} parts or {LARGEST // 1024**2} MiB; drop a smaller document"
            )
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels")) and _declares(archive, entry):
                raise ExtractError(f"{name} declares entities, which no Word document needs; it is not read")


def _declares(archive: ZipFile, entry: ZipInfo) -> bool:
    """Tell whether a part has a DTD, in any encoding of Unicode. Raises BadZipFile over one too large for a text."""
    if entry.file_size > LARGEST_XML:
        raise BadZipFile(entry.filename)
    text = archive.read(entry).replace(b"\0", b"").lower()
    return any(word in text for word in _DTD)


def _title(document: WordDocument, parts: tuple[Part, ...], read: Reads) -> str:
    """Give the first paragraph in the style of a title or first heading, near the top."""
    shown = {part.text for part in parts}
    for style in (_TITLES[0::2], _TITLES[1::2]):
        for paragraph in document.paragraphs[:_TITLE_WITHIN]:
            text = clean_text(read(paragraph.text))
            if text in shown and text and _style(paragraph) in style:
                return text
    return ""


def _style(paragraph: Paragraph) -> str:
    style = paragraph.style
    return (style.name or "").casefold() if style is not None else ""


def _parts(document: WordDocument, name: str, read: Reads) -> Iterator[Part]:
    """Give the parts in order; `read` makes Unicode of text in an old font, which goes before any cleaning."""
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            yield from _table(block, document, name, read)
        else:
            yield from _paragraph(block, document, name, read)


def _paragraph(paragraph: Paragraph, document: WordDocument, name: str, read: Reads) -> Iterator[Part]:
    text = clean_text(read(paragraph.text))
    if text:
        style = _style(paragraph)
        yield Part(
            kind=_kind(paragraph, style),
            text=text,
            html="".join(_inline(one, read) for one in paragraph.iter_inner_content()).strip(),
            caption=style in {"caption", "chú thích"} or _is_set_apart(paragraph),
        )
    yield from _pictures(paragraph._p, document, name)  # noqa: SLF001 - python-docx has no door to pictures in lines


def _kind(paragraph: Paragraph, style: str) -> Any:
    if style.startswith(("heading", "title", "subtitle", "tiêu đề", "đầu đề")):
        return "heading"
    numbered = paragraph._p.find(f"{_W}pPr/{_W}numPr") is not None  # noqa: SLF001 - as above
    return "item" if numbered or style.startswith("list") else "text"


def _is_set_apart(paragraph: Paragraph) -> bool:
    """Tell whether a paragraph is centred, or in italics from end to end, as captions are."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and (paragraph.alignment == 1 or all(run.italic for run in runs))


def _inline(one: Any, read: Reads) -> str:
    """Write a run, or a link with its runs."""
    if hasattr(one, "runs"):
        inside = "".join(_inline(run, read) for run in one.runs)
        address = one.address or ""
        return f'<a href="{escape(address)}">{inside}</a>' if address else inside
    text = escape(read(one.text), quote=False).replace("\n", "<br>")
    if not text.strip():
        return text
    for holds, tag in ((one.bold, "strong"), (one.italic, "em")):
        text = f"<{tag}>{text}</{tag}>" if holds else text
    return text


def _table(table: Any, document: WordDocument, name: str, read: Reads) -> Iterator[Part]:
    """Give a table of words as one part; one with pictures is for laying out, and gives them and its cells."""
    rows = [list(dict.fromkeys(cell._tc for cell in row.cells)) for row in table.rows]  # noqa: SLF001 - merged cells repeat
    pictures = [part for row in rows for cell in row for part in _pictures(cell, document, name)]
    cells = [[clean_text(read("\n".join(cell.itertext(f"{_W}t")))) for cell in row] for row in rows]
    if pictures:
        yield from pictures
        yield from (
            Part(text=cell, html=escape(cell, quote=False), caption=True) for row in cells for cell in row if cell
        )
        return
    text = " ".join(cell for row in cells for cell in row if cell)
    if text:
        lines = ("".join(f"<td>{escape(cell, quote=False)}</td>" for cell in row) for row in cells)
        yield Part(kind="table", text=text, html="<tbody>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</tbody>")


def _pictures(element: Any, document: WordDocument, name: str) -> Iterator[Part]:
    """Give the pictures of a paragraph or cell that web pages can show; a drawing of Windows (.emf) is none."""
    for relation in dict.fromkeys(element.xpath(_PICTURES)):
        part = document.part.related_parts.get(relation)
        if part is None or "." not in str(part.partname):
            continue
        mime = PICTURES.get("." + str(part.partname).rsplit(".", 1)[1].lower())
        if mime:
            address = address_of(f"{name}{part.partname}")
            yield Part(
                kind="picture",
                picture=MediaObject(url=address, kind="image", mime=mime, length=len(part.blob)),
            )

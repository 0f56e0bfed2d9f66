"""Small PDF files made of plain lines of text (ISO 32000-1, section 7.5: header, objects, cross-reference, trailer).

The standard fonts that need no embedding have no Vietnamese letters, so a page shows its lines without marks; the
marked text goes along as `ActualText` (14.9.4), which readers use for copying, searching and reading aloud.
"""

from __future__ import annotations

import textwrap
import unicodedata

_LINES_PER_PAGE = 44


def make_pdf(title: str, paragraphs: tuple[str, ...]) -> bytes:
    """A PDF (A4, as many pages as needed) with `title` in its properties and above the paragraphs."""
    lines = [line for paragraph in (title, *paragraphs) for line in [*textwrap.wrap(paragraph, 78), ""]]
    pages = [lines[start : start + _LINES_PER_PAGE] for start in range(0, len(lines), _LINES_PER_PAGE)]
    kids = " ".join(f"{5 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (vi-VN) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
        f"<< /Title {_unicode(title)} >>".encode(),
    ]
    for index, page in enumerate(pages):
        objects += [_page(6 + 2 * index), _content(page)]
    return _file(objects)


def _page(content: int) -> bytes:
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R "
        "/Resources << /Font << /F1 3 0 R >> >> >>"
    ).encode()


def _content(lines: list[str]) -> bytes:
    drawn = [f"/Span << /ActualText {_unicode(line + ' ')} >> BDC ({_plain(line)}) Tj EMC T*" for line in lines]
    stream = "\n".join(["BT /F1 12 Tf 16 TL 60 780 Td", *drawn, "ET"]).encode()
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _unicode(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D").replace("–", "-"))
    letters = apart.translate({ord("“"): '"', ord("”"): '"'}).encode("ascii", "ignore").decode()
    return letters.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")

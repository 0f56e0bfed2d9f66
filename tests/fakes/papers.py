"""Papers as offices make them, written by code: Word files, PDF files, pictures."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

import docx
from docx.shared import Inches

TITLE = "Khánh thành cầu treo dân sinh Nậm Lúc"
LEAD = (
    "Sáng 14/7, Ủy ban nhân dân xã Nậm Lúc tổ chức khánh thành cầu treo dân sinh bắc qua suối Nậm Cáy, nối hai thôn"
    " vùng cao vốn bị chia cắt mỗi khi mùa mưa về, với sự có mặt của gần hai trăm hộ dân."
)
MIDDLE = (
    "Cây cầu dài bảy mươi mét, rộng hai mét, được xây dựng trong chín tháng từ nguồn vốn chương trình nông thôn mới"
    " năm 2023 và hơn sáu trăm ngày công đóng góp của bà con. Trước đây, học sinh phải đi bè qua suối, nhiều hôm nước"
    " lớn đành nghỉ học."
)
END = (
    "Phát biểu tại buổi lễ, ông Giàng Seo Phử đề nghị các thôn cử người trông coi cầu, không cho xe quá tải đi qua và"
    " thường xuyên kiểm tra cáp, mặt cầu để công trình được bền lâu."
)
CAPTION = "Bà con đi trên cây cầu mới."
SIGNED = "Mai Lan (Trung tâm VH,TT-TT huyện Mường Thanh)"


def picture(width: int = 320, height: int = 200, shade: int = 90) -> bytes:
    """Make a grey PNG."""
    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def saved(document: Any) -> bytes:
    """Give the bytes of a Word document."""
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def word_file(*, typist: str = "", signed: str = SIGNED, style: str = "Title") -> bytes:
    """Make an article as a Word file: title, lead, picture with caption, list, table, link, signature."""
    document = docx.Document()
    document.core_properties.author = typist
    document.add_paragraph(TITLE, style=style or None)
    document.add_paragraph(LEAD)
    document.add_picture(BytesIO(picture()), width=Inches(3))
    document.add_paragraph(CAPTION, style="Caption")
    middle = document.add_paragraph()
    first, rest = MIDDLE.split(". ", 1)
    middle.add_run(f"{first}. ").bold = True
    middle.add_run(rest)
    document.add_paragraph("Hai mố cầu bằng bê tông", style="List Bullet")
    document.add_paragraph("Mặt cầu lát gỗ nghiến", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for row, words in zip(table.rows, (("Thôn", "Số hộ"), ("Nậm Kha", "112")), strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    document.add_paragraph(END)
    if signed:
        document.add_paragraph(signed)
    return saved(document)


def repacked(body: bytes, changes: dict[str, bytes]) -> bytes:
    """Give a zip with some of its entries replaced or added."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(body)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, changes.get(entry.filename, old.read(entry)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return target.getvalue()


Setting = tuple[float, float, float, str]
"""Where a line begins (points from the lower left), its size, and its text."""


def pdf_file(*pages: list[Setting]) -> bytes:
    """Make a PDF whose letters are half as wide as high; each page is a list of lines."""
    letters = sorted({letter for page in pages for *_, text in page for letter in text})
    codes = {letter: 33 + place for place, letter in enumerate(letters)}
    table = "\n".join(f"<{code:02x}> <{letter.encode('utf-16-be').hex()}>" for letter, code in codes.items())
    unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{table}\nendbfchar\nendcmap end end"
    )
    widths = " ".join(["500"] * 256)
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(pages)))
    font = f"/Type /Font /Subtype /Type1 /BaseFont /Helvetica /FirstChar 0 /LastChar 255 /Widths [{widths}]"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        f"<< {font} /ToUnicode {4 + 2 * len(pages)} 0 R >>",
    ]
    for place, page in enumerate(pages):
        drawn = "\n".join(
            f"BT /F {size} Tf {x} {y} Td <{''.join(f'{codes[letter]:02x}' for letter in text)}> Tj ET"
            for x, y, size, text in page
        )
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >>"
            f" /Contents {5 + 2 * place} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    objects.append(f"<< /Length {len(unicode)} >>\nstream\n{unicode}\nendstream")
    return _numbered(objects)


def _numbered(objects: list[str]) -> bytes:
    body, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(body)
    count = len(objects) + 1
    body += f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer << /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return body.encode("ascii")


def set_text(text: str, *, left: float = 60, top: float = 780, size: float = 12, width: int = 72) -> list[Setting]:
    """Set a text line by line, `width` letters each at most; blank lines part its paragraphs."""
    lines: list[Setting] = []
    for paragraph in text.split("\n\n"):
        line = ""
        for word in paragraph.split():
            if len(line) + 1 + len(word) > width:
                lines.append((left, top, size, line))
                line, top = "", top - 1.3 * size
            line = f"{line} {word}".strip()
        lines.append((left, top, size, line))
        top -= 2.3 * size
    return lines


def article_pdf() -> bytes:
    """Make an article as a PDF: a large title over two lines, paragraphs, a number on each of its two pages."""
    first = [(60.0, 800.0, 20.0, TITLE[:24].strip()), (60.0, 775.0, 20.0, TITLE[24:].strip())]
    first += [*set_text(f"{LEAD}\n\n{MIDDLE}", top=730), (290.0, 40.0, 10.0, "Trang 1/2")]
    second = [*set_text(f"{END}\n\n{SIGNED}"), (290.0, 40.0, 10.0, "Trang 2/2")]
    return pdf_file(first, second)

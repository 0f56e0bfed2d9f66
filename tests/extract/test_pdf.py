"""A PDF becomes the article that is set on its pages, its lines joined into paragraphs again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from fakes import papers
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ExtractError
from feedsvc.extract.document import read_document
from feedsvc.extract.old_tables import TCVN3
from feedsvc.model import VIETNAM, Author, Item, Source

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=VIETNAM)
SOURCE = Source(slug="van-phong", title="Văn phòng", home="https://example.org/")
ARTICLE = papers.article_pdf()


def read(body: bytes, name: str = "inbox/cầu treo.pdf") -> Item:
    """Read a PDF file that was filed three days ago."""
    return read_document(name, body, SOURCE, modified=NOW - timedelta(days=3), now=NOW)


def test_an_article_in_a_pdf_is_read_whole() -> None:
    """Title in large letters, paragraphs, signature and day are found; the numbers of pages are no text."""
    item = read(ARTICLE)
    assert item.title == papers.TITLE
    assert item.summary == papers.LEAD
    assert item.text == f"{papers.LEAD}\n\n{papers.MIDDLE}\n\n{papers.END}"
    assert item.authors == (Author(name="Mai Lan", organisation="Trung tâm VH,TT-TT huyện Mường Thanh"),)
    assert item.published is not None
    assert item.published.date().isoformat() == "2023-07-14"


def test_the_file_is_its_document() -> None:
    """Readers get the PDF itself, with its name, type and length."""
    (file,) = read(ARTICLE).media
    assert (file.kind, file.mime, file.title, file.length) == (
        "document",
        "application/pdf",
        "cầu treo.pdf",
        len(ARTICLE),
    )


def test_a_paragraph_goes_on_over_the_page() -> None:
    """A sentence that the end of a page parts is one again."""
    head = papers.set_text(papers.MIDDLE)
    first, second = head[:2], [(60.0, 780.0 - 16 * place, *line[2:]) for place, line in enumerate(head[2:])]
    body = papers.pdf_file([(60.0, 810.0, 18.0, papers.TITLE), *first], second)
    assert read(body).text == papers.MIDDLE


def test_columns_are_read_one_after_the_other() -> None:
    """Two columns side by side give their paragraphs in order, none of them cut at each line."""
    left = papers.set_text(papers.LEAD, width=36, top=740)
    right = papers.set_text(papers.END, width=36, top=740, left=320)
    body = papers.pdf_file([(60.0, 800.0, 20.0, papers.TITLE), *left, *right])
    assert read(body).text == f"{papers.LEAD}\n\n{papers.END}"


def test_paragraphs_without_a_gap_are_told_by_their_indent() -> None:
    """Where no space parts paragraphs, the indent of the first line and the short last one do."""
    lines = [line for text in (papers.LEAD, papers.END) for line in papers.set_text(text)]
    placed, fresh = [], True
    for place, (x, _, size, text) in enumerate(lines):
        placed.append((x + 20 * fresh, 760 - 15.6 * place, size, text))
        fresh = text.endswith(".") and place == len(papers.set_text(papers.LEAD)) - 1
    assert read(papers.pdf_file([(60.0, 800.0, 20.0, papers.TITLE), *placed])).text == f"{papers.LEAD}\n\n{papers.END}"


def test_hyphens_of_typesetting_are_undone_outside_vietnamese_only() -> None:
    """`infor-` and `mation` are one word, `héc-` and `ta` keep their hyphen."""
    english = [
        (60.0, 760.0, 12.0, "The commune has put together all the infor-"),
        (60.0, 744.0, 12.0, "mation needed."),
    ]
    assert read(papers.pdf_file([(60.0, 800.0, 20.0, papers.TITLE), *english])).text.endswith("information needed.")
    viet = [(60.0, 760.0, 12.0, "Bà con đã trồng được hơn một trăm hai mươi héc-"), (60.0, 744.0, 12.0, "ta rừng mới.")]
    assert read(papers.pdf_file([(60.0, 800.0, 20.0, papers.TITLE), *viet])).text.endswith("hai mươi héc-ta rừng mới.")


def test_what_stands_on_every_page_is_no_text() -> None:
    """Heads and feet that repeat from page to page are left out."""
    pages = [
        [(60.0, 815.0, 9.0, f"Bản tin Mường Thanh, số {number}"), *papers.set_text(text)]
        for number, text in enumerate((f"{papers.TITLE}\n\n{papers.LEAD}", papers.MIDDLE, papers.END), 1)
    ]
    item = read(papers.pdf_file(*pages))
    assert item.title == papers.TITLE
    assert item.text == f"{papers.LEAD}\n\n{papers.MIDDLE}\n\n{papers.END}"


def test_letters_of_an_old_font_are_vietnamese() -> None:
    """A PDF set in a TCVN3 font, whose letters it calls Latin, is read as what its readers see."""
    table = {letter: chr(byte) for byte, letter in enumerate(TCVN3, 0x80)}
    text = f"{papers.LEAD[18:]}\n\n{papers.END}"
    old = "".join(table.get(letter, letter) for letter in text)
    assert read(papers.pdf_file([(60.0, 800.0, 20.0, "Cau treo"), *papers.set_text(old, top=740)])).text == text


def test_a_scan_is_its_file() -> None:
    """A PDF without text is called after its file and given to readers as it is; its day is that of the file."""
    item = read(papers.pdf_file([]), "inbox/Sơ đồ 5.9.2022.pdf")
    assert (item.title, item.text, item.html) == ("Sơ đồ 5.9.2022", "", "")
    assert [one.kind for one in item.media] == ["document"]
    assert item.published is not None
    assert item.published.date().isoformat() == "2022-09-05"


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", ARTICLE[:60], b"<html>"])
def test_what_is_no_pdf_says_so(body: bytes) -> None:
    """Empty, cut and foreign files are refused with what to do."""
    with pytest.raises(ExtractError, match="no PDF document"):
        read(body)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(ARTICLE) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_any_damage_gives_an_item_or_a_reason(changes: list[tuple[int, int]]) -> None:
    """A PDF with bytes changed anywhere raises nothing but ExtractError."""
    body = bytearray(ARTICLE)
    for place, byte in changes:
        body[place] = byte
    try:
        item = read(bytes(body))
    except ExtractError:
        return
    assert item.title

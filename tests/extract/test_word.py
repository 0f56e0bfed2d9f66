"""A Word file becomes the article that its writer typed, whatever is in the zip around it."""

from __future__ import annotations

import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import PurePosixPath

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from fakes import papers
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ExtractError
from feedsvc.extract.document import missing_extra, read_document
from feedsvc.extract.old_tables import TCVN3, VNI
from feedsvc.extract.word import MOST_ENTRIES
from feedsvc.model import VIETNAM, Author, Item, Source

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=VIETNAM)
SOURCE = Source(slug="van-phong", title="Văn phòng", home="https://example.org/")
ARTICLE = papers.word_file(typist="Nguyễn Thị Soạn")


def read(body: bytes, name: str = "inbox/cầu treo.docx") -> Item:
    """Read a Word file that was filed three days ago."""
    return read_document(name, body, SOURCE, modified=NOW - timedelta(days=3), now=NOW)


def written(*paragraphs: str, styles: tuple[str, ...] = (), author: str = "") -> bytes:
    """Make a Word file of paragraphs, in these styles as far as they go."""
    document = docx.Document()
    document.core_properties.author = author
    for place, text in enumerate(paragraphs):
        document.add_paragraph(text, style=styles[place] if place < len(styles) and styles[place] else None)
    return papers.saved(document)


def test_an_article_typed_in_word_is_read_whole() -> None:
    """Title, lead, text, signature, event day and year are found; the caption belongs to its picture."""
    item = read(ARTICLE)
    assert item.title == papers.TITLE
    assert item.summary == papers.LEAD
    assert item.text.split("\n\n") == [
        papers.LEAD,
        papers.MIDDLE,
        "Hai mố cầu bằng bê tông",
        "Mặt cầu lát gỗ nghiến",
        "Thôn Số hộ Nậm Kha 112",
        papers.END,
    ]
    assert item.authors == (Author(name="Mai Lan", organisation="Trung tâm VH,TT-TT huyện Mường Thanh"),)
    assert item.published is not None
    assert (item.published.date().isoformat(), item.precision) == ("2023-07-14", "day")
    assert item.language == "vi"


def test_emphasis_lists_tables_and_pictures_are_shown() -> None:
    """The HTML holds what Word showed, sanitised, with the picture in its place."""
    html = read(ARTICLE).html
    assert "<strong>Cây cầu dài" in html
    assert (
        "<ul><li>Hai mố cầu bằng bê tông</li><li>Mặt cầu lát gỗ nghiến</li></ul><table><tbody><tr><td>Thôn</td>" in html
    )
    assert f'image1.png" alt="{papers.CAPTION}"><figcaption>{papers.CAPTION}</figcaption></figure><p><strong>' in html


def test_pictures_and_the_file_itself_are_media() -> None:
    """The picture has type, length and caption; the file is a document of the item."""
    picture, file = read(ARTICLE).media
    assert (picture.kind, picture.mime, picture.length) == ("image", "image/png", len(papers.picture()))
    assert picture.caption == papers.CAPTION
    assert picture.url == "https://documents.invalid/inbox/c%E1%BA%A7u%20treo.docx/word/media/image1.png"
    assert (file.kind, file.title, file.length) == ("document", "cầu treo.docx", len(ARTICLE))
    assert file.url == "https://documents.invalid/inbox/c%E1%BA%A7u%20treo.docx"


def test_a_word_file_in_an_old_font_is_vietnamese() -> None:
    """Text that was typed in a TCVN3 or VNI font, which Word calls Latin, is what the writer saw."""
    table = {letter: chr(byte) for byte, letter in enumerate(TCVN3, 0x80)}
    pairs = {letter: pair for pair, letter in reversed(VNI.items())}
    lead = papers.LEAD[18:].strip()
    for old in (table, pairs):
        lines = ["".join(old.get(letter, letter) for letter in text) for text in (papers.TITLE, lead, papers.END)]
        item = read(written(*lines, styles=("Title",)))
        assert (item.title, item.text) == (papers.TITLE, f"{lead}\n\n{papers.END}")
        assert papers.END in item.html


@pytest.mark.parametrize("style", ["Title", "Heading 1"])
def test_the_style_names_the_title(style: str) -> None:
    """A title in its style is found below other lines; without one the first line is the title."""
    body = written("Bản tin số 12", papers.TITLE, papers.LEAD, papers.END, styles=("", style))
    assert (read(body).title, read(body).text.split("\n\n")[0]) == (papers.TITLE, "Bản tin số 12")
    assert read(written(papers.TITLE, papers.LEAD, papers.END)).title == papers.TITLE


@pytest.mark.parametrize(
    ("typist", "authors"),
    [
        ("Nguyễn Thị Soạn", (Author(name="Nguyễn Thị Soạn"),)),
        ("python-docx", ()),
        ("Admin", ()),
        ("HP", ()),
        ("", ()),
    ],
)
def test_the_typist_is_named_last(typist: str, authors: tuple[Author, ...]) -> None:
    """Who typed it counts where nobody signed; machines and programs are no authors."""
    assert read(written(papers.TITLE, papers.LEAD, papers.END, author=typist)).authors == authors
    signed = read(written(papers.TITLE, papers.LEAD, papers.END, "Mai Lan", author=typist))
    assert signed.authors == (Author(name="Mai Lan"),)


def test_a_plain_sentence_behind_a_picture_is_its_caption() -> None:
    """One short sentence after a picture speaks of it; a signature, a heading and a long paragraph do not."""
    for text, caption in (
        (papers.CAPTION, papers.CAPTION),
        ("Mai Lan", ""),
        ("Kết quả đạt được:", ""),
        ("Cầu đã xong. Bà con rất vui.", ""),
    ):
        document = docx.Document()
        for line in (papers.TITLE, papers.LEAD):
            document.add_paragraph(line)
        document.add_picture(BytesIO(papers.picture()))
        document.add_paragraph(text)
        document.add_paragraph(papers.END)
        assert read(papers.saved(document)).media[0].caption == caption


def test_a_table_that_lays_out_pictures_gives_them_and_their_caption() -> None:
    """Photo and caption in the cells of a table are a picture with its caption."""
    document = docx.Document()
    for text in (papers.TITLE, papers.LEAD):
        document.add_paragraph(text)
    table = document.add_table(rows=2, cols=1)
    table.rows[0].cells[0].paragraphs[0].add_run().add_picture(BytesIO(papers.picture()))
    table.rows[1].cells[0].text = papers.CAPTION
    document.add_paragraph(papers.END)
    item = read(papers.saved(document))
    assert [one.caption for one in item.media if one.kind == "image"] == [papers.CAPTION]
    assert item.text == f"{papers.LEAD}\n\n{papers.END}"


def test_links_are_links_of_the_web_alone() -> None:
    """A link leads where it led in Word; one to a script or a bookmark is its words."""
    document = docx.Document()
    for text in (papers.TITLE, papers.LEAD):
        document.add_paragraph(text)
    end = document.add_paragraph(f"{papers.END} ")
    for target, text in (("https://example.org/bai", "Xem bài"), ("javascript:alert(1)", "Bấm đây")):
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        link.append(end.add_run(text)._r)
        end._p.append(link)
    html = read(papers.saved(document)).html
    assert '<a href="https://example.org/bai" rel="noopener noreferrer nofollow">Xem bài</a>' in html
    assert "Bấm đây" in html
    assert "javascript" not in html


def test_a_file_without_words_is_called_after_its_name() -> None:
    """A Word file with nothing but a picture is an item with the file's name, the picture and the file."""
    document = docx.Document()
    document.add_picture(BytesIO(papers.picture()))
    item = read(papers.saved(document), "inbox/Sơ đồ phân luồng.docx")
    assert (item.title, item.text) == ("Sơ đồ phân luồng", "")
    assert [one.kind for one in item.media] == ["image", "document"]


def test_markup_typed_in_word_stays_text() -> None:
    """What looks like markup does nothing."""
    item = read(written(papers.TITLE, f"{papers.LEAD} <script>alert(1)</script>", papers.END))
    assert "<script" not in item.html
    assert "<script>" in item.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"word/document.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "declares entities"),
        ({"word/styles.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'.encode("utf-16")}, "declares entities"),
        ({f"word/media/{n}.png": b"" for n in range(MOST_ENTRIES + 1)}, "unpacks to more"),
        ({"word/document.xml": b"<broken"}, "no Word document"),
        ({"word/document.xml": b"<a/>"}, "no Word document"),
        ({"[Content_Types].xml": b"<a/>"}, "no Word document"),
    ],
)
def test_hostile_zips_are_refused_in_words(changes: dict[str, bytes], words: str) -> None:
    """Entities, bombs and broken parts are told apart, and none is opened."""
    with pytest.raises(ExtractError, match=words):
        read(papers.repacked(ARTICLE, changes))


def test_a_bomb_is_never_unpacked() -> None:
    """A zip that would grow to more than 100 MiB is refused by its directory alone."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.xml", "b.xml", "c.xml"):
            archive.writestr(name, bytes(40 * 1024 * 1024))
    assert len(target.getvalue()) < 1024 * 1024
    with pytest.raises(ExtractError, match="unpacks to more"):
        read(target.getvalue())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_gives_an_item_or_a_reason(data: st.DataObject) -> None:
    """A Word file that was cut, or with bytes changed anywhere, packed or unpacked, raises nothing but ExtractError."""
    body = bytearray(ARTICLE)
    name = data.draw(
        st.sampled_from(["", "word/document.xml", "word/styles.xml", "[Content_Types].xml", "_rels/.rels"])
    )
    if name:
        with zipfile.ZipFile(BytesIO(ARTICLE)) as archive:
            body = bytearray(archive.read(name))
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=6)):
        body[place] = data.draw(st.integers(0, 255))
    body = body[: data.draw(st.sampled_from([len(body), len(body) // 2, len(body) - 30]))]
    damaged = papers.repacked(ARTICLE, {name: bytes(body)}) if name else bytes(body)
    try:
        item = read(damaged)
    except ExtractError:
        return
    assert item.title


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what reads a kind of file, the reason says what to install; other kinds are read."""
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    assert "pip install 'feedsvc[documents]'" in missing_extra(("a.docx", "b.txt"))
    assert missing_extra(("b.txt", "c.pdf")) == ""
    with pytest.raises(ExtractError, match=r"python-docx.*pip install"):
        read(ARTICLE)
    assert PurePosixPath(read(b"Tin\n\nTin vui.", "inbox/a.txt").keys[0]).name == "a.txt"

"""Pictures, films and PDFs are what their headers say."""

from __future__ import annotations

import re
import struct
import zlib

import pytest

from feedsvc.demo.content import load_content
from feedsvc.demo.pictures import SCENES, paint

CONTENT = load_content()
ADDRESSES = (
    f"/media/anh/{CONTENT.articles[0].pictures[0].key}.png",
    f"/media/anh-nho/{CONTENT.articles[0].pictures[0].key}.png",
    f"/media/album/{CONTENT.albums[0].pictures[0].key}.png",
    f"/media/anh/video-{CONTENT.videos[0].slug}.png",
    "/media/bieu-trung.png",
    f"/media/video/{CONTENT.videos[0].slug}.mp4",
    f"/media/van-ban/{CONTENT.documents[0].slug}.pdf",
    "/media/style.css",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_length_type_and_validators_are_true(client, address):
    """GET and HEAD name the same type, length, ETag and Last-Modified; the length is that of the body."""
    got, asked = client.get(address), client.head(address)
    kinds = {"png": "image/png", "mp4": "video/mp4", "pdf": "application/pdf", "css": "text/css"}
    assert got.mimetype == asked.mimetype == kinds[address.rsplit(".", 1)[1]]
    assert int(asked.headers["Content-Length"]) == int(got.headers["Content-Length"]) == len(got.data) > 0
    assert asked.headers["ETag"] == got.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": got.headers["ETag"]}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": got.headers["Last-Modified"]}).status_code == 304


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_part_can_be_asked_for(client, address):
    """A range of one byte is answered with 206 and the whole length."""
    part = client.get(address, headers={"Range": "bytes=0-0"})
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes 0-0/{len(client.get(address).data)}"


@pytest.mark.parametrize("scene", SCENES)
def test_a_picture_is_a_png_of_its_size(scene):
    """Chunks with right sums, the announced size, one byte a pixel; the same key paints the same picture."""
    body = paint("thử", scene, 320, 200)
    assert body.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, place = {}, 8
    while place < len(body):
        length, kind = struct.unpack(">I4s", body[place : place + 8])
        data = body[place + 8 : place + 8 + length]
        assert struct.unpack(">I", body[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + data)
        chunks[kind], place = data, place + 12 + length
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (320, 200)
    assert len(zlib.decompress(chunks[b"IDAT"])) == 200 * 321
    assert paint("thử", scene, 320, 200) == body
    assert paint("khác", scene, 320, 200) != body


def test_every_picture_of_the_portal_differs():
    """No two articles show the same picture."""
    pictures = [picture for article in CONTENT.articles for picture in article.pictures]
    assert len({paint(picture.key, picture.scene, 64, 40) for picture in pictures}) == len(pictures)


@pytest.mark.parametrize("video", CONTENT.videos, ids=lambda video: video.slug[:30])
def test_every_film_is_an_mp4_of_its_own_address(client, video):
    """Each video page names its own film, which is a small mp4 file made to start at once."""
    page = client.get(f"/video/{video.slug}-{video.number}").get_data(as_text=True)
    assert f'<source src="/media/video/{video.slug}.mp4" type="video/mp4">' in page
    film = client.get(f"/media/video/{video.slug}.mp4").data
    assert film[4:8] == b"ftyp"
    assert 0 < film.index(b"moov") < film.index(b"mdat")
    assert len(film) < 40_000


@pytest.mark.parametrize("document", CONTENT.documents, ids=lambda document: document.slug)
def test_every_pdf_is_in_order(client, document):
    """The cross-reference table points at the objects, and the abstract stands in it as Unicode text."""
    body = client.get(f"/media/van-ban/{document.slug}.pdf").data
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", body)[1])
    assert body[start : start + 5] == b"xref\n"
    offsets = [int(entry) for entry in re.findall(rb"(\d{10}) 00000 n ", body[start:])]
    for number, offset in enumerate(offsets, start=1):
        assert body[offset:].startswith(b"%d 0 obj" % number)
    assert re.search(rb"/Size (\d+)", body)[1] == b"%d" % (len(offsets) + 1)
    for length, stream in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", body, re.DOTALL):
        assert int(length) == len(stream)
    words = b"".join(bytes.fromhex(text.decode()) for text in re.findall(rb"<FEFF([0-9A-F]+)>", body))
    assert document.abstract[:40] in words.decode("utf-16-be")


def test_attachments_are_pdfs(client, report):
    """Every attachment named on an article page is a PDF with words in it."""
    attached = [address for article in report()["articles"] for address in article["attachments"]]
    assert len(attached) >= 8
    assert all(client.get(address).data.startswith(b"%PDF-") for address in attached)


def test_robots_bars_only_the_administration(client, order):
    """robots.txt allows all but /quan-tri, until the switch bars everything."""
    assert client.get("/robots.txt").get_data(as_text=True) == "User-agent: *\nDisallow: /quan-tri\n"
    order(mode="robots")
    assert client.get("/robots.txt").get_data(as_text=True) == "User-agent: *\nDisallow: /\n"

"""Which media a document carries, and as what."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from lxml import etree

from feedsvc.feeds import render
from feedsvc.feeds.media import HLS, credit, films, usable
from feedsvc.model import MediaObject

MEDIA = "{http://search.yahoo.com/mrss/}"
PICTURE = MediaObject(url="https://thungmay.example/a.jpg", kind="image", mime="image/jpeg", length=1200)
FILM = MediaObject(url="https://thungmay.example/a.mp4", kind="video", mime="video/mp4", length=9000)
STREAM = MediaObject(url="https://thungmay.example/a.m3u8", kind="video", mime=HLS)
SOUND = MediaObject(url="https://thungmay.example/a.mp3", kind="audio", mime="audio/mpeg", length=700)
PAPER = MediaObject(url="https://thungmay.example/a.pdf", kind="document", mime="application/pdf", length=500)
PLAYER = MediaObject(url="https://youtu.be/x", kind="video", player="https://www.youtube.com/embed/x")


@pytest.fixture
def enclosure(feed_of, make_article):
    """The attributes of the one enclosure of an item with these media."""

    def find(*media: MediaObject, category: str = "tin-tuc") -> dict[str, str] | None:
        feed = feed_of((make_article(1, media=media, categories=(category,)),), "rss")
        found = etree.fromstring(render(feed, "rss").body).find("channel/item/enclosure")
        return None if found is None else dict(found.attrib)

    return find


@pytest.mark.parametrize(
    ("media", "main"),
    [
        ((PAPER, FILM, PICTURE), PICTURE),
        ((PAPER, STREAM, FILM), FILM),
        ((PAPER, SOUND), SOUND),
        ((PAPER,), PAPER),
        ((PLAYER, PAPER), PAPER),
        ((STREAM,), STREAM),
    ],
)
def test_main_enclosure(media, main, enclosure):
    """RSS carries as its one enclosure the picture, failing it the film (mp4 first), the sound, the document."""
    assert enclosure(*media) == {"url": main.url, "length": str(main.length or 0), "type": main.mime}


def test_film_comes_first_in_a_video_category(enclosure):
    """An item of a video category has the film as its enclosure, though a picture goes with it."""
    assert enclosure(PICTURE, STREAM, FILM, category="video")["url"] == FILM.url
    assert enclosure(PICTURE, SOUND, category="video")["url"] == SOUND.url
    assert enclosure(PICTURE, category="video")["url"] == PICTURE.url


@pytest.mark.parametrize(
    "page",
    [
        MediaObject(url="https://thungmay.example/a.svg", kind="image", mime="image/svg+xml"),
        MediaObject(url="https://thungmay.example/a.SVG?x=1", kind="image"),
        MediaObject(url="https://thungmay.example/a.html", kind="document"),
        MediaObject(url="https://thungmay.example/a", kind="video", mime="text/html; charset=utf-8"),
        MediaObject(url="ftp://thungmay.example/a.jpg", kind="image", mime="image/jpeg"),
        MediaObject(url="/a.jpg", kind="image", mime="image/jpeg"),
    ],
)
def test_pages_and_foreign_addresses_are_no_media(page, kind, enclosure, feed_of, make_article):
    """HTML, SVG and what is no web address are never enclosures, nor media of any other sort."""
    assert enclosure(page) is None
    assert page.url not in render(feed_of((make_article(1, media=(page,)),), kind), kind).body.decode()


def test_unknown_length_and_type(feed_of, make_article):
    """An unknown length is 0 in RSS and left out elsewhere; an unknown type is application/octet-stream."""
    items = (make_article(1, media=(replace(PICTURE, length=None, mime=None),)),)
    item = etree.fromstring(render(feed_of(items, "rss"), "rss").body).find("channel/item")
    assert dict(item.find("enclosure").attrib) == {
        "url": PICTURE.url,
        "length": "0",
        "type": "application/octet-stream",
    }
    assert item.find(f"{MEDIA}content").get("fileSize") is None
    atom = etree.fromstring(render(feed_of(items, "atom"), "atom").body)
    link = atom.xpath("//*[local-name()='link'][@rel='enclosure']")[0]
    assert (link.get("length"), link.get("type")) == (None, "application/octet-stream")
    attachment = json.loads(render(feed_of(items, "json"), "json").body)["items"][0]["attachments"][0]
    assert attachment == {"url": PICTURE.url, "mime_type": "application/octet-stream"}


def test_no_length_is_no_length(kind, feed_of, make_article):
    """A file of no bytes, or a film of less than half a second, is told by no number that readers trip over."""
    nothing = replace(FILM, length=0, duration=0.2)
    body = render(feed_of((make_article(1, media=(nothing,)),), kind), kind).body.decode()
    assert 'fileSize="0"' not in body
    assert '"size_in_bytes": 0' not in body
    assert "0.2" not in body
    assert ('duration="1"' in body) or ('"duration_in_seconds": 1' in body)


def test_atom_has_an_enclosure_for_each_medium(feed_of, make_article):
    """Atom links every file as an enclosure, in the order of the item, with true length and type."""
    atom = render(feed_of((make_article(1, media=(PICTURE, FILM, PLAYER, PAPER)),), "atom"), "atom").body
    links = etree.fromstring(atom).xpath("//*[local-name()='link'][@rel='enclosure']")
    assert [(link.get("href"), link.get("type"), link.get("length")) for link in links] == [
        (medium.url, medium.mime, str(medium.length)) for medium in (PICTURE, FILM, PAPER)
    ]


def test_each_picture_has_its_own_caption(feed_of, make_article, make_picture):
    """A caption stands with its picture, never on another; the photographer is told apart."""
    media = (
        make_picture("a", caption="Chợ sớm. Ảnh: Sùng Thị Chứ"),
        make_picture("b"),
        make_picture("c", caption="Tan chợ"),
    )
    item = etree.fromstring(render(feed_of((make_article(1, media=media),), "rss"), "rss").body).find("channel/item")
    contents = item.findall(f"{MEDIA}content")
    captions = [content.findtext(f"{MEDIA}description") for content in contents]
    assert captions == ["Chợ sớm. Ảnh: Sùng Thị Chứ", None, "Tan chợ"]
    assert [content.findtext(f"{MEDIA}credit") for content in contents] == ["Sùng Thị Chứ", None, None]


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("Quang cảnh lễ hội. Ảnh: Minh Hà", "Minh Hà"),
        ("Quang cảnh lễ hội (Ảnh: Minh Hà).", "Minh Hà"),
        ("Ảnh: Minh Hà", "Minh Hà"),
        ("Triển lãm Ảnh: sắc màu vùng cao; vào cửa tự do", ""),
        ("Quang cảnh lễ hội", ""),
        ("", ""),
    ],
)
def test_credit(caption, name):
    """The photographer is read where a caption ends with `Ảnh: ...`, and nowhere else."""
    assert credit(caption) == name


@pytest.mark.parametrize(
    ("media", "sizes"),
    [
        ((FILM, STREAM), [2]),
        ((PICTURE, FILM, STREAM, PAPER), [1, 2, 1]),
        ((replace(FILM, title="Một"), replace(STREAM, title="Hai")), [1, 1]),
        ((replace(FILM, duration=60.0), replace(STREAM, duration=60.4)), [2]),
        ((replace(FILM, duration=60.0), replace(STREAM, duration=90.0)), [1, 1]),
        ((FILM, replace(FILM, url="https://thungmay.example/b.mp4")), [1, 1]),
        ((FILM, PICTURE, STREAM), [1, 1, 1]),
        ((FILM, PLAYER), [1, 1]),
        ((FILM, STREAM, replace(FILM, url="https://thungmay.example/b.mp4")), [2, 1]),
    ],
)
def test_forms_of_one_film(media, sizes):
    """Neighbouring videos of different types that do not contradict each other are one film; nothing else is."""
    assert [len(film) for film in films(usable(media))] == sizes


def test_player_without_file(feed_of, make_article):
    """A film behind a foreign player is a media:player without an address of its own, and no enclosure or attachment."""
    items = (make_article(1, media=(PLAYER,)),)
    item = etree.fromstring(render(feed_of(items, "rss"), "rss").body).find("channel/item")
    content = item.find(f"{MEDIA}content")
    assert dict(content.attrib) == {"medium": "video"}
    assert content.find(f"{MEDIA}player").get("url") == PLAYER.player
    assert item.find("enclosure") is None
    assert "attachments" not in json.loads(render(feed_of(items, "json"), "json").body)["items"][0]


def test_one_address_once(feed_of, make_article):
    """A file named twice is carried once."""
    body = render(feed_of((make_article(1, media=(PICTURE, PICTURE)),), "rss"), "rss").body
    assert body.count(b"<media:content") == 1


def test_attachments_share_a_title_only_as_forms_of_one_film(feed_of, make_article, make_picture):
    """Two pictures of one caption are not told as one thing in JSON Feed, two forms of a film are."""
    media = (make_picture("a", caption="Chợ sớm"), make_picture("b", caption="Chợ sớm"), FILM, STREAM)
    body = render(feed_of((make_article(1, title="Về chợ", media=media),), "json"), "json").body
    titles = [attachment.get("title") for attachment in json.loads(body)["items"][0]["attachments"]]
    assert titles == ["Chợ sớm", None, "Về chợ", "Về chợ"]

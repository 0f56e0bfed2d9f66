"""Feeds of films and sounds, for podcast programs."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid5

import pytest
from lxml import etree

from feedsvc.feeds import render
from feedsvc.feeds.podcast import podcast_guid
from feedsvc.model import MediaObject

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
SOUND = MediaObject(
    url="https://thungmay.example/phat-thanh/so-1.mp3", kind="audio", mime="audio/mpeg", length=900, duration=0.4
)


def channel(feed):
    """The RSS channel of a feed."""
    return etree.fromstring(render(feed, "rss").body)[0]


def is_podcast(feed) -> bool:
    """Whether the document declares Apple's namespace."""
    return b"itunes" in render(feed, "rss").body


def test_guid():
    """The guid is that of the feed's address without scheme, query and final slashes, in the podcasts' namespace."""
    namespace = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
    expected = str(uuid5(namespace, "feeds.example.org/feeds/thung-may/video.rss"))
    for address in (
        "https://feeds.example.org/feeds/thung-may/video.rss",
        "http://feeds.example.org/feeds/thung-may/video.rss?page=2",
        "https://feeds.example.org/feeds/thung-may/video.rss/",
    ):
        assert podcast_guid(address) == expected
    # The example of the specification.
    assert podcast_guid("https://mp3s.nashownotes.com/pc20rss.xml") == "917393e3-1b1e-5cef-ace4-edaa54e1f810"


def test_only_where_all_categories_show_films(golden_of):
    """One category of another kind makes it an ordinary feed; so does a feed that does not know its categories."""
    feed = golden_of("podcast", "rss")
    assert is_podcast(feed)
    news = replace(feed.categories[0], slug="tin-tuc", kind="news")
    assert not is_podcast(replace(feed, categories=(*feed.categories, news)))
    assert not is_podcast(replace(feed, categories=()))


def test_or_all_items_are_sounds(feed_of, make_article, make_picture):
    """A feed whose every item is a sound is a podcast; an article that is also read aloud is no episode."""
    sounds = tuple(make_article(number, media=(SOUND,)) for number in (1, 2))
    assert is_podcast(feed_of(sounds, "rss"))
    assert not is_podcast(feed_of((*sounds, make_article(3)), "rss"))
    assert not is_podcast(feed_of((make_article(1, media=(make_picture("a"), SOUND)),), "rss"))
    assert not is_podcast(feed_of((), "rss"))


def test_what_podcast_programs_need(golden_of):
    """Category, explicit, a type, a writer, an owner who can be reached, the cover, and the guid stand there once."""
    feed = channel(golden_of("podcast", "rss"))
    told = {child.tag: child for child in feed if child.tag.startswith((ITUNES, PODCAST))}
    assert [child.tag for child in feed if child.tag.startswith((ITUNES, PODCAST))] == list(told)
    assert told[f"{ITUNES}explicit"].text == "false"
    assert told[f"{ITUNES}type"].text == "episodic"
    assert told[f"{ITUNES}owner"].findtext(f"{ITUNES}email") == "webmaster@feeds.example.org"
    assert told[f"{ITUNES}category"].get("text") == "News"
    assert told[f"{ITUNES}image"].get("href") == "https://thungmay.example/anh/bia.jpg"
    assert told[f"{PODCAST}guid"].text == podcast_guid("https://feeds.example.org/feeds/thung-may.rss")


def test_episodes(golden_of, feed_of, make_article):
    """Length and picture stand at items with a file that Apple plays; a stream or a page of another site has none."""
    items = channel(golden_of("podcast", "rss")).findall("item")
    assert [item.findtext(f"{ITUNES}duration") for item in items] == ["93", "61", None, None]
    assert not [child.tag for item in items[2:] for child in item if child.tag.startswith(ITUNES)]
    episode = channel(feed_of((make_article(1, media=(SOUND,)),), "rss")).find("item")
    assert episode.findtext(f"{ITUNES}duration") == "1"
    assert episode.find("enclosure").get("type") == "audio/mpeg"
    asked = replace(SOUND, url=f"{SOUND.url}?v=2")
    assert channel(feed_of((make_article(1, media=(asked,)),), "rss")).find(f"item/{ITUNES}duration") is None


@pytest.mark.parametrize("form", ["atom", "json"])
def test_only_rss(form, golden_of):
    """Podcast programs read RSS; the other formats stay as they are."""
    assert b"itunes" not in render(golden_of("podcast", form), form).body


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("ban-bien-tap@thungmay.example", "ban-bien-tap@thungmay.example"),
        ("https://thungmay.example/lien-he", None),
        ("", None),
    ],
)
def test_who_runs_the_service_is_the_owner(golden_of, contact, told):
    """The owner's mailbox is the contact of the configuration, or the one that every host has."""
    feed = replace(golden_of("podcast", "rss"), contact=contact)
    assert channel(feed).find(f"{ITUNES}owner/{ITUNES}email").text == (told or "webmaster@feeds.example.org")

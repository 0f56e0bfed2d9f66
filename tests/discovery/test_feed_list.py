"""A feed of the portal's own read as a listing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedsvc.errors import ExtractError, LayoutChanged
from feedsvc.extract.feed_list import feed_listing, is_feed
from feedsvc.sites.generic import GenericSite

RSS = """<?xml version="1.0" encoding="utf-8"?>
<!-- made by hand -->
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>Tin &amp;amp; sự kiện</title><link>https://muongla.example.vn/</link>
<atom:link rel="next" href="/rss?page=2"/>
<item><title><![CDATA[Chợ phiên &quot;xuân&quot; họp sớm]]></title><link>/cho-phien-12.html?utm_source=rss</link>
<description><![CDATA[<p><img src="/a.jpg">Bà con <b>các bản</b> về chợ.</p>]]></description>
<pubDate>Fri, 20 Nov 2026 08:00:00 +0700</pubDate>
<enclosure url="/anh/cho.jpg" type="image/jpeg" length="1000"/>
<media:content url="/phim/cho.mp4" type="video/mp4"/><media:thumbnail url="/anh/cho.jpg"/></item>
<item><title>Không có địa chỉ</title></item>
<item><link>/khong-co-tieu-de</link></item>
<item><title>Nước sạch về bản</title><link>https://muongla.example.vn/nuoc-sach</link><pubDate>hôm qua</pubDate></item>
<item><title>Nước sạch về bản</title><link>https://muongla.example.vn/nuoc-sach</link></item>
</channel></rss>"""


def test_items_are_the_lines_of_a_list(make):
    """Title, address, day, summary and media of each item; items without title or address are left out."""
    listing = feed_listing(make.page(f"{make.home}rss", RSS), make.source)
    first, second = listing.stubs
    assert listing.title == "Tin & sự kiện"
    assert (first.title, first.url) == ('Chợ phiên "xuân" họp sớm', f"{make.home}cho-phien-12.html")
    assert (first.summary, first.published) == ("Bà con các bản về chợ.", datetime(2026, 11, 20, 1, tzinfo=UTC))
    assert [(one.url, one.kind) for one in first.media] == [
        (f"{make.home}anh/cho.jpg", "image"),
        (f"{make.home}phim/cho.mp4", "video"),
    ]
    assert first.keys[0] == "url:muongla.example.vn/cho-phien-12.html"
    assert (second.title, second.published) == ("Nước sạch về bản", None)
    assert listing.next_url == f"{make.home}rss?page=2"


def test_the_digest_moves_with_the_items_alone(make):
    """The same items give the same digest; another one another."""
    one, same, other = (
        feed_listing(make.page(f"{make.home}rss", text), make.source).digest
        for text in (RSS, RSS.replace("made by hand", "made again"), RSS.replace("họp sớm", "họp muộn"))
    )
    assert one == same != other


def test_every_site_reads_feeds(make):
    """A category may have the address of a feed: the default portal family reads it."""
    listing = GenericSite().listing(make.page(f"{make.home}rss", RSS, "text/html"), make.source)
    assert len(listing.stubs) == 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (RSS, True),
        ("\ufeff<feed xmlns='http://www.w3.org/2005/Atom'></feed>", True),
        ("<rdf:RDF xmlns:rdf='x'></rdf:RDF>", True),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', True),
        ("<?xml version='1.0'?><!DOCTYPE html><html><body>rss <feed></body></html>", False),
        ("<html><head><title>rss</title></head></html>", False),
        ('{"items": []}', False),
        ("<rssx>", False),
    ],
)
def test_feeds_are_told_by_how_they_begin(make, body, told):
    """Whatever type the server says, a feed is told from a page by its first element."""
    assert is_feed(make.page(make.home, body)) is told


def test_a_feed_without_items_is_no_listing(make):
    """An empty feed is told, as an empty list is."""
    with pytest.raises(LayoutChanged, match="has no items"):
        feed_listing(make.page(f"{make.home}rss", "<rss><channel/></rss>"), make.source)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
@example(b"<rss>" + b"<a>" * 5000)
@example(b'{"version": "https://jsonfeed.org/version/1", "items": [1, null, {"url": 3}]}')
def test_any_bytes_give_lines_or_an_error_of_ours(make, body):
    """Broken feeds cost themselves alone."""
    try:
        feed_listing(make.page(f"{make.home}rss", b"<rss>" + body), make.source)
        feed_listing(make.page(f"{make.home}rss", body), make.source)
    except ExtractError:
        return

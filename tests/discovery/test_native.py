"""Feeds of the portal's own: found, read safely, and called usable only when they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.errors import ExtractError
from feedsvc.extract.feed_list import read_feed
from feedsvc.extract.native import declared_feeds, shortcoming, wordpress_categories, wordpress_categories_url
from feedsvc.extract.page import open_page
from feedsvc.model import Stub

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Tin Mường La</title>{}</channel></rss>"""
ITEM = "<item><title>Tin {0}</title><link>https://muongla.example.vn/tin-{0}</link><pubDate>{1}</pubDate></item>"
DAY = "Fri, 20 Nov 2026 08:00:00 +0700"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def rss(count, day=DAY):
    """A feed of so many items."""
    return RSS.format("".join(ITEM.format(n, day) for n in range(count)))


def stubs(count, published=None):
    """The lines of the page that declares it."""
    return [
        Stub(keys=(), url=f"https://www.muongla.example.vn/tin-{n}/", title=f"Tin {n}", published=published)
        for n in range(count)
    ]


def test_declared_feeds_are_found(make):
    """`link rel=alternate` and links that only feeds have; feeds of comments are none."""
    document = open_page(
        make.page(
            make.home,
            """<html><head><link rel="alternate" type="application/rss+xml" href="/rss/tin.xml">
            <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
            <link rel="alternate" hreflang="en" href="/en"></head>
            <body><a href="/tin.rss">RSS</a><a href="/tin">Tin</a></body></html>""",
        )
    )
    assert declared_feeds(document) == (f"{make.home}rss/tin.xml", f"{make.home}tin.rss")


@pytest.mark.parametrize(
    "body",
    [
        rss(3),
        """<feed xmlns="http://www.w3.org/2005/Atom"><title>Tin Mường La</title><entry><title>Tin 0</title><link rel="alternate"
        href="https://muongla.example.vn/tin-0"/><updated>2026-11-20T01:00:00Z</updated></entry><entry>
        <title>Tin 1</title><link href="/tin-1"/></entry><entry><title>Tin 2</title><link href="/tin-2"/></entry></feed>""",
        """{"version":"https://jsonfeed.org/version/1.1","title":"Tin Mường La","items":[
        {"title":"Tin 0","url":"https://muongla.example.vn/tin-0","date_published":"2026-11-20T08:00:00+07:00"},
        {"title":"Tin 1","url":"/tin-1"},{"title":"Tin 2","url":"/tin-2"}]}""",
    ],
    ids=["rss", "atom", "json"],
)
def test_feeds_are_read(make, body):
    """RSS, Atom and JSON Feed give their items and the day of the newest."""
    feed = read_feed(make.page(f"{make.home}rss", body), make.source)
    assert (feed.title, len(feed.stubs)) == ("Tin Mường La", 3)
    assert feed.newest == datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert shortcoming(feed, stubs(3), NOW) == ""


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE rss [<!ENTITY a "b">]>' + rss(1),
        "<html><body>404</body></html>",
        "<rss><channel><item>",
        "",
        "{}",
        '{"items": 3}',
        "\x00\x01",
    ],
)
def test_what_is_no_feed_is_refused(make, body):
    """A document type, a page, an empty or broken feed: none is taken for a feed."""
    with pytest.raises(ExtractError):
        read_feed(make.page(f"{make.home}rss", body), make.source)


@pytest.mark.parametrize(
    ("body", "page", "why"),
    [
        (rss(3, "Mon, 02 Mar 2020 08:00:00 +0700"), stubs(3), "newest item is of 02/03/2020"),
        (rss(3), stubs(3, NOW + timedelta(days=2)), "newest item is of 20/11/2026"),
        (rss(3), stubs(10), "carries 3 of the 10 items"),
        (rss(3, "hôm qua"), stubs(3), "have no dates"),
    ],
)
def test_a_feed_that_cannot_stand_for_its_page_is_told_why(make, body, page, why):
    """Stale feeds, those behind the page, and those that carry less than the page are not used."""
    assert why in shortcoming(read_feed(make.page(f"{make.home}rss", body), make.source), page, NOW)


def test_fresh_is_within_days(make):
    """A feed as new as its page is fresh."""
    feed = read_feed(make.page(f"{make.home}rss", rss(3)), make.source)
    assert shortcoming(feed, stubs(3, feed.newest + timedelta(days=1)), NOW) == ""


def test_wordpress_tells_its_categories(make):
    """A WordPress portal names where; categories of three posts and more count."""
    markup = '<html><head><link rel="https://api.w.org/" href="/wp-json/"></head><body><a href="/a">a</a></body></html>'
    url = wordpress_categories_url(open_page(make.page(make.home, markup)))
    assert url == f"{make.home}wp-json/wp/v2/categories?per_page=100&_fields=name,link,count"
    told = (
        '[{"name":"Tin t&#7913;c","link":"https://muongla.example.vn/tin","count":9},{"name":"x","link":"y","count":1}]'
    )
    assert wordpress_categories(make.page(url, told)) == (("Tin tức", "https://muongla.example.vn/tin"),)
    with pytest.raises(ExtractError):
        wordpress_categories(make.page(url, '{"code":"rest_disabled"}'))

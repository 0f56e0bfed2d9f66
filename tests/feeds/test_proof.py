"""The check before publishing lets sound documents through, and names what is wrong with any other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedsvc.errors import RenderError
from feedsvc.feeds import render
from feedsvc.feeds.proof import prove
from feedsvc.model import Deletion, Paging, Rendered

FAULTS = {
    "rss": [
        ("</title>", "", "XMLSyntaxError"),
        ("/thung-may.rss", "/other.rss", "self is"),
        (">tag:feeds.example.org,2026:thung-may/00000000000000000002<", "> <", "no id"),
        ("00000000000000000002<", "00000000000000000001<", "more than once"),
        ('isPermaLink="false"', 'isPermaLink="true"', "address"),
        ("07:15:00 +0700</pubDate>", "07:15:00 -0000</pubDate>", "without a zone"),
        ("<pubDate>Sat, 19 Sep 2026 07", "<pubDate>Fri, 18 Sep 2026 07", "newest come first"),
        ("pubDate>", "date>", "without pubDate"),
        ("+07:00</dcterms", "</dcterms", "without a zone"),
        ("<link>https://thungmay.example/tin-tuc/bai-1.html", "<link>/tin-tuc/bai-1.html", "absolute"),
        ('<enclosure url="https:', '<enclosure url="ftp:', "absolute"),
        ('length="48213" type', 'length="" type', "without length"),
        ('length="48213" type', 'length="viele" type', "of length"),
        ('type="image/jpeg"/>', 'type="jpeg"/>', "of type"),
        (' url="https://thungmay.example/anh/a.jpg" length', " length", "KeyError"),
        ("<enclosure ", "<enclosure/><enclosure ", "where RSS allows one"),
        ("<title>Phiên", "<title>&lt;b&gt;Phiên", "markup in its title"),
        ("<title>Phiên", "<title>&amp;amp;lt;img Phiên", "markup in its title"),
        ("<media:content", "<media:group><media:content/></media:group><media:content", "media:group of 1"),
        ('medium="image"', 'medium="image"><media:thumbnail url="x"/></media:content><x', "absolute"),
        ("</channel>", "<item/></channel>", "without"),
        ('rel="self"', 'rel="other"', "0 links to itself"),
        ('<atom:link rel="next" type="application/rss+xml" href="https:', '<atom:link rel="next" href="', "absolute"),
        ('rel="hub" href="https://feeds.example.org/hub"', 'rel="hub" href="https://x.example/"', "does not name"),
        ("rss?page=2", "rss?page=3", "does not name"),
        ("<url>https:", "<url>http//", "absolute"),
        ("&lt;p&gt;Sương", "&lt;p onclick=x&gt;Sương", "not allowed"),
        ("&lt;p&gt;Sương", "&lt;script&gt;Sương", "not allowed"),
        ("<description>Từ", "<description>&lt;b&gt;Từ", "markup in its lead"),
        ("<pubDate>Sat, 19 Sep 2026 07", "<pubDate>Tue, 19 Sep 2056 07", "cannot be"),
        ("</channel>", '<x:complete xmlns:x="http://purl.org/syndication/history/1.0"/></channel>', "fh:complete"),
    ],
    "atom": [
        ("</title>", "", "XMLSyntaxError"),
        ("/thung-may.atom", "/other.atom", "self is"),
        ("<id>tag:feeds.example.org,2026:feeds/thung-may</id>", "<id> </id>", "the feed has no id"),
        ("<title>Cổng", "<titel>Cổng", "XMLSyntaxError"),
        ("00000000000000000002<", "00000000000000000001<", "more than once"),
        ("07:15:00+07:00</published>", "07:15:00</published>", "without a zone"),
        ("<published>2026-09-19T07", "<published>2026-09-18T07", "newest come first"),
        ('rel="alternate" type="text/html"/>\n    <summary', 'rel="related"/>\n    <summary', "0 alternate links"),
        ('length="48213" href="https:', 'length="48213" href="ftp:', "absolute"),
        ("author>", "writer>", "has no author"),
        ("published>", "issued>", "without published"),
        ("<logo>https:", "<logo>", "absolute"),
        ('rel="next" type="application/atom+xml" href="https:', 'rel="next" href="', "absolute"),
        ('ref="tag:feeds.example.org,2026:thung-may/00000000000000000007"', 'ref=" "', "has no id"),
        ('thung-may/00000000000000000007"', 'thung-may/00000000000000000001"', "withdrawn and as there"),
        ('thung-may/00000000000000000007"', 'thung-may/00000000000000000008"', "more than once"),
        ('when="2026-09-19T07:22:00+07:00"', 'when="2026-09-19T07:22:00"', "without a zone"),
        ('when="2026-09-19T07:22:00+07:00"', "", "KeyError"),
        ("&lt;p&gt;Sương", "&lt;iframe&gt;Sương", "not allowed"),
        ("<summary>Từ", "<summary>&lt;b&gt;Từ", "markup in its lead"),
    ],
    "json": [
        ('"items": [', '"items": ', "JSONDecodeError"),
        ("/thung-may.json", "/other.json", "self is"),
        ("00000000000000000002", "00000000000000000001", "more than once"),
        ('"content_html"', '"content"', "no content"),
        ('07:15:00+07:00",\n   "date_m', '07:15:00",\n   "date_m', "without a zone"),
        ('"url": "https://thungmay.example/tin-tuc', '"url": "/tin-tuc', "absolute"),
        ('"mime_type": "image/jpeg"', '"mime_type": "jpeg"', "of type"),
        ('"size_in_bytes": 48213', '"size_in_bytes": -1', "of length"),
        ('"date_published"', '"date"', "KeyError"),
        ('"next_url": "https:', '"next_url": "', "absolute"),
        ('"icon": "https:', '"icon": "', "absolute"),
        ("feeds.example.org/hub", "x.example/", "does not name"),
        ('"content_html": "<p>', '"content_html": "<p style=x>', "not allowed"),
        ('"summary": "Từ', '"summary": "&lt;b>Từ', "markup in its lead"),
    ],
}


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"), [(name, *fault) for name, faults in FAULTS.items() for fault in faults]
)
def test_faults_are_named(name, old, new, reason, feed_of, make_article, make_picture):
    """A document with this one fault is refused with its reason."""
    items = (make_article(1, media=(make_picture("a"),)), make_article(2))
    deleted = tuple(Deletion(id=make_article(gone).id, when=items[0].updated) for gone in (7, 8))
    paging = Paging(next=f"https://feeds.example.org/feeds/thung-may.{name}?page=2")
    image = "https://thungmay.example/logo.png"
    feed = replace(
        feed_of(items, name), deleted=deleted, paging=paging, hub="https://feeds.example.org/hub", image=image
    )
    rendered = render(feed, name)
    prove(feed, rendered, name)
    text = rendered.body.decode()
    assert old in text
    broken = replace(rendered, body=text.replace(old, new).encode())
    with pytest.raises(RenderError, match=reason):
        prove(feed, broken, name)


def test_a_missing_item(kind, cases, feed_of):
    """An item that is neither in the document nor named as left out is missed."""
    feed = feed_of(cases["plain"], kind)
    rendered = render(replace(feed, items=feed.items[:1]), kind)
    with pytest.raises(RenderError, match="1 items, where 2 less 0"):
        prove(feed, rendered, kind)
    prove(feed, replace(rendered, left_out=(feed.items[1].id,)), kind)


@pytest.mark.parametrize("body", [b"", b"x" * 512 * 1024])
def test_size(body, kind, cases, feed_of):
    """Nothing, and more than half a mebibyte, are no documents; this holds for formats of others too."""
    for name in (kind, "other"):
        with pytest.raises(RenderError, match="bytes, where"):
            prove(feed_of(cases["plain"], kind), Rendered(body=body, media_type="x"), name)


def test_other_formats_pass_by_size(cases, feed_of):
    """A document of a format that is installed beside ours is judged by its size alone."""
    prove(feed_of(cases["plain"], "other"), Rendered(body=b"anything", media_type="x"), "other")

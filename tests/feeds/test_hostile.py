"""Whatever a portal writes, the document is well formed and holds its items."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fakes.w3c import UNKNOWN, findings
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedsvc.feeds import render
from feedsvc.feeds.atom import atom_entry
from feedsvc.feeds.envelope import Entry, filled
from feedsvc.feeds.gathering import feed_facts
from feedsvc.feeds.proof import prove
from feedsvc.feeds.rss import rss_entry
from feedsvc.model import VIETNAM, Author, Category, Deletion, Feed, Item, MediaObject, Paging, Source

TEXT = st.text(st.characters(), max_size=40) | st.sampled_from([
    "\x00", "\ud800", "\ufffe", "]]>", "<!--", "<script>alert(1)</script>", "&#0;", "&amp;lt;b&amp;gt;", "<![CDATA[",
    "&#x202a;", "&lt\u037escript>", "<\u0338", "%", "http://[", "//", "\u2028",
])  # fmt: skip
PIECES = st.sampled_from([
    "<p>", "</p>", "<table>", "<tr><td colspan=2>", "</table>", "<li>", "<ul>", "<b>", "</i>", "<a href='/x?a=1&b=2'>",
    "<a href=https://x.example/?a=1&b=2 onclick=x()>", "</a>", "<img src=//x.example/a.jpg>", "<br/>", "<hr>", "<!-- x -->",
    "<img src=\"https://x.example/ả nh.jpg\" alt='<b>\"&quot;'>", "<iframe src=https://x.example/>", "<style>p{}</style>",
    "<video controls><source src=https://x.example/a.mp4 type=video/mp4></video>", "<form action=/><input name=x>", "<svg/>",
    "<figure>", "<figcaption>", "</figure>", "&nbsp;", "&copy", "&#7;", "&#60;script&#62;", "R&D", " < ", "]]>", "\x00", "<",
])  # fmt: skip
HTML = st.lists(PIECES, max_size=12).map("".join)
ADDRESS = TEXT | st.builds("https://thungmay.example/{}".format, TEXT) | st.builds("https://{}/".format, TEXT)
# The bounds of st.datetimes are naive by its own rule.
MOMENT = st.datetimes(min_value=datetime(1900, 1, 2), timezones=st.sampled_from([UTC, VIETNAM]))  # noqa: DTZ001
NUMBER = st.none() | st.integers()
MEDIUM = st.builds(
    MediaObject,
    url=ADDRESS,
    kind=st.sampled_from(["image", "video", "audio", "document"]),
    mime=st.none() | TEXT | st.sampled_from(["image/jpeg", "video/mp4", "application/x-mpegURL", "image/svg+xml"]),
    length=NUMBER,
    width=NUMBER,
    height=NUMBER,
    duration=st.none() | st.floats(),
    title=TEXT,
    caption=TEXT,
    thumbnail=st.none() | ADDRESS,
    player=st.none() | ADDRESS,
)
ITEM = st.builds(
    Item,
    id=st.uuids().map("tag:feeds.example.org,2026:thung-may/{}".format),
    keys=st.just(("k",)),
    source=TEXT,
    url=ADDRESS,
    title=TEXT,
    summary=TEXT,
    html=TEXT | HTML,
    text=TEXT,
    authors=st.lists(st.builds(Author, name=TEXT, organisation=TEXT), max_size=3).map(tuple),
    first_seen=MOMENT,
    shown=MOMENT,
    updated=MOMENT,
    categories=st.lists(TEXT, max_size=3).map(tuple),
    media=st.lists(MEDIUM, max_size=4).map(tuple),
    language=TEXT,
    point=st.none() | st.tuples(st.floats(), st.floats()),
    related=st.lists(ADDRESS, max_size=2).map(tuple),
).map(lambda item: replace(item, updated=max(item.shown, item.updated)))
SOURCE = st.builds(Source, slug=TEXT, title=TEXT, home=ADDRESS)
CATEGORY = st.builds(
    Category, source=TEXT, slug=TEXT, title=TEXT, url=ADDRESS, kind=st.sampled_from(["news", "video", "documents"])
)
PAGING = st.builds(
    Paging,
    next=ADDRESS,
    previous=ADDRESS,
    prev_archive=ADDRESS,
    next_archive=ADDRESS,
    current=ADDRESS,
    archive=st.booleans(),
)
DELETION = st.builds(Deletion, id=st.uuids().map("tag:feeds.example.org,2026:thung-may/{}".format), when=MOMENT)
FEED = st.builds(
    Feed,
    id=st.just("tag:feeds.example.org,2026:feeds/thung-may"),
    slug=st.just("thung-may"),
    title=TEXT,
    home=ADDRESS,
    self_url=st.just("https://feeds.example.org/feeds/thung-may"),
    page_url=st.just("https://feeds.example.org/feeds/thung-may"),
    description=TEXT,
    language=TEXT,
    timezone=st.just(VIETNAM),
    updated=MOMENT,
    items=st.lists(ITEM, max_size=3, unique_by=lambda item: item.id).map(
        lambda items: tuple(sorted(items, key=lambda item: item.shown, reverse=True))
    ),
    sources=st.lists(SOURCE, max_size=2).map(tuple),
    categories=st.lists(CATEGORY, max_size=2).map(tuple),
    ttl=st.timedeltas(),
    deleted=st.lists(DELETION, max_size=2).map(tuple),
    paging=PAGING,
    hub=ADDRESS,
    image=ADDRESS | st.builds("https://thungmay.example/{}.png".format, TEXT),
)


@settings(max_examples=150, deadline=None)
@given(feed=FEED)
@pytest.mark.parametrize("format_name", ["rss", "atom", "json"])
def test_any_text_anywhere(format_name, feed):
    """Any text in any field gives a sound document with the same number of items."""
    rendered = render(feed, format_name)
    assert rendered.left_out == ()
    assert _count(rendered.body) == len(feed.items)
    prove(feed, rendered, format_name)


# What lies with the data: a portal that dates its news to 1950 or the year 9000, lost characters, names of hosts without
# a dot, codes of no language; and items of one poll that are told a second apart only by whoever settles them.
OF_THE_DATA = UNKNOWN | {
    "ImplausibleDate", "BadCharacters", "InvalidURLAttribute", "InvalidLanguage", "DuplicateUpdated", "ForeignPage",
    "LinkPastEnd", "ArchiveIncomplete", "MissingCurrentInArchive", "MissingDCLanguage",
}  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(feed=FEED)
@pytest.mark.parametrize("format_name", ["rss", "atom"])
def test_any_text_breaks_no_rule(format_name, feed):
    """Whatever is written in any field, the W3C's validator has nothing to say but of what the data themselves are."""
    rendered = render(feed, format_name)
    told = findings(rendered.body, rendered.media_type, feed.self_url)
    assert [finding for finding in told if finding.rule not in OF_THE_DATA] == []


def _count(body: bytes) -> int:
    if body.startswith(b"{"):
        return len(json.loads(body)["items"])
    root = etree.fromstring(body)
    return len(root.findall("channel/item") or root.findall("{*}entry"))


def test_every_code_point(kind, feed_of, make_article):
    """Each of the 0x110000 characters may stand in a title, lead, body and caption; none harms the document."""
    step = 0x1000
    for start in range(0, sys.maxunicode + 1, step * 16):
        items = tuple(
            make_article(place, title=text, summary=text, html=text, authors=(Author(name=text[:99]),))
            for place, first in enumerate(range(start, min(start + step * 16, sys.maxunicode + 1), step))
            for text in ["".join(map(chr, range(first, first + step)))]
        )
        rendered = render(feed_of(items, kind), kind)
        assert _count(rendered.body) + len(rendered.left_out) == len(items)
        assert rendered.body.decode()


@pytest.mark.parametrize("number", [*range(0x20), *range(0x7F, 0xA0), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_one_bad_character(number, kind, feed_of, make_article):
    """One control character, surrogate or non-character in a field costs that character, never an item."""
    bad = chr(number)
    item = make_article(1, title=f"Chợ{bad} phiên", html=f"<p>Chợ{bad} phiên</p>", summary=bad)
    rendered = render(feed_of((item, make_article(2)), kind), kind)
    assert rendered.left_out == ()
    assert _count(rendered.body) == 2
    assert "phiên" in rendered.body.decode()


PAYLOADS = [
    "<script>alert(1)</script>", "<ScRiPt src=//x.example>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>", "<scr<b>ipt>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;img src=x onerror=alert(1)&amp;gt;", "&#60;script&#62;", "&#x3c;script>", "&lt\u037escript>", "<\x00script>",
    "<\u202escript>", "&lt;&#x202a;script&gt;", "<script", "<!--><img src=x onerror=alert(1)>-->", "<![CDATA[<b>]]>",
    "<?xml version='1.0'?>", "</title><script>alert(1)</script>", "&" + "amp;" * 40 + "lt;script&gt;",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_titles_hold_no_markup(payload, kind, feed_of, make_article, make_picture):
    """No title, lead, name or caption is markup, also for a reader that decodes it twice more."""
    media = (make_picture("a", title=payload, caption=payload),)
    names = (Author(name=payload, organisation=payload),)
    item = make_article(1, title=f"Tin {payload}", summary=payload, html="", text="", authors=names, media=media)
    feed = replace(feed_of((item,), kind), title=f"Tin {payload}", description=payload)
    rendered = render(feed, kind)
    prove(feed, rendered, kind)
    decoded = rendered.body.decode()
    for _ in range(3):
        decoded = decoded.replace("&lt;", "<").replace("&amp;", "&").replace("&#60;", "<").lower()
    for active in ("<script", "<img", "<svg", "<iframe", "<b>"):
        assert active not in decoded


def test_an_item_that_cannot_be_told_is_left_out(kind, feed_of, make_article):
    """Without id, with the id of another, with a date without zone or before 1900: that item is left out and named."""
    good = make_article(1)
    naive = make_article(3, shown=datetime(2026, 9, 1, 8, 0))  # noqa: DTZ001 - the fault under test
    ancient = make_article(5, shown=datetime(99, 1, 1, tzinfo=UTC))
    feed = feed_of((good, make_article(2, id="\x00 "), naive, make_article(4, id=good.id), ancient), kind)
    rendered = render(feed, kind)
    assert rendered.left_out == ("\x00 ", naive.id, good.id, ancient.id)
    prove(feed, rendered, kind)


@pytest.mark.parametrize(
    ("make", "write"), [(rss_entry, Entry.rss_entry), (atom_entry, Entry.atom_entry)], ids=["rss", "atom"]
)
def test_a_fault_that_cleaning_missed(make, write, feed_of, make_article):
    """If a character that lxml refuses should ever come past the cleaning, it costs one item, not the feed."""
    facts = feed_facts(feed_of((make_article(1), make_article(2), make_article(3)), "rss"))
    first, second, third = facts.items
    broken = replace(facts, items=(first, replace(second, title="\x00"), third))
    envelope, left_out = filled(broken, make, write)
    assert left_out == (second.id,)
    assert [entry.id() for entry in envelope.entry()] == [first.id, third.id]

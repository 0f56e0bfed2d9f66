"""The door of the room: formats by name, media types, and the size that no document exceeds."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from lxml import etree

from feedsvc.errors import RenderError
from feedsvc.feeds import formats, render
from feedsvc.feeds.proof import prove
from feedsvc.model import Author

BODY = "<p>" + "Suối reo dưới chân đèo, người đi chợ về muộn. " * 400 + "</p>"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("rss", "application/rss+xml; charset=utf-8"),
        ("atom", "application/atom+xml; charset=utf-8"),
        ("json", "application/feed+json"),
    ],
)
def test_media_types(name, media_type, cases, feed_of):
    """Each format says what it is in the words that readers expect."""
    assert render(feed_of(cases["plain"], name), name).media_type == media_type


def test_unknown_format(cases, feed_of):
    """A format that nobody offers is refused with the names of those that are."""
    assert set(formats()) >= {"rss", "atom", "json"}
    with pytest.raises(RenderError, match=r"'rdf'.*atom.*json.*rss"):
        render(feed_of(cases["plain"], "rdf"), "rdf")


@pytest.mark.parametrize("fault", [{"id": "\x00"}, {"updated": datetime(2026, 1, 1)}])  # noqa: DTZ001
def test_a_feed_that_cannot_be_a_document(fault, kind, cases, feed_of):
    """A feed without id, or with a date without zone, is an error of ours that names the feed."""
    with pytest.raises(RenderError, match="thung-may"):
        render(replace(feed_of(cases["plain"], kind), **fault), kind)


def test_an_empty_feed(kind, feed_of):
    """A feed without items yet is a sound document."""
    feed = feed_of((), kind)
    prove(feed, render(feed, kind), kind)


def test_bodies_of_the_oldest_go_first(kind, feed_of, make_article):
    """A document that would be too large keeps all items, and the bodies of the newest."""
    feed = feed_of(tuple(make_article(number, html=BODY) for number in range(60)), kind)
    rendered = render(feed, kind)
    prove(feed, rendered, kind)
    assert rendered.left_out == ()
    kept = [bool(body) for body in _bodies(rendered.body)]
    assert kept == sorted(kept, reverse=True)
    assert 5 < sum(kept) < 60
    assert len(rendered.body) > 400 * 1024


def test_then_the_oldest_items_go(kind, feed_of, make_article):
    """When bodies do not suffice the oldest items go, and are named."""
    lead = "Chợ phiên đông vui. " * 1200
    items = tuple(make_article(number, summary=lead, html="") for number in range(40))
    feed = feed_of(items, kind)
    rendered = render(feed, kind)
    prove(feed, rendered, kind)
    assert 0 < len(rendered.left_out) < 40
    assert set(rendered.left_out) == {item.id for item in items[-len(rendered.left_out) :]}


def _bodies(document: bytes) -> list[str]:
    if document.startswith(b"{"):
        return [item.get("content_html", "") for item in json.loads(document)["items"]]
    root = etree.fromstring(document)
    entries = root.findall("channel/item") or root.findall("{*}entry")
    return [entry.findtext("{*}encoded") or entry.findtext("{*}content[@type='html']") or "" for entry in entries]


@pytest.mark.parametrize(
    ("ttl", "minutes", "period", "frequency"),
    [
        (timedelta(minutes=15), "15", "hourly", "4"),
        (timedelta(hours=1), "60", "hourly", "1"),
        (timedelta(hours=6), "360", "daily", "4"),
        (timedelta(days=3), "4320", "daily", "1"),
        (timedelta(seconds=5), "1", "hourly", "60"),
    ],
)
def test_how_often(ttl, minutes, period, frequency, cases, feed_of):
    """RSS tells in ttl and in the syndication module how often looking pays."""
    body = render(replace(feed_of(cases["plain"], "rss"), ttl=ttl), "rss").body.decode()
    assert f"<ttl>{minutes}</ttl>" in body
    assert f"<sy:updatePeriod>{period}</sy:updatePeriod>" in body
    assert f"<sy:updateFrequency>{frequency}</sy:updateFrequency>" in body


def test_order_is_kept(kind, feed_of, make_article):
    """Items stand as they were given, newest first."""
    items = tuple(make_article(number) for number in range(20))
    body = render(feed_of(items, kind), kind).body.decode()
    found = re.findall(r"tag:feeds\.example\.org,2026:thung-may/[0-9a-f]{20}", body)
    assert found == [item.id for item in items]


def test_an_organisation_alone_is_the_author(feed_of, make_article):
    """An organisation is a contributor beside a person, and the author where nobody is named, never both."""
    office = Author(name="", organisation="Ủy ban nhân dân thị trấn")
    for authors, author, contributor in (
        ((office,), office.organisation, None),
        ((Author(name="Lò Thị Mai"), office), "Lò Thị Mai", office.organisation),
    ):
        atom = etree.fromstring(render(feed_of((make_article(1, authors=authors),), "atom"), "atom").body)
        assert atom.findtext("{*}entry/{*}author/{*}name") == author
        assert atom.findtext("{*}entry/{*}contributor/{*}name") == contributor


def test_nobody_is_named(feed_of, make_article):
    """Without a byline Atom names the portal, as it must name somebody; RSS and JSON Feed name nobody."""
    nobody = feed_of((make_article(1, authors=()),), "rss")
    assert b"<dc:creator" not in render(nobody, "rss").body
    assert "authors" not in json.loads(render(nobody, "json").body)["items"][0]
    atom = etree.fromstring(render(nobody, "atom").body)
    assert atom.findtext("{*}author/{*}name") == "Cổng thông tin điện tử Thung Mây"


def test_merged_feed_names_the_origin(cases, feed_of):
    """In a feed across sources every RSS item names the portal it comes from, with the address of that portal's feed."""
    merged = etree.fromstring(render(feed_of(cases["merged"], "rss"), "rss").body)
    assert [(source.get("url"), source.text) for source in merged.iter("source")] == [
        ("https://feeds.example.org/feeds/thung-may.rss", "Cổng thông tin điện tử Thung Mây"),
        ("https://feeds.example.org/feeds/ban-la.rss", "Trang tin huyện Bản Lả"),
    ]
    assert not list(etree.fromstring(render(feed_of(cases["plain"], "rss"), "rss").body).iter("source"))

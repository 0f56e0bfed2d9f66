"""What each format carries of a feed and its items, fact by fact, and that pages and choices of a feed are like it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from feedsvc.feeds import render
from feedsvc.feeds.proof import prove
from feedsvc.model import Deletion, Paging

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "fh": "http://purl.org/syndication/history/1.0",
    "georss": "http://www.georss.org/georss",
}
HUB = "https://feeds.example.org/hub"


def tree(feed, form):
    """The feed's document in RSS (its channel) or Atom."""
    rendered = render(feed, form)
    prove(feed, rendered, form)
    root = etree.fromstring(rendered.body)
    return root[0] if form == "rss" else root


def members(feed):
    """The feed's document in JSON."""
    rendered = render(feed, "json")
    prove(feed, rendered, "json")
    return json.loads(rendered.body)


def links(root):
    """The links of a feed, by rel: type and address."""
    return {link.get("rel"): (link.get("type"), link.get("href")) for link in root.findall("atom:link", NS)}


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_every_way_around(form, golden_of):
    """Hub, next, previous, archives and the current document are linked, the hub alone without a type."""
    around = {
        "next": "?page=3",
        "previous": "?limit=50",
        "prev-archive": "?before=51",
        "next-archive": "?before=151",
        "current": "",
    }
    base = f"https://feeds.example.org/feeds/thung-may.{form}"
    paging = Paging(**{rel.replace("-", "_"): f"{base}{query}" for rel, query in around.items()})
    root = tree(replace(golden_of("plain", form), hub=HUB, paging=paging), form)
    expected = {rel: (f"application/{form}+xml", f"{base}{query}") for rel, query in around.items()}
    expected |= {"self": (f"application/{form}+xml", base), "hub": (None, HUB)}
    found = links(root)
    assert found.pop("alternate", ("text/html", "https://thungmay.example/")) == (
        "text/html",
        "https://thungmay.example/",
    )
    assert found == expected
    assert root.find("fh:archive", NS) is None


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_an_archive_says_so(form, golden_of):
    """An archive is marked as one; that a feed is complete is never said."""
    root = tree(golden_of("archive", form), form)
    assert len(root.findall("fh:archive", NS)) == 1
    assert root.find("fh:complete", NS) is None


def test_the_hub_in_json(golden_of):
    """JSON Feed names the hub by its kind, and nothing where there is none."""
    feed = golden_of("plain", "json")
    assert members(replace(feed, hub=HUB))["hubs"] == [{"type": "WebSub", "url": HUB}]
    assert "hubs" not in members(feed)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/hub", "ftp://feeds.example.org/hub", ""])
def test_no_link_leads_elsewhere_than_the_web(address, kind, golden_of):
    """What is no web address is no link, whatever it was to be."""
    paging = Paging(next=address, prev_archive=address, current=address, archive=True)
    feed = replace(golden_of("plain", kind), hub=address, image=address, paging=paging)
    if kind == "json":
        assert members(feed).keys().isdisjoint({"hubs", "next_url", "icon"})
    else:
        assert links(tree(feed, kind)).keys() <= {"self", "alternate"}


def test_withdrawn_items(golden_of, make_article):
    """Atom tells of each withdrawn item with the moment and a word about it; the other formats leave it out."""
    feed = golden_of("withdrawn", "atom")
    told = tree(feed, "atom").findall("at:deleted-entry", NS)
    assert [(one.get("ref"), one.get("when")) for one in told] == [
        (make_article(3).id, "2026-09-19T11:15:00+07:00"),
        (make_article(2).id, "2026-09-19T10:15:00+07:00"),
    ]
    assert {one.findtext("at:comment", namespaces=NS) for one in told} == {"Cổng thông tin đã gỡ bài này."}
    english = tree(replace(feed, language="en-GB"), "atom")
    assert english.findtext("at:deleted-entry/at:comment", namespaces=NS) == "The portal withdrew this article."
    for form in ("rss", "json"):
        assert make_article(3).id not in render(golden_of("withdrawn", form), form).body.decode()


def test_what_stands_there_is_not_told_as_withdrawn(golden_of, make_article):
    """An item that is in the document, or is told of twice, is not told as withdrawn again."""
    feed = golden_of("plain", "atom")
    deleted = tuple(Deletion(id=make_article(number).id, when=feed.updated) for number in (1, 7, 7))
    found = tree(replace(feed, deleted=deleted), "atom").findall("at:deleted-entry", NS)
    assert [one.get("ref") for one in found] == [make_article(7).id]


def test_the_same_article_elsewhere(golden_of):
    """Pages where other portals tell the same are related links, each once, and members of our own in JSON."""
    feed = golden_of("merged", "rss")
    item = replace(feed.items[0], related=(*feed.items[0].related, *feed.items[0].related, "mailto:x@y.example"))
    feed = replace(feed, items=(item, feed.items[1]))
    expected = ["https://banla.example/tin/cho-phien-thung-may"]
    for form, path in (("rss", "item"), ("atom", "atom:entry")):
        one = replace(feed, self_url=f"https://feeds.example.org/feeds/vung-cao.{form}")
        found = tree(one, form).findall(f"{path}/atom:link[@rel='related']", NS)
        assert [(link.get("href"), link.get("type")) for link in found] == [(expected[0], "text/html")]
    assert members(feed)["items"][0]["_feedsvc"]["related"] == expected


def test_places(golden_of):
    """A place stands in degrees without exponent, latitude first; one that is nowhere on earth is left out."""
    for form, path in (("rss", "item"), ("atom", "atom:entry")):
        root = tree(golden_of("places", form), form)
        points = [item.findtext("georss:point", namespaces=NS) for item in root.findall(path, NS)]
        assert points == ["22.3364 103.843712", "-90 0", None]
    told = [item["_feedsvc"].get("point") for item in members(golden_of("places", "json"))["items"]]
    assert told == [[22.3364, 103.843712], [-90.0, -0.0], None]


@pytest.mark.parametrize("ending", ["png", "PNG", "gif", "jpg", "jpeg"])
def test_the_picture_of_a_feed(ending, golden_of):
    """A feed's picture is RSS's image with title and link of the channel, Atom's logo, JSON Feed's icon."""
    address = f"https://thungmay.example/logo.{ending}"
    image = tree(replace(golden_of("plain", "rss"), image=address), "rss").find("image")
    assert [(child.tag, child.text) for child in image] == [
        ("url", address),
        ("title", "Cổng thông tin điện tử Thung Mây"),
        ("link", "https://thungmay.example/"),
    ]
    atom = tree(replace(golden_of("plain", "atom"), image=address), "atom")
    assert atom.findtext("atom:logo", namespaces=NS) == address
    assert members(replace(golden_of("plain", "json"), image=address))["icon"] == address


@pytest.mark.parametrize("name", ["favicon.ico", "logo.svg", "logo.webp", "logo", ""])
def test_no_picture_that_readers_cannot_show(name, kind, golden_of):
    """An icon file, a drawing or something unknown is no picture of a feed."""
    feed = replace(golden_of("plain", kind), image=name and f"https://thungmay.example/{name}")
    assert render(feed, kind).body == render(golden_of("plain", kind), kind).body


def test_a_choice_is_a_document_of_its_own(kind, golden_of):
    """A document at an address with a query is sound, and what it says of categories and origins is as ever."""
    feed = golden_of("merged", kind)
    query = "?q=ch%E1%BB%A3&limit=20"
    choice = replace(feed, self_url=feed.self_url + query, page_url=feed.page_url + query, id=feed.id + query)
    rendered = render(choice, kind)
    prove(choice, rendered, kind)
    plain = render(feed, kind).body.decode()
    escaped = query.replace("&", "&amp;") if kind != "json" else query
    changed = rendered.body.decode().replace(escaped, "")
    assert changed == plain


def test_atom_origins_are_those_of_the_portals_own_feeds(golden_of):
    """The source of an entry has the id that the Atom feed of its portal has."""
    root = tree(golden_of("merged", "atom"), "atom")
    own = tree(golden_of("plain", "atom"), "atom").findtext("atom:id", namespaces=NS)
    assert root.findtext("atom:entry/atom:source/atom:id", namespaces=NS) == own


def test_dates_are_told_as_they_are(kind, golden_of, make_article):
    """A correction moves the date of change alone, in the portal's zone."""
    before = make_article(1)
    after = replace(before, updated=before.updated + timedelta(days=1), revision=2)
    feed = golden_of("plain", kind)
    texts = [
        render(replace(feed, items=(item,), updated=after.updated), kind).body.decode() for item in (before, after)
    ]
    old, new = (text.splitlines() for text in texts)
    changed = [(was, now) for was, now in zip(old, new, strict=True) if was != now]
    assert all("2026-09-19T07:22" in was and "2026-09-20T07:22" in now for was, now in changed[:1])
    assert len(changed) == (2 if kind == "json" else 1)


def test_the_feeds_own_date_is_the_newest_change(golden_of):
    """RSS and Atom carry the moment that the feed gives, as it counts withdrawals too."""
    feed = golden_of("withdrawn", "rss")
    assert feed.updated > max(item.updated for item in feed.items)
    assert tree(feed, "rss").findtext("lastBuildDate") == "Sat, 19 Sep 2026 11:15:00 +0700"
    assert (
        tree(golden_of("withdrawn", "atom"), "atom").findtext("atom:updated", namespaces=NS).endswith("11:15:00+07:00")
    )


@pytest.mark.parametrize(
    ("lead", "html"),
    [
        ("Giá < 50 nghìn & rẻ", "Giá &lt; 50 nghìn & rẻ"),
        ("R&D, Q&A", "R&amp;D, Q&amp;A"),
        ("Chợ > bản", "Chợ > bản"),
        ("1&2", "1& 2"),
    ],
)
def test_the_description_is_html(lead, html, feed_of, make_article):
    """RSS readers show the description as HTML, so what HTML would misread is escaped; Atom and JSON have the words."""
    feed = feed_of((make_article(1, summary=lead),), "rss")
    assert tree(feed, "rss").findtext("item/description") == html
    assert members(feed_of((make_article(1, summary=lead),), "json"))["items"][0]["summary"] == html.replace(
        "&lt;", "<"
    ).replace("&amp;", "&")

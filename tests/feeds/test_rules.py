"""What the W3C feed validator and JSON Feed 1.1 ask of a document, over every golden feed."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest
from lxml import etree

from feedsvc.feeds import render

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
}
CASE_NAMES = ["plain", "pictures", "film", "youtube", "documents", "undated", "corrected", "hostile", "merged"]
RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0700")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
MIME = re.compile(r"[a-z]+/[a-z0-9.+-]+")


@pytest.fixture(params=CASE_NAMES)
def rss(request, cases, feed_of):
    """Each golden feed as an RSS tree."""
    return etree.fromstring(render(feed_of(cases[request.param], "rss"), "rss").body)


@pytest.fixture(params=CASE_NAMES)
def atom(request, cases, feed_of):
    """Each golden feed as an Atom tree."""
    return etree.fromstring(render(feed_of(cases[request.param], "atom"), "atom").body)


@pytest.fixture(params=CASE_NAMES)
def jsonfeed(request, cases, feed_of):
    """Each golden feed as a JSON object."""
    return json.loads(render(feed_of(cases[request.param], "json"), "json").body)


def test_rss_channel(rss):
    """A channel has one of each required element, its dates in RFC 822, and names its own address."""
    channel = rss.find("channel")
    assert rss.get("version") == "2.0"
    for name in ("title", "link", "description", "language", "lastBuildDate", "generator", "ttl"):
        assert len(channel.findall(name)) == 1, name
    assert channel.find("ttl").text.isdecimal()
    assert RFC822.fullmatch(channel.find("lastBuildDate").text)
    selves = channel.xpath("atom:link[@rel='self']", namespaces=NS)
    assert [(link.get("href"), link.get("type")) for link in selves] == [
        (f"{channel_page(channel)}.rss", "application/rss+xml")
    ]
    assert rss.get("{http://www.w3.org/XML/1998/namespace}lang") == "vi"


def channel_page(channel) -> str:
    """The page of ours that belongs to the document."""
    return channel.xpath("string(atom:link[@rel='self']/@href)", namespaces=NS).removesuffix(".rss")


def test_rss_items(rss):
    """An item has at most one of each element, a guid that is no permalink, its date in RFC 822, and no author."""
    for item in rss.iterfind("channel/item"):
        counts = Counter(child.tag for child in item)
        for name in ("title", "link", "description", "guid", "pubDate"):
            assert counts[name] == 1, name
        assert counts["enclosure"] <= 1
        assert counts["source"] <= 1
        assert counts["author"] == 0
        assert counts[f"{{{NS['content']}}}encoded"] <= 1
        assert item.find("guid").get("isPermaLink") == "false"
        assert URI.fullmatch(item.findtext("link"))
        assert RFC822.fullmatch(item.findtext("pubDate"))
        assert RFC3339.fullmatch(item.findtext("dcterms:modified", namespaces=NS))
        assert parsedate_to_datetime(item.findtext("pubDate")) <= datetime.fromisoformat(
            item.findtext("dcterms:modified", namespaces=NS)
        )
        for category in item.findall("category"):
            assert category.text
            assert URI.fullmatch(category.get("domain"))


def test_rss_enclosures(rss):
    """An enclosure has an absolute address, a length in digits and a type, and is neither HTML nor SVG."""
    for enclosure in rss.iter("enclosure"):
        assert URI.fullmatch(enclosure.get("url"))
        assert enclosure.get("length").isdecimal()
        assert MIME.fullmatch(enclosure.get("type"))
        assert enclosure.get("type") not in {"text/html", "image/svg+xml"}


@pytest.mark.parametrize("case", CASE_NAMES)
@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_media(case, kind, cases, feed_of):
    """No group holds fewer than two forms, one default each; a content has an address or a player, and a medium."""
    root = etree.fromstring(render(feed_of(cases[case], kind), kind).body)
    for group in root.iterfind(".//media:group", NS):
        forms = group.findall("media:content", NS)
        assert len(forms) >= 2
        assert [form.get("isDefault") for form in forms].count("true") == 1
    for content in root.iterfind(".//media:content", NS):
        assert content.get("url") or content.find("media:player", NS) is not None
        assert content.get("medium") in {"image", "audio", "video", "document", "executable"}
        assert {"url", "fileSize", "type", "medium", "isDefault", "duration", "width", "height"} >= set(content.keys())
        for name in ("fileSize", "duration", "width", "height"):
            assert content.get(name, "0").isdecimal()
    for thumbnail in root.iterfind(".//media:thumbnail", NS):
        assert URI.fullmatch(thumbnail.get("url"))


def test_atom_feed(atom):
    """An Atom feed has id, title, updated, author, and one self and one alternate link with their types."""
    for name in ("id", "title", "updated", "author"):
        assert len(atom.findall(f"atom:{name}", NS)) == 1, name
    links = {link.get("rel"): link.get("type") for link in atom.findall("atom:link", NS)}
    assert links == {"self": "application/atom+xml", "alternate": "text/html"}
    assert atom.get("{http://www.w3.org/XML/1998/namespace}lang") == "vi"
    assert RFC3339.fullmatch(atom.findtext("atom:updated", namespaces=NS))


def test_atom_entries(atom):
    """An entry has its required elements once, one alternate link, dates with zone, and content said to be HTML."""
    for entry in atom.iterfind("atom:entry", NS):
        counts = Counter(etree.QName(child).localname for child in entry)
        for name in ("id", "title", "updated", "published"):
            assert counts[name] == 1, name
        assert counts["summary"] <= 1
        assert counts["content"] + counts["summary"] >= 1
        assert URI.fullmatch(entry.findtext("atom:id", namespaces=NS))
        for name in ("updated", "published"):
            assert RFC3339.fullmatch(entry.findtext(f"atom:{name}", namespaces=NS))
        assert [content.get("type") for content in entry.findall("atom:content", NS)] in ([], ["html"])
        links = entry.findall("atom:link", NS)
        assert [link.get("type") for link in links if link.get("rel") == "alternate"] == ["text/html"]
        for link in links:
            assert URI.fullmatch(link.get("href"))
            assert link.get("rel") != "enclosure" or MIME.fullmatch(link.get("type"))
            assert link.get("length", "0").isdecimal()
        for person in entry.xpath("atom:author | atom:contributor", namespaces=NS):
            assert person.findtext("atom:name", namespaces=NS)


def test_atom_entries_do_not_share_updated(atom):
    """No two entries of a golden feed changed at the same moment, which the validator warns of."""
    moments = [updated.text for updated in atom.iterfind("atom:entry/atom:updated", NS)]
    assert len(set(moments)) == len(moments)


def test_atom_sources(atom):
    """A source element has id, title and updated, as a copy of a feed's head must."""
    for source in atom.iter(f"{{{NS['atom']}}}source"):
        assert [etree.QName(child).localname for child in source] == ["id", "title", "updated"]
        assert URI.fullmatch(source.findtext("atom:id", namespaces=NS))


def test_json_feed(jsonfeed):
    """A JSON Feed has the version's address, its title and addresses, and an author."""
    assert jsonfeed["version"] == "https://jsonfeed.org/version/1.1"
    assert jsonfeed["title"]
    assert jsonfeed["authors"][0]["name"]
    assert jsonfeed["_feedsvc"]["about"] == "https://feeds.example.org/"
    assert jsonfeed["feed_url"].endswith(".json")


def test_json_items(jsonfeed):
    """Each item has a string id, some content, RFC 3339 dates, and attachments with address and type."""
    for item in jsonfeed["items"]:
        assert isinstance(item["id"], str)
        assert item.get("content_html") or item.get("content_text")
        assert RFC3339.fullmatch(item["date_published"])
        assert RFC3339.fullmatch(item["date_modified"])
        assert all(tag for tag in item["tags"])
        for attachment in item.get("attachments", []):
            assert URI.fullmatch(attachment["url"])
            assert MIME.fullmatch(attachment["mime_type"])
            assert isinstance(attachment.get("size_in_bytes", 0), int)
        assert item["_feedsvc"]["revision"] >= 1


def test_json_attachments_share_titles_only_as_forms(jsonfeed):
    """Attachments of one title, which a reader takes for forms of one thing, are all video."""
    for item in jsonfeed["items"]:
        counts = Counter(each["title"] for each in item.get("attachments", []) if "title" in each)
        for each in item.get("attachments", []):
            assert counts[each.get("title")] <= 1 or each["mime_type"] in {"video/mp4", "application/vnd.apple.mpegurl"}

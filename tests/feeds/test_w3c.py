"""What the W3C feed validator would say: nothing, of any document; and each of its rules is one that can be broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fakes.w3c import UNKNOWN, findings
from fakes.w3c.markup import html

from feedsvc.feeds import render

GOLDEN = Path(__file__).parent.parent / "golden"
XML = ("rss", "atom")


@pytest.mark.parametrize("form", XML)
def test_no_warning(case, form, golden_of):
    """No golden document breaks a rule; only the two namespaces that the validator does not know are told of."""
    feed = golden_of(case, form)
    rendered = render(feed, form)
    told = {finding.rule for finding in findings(rendered.body, rendered.media_type, feed.self_url)}
    assert told <= UNKNOWN
    assert not told or case in {"podcast", "withdrawn"}


@pytest.mark.parametrize("form", XML)
def test_rare_namespaces_stay_where_they_are_needed(case, form, golden_of):
    """Podcast elements stand in feeds of films alone, places, archives and withdrawals where there are any."""
    body = render(golden_of(case, form), form).body.decode()
    namespaces = set(re.findall(r"xmlns:(\w+)", body))
    assert ("itunes" in namespaces) == ("podcast" in namespaces) == ((case, form) == ("podcast", "rss"))
    assert ("georss" in namespaces) == (case == "places")
    assert ("fh" in namespaces) == (case == "archive")
    assert ("at" in namespaces) == ((case, form) == ("withdrawn", "atom"))
    assert "fh:complete" not in body


RULES = [
    # The document
    ("plain.rss", "</channel>", "", "SAXError"),
    ("plain.rss", 'version="2.0"', 'version="0.92"', "InvalidRSSVersion"),
    ("plain.rss", "<rss ", "<!DOCTYPE rss><rss ", "InvalidDoctype"),
    ("plain.rss", "encoding='utf-8'", "encoding='us-ascii'", "SAXError"),
    ("plain.rss", "<?xml version='1.0' encoding='utf-8'?>", "", "EncodingMismatch"),
    ("plain.rss", "<rss ", '<rss xmlns:x="http://example.org/x" ', "UnknownNamespace"),
    ("plain.rss", "xmlns:sy=", "xmlns:syn=", "SAXError"),
    ("plain.atom", "<feed ", '<feed xmlns:m="http://search.yahoo.com/mrss/" ', "NonstdPrefix"),
    ("plain.atom", "<feed ", '<feed xmlns:atom="http://www.w3.org/2005/Atom" ', "AvoidNamespacePrefix"),
    ("plain.rss", "<rss ", '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" ', "MissingItunesElement"),
    ("plain.rss", "<rss ", '<rss xmlns:georss="http://www.georss.org/georss" ', "UnusedNamespace"),
    ("plain.rss", "<generator>feedsvc", "<generator>feed\ufffdsvc", "BadCharacters"),
    # The channel
    ("plain.rss", "<link>https://thungmay.example/</link>", "", "MissingElement"),
    ("plain.rss", "<language>vi</language>", "", "MissingDCLanguage"),
    ("plain.rss", "<ttl>15</ttl>", "<ttl>15</ttl><ttl>16</ttl>", "DuplicateElement"),
    ("plain.rss", "<ttl>15</ttl>", "<ttl>0</ttl>", "InvalidPositiveInteger"),
    ("plain.rss", "<ttl>15</ttl>", "<rating>15</rating>", "UndefinedElement"),
    ("plain.rss", "<ttl>15</ttl>", "<ttl>15</ttl>viel", "UnexpectedText"),
    ("plain.rss", "<ttl>15</ttl>", '<ttl unit="m">15</ttl>', "UnexpectedAttribute"),
    ("plain.rss", "<language>vi", "<language>vn", "InvalidLanguage"),
    ("plain.rss", 'xml:lang="vi"', 'xml:lang="vietnamese"', "InvalidLanguage"),
    ("plain.rss", "<description>Tin mới", "<description>&lt;b&gt;Tin&lt;/b&gt; mới", "ContainsHTML"),
    ("plain.rss", "<description>Tin mới", "<description>Tin &amp;nbsp;mới", "ContainsHTML"),
    ("plain.rss", "<title>Cổng", "<title>&lt;x Cổng", "CharacterData"),
    ("plain.rss", "<title>Cổng thông tin điện tử Thung Mây</title>", "<title> </title>", "NotBlank"),
    ("plain.rss", "<sy:updatePeriod>hourly", "<sy:updatePeriod>often", "InvalidUpdatePeriod"),
    ("plain.rss", "<sy:updateFrequency>4", "<sy:updateFrequency>4.5", "InvalidPositiveInteger"),
    ("plain.rss", "</item>\n  </channel>", "</item><ttl>15</ttl></channel>", "MisplacedItem"),
    ("plain.rss", "<lastBuildDate>Sat", "<lastBuildDate>Sun", "IncorrectDOW"),
    ("plain.rss", "<lastBuildDate>Sat, 19 Sep 2026", "<lastBuildDate>2026-09-19", "InvalidRFC2822Date"),
    # Links
    ("plain.rss", 'rel="self"', 'rel="hub"', "MissingSelf"),
    ("plain.rss", "thung-may.rss", "other.rss", "SelfDoesntMatchLocation"),
    ("plain.rss", 'rel="self" type="application/rss+xml"', 'rel="self" type="text/xml"', "SelfNotAtom"),
    ("plain.atom", 'rel="self"', 'rel="myself"', "UnregisteredAtomLinkRel"),
    ("plain.atom", 'rel="alternate" type="text/html" href', 'rel="self" type="text/html" href', "DuplicateAtomLink"),
    ("page.rss", 'href="https://feeds.example.org/hub"', 'href="/hub"', "InvalidFullLink"),
    ("page.rss", "rss?page=3", "rss?page=2", "LinkPastEnd"),
    ("page.atom", 'href="https://feeds.example.org/feeds/thung-may.atom?page=3"', 'href="https://evil.example/"', "ForeignPage"),
    ("archive.atom", 'rel="current"', 'rel="related"', "MissingCurrentInArchive"),
    ("archive.rss", '-archive" type', '" type', "ArchiveIncomplete"),
    ("merged.rss", 'rel="related"', 'rel="next"', "FeedHistoryRelInEntry"),
    ("merged.atom", 'rel="related"', 'rel="next"', "FeedHistoryRelInEntry"),
    # The channel's picture
    ("page.rss", "3f9a.png", "3f9a.ico", "ImageUrlFormat"),
    ("page.rss", "</url>\n      <title>Cổng", "</url>\n      <title>Trang", "ImageTitleDoesntMatch"),
    ("page.rss", "</title>\n      <link>https://thungmay.example/", "</title>\n      <link>https://x.example/", "ImageLinkDoesntMatch"),
    ("page.atom", "<logo>https:", "<logo>", "InvalidFullLink"),
    # Items
    ("plain.rss", "<link>https://thungmay.example/tin", "<link>/tin", "InvalidFullLink"),
    ("plain.rss", "bai-1.html", "bài 1.html", "InvalidFullLink"),
    ("plain.rss", "<title>Phiên", "<title>&lt;i&gt;x&lt;/i&gt;Phiên", "ContainsHTML"),
    ("plain.rss", "0001</guid>", "0002</guid>", "DuplicateValue"),
    ("plain.rss", ">tag:feeds.example.org,2026:thung-may/00000000000000000001<", ">17<", "NotSufficientlyUnique"),
    ("plain.rss", "tag:feeds.example.org,2026:", "tag:feeds.example.org:", "InvalidTAG"),
    ("plain.rss", 'isPermaLink="false"', 'isPermaLink="true"', "InvalidPermalink"),
    ("plain.rss", "<pubDate>Sat, 19 Sep 2026", "<pubDate>Sun, 19 Sep 1926", "ImplausibleDate"),
    ("plain.rss", "<pubDate>Sat, 19 Sep 2026", "<pubDate>Sun, 19 Sep 2066", "ImplausibleDate"),
    ("plain.rss", "+07:00</dcterms", "</dcterms", "InvalidRFC3339Date"),
    ("plain.rss", "<pubDate>", "<author>a@b.example</author><pubDate>", "UndefinedElement"),
    ("plain.rss", "<dc:creator>Lò Thị Mai", "<dc:creator>", "NotBlank"),
    ("plain.rss", 'domain="https:', 'domain="', "InvalidFullLink"),
    ("merged.rss", 'source url="https:', 'source url="', "InvalidFullLink"),
    ("merged.rss", "<source url=", "<source href=", "MissingAttribute"),
    # HTML
    ("plain.rss", "&lt;p&gt;Sương", "&lt;p onclick='x()'&gt;Sương", "SecurityRiskAttr"),
    ("plain.atom", "&lt;p&gt;Sương", "&lt;script&gt;&lt;/script&gt;&lt;p&gt;Sương", "SecurityRisk"),
    ("plain.atom", "&lt;p&gt;Sương", "&lt;p&gt;&lt;a href='/x'&gt;y&lt;/a&gt;Sương", "ContainsRelRef"),
    ("plain.rss", "&lt;p&gt;Sương", "&lt;p&gt;&lt;b&gt;Sương", "NotHtml"),
    ("hostile.rss", "Giá &amp;lt; 50", "Giá &lt; 50", "NotHtml"),
    ("plain.rss", "chợ &amp;amp; tổ", "chợ &amp;tổ", "NotHtml"),
    ("plain.atom", 'content type="html"', 'content type="CDATA"', "InvalidTextType"),
    ("plain.atom", 'content type="html"', "content", "MissingAttribute"),
    # Enclosures and media
    ("pictures.rss", '<enclosure url="https:', '<enclosure url="', "InvalidURLAttribute"),
    ("pictures.rss", 'length="48213" type="image/jpeg"/>\n      <media', 'length="-1" type="image/jpeg"/>\n      <media', "InvalidNonNegativeInteger"),
    ("pictures.rss", '<enclosure url="https://thungmay.example/anh/cong-chao.jpg" length="48213"', '<enclosure url="https://x.example/a.jpg"', "MissingAttribute"),
    ("pictures.rss", 'type="image/jpeg"/>\n      <media', 'type="jpeg"/>\n      <media', "InvalidMIMEAttribute"),
    ("pictures.rss", 'type="image/jpeg"/>\n      <media', 'type="image/svg+xml"/>\n      <media', "ActiveEnclosure"),
    ("pictures.rss", "<media:content", '<enclosure url="https://x.example/a.jpg" length="1" type="image/jpeg"/><media:content', "DuplicateElement"),
    ("pictures.rss", 'fileSize="48213"', 'fileSize="0"', "InvalidPositiveInteger"),
    ("pictures.rss", 'width="1200"', 'width="breit"', "InvalidPositiveInteger"),
    ("pictures.rss", 'medium="image"', 'medium="picture"', "InvalidMediaMedium"),
    ("pictures.rss", 'role="photographer"', 'role="Fotograf"', "InvalidCreditRole"),
    ("pictures.rss", '<media:description type="plain">Thi', '<media:description type="plain">&lt;i&gt;x&lt;/i&gt;Thi', "ContainsHTML"),
    ("pictures.rss", '<media:thumbnail url="', '<media:thumbnail src="', "MissingAttribute"),
    ("pictures.atom", 'rel="enclosure" type="image/jpeg"', 'rel="enclosure"', "MissingTypeAttr"),
    ("film.rss", 'isDefault="true"', 'isDefault="yes"', "InvalidTrueFalse"),
    ("film.rss", 'isDefault="true"', 'isDefault="false"', "MediaGroupDefault"),
    ("film.rss", "m3u8", "m3 u8", "InvalidFullLink"),
    ("film.atom", "<media:group>", "<media:group/><media:group>", "MediaGroupWithoutAlternatives"),
    ("youtube.rss", '<media:player url="https://www.youtube.com/embed/abcdefghijk"/>', "", "MissingAttribute"),
    # Atom
    ("plain.atom", "<id>tag:feeds.example.org,2026:feeds/thung-may</id>", "", "MissingElement"),
    ("plain.atom", "<id>tag:feeds.example.org,2026:feeds/thung-may</id>", "<id>HTTP://x.example</id>", "NonCanonicalURI"),
    ("plain.atom", "0001</id>", "0002</id>", "DuplicateEntries"),
    ("plain.atom", "07:22:00+07:00</updated>\n    <author", "06:22:00+07:00</updated>\n    <author", "DuplicateUpdated"),
    ("plain.atom", "</entry>\n</feed>", "</entry><subtitle>x</subtitle></feed>", "MisplacedMetadata"),
    ("plain.atom", "<published>2026-09-19T07", "<published>2026-09-19 07", "InvalidRFC3339Date"),
    ("plain.atom", 'html" rel="alternate" type="text/html"/>\n    <summary', 'html" rel="related"/>\n    <summary', "MissingContentOrAlternate"),
    ("plain.atom", '<category term="tin-tuc"', '<category term=""', "NotBlank"),
    ("undated.atom", "summary>", "rights>", "MissingTextualContent"),
    ("merged.atom", "<source>\n      <id>tag:feeds.example.org,2026:feeds/ban-la</id>", "<source>", "MissingElement"),
    ("withdrawn.atom", "thung-may/00000000000000000003", "thung-may/00000000000000000001", "DeletedAndThere"),
    ("withdrawn.atom", "thung-may/00000000000000000003", "thung-may/00000000000000000002", "DuplicateEntries"),
    ("withdrawn.atom", '+07:00">', '">', "InvalidRFC3339Date"),
    # Places and podcasts
    ("places.atom", "22.3364 103.843712", "22.3364,103.843712", "InvalidCoord"),
    ("places.rss", "22.3364 103.843712", "122.3364 103.843712", "InvalidLatitude"),
    ("places.rss", "22.3364 103.843712", "22.3364 203.843712", "InvalidLongitude"),
    ("podcast.rss", "<itunes:explicit>false</itunes:explicit>", "", "MissingItunesElement"),
    ("podcast.rss", "<itunes:explicit>false", "<itunes:explicit>no", "InvalidTrueFalse"),
    ("podcast.rss", "<itunes:email>webmaster@feeds.example.org</itunes:email>", "", "MissingElement"),
    ("podcast.rss", "webmaster@", "webmaster at ", "InvalidContact"),
    ("podcast.rss", 'text="News"', 'text="Tin"', "InvalidItunesCategory"),
    ("podcast.rss", "<itunes:type>episodic", "<itunes:type>daily", "InvalidItunesChannelType"),
    ("podcast.rss", "<itunes:duration>93", "<itunes:duration>93.4", "InvalidDuration"),
    ("podcast.rss", "lop-hoc.mp4", "lop-hoc.webm", "UnsupportedItunesFormat"),
    ("podcast.rss", "<itunes:author>Lò", f"<itunes:author>{'x' * 300}", "TooLong"),
    ("podcast.rss", "919b6790-ef63-53e4", "919b6790-ef63-43e4", "InvalidUUID"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "rule"), RULES)
def test_a_rule(name, old, new, rule):
    """A document that is sound but for this one fault is told of by the rule's name."""
    form = name.partition(".")[2]
    text = (GOLDEN / f"{name}.xml").read_text("utf-8")
    address = re.search(r'rel="self" type="[^"]*" href="([^"]*)"', text)[1]
    assert old in text
    broken = text.replace(old, new).encode()
    found = {finding.rule.partition(" ")[0] for finding in findings(broken, _type(form), address)}
    assert rule in found, found


def _type(form: str) -> str:
    return f"application/{form}+xml; charset=utf-8"


def test_type_size_and_root():
    """The type that a document is sent under counts too, and so do its size and what it is at all."""
    body = (GOLDEN / "plain.rss.xml").read_bytes()
    address = "https://feeds.example.org/feeds/thung-may.rss"
    assert [finding.rule for finding in findings(body, "text/html; charset=utf-8", address)] == [
        "UnexpectedContentType"
    ]
    assert [finding.rule for finding in findings(body, "application/rss+xml", address)] == ["EncodingMismatch"]
    assert [finding.rule for finding in findings(b"x" * 5_000_001, _type("rss"), address)] == ["ValidatorLimit"]
    assert [finding.rule for finding in findings(b"<opml/>", _type("rss"), address)] == ["UndefinedElement"]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("<p>Chợ &amp; bản</p>", []),
        ("<p>Chợ</p></b>", ["NotHtml"]),
        ("<!-- x -->", ["NotHtml", "SecurityRisk"]),
        ("<?import x>", ["NotHtml", "SecurityRisk"]),
        ("<!DOCTYPE html>", ["NotHtml", "SecurityRisk"]),
        ('<iframe src="https://x.example/"></iframe>', ["SecurityRisk"]),
        ('<img src="data:image/png;base64,x">', ["ContainsRelRef"]),
    ],
)
def test_html(text, rules):
    """Markup that is not whole, not safe or not absolute is told of."""
    assert list(html(text)) == rules

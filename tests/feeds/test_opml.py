"""The list of feeds."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from feedsvc.feeds.opml import Outline, render_opml

LIST = (
    Outline(
        title="Cổng Thung Mây",
        outlines=(
            Outline(
                title="Tin \x07tức",
                xml_url="https://feeds.example.org/feeds/thung-may/tin-tuc.rss",
                html_url="https://feeds.example.org/feeds/thung-may/tin-tuc",
                language="vi",
                category="/thung-may/tin-tuc",
            ),
            Outline(title="", xml_url="https://feeds.example.org/feeds/thung-may/video.rss"),
        ),
    ),
    Outline(title="Phụ nữ vùng cao", xml_url="https://feeds.example.org/feeds/phu-nu.rss", language="vi"),
)


def test_one_outline_a_source():
    """A source is a folder of its categories; a feed of one's own stands beside it."""
    opml = etree.fromstring(render_opml("Tin Thung Mây", LIST).body)
    assert opml.get("version") == "2.0"
    assert opml.findtext("head/title") == "Tin Thung Mây"
    folder, own = opml.findall("body/outline")
    assert dict(folder.attrib) == {"text": "Cổng Thung Mây", "title": "Cổng Thung Mây"}
    assert dict(folder[0].attrib) == {
        "text": "Tin tức",
        "title": "Tin tức",
        "type": "rss",
        "xmlUrl": "https://feeds.example.org/feeds/thung-may/tin-tuc.rss",
        "htmlUrl": "https://feeds.example.org/feeds/thung-may/tin-tuc",
        "language": "vi",
        "category": "/thung-may/tin-tuc",
    }
    assert own.get("xmlUrl") == "https://feeds.example.org/feeds/phu-nu.rss"


def test_every_outline_has_a_text():
    """The text that OPML demands is there also for a feed without a title: its address."""
    opml = etree.fromstring(render_opml("x", LIST).body)
    assert all(outline.get("text") for outline in opml.iter("outline"))


def test_type_and_stability():
    """The list says that it is OPML, and is the same bytes each time; a date stands in it only when given."""
    first = render_opml("Tin", LIST)
    assert first.media_type == "text/x-opml; charset=utf-8"
    assert first == render_opml("Tin", LIST)
    assert b"dateModified" not in first.body
    dated = render_opml("Tin", LIST, changed=datetime(2026, 9, 19, 1, 15, tzinfo=UTC))
    assert b"<dateModified>Sat, 19 Sep 2026 08:15:00 +0700</dateModified>" in dated.body

"""The place that an article declares: read where it is said, and nowhere else."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedsvc.extract.article import read_article
from feedsvc.extract.geo import declared_point
from feedsvc.model import VIETNAM, Item, Page, Source

ADDRESS = "https://suoithong.example.vn/tin-tuc/bai-1"
SENTENCE = "Sáng nay bà con các thôn cùng nhau dọn đường, khơi rãnh nước và trồng thêm hoa dọc lối vào bản."
EMPTY = etree.Element("html")
GEO = {"@type": "GeoCoordinates", "latitude": 22.3364, "longitude": "103.8438"}
MICRODATA = (
    "<div itemprop={} itemscope><div itemprop=geo itemscope itemtype='https://schema.org/GeoCoordinates'>"
    "<meta itemprop=latitude content=22.3364><span itemprop=longitude>103.8438</span></div></div>"
)


def read(head: str = "", body: str = "") -> Item:
    """The article of a page with this head, and this below its text."""
    markup = (
        f"<html lang=vi><head>{head}</head><body><div><h1>Dọn đường vào bản đón khách</h1>"
        f"<p>{SENTENCE} Một.</p><p>{SENTENCE} Hai.</p>{body}</div></body></html>"
    )
    page = Page(
        url=ADDRESS, final_url=ADDRESS, status=200, body=markup.encode(), content_type="text/html",
        fetched_at=datetime(2024, 7, 16, tzinfo=VIETNAM),
    )  # fmt: skip
    return read_article(page, Source(slug="x", title="Suối Thông", home=ADDRESS))


def ld(**node: Any) -> str:
    """A script that declares an article."""
    return f"<script type=application/ld+json>{json.dumps({'@type': 'NewsArticle', **node})}</script>"


@pytest.mark.parametrize(
    "head",
    [
        "<meta name=geo.position content='22.3364;103.8438'>",
        "<meta name=ICBM content='22.3364, 103.8438'>",
        "<meta property=place:location:latitude content=22.3364><meta property=place:location:longitude content=103.8438>",
        ld(contentLocation={"@type": "Place", "geo": GEO}),
        ld(locationCreated=[{"@type": "Place", "name": "Sa Pa"}, {"@type": "Place", "geo": [GEO]}]),
        ld(spatialCoverage={"@type": "Place", "latitude": "22.3364", "longitude": 103.8438}),
        "<meta name=geo.position content='0;0'><meta name=ICBM content='22.3364,103.8438'>",
        ld(contentLocation={"geo": GEO}) + "<meta name=ICBM content='21.0, 105.8'>",
    ],
)
def test_a_declared_place_is_read(head: str) -> None:
    """Meta elements and JSON-LD tell latitude and longitude, the article's own word first."""
    assert read(head).point == (22.3364, 103.8438)


def test_microdata_of_the_article_is_read() -> None:
    """Where the page marks the place of its content, that is the article's; the place of its publisher is not."""
    assert read(body=MICRODATA.format("contentLocation")).point == (22.3364, 103.8438)
    assert read(body=MICRODATA.format("publisher")).point is None


@pytest.mark.parametrize(
    "head",
    [
        "",
        "<meta name=geo.position content='0;0'>",
        "<meta name=geo.position content='91;10'>",
        "<meta name=geo.position content='10;181'>",
        "<meta name=geo.position content='22.3364'>",
        "<meta name=geo.position content='nan;inf'>",
        "<meta name=geo.placename content='Sa Pa'>",
        ld(publisher={"@type": "Organization", "location": {"geo": GEO}}),
        ld(contentLocation={"geo": {"latitude": True, "longitude": True}}),
        ld(contentLocation={"geo": {"latitude": 10**400, "longitude": 1}}),
        ld(contentLocation="Sa Pa"),
    ],
)
def test_what_is_no_place_of_the_article_is_not_taken(head: str) -> None:
    """What is out of range, not filled in, no number, or the publisher's own is none."""
    assert read(head).point is None


def test_a_place_is_no_part_of_the_fingerprint() -> None:
    """An article whose page begins to declare a place was not edited."""
    assert read().fingerprint == read(ld(contentLocation={"geo": GEO})).fingerprint


@given(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(["{}; {}", "{},{}", " {} ,  {} "]))
@settings(max_examples=200, deadline=None)
def test_every_place_on_earth_can_be_written(north: float, east: float, form: str) -> None:
    """Coordinates in range come back to a tenth of a metre; the point in the ocean where nobody stood does not."""
    told = declared_point(EMPTY, {"icbm": [form.format(f"{north:.7f}", f"{east:.7f}")]}, [])
    wanted = (pytest.approx(north, abs=1e-6), pytest.approx(east, abs=1e-6))
    assert told == wanted or (told is None and max(abs(north), abs(east)) < 1e-6)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["contentLocation", "geo", "latitude", "longitude"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.sampled_from(["contentLocation", "locationCreated"]), JSON), max_size=3))
@settings(max_examples=200, deadline=None)
def test_whatever_is_declared_is_in_range_or_left_out(nodes: list[dict[str, Any]]) -> None:
    """No JSON, however odd, makes a point that is not on earth, or an error."""
    point = declared_point(EMPTY, {}, nodes)
    assert point is None or (abs(point[0]) <= 90 and abs(point[1]) <= 180 and point != (0, 0))

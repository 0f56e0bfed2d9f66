"""Who gets the page, who gets the document, packed or not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.web.negotiation import coding, prefers_page

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
MINIFLUX = "application/xml, application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, text/html, */*;q=0.9"
FEEDPARSER = "application/atom+xml,application/rdf+xml,application/rss+xml,application/x-netcdf,application/xml;q=0.9,text/xml;q=0.2,*/*;q=0.1"


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (FIREFOX, True),
        (CHROMIUM, True),
        ("text/html", True),
        ("TEXT/HTML", True),
        ("text/html, application/rss+xml;q=0.9", True),
        ("text/html;q=0.9, */*;q=0.8", True),
        (MINIFLUX, False),
        (FEEDPARSER, False),
        ("", False),
        ("*/*", False),
        ("text/*", False),
        ("text/html, */*", False),
        ("text/html, text/*", False),
        ("text/html;q=0", False),
        ("text/html;q=0.5, application/rss+xml", False),
        ("text/html, application/ld+json", False),
        ("text/html, image/svg+xml;q=1.0", False),
        ("application/rss+xml", False),
        ("nonsense", False),
        ("text/html;q=much", False),
    ],
)
def test_page_only_when_strictly_preferred(accept, page):
    """Browsers get the page; a tie, a wildcard, nonsense or nothing gives the feed."""
    assert prefers_page(accept) is page


@given(st.text(max_size=200) | st.from_regex(r"([a-z*]{1,5}/[a-z+*]{1,8}(;q=[0-9.]{0,5})?,? ?){1,6}", fullmatch=True))
@settings(max_examples=150, deadline=None)
def test_any_accept_gets_an_answer(accept):
    """No Accept or Accept-Encoding header, however odd, is an error."""
    assert prefers_page(accept) in {True, False}
    assert coding(accept, ("gzip",)) in {"gzip", "identity"}


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("gzip, deflate, br", "gzip"),
        ("GZIP", "gzip"),
        ("*", "gzip"),
        ("gzip;q=1.0, identity;q=0.5, *;q=0", "gzip"),
        ("identity, gzip;q=0.5", "identity"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0, *", "identity"),
        ("br", "identity"),
        ("", "identity"),
    ],
)
def test_coding_follows_the_client(accepted, chosen):
    """Gzip goes only to those who take it, and not to those who would rather not."""
    assert coding(accepted, ("gzip",)) == chosen


def test_server_order_decides_ties():
    """Of two codings that the client takes alike, the server's first is sent."""
    assert coding("gzip, br", ("br", "gzip")) == "br"
    assert coding("gzip, br;q=0.1", ("br", "gzip")) == "gzip"

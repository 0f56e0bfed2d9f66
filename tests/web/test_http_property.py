"""Whatever a client says, it gets an answer that HTTP knows, whole, and never a fault of ours."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# What a header may hold: bytes without control characters, as WSGI gives them (PEP 3333).
LATIN = st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f")
ANYTHING = st.text(LATIN, max_size=80)
QUALITY = st.sampled_from(["", ";q=0", ";q=0.5", ";q=1", ";q=", ";q=-1", ";q=nan", ";x=y;q=0.3"])


def lists(*words):
    """Lists as Accept and its like have them, well made or nearly so."""
    one = st.tuples(st.sampled_from(words), QUALITY).map("".join)
    return st.lists(one, max_size=5).map(",".join) | ANYTHING


METHODS = st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "TRACE", "get"]) | st.from_regex(
    "[A-Z]{1,9}", fullmatch=True
)
PATHS = st.sampled_from([
    *[f"/feeds/suoi-bac/tin-tuc.{ending}" for ending in ("rss", "atom", "json")], "/opml", "/feeds/suoi-bac.rss",
    "/feeds/suoi-bac/tin-tuc", "/feeds/cu.rss", "/feeds/da-bo.atom", "/feeds/khong.rss", "/", "*", "",
]) | ANYTHING.map(lambda text: f"/feeds/{text}")  # fmt: skip
QUERIES = st.lists(
    st.tuples(st.sampled_from(["limit", "page", "before", "q", "since", "media", "format", "lang", "x"]), ANYTHING | st.integers().map(str)).map("=".join), max_size=4
).map("&".join)  # fmt: skip
NUMBERS = st.integers(0, 200_000).map(str) | st.just("")
RANGES = (
    st.lists(st.tuples(NUMBERS, NUMBERS).map("-".join), max_size=3).map(lambda some: f"bytes={','.join(some)}")
    | ANYTHING
)
DATES = (
    st.sampled_from(
        ["Mon, 23 Nov 2026 03:35:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "0"]
    )
    | ANYTHING
)


def tags(known):
    """If-None-Match with tags that exist or existed among others."""
    one = st.sampled_from([*known, '"x"', "*", "W/", '"', "-"]) | ANYTHING
    return st.lists(one, max_size=4).map(", ".join)


@dataclass
class Whole:
    """An answer, collected."""

    status: int
    headers: dict[str, str]
    body: bytes


def call(app, environ):
    """What the application says over WSGI."""
    told = []
    base = {
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8080",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SCRIPT_NAME": "",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
        "wsgi.errors": BytesIO(),
    }
    parts = app.wsgi_app({**base, **environ}, lambda status, headers, _error=None: told.append((status, headers)))
    try:
        body = b"".join(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    ((status, pairs),) = told
    for name, value in pairs:
        assert all(" " <= letter <= "~" for letter in name + value), (name, value)
    return Whole(int(status.split()[0]), {name.lower(): value for name, value in pairs}, body)


@pytest.fixture
def site(make_world):
    """An application that has shown two states of its feeds, and the tags of both."""
    world = make_world(more='\n[web]\ngone = ["da-bo"]\nmoved = { cu = "suoi-bac" }\n')
    world.publish("suoi-bac/tin-tuc", 60)
    app = world.app()
    known = [_tag(app, ending) for ending in ("rss", "atom", "json")]
    world.clock.pass_time(60)
    world.publish("suoi-bac/tin-tuc", 2)
    return app, [*known, *(_tag(app, ending) for ending in ("rss", "atom", "json"))]


def _tag(app, ending):
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/feeds/suoi-bac/tin-tuc.{ending}", "QUERY_STRING": ""}
    return call(app, asked).headers["etag"]


@given(st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_request_gets_a_whole_answer(site, data):
    """Any method, path, query and headers: never 5xx, never an exception, the length is that of the body."""
    app, known = site
    headers = {
        "HTTP_ACCEPT": lists("text/html", "application/rss+xml", "*/*", "text/*", "x"),
        "HTTP_ACCEPT_ENCODING": lists("gzip", "br", "identity", "*", "zstd"),
        "HTTP_IF_NONE_MATCH": tags(known),
        "HTTP_IF_MODIFIED_SINCE": DATES,
        "HTTP_RANGE": RANGES,
        "HTTP_IF_RANGE": tags(known) | DATES,
        "HTTP_A_IM": lists("feed", "gzip", "*"),
        "HTTP_X_FORWARDED_FOR": lists("203.0.113.5", "2001:db8::1", "[::1]:80", "127.0.0.1"),
        "HTTP_HOST": st.sampled_from(["feeds.example.org", "localhost:1", "evil.example"]) | ANYTHING,
        "REMOTE_ADDR": st.sampled_from(["127.0.0.1", "::1", "203.0.113.9", "", "x"]),
    }
    environ = {"REQUEST_METHOD": data.draw(METHODS), "PATH_INFO": data.draw(PATHS), "QUERY_STRING": data.draw(QUERIES)}
    environ |= {name: data.draw(values) for name, values in headers.items() if data.draw(st.booleans())}
    answer = call(app, environ)
    assert 200 <= answer.status < 500
    if environ["REQUEST_METHOD"] == "HEAD" or answer.status in {204, 304}:
        assert answer.body == b""
    else:
        assert int(answer.headers["content-length"]) == len(answer.body)
    if answer.status == 206:
        first, last, size = answer.headers["content-range"].removeprefix("bytes ").replace("/", "-").split("-")
        assert len(answer.body) == int(last) - int(first) + 1 <= int(size)


def test_the_property_reaches_every_kind_of_answer(site):
    """The tags and addresses that the test above draws from lead to 200, 206, 226, 301, 304, 404, 405, 410 and 416."""
    app, (old, *_) = site
    feed = "/feeds/suoi-bac/tin-tuc.rss"
    for status, path, environ in (
        (200, feed, {}),
        (206, feed, {"HTTP_RANGE": "bytes=0-9"}),
        (226, feed, {"HTTP_A_IM": "feed", "HTTP_IF_NONE_MATCH": old}),
        (301, "/feeds/cu.rss", {}),
        (304, feed, {"HTTP_IF_NONE_MATCH": "*"}),
        (404, "/feeds/khong.rss", {}),
        (405, feed, {"REQUEST_METHOD": "POST"}),
        (410, "/feeds/da-bo.atom", {}),
        (416, feed, {"HTTP_RANGE": "bytes=200000000-"}),
    ):
        answer = call(app, {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", **environ})
        assert answer.status == status

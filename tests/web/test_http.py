"""The checklist of feeds.md 7, row by row, on the bytes that a running server puts on the wire."""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from xml.etree import ElementTree as ET

import brotli
import feedparser
import pytest
from loopback import until

U = "/feeds/suoi-bac/tin-tuc.rss"
FORMATS = {
    "/feeds/suoi-bac/tin-tuc.rss": "application/rss+xml; charset=utf-8",
    "/feeds/suoi-bac/tin-tuc.atom": "application/atom+xml; charset=utf-8",
    "/feeds/suoi-bac/tin-tuc.json": "application/feed+json",
    "/opml": "text/x-opml; charset=utf-8",
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
UNPACK = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@dataclass
class Told:
    """An answer as it came: every header, and every byte behind the empty line."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name):
        """The value of a header that is there once at most; None without it."""
        found = [value for key, value in self.headers if key == name]
        assert len(found) <= 1, (name, found)
        return found[0] if found else None

    @property
    def names(self):
        """Header names, Date set aside."""
        return sorted(name for name, _ in self.headers if name != "date")


def ask(live, target=U, method="GET", *, host=None, **headers):
    """One request on a connection of its own, read until the server closes it: no byte is left unseen."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host or f'127.0.0.1:{live.port}'}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", live.port), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        whole = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = whole.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = [line.split(":", 1) for line in rest]
    return Told(int(first.split()[1]), [(name.lower(), value.strip()) for name, value in pairs], body)


def entries(body):
    """How many items a document holds."""
    return len(feedparser.parse(body).entries)


@pytest.mark.parametrize(("address", "media_type"), FORMATS.items())
def test_row_1_type(checked, address, media_type):
    """A feed address answers 200 at once, with the type of its format, to HEAD and to GET."""
    for method in ("HEAD", "GET"):
        told = ask(checked, address, method)
        assert (told.status, told["content-type"], told["location"]) == (200, media_type, None)


def test_row_2_same_bytes_in_every_process_and_after_a_restart(start_server):
    """Two servers over one database, and one started later, give the same bytes, ETag and Last-Modified."""
    addresses = [*FORMATS, f"{U}?before=51", f"{U}?page=2", f"{U}?q=hoa", "/feeds/le-hoi.atom"]
    one = start_server(workers=2, items=60)
    answers = []
    for live in (one, one, start_server(again=one), start_server(again=one)):
        for address in addresses:
            told = ask(live, address, Accept_Encoding="br")
            assert told.status == 200
            answers.append((address, hashlib.sha256(told.body).hexdigest(), told["etag"], told["last-modified"]))
    assert len(set(answers)) == len(addresses)


@pytest.mark.parametrize("form", ["{0}", "W/{0}", '"x", {0}', '"x" , W/"y",{0},"z"', "*"])
@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_row_3_known_tag(checked, form, coding):
    """If-None-Match in every spelling gives an empty 304 with the tag, and outranks If-Modified-Since."""
    first = ask(checked, Accept_Encoding=coding)
    old = format_datetime(parsedate_to_datetime(first["last-modified"]) - timedelta(days=9), usegmt=True)
    asked = {"If_None_Match": form.format(first["etag"]), "If_Modified_Since": old, "Accept_Encoding": coding}
    told = ask(checked, **asked)
    assert (told.status, told.body, told["etag"]) == (304, b"", first["etag"])
    unknown = ask(checked, If_None_Match='"x"', If_Modified_Since=first["last-modified"])
    assert unknown.status == 200


def test_row_4_dates(checked):
    """If-Modified-Since: exact and later 304, older 200, nonsense ignored."""
    exact = ask(checked)["last-modified"]
    moment = parsedate_to_datetime(exact)
    for since, status in (
        (exact, 304),
        (format_datetime(moment + timedelta(days=400), usegmt=True), 304),
        (format_datetime(moment - timedelta(seconds=1), usegmt=True), 200),
        ("yesterday", 200),
        ("Mon, 99 Nov 9999 99:99:99 GMT", 200),
    ):
        told = ask(checked, If_Modified_Since=since)
        assert told.status == status, since
        assert bool(told.body) is (status == 200)


@pytest.mark.parametrize("address", FORMATS)
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("deflate, gzip, br, zstd", "br"),
        ("gzip, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, *", "gzip"),
        ("identity, br;q=0.5", None),
        ("zstd", None),
        ("identity;q=0", None),
        ("*;q=0", None),
    ],
)
def test_row_5_codings(checked, address, accepted, coding):
    """What curl --compressed gets decodes to the plain bytes; each coding has its own tag, all forms the same Vary."""
    plain, packed = ask(checked, address), ask(checked, address, Accept_Encoding=accepted)
    assert packed["content-encoding"] == coding
    assert UNPACK[coding](packed.body) == plain.body
    assert int(packed["content-length"]) == len(packed.body)
    assert (packed["etag"] == plain["etag"]) is (coding is None)
    assert plain["vary"] == packed["vary"] == "Accept, Accept-Encoding"
    assert ask(checked, address, Accept_Encoding=accepted, If_None_Match=packed["etag"]).status == 304


def test_row_6_cache_control(checked):
    """Caches keep a feed for 300 to 1800 s and may show it stale; an archive, which does not change, for a year."""

    def control(target):
        return dict(part.strip().partition("=")[::2] for part in ask(checked, target)["cache-control"].split(","))

    for address in FORMATS:
        told = control(address)
        assert 300 <= int(told["max-age"]) <= 1800
        assert int(told["stale-while-revalidate"]) > 0
        assert int(told["stale-if-error"]) > 0
    assert int(control(f"{U}?before=51")["max-age"]) == 365 * 86400
    assert ask(checked, f"{U}?before=5001").status == 404


@pytest.mark.parametrize("address", [*FORMATS, f"{U}?limit=3", "/feeds/suoi-bac", "/feeds/no-such.rss", "/ban-tin.rss"])
def test_row_7_head(checked, address):
    """HEAD has the headers of GET and no byte more, packed or not."""
    for coding in ("identity", "br"):
        get, head = (ask(checked, address, method, Accept_Encoding=coding) for method in ("GET", "HEAD"))
        assert (get.status, get.names) == (head.status, head.names)
        assert all(get[name] == head[name] for name in get.names)
        assert head.body == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
@pytest.mark.parametrize("address", [*FORMATS, "/feeds/suoi-bac"])
def test_row_7_other_methods(checked, address, method):
    """Everything but reading is 405, and told what is allowed."""
    told = ask(checked, address, method, Content_Length="0")
    assert told.status == 405
    assert {"GET", "HEAD", "OPTIONS"} <= {one.strip() for one in told["allow"].split(",")}
    if address in FORMATS:
        assert told["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("address", FORMATS)
def test_row_7_options(checked, address):
    """OPTIONS is answered without a body: what is allowed, and to scripts of every site."""
    told = ask(checked, address, "OPTIONS", Origin="https://reader.example", Access_Control_Request_Method="GET")
    assert (told.status, told.body, told["allow"]) == (204, b"", "GET, HEAD, OPTIONS")
    assert told["access-control-allow-origin"] == "*"
    assert "GET" in told["access-control-allow-methods"]
    assert "If-None-Match" in told["access-control-allow-headers"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"If_None_Match": "*"},
        {"Accept_Encoding": "br"},
        {"Range": "bytes=0-9"},
        {"Range": "bytes=99999999-"},
        {"Accept": BROWSER},
        {"X_Forwarded_For": "not an address"},
    ],
)
def test_rows_8_and_9_headers_of_every_answer(checked, asked):
    """Exactly one Date, no cookie, no guessing of types; scripts of every site may read feeds, ETag and Link too."""
    told = ask(checked, **asked)
    names = [name for name, _ in told.headers]
    assert names.count("date") == 1
    assert "set-cookie" not in names
    assert told["x-content-type-options"] == "nosniff"
    assert told["access-control-allow-origin"] == "*"
    assert told["access-control-expose-headers"] == "ETag, Link"


@pytest.mark.parametrize("path", ["/", "/feeds/suoi-bac", "/status", "/healthz", "/nothing", "/static/feedsvc.css"])
def test_rows_8_and_9_headers_of_pages(checked, path):
    """Pages too have one Date, no cookie and no guessing."""
    told = ask(checked, path)
    assert told["date"]
    assert told["set-cookie"] is None
    assert told["x-content-type-options"] == "nosniff"


def test_row_10_moved(checked):
    """A feed that moved is followed to its new address, in every format, as a page, with what was asked of it."""
    base = checked.url
    for old, new in (
        ("/feeds/ban-tin.rss", "/feeds/suoi-bac.rss"),
        ("/feeds/ban-tin/moi.atom?limit=3&q=l%E1%BB%85", "/feeds/suoi-bac/tin-tuc.atom?limit=3&q=l%E1%BB%85"),
        ("/feeds/ban-tin/moi.json?", "/feeds/suoi-bac/tin-tuc.json"),
        ("/feeds/ban-tin", "/feeds/suoi-bac"),
        ("/feeds/ban-tin?x=%0d%0aSet-Cookie:a", "/feeds/suoi-bac?x=%0d%0aSet-Cookie:a"),
    ):
        for accept in ("*/*", BROWSER):
            told = ask(checked, old, Accept=accept)
            assert (told.status, told["location"]) == (301, base + new)
            assert told["set-cookie"] is None
        assert ask(checked, told["location"].removeprefix(base)).status == 200
    assert ask(checked, "/feeds/ban-tin.exe").status == 404


@pytest.mark.parametrize("ending", ["", ".rss", ".atom", ".json"])
def test_row_10_gone_and_unknown(checked, ending):
    """A feed that was given up is 410, one that never was 404; both pages say so, and both may be read by scripts."""
    for path, status in (("bo-hoang/tin-cu", 410), ("bo-hoang/tin-moi", 404)):
        told = ask(checked, f"/feeds/{path}{ending}")
        assert told.status == status
        assert told["content-type"] == "text/html; charset=utf-8"
        assert told["access-control-allow-origin"] == ("*" if ending else None)


def test_row_10_failing_source(start_server):
    """A source that fails leaves its feed at 200, as it was."""
    live = start_server()
    good = ask(live)
    live.world.clock.pass_time(60)
    live.world.fail("suoi-bac/tin-tuc")
    assert "failing" in json.dumps(json.loads(ask(live, "/status.json").body)["categories"])
    again = ask(live)
    assert (again.status, again.body, again["etag"]) == (200, good.body, good["etag"])


def test_row_11_hammering(checked):
    """Who takes more than the limit without a condition is told when to come again; conditions and others stay free."""
    tag = ask(checked)["etag"]
    for _ in range(5):
        assert ask(checked, X_Forwarded_For="203.0.113.7").status == 200
    for address in (U, "/opml", f"{U}?q=hoa"):
        told = ask(checked, address, X_Forwarded_For="203.0.113.7", Accept_Encoding="br")
        assert told.status == 429
        assert 1 <= int(told["retry-after"]) <= 60
        assert told["cache-control"] == "no-store"
        text = told.body.decode()
        assert "Quá nhiều yêu cầu" in text
        assert "Too many requests" in text
    for _ in range(20):
        assert ask(checked, X_Forwarded_For="203.0.113.7", If_None_Match=tag).status == 304
    assert ask(checked, X_Forwarded_For="203.0.113.7", If_None_Match='"older"').status == 200
    assert ask(checked, X_Forwarded_For="203.0.113.7", method="HEAD").status == 200
    assert ask(checked, X_Forwarded_For="203.0.113.7, 203.0.113.8").status == 200
    assert all(ask(checked).status == 200 for _ in range(20))


@pytest.mark.parametrize("address", FORMATS)
def test_row_12_link(checked, address):
    """The Link header names the document's own public address, and the hub for feeds; on 304 as well."""
    told = ask(checked, address)
    hub = "" if address == "/opml" else f', <{checked.url}/hub>; rel="hub"'
    assert told["link"] == f'<{checked.url}{address}>; rel="self"{hub}'
    assert ask(checked, address, If_None_Match="*")["link"] == told["link"]


def test_row_12_pages_name_the_formats(checked):
    """A page for people says where the feeds of each format are."""
    page = ask(checked, "/feeds/suoi-bac/tin-tuc").body.decode()
    for ending, media_type in (("rss", "rss+xml"), ("atom", "atom+xml"), ("json", "feed+json")):
        assert f'type="application/{media_type}"' in page
        assert f"/feeds/suoi-bac/tin-tuc.{ending}" in page


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_row_13_range(checked, coding):
    """One range of the chosen coding's bytes is 206, one behind the end 416; what is no single range gets the whole."""
    whole = ask(checked, Accept_Encoding=coding)
    size = len(whole.body)
    assert whole["accept-ranges"] == "bytes"
    for asked, first, end in (
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, size),
        ("bytes=-7", size - 7, size),
        (f"bytes={size - 1}-99999999", size - 1, size),
        ("bytes=-99999999", 0, size),
    ):
        told = ask(checked, Accept_Encoding=coding, Range=asked)
        assert told.status == 206, asked
        assert told.body == whole.body[first:end]
        assert told["content-range"] == f"bytes {first}-{end - 1}/{size}"
        assert told["content-length"] == str(end - first)
        assert (told["etag"], told["content-encoding"]) == (whole["etag"], whole["content-encoding"])
    for asked in (f"bytes={size}-", "bytes=-0"):
        told = ask(checked, Accept_Encoding=coding, Range=asked)
        assert (told.status, told["content-range"], told.body) == (416, f"bytes */{size}", b"")
    for asked in ("bytes=0-1,5-9", "bytes=9-1", "items=0-1", "bytes", "bytes=", "bytes=-", "bytes=a-b"):
        told = ask(checked, Accept_Encoding=coding, Range=asked)
        assert (told.status, told.body) == (200, whole.body), asked
    assert ask(checked, method="HEAD", Range="bytes=0-99").status == 200
    assert ask(checked, Accept_Encoding=coding, Range="bytes=0-9", If_None_Match=whole["etag"]).status == 304


def test_row_13_if_range(checked):
    """A part is sent only of the very bytes that the client has a part of: by strong tag, or by the exact date."""
    whole = ask(checked)
    packed = ask(checked, Accept_Encoding="gzip")
    for condition, status in (
        (whole["etag"], 206),
        (whole["last-modified"], 206),
        (f"W/{whole['etag']}", 200),
        (packed["etag"], 200),
        ('"x"', 200),
        ("Mon, 05 Jan 2026 00:00:00 GMT", 200),
        ("yesterday", 200),
    ):
        assert ask(checked, Range="bytes=0-9", If_Range=condition).status == status, condition
    asked = {"Range": "bytes=0-9", "Accept_Encoding": "gzip"}
    assert ask(checked, **asked, If_Range=packed["etag"]).status == 206
    assert ask(checked, **asked, If_Range=packed["last-modified"]).status == 200


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_row_14_delta(start_server, ending):
    """A client that asks for the feed's news and says what it has gets the new entries alone, then 304."""
    live, address = start_server(items=8), f"/feeds/suoi-bac/tin-tuc.{ending}"
    had = ask(live, address, Accept_Encoding="gzip")["etag"]
    live.world.clock.pass_time(60)
    new = live.world.publish("suoi-bac/tin-tuc", 2)
    until(lambda: ask(live, address, If_None_Match=had).status == 200, 10, "news is shown")

    whole = ask(live, address)
    assert entries(whole.body) == 10
    told = ask(live, address, A_IM="feed", If_None_Match=had)
    assert (told.status, told["im"], told["cache-control"]) == (226, "feed", "private")
    assert {one.id for one in feedparser.parse(told.body).entries} == {item.id for item in new}
    assert {"A-IM", "If-None-Match", "Accept-Encoding"} <= set(told["vary"].split(", "))
    assert told["etag"] not in {had, whole["etag"]}
    assert told["access-control-allow-origin"] == "*"
    for coding in ("gzip", "br"):
        packed = ask(live, address, A_IM="gzip;q=0.1, feed", If_None_Match=f'"x", W/{had}', Accept_Encoding=coding)
        assert (packed.status, packed["content-encoding"]) == (226, coding)
        assert UNPACK[coding](packed.body) == told.body
        assert packed["etag"] not in {told["etag"], had}

    for tag in (told["etag"], whole["etag"], "*"):
        again = ask(live, address, A_IM="feed", If_None_Match=tag)
        assert (again.status, again.body, again["etag"]) == (304, b"", whole["etag"])
    for asked in ({}, {"A_IM": "feed"}, {"A_IM": "feed", "If_None_Match": '"x"'}, {"If_None_Match": had}):
        plain = ask(live, address, **asked)
        assert (plain.status, plain.body, plain["etag"], plain["im"]) == (200, whole.body, whole["etag"], None)
        assert plain["vary"] == "Accept, Accept-Encoding"


def test_row_14_not_for_json(start_server):
    """JSON Feed has no such thing: the whole document comes, whatever is asked."""
    live, address = start_server(), "/feeds/suoi-bac/tin-tuc.json"
    had = ask(live, address)["etag"]
    live.world.clock.pass_time(60)
    live.world.publish("suoi-bac/tin-tuc")
    until(lambda: ask(live, address, If_None_Match=had).status == 200, 10, "news is shown")
    assert ask(live, address, A_IM="feed", If_None_Match=had).status == 200


def test_row_15_size(checked):
    """No document holds more than a hundred items or 512 KiB."""
    told = ask(checked, f"{U}?limit=1000")
    assert len(ET.fromstring(told.body).findall("channel/item")) == 100
    assert len(told.body) < 512 * 1024


@pytest.mark.parametrize("address", [*FORMATS, "/", "/feeds/suoi-bac", "/feeds/ban-tin.rss", "/status.json"])
def test_row_16_foreign_host(checked, address):
    """A name that is not ours stands nowhere in the answer, and neither does what a proxy is said to forward for."""
    told = ask(checked, address, host="evil.example")
    assert told.status == 400
    assert b"evil.example" not in told.body + str(told.headers).encode()
    forwarded = ask(checked, address, X_Forwarded_Host="evil.example", Forwarded="host=evil.example")
    assert forwarded.status in {200, 301}
    assert b"evil.example" not in forwarded.body + str(forwarded.headers).encode()


@pytest.mark.parametrize(
    "accept",
    [
        None,
        "",
        "*/*",
        "application/rss+xml",
        "application/atom+xml",
        "image/png",
        "nonsense",
        "a/b;q=0, */*;q=0",
        "text/*",
    ],
)
@pytest.mark.parametrize("address", FORMATS)
def test_row_17_accept(checked, address, accept):
    """Whatever a reader says that it takes, or without a word, it gets the feed, never 406."""
    told = ask(checked, address) if accept is None else ask(checked, address, Accept=accept)
    assert (told.status, told["content-type"]) == (200, FORMATS[address])


def test_row_17_browsers(checked):
    """A browser gets the page at the feed's own address, under another tag, and the bytes with ?format=xml."""
    feed, page, bare = ask(checked), ask(checked, Accept=BROWSER), ask(checked, "/feeds/suoi-bac/tin-tuc")
    assert page["content-type"] == "text/html; charset=utf-8"
    assert page["content-location"] == "/feeds/suoi-bac/tin-tuc"
    assert {"Accept", "Accept-Encoding"} <= set(page["vary"].split(", "))
    assert page["etag"] not in {None, feed["etag"]}
    assert page.body == bare.body
    assert ask(checked, Accept=BROWSER, If_None_Match=page["etag"]).status == 304
    assert ask(checked, Accept=BROWSER, If_None_Match=feed["etag"]).status == 200
    assert ask(checked, f"{U}?format=xml", Accept=BROWSER).body == feed.body


@pytest.mark.parametrize(
    "path",
    [
        "..%2f..%2fconfig.toml",
        "../../config.toml",
        "%2e%2e/config.toml",
        "%00",
        "suoi-bac%00.rss",
        "suoi-bac/tin-tuc.rss%00",
        "suoi-bac/tin-tuc.rss%0a",
        "%ff%fe.rss",
        "a" * 10240,
        "a" * 10240 + ".rss",
        "suoi-bac/tin-tuc.exe",
        "suoi-bac//tin-tuc.rss",
        "",
    ],
)
def test_row_18_names(checked, path):
    """What is no name of ours is 404, whatever it looks like and whoever asks."""
    for accept in ("*/*", BROWSER):
        assert ask(checked, f"/feeds/{path}", Accept=accept).status == 404

"""The web's own safety, rule by rule (safety.md 6 and 11), much of it over the real server."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from dataclasses import replace
from html import unescape

import pytest
from bs4 import BeautifulSoup

from feedsvc.model import Author, MediaObject
from feedsvc.serving import HEADERS_WITHIN_MS
from feedsvc.web.bodies import AT_ONCE

FEED = "/feeds/suoi-bac/tin-tuc.rss"
PAGES = ("/", "/docs", "/feeds/suoi-bac", "/feeds/suoi-bac/tin-tuc", "/items/1", "/status")
OTHERS = (
    "/nothing",
    "/items/99",
    "/static/feedsvc.css",
    "/openapi.json",
    "/status.json",
    "/healthz",
    "/readyz",
    "/hub",
    "/metrics",
    "/opml",
)
HALF_POST = (
    b"POST /hub HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 60000\r\n\r\nhub.mode="
)


def asked(live, method="GET", path=FEED, body=None, **headers):
    """Status and seconds of one request."""
    begun, door = time.monotonic(), http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    try:
        door.request(method, path, body, headers)
        answer = door.getresponse()
        answer.read()
        return answer.status, time.monotonic() - begun
    finally:
        door.close()


def said(live, raw, seconds=5.0):
    """The first line of the answer to bytes as they are, b"" for a connection that was closed."""
    with socket.create_connection(("127.0.0.1", live.port), timeout=seconds) as door:
        try:
            door.sendall(raw)
            return door.recv(200).partition(b"\r\n")[0]
        except ConnectionError:
            return b""


def test_who_never_ends_a_head_is_let_go(start_server):
    """Two hundred clients that drip their headers keep no reader waiting, and are gone after ten seconds."""
    live = start_server()
    doors = [socket.create_connection(("127.0.0.1", live.port), timeout=0.2) for _ in range(200)]
    try:
        for door in doors:
            door.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")
        begun = time.monotonic()
        assert asked(live)[0] == 200
        assert asked(live)[1] < 1
        assert _closed(doors[0], begun + HEADERS_WITHIN_MS / 1000 + 5)
        assert time.monotonic() - begun > 5
    finally:
        for door in doors:
            door.close()


def _closed(door, until):
    """Whether the other side closes while a byte is sent again and again."""
    while time.monotonic() < until:
        try:
            door.sendall(b"a")
            if door.recv(100) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_who_never_ends_a_body_keeps_nobody_waiting(start_server):
    """More half forms than a worker has threads: readers are answered at once, and the hub when they are gone."""
    live = start_server()
    asked(live)
    doors = [socket.create_connection(("127.0.0.1", live.port), timeout=10) for _ in range(20)]
    try:
        for door in doors:
            door.sendall(HALF_POST)
        for path in (FEED, "/", "/status"):
            status, seconds = asked(live, path=path)
            assert status == 200
            assert seconds < 2
        told = _answers(doors)
        assert told == {b"HTTP/1.1 503 Service Unavailable": 20 - AT_ONCE}
    finally:
        for door in doors:
            door.close()
    end = time.monotonic() + 10
    while asked(live, "POST", "/hub", b"a=1")[0] == 503:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert asked(live, "POST", "/hub", b"a=1")[0] == 400


def _answers(doors):
    told = {}
    for door in doors:
        door.settimeout(0.3)
        try:
            line = door.recv(200).partition(b"\r\n")[0]
        except TimeoutError:
            continue
        told[line] = told.get(line, 0) + 1
    return told


def test_who_does_not_read_keeps_nobody_waiting(start_server):
    """Fifty clients that ask for fifty documents each and read none cost other readers nothing."""
    live = start_server(items=30)
    doors = []
    try:
        for _ in range(50):
            door = socket.create_connection(("127.0.0.1", live.port), timeout=10)
            doors.append(door)
            door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            door.sendall(b"GET /feeds/suoi-bac.rss HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)
        status, seconds = asked(live)
        assert status == 200
        assert seconds < 2
    finally:
        for door in doors:
            door.close()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: %s\r\n" % (b"a" * 500) * 1000 + b"\r\n", {b"431", b""}),
        (b"GET /?" + b"a" * 3000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", {b"414"}),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", {b"400"}),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", {b"400"}),
        (b"GET / HTTP/1.1\r\n\r\n", {b"200", b"400"}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", {b"200", b"400"}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {b"200", b"400", b""}),
        (b"CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example:80\r\n\r\n", {b"400", b"404", b"405", b""}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {b"400", b""}),
        (b"POST /hub HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n", {b"413", b"400"}),
    ],
    ids=["flood", "query", "host", "absolute", "no host", "two hosts", "smuggled", "connect", "tls", "body"],
)  # fmt: skip
def test_what_breaks_limits_is_refused(reading_room, raw, status):
    """Heads, queries and bodies beyond their limit, foreign hosts and what is no HTTP get a refusal, and no more."""
    line = said(reading_room, raw)
    assert (line.split(b" ")[1] if line else b"") in status
    assert b"evil" not in line
    assert asked(reading_room)[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "feeds.example.org.evil.example",
        "evil.example:443",
        "feeds.example.org@evil.example",
        "[::ffff:6666]",
        "localhost\x00",
    ],
)
@pytest.mark.parametrize("path", [*PAGES, FEED, "/opml", "/status.json", "/nothing", "/hub", "/openapi.json"])
def test_a_false_host_is_refused_and_never_repeated(client, host, path):
    """A name that is not ours is told nothing, and stands nowhere: not in a link, a header or a message."""
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.data
    assert not [value for value in answer.headers.values() if "evil" in value]


@pytest.mark.parametrize("path", [*PAGES, FEED])
def test_forwarded_names_make_no_address(client, path):
    """Whatever a proxy, or who plays one, says of host, scheme and path: every address is one of base_url."""
    plain = client.get(path).data
    told = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "javascript", "X-Forwarded-Prefix": "/evil", "Forwarded": "host=evil.example", "X-Original-URL": "/evil", "X-Rewrite-URL": "/evil"}  # fmt: skip
    assert client.get(path, headers=told).data == plain


@pytest.mark.parametrize("path", [*PAGES, *OTHERS, FEED])
def test_every_answer_has_its_guards(client, path):
    """Whatever is answered: nothing is guessed or framed, no foreign script runs, no cookie is set."""
    with client.get(path) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
        assert "Server" not in answer.headers
        if answer.mimetype == "text/html":
            policy = dict(
                one.strip().partition(" ")[::2] for one in answer.headers["Content-Security-Policy"].split(";")
            )
            assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
            assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
            assert "unsafe" not in str(policy)


CLIMBS = [
    "../config.toml", "..%2fconfig.toml", "%2e%2e/config.toml", "%2e%2e%2fconfig.toml", "..%252fconfig.toml", "..\\config.toml",
    "..%5cconfig.toml", "....//config.toml", "%c0%ae%c0%ae/config.toml", "/etc/passwd", "%2fetc%2fpasswd", "file:///etc/passwd",
    "config.toml%00.css", "./../config.toml", "..;/config.toml", "%u002e%u002e/config.toml", "C:%5cboot.ini", "~/config.toml",
    "\u2025/config.toml", "..%c0%afconfig.toml", "feedsvc.db", "../feedsvc.db", "token", "../../../../../../etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("climb", CLIMBS)
def test_no_name_leads_to_a_file(make_world, climb):
    """Names are looked up: nothing but a known one has an answer, however it is spelled, in any room."""
    world = make_world()
    (world.folder / "token").write_text("bi-mat", "utf-8")
    world.publish("suoi-bac/tin-tuc")
    client = world.client()
    for room in ("static/", "media/", "items/1/files/", "feeds/", "feeds/suoi-bac/", "items/", ""):
        for end in ("", ".rss"):
            with client.get(f"/{room}{climb}{end}", follow_redirects=False) as answer:
                assert answer.status_code in {301, 308, 400, 404}, room
                assert b"root:" not in answer.data
                assert b"base_url" not in answer.data
                assert b"bi-mat" not in answer.data


def test_nothing_is_asked_for_the_asking(client):
    """No parameter, header or path makes the service ask an address: a canary on loopback stays unvisited."""
    visits = []
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.3)
        bait = f"http://127.0.0.1:{canary.getsockname()[1]}/x"
        names = (
            "url",
            "u",
            "src",
            "feed",
            "target",
            "callback",
            "server",
            "page",
            "q",
            "redirect",
            "next",
            "uri",
            "link",
            "image",
            "proxy",
            "host",
        )
        query = "&".join(f"{name}={bait}" for name in names)
        headers = {"Referer": bait, "Origin": bait, "X-Forwarded-Host": bait[7:-2], "Link": f"<{bait}>"}
        for path in (
            *PAGES,
            FEED,
            "/opml",
            "/status.json",
            "/media/x.jpg",
            "/hub",
            f"/feeds/{bait}.rss",
            f"/{bait}",
            "/openapi.json",
        ):
            client.get(f"{path}?{query}", headers=headers)
        client.post(
            "/hub",
            data={
                "hub.mode": "subscribe",
                "hub.topic": "https://feeds.example.org/feeds/suoi-bac.rss",
                "hub.callback": bait,
            },
        )
        with contextlib.suppress(TimeoutError):
            visits.append(canary.accept())
    assert visits == []


ALERT = "alert(document.domain)"
PAYLOADS = [
    f"<script>{ALERT}</script>", f"<ScRiPt>{ALERT}</sCrIpT>", f"<script/x>{ALERT}</script>", "<script src=//evil.example/x.js></script>",
    f"<scr<script>ipt>{ALERT}</scr</script>ipt>", f"<img src=x onerror={ALERT}>", f"<img src=x:x onerror\n=\n{ALERT}>", f"<img/src=x/onerror={ALERT}>",
    f'<img src="x` `<script>{ALERT}</script>"` `>', f"<svg onload={ALERT}>", f"<svg><script>{ALERT}</script></svg>", f"<svg/onload={ALERT}>",
    f"<svg><animate onbegin={ALERT} attributeName=x dur=1s>", f"<svg><a xlink:href='javascript:{ALERT}'><text>x</text></a></svg>",
    f"<svg><use href='data:image/svg+xml,<svg id=x onload={ALERT}>#x'>", f"<math><mtext><table><mglyph><style><img src=x onerror={ALERT}>",
    f"<math href='javascript:{ALERT}'>x</math>", f"<body onload={ALERT}>", f"<iframe src=javascript:{ALERT}></iframe>",
    f"<iframe srcdoc='<script>{ALERT}</script>'></iframe>", "<iframe src=//evil.example></iframe>", "<object data=//evil.example></object>",
    f"<object data='data:text/html,<script>{ALERT}</script>'></object>", "<embed src=//evil.example/x.swf>", "<applet code=x></applet>",
    f"<a href=javascript:{ALERT}>x</a>", f"<a href='java\nscript:{ALERT}'>x</a>", f"<a href='&#106;avascript:{ALERT}'>x</a>",
    f"<a href='\x01javascript:{ALERT}'>x</a>", f"<a href=' javascript:{ALERT}'>x</a>", f"<a href='JaVaScRiPt:{ALERT}'>x</a>",
    f"<a href='java&Tab;script:{ALERT}'>x</a>", f"<a href='vbscript:{ALERT}'>x</a>", f"<a href='data:text/html,<script>{ALERT}</script>'>x</a>",
    f"<a href='javascript&colon;{ALERT}'>x</a>", f"<a href=//evil.example onclick={ALERT}>x</a>", f"<a id=x tabindex=1 onfocus={ALERT}>x</a>",
    f"<form action='javascript:{ALERT}'><input type=submit></form>", f"<button formaction='javascript:{ALERT}'>x</button>", f"<input autofocus onfocus={ALERT}>",
    f"<select autofocus onfocus={ALERT}>", f"<textarea autofocus onfocus={ALERT}>", f"<keygen autofocus onfocus={ALERT}>", f"<video><source onerror={ALERT}></video>",
    f"<video poster='javascript:{ALERT}'></video>", f"<video src=x onerror={ALERT}></video>", f"<audio src=x onerror={ALERT}></audio>", f"<details open ontoggle={ALERT}>x</details>",
    f"<marquee onstart={ALERT}>x</marquee>", "<style>@import '//evil.example/x.css';</style>", f"<style>*{{background:url(javascript:{ALERT})}}</style>",
    f"<p style='background:url(javascript:{ALERT})'>x</p>", f"<p style='width:expression({ALERT})'>x</p>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=import href=//evil.example>", f"<meta http-equiv=refresh content='0;url=javascript:{ALERT}'>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>", f"<table background='javascript:{ALERT}'><tr><td>x</td></tr></table>", f"<div onmouseover={ALERT}>x</div>",
    f"<p onclick='{ALERT}'>x</p>", f"<xss onbeforescriptexecute={ALERT}>x</xss>", f"<template><script>{ALERT}</script></template>", f"<noscript><p title='</noscript><img src=x onerror={ALERT}>'></noscript>",
    f"<noembed><img title='</noembed><img src=x onerror={ALERT}>'></noembed>", f"<title><img title='</title><img src=x onerror={ALERT}>'></title>",
    f"<textarea><img title='</textarea><img src=x onerror={ALERT}>'></textarea>", f"<xmp><p title='</xmp><img src=x onerror={ALERT}>'></xmp>", f"<!--<img src='--><img src=x onerror={ALERT}>'>-->",
    f"<!--><img src=x onerror={ALERT}>-->", f"<![CDATA[<script>{ALERT}</script>]]>", f"<?xml-stylesheet href='javascript:{ALERT}'?>", f"</title><script>{ALERT}</script>", f"</textarea><script>{ALERT}</script>",
    f'"><script>{ALERT}</script>', f"'><script>{ALERT}</script>", f'" onmouseover="{ALERT}', f"' onmouseover='{ALERT}", f"` onmouseover=`{ALERT}",
    f"&lt;script&gt;{ALERT}&lt;/script&gt;", f"&amp;lt;script&amp;gt;{ALERT}", f"&#60;script&#62;{ALERT}&#60;/script&#62;", f"&#x3c;img src=x onerror={ALERT}&#x3e;", f"%3Cscript%3E{ALERT}%3C/script%3E",
    f"\ufeff<script>{ALERT}</script>", f"<\x00script>{ALERT}</script>", f"<script\x0c>{ALERT}</script>", f"\u202e<script>{ALERT}</script>", f"+ADw-script+AD4-{ALERT}", f"{{{{7*7}}}}{{% raw %}}<script>{ALERT}</script>",
    f"<frameset onload={ALERT}>", f"<isindex action=javascript:{ALERT}>", f"<img src=x usemap=#x><map name=x><area href='javascript:{ALERT}'></map>", "<a target=_blank ping=//evil.example href=https://x.example>x</a>",
]  # fmt: skip
INERT_TAGS = (
    "script:not([src^='/static/'])",
    "style",
    "iframe",
    "object",
    "embed",
    "svg:not(main svg, header svg)",
    "math",
    "frame",
    "frameset",
    "applet",
    "base",
    "marquee",
    "template",
    "[srcdoc]",
    "[style]",
    "[ping]",
    "meta[http-equiv]",
    "link[rel=import]",
)


def active(html):
    """What could run in a page, as an HTML parser finds it; forms and pictures of our own are none."""
    page = BeautifulSoup(html, "lxml")
    found = [
        str(tag)[:120]
        for tag in page.select(", ".join(INERT_TAGS))
        if not (tag.name == "svg" and tag.get("role") == "img")
    ]
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            address = "".join(c for c in unescape(str(value)) if c > " ").lower()
            if name.startswith("on") or address.startswith(("javascript:", "vbscript:", "data:text")):
                found.append(str(tag)[:120])
    return found


def test_the_catalogue_is_large_and_found():
    """There are ninety payloads at least, and most are found active where nobody cleans."""
    assert len(set(PAYLOADS)) >= 90
    assert len([one for one in PAYLOADS if active(f"<html><body>{one}</body></html>")]) > 55


def test_no_payload_is_active_on_any_page(world):
    """Ninety scripts in title, lead, body, caption, author, file name and addresses, as they came and corrected: none runs."""
    plain = world.service.store.item(1)
    made = []
    for n, evil in enumerate(PAYLOADS, 100):
        media = (
            MediaObject(url=f"https://x.example/{n}.jpg?{evil[:40]}", kind="image", caption=evil, title=evil),
            MediaObject(url=f"https://x.example/{n}.pdf", kind="document", title=evil, caption=evil),
            MediaObject(url=f"javascript:{ALERT}", kind="video", title=evil, player=f"javascript:{ALERT}", thumbnail=f"javascript:{ALERT}"),
        )  # fmt: skip
        made.append(
            replace(plain, number=0, id=f"tag:x,2026:{n}", keys=(f"k{n}",), fingerprint=f"f{n}", url=f"https://x.example/{n}", title=evil, summary=evil,
                    html=f"<p>{evil}</p>", text=evil, authors=(Author(name=evil, organisation=evil),), media=media)
        )  # fmt: skip
    world.poll("suoi-bac/tin-tuc", new=made)
    numbers = {
        item.id: item.number
        for item in world.service.store.items(world.service.channels["suoi-bac/tin-tuc"].query, 200)
    }
    world.clock.pass_time(3600)
    stored = [world.service.store.item(numbers[one.id]) for one in made]
    world.poll("suoi-bac/tin-tuc", changed=[replace(one, title=f"x {one.title}", text=f"y {one.text}", html=f"{one.html}<p>y</p>", revision=2, fingerprint=f"g{one.number}") for one in stored])  # fmt: skip
    client = world.client()
    pages = (
        [f"/items/{number}" for number in numbers.values()]
        + [f"/feeds/suoi-bac?page={n}" for n in range(1, 7)]
        + ["/", "/status"]
    )
    for page in pages:
        answer = client.get(page)
        assert answer.status_code in {200, 404}
        assert active(answer.text) == [], page


@pytest.mark.parametrize("evil", PAYLOADS[::6])
def test_no_payload_of_a_request_is_active(world, evil):
    """What stands in a query, a path or a problem of a portal is text on the page that shows it."""
    client = world.client()
    world.fail("suoi-bac/tin-tuc")
    for path in ("/", "/feeds/suoi-bac", "/docs", "/status", "/nothing"):
        answer = client.get(
            path, query_string={"q": evil, "server": evil, "reader": evil, "lang": evil, "page": evil, "since": evil}
        )
        assert active(answer.text) == []
    assert active(client.get(f"/feeds/{evil}").text) == []


def test_readers_are_answered_while_a_page_is_made(start_server):
    """Feeds come from memory: while pages are made one after the other, they take milliseconds."""
    live = start_server(items=100)
    asked(live)
    stop = threading.Event()

    def busy():
        while not stop.is_set():
            asked(live, path="/feeds/suoi-bac?page=2")

    worker = threading.Thread(target=busy)
    worker.start()
    try:
        taken = sorted(asked(live)[1] for _ in range(200))
    finally:
        stop.set()
        worker.join()
    assert taken[100] < 0.05

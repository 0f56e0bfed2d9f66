"""Pages of our own, broken in every way that servers, editors, proxies and attackers break pages.

A seed gives the same page for ever, so a finding is told by its number.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from portals.build import build
from portals.families import FAMILIES

from feedsvc.demo import PortalState, create_portal
from feedsvc.model import Page

HERE = Path(__file__).parent.parent / "extract"
CORPUS = HERE / "corpus"
NOW = datetime(2026, 11, 23, 3, 5, tzinfo=UTC)
LONGEST = 100_000
"""Bytes of a mutated page, at most: what a usual page of a portal has."""

DEMO = (
    "/", "/tin-tuc", "/thong-bao", "/van-ban", "/video", "/thu-vien-anh", "/quan-tri", "/dang-nhap",
    "/thu-vien-anh/sac-mau-ngay-hoi-van-hoa-cac-dan-toc-1461400",
    "/video/phong-su-tieng-khen-goi-mua-tren-dinh-phu-suong-1460530",
    "/1227/27462/54439/662755/kinh-te-xa-hoi/le-nau-muong-suong-duoc-cap-ma-so-vung-trong-xuat-khau",
)  # fmt: skip

TAGS = "div span p a table tr td ul li font b i h1 h2 article form select option svg iframe script style title dl nav".split()  # noqa: SIM905 - words
ENTITIES = (
    "&#99999999999999999999;", "&#x110000;", "&#xd800;", "&#0;", "&#;", "&#x;", "&amp", "&amp;#237;", "&amp;amp;#60;",
    "&nosuch;", "&" * 500, "&#", "&#x1F600", "&lt;script&gt;", "&nbsp" * 50, "&#8238;",
)  # fmt: skip
VALUES = (
    "http://[::1", "http://[", "//", "///", "javascript:void(0)", "data:text/html;base64,", "http://a@b:99999999/",
    "?" * 3000, "/a" * 20000, "#", "%", "%zz%00", "http://\u202ea.vn/", "1e999", "-1", "9" * 400, "nan", "\x00",
    "url(" * 500, "a 1x, b 2x, " * 300, "<" * 300, "'" * 300, "display:none;" * 500, "__doPostBack('','')",
    "javascript:__doPostBack(&#39;" + "a$" * 300 + "&#39;,&#39;Page$99999999999&#39;)", "2022-99-99T99:99:99+99:99",
)  # fmt: skip
NAMES = "href src style class id srcset data-src onclick width height colspan rowspan content datetime action value rel title alt".split()  # noqa: SIM905 - words
TEXTS = (
    "31/02/2022", "99/99/99999", "0/0/0", "1/1/1", "12/2022", "24h60 32/13/2022", "9" * 5000, "1 2 3 4 5 ... 99999999999",
    "ngày 99 tháng 99 năm 99999", "Thứ Hai, 05/09/2022" * 300, "\u0301" * 3000, "ệ" * 3000, "\u202e\u2066\u200b" * 200,
    "- " * 3000, "( " * 2000, "." * 3000, "Theo " * 500, "Quy chÕ xuÊt b¶n " * 300, "\ufffd" * 500, "\ud7ff\ue000\uffff",
    "Trang 1 2 3 " * 300, "٣٤/٠٩/٢٠٢٢", "²²/⁰⁹/²⁰²²", "10:99 PM GMT+99", "cách đây 99999999999999 năm", "2 giờ trước " * 200,
    " 2022 " * 1000, "A" * 20000, "\x00\x01\x1f" * 100, "12345678901234567890 phút trước",
)  # fmt: skip
SCRIPTS = (
    '<script type="application/ld+json">' + "[" * 3000 + "</script>",
    '<script type="application/ld+json">' + '{"a":' * 3000 + "</script>",
    '<script type="application/ld+json">{"@type":["NewsArticle",1,null],"headline":{"a":1},"datePublished":[99],"image":[[{"url":[]}]],"author":7}</script>',
    '<script type="application/ld+json">{"@type":"ItemList","itemListElement":{"url":null}}</script>',
    '<script type="application/ld+json">{"@graph":' + "9" * 5000 + "}</script>",
    '<meta property="og:title" content=""><meta property="article:published_time" content="0000-00-00">',
    '<base href="http://["><base href="' + "x" * 5000 + '">',
    "<!--" + "<div>" * 500,
    "<![CDATA[" + "x" * 500,
    "<noscript><img src=x><noscript>" * 200,
    '<link rel="next" href="&#99999999999;"><link rel=canonical href="//[">',
    "<table>" + "<tr><td colspan=99999999 rowspan=-9>x" * 300,
    "<frameset><frame src=a>",
    '<video poster="http://["><source src="a.mp4?' + "x" * 5000 + '" type=7>',
    "<time datetime='99999-99-99'>x</time>" * 100,
)  # fmt: skip
CODECS = ("utf-16", "utf-16-be", "cp1258", "latin-1", "utf-7", "utf-32", "koi8-r")


def own_pages() -> tuple[bytes, ...]:
    """Pages of the sample portal, of the generated ones, and those of the tests of reading."""
    client = create_portal(clock=lambda: NOW, state=PortalState()).test_client()
    pages = [client.get(path).data for path in DEMO]
    pages += [path.read_bytes() for folder in (HERE / "articles", CORPUS) for path in sorted(folder.glob("*.html"))]
    pages = [page for page in pages if len(page) < LONGEST // 3]
    for name in sorted(FAMILIES):
        portal = build(name, 3, scale=0.1)
        section = portal.sections[0]
        urls = (portal.home, section.url, next(iter(portal.articles)))
        pages += [portal.respond("/" + url.removeprefix(portal.home)).body for url in urls]
    return tuple(pages)


def mutated(pages: tuple[bytes, ...], seed: int) -> Page:
    """Give the broken page of a seed."""
    random = Random(seed)
    body = random.choice(pages)
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        body = random.choice(MUTATIONS)(body, random, pages)[:LONGEST]
    url = random.choice(
        (
            "https://cong.vidu.vn/tin-tuc",
            "https://cong.vidu.vn/",
            "http://[::1]/a?b=c#d",
            "https://cong.vidu.vn/a/b-123.html?PageIndex=2",
        )
    )
    kind = random.choice(
        (
            "text/html",
            "text/html; charset=utf-8",
            "text/html; charset=windows-1258",
            "",
            "text/html; charset=" + "x" * 99,
        )
    )
    return Page(url=url, final_url=url, status=200, body=body, content_type=kind, fetched_at=NOW)


def _place(body: bytes, random: Random) -> int:
    """A place in a page; mostly just behind a tag, where what is put in is read."""
    at = random.randrange(len(body) + 1)
    behind = body.find(b">", at)
    return behind + 1 if behind >= 0 and random.random() < 0.8 else at


def _insert(body: bytes, random: Random, what: str) -> bytes:
    at = _place(body, random)
    return body[:at] + what.encode("utf-8", "surrogatepass") + body[at:]


def cut(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """The connection ended, or the beginning is missing."""
    at = random.randrange(len(body) + 1)
    return body[:at] if random.random() < 0.7 else body[at:]


def flip(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """Bytes changed on the way."""
    changed = bytearray(body)
    for _ in range(min(len(changed), random.choice((1, 5, 50, 500)))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def splice(body: bytes, random: Random, pages: tuple[bytes, ...]) -> bytes:
    """A proxy mixed two pages."""
    other = random.choice(pages)
    a, b = sorted(random.randrange(len(other) + 1) for _ in range(2))
    at = _place(body, random)
    return body[:at] + other[a:b] + body[at + random.choice((0, b - a)) :]


def repeat(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """A template ran in a circle."""
    a = _place(body, random)
    b = min(len(body), a + random.choice((10, 100, 1000, 5000)))
    return body[:a] + body[a:b] * random.choice((2, 10, 100)) + body[b:]


def nest(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """Tags are opened and never closed, or closed and never opened."""
    tags = [random.choice(TAGS) for _ in range(random.choice((1, 2, 4)))]
    form = random.choice(("<{}>", "</{}>", "<{} class=tin>x", "<{}><{}>"))
    return _insert(body, random, "".join(form.format(tag, tag) for tag in tags) * random.choice((5, 50, 500, 5000)))


def unclose(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """Closing tags are missing."""
    parts = body.split(b"</")
    kept = [part for part in parts[1:] if random.random() < random.choice((0.2, 0.9))]
    return b"</".join([parts[0], *kept])


def attribute(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """Elements have attributes of nonsense."""
    for _ in range(random.choice((1, 10, 60))):
        at = body.find(b"<", random.randrange(len(body) + 1))
        end = next((place for place in range(at + 2, min(len(body), at + 12)) if body[place : place + 1] in b" >"), -1)
        if at < 0 or end < 0:
            continue
        quote = random.choice("\"'")
        value = random.choice(VALUES).replace(quote, "")
        body = body[:end] + f" {random.choice(NAMES)}={quote}{value}{quote}".encode() + body[end:]
    return body


def replace_values(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """Addresses, sizes and styles are others."""
    parts = body.split(b'"')
    for _ in range(random.choice((1, 10, 60))):
        parts[random.randrange(len(parts))] = random.choice(VALUES).encode()
    return b'"'.join(parts)


def numbers(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """Every number is huge, negative or not there."""
    digit = random.choice((b"1", b"2", b"0", b"5"))
    return body.replace(digit, random.choice((b"9" * 40, b"", b"-", "٣".encode(), b"99999", "²".encode())))


def entity(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """Entities are broken."""
    for _ in range(random.choice((1, 5, 30))):
        body = _insert(body, random, random.choice(ENTITIES))
    return body


def text(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """Texts are none that a person wrote."""
    for _ in range(random.choice((1, 3, 10))):
        body = _insert(body, random, random.choice(TEXTS))
    return body


def script(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """Structured data, players and comments are broken."""
    for _ in range(random.choice((1, 3))):
        body = _insert(body, random, random.choice(SCRIPTS))
    return body


def rename(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """Elements are others."""
    old, new = random.choice(TAGS).encode(), random.choice(TAGS).encode()
    return body.replace(b"<" + old, b"<" + new).replace(b"</" + old, b"</" + new)


def recode(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """The page is in another encoding than it says."""
    return body.decode("utf-8", "replace").encode(random.choice(CODECS), "replace")


def unquote(body: bytes, random: Random, _pages: tuple[bytes, ...]) -> bytes:
    """Quotes and brackets are missing or doubled."""
    mark = random.choice((b'"', b"'", b">", b"<", b"/", b"="))
    return body.replace(mark, random.choice((b"", mark * 2, b" ")), random.choice((1, 5, 100)))


Mutation = Callable[[bytes, Random, tuple[bytes, ...]], bytes]
MUTATIONS: tuple[Mutation, ...] = (
    cut, flip, splice, repeat, nest, unclose, attribute, replace_values, numbers, entity, text, script, rename, recode,
    unquote,
)  # fmt: skip

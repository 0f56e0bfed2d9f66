"""Cases of whole answers with hostile contents: words, work for who reads them, what is no list, and links inside."""

from __future__ import annotations

from collections.abc import Iterator

from portals import hostile_replies as replies
from portals.hostile_case import (
    BAD,
    FULL,
    LIST,
    NEW,
    SIZE,
    WHOLE,
    Case,
    at_list,
    at_robots,
    in_article,
    in_list,
    lines,
)
from portals.hostile_pages import article, line, listing, path_of, title_of
from portals.hostile_payloads import SPELLINGS
from portals.hostile_replies import page

RSS = "Content-Type: application/rss+xml; charset=utf-8"


def nested(tag: str, times: int) -> str:
    """Elements in elements."""
    return f"<{tag}>" * times


def feed(doctype: str = "", title: str = "&title;", more: str = "") -> bytes:
    """A feed of the portal's own."""
    items = "".join(
        f"<item><title>{title_of(n)}</title><link>/tin-tuc/viec-so-{n}</link><guid>{n}</guid></item>" for n in NEW
    )
    return (
        f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>{title}</title>{more}{items}</channel></rss>'
    ).encode()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}<!ENTITY title "&l9;">]>'
OUTSIDE = '<!DOCTYPE rss [<!ENTITY title SYSTEM "http://127.0.0.1:{port}/a">]>'
READS = '<!DOCTYPE rss [<!ENTITY title SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE rss [<!ENTITY % e SYSTEM "http://127.0.0.1:{port}/e">%e;]>'
STYLED = '<?xml-stylesheet href="http://127.0.0.1:{port}/a.xsl" type="text/xsl"?>'
CELLS = f"<table><tr><td>{nested('table><tr><td', 3000)}"
CHARSETS = (
    "zlib_codec",
    "base64_codec",
    "hex_codec",
    "rot13",
    "punycode",
    "idna",
    "undefined",
    "unicode_escape",
    "mbcs",
    "x" * 5000,
    "utf-7",
    "\x80",
)
"""None of them is a charset of a page: most make codecs fail or give something else, one even run."""


def words() -> Iterator[Case]:
    """Charsets that are none, and characters that no document may hold."""
    for charset in CHARSETS:
        name = f"charset-{charset[:12].strip().replace('_', '-') if charset.isascii() else 'control'}"
        yield at_list(
            name,
            f"charset={charset[:12]!r}: read as what it is",
            "ok",
            page(FULL, f"Content-Type: text/html; charset={charset}"),
            items=2,
        )
    yield in_list("meta-charset", "a codec in meta", "ok", listing(lines(), head="<meta charset=zlib_codec>"), items=2)
    titles = {
        "bell": "&#7;", "nul": "&#0;", "raw-nul": "\x00", "raw-controls": "\x01\x08\x0b\x0c\x1b[31m", "c1": "&#x80;\x85\x9f",
        "surrogate": "&#xD800;", "raw-surrogate": "\ud800", "fffe": "\ufffe\uffff", "fffe-written": "&#xFFFE;",
        "astral-none": "\U0010ffff&#x1FFFE;", "too-far": "&#x110000;&#99999999999999;", "bidi": "\u202e\u2066gnp.exe\u2069",
        "invisible": "\u200b\ufeff\u00ad", "tags": "\U000e0041\U000e007f", "entities": "&amp;lt;b&amp;gt;&amp;amp;#7;",
        "separators": "\u2028\u2029", "combining": "a" + "\u0301" * 2000, "overlay": ">\u0338<\u0338",
        "cdata": "]]&gt;]]>", "long": "dài " * 30_000,
    }  # fmt: skip
    for name, text in titles.items():
        title = f"{title_of(BAD)} {text}"
        shown = [line(number, title=title if number == BAD else "") for number in NEW]
        yield Case(f"title-{name}", "title, lead, body, writer", f"{text[:24]!r}: one bad of eight, no feed lost", "ok",
                   {LIST: page(listing(shown)), path_of(BAD): page(article(BAD, title=title, lead=text, body=text, author=text))}, 2)  # fmt: skip
    yield in_article(
        "nfd",
        "decomposed letters",
        article(BAD, title="Ba\u0300 con tho\u0302n Ao Sen do\u0323n do\u0306\u0300ng"),
        items=2,
    )
    lost = article(BAD, body="\ufffd" * 300)
    yield in_article("lost-letters", "lost letters in an article", lost)


def torture() -> Iterator[Case]:
    """Pages that are work to read: told or given up within their time, and nobody else waits."""
    yield in_list(
        "nested-div", "100,000 div in each other", "suspicious/layout-changed", nested("div", 100_000).encode() + FULL
    )
    yield in_list(
        "nested-b", "100,000 b in each other", "suspicious/layout-changed", nested("b", 100_000).encode() + FULL
    )
    yield in_list(
        "nested-ul", "20,000 lists in each other", "suspicious/layout-changed", nested("ul><li", 20_000).encode() + FULL
    )
    yield in_list("nested-table", "3,000 tables in each other", "suspicious/layout-changed", CELLS.encode() + FULL)
    yield in_list(
        "nested-a", "50,000 unclosed links", "suspicious/layout-changed", ("<a href=x>" * 50_000).encode() + FULL
    )
    yield in_list("unclosed-p", "200,000 unclosed p and b", "ok", ("<p><b>" * 200_000).encode() + FULL, items=2)
    yield in_list(
        "huge-attribute", "an attribute of 4 MB", "ok", b"<div x='" + b"a" * 4_000_000 + b"'>" + FULL, items=2
    )
    yield in_list(
        "many-attributes",
        "an element with 400,000 attributes",
        "suspicious/extract: took over",
        ("<div " + " ".join(f"a{n}=1" for n in range(400_000)) + ">").encode() + FULL,
    )
    yield in_list("million-entities", "a million entities", "ok", b"&amp;" * 900_000 + FULL, items=2)
    yield in_list(
        "gigantic-select",
        "a choice of 100,000",
        "ok",
        ("<select>" + "<option>1" * 100_000 + "</select>").encode() + FULL,
        items=2,
    )
    yield in_list(
        "million-links",
        "100,000 links",
        "suspicious/layout-changed",
        ("".join(f"<a href=/x{n}>Tin</a>" for n in range(100_000))).encode() + FULL,
    )
    yield in_list(
        "endless-comment", "a comment that is not closed", "suspicious/extract", b"<!--" + b"-" * 1_000_000 + FULL
    )
    yield in_list(
        "endless-script",
        "a script that is not closed",
        "suspicious/layout-changed",
        b"<script>" + b"<" * 1_000_000 + FULL,
    )
    yield in_list("brackets", "a million brackets", "ok", b"<" * 1_000_000 + FULL, items=2)
    yield in_list(
        "dates",
        "a date of 100,000 digits",
        "ok",
        listing([line(n, lead="Ngày " + "1" * 100_000) for n in NEW]),
        items=2,
    )
    yield in_list(
        "json-ld",
        "JSON in JSON 50,000 times",
        "ok",
        listing(lines(), head=f"<script type='application/ld+json'>{'[' * 50_000}</script>"),
        items=2,
    )
    yield in_article("article-nested", "an article in 50,000 div", nested("div", 50_000).encode() + WHOLE)
    yield in_article(
        "article-span",
        "span at colspan=10^9",
        article(BAD, body="<table><tr><td colspan=1000000000 rowspan=1000000000>x</table>"),
    )
    yield in_article(
        "article-date",
        "a date of long digits",
        article(BAD, body=f"<time datetime='{'9' * 5000}'>99/99/{'9' * 5000}</time>"),
    )
    yield in_article("article-nothing", "an empty page", b"")
    yield in_article("article-binary", "bytes of no kind", bytes(range(256)) * 200)
    xml = {"laughs": BILLION, "entity-outside": OUTSIDE, "entity-file": READS, "entity-parameter": PARAMETER}
    for name, doctype in xml.items():
        yield at_list(
            f"feed-{name}", "a feed with a document type", "suspicious/layout-changed", page(feed(doctype), RSS)
        )
    yield at_list("feed-style", "a feed with a style sheet inside", "ok", page(feed(STYLED, "Tin"), RSS), items=2)
    yield at_list(
        "feed-nested",
        "a feed of 100,000 elements in each other",
        "suspicious/extract",
        page(feed("", "Tin", nested("x", 100_000)), RSS),
    )
    yield at_list("feed-huge", "a feed with a title of 4 MB", "ok", page(feed("", "a" * 4_000_000), RSS), items=2)
    yield at_list(
        "feed-utf16",
        "a document type in UTF-16",
        "suspicious/layout-changed",
        page(feed(BILLION).decode().encode("utf-16"), RSS),
    )
    yield in_list("page-laughs", "entities declared in a page", "ok", BILLION.encode() + FULL, items=2)


def suspects() -> Iterator[Case]:
    """Answers that are no list (safety.md 7): nothing changes but the state, and the next good list is believed."""
    login = "<h1>Đăng nhập hệ thống</h1><form method=post><input name=ten><input type=password name=mat></form>"
    captcha = "<h1>Xác nhận</h1><div class='g-recaptcha'></div><p>Vui lòng xác nhận bạn không phải là người máy.</p>"
    works = "<h1>Thông báo</h1><p>Hệ thống đang bảo trì, xin quay lại sau.</p>"
    strange = [
        line(n, url=f"http://ban-hang-{n}.example/khuyen-mai-{n}", title=f"Khuyến mại lớn, giảm giá mặt hàng số {n}")
        for n in range(1, 9)
    ]
    unknown = [line(n) for n in range(100, 110)]
    told = {
        "login": ("a login", login.encode(), "suspicious"),
        "captcha": ("a question for people", captcha.encode(), "suspicious"),
        "works": ("a notice of works", works.encode(), "suspicious"),
        "nothing": ("no bytes", b"", "suspicious"),
        "no-items": ("a list without items", listing([]), "suspicious"),
        "a-third": ("under a third of the usual", listing([line(9), line(8)]), "suspicious"),
        "unknown": ("none of the known", listing(unknown), "suspicious"),
        "abroad": ("links to foreign hosts", listing(strange), "suspicious"),
        "garbled": ("letters that are lost", FULL.decode().replace("n", "\ufffd").encode(), "suspicious"),
        "binary": ("bytes of no kind", bytes(range(256)) * 99, "suspicious"),
        "json": ("JSON", b'{"loi": "khong co du lieu"}', "suspicious"),
    }
    for name, (does, body, expect) in told.items():
        yield in_list(f"suspect-{name}", does, expect, body, size=9)


def inside() -> Iterator[Case]:
    """Every spelling of an inside address as the way on; {port} is the canary's."""
    for name, url in SPELLINGS:
        yield at_list(f"redirect-{name}", f"a redirect to {url}", "failed/", replies.redirect(url))
        yield at_robots(f"rules-{name}", f"robots.txt is at {url}", "failed/blocked", replies.redirect(url))
    links = [line(n) for n in NEW] + [line(n, url=url) for n, (_, url) in enumerate(SPELLINGS, 300)]
    yield Case(
        "inside-links",
        "link",
        "articles at every spelling",
        "ok/blocked",
        {LIST: page(listing(links))},
        SIZE + 2,
        fresh=True,
    )
    pictures = "".join(f'<p><img src="{url}.jpg" width=640 height=400></p>' for _, url in SPELLINGS)
    yield Case(
        "inside-pictures",
        "picture",
        "pictures at every spelling",
        "ok",
        {path_of(BAD): page(article(BAD, body=pictures))},
        2,
    )
    files = "".join(f'<p><a href="{url}.pdf">Văn bản kèm theo</a></p>' for _, url in SPELLINGS)
    yield Case(
        "inside-files", "enclosure", "files at every spelling", "ok", {path_of(BAD): page(article(BAD, body=files))}, 2
    )
    films = "".join(
        f'<video src="{url}.mp4" poster="{url}.jpg"></video><iframe src="{url}"></iframe>' for _, url in SPELLINGS
    )
    yield Case(
        "inside-films", "enclosure", "films at every spelling", "ok", {path_of(BAD): page(article(BAD, body=films))}, 2
    )
    hints = "".join(
        f'<link rel="canonical" href="{url}"><link rel="alternate" type="application/rss+xml" href="{url}">'
        for _, url in SPELLINGS
    )
    yield Case("inside-hints", "canonical, alternate", "hints to every spelling", "ok",
               {LIST: page(listing(lines(), head=hints)), path_of(BAD): page(article(BAD, head=hints))}, 2)  # fmt: skip
    parts = "".join(f'<a href="{url}?trang={n}">{n}</a>' for n, (_, url) in enumerate(SPELLINGS, 2))
    yield Case("inside-parts", "next page of an article", "a pager at every spelling", "ok",
               {path_of(BAD): page(article(BAD, body=f"<div class=pagination>{parts}</div>"))}, 2)  # fmt: skip
    for name, url in SPELLINGS[:14]:
        after = f'<div class="pager"><a rel="next" href="{url}?trang=2">Trang sau</a></div>'
        yield Case(
            f"next-{name}", "next page", f"a next page at {url}", "ok", {LIST: page(listing(lines(), after=after))}, 2
        )
        yield Case(
            f"base-{name}",
            "base",
            f"addresses begin with {url}",
            "suspicious/moved",
            {LIST: page(listing(lines(), head=f'<base href="{url}">'))},
        )
    for name, url in SPELLINGS[:6]:
        moved = replies.redirect(url + ".jpg")
        body = page(article(BAD, body="<img src=/anh.jpg width=640 height=400><p><a href=/van-ban.pdf>Văn bản</a></p>"))
        yield Case(f"moved-{name}", "picture, enclosure", f"a picture and a file redirect to {url}", "ok",
                   {path_of(BAD): body, "/anh.jpg": moved, "/van-ban.pdf": moved}, 2)  # fmt: skip

"""THE TABLE: what the hostile portal does, one line for each case, and what must come of it.

`expect` is the state of the category after the hostile poll: `outcome`, `outcome/code` or `outcome/code: words`. `items`
are those that it brings. After it the portal means well again, and a case that `recovers` then has all that is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from fakes.hostile import Reply, message, plain
from portals import hostile_replies as replies
from portals.hostile_pages import article, line, listing, path_of, title_of
from portals.hostile_payloads import SPELLINGS
from portals.hostile_replies import HTML, page

LIST = "/tin-tuc"
ROBOTS = "/robots.txt"
SIZE = 6


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One way to be hostile. `name` is its host and source; `answers` go before the usual ones while it is.

    With `fresh` there was no calm poll before. `size` is the number of articles of the calm portal; two more are listed
    while it is hostile. With `always` it never means well again.
    """

    name: str
    where: str
    does: str
    expect: str
    answers: Mapping[str, Reply] = field(default_factory=dict, repr=False)
    items: int = 0
    fresh: bool = False
    size: int = SIZE
    always: bool = False
    recovers: bool = True


NEW = range(SIZE + 2, 0, -1)
BAD = SIZE + 1
"""The article that is hostile where articles are; one more stands above it."""


def at_list(name: str, does: str, expect: str, reply: Reply, **more: object) -> Case:
    """A list that is hostile."""
    return Case(name, "listing", does, expect, {LIST: reply}, **more)  # type: ignore[arg-type]


def in_list(name: str, does: str, expect: str, body: bytes, **more: object) -> Case:
    """A list whose page is hostile."""
    return at_list(name, does, expect, page(body), **more)


def at_article(name: str, does: str, reply: Reply, expect: str = "ok", items: int = 2, **more: object) -> Case:
    """One article of two new ones that is hostile: the other comes, and this one as short as its list tells it."""
    return Case(name, "article", does, expect, {path_of(BAD): reply}, items, **more)  # type: ignore[arg-type]


def in_article(name: str, does: str, body: bytes, **more: object) -> Case:
    """One article whose page is hostile."""
    return at_article(name, does, page(body), **more)  # type: ignore[arg-type]


def at_robots(name: str, does: str, expect: str, reply: Reply, items: int = 0, **more: object) -> Case:
    """A robots.txt that is hostile, from the first poll on."""
    return Case(name, "robots", does, expect, {ROBOTS: reply}, items, fresh=True, **more)  # type: ignore[arg-type]


def lines() -> list[str]:
    """The lines that an honest list would have."""
    return [line(number) for number in NEW]


def nested(tag: str, times: int) -> str:
    """Elements in elements."""
    return f"<{tag}>" * times


FULL = listing(lines())
PACKED = replies.packed(FULL)
WHOLE = article(BAD)
BOMBS = (1, 10, 100, 1024)
RSS = "Content-Type: application/rss+xml; charset=utf-8"


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


def bytes_on_the_wire() -> Iterator[Case]:
    """Bodies that are too much, too little, or not what their head says."""
    for size in BOMBS:
        yield at_list(f"bomb-{size}", f"{size} MiB in a small gzip", _too_large(size), replies.bomb(size))
    yield at_article("bomb-article", "an article of 100 MiB in a small gzip", replies.bomb(100))
    yield at_robots(
        "bomb-robots", "a robots.txt of 100 MiB: read as far as its bound", "ok", replies.bomb(100), SIZE + 2
    )
    yield at_list(
        "endless", "a body without end", "failed/too-large: larger than", replies.endless(b"<p>tin</p>" * 999)
    )
    yield at_list("endless-spaces", "spaces without end", "failed/too-large", replies.endless(b" " * 9999))
    yield at_list(
        "endless-chunks", "chunks without end", "failed/too-large",
        replies.endless(b"5\r\n<p>x<\r\n" * 999, 200, HTML, "Transfer-Encoding: chunked"),
    )  # fmt: skip
    yield at_list(
        "endless-zeros", "gzip members without end", "suspicious/malformed: gzip members",
        replies.endless(replies.packed(b"") * 50, 200, HTML, "Content-Encoding: gzip"),
    )  # fmt: skip
    yield at_list("drip", "a byte now and then", "failed/timed-out", replies.drip(message(200, b"", length=10**6)))
    yield at_list("drip-head", "a header now and then", "failed/timed-out", replies.drip(b"HTTP/1.1 200 OK\r\nX-A: "))
    yield at_list("silence", "no answer", "failed/timed-out", replies.silence)
    yield at_list("hang-up", "a closed connection", "failed/unreachable", replies.hang_up)
    yield at_article("drip-article", "an article that drips", replies.drip(message(200, b"", length=10**6)))
    yield at_robots("silence-robots", "no robots.txt, ever", "failed/timed-out", replies.silence)
    gzipped = (HTML, "Content-Encoding: gzip")
    yield at_list("cut-gzip", "gzip cut, with matching length", "suspicious/malformed: cut off",
                  plain(200, replies.packed(FULL, 40), *gzipped))  # fmt: skip
    yield at_list("cut-gzip-end", "gzip without its last byte", "suspicious/malformed: cut off",
                  plain(200, replies.packed(FULL, 1), *gzipped))  # fmt: skip
    yield at_list("cut-length", "less than Content-Length", "suspicious/malformed: cut off",
                  plain(200, FULL[:900], HTML, length=len(FULL)))  # fmt: skip
    yield at_list("cut-chunk", "a chunk that ends early", "suspicious/malformed",
                  plain(200, b"fff\r\n<html>", HTML, "Transfer-Encoding: chunked", length=-1))  # fmt: skip
    yield at_list("no-gzip", "no gzip, though it says so", "suspicious/malformed: gzip", plain(200, FULL, *gzipped))
    yield at_list("wrong-sum", "gzip with a wrong sum", "suspicious/malformed: gzip",
                  plain(200, PACKED[:-8] + b"\0" * 8, *gzipped))  # fmt: skip
    two = replies.packed(PACKED)
    yield at_list(
        "two-codings",
        "gzip in gzip",
        "suspicious/malformed: coded as",
        plain(200, two, HTML, "Content-Encoding: gzip, gzip"),
    )
    yield at_list(
        "two-fields", "two fields of codings", "suspicious/malformed: coded as", plain(200, two, *gzipped, *gzipped[1:])
    )
    for coding in ("br", "deflate", "zstd", "compress", "x-bi-a"):
        yield at_list(f"coding-{coding}", f"{coding}, which nobody asked for", "suspicious/malformed: coded as",
                      plain(200, PACKED, HTML, f"Content-Encoding: {coding}"))  # fmt: skip
    yield at_list("transfer-gzip", "gzip as a transfer coding", "suspicious/malformed",
                  plain(200, PACKED, HTML, "Transfer-Encoding: gzip, chunked", length=-1))  # fmt: skip


def _too_large(size: int) -> str:
    return "failed/too-large: larger than" if size >= 5 else "suspicious"


def heads() -> Iterator[Case]:
    """Status lines and header fields that lie, flood, or smuggle."""
    yield at_list(
        "unasked-206",
        "a part, unasked",
        "suspicious/malformed: 206",
        plain(206, FULL, HTML, "Content-Range: bytes 0-9/99"),
    )
    yield at_list("unasked-304", "not modified, unasked", "suspicious/malformed: 304", plain(304, b"", length=-1))
    yield at_article(
        "article-206", "an article in part, unasked", plain(206, WHOLE, HTML, "Content-Range: bytes 0-9/99")
    )
    yield at_article("article-304", "an article not modified, unasked", plain(304, b"", length=-1))
    for status in (204, 205):
        yield at_list(f"status-{status}", "no content", f"failed/refused: {status}", plain(status, b"", length=-1))
    for status in (100, 299, 300, 400, 401, 403, 404, 410, 418, 500, 502, 504, 599):
        code = "malformed" if status == 100 else "refused"
        outcome, words = ("suspicious", "") if status == 100 else ("failed", f": {status}")
        yield at_list(
            f"status-{status}", f"{status} with a whole list", f"{outcome}/{code}{words}", plain(status, FULL, HTML)
        )
    yield at_list("status-999", "a status that is none", "failed/refused: 999", plain(999, FULL, HTML))
    yield at_list(
        "retry-seconds", "429, in 120 s", "failed/refused: come back in 120 s", plain(429, b"", "Retry-After: 120")
    )
    yield at_list("retry-date", "503, until a date long past", "failed/refused: 503",
                  plain(503, b"", "Retry-After: Mon, 19 Sep 2022 09:00:00 GMT"))  # fmt: skip
    yield at_list("retry-year", "429, in a year: a day at most", "failed/refused: come back in 86400 s",
                  plain(429, b"", "Retry-After: 31536000"))  # fmt: skip
    yield at_list(
        "retry-ages",
        "503, in 10^30 s: read as no number",
        "failed/refused: 503",
        plain(503, b"", f"Retry-After: 1{'0' * 30}"),
    )
    yield at_list("retry-9999", "503, until the end of time", "failed/refused: come back in 86400 s",
                  plain(503, b"", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"))  # fmt: skip
    for name, wish in (
        ("negative", "-5"),
        ("words", "soon"),
        ("empty", ""),
        ("zone", "Mon, 32 Foo 2022 99:99:99 +9999"),
    ):
        yield at_list(
            f"retry-{name}", f"503, {wish or 'nothing'}", "failed/refused: 503", plain(503, b"", f"Retry-After: {wish}")
        )
    yield at_list(
        "flood-fields",
        "5,000 header fields",
        "suspicious/malformed",
        plain(200, FULL, *[f"X-{n}: a" for n in range(5000)]),
    )
    yield at_list(
        "flood-bytes",
        "80 KB of header fields",
        "suspicious/malformed",
        plain(200, FULL, *[f"X-{n}: {'a' * 900}" for n in range(90)]),
    )
    yield at_list("huge-field", "a field of 2 MB", "suspicious/malformed", plain(200, FULL, f"X-A: {'a' * 2_000_000}"))
    yield at_list(
        "huge-reason",
        "a status line of 1 MB",
        "suspicious/malformed",
        replies.raw(b"HTTP/1.1 200 " + b"a" * 10**6 + b"\r\n\r\n"),
    )
    yield at_list(
        "endless-head", "header fields without end", "suspicious/malformed", replies.endless_head(b"X-A: a\r\n" * 99)
    )
    yield at_list("not-http", "SSH", "suspicious/malformed", replies.raw(b"SSH-2.0-OpenSSH_9.2\r\n"))
    yield at_list(
        "http-2", "a preface of HTTP/2", "suspicious/malformed", replies.raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    )
    yield at_list(
        "nul-head", "NUL in a field", "suspicious/malformed", replies.raw(b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n<p>")
    )
    yield at_list("two-lengths", "two lengths", "suspicious/malformed", plain(200, FULL, HTML, "Content-Length: 7"))
    yield at_list(
        "minus-length",
        "a length below nothing",
        "suspicious/malformed",
        plain(200, FULL, HTML, "Content-Length: -7", length=-1),
    )
    yield at_list(
        "smuggled",
        "length and chunks",
        "suspicious/malformed",
        plain(200, FULL, HTML, "Transfer-Encoding: chunked", length=9),
    )
    yield at_list(
        "long-etag", "a validator of 2 kB: not kept", "ok", page(FULL, HTML, f'ETag: "{"a" * 2000}"'), items=2
    )
    yield at_list(
        "control-etag",
        "a validator with control characters: not kept",
        "ok",
        page(FULL, HTML, 'ETag: "a\tb\x80"'),
        items=2,
    )
    yield at_list(
        "control-date",
        "a date with control characters: not kept",
        "ok",
        page(FULL, HTML, "Last-Modified: \x80\x81"),
        items=2,
    )
    yield at_list(
        "cookie-flood",
        "90 cookies",
        "ok",
        page(FULL, HTML, *[f"Set-Cookie: c{n}={'a' * 300}; Path=/" for n in range(90)]),
        items=2,
    )
    yield at_list(
        "cookie-control",
        "a cookie that no header can carry",
        "ok",
        page(FULL, HTML, "Set-Cookie: a=\x80\x81\x82"),
        items=2,
    )
    yield Case("lying-304", "listing", "not modified for ever to who asks conditionally", "ok",
               {LIST: replies.unless_conditional(FULL, 'ETag: "a"')}, 2, always=True)  # fmt: skip


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


def ways() -> Iterator[Case]:
    """Redirects and pagers that lead nowhere, round and round, or away."""
    yield at_list("loop", "a redirect to itself", "failed/refused: more than 5 times", replies.redirect(LIST))
    yield at_list(
        "loop-of-two", "a redirect there and back", "failed/refused: more than 5 times", replies.redirect("/tin-tuc?x")
    )
    yield at_list("endless-302", "a redirect with an endless body: not read", "failed/refused: more than 5 times",
                  replies.endless(b"x" * 9999, 302, f"Location: {LIST}"))  # fmt: skip
    yield at_list("slow-redirects", "redirects that take their time", "failed/timed-out", replies.slow_redirect(2.5))
    yield at_list("nowhere", "a redirect without an address", "suspicious/malformed: where to", plain(302, b""))
    yield at_list(
        "nonsense", "a redirect to what is no address", "suspicious/malformed", replies.redirect("http://[::1")
    )
    yield at_list(
        "long-way",
        "a redirect to 10,000 letters",
        "suspicious/malformed",
        replies.redirect("http://{host}/" + "a" * 10_000),
    )
    yield at_list("split", "a redirect that writes fields", "failed/", replies.redirect("http://{host}/a%0d%0aX:%20b"))
    for scheme in ("file:///etc/passwd", "ftp://{host}/", "javascript:alert(1)", "data:text/html,x", "//", "http:///a"):
        name = scheme.partition(":")[0].strip("/") or "bare"
        yield at_list(
            f"to-{name}" if scheme != "http:///a" else "to-no-host",
            f"a redirect to {scheme}",
            "failed/",
            replies.redirect(scheme),
        )
    for status in (301, 303, 307, 308):
        yield at_list(
            f"redirect-{status}",
            f"{status} inside",
            "failed/blocked: not a public address",
            replies.redirect("http://10.0.0.1/", status),
        )
    pager = '<div class="pager"><a rel="next" href="{}">Trang sau</a></div>'

    def numbered(number: int) -> bytes:
        first = NEW[0] if number == 1 else number * 100
        return listing(
            [line(first - step) for step in range(len(NEW))], after=pager.format(f"/tin-tuc?trang={number + 1}")
        )

    yield at_list(
        "endless-pager", "a pager that never ends: as far as known items", "ok", replies.counting(numbered), items=2
    )
    yield at_list(
        "same-pager",
        "a pager that shows the same page",
        "ok",
        page(listing(lines(), after=pager.format("/tin-tuc?trang=2"))),
        items=2,
    )
    calendar = "".join(f'<a href="/tin-tuc?ngay={n}">{n}</a>' for n in range(1, 31))
    yield in_list(
        "calendar",
        "a calendar of days without end",
        "ok",
        listing(lines(), after=f"<div class='calendar'>{calendar}</div>"),
        items=2,
    )
    yield in_list(
        "abroad-pager",
        "a pager to another host",
        "ok",
        listing(lines(), after=pager.format("http://khac.example/tin-tuc?trang=2")),
        items=2,
    )
    yield Case("silent-picture", "picture", "a picture that never answers", "ok",
               {path_of(BAD): page(article(BAD, body="<img src=/anh.jpg width=640 height=400>")), "/anh.jpg": replies.silence}, 2)  # fmt: skip
    yield Case("bomb-picture", "picture", "a picture of 100 MiB", "ok",
               {path_of(BAD): page(article(BAD, body="<img src=/anh.jpg width=640 height=400>")), "/anh.jpg": replies.bomb(100)}, 2)  # fmt: skip
    yield Case("lying-picture", "picture", "a page in the place of a picture", "ok",
               {path_of(BAD): page(article(BAD, body="<img src=/anh.jpg width=640 height=400>")), "/anh.jpg": page(FULL)}, 2)  # fmt: skip


def rules() -> Iterator[Case]:
    """robots.txt that fails, floods or forbids."""
    for status in (500, 503, 429):
        yield at_robots(
            f"robots-{status}",
            f"{status}: nothing is asked until the rules are known",
            "failed/blocked",
            plain(status, b""),
        )
    for status in (401, 403, 404):
        yield at_robots(f"robots-{status}", f"{status}: no rules", "ok", plain(status, b""), SIZE + 2)
    yield at_robots(
        "robots-forbids", "forbids all", "failed/blocked: Disallow: /", plain(200, b"User-agent: *\nDisallow: /\n")
    )
    yield at_robots(
        "robots-huge", "10 MB of rules: read as far as the bound", "ok", plain(200, b"#" * 99 + b"\n" * 10**7), SIZE + 2
    )
    yield at_robots("robots-page", "a page in the place of rules", "ok", page(FULL), SIZE + 2)
    yield at_robots("robots-binary", "bytes of no kind", "ok", plain(200, bytes(range(256)) * 99), SIZE + 2)
    yield at_robots("robots-loop", "a redirect to itself: no rules", "ok", replies.redirect(ROBOTS), SIZE + 2)
    yield at_robots(
        "robots-star",
        "rules full of stars",
        "ok",
        plain(200, b"User-agent: *\nDisallow: /" + b"*a" * 3000 + b"\n"),
        SIZE + 2,
    )
    yield at_robots("robots-hang-up", "a closed connection", "failed/unreachable: robots.txt", replies.hang_up)


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


CASES: tuple[Case, ...] = (
    *bytes_on_the_wire(), *heads(), *words(), *torture(), *ways(), *rules(), *suspects(), *inside(),
)  # fmt: skip

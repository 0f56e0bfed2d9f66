"""Cases of answers that are hostile as answers: bytes, heads, ways and rules, whatever a page would say."""

from __future__ import annotations

from collections.abc import Iterator

from fakes.hostile import message, plain
from portals import hostile_replies as replies
from portals.hostile_case import (
    BAD,
    FULL,
    LIST,
    NEW,
    ROBOTS,
    SIZE,
    WHOLE,
    Case,
    at_article,
    at_list,
    at_robots,
    in_list,
    lines,
)
from portals.hostile_pages import article, line, listing, path_of
from portals.hostile_replies import HTML, page

PACKED = replies.packed(FULL)
BOMBS = (1, 10, 100, 1024)


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
    yield at_list(
        "name-inside",
        "a redirect to a name that leads inside",
        "failed/blocked: trong.example",
        replies.redirect("http://trong.example/"),
    )
    yield at_list(
        "name-mixed",
        "a redirect to a name with a public address and one inside",
        "failed/blocked: lan.example",
        replies.redirect("http://lan.example/"),
    )
    yield at_list(
        "no-tls",
        "a redirect to https where nobody speaks it",
        "failed/unreachable: no TLS connection to no-tls.hostile.example",
        replies.redirect("https://{host}/"),
    )
    posted = (
        '<form method="post" action="/tin-tuc"><input type="hidden" name="__VIEWSTATE" value="x"><table class="pager">'
        "<tr><td><span>1</span></td><td><a href=\"javascript:__doPostBack('pgr','2')\">2</a></td></tr></table></form>"
    )
    for status in (302, 307):
        away = replies.redirect("http://127.0.0.1:{port}/a", status)
        reply = replies.where_posted(listing(lines(), after=posted), away)
        yield Case(f"posted-{status}", "next page", f"{status} inside to who posts a form", "ok", {LIST: reply},
                   SIZE + 2, fresh=True)  # fmt: skip
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

"""A portal on 127.0.0.1 that answers as badly as it is told, over raw sockets; and a canary is one that nobody visits.

Each mode has a path of its own (`MODES`). `robots` sets what /robots.txt answers, `answers` adds paths of a test's own.
"""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

PAGE = "<html><head><title>Cổng thông tin</title></head><body><h1>Tin mới của thị xã</h1></body></html>".encode()
ETAG = '"ban-tin-7"'
LAST_MODIFIED = "Mon, 19 Sep 2022 08:00:00 GMT"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as it arrived; `at` in seconds of the loop's clock."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    at: float


Reply = Callable[["HostilePortal", Visit, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class HostilePortal:
    """Start it with `async with`; `visits` holds every request, `connections` counts the accepted sockets."""

    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    robots: bytes | int = 404
    answers: dict[str, Reply] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0
    most_open: int = 0
    port: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def pair(self) -> str:
        """For allow_private."""
        return f"{self.host}:{self.port}"

    def url(self, path: str = "/") -> str:
        """The address of `path` here."""
        return f"{'https' if self.tls else 'http'}://{self.pair}{path}"

    @property
    def asked(self) -> list[str]:
        """The targets of all requests but those for robots.txt."""
        return [visit.target for visit in self.visits if visit.target != "/robots.txt"]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self.host, 0, ssl=self.tls, limit=4 * 1024 * 1024)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        self.connections += 1
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            await self._answer(await read_visit(reader), writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            self.open_now -= 1
            self._tasks.discard(task)
            writer.transport.abort() if task.cancelling() else writer.close()

    async def _answer(self, visit: Visit, writer: asyncio.StreamWriter) -> None:
        self.visits.append(visit)
        path = visit.target.split("?", 1)[0]
        fallback = send_robots if path == "/robots.txt" else MODES.get(path) or plain(404)
        await self.answers.get(path, fallback)(self, visit, writer)
        await writer.drain()


async def read_visit(reader: asyncio.StreamReader) -> Visit:
    """The request that a client sent."""
    first_byte = await reader.readexactly(1)
    if first_byte == b"\x16":  # a TLS greeting to a port that speaks none: answered as web servers do
        return Visit("", "/not-http", {}, b"", 0.0)
    head = (first_byte + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Visit(method, target, headers, body, asyncio.get_running_loop().time())


def message(status: int = 200, body: bytes = b"", *fields: str, length: int | None = None) -> bytes:
    """A whole answer, with Content-Length unless the fields hold one or `length` is -1."""
    lines = [f"HTTP/1.1 {status} X", *fields]
    if length != -1:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def plain(status: int = 200, body: bytes = PAGE, *fields: str, length: int | None = None) -> Reply:
    """An answer that is always the same."""

    async def reply(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
        whole = message(status, body, *fields, length=length)
        writer.write(whole[: whole.index(b"\r\n\r\n") + 4] if visit.method == "HEAD" else whole)

    return reply


def redirect(to: str, status: int = 302) -> Reply:
    """A redirect to `to`, word for word."""

    async def reply(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
        writer.write(message(status, b"", f"Location: {to}"))

    return reply


async def send_robots(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """The rules that the portal is set to."""
    if isinstance(portal.robots, int):
        writer.write(message(portal.robots))
    else:
        writer.write(message(200, portal.robots, "Content-Type: text/plain"))


async def echo(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """What was posted, or the method."""
    writer.write(message(200, visit.body or visit.method.encode(), "Content-Type: text/plain"))


async def by_etag(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """304 to its own ETag."""
    same = visit.headers.get("if-none-match") == ETAG
    writer.write(message(304, b"", f"ETag: {ETAG}") if same else message(200, PAGE, f"ETag: {ETAG}"))


async def by_date(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """304 to its own Last-Modified."""
    same = visit.headers.get("if-modified-since") == LAST_MODIFIED
    field_ = f"Last-Modified: {LAST_MODIFIED}"
    writer.write(message(304, b"", field_) if same else message(200, PAGE, field_))


async def endless(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """A page that never ends."""
    writer.write(message(200, b"", "Content-Type: text/html", length=-1))
    while True:
        writer.write(b"<p>tin</p>" * 4096)
        await writer.drain()


async def endless_redirect_body(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """A redirect whose body never ends."""
    writer.write(message(302, b"", "Location: /ordinary", length=-1))
    while True:
        writer.write(b"x" * 4096)
        await writer.drain()


async def drip(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """A byte now and then."""
    writer.write(message(200, b"", length=100_000))
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def slow_redirect(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """A redirect to itself after a while."""
    await asyncio.sleep(0.12)
    writer.write(message(302, b"", "Location: /slow-redirect"))


async def silence(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """Nothing, for ever; `arrived` tells that it has begun."""
    portal.arrived.set()
    await asyncio.sleep(3600)


async def hang_up(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """The connection closed without a word."""
    writer.transport.abort()


async def no_head(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """HEAD refused, ranges served."""
    if visit.method == "HEAD":
        writer.write(message(405))
    elif visit.headers.get("range") == "bytes=0-1023":
        writer.write(message(206, b"x" * 1024, "Content-Type: image/jpeg", "Content-Range: bytes 0-1023/48213"))
    else:
        writer.write(message(200, b"x" * 48213, "Content-Type: image/jpeg"))


async def vague_head(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """HEAD answered without type and length."""
    if visit.method == "HEAD":
        writer.write(message(200, b"", length=-1))
    else:
        writer.write(message(200, b"x" * 777, "Content-Type: Video/MP4; codecs=avc1"))


async def lying_head(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """HEAD answered with an error page."""
    if visit.method == "HEAD":
        writer.write(message(200, b"", "Content-Type: text/html", length=312))
    else:
        writer.write(message(206, b"x" * 1024, "Content-Type: image/png", "Content-Range: bytes 0-1023/9000"))


async def redirect_loop(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """A redirect to itself."""
    writer.write(message(302, b"", "Location: /redirect-loop"))


async def steps(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """/steps?n leads to the page after n redirects."""
    left = int(visit.target.partition("?")[2])
    writer.write(message(301, b"", f"Location: /steps?{left - 1}") if left else message(200, PAGE))


async def cookie_wall(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
    """Shows its page only to who brings back the cookie that it set."""
    if "phien=abc123" in visit.headers.get("cookie", ""):
        writer.write(message(200, PAGE))
    else:
        writer.write(message(302, b"", "Set-Cookie: phien=abc123; Path=/", "Location: /cookie-wall"))


def bomb() -> bytes:
    """64 MiB in 64 KiB of gzip."""
    return gzip.compress(b"\0" * (64 * 1024 * 1024), 9)


PACKED = gzip.compress(PAGE)
MODES: dict[str, Reply] = {
    "/ordinary": plain(200, PAGE, "Content-Type: text/html; charset=utf-8"),
    "/echo": echo,
    "/etag": by_etag,
    "/last-modified": by_date,
    "/gzip": plain(200, PACKED, "Content-Encoding: gzip"),
    "/gzip-two-members": plain(200, PACKED + PACKED, "Content-Encoding: gzip"),
    "/gzip-cut": plain(200, PACKED[:-12], "Content-Encoding: gzip"),
    "/gzip-lie": plain(200, PAGE, "Content-Encoding: gzip"),
    "/two-codings": plain(200, gzip.compress(PACKED), "Content-Encoding: gzip, gzip"),
    "/deflate": plain(200, PACKED, "Content-Encoding: deflate"),
    "/bomb": plain(200, bomb(), "Content-Encoding: gzip"),
    "/endless": endless,
    "/drip": drip,
    "/silence": silence,
    "/hang-up": hang_up,
    "/slow-redirect": slow_redirect,
    "/redirect-loop": redirect_loop,
    "/steps": steps,
    "/endless-redirect-body": endless_redirect_body,
    "/redirect-nowhere": plain(302, b""),
    "/unasked-206": plain(206, PAGE[:40], "Content-Range: bytes 0-39/500"),
    "/unasked-304": plain(304, b""),
    "/no-content": plain(204, b"", length=-1),
    "/header-flood": plain(200, PAGE, *[f"X-{n}: {'a' * 900}" for n in range(90)]),
    "/header-many": plain(200, PAGE, *[f"X-{n}: a" for n in range(5000)]),
    "/header-long": plain(200, PAGE, f"X-Long: {'a' * 200_000}"),
    "/length-too-short": plain(200, PAGE, length=40),
    "/length-too-long": plain(200, PAGE, length=len(PAGE) + 100),
    "/chunk-cut": plain(200, b"ff\r\n<html>", "Transfer-Encoding: chunked", length=-1),
    "/not-http": lambda p, v, w: _raw(w, b"SSH-2.0-OpenSSH_9.2\r\n"),
    "/429-seconds": plain(429, b"", "Retry-After: 120"),
    "/429-date": plain(429, b"", "Retry-After: Mon, 19 Sep 2022 09:00:00 GMT"),
    "/503-week": plain(503, b"", "Retry-After: 604800"),
    "/503-nonsense": plain(503, b"", "Retry-After: soon"),
    "/404": plain(404, PAGE),
    "/410": plain(410, PAGE),
    "/500": plain(500, PAGE),
    "/zlib-codec": plain(200, PAGE, "Content-Type: text/html; charset=zlib_codec"),
    "/etag-control": plain(200, PAGE, 'ETag: "a\tb\x80"'),
    "/etag-long": plain(200, PAGE, f'ETag: "{"a" * 2000}"'),
    "/cookie-wall": cookie_wall,
    "/no-head.jpg": no_head,
    "/vague-head.mp4": vague_head,
    "/lying-head.png": lying_head,
    "/html-for-picture.jpg": plain(200, PAGE, "Content-Type: text/html"),
    "/picture.jpg": plain(200, b"x" * 4321, "Content-Type: image/jpeg"),
    "/forbidden.jpg": plain(403, b""),
}


async def _raw(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)

"""Answers that no honest server gives, as bytes on a socket."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable

from fakes.hostile import HostilePortal, Reply, Visit, message, plain

HTML = "Content-Type: text/html; charset=utf-8"
Writer = asyncio.StreamWriter


def page(body: bytes, *fields: str) -> Reply:
    """An ordinary answer with this page."""
    return plain(200, body, *(fields or (HTML,)))


def bomb(mebibytes: int) -> Reply:
    """A gzip body of so many MiB of nothing; made of one block over and over, so that it costs nothing to make."""
    coder = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    head = coder.compress(b"") + coder.flush(zlib.Z_FULL_FLUSH)
    block = coder.compress(b"\0" * 1024 * 1024) + coder.flush(zlib.Z_FULL_FLUSH)

    async def reply(_portal: HostilePortal, _visit: Visit, writer: Writer) -> None:
        writer.write(message(200, b"", HTML, "Content-Encoding: gzip", length=-1) + head)
        for _ in range(mebibytes):
            writer.write(block)
            await writer.drain()

    return reply


def endless(chunk: bytes, status: int = 200, *fields: str) -> Reply:
    """A body that never ends."""

    async def reply(_portal: HostilePortal, _visit: Visit, writer: Writer) -> None:
        writer.write(message(status, b"", *(fields or (HTML,)), length=-1))
        while True:
            writer.write(chunk)
            await writer.drain()

    return reply


def endless_head(chunk: bytes) -> Reply:
    """Header fields without end."""

    async def reply(_portal: HostilePortal, _visit: Visit, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(chunk)
            await writer.drain()

    return reply


def drip(start: bytes, every: float = 0.2) -> Reply:
    """The beginning of an answer, and then a byte now and then."""

    async def reply(_portal: HostilePortal, _visit: Visit, writer: Writer) -> None:
        writer.write(start)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(every)

    return reply


async def silence(_portal: HostilePortal, _visit: Visit, _writer: Writer) -> None:
    """Nothing, for ever."""
    await asyncio.sleep(3600)


async def hang_up(_portal: HostilePortal, _visit: Visit, writer: Writer) -> None:
    """The connection closed without a word."""
    writer.transport.abort()


def raw(data: bytes) -> Reply:
    """These bytes, which need be no HTTP."""

    async def reply(_portal: HostilePortal, _visit: Visit, writer: Writer) -> None:
        writer.write(data)

    return reply


def redirect(to: str, status: int = 302) -> Reply:
    """A redirect; {host} in `to` is the host and port that was asked."""

    async def reply(_portal: HostilePortal, visit: Visit, writer: Writer) -> None:
        target = to.replace("{host}", visit.headers.get("host", "")).encode().decode("latin-1")
        writer.write(message(status, b"", f"Location: {target}"))

    return reply


def where_posted(listed: bytes, answer: Reply) -> Reply:
    """A page, and an answer of its own to a form of it."""

    async def reply(portal: HostilePortal, visit: Visit, writer: Writer) -> None:
        await (answer if visit.method == "POST" else page(listed))(portal, visit, writer)

    return reply


def slow_redirect(seconds: float) -> Reply:
    """A redirect to itself after a while."""

    async def reply(_portal: HostilePortal, visit: Visit, writer: Writer) -> None:
        await asyncio.sleep(seconds)
        writer.write(message(302, b"", f"Location: {visit.target}"))

    return reply


def counting(make: Callable[[int], bytes], parameter: str = "trang") -> Reply:
    """A page that leads to the next one by number, for ever: `make` gives the page of a number."""

    async def reply(portal: HostilePortal, visit: Visit, writer: Writer) -> None:
        number = int(visit.target.partition(f"{parameter}=")[2] or 1)
        await page(make(number))(portal, visit, writer)

    return reply


def unless_conditional(body: bytes, *fields: str) -> Reply:
    """304 to whoever asks conditionally, whatever has happened since."""

    async def reply(portal: HostilePortal, visit: Visit, writer: Writer) -> None:
        if "if-none-match" in visit.headers or "if-modified-since" in visit.headers:
            writer.write(message(304, b"", *fields))
        else:
            await page(body, HTML, *fields)(portal, visit, writer)

    return reply


def packed(body: bytes, cut: int = 0) -> bytes:
    """Gzip of a page, with so many bytes missing at its end."""
    data = gzip.compress(body)
    return data[: len(data) - cut]

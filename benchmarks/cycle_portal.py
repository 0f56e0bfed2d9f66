"""`python -m benchmarks.cycle_portal PORT SOURCES`: portals on as many addresses of 127.0.0.0/8, in one process.

One listener answers for all of them; which portal is asked is told by the address that the connection came to. Answers
come 20 to 200 ms after the question. Unchanged lists answer 304; `/_publish/NUMBER` gives that many portals one more
article, and `/_figures` tells as JSON what was asked of all since the last time.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from functools import lru_cache
from http import HTTPStatus

from benchmarks.cycle_pages import article_page, listing_page
from feedsvc.cli.priority import stand_back

QUICKEST, SLOWEST = 0.02, 0.2
LISTING, ROBOTS = "/tin-tuc", "/robots.txt"
RULES = "User-agent: *\nDisallow: /quan-tri/\nDisallow: /tim-kiem\n"
"""Forbids what portals forbid, so that each address has to be held against it."""


def address(number: int) -> str:
    """The address of a portal, counted from 0; 127.0.0.1 is none of them."""
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"


class Town:
    """What all portals show: how many articles each has published since the start, and what was asked."""

    def __init__(self, sources: int) -> None:
        self.sources = sources
        self.published: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.random = random.Random(5)

    def answer(self, host: str, path: str, condition: str) -> tuple[int, str, bytes]:
        """Status, entity tag and body."""
        version = self.published[host]
        if path == LISTING:
            tag = f'"v{version}"'
            self.asked["unchanged" if condition == tag else "lists"] += 1
            return (304, tag, b"") if condition == tag else (200, tag, _listing(version))
        self.asked["robots" if path == ROBOTS else "articles"] += 1
        if path == ROBOTS:
            return 200, "", RULES.encode()
        number = path.rpartition("-")[2]
        return (200, f'"a{number}"', _article(int(number))) if number.isdigit() else (404, "", b"")

    def command(self, path: str) -> bytes:
        """What the benchmark asks."""
        if path.startswith("/_publish/"):
            chosen = self.random.sample(range(self.sources), int(path.rpartition("/")[2]))
            self.published.update(address(number) for number in chosen)
        told, self.asked = json.dumps(self.asked), Counter()
        return told.encode()


class Portal(asyncio.Protocol):
    """One connection: one question, an answer after a while, and the end."""

    def __init__(self, town: Town) -> None:
        self.town, self.received = town, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remembers the portal that was called; whoever comes from elsewhere is not answered."""
        self.transport: asyncio.Transport = transport  # type: ignore[assignment] # it is one of TCP
        self.host = transport.get_extra_info("sockname")[0]
        if not self.host.startswith("127."):
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Answers a whole question."""
        self.received += data
        if not self.received.endswith(b"\r\n\r\n"):
            return
        lines = self.received.decode("latin-1").split("\r\n")
        path = lines[0].split(" ")[1]
        if path.startswith("/_"):
            self.send(200, "", self.town.command(path))
            return
        condition = next((line[15:] for line in lines if line[:15].lower() == "if-none-match: "), "")
        wait = self.town.random.uniform(QUICKEST, SLOWEST)
        asyncio.get_running_loop().call_later(wait, self.send, *self.town.answer(self.host, path, condition))

    def send(self, status: int, tag: str, body: bytes) -> None:
        """Sends an answer whole."""
        length = "" if status == HTTPStatus.NOT_MODIFIED else f"Content-Length: {len(body)}\r\n"
        kind = "text/plain" if body.startswith(b"User") else "text/html; charset=utf-8"
        head = f"HTTP/1.1 {status} -\r\nServer: portal\r\nContent-Type: {kind}\r\n{length}"
        if tag:
            head += f"ETag: {tag}\r\nCache-Control: private\r\n"
        self.transport.write(head.encode() + b"Connection: close\r\n\r\n" + body)
        self.transport.close()


_listing = lru_cache(maxsize=100)(listing_page)
_article = lru_cache(maxsize=1000)(article_page)


async def serve(port: int, sources: int) -> None:
    """Answers until it is ended."""
    town = Town(sources)
    # All addresses of the loopback at once can only be had with all others; Portal refuses those.
    server = await asyncio.get_running_loop().create_server(
        lambda: Portal(town),
        "0.0.0.0",
        port,
        backlog=4096,
    )
    await server.serve_forever()


if __name__ == "__main__":
    stand_back()  # they stand for machines elsewhere, which take no time of the processor from readers here
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))

"""What only the network can tell: whether hosts are there, whose certificate ends soon, what time it is, who we are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from statistics import median
from urllib.parse import urlsplit

from feedsvc.config import Config, host_port
from feedsvc.doctor.finding import Finding, fine, note, wrong
from feedsvc.errors import FetchError
from feedsvc.fetch.guard import read_pairs
from feedsvc.fetch.hooks import HttpHooks
from feedsvc.fetch.inspecting import Inspector, Look
from feedsvc.worker import user_agent

SOON = timedelta(days=14)
APART = timedelta(minutes=2)
AT_ONCE = 20
LOOPBACK = ("127.", "localhost", "[::1]", "::1")
DEADLINE = timedelta(seconds=10)


async def hosts(config: Config, now: datetime) -> list[Finding]:
    """A finding for each host of the sources, and one of the clock, as their answers tell the time."""
    if config.fetch.proxy:
        return [note("hosts", "not looked at: all is asked through [fetch] proxy, which looks names up", "")]
    urls: dict[str, str] = {}
    for source in config.source:
        for url in (source.home, *(category.url for category in source.category)):
            if not url.startswith("folder:"):
                urls.setdefault(host_port(url), url)
    inspector = Inspector(user_agent=user_agent(config), private=read_pairs(config.fetch.allow_private))
    room = asyncio.Semaphore(AT_ONCE)

    async def one(url: str) -> Look | Finding:
        async with room:
            try:
                return await inspector.look(url)
            except FetchError as error:
                todo = "see whether the portal is there in a browser; polling goes on trying"
                return wrong("hosts", f"{urlsplit(url).hostname}: {error}", todo)

    try:
        found = await asyncio.gather(*(one(url) for _, url in sorted(urls.items())))
    finally:
        await inspector.close()
    looks = [look for look in found if isinstance(look, Look)]
    return [*(one if isinstance(one, Finding) else _host(one, now) for one in found), *_clock(looks, now)]


def _host(look: Look, now: datetime) -> Finding:
    told = f"{look.host} is at {look.address}"
    if look.expires is None:
        return fine("hosts", f"{told}, without TLS")
    days = (look.expires - now).days
    if look.expires - now < SOON:
        return note("hosts", f"{told}; its certificate ends in {days} days", "tell the portal")
    return fine("hosts", f"{told}; its certificate holds for {days} days")


def _clock(looks: Sequence[Look], now: datetime) -> Iterator[Finding]:
    """The clock against the middle one of the portals': a single one may be wrong itself."""
    told = [look.clock - now for look in looks if look.clock]
    if not told:
        return
    apart = timedelta(seconds=median(one.total_seconds() for one in told))
    if abs(apart) > APART:
        yield wrong("clock", f"this machine's clock is {_minutes(apart)} off the portals'", "timedatectl set-ntp true")
    else:
        yield fine("clock", f"within {_minutes(APART)} of the portals'")


def _minutes(apart: timedelta) -> str:
    return f"{abs(apart) / timedelta(minutes=1):.0f} minutes"


async def address(config: Config) -> AsyncGenerator[Finding, None]:
    """Whether readers reach us under the public address, and whether it is us whom they reach there."""
    base = config.base_url
    parts = urlsplit(base)
    if (parts.hostname or "").startswith(LOOPBACK):
        yield note("address", f"{base} is known on this machine alone", "set [service] base_url for readers elsewhere")
    elif parts.scheme != "https":
        yield note(
            "address", f"{base} is not https: readers of https pages can't load from it", "see docs/howto/deploy.md"
        )
    own = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    async with HttpHooks(
        user_agent=user_agent(config), clock=_never, allow_private=(own,), deadline=DEADLINE, proxy=config.fetch.proxy
    ) as hooks:
        try:
            reply = await hooks.get(f"{base}/healthz")
        except FetchError as error:
            yield wrong(
                "address", f"{base} does not answer: {error}", "start `feedsvc run`, or see base_url and the proxy"
            )
            return
    if reply.ok and reply.body == b"ok\n":
        yield fine("address", f"{base} answers")
    else:
        todo = "see that base_url, and the proxy before us, lead to this service"
        yield wrong("address", f"{base}/healthz is answered by somebody else, with status {reply.status}", todo)


def _never() -> datetime:
    """The wishes of who answers to be asked later are of no interest here."""
    return datetime.max.replace(tzinfo=UTC)


async def network(config: Config, now: datetime) -> list[Finding]:
    """All that the network tells."""
    found = await hosts(config, now)
    async with aclosing(address(config)) as told:
        return [*found, *[one async for one in told]]

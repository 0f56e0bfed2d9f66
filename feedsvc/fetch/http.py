"""The Fetcher over the network: pages, media measures, robots.txt, all through one exchange (safety.md 4, 8)."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlencode

from aiohttp import CookieJar
from aiohttp.abc import AbstractResolver
from yarl import URL

from feedsvc.errors import FetchError
from feedsvc.fetch.answer import conditions, read_validators, refusal
from feedsvc.fetch.exchange import Answer, Exchange, Request
from feedsvc.fetch.failures import fetch_errors
from feedsvc.fetch.guard import Pair, check_url, read_pairs
from feedsvc.fetch.ledger import DAILY_BUDGET, Ledger
from feedsvc.fetch.measuring import Measuring, referer
from feedsvc.fetch.pace import Pace, Turns
from feedsvc.fetch.robots import MAX_BYTES, Kept, Robots
from feedsvc.model import NO_VALIDATORS, Form, HostDay, Measure, NotModified, Page, Validators

DEFAULT_MAX_BYTES: Final = 5 * 1024 * 1024
DEFAULT_TIMEOUT: Final = timedelta(seconds=20)
DEFAULT_DELAY: Final = timedelta(seconds=2)
_ROBOTS_PATIENCE: Final = timedelta(minutes=1)


class HttpFetcher:
    """A Fetcher that asks portals politely and trusts nothing they say.

    `user_agent` is sent as it stands; its product token (up to the slash) is what robots.txt rules speak to.
    `allow_private` holds "host:port" entries (ValueError for anything else): exactly those are reached although not
    public or not on port 80 or 443, and there alone `per_host_delay` may be under a second. `max_bytes` bounds decoded
    bodies, `timeout` one request with its redirects, `daily_budget` the requests to a public host in a day. `clock`
    gives aware datetimes. `referrer` is the address of a page elsewhere, as from which pictures are measured ("": no).
    `resolver` looks names up (its answers are checked), `tls` verifies certificates; both have the usual defaults.
    `proxy` (http) asks in our place all that is public; `broken_chains` are hosts whose servers may forget to send
    intermediate certificates, which are then fetched and verified (chains.Chains).
    `turns` keeps the pace with other processes, `kept` what robots.txt said; `pace` and `ledger` are for whoever does.
    Close it, or use `async with`.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        clock: Callable[[], datetime],
        allow_private: Collection[str] = (),
        per_host_delay: timedelta = DEFAULT_DELAY,
        max_bytes: int = DEFAULT_MAX_BYTES,
        timeout: timedelta = DEFAULT_TIMEOUT,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        daily_budget: int = DAILY_BUDGET,
        referrer: str = "",
        proxy: str | None = None,
        broken_chains: Collection[str] = (),
        turns: Turns | None = None,
        kept: Kept | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._max_bytes = max_bytes
        self._referrer = referrer
        self._private = read_pairs(allow_private)
        self.ledger = Ledger(budget=daily_budget, private=self._private, clock=clock)
        self.pace = Pace(monotonic, sleep, turns)
        self._exchange = Exchange(
            user_agent=user_agent,
            private=self._private,
            gap=per_host_delay.total_seconds(),
            timeout=timeout.total_seconds(),
            pace=self.pace,
            ledger=self.ledger,
            resolver=resolver,
            tls=tls,
            proxy=proxy,
            broken_chains=broken_chains,
        )
        self._robots = Robots(
            agent=user_agent.split("/", 1)[0].strip(),
            ask=self._ask_robots,
            clock=clock,
            patience=self._patience,
            told=self.ledger.rule,
            kept=kept,
        )

    async def get(
        self, url: str, *, validators: Validators = NO_VALIDATORS, form: Form | None = None
    ) -> Page | NotModified:
        """The page at `url`; see Fetcher. Cookies set on the way live as long as this one call."""
        return await self.for_poll().get(url, validators=validators, form=form)

    async def measure(self, url: str, *, page: str = "") -> Measure:
        """Type and length of the file at `url`; see Fetcher."""
        return await self.for_poll().measure(url, page=page)

    async def picture(self, url: str, *, page: str, max_bytes: int) -> Page:
        """The picture at `url`; see Fetcher."""
        return await self.for_poll().picture(url, page=page, max_bytes=max_bytes)

    def for_poll(self) -> PollFetcher:
        """A Fetcher for one poll: cookies that a portal sets are kept and sent back until it is dropped.

        It shares everything else (pace, robots, limits) with this one and needs no closing. Made inside a running loop.
        """
        return PollFetcher(
            exchange=self._exchange,
            robots=self._robots,
            private=self._private,
            max_bytes=self._max_bytes,
            clock=self._clock,
            referrer=self._referrer,
        )

    def today(self) -> tuple[HostDay, ...]:
        """What was asked of each host since midnight UTC, for the status page."""
        return self.ledger.today()

    async def close(self) -> None:
        """Closes all connections; nothing can be asked afterwards."""
        await self._exchange.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _ask_robots(self, url: URL) -> Answer:
        request = Request(url=check_url(url, self._private), max_bytes=MAX_BYTES, truncate=True)
        return await self._exchange.ask(request, CookieJar(), permit=None)

    def _patience(self, pair: Pair) -> timedelta:
        return timedelta() if pair in self._private else _ROBOTS_PATIENCE


class PollFetcher:
    """A Fetcher with cookies of its own over a shared exchange; made by HttpFetcher.for_poll."""

    def __init__(
        self,
        *,
        exchange: Exchange,
        robots: Robots,
        private: Collection[Pair],
        max_bytes: int,
        clock: Callable[[], datetime],
        referrer: str = "",
    ) -> None:
        self._exchange = exchange
        self._robots = robots
        self._private = private
        self._max_bytes = max_bytes
        self._clock = clock
        self._cookies = CookieJar(unsafe=True)  # "unsafe" means: also for hosts without a name, as test portals are
        self._measuring = Measuring(ask=self._ask, refusal=self._refusal, referrer=referrer)

    async def get(
        self, url: str, *, validators: Validators = NO_VALIDATORS, form: Form | None = None
    ) -> Page | NotModified:
        """The page at `url` (status 200 only), or NotModified when `validators` were sent and still hold.

        With `form`, a POST of its fields to its action, followed to the same host only; `url` is then just the name
        of the page. Raises FetchError and nothing else: Blocked (guard, robots.txt), Refused (any other status, with
        `retry_after`), TooLarge, TimedOut, Unreachable, Malformed.
        """
        asked = conditions(validators) if form is None else {}
        with fetch_errors(form.action if form else url):
            request = self._posted(form) if form else self._plain(url, asked)
            answer = await self._ask(request)
            if answer.status == HTTPStatus.NOT_MODIFIED and asked:
                return NotModified(url=url, fetched_at=self._clock())
            return self._page(url, answer)

    async def measure(self, url: str, *, page: str = "") -> Measure:
        """Type and length of the file at `url`: by HEAD, or else by asking for the first kilobyte.

        404 and 410 are a Measure with that status; otherwise the status is 200. The type is what the server says,
        even text/html for an address that looks like a picture: the caller decides. With `page`, the address of the
        page that shows a picture, `barred` tells whether pages elsewhere can. Raises FetchError as `get` does.
        """
        with fetch_errors(url):
            return await self._measuring.measure(url, check_url(url, self._private), page)

    async def picture(self, url: str, *, page: str, max_bytes: int) -> Page:
        """The file at `url`, asked for as from the `page` that shows it; at most `max_bytes`.

        What it truly is has still to be looked at. Raises FetchError as `get` does.
        """
        with fetch_errors(url):
            target = check_url(url, self._private)
            return self._page(url, await self._ask(Request(url=target, headers=referer(page), max_bytes=max_bytes)))

    def _page(self, url: str, answer: Answer) -> Page:
        if answer.status != HTTPStatus.OK:
            raise self._refusal(answer)
        return Page(
            url=url,
            final_url=str(answer.url),
            status=answer.status,
            body=answer.body,
            content_type=answer.headers.get("Content-Type", ""),
            validators=read_validators(answer.headers),
            fetched_at=self._clock(),
        )

    def _refusal(self, answer: Answer) -> FetchError:
        return refusal(answer.status, answer.headers, url=str(answer.url), now=self._clock())

    async def _ask(self, request: Request) -> Answer:
        return await self._exchange.ask(request, self._cookies, self._robots.permit)

    def _plain(self, url: str, asked: dict[str, str]) -> Request:
        return Request(url=check_url(url, self._private), headers=tuple(asked.items()), max_bytes=self._max_bytes)

    def _posted(self, form: Form) -> Request:
        return Request(
            url=check_url(form.action, self._private),
            method="POST",
            body=urlencode(form_fields(form), errors="replace").encode("ascii"),
            stay=True,
            max_bytes=self._max_bytes,
        )


def form_fields(form: Form) -> list[tuple[str, str]]:
    """The fields of a postback in their order, with target and argument filled in as `__doPostBack` would."""
    event = {"__EVENTTARGET": form.target, "__EVENTARGUMENT": form.argument} if form.target else {}
    names = {name for name, _ in form.fields}
    missing = [(name, value) for name, value in event.items() if name not in names]
    return missing + [(name, event.get(name, value)) for name, value in form.fields]

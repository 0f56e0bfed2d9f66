"""The one function that asks the network: guarded, paced, bounded in time and bytes, redirects too (safety.md 4)."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import aiohttp
from aiohttp.abc import AbstractCookieJar, AbstractResolver
from multidict import CIMultiDictProxy
from yarl import URL

from feedsvc.errors import Refused, TimedOut, Unreachable
from feedsvc.fetch import FORM
from feedsvc.fetch.answer import REDIRECTS, check_head, check_status, is_gzip
from feedsvc.fetch.chains import LARGEST, Chains, Shown, Trust
from feedsvc.fetch.decoding import Body
from feedsvc.fetch.failures import as_fetch_error, fetch_errors
from feedsvc.fetch.guard import Pair, check_url, pair_of
from feedsvc.fetch.ledger import Ledger
from feedsvc.fetch.literals import read_literal
from feedsvc.fetch.lookup import SystemResolver
from feedsvc.fetch.mask import masked, printable
from feedsvc.fetch.pace import Pace
from feedsvc.fetch.redirect import follow
from feedsvc.fetch.resolving import GuardedResolver

MOST_REDIRECTS: Final = 5
_CHUNK: Final = 64 * 1024
_MOST_HEADERS: Final = 100

Permit = Callable[[URL], Awaitable[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked. `url` is checked (guard.check_url); `stay` forbids redirects to another host, `follow` allows any.

    `content_type` is that of `body`. `max_bytes` bounds the decoded body of a 200, with `any_success` of every 2xx (0:
    it is not read); with `truncate` a longer one is cut there.
    """

    url: URL
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = field(default=None, repr=False)
    content_type: str = FORM
    stay: bool = False
    follow: bool = True
    max_bytes: int = 0
    truncate: bool = False
    any_success: bool = False

    def reads(self, status: int) -> bool:
        """Whether the body of an answer with this status is wanted."""
        return bool(self.max_bytes) and (status // 100 == 2 if self.any_success else status == 200)  # noqa: PLR2004 - success, OK


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came: the address where it ended, and the body if it was wanted (Request.reads)."""

    url: URL
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes = field(default=b"", repr=False)


class Exchange:
    """A client that follows the rules. `timeout` is in seconds, for one request with its redirects.

    `private` are the pairs that may be reached although not public; `gap` the seconds between two requests to one host
    and port (public ones get at least one). Connections are not kept: with that gap they save little, and a fresh one
    can carry no bytes left over from another answer. Without `pace` nobody waits for a turn: for addresses whose owners
    asked to be called.

    With `proxy` (http) all but the `private` pairs is asked through it: what is looked up here is then checked only,
    and it is the proxy's business to connect where we would. `broken_chains` are hosts whose servers may forget
    intermediate certificates (chains.Chains).
    """

    def __init__(
        self,
        *,
        user_agent: str,
        private: Collection[Pair],
        gap: float,
        timeout: float,
        pace: Pace | None,
        ledger: Ledger,
        resolver: AbstractResolver | None,
        tls: ssl.SSLContext | None,
        proxy: str | None = None,
        broken_chains: Collection[str] = (),
    ) -> None:
        self._user_agent = user_agent
        self._private = private
        self._gap = gap
        self._timeout = timeout
        self._pace = pace
        self._ledger = ledger
        self._resolver = GuardedResolver(resolver or SystemResolver(), private)
        self._tls = tls
        self._proxy = URL(proxy) if proxy else None
        self._chains = Chains(hosts=broken_chains, look=self._look, ask=self._issuer, usual=tls)
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, request: Request, cookies: AbstractCookieJar, permit: Permit | None) -> Answer:
        """The answer at the end of at most five redirects, whatever its status.

        `permit` is asked before each hop (robots.txt): it gives the pause that the host wants, in seconds, or raises
        Blocked. Cookies are read from and kept in `cookies`. Waiting for a turn does not count as the portal's time.
        Raises FetchError and nothing else.
        """
        first, left = request, self._timeout
        for _ in range(MOST_REDIRECTS + 1):
            wanted = await permit(request.url) if permit else 0.0
            pair = pair_of(request.url)
            async with self._turn(pair, wanted):
                with fetch_errors(str(request.url)):
                    self._ledger.spend(pair)
                    left, answer = await self._within(left, request, cookies)
            self._ledger.note(pair, answer.status, len(answer.body))
            if answer.status not in REDIRECTS or not request.follow:
                return answer
            status = answer.status
            request = follow(request, status, answer.headers.get("Location"), self._private)
        shown = masked(str(first.url))
        raise Refused(f"{shown} redirects more than {MOST_REDIRECTS} times", url=shown, status=status)

    async def close(self) -> None:
        """Gives back all connections and the resolver; nothing can be asked afterwards."""
        if self._session is not None:
            await self._session.close()
        await self._resolver.close()

    def _turn(self, pair: Pair, wanted: float) -> AbstractAsyncContextManager[None]:
        if self._pace is None:
            return nullcontext()
        least = self._least_gap(pair)
        self._ledger.paced(pair, least, wanted)
        return self._pace.turn(pair, max(wanted, least))

    def _least_gap(self, pair: Pair) -> float:
        return self._gap if pair in self._private else max(self._gap, 1.0)

    async def _within(self, left: float, request: Request, cookies: AbstractCookieJar) -> tuple[float, Answer]:
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(left):
                answer = await self._hop(request, cookies)
        except TimeoutError as error:
            told = f"no whole answer came within {self._timeout:g} s; it is asked again later"
            raise TimedOut(told) from error
        return left - (loop.time() - started), answer

    async def _hop(self, request: Request, cookies: AbstractCookieJar) -> Answer:
        if request.url.raw_host not in self._chains.hosts:
            return await self._sent(request, cookies, tls=True)
        return await self._chains.over(request.url, lambda trust: self._sent(request, cookies, tls=trust))

    async def _sent(self, request: Request, cookies: AbstractCookieJar, *, tls: Trust) -> Answer:
        async with self._connected().request(
            request.method,
            request.url,
            headers=self._headers(request, cookies),
            data=request.body,
            allow_redirects=False,
            proxy=await self._way(request.url) if self._proxy else None,
            ssl=tls,
        ) as response:
            try:
                cookies.update_cookies_from_headers(response.headers.getall("Set-Cookie", []), request.url)
                return await _read(request, response)
            finally:
                response.close()  # the rest of a body that is not wanted is never read

    async def _way(self, url: URL) -> URL | None:
        """The proxy, once what `url` names was looked up and found to be public; None for what is ours."""
        host, port = pair_of(url)
        if (host, port) in self._private:
            return None
        if read_literal(host) is None:
            try:
                await self._resolver.resolve(host, port)
            except OSError as error:
                raise Unreachable(f"the name {host} cannot be resolved here ({printable(str(error))})") from error
        return self._proxy

    async def _look(self, url: URL) -> bytes:
        """The certificate (DER) that a server shows; nothing is sent to it."""
        shown = Shown()
        try:
            await self._sent(Request(url=url, method="HEAD"), aiohttp.DummyCookieJar(), tls=shown)
        except aiohttp.ServerFingerprintMismatch:
            return shown.certificate
        raise Unreachable(f"{url.host} shows no certificate")

    async def _issuer(self, address: str) -> bytes:
        request = Request(url=check_url(address, self._private), max_bytes=LARGEST)
        answer = await self.ask(request, aiohttp.DummyCookieJar(), permit=None)
        if answer.status != HTTPStatus.OK:
            raise Refused(f"it answers {answer.status}", url=masked(address), status=answer.status)
        return answer.body

    def _headers(self, request: Request, cookies: AbstractCookieJar) -> list[tuple[str, str]]:
        kept = _cookie_header(cookies, request.url)
        return [
            ("User-Agent", self._user_agent),
            ("Accept", "*/*"),
            ("Accept-Encoding", "gzip" if request.max_bytes else "identity"),
            *request.headers,
            *([("Content-Type", request.content_type)] if request.body is not None else []),
            *([("Cookie", kept)] if kept else []),
        ]

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=self._connecting(),
                    use_dns_cache=False,
                    force_close=True,
                    limit=0,
                    ssl=self._tls or True,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),  # `_within` bounds the whole exchange
                auto_decompress=False,
                trust_env=False,
                max_headers=_MOST_HEADERS,
                middlewares=(_once,),
            )
        return self._session

    def _connecting(self) -> AbstractResolver:
        """Looks up whom we connect to: portals, or the proxy, which may be inside because it is configured."""
        if self._proxy is None:
            return self._resolver
        return GuardedResolver(self._resolver.inner, {*self._private, pair_of(self._proxy)})


def _cookie_header(cookies: AbstractCookieJar, url: URL) -> str:
    """The cookies for `url`, word for word as they were set; those that no header can carry are left out."""
    pairs = [f"{name}={cookie.coded_value}" for name, cookie in cookies.filter_cookies(url).items()]
    return "; ".join(pair for pair in pairs if pair.isascii() and pair.isprintable())


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keeps aiohttp from sending a request again on its own when the server hangs up: that would break the pace."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorCertificateError:  # nothing was sent yet, and chains knows what to do
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise as_fetch_error(error, str(request.url)) from error


async def _read(request: Request, response: aiohttp.ClientResponse) -> Answer:
    check_status(response.status)
    check_head(response.headers)
    answer = Answer(url=request.url, status=response.status, headers=response.headers)
    if not request.reads(response.status):
        return answer
    body = Body(gzip=is_gzip(response.headers), max_bytes=request.max_bytes, truncate=request.truncate)
    async for chunk in response.content.iter_chunked(_CHUNK):
        if not body.feed(chunk):
            break
    return Answer(url=answer.url, status=answer.status, headers=answer.headers, body=body.whole())

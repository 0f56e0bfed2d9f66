"""The Hooks over the network: callbacks of subscribers and a hub elsewhere, through the same guard as portals."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Self

from aiohttp import DummyCookieJar
from aiohttp.abc import AbstractResolver

from feedsvc.fetch import FORM, NO_HEADERS, Reply
from feedsvc.fetch.answer import read_retry_after
from feedsvc.fetch.exchange import Answer, Exchange, Request
from feedsvc.fetch.failures import fetch_errors
from feedsvc.fetch.guard import check_url, pair_of, read_pairs
from feedsvc.fetch.ledger import DAILY_BUDGET, Ledger

DEADLINE: Final = timedelta(seconds=15)
MOST_CALLS_A_DAY: Final = 100_000
LONGEST_REPLY: Final = 4096


class HttpHooks:
    """See Hooks. Addresses come from strangers, so they pass the guard, and nothing that they say is followed.

    `user_agent`, `clock`, `allow_private` ("host:port" entries), `resolver`, `tls` and `proxy` as for HttpFetcher.
    One call lasts at most `deadline`, and reads at most 4 KiB. GET asks somebody who may have no part in it whether he
    wants to be called: so a public host gets at most `daily_budget` of these a day, whoever names it. POST goes to who
    agreed.
    There is no pause between two calls; how many run at a time is the caller's to bound. Close it, or use `async with`.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        clock: Callable[[], datetime],
        allow_private: Collection[str] = (),
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        daily_budget: int = DAILY_BUDGET,
        deadline: timedelta = DEADLINE,
        proxy: str | None = None,
    ) -> None:
        self._clock = clock
        self._private = read_pairs(allow_private)
        self._questions = Ledger(budget=daily_budget, private=self._private, clock=clock)
        self._exchange = Exchange(
            user_agent=user_agent,
            private=self._private,
            gap=0.0,
            timeout=deadline.total_seconds(),
            pace=None,
            ledger=Ledger(budget=MOST_CALLS_A_DAY, private=self._private, clock=clock),
            resolver=resolver,
            tls=tls,
            proxy=proxy,
        )

    async def get(self, url: str) -> Reply:
        """What `url` replies to a GET; see Hooks."""
        with fetch_errors(url):
            checked = check_url(url, self._private)
            self._questions.spend(pair_of(checked))
            asked = Request(url=checked, follow=False, max_bytes=LONGEST_REPLY, truncate=True, any_success=True)
            return self._reply(await self._exchange.ask(asked, DummyCookieJar(), permit=None))

    async def post(
        self, url: str, body: bytes, content_type: str = FORM, headers: Mapping[str, str] = NO_HEADERS
    ) -> Reply:
        """What `url` replies to a POST of `body`; see Hooks."""
        with fetch_errors(url):
            told = Request(
                url=check_url(url, self._private),
                method="POST",
                headers=tuple(headers.items()),
                body=body,
                content_type=content_type,
                follow=False,
            )
            return self._reply(await self._exchange.ask(told, DummyCookieJar(), permit=None))

    def _reply(self, answer: Answer) -> Reply:
        wait = read_retry_after(answer.headers, self._clock())
        return Reply(status=answer.status, retry_after=wait, body=answer.body)

    async def close(self) -> None:
        """Closes all connections; nobody can be called afterwards."""
        await self._exchange.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

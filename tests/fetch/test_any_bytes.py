"""Whatever bytes a server sends, in place of a head or of a body: a page comes of them, or an error of ours (safety.md 13)."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from fakes.hostile import HostilePortal, Visit
from fakes.hostile import Reply as Answering
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feedsvc.errors import FetchError
from feedsvc.fetch import Reply
from feedsvc.fetch.hooks import HttpHooks
from feedsvc.fetch.http import HttpFetcher
from feedsvc.model import Form, Measure, NotModified, Page, Validators

NOW = datetime(2022, 9, 19, 8, 30, tzinfo=UTC)
KNOWN = Validators(etag='"a"', last_modified="Mon, 19 Sep 2022 08:00:00 GMT")
LARGEST = 20_000
SHORT = timedelta(seconds=5)
NO_RULES = b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"
ORDINARY = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"

T = TypeVar("T")

often = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
wild = st.binary(max_size=300)
lines = st.binary(max_size=40).map(lambda line: line.replace(b"\n", b""))
names = st.sampled_from(
    [
        b"Location",
        b"Content-Length",
        b"Content-Encoding",
        b"Transfer-Encoding",
        b"Content-Type",
        b"Content-Range",
        b"Set-Cookie",
        b"ETag",
        b"Last-Modified",
        b"Retry-After",
        b"Connection",
        b"Upgrade",
        b"Cross-Origin-Resource-Policy",
    ]
)
meant = st.sampled_from(
    [
        b"",
        b"0",
        b"5",
        b"-1",
        b"99999999999999999999",
        b"gzip",
        b"deflate",
        b"chunked",
        b"gzip, chunked",
        b"close",
        b"/",
        b"//",
        b"http://[",
        b"http://127.0.0.1:99999/",
        b"?\xe1\xbb\x87",
        b"a=b; Path=/; Expires=Thu, 99 Foo 0000 99:99:99",
        b"bytes 0-4/5",
        b"bytes */*",
        b"text/html; charset=\xff",
        b"Fri, 31 Dec 9999 23:59:59 -2359",
        b"websocket",
    ]
)
values = st.one_of(meant, lines, st.builds(bytes.__add__, meant, lines))
fitting = st.sampled_from(
    [
        b"Location: /",
        b"Location: http://[",
        b"Location: http://127.0.0.1:99999/",
        b"Location: ?\xe1\xbb\x87\xff",
        b"Content-Encoding: gzip",
        b"Content-Encoding: deflate",
        b"Transfer-Encoding: chunked",
        b"Content-Length: 9",
        b"Content-Range: bytes 0-4/99999999999999999999",
        b"Content-Type: text/html; charset=\xff",
        b"Set-Cookie: a=\x80; Path=/; Expires=Thu, 99 Foo 0000 99:99:99",
        b'ETag: W/"\xff',
        b"Retry-After: Fri, 31 Dec 9999 23:59:59 -2359",
        b"Upgrade: websocket\r\nConnection: upgrade",
    ]
)
odd = st.tuples(names, meant).map(b": ".join)
fields = st.lists(st.one_of(fitting, fitting, odd), max_size=4)
wild_fields = st.lists(st.tuples(st.one_of(names, lines), values).map(b": ".join), max_size=6)
usual = st.sampled_from([200, 200, 200, 206, 301, 302, 303, 304, 307, 308, 404, 410, 429, 503])
statuses = st.one_of(usual, st.integers(100, 999))
firsts = statuses.map(lambda status: b"HTTP/1.1 %d OK" % status)
wild_firsts = st.one_of(lines, lines.map(b"HTTP/1.1 ".__add__), lines.map(b"HTTP/1.1 200 ".__add__))


def coded(body: bytes) -> st.SearchStrategy[bytes]:
    """A body as it is, coded, cut, and in chunks."""
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    return st.sampled_from(
        [body, gzip.compress(body), gzip.compress(body)[:-3], zlib.compress(body), chunk, chunk[:-7]]
    )


bodies = wild.flatmap(coded)


def sent(first: bytes, found: list[bytes], body: bytes) -> bytes:
    """An answer of these parts."""
    return b"\r\n".join([first, *found, b"", body])


answers = st.one_of(
    wild,
    st.builds(sent, firsts, fields, bodies),
    st.builds(sent, firsts, wild_fields, bodies),
    st.builds(sent, wild_firsts, fields, bodies),
    st.builds(sent, st.just(b"HTTP/1.1 200 OK"), fields, bodies),
)


def of(answer: bytes) -> Answering:
    """A server that sends just that and hangs up."""

    async def reply(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return reply


class Asking:
    """A portal whose every address answers the same bytes, and who asks it: what comes, or the FetchError that came."""

    def __init__(self, loop: asyncio.Runner) -> None:
        self._loop = loop
        self.portal = HostilePortal()
        loop.run(self.portal.__aenter__())
        self._settings: dict[str, Any] = {
            "user_agent": "feedsvc/0.1 (+https://feeds.example.org)",
            "clock": lambda: NOW,
            "allow_private": [self.portal.pair],
        }

    def fetched(
        self, answer: bytes, robots: bytes, ask: Callable[[HttpFetcher, str], Coroutine[Any, Any, T]]
    ) -> T | FetchError:
        """What comes of asking a fetcher of its own; whatever else it raises goes on."""

        async def asked() -> T:
            self.portal.answers = {"/": of(answer), "/a": of(answer), "/robots.txt": of(robots)}
            limits: dict[str, Any] = {"per_host_delay": timedelta(), "timeout": SHORT, "max_bytes": LARGEST}
            async with HttpFetcher(**self._settings, **limits) as fetcher:
                return await ask(fetcher, self.portal.url("/a"))

        return self._ended(asked)

    def called(self, answer: bytes, post: bytes | None) -> Reply | FetchError:
        """What comes of calling a callback."""

        async def call() -> Reply:
            self.portal.answers = {"/a": of(answer)}
            async with HttpHooks(**self._settings, deadline=SHORT) as hooks:
                url = self.portal.url("/a")
                return await (hooks.get(url) if post is None else hooks.post(url, post))

        return self._ended(call)

    def _ended(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T | FetchError:
        try:
            return self._loop.run(work())
        except FetchError as error:
            return error

    def is_told(self, error: FetchError) -> bool:
        """Whether an error names who answered so, on one line."""
        return self.portal.pair in str(error) and str(error).isprintable()

    def close(self) -> None:
        """Ends the portal."""
        self._loop.run(self.portal.__aexit__())


@pytest.fixture(scope="module")
def asking() -> Iterator[Asking]:
    """One portal for all examples, on a loop of its own."""
    with asyncio.Runner() as loop:
        made = Asking(loop)
        yield made
        made.close()


@often
@given(answers, st.sampled_from(["get", "conditional", "form"]))
@example(b"", "get")
@example(b"HTTP/1.1 302 OK\r\nLocation: http://[\r\n\r\n", "get")
@example(b"HTTP/1.1 503 OK\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 -2359\r\n\r\n", "get")
@example(b"HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "get")
def test_any_answer_is_a_page_or_an_error_of_ours(asking: Asking, answer: bytes, how: str) -> None:
    """Any bytes as an answer give a page within max_bytes, NotModified where that was asked, or a FetchError."""

    async def ask(fetcher: HttpFetcher, url: str) -> Page | NotModified:
        if how == "form":
            return await fetcher.get(url, form=Form(action=url, target="", argument="", fields=(("a", "b"),)))
        return await fetcher.get(url, validators=KNOWN if how == "conditional" else Validators())

    found = asking.fetched(answer, NO_RULES, ask)
    if isinstance(found, FetchError):
        assert asking.is_told(found)
    elif isinstance(found, NotModified):
        assert how == "conditional"
    else:
        assert found.status == 200
        assert len(found.body) <= LARGEST


@often
@given(answers, st.booleans())
def test_any_answer_is_a_measure_or_an_error_of_ours(asking: Asking, answer: bytes, shown: bool) -> None:
    """Any bytes in the place of a picture give a Measure or a FetchError, asked for as a stranger or from a page."""

    async def ask(fetcher: HttpFetcher, url: str) -> Measure:
        return await fetcher.measure(url, page="https://feeds.example.org/" if shown else "")

    found = asking.fetched(answer, NO_RULES, ask)
    if isinstance(found, FetchError):
        assert asking.is_told(found)
    else:
        assert found.status in {200, 404, 410}
        assert found.length is None or found.length >= 0


@often
@given(st.one_of(answers, wild.map(b"HTTP/1.1 200 OK\r\n\r\n".__add__)))
def test_any_rules_are_rules_or_an_error_of_ours(asking: Asking, answer: bytes) -> None:
    """Any bytes as robots.txt let the page be asked for, or are a FetchError: never anything else."""
    found = asking.fetched(ORDINARY, answer, lambda fetcher, url: fetcher.get(url))
    assert asking.is_told(found) if isinstance(found, FetchError) else isinstance(found, Page)


@often
@given(answers, st.one_of(st.none(), wild))
@example(b"HTTP/1.1 000 OK\r\n\r\n", b"")
def test_any_reply_of_a_callback_is_a_reply_or_an_error_of_ours(
    asking: Asking, answer: bytes, post: bytes | None
) -> None:
    """Any bytes of one who wants to be called, or is called, give a Reply of 4 KiB at most or a FetchError."""
    found = asking.called(answer, post)
    if isinstance(found, FetchError):
        assert asking.is_told(found)
    else:
        assert 100 <= found.status <= 999
        assert len(found.body) <= 4096

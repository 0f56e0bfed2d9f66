"""Reads pages in a child process, so that one that is torture to parse hurts nobody else (safety.md 4).

What a site raises on purpose comes back as it is; a child that runs out of time or memory, or dies, is an ExtractError
of its page and is started anew for the next.
"""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Collection
from concurrent.futures import BrokenExecutor
from functools import partial
from inspect import signature
from typing import Any, TypeVar

import structlog
from pebble import ProcessExpired, ProcessPool

from feedsvc.errors import ExtractError, LayoutChanged
from feedsvc.extract.feed_list import NativeFeed, is_feed, read_feed
from feedsvc.extract.known_list import same_list
from feedsvc.extract.menu import sure_news
from feedsvc.extract.native import wordpress_categories
from feedsvc.extract.outline import Section, outline_of_feed, read_outline
from feedsvc.fetch.mask import masked
from feedsvc.model import Item, Listing, Page, Source, Stub
from feedsvc.sites import site

MEMORY = 512 * 1024 * 1024
SECONDS = 10.0
WAITING = 3
"""How many times as long as its time of the processor a page may take: on a busy machine it has to wait for it."""

Reads = TypeVar("Reads")


class Reading:
    """Sites behind a process boundary.

    `seconds` is the time of the processor that one page may take (by the clock `WAITING` times as long), `memory` the
    bytes that its child may have.
    """

    def __init__(self, *, workers: int = 2, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self.seconds = seconds
        self.pool = ProcessPool(
            max_workers=workers,
            initializer=_limit,
            initargs=(memory,),
            context=multiprocessing.get_context("spawn"),
        )

    async def listing(
        self,
        page: Page,
        source: Source,
        shape: str = "",
        familiar: Collection[str] = frozenset(),
        usual: int = 0,
    ) -> Listing:
        """What a listing page says; `shape`, `familiar`, `usual` are those of `Site.listing`. Raises ExtractError."""
        return await self._read(page.url, partial(_listing, page, source, shape, familiar, usual))

    async def is_same_list(self, page: Page, shape: str, imprint: str) -> bool:
        """Whether a page has the list of which these were told; False in every doubt. Raises ExtractError."""
        return await self._read(page.url, partial(same_list, page, shape, imprint))

    async def article(self, page: Page, stub: Stub, source: Source) -> Item:
        """The item of an article page. Raises ExtractError."""
        return await self._read(page.url, partial(_article, page, stub, source))

    async def section(self, page: Page, source: Source) -> Section:
        """What a page is for the portal around it, with its list if it has one. Raises ExtractError."""
        return await self._read(page.url, partial(read_section, page, source))

    async def feed(self, page: Page, source: Source) -> NativeFeed:
        """A feed of the portal's own. Raises ExtractError."""
        return await self._read(page.url, partial(read_feed, page, source))

    async def told_categories(self, page: Page) -> tuple[tuple[str, str], ...]:
        """Names and addresses of the categories that WordPress tells. Raises ExtractError."""
        return await self._read(page.url, partial(wordpress_categories, page))

    async def apart(self, url: str, work: Callable[[], Reads]) -> Reads:
        """What `work` gives, a function that can be pickled, done under the same limits. Raises ExtractError."""
        return await self._read(url, work)

    async def _read(self, url: str, work: Callable[[], Reads]) -> Reads:
        url = masked(url)
        future = self.pool.schedule(partial(_within, self.seconds, work), timeout=WAITING * self.seconds)
        try:
            found: Reads = await asyncio.wrap_future(future)
        except ExtractError:
            raise
        except TimeoutError:
            raise self._too_long(url) from None
        except ProcessExpired as error:
            if sys.platform != "win32" and error.exitcode == -signal.SIGXCPU:
                raise self._too_long(url) from None
            raise ExtractError(f"reading {url} needed more memory than allowed, or broke the reader") from None
        except (BrokenExecutor, MemoryError):
            raise ExtractError(f"reading {url} needed more memory than allowed, or broke the reader") from None
        # A page that trips a mistake of ours must cost that page alone: the mistake is logged whole, the poll goes on.
        except Exception as error:
            structlog.get_logger().exception("reading failed", url=url)
            raise ExtractError(f"reading {url} failed: {type(error).__name__}: {error}") from error
        return found

    def _too_long(self, url: str) -> ExtractError:
        return ExtractError(f"reading {url} took over {self.seconds:g} s and was given up")

    def close(self) -> None:
        """Ends the children."""
        self.pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without types
        self.pool.join()


def _limit(memory: int) -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - only POSIX has it

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a page that ends its child leaves no dump of it
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _within(seconds: float, work: Callable[[], Reads]) -> Reads:
    """What `work` gives, in a child whose time of the processor ends (SIGXCPU) that many seconds from now."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - only POSIX has it

        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + seconds), most))
    return work()


def _site_of(url: str, source: Source) -> str:
    return "folder" if url.startswith("folder:") else source.site


def _listing(
    page: Page, source: Source, shape: str = "", familiar: Collection[str] = frozenset(), usual: int = 0
) -> Listing:
    reader = site(_site_of(page.url, source))
    # A site of somebody else's may know nothing of what was added to the protocol later.
    understood = signature(reader.listing).parameters
    later: dict[str, Any] = {"familiar": familiar, "usual": usual}
    return reader.listing(page, source, shape, **{name: later[name] for name in later if name in understood})


def read_section(page: Page, source: Source) -> Section:
    """What a page is for the portal around it, read here and now. Raises ExtractError when it cannot be read at all."""
    listing, problem = None, ""
    try:
        listing = _listing(page, source)
    except LayoutChanged as error:
        problem = str(error)
    if is_feed(page):
        return Section(
            outline=outline_of_feed(page, listing.title if listing else ""), listing=listing, problem=problem
        )
    items = {*sure_news(listing.stubs), *listing.pages, listing.next_url or ""} if listing else set()
    return Section(outline=read_outline(page, items), listing=listing, problem=problem)


def _article(page: Page, stub: Stub, source: Source) -> Item:
    return site(_site_of(page.url, source)).article(page, stub, source)

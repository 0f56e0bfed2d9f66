"""A portal searched for its categories: the home page, its menus, each page tried, politely and bounded.

Pages are asked for through a Fetcher and read in the reading child; what they are is decided by pure functions of
`extract/`. Nothing is stored here: `discoverer.py` does that for the poller, `cli/discover.py` shows it to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urljoin

from feedsvc.errors import Blocked, ExtractError, FetchError, Refused
from feedsvc.extract.feed_list import NativeFeed
from feedsvc.extract.links import key_of
from feedsvc.extract.menu import MenuLink
from feedsvc.extract.native import shortcoming, told_sitemaps
from feedsvc.extract.outline import Outline, Section
from feedsvc.extract.sections import FEWEST, Kept, Passed, Tried, choose, itself
from feedsvc.fetch import Fetcher, fetch_page
from feedsvc.model import Page, Source, Stub
from feedsvc.progress import Progress, silent

MOST_REQUESTS = 40
"""Of one search altogether, robots.txt and redirects among them."""
MOST_PAGES = 30
"""Candidates that are tried."""
ALIKE = 3
"""Addresses of one path that are tried when none of them is a list."""
MOST_FAILURES = 3
"""Requests in a row that may fail before a portal is left alone."""
MISSING = frozenset({401, 403, 404, 410})
"""Answers that concern one page, not the portal."""
TOO_MANY = 429
MOST_FEEDS = 3
"""Declared feeds that are read."""
MOST_SITEMAPS = 2
"""Sitemaps that are looked at, of those that one page, or robots.txt, names."""
_ROBOTS = 2  # one for each spelling of the host, with and without "www."
_SURE = 2.0  # weight of a link of a category's own page, seen there first, that is tried too


class Reads(Protocol):
    """What a search needs of `feedsvc.reading`."""

    async def section(self, page: Page, source: Source) -> Section:
        """What a page is for its portal."""
        ...

    async def feed(self, page: Page, source: Source) -> NativeFeed:
        """A feed of the portal's own."""
        ...

    async def told_categories(self, page: Page) -> tuple[tuple[str, str], ...]:
        """The categories that WordPress tells."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """A feed of the portal's own, and why it cannot stand for the page that declares it; "" when it can."""

    url: str
    title: str
    stubs: tuple[Stub, ...] = ()
    shortcoming: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What a search found. `links` are the addresses that the portal's menus lead to, tried or not.

    `untried` counts those that were left, as there were too many, or time was up (`late`), or the portal failed
    again and again or wished to be left alone (`trouble`, in its words).
    """

    url: str
    title: str
    feeds: tuple[FeedReport, ...]
    categories: tuple[Kept, ...]
    passed: tuple[Passed, ...]
    links: frozenset[str]
    requests: int
    untried: int
    late: bool
    trouble: str
    is_list: bool
    is_scripted: bool


@dataclass(slots=True)
class _Search:
    """One search, as far as it has come."""

    source: Source
    fetcher: Fetcher
    reading: Reads
    progress: Progress
    is_late: Callable[[], bool]
    known: Collection[str]
    requests: int = _ROBOTS
    tried: list[Tried] = field(default_factory=list)
    waiting: list[tuple[MenuLink, tuple[int, ...]]] = field(default_factory=list)
    met: set[str] = field(default_factory=set)
    failures: int = 0
    trouble: str = ""

    async def page(self, url: str) -> Page:
        """One request, or two when it was redirected."""
        self.requests += 1
        answer = await fetch_page(self.fetcher, url)
        self.requests += answer.final_url != answer.url
        return answer

    async def front_page(self) -> Section:
        """The home page; where it knows nothing but the address of the real one, that."""
        home = await self.reading.section(await self.page(self.source.home), self.source)
        if home.outline.forward is None or home.listing is not None:
            return home
        self.met.add(key_of(home.outline.address))
        there = await self.reading.section(await self.page(home.outline.forward), self.source)
        return replace(there, outline=replace(there.outline, is_home=True))

    def expect(self, links: tuple[MenuLink, ...], parent: tuple[int, ...]) -> None:
        """Puts links that were not met before in line."""
        for order, link in enumerate(links):
            key = key_of(link.url)
            if key not in self.met:
                self.met.add(key)
                self.waiting.append((link, (*parent, order)))

    def is_full(self) -> bool:
        """Whether no further page may be asked for."""
        return len(self.tried) >= MOST_PAGES or self.is_over()

    def is_over(self) -> bool:
        """Whether nothing further may be asked for."""
        return self.requests > MOST_REQUESTS - 2 or bool(self.trouble) or self.is_late()

    async def try_pages(self, home: Outline) -> None:
        """Tries what waits, the likeliest first; menus of the pages themselves may lead to more.

        Where more wait than may be tried, those known from before go last: search by search all are reached.
        """
        later = self.known if len(self.waiting) > MOST_PAGES else ()
        while self.waiting and not self.is_full():
            self.waiting.sort(key=lambda pair: (len(pair[1]), key_of(pair[0].url) in later, -pair[0].weight, pair[1]))
            link, order = self.waiting.pop(0)
            if self.is_hopeless(link):
                continue
            self.progress(
                link.title or link.url, len(self.tried), min(MOST_PAGES, len(self.tried) + 1 + len(self.waiting))
            )
            self.tried.append(await self.attempt(link, order))
            section = self.tried[-1].section
            if section is not None and len(order) == 1:
                own = (
                    one for one in section.outline.links if one.weight >= _SURE and key_of(one.url) not in home.linked
                )
                self.expect(tuple(own), order)

    def is_hopeless(self, link: MenuLink) -> bool:
        """Whether several addresses that differ from this one by their query alone led to no list: rates, weather."""
        path = link.url.partition("?")[0]
        like = [one for one in self.tried if one.link.url.partition("?")[0] == path]
        return len(like) >= ALIKE and not any(one.section and one.section.listing for one in like)

    async def attempt(self, link: MenuLink, order: tuple[int, ...]) -> Tried:
        """One page read, or the reason why it could not be."""
        try:
            page = await self.page(link.url)
            self.failures = 0
            section = await self.reading.section(page, self.source)
        except FetchError as error:
            self.note(error)
            return Tried(link=link, order=order, problem=str(error))
        except ExtractError as error:
            return Tried(link=link, order=order, problem=str(error))
        self.met.add(key_of(section.outline.address))
        return Tried(link=link, order=order, section=section)

    def note(self, error: FetchError) -> None:
        """Counts what a portal in trouble does: one that says 429, or fails in a row, is left alone."""
        if isinstance(error, Blocked) or (isinstance(error, Refused) and error.status in MISSING):
            return
        self.failures += 1
        if self.failures >= MOST_FAILURES or error.retry_after is not None or getattr(error, "status", 0) == TOO_MANY:
            self.trouble = str(error)

    async def told(self, home: Outline) -> tuple[MenuLink, ...]:
        """What WordPress tells of its categories, as links; nothing where it does not."""
        if home.wordpress is None:
            return ()
        try:
            told = await self.reading.told_categories(await self.page(home.wordpress))
        except (FetchError, ExtractError):
            return ()
        return tuple(MenuLink(title, url, _SURE) for title, url in told)

    async def feeds(self, sections: list[Section]) -> tuple[FeedReport, ...]:
        """The declared feeds judged against the first page that declares each."""
        declared = {url: section for section in reversed(sections) for url in reversed(section.outline.feeds)}
        found = []
        for url, section in list(reversed(declared.items()))[:MOST_FEEDS]:
            if self.requests >= MOST_REQUESTS:
                break
            try:
                found.append(await self.report(url, section))
            except (FetchError, ExtractError) as error:
                found.append(FeedReport(url=url, title="", shortcoming=str(error)))
        return tuple(found)

    async def report(self, url: str, section: Section) -> FeedReport:
        """One feed judged against the page that declares it; the news sitemap that an index of sitemaps names."""
        page = await self.page(url)
        feed = await self.reading.feed(page, self.source)
        if feed.next_url and not feed.stubs and not self.is_over():
            url = feed.next_url
            page = await self.page(url)
            feed = await self.reading.feed(page, self.source)
        why = shortcoming(feed, section.listing.stubs if section.listing else (), page.fetched_at)
        return FeedReport(url=url, title=feed.title, stubs=feed.stubs, shortcoming=why)

    async def sitemaps(self, home: Section, *, needed: bool) -> tuple[FeedReport, ...]:
        """The news sitemaps that the home page leads to; where they are `needed`, and it names none, robots.txt."""
        found = await self.news_of(home.outline.sitemaps, home)
        if found or not needed or self.is_over():
            return found
        try:
            robots = await self.page(urljoin(home.outline.address, "/robots.txt"))
        except FetchError:
            return ()
        return await self.news_of(told_sitemaps(robots), home)

    async def news_of(self, urls: Sequence[str], home: Section) -> tuple[FeedReport, ...]:
        """The sitemaps that hold news, judged as feeds are; those of mere pages, and those not there, are no feeds."""
        found = []
        for url in urls[:MOST_SITEMAPS]:
            if self.is_over():
                break
            try:
                found.append(await self.report(url, home))
            except ExtractError:
                continue
            except FetchError as error:
                if not (isinstance(error, Refused) and error.status in MISSING):
                    found.append(FeedReport(url=url, title="", shortcoming=str(error)))
        return tuple(found)


async def discover(
    source: Source,
    fetcher: Fetcher,
    reading: Reads,
    progress: Progress = silent,
    *,
    is_late: Callable[[], bool] = lambda: False,
    known: Collection[str] = (),
) -> Discovery:
    """Searches the portal at `source.home` with at most 40 requests; `is_late` ends the search before that.

    A page that is itself a list, and not a front page, is the one category. `known` are addresses (links.key_of) of
    categories found before: where there are more links than may be tried, they are tried last. Raises FetchError when
    the home page cannot be fetched, ExtractError when it cannot be read.
    """
    search = _Search(source, fetcher, reading, progress, is_late, known)
    progress(source.home, 0, 0)
    home = await search.front_page()
    search.met.add(key_of(home.outline.address))
    alone = itself(home)
    if alone is None:
        search.expect(home.outline.links, ())
        search.expect(await search.told(home.outline), (len(home.outline.links),))
        await search.try_pages(home.outline)
    progress(source.home, len(search.tried), len(search.tried))
    kept, passed = ((alone,), ()) if alone else choose(home, search.tried)
    feeds = await search.feeds([home, *(one.section for one in search.tried if one.section)])
    kept = kept or _from_feeds(feeds, home.outline.site)
    # A sitemap keeps its news for two days, a feed for longer: it comes last.
    news = () if alone else await search.sitemaps(home, needed=not kept and home.listing is None)
    kept = kept or _from_feeds(news, home.outline.site)
    return Discovery(
        url=home.outline.address,
        title=home.outline.site,
        feeds=(*feeds, *news),
        categories=kept,
        passed=passed,
        links=frozenset(search.met),
        requests=search.requests,
        untried=len(search.waiting),
        late=bool(search.waiting) and is_late(),
        trouble=search.trouble,
        is_list=alone is not None,
        is_scripted=home.outline.is_scripted,
    )


def _from_feeds(feeds: Sequence[FeedReport], site: str) -> tuple[Kept, ...]:
    """The best feed of the portal's own as its one category: for portals whose pages give no list."""
    usable = [feed for feed in feeds if not feed.shortcoming and len(feed.stubs) >= FEWEST]
    best = max(usable, key=lambda feed: len(feed.stubs), default=None)
    return (Kept(title=best.title or site, url=best.url, kind="news", stubs=best.stubs),) if best else ()

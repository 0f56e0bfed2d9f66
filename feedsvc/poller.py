"""The straight line for one category: listing -> what is unknown -> articles -> what they turn out to be -> stored."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from feedsvc import plan
from feedsvc.errors import Blocked, Conflict, ExtractError, FeedsvcError, FetchError, LayoutChanged, Refused
from feedsvc.extract.identity import canonical_key, weak_keys
from feedsvc.fetch import Fetcher
from feedsvc.likeness import foreign, rewritten
from feedsvc.model import (
    Category,
    CategoryState,
    Claim,
    Item,
    Known,
    Listing,
    Measure,
    NotModified,
    Outcome,
    Page,
    PollResult,
    Problem,
    Query,
    Seen,
    Source,
    Stub,
    Validators,
)
from feedsvc.store import Store

Clock = Callable[[], datetime]
Progress = Callable[[str, int, int], None]
"""Told while a poll goes on: what is done, how many of them, of how many (0: not known)."""

MEASURED_MEDIA = 10
MEASURE_LASTS = timedelta(days=7)
RECENT = timedelta(hours=1)
"""How far back the moments of other updates are looked at, so that no two items share one."""
BUDGET = timedelta(seconds=300)
WALKING = 0.5
"""The share of the budget after which the walk through listing pages leaves the rest to the articles."""
GONE = frozenset({404, 410})
ATTEMPTS = 3
PATIENCE = 2
"""Polls for which an article that cannot be fetched is waited for, before the listing's words make an item of it."""


class Reads(Protocol):
    """What the poller needs of `feedsvc.reading`."""

    async def listing(self, page: Page, source: Source, shape: str = "") -> Listing:
        """The listing of a page."""
        ...

    async def article(self, page: Page, stub: Stub, source: Source) -> Item:
        """The item of a page."""
        ...


@dataclass(slots=True)
class _Walk:
    """What has been learned of the listing so far."""

    stubs: list[Stub] = field(default_factory=list)
    pages: int = 0
    validators: Validators | None = None
    digest: str | None = None
    usual: int | None = None
    unchanged: bool = False
    met_known: bool = False
    met_unknown: bool = False
    shift: int = 0
    cut: bool = False
    late: bool = False
    broken: FetchError | None = None


@dataclass(slots=True)
class _Visits:
    """What has been learned of the articles so far."""

    drafts: list[plan.Draft] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    read: int = 0
    late: bool = False
    missed: list[tuple[int, Stub, FetchError]] = field(default_factory=list)
    stopped: bool = False


def silent(what: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


class Poller:
    """Polls one claimed category at a time; knows the doors, decides nothing."""

    def __init__(
        self,
        *,
        fetcher: Callable[[], Fetcher],
        reading: Reads,
        store: Store,
        clock: Clock,
        make_id: Callable[[str, str, int], str],
        budget: timedelta = BUDGET,
        jitter: Callable[[], float] = lambda: random.uniform(-1, 1),  # noqa: S311 - spreads load, guards nothing
    ) -> None:
        self.fetcher, self.reading, self.store, self.clock = fetcher, reading, store, clock
        self.make_id, self.budget, self.jitter = make_id, budget, jitter

    async def poll(self, claim: Claim, source: Source, category: Category, progress: Progress = silent) -> PollResult:
        """Polls the claimed category once and stores what came of it.

        Raises StoreError (LeaseLost, Conflict among them) when nothing could be stored.
        """
        poll = _Poll(self, claim, source, category, progress)
        return await poll.run()


class _Poll:
    """One poll, from the claim to the stored result."""

    def __init__(self, poller: Poller, claim: Claim, source: Source, category: Category, progress: Progress) -> None:
        self.poller, self.claim, self.source, self.category, self.progress = poller, claim, source, category, progress
        self.fetcher, self.store, self.state = poller.fetcher(), poller.store, claim.state
        self.started = poller.clock()
        self.deadline = asyncio.get_running_loop().time() + poller.budget.total_seconds()

    async def run(self) -> PollResult:
        try:
            walk = await self.walk()
            visits, waiting = await self.visit(walk)
        except (FetchError, ExtractError) as error:
            return await self.save_failure(error)
        return await self.save(walk, visits, waiting)

    # The listing -----------------------------------------------------------------------------------------------------

    async def walk(self) -> _Walk:
        """Reads the listing, and its next pages while plan.follow wants them."""
        walk = _Walk()
        answer = await self.fetcher.get(self.category.url, validators=self.conditions())
        if isinstance(answer, NotModified):
            walk.unchanged = True
            return walk
        listing = await self.first(answer, walk)
        while not walk.unchanged:
            known = await self.known(stub.keys for stub in listing.stubs)
            matches = [plan.match(stub.keys, known) for stub in listing.stubs]
            walk.met_known = walk.met_known or any(matches)
            walk.met_unknown = walk.met_unknown or not all(matches)
            self.note_shift(listing, known, walk)
            place = (listing, known, walk.pages, self.category, self.state, walk.shift)
            if not plan.follow(*place):
                walk.cut = plan.bounded(*place)
                break
            if self.late() or (walk.met_unknown and self.late(WALKING)):
                walk.cut = walk.late = True
                break
            following = await self.next_page(listing, walk)
            if following is None or not _anything_new(following, walk) or foreign(following.stubs, walk.stubs):
                break
            listing = following
            walk.stubs.extend(listing.stubs)
            walk.pages += 1
            self.progress("pages", walk.pages, 0)
        await self.doubt(walk)
        return walk

    def note_shift(self, listing: Listing, known: Mapping[str, Known], walk: _Walk) -> None:
        """Counts the pages at the top of the list that news have filled since the last poll, begun ones too."""
        if not listing.stubs or walk.shift + 1 < walk.pages:
            return
        ends = [plan.is_listed(stub, known, self.category) for stub in (listing.stubs[0], listing.stubs[-1])]
        walk.shift += not all(ends)

    def conditions(self) -> Validators:
        """What the list is asked with: once a day nothing, as a server may say for ever that nothing has changed."""
        days = {moment.astimezone(UTC).date() for moment in (self.state.polled, self.started) if moment}
        return self.state.validators if len(days) == 1 and not self.state.depth else Validators()

    async def doubt(self, walk: _Walk) -> None:
        """A list of which nothing is known, on a category with history, may be another block of the page."""
        if walk.unchanged or walk.met_known:
            return
        query = Query(categories=((self.source.slug, self.category.slug),))
        items = await asyncio.to_thread(self.store.items, query, plan.BATCH)
        if foreign(walk.stubs, items):
            raise LayoutChanged(
                f"{self.category.url} lists {len(walk.stubs)} items, none of them known, at addresses of another kind: "
                "the list may be gone or the portal redesigned; the items known so far are kept"
            )

    async def first(self, page: Page, walk: _Walk) -> Listing:
        listing = await self.poller.reading.listing(page, self.source)
        if not listing.stubs and self.state.usual and not self.category.url.startswith("folder:"):
            raise LayoutChanged(
                f"{page.url} shows no items where there were {self.state.usual}; the items known so far are kept"
            )
        walk.unchanged = bool(listing.digest) and listing.digest == self.state.digest and not self.state.depth
        walk.stubs, walk.pages = list(listing.stubs), 1
        walk.validators, walk.digest, walk.usual = page.validators, listing.digest, len(listing.stubs)
        return listing

    async def next_page(self, listing: Listing, walk: _Walk) -> Listing | None:
        """The next listing page; a pager that leads nowhere ends the walk, it does not spoil it.

        A page that may answer later is asked for again by the next poll: news behind it would be lost else.
        """
        try:
            answer = await self.fetcher.get(listing.next_url or self.category.url, form=listing.next_form)
            if isinstance(answer, NotModified):
                return None
            return await self.poller.reading.listing(answer, self.source, listing.shape)
        except (FetchError, ExtractError) as error:
            structlog.get_logger().warning("next page", source=self.source.slug, problem=str(error))
            if isinstance(error, FetchError) and not _for_good(error):
                walk.broken = error
            return None

    async def known(self, keys: Iterable[Iterable[str]]) -> dict[str, Known]:
        wanted = {key for group in keys for key in group}
        return await asyncio.to_thread(self.store.known, self.source.slug, wanted) if wanted else {}

    def late(self, share: float = 1) -> bool:
        """Whether a share of the time of this poll is over."""
        rest = (1 - share) * self.poller.budget.total_seconds()
        return asyncio.get_running_loop().time() >= self.deadline - rest

    # The articles ----------------------------------------------------------------------------------------------------

    async def visit(self, walk: _Walk) -> tuple[_Visits, int]:
        """Reads the articles that plan.choose wants, and known ones that are due for another look."""
        known = await self.known(stub.keys for stub in walk.stubs)
        choice = plan.choose(walk.stubs, known, self.category.slug, walk.pages)
        visits = _Visits(seen=list(choice.seen))
        left = len(choice.visit)
        for position, stub in choice.visit:
            visits.late = self.late()
            if visits.stopped or visits.late:
                break
            await self.visit_one(position, stub, visits)
            left -= 1
            self.progress("articles", len(choice.visit) - left, len(choice.visit))
        if not left and not choice.waiting:
            await self.look_again(visits)
        return visits, left + choice.waiting

    async def visit_one(self, position: int, stub: Stub, visits: _Visits) -> None:
        try:
            page = await self.fetcher.get(stub.url)
            if isinstance(page, NotModified):
                return
            item = await self.article(page, stub)
        except ExtractError as error:
            self.note(stub, error)
            self.shorten(position, stub, visits)
        except FetchError as error:
            self.note(stub, error)
            self.miss(position, stub, error, visits)
        else:
            visits.drafts.append(await self.draft(page, item, stub, position))
            visits.read += 1

    async def article(self, page: Page, stub: Stub) -> Item:
        """The item of an article's page.

        Raises ExtractError also where the answer came from the home page or the list: so portals answer for what is
        gone.
        """
        answered = canonical_key(page.final_url)
        elsewhere = "/" not in answered or answered == canonical_key(self.category.url)
        if elsewhere and answered != canonical_key(stub.url):
            raise ExtractError(f"{stub.url} leads to {page.final_url}: the article is gone, or moved without notice")
        return await self.poller.reading.article(page, stub, self.source)

    async def draft(self, page: Page, item: Item, stub: Stub, position: int, *, again: bool = False) -> plan.Draft:
        keyed = replace(item, keys=tuple(dict.fromkeys((*stub.keys, *item.keys))))
        measured = await self.measure(keyed)
        return plan.Draft(item=measured, position=position, validators=page.validators, asked=stub.keys, again=again)

    def note(self, stub: Stub, error: FeedsvcError) -> None:
        structlog.get_logger().warning(
            "article", source=self.source.slug, category=self.category.slug, url=stub.url, problem=str(error)
        )

    def shorten(self, position: int, stub: Stub, visits: _Visits) -> None:
        """The listing's own words make a short item of an article that cannot be read."""
        item = plan.short_item(stub, self.source.slug, self.source.language, self.poller.clock())
        if item:
            words = weak_keys(stub.title, stub.published, stub.summary, self.source.timezone)
            keyed = replace(item, keys=tuple(dict.fromkeys((*item.keys, *words))))
            visits.drafts.append(plan.Draft(item=keyed, position=position, asked=stub.keys))

    def miss(self, position: int, stub: Stub, error: FetchError, visits: _Visits) -> None:
        """A portal that answers no more is left in peace: the rest waits for the next poll."""
        if isinstance(error, Refused) and error.status in GONE:
            self.shorten(position, stub, visits)
            return
        visits.missed.append((position, stub, error))
        visits.stopped = error.retry_after is not None or len(visits.missed) > visits.read + 1

    async def measure(self, item: Item) -> Item:
        """The item with true types and lengths of its media, asked once and remembered."""
        urls = [medium.url for medium in item.media if medium.player != medium.url][:MEASURED_MEDIA]
        since = self.poller.clock() - MEASURE_LASTS
        measures = await asyncio.to_thread(self.store.measures, urls, after=since) if urls else {}
        asked: dict[str, Measure] = {}
        for url in urls:
            if url not in measures and not self.late():
                try:
                    asked[url] = await self.fetcher.measure(url)
                except FetchError as error:
                    structlog.get_logger().warning("media", source=self.source.slug, url=url, problem=str(error))
        if asked:
            await asyncio.to_thread(self.store.save_measures, asked, self.poller.clock())
        return replace(item, media=plan.measured(item.media, {**measures, **asked}))

    async def look_again(self, visits: _Visits) -> None:
        """Known articles whose time has come, so that corrections are learned of; failures only wait longer."""
        due = await asyncio.to_thread(
            self.store.looks, self.source.slug, self.category.slug, due=self.poller.clock(), limit=plan.LOOKS
        )
        for found in due:
            if self.late():
                return
            await self.look_at(found, visits)

    async def look_at(self, found: Known, visits: _Visits) -> None:
        """Plans the next look whatever comes of this one: else one that never succeeds would hold up the others."""
        visits.seen.append(plan.look_later(found, self.category, self.poller.clock()))
        strong = tuple(key for key in found.item.keys if not plan.is_weak(key))
        if not strong:
            return
        stub = Stub(keys=strong[:1], url=found.item.url, title=found.item.title)
        try:
            page = await self.fetcher.get(stub.url, validators=found.validators)
            if isinstance(page, NotModified):
                return
            item = await self.article(page, stub)
            if rewritten(found.item, item):
                item = await self.article(page, replace(stub, title=""))
        except (FetchError, ExtractError) as error:
            self.note(stub, error)
            return
        visits.drafts.append(await self.draft(page, item, stub, len(visits.drafts), again=True))

    # The result ------------------------------------------------------------------------------------------------------

    async def save(self, walk: _Walk, visits: _Visits, waiting: int) -> PollResult:
        """Decides and stores; when another poll stored one of these first, decides anew."""
        problem = self.missed(visits, waiting)
        failed = problem is not None and not visits.read
        idle = walk.late and not visits.drafts and not waiting
        problem = problem or self.unfinished(walk, idle=idle)
        left = bool(visits.missed) or bool(waiting and (visits.drafts or visits.late or problem))
        cut = walk.broken is not None or (walk.cut and not (idle and walk.pages > plan.CATCH_UP_PAGES))
        depth = plan.next_depth(self.state, self.category, walked=walk.pages, cut=cut, left=left, shift=walk.shift)
        for attempt in range(ATTEMPTS):
            known = await self.known(draft.item.keys for draft in visits.drafts)
            now = self.poller.clock()
            taken = await asyncio.to_thread(self.store.updates, self.source.slug, since=now - RECENT)
            settled = plan.settle(
                visits.drafts,
                known,
                category=self.category,
                timezone=self.source.timezone,
                make_id=lambda key, generation: self.poller.make_id(self.source.slug, key, generation),
                now=now,
                taken=taken,
            )
            still = walk.unchanged and not settled.new and not settled.changed
            outcome: Outcome = "failed" if failed else "unchanged" if still else "ok"
            state = self.next_state(outcome, walk=walk, depth=depth, problem=problem)
            result = self.result(outcome, state, problem, settled, tuple(visits.seen))
            try:
                await asyncio.to_thread(self.store.save, result)
            except Conflict:
                if attempt + 1 == ATTEMPTS:
                    raise
            else:
                self.tell_doubts(settled.doubted)
                return result
        raise AssertionError("unreachable")

    def tell_doubts(self, doubted: Iterable[str]) -> None:
        for name in doubted:
            structlog.get_logger().warning(
                "article", source=self.source.slug, item=name, problem="its address shows another page now; it is kept"
            )

    def unfinished(self, walk: _Walk, *, idle: bool) -> Problem | None:
        """Why a walk goes on after a pause only: a page that does not answer, or time that was spent without gain.

        A walk starts at the first page each time: one that found nothing as far as a poll can go will not find more.
        """
        if walk.broken is not None:
            detail = f"{walk.broken} (the list goes on behind this page)"
            error = walk.broken
            return Problem(code=error.code, detail=detail, url=error.url, retry_after=error.retry_after)
        if idle:
            more = "older news is given up" if walk.pages > plan.CATCH_UP_PAGES else "it goes on at the next"
            detail = f"{walk.pages} pages of {self.category.url} took all the time of a poll; {more}"
            return Problem(code="timed-out", detail=detail, url=self.category.url)
        return None

    def missed(self, visits: _Visits, waiting: int) -> Problem | None:
        """Articles that could not be fetched: waited for at first, shortened when the others of the poll came."""
        if not visits.missed:
            return None
        _, _, error = visits.missed[-1]
        wait = visits.stopped or not visits.read
        if not wait or self.state.failures >= PATIENCE:
            for position, stub, _ in visits.missed:
                self.shorten(position, stub, visits)
            visits.missed.clear()
        if not wait:
            return None
        left = waiting + len(visits.missed)
        return Problem(
            code=error.code, detail=f"{error} ({left} articles wait)", url=error.url, retry_after=error.retry_after
        )

    async def save_failure(self, error: FetchError | ExtractError) -> PollResult:
        """Nothing changes but the category's state."""
        outcome: Outcome = "suspicious" if isinstance(error, LayoutChanged) and self.state.usual else "failed"
        problem = Problem(
            code=error.code,
            detail=str(error),
            url=getattr(error, "url", "") or self.category.url,
            retry_after=getattr(error, "retry_after", None),
        )
        result = self.result(outcome, self.next_state(outcome, problem=problem), problem)
        await asyncio.to_thread(self.store.save, result)
        return result

    def next_state(
        self, outcome: Outcome, *, walk: _Walk | None = None, depth: int = 0, problem: Problem | None = None
    ) -> CategoryState:
        learned = walk if walk and not walk.unchanged else _Walk()
        return plan.next_state(
            self.state,
            self.category,
            outcome=outcome,
            finished=self.poller.clock(),
            jitter=self.poller.jitter(),
            problem=problem,
            validators=learned.validators,
            digest=learned.digest,
            depth=depth,
            usual=learned.usual,
        )

    def result(
        self,
        outcome: Outcome,
        state: CategoryState,
        problem: Problem | None,
        settled: plan.Settled | None = None,
        seen: tuple[Seen, ...] = (),
    ) -> PollResult:
        settled = settled or plan.Settled(new=(), changed=(), seen=())
        return PollResult(
            source=self.source.slug,
            category=self.category.slug,
            token=self.claim.token,
            started=self.started,
            finished=self.poller.clock(),
            outcome=outcome,
            new=settled.new,
            changed=settled.changed,
            seen=(*seen, *settled.seen),
            moved_keys=settled.moved_keys,
            state=state,
            problem=problem,
        )


def _anything_new(listing: Listing, walk: _Walk) -> bool:
    """A pager that shows the same page again has ended."""
    met = {key for stub in walk.stubs for key in stub.keys}
    return any(not met & set(stub.keys) for stub in listing.stubs)


def _for_good(error: FetchError) -> bool:
    """Whether asking again would bring the same: the page is not there, or may not be asked for."""
    return isinstance(error, Blocked) or (isinstance(error, Refused) and error.status in GONE)

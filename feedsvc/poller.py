"""The straight line for one category: listing -> what is unknown -> articles -> what they turn out to be -> stored."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta

import structlog

from feedsvc import plan
from feedsvc.errand import Clock, Errand, Reads, Visits, is_gone
from feedsvc.errors import Blocked, ExtractError, FetchError, LayoutChanged
from feedsvc.extract.known_list import same_bytes
from feedsvc.fetch import Fetcher
from feedsvc.learning import REMEMBERED, by_title, familiar_keys
from feedsvc.likeness import foreign
from feedsvc.mirror import Mirror
from feedsvc.model import (
    Category,
    CategoryState,
    Claim,
    Item,
    Known,
    Listing,
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
from feedsvc.progress import Progress, silent
from feedsvc.store import Store
from feedsvc.visits import Visitor, settle_and_save

BUDGET = timedelta(seconds=300)
WALKING = 0.5
"""The share of the budget after which the walk through listing pages leaves the rest to the articles."""
PATIENCE = 2
"""Polls for which an article that cannot be fetched is waited for, before the listing's words make an item of it."""


@dataclass(slots=True)
class _Walk:
    """What has been learned of the listing so far."""

    stubs: list[Stub] = field(default_factory=list)
    pages: int = 0
    validators: Validators | None = None
    digest: str | None = None
    usual: int | None = None
    shape: str | None = None
    imprint: str | None = None
    familiar: list[Item] = field(default_factory=list)
    moved: int = 0
    unchanged: bool = False
    met_known: bool = False
    met_unknown: bool = False
    shift: int = 0
    cut: bool = False
    late: bool = False
    broken: FetchError | None = None


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
        mirror: Mirror | None = None,
    ) -> None:
        self.mirror = mirror
        self.fetcher, self.reading, self.store, self.clock = fetcher, reading, store, clock
        self.make_id, self.budget, self.jitter = make_id, budget, jitter

    async def poll(self, claim: Claim, source: Source, category: Category, progress: Progress = silent) -> PollResult:
        """Polls the claimed category once and stores what came of it.

        Raises StoreError (LeaseLost, Conflict among them) when nothing could be stored.
        """
        return await _Poll(self, claim, self.errand(source, category, progress)).run()

    def errand(
        self, source: Source, category: Category, progress: Progress, stopped: Callable[[], bool] = lambda: False
    ) -> Errand:
        """What a poll of the category has to go by; its time begins now. `stopped`: whether it is to end early."""
        fetcher, own = self.fetcher(), category.url.startswith("folder:")  # files of dropped documents are ours
        return Errand(
            fetcher=fetcher,
            copying=self.mirror.copying(fetcher) if self.mirror and not own else None,
            reading=self.reading,
            store=self.store,
            clock=self.clock,
            source=source,
            category=category,
            progress=progress,
            budget=self.budget,
            deadline=asyncio.get_running_loop().time() + self.budget.total_seconds(),
            stopped=stopped,
        )


class _Poll:
    """One poll, from the claim to the stored result."""

    def __init__(self, poller: Poller, claim: Claim, errand: Errand) -> None:
        self.poller, self.claim, self.errand = poller, claim, errand
        self.source, self.category, self.state = errand.source, errand.category, claim.state
        self.started, self.farther = poller.clock(), 0

    async def run(self) -> PollResult:
        try:
            walk = await self.walk()
            visits = await Visitor(self.errand).visit(walk.stubs, walk.pages, walk.familiar)
        except (FetchError, ExtractError) as error:
            return await self.save_failure(error)
        return await self.save(walk, visits)

    # The listing -----------------------------------------------------------------------------------------------------

    async def walk(self) -> _Walk:
        """Reads the listing, and its next pages while plan.follow wants them."""
        walk = _Walk()
        await self.errand.recall()
        answer = await self.errand.fetcher.get(self.category.url, validators=self.conditions())
        if isinstance(answer, NotModified) or await self.is_the_same(answer):
            walk.unchanged = True
            return walk
        try:
            await self.follow(await self.first(answer, walk), walk)
            await self.doubt(walk)
        except LayoutChanged as error:
            # News of a long silence at addresses of another kind: what is known may stand behind the last page walked.
            self.farther = walk.pages + 1 if walk.cut else 0
            walk = await self.found_again(answer, error)
        return walk

    async def is_the_same(self, page: Page) -> bool:
        """Whether the list of the page is that of the last good answer, so that it need not be read."""
        state = self.state
        if state.depth or state.outcome not in {"ok", "unchanged"} or not state.bytes_digest:
            return False
        if same_bytes(page.body, state.bytes_digest):
            return True
        return await self.errand.reading.is_same_list(page, state.shape, state.bytes_digest)

    async def follow(self, listing: Listing, walk: _Walk) -> None:
        """Goes on from the first page of the list while plan.follow wants it."""
        while not walk.unchanged:
            known = await self.known(listing, walk)
            walk.met_unknown = walk.met_unknown or not all(plan.match(stub.keys, known) for stub in listing.stubs)
            self.note_shift(listing, known, walk)
            place = (listing, known, walk.pages, self.category, self.state, walk.shift)
            if not plan.follow(*place):
                walk.cut = plan.bounded(*place)
                break
            if self.errand.late() or (walk.met_unknown and self.errand.late(WALKING)):
                walk.cut = walk.late = True
                break
            following = await self.next_page(listing, walk)
            if following is None or not _anything_new(following, walk) or foreign(following.stubs, walk.stubs):
                break
            listing = following
            walk.stubs.extend(listing.stubs)
            walk.pages += 1
            self.errand.progress("pages", walk.pages, 0)

    async def known(self, listing: Listing, walk: _Walk) -> dict[str, Known]:
        """What is known of the lines of a page by their addresses; where none is, by their headlines.

        A portal that has given all its articles new addresses is not walked to its beginning for that.
        """
        known = await self.errand.known(stub.keys for stub in listing.stubs)
        met = any(plan.match(stub.keys, known) for stub in listing.stubs)
        walk.met_known = walk.met_known or met
        if not met and not walk.familiar:
            walk.familiar = await self.newest()
        moved = by_title(listing.stubs, walk.familiar)
        walk.moved += len(moved)
        return {**moved, **known}

    def note_shift(self, listing: Listing, known: Mapping[str, Known], walk: _Walk) -> None:
        """Counts the pages that news have filled since the last poll, begun ones too.

        Not only those at the top: a poll that was cut short may have stored the newest of the news alone. Where pages
        that were left over count too, the walk goes a little further than it must.
        """
        if not listing.stubs:
            return
        ends = [plan.is_listed(stub, known, self.category) for stub in (listing.stubs[0], listing.stubs[-1])]
        walk.shift += not all(ends)

    def conditions(self) -> Validators:
        """What the list is asked with: once a day nothing, as a server may say for ever that nothing has changed."""
        return self.state.validators if self.polled_today() and not self.state.depth else Validators()

    def polled_today(self) -> bool:
        """Whether this is not the first poll of a day."""
        return (
            self.state.polled is not None
            and self.state.polled.astimezone(UTC).date() == self.started.astimezone(UTC).date()
        )

    async def doubt(self, walk: _Walk) -> None:
        """A list of which nothing is known, on a category with history, may be another block of the page.

        One with the known headlines is the list at new addresses: detection and memory agree on it.
        """
        if walk.unchanged or walk.met_known:
            return
        if walk.moved:
            self.errand.lessons.accept(self.category, walk.moved, self.started)
            self.tell_redesign(walk.moved)
        elif foreign(walk.stubs, walk.familiar[: plan.BATCH]):
            raise LayoutChanged(
                f"{self.category.url} lists {len(walk.stubs)} items, none of them known, at addresses of another kind: "
                "the list may be gone or the portal redesigned; the items known so far are kept"
            )

    async def newest(self) -> list[Item]:
        """The articles by which the list of the category is known."""
        query = Query(categories=((self.source.slug, self.category.slug),))
        return await asyncio.to_thread(self.errand.store.items, query, REMEMBERED)

    async def found_again(self, page: Page, error: LayoutChanged) -> _Walk:
        """The walk from the list found by its articles, where the page was redesigned; raises what is wrong until then.

        Raises LayoutChanged when no list of known articles is there, Redesigned when it is too early to believe it.
        """
        lessons, items = self.errand.lessons, await self.newest()
        if not items or self.category.url.startswith("folder:"):
            raise error
        try:
            listing = await self.errand.reading.listing(page, self.source, "", familiar_keys(items))
        except ExtractError:
            listing = None
        if not lessons.look(self.category, listing, self.started) or listing is None:
            raise error
        walk = _Walk(familiar=items)
        self.begin(listing, page, walk)
        await self.follow(listing, walk)
        self.tell_redesign(listing.recognised)
        return walk

    def tell_redesign(self, known: int) -> None:
        structlog.get_logger().warning("redesign", source=self.source.slug, category=self.category.slug, known=known)

    async def first(self, page: Page, walk: _Walk) -> Listing:
        """The list of the first page, where it was last time; where its articles once told that, they do ever since.

        Once a day it is looked for in the whole page: what was taken for it may have been another block.
        """
        familiar = frozenset[str]()
        if self.errand.lessons.was_redesigned(self.category):
            familiar = familiar_keys(await self.newest())
        place, usual = (self.state.shape, self.state.usual) if self.polled_today() else ("", 0)
        listing = await self.errand.reading.listing(page, self.source, place, familiar, usual)
        if not listing.stubs and self.state.usual and not self.category.url.startswith("folder:"):
            raise LayoutChanged(
                f"{page.url} shows no items where there were {self.state.usual}; the items known so far are kept"
            )
        self.begin(listing, page, walk)
        walk.unchanged = bool(listing.digest) and listing.digest == self.state.digest and not self.state.depth
        if not walk.unchanged:
            self.errand.lessons.count_signs(listing.trace)
        return listing

    def begin(self, listing: Listing, page: Page, walk: _Walk) -> None:
        """Starts the walk at the first page of a list."""
        walk.stubs, walk.pages = list(listing.stubs), 1
        walk.validators, walk.digest, walk.usual = page.validators, listing.digest, len(listing.stubs)
        walk.shape, walk.imprint = listing.shape, listing.imprint

    async def next_page(self, listing: Listing, walk: _Walk) -> Listing | None:
        """The next listing page; a pager that leads nowhere ends the walk, it does not spoil it.

        A page that may answer later is asked for again by the next poll: news behind it would be lost else.
        """
        try:
            answer = await self.errand.fetcher.get(listing.next_url or self.category.url, form=listing.next_form)
            if isinstance(answer, NotModified):
                return None
            return await self.errand.reading.listing(answer, self.source, listing.shape)
        except (FetchError, ExtractError) as error:
            structlog.get_logger().warning("next page", source=self.source.slug, problem=str(error))
            if isinstance(error, FetchError) and not _for_good(error):
                walk.broken = error
            return None

    # The result ------------------------------------------------------------------------------------------------------

    async def save(self, walk: _Walk, visits: Visits) -> PollResult:
        """Stores what the poll found, and where the next one goes on."""
        problem = self.missed(visits)
        failed = problem is not None and not visits.read
        idle = walk.late and not visits.drafts and not visits.left
        problem = problem or self.unfinished(walk, idle=idle)
        left = bool(visits.missed) or bool(visits.left and (visits.drafts or visits.late or problem))
        cut = walk.broken is not None or (walk.cut and not (idle and walk.pages > plan.CATCH_UP_PAGES))
        depth = plan.next_depth(self.state, self.category, walked=walk.pages, cut=cut, left=left, shift=walk.shift)

        def result_of(settled: plan.Settled) -> PollResult:
            still = walk.unchanged and not settled.new and not settled.changed
            outcome: Outcome = "failed" if failed else "unchanged" if still else "ok"
            state = self.next_state(outcome, walk=walk, depth=depth, problem=problem)
            result = self.result(outcome, state, problem, settled, tuple(visits.seen))
            return replace(result, profile=self.taught(result, walk))

        return await settle_and_save(self.errand, await self.placed(walk, visits), self.poller.make_id, result_of)

    async def placed(self, walk: _Walk, visits: Visits) -> Sequence[plan.Draft]:
        """The drafts; those of a first walk at their place in the list, which an earlier poll has begun to store."""
        if self.state.succeeded is not None or not self.state.depth:
            return visits.drafts
        known = await self.errand.known(stub.keys for stub in walk.stubs)
        return plan.below_known(visits.drafts, walk.stubs, known)

    def taught(self, result: PollResult, walk: _Walk) -> str | None:
        """The profile after this poll, for the store."""
        lessons = self.errand.lessons
        if result.outcome == "failed":
            return lessons.written()
        usual = None if walk.unchanged else walk.usual
        return lessons.written(lessons.after(self.category.slug, result.new, usual, result.finished))

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

    def missed(self, visits: Visits) -> Problem | None:
        """Articles that could not be fetched: waited for at first, shortened when the others of the poll came."""
        if not visits.missed:
            return None
        _, _, error = visits.missed[-1]
        wait = visits.stopped or not visits.read
        if not wait or self.state.failures >= PATIENCE:
            for position, stub, _ in visits.missed:
                Visitor(self.errand).shorten(position, stub, visits)
            visits.missed.clear()
        if not wait:
            return None
        left = visits.left + len(visits.missed)
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
        result = self.result(outcome, self.next_state(outcome, problem=problem, depth=self.farther), problem)
        result = replace(result, profile=self.errand.lessons.written())
        await asyncio.to_thread(self.errand.store.save, result)
        return result

    def next_state(
        self, outcome: Outcome, *, walk: _Walk | None = None, depth: int = 0, problem: Problem | None = None
    ) -> CategoryState:
        learned = walk if walk and not walk.unchanged else _Walk()
        now = self.poller.clock()
        state = plan.next_state(
            self.state,
            self.category,
            outcome=outcome,
            finished=now,
            jitter=self.poller.jitter(),
            problem=problem,
            validators=learned.validators,
            digest=learned.digest,
            depth=depth,
            usual=learned.usual,
            shape=learned.shape,
            imprint=learned.imprint,
        )
        if problem is None:
            full = self.errand.copying.problem if self.errand.copying else None
            notice = self.errand.lessons.notice(self.category, now, self.source.timezone)
            state = replace(state, problem=full or notice)
        return state

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
    return isinstance(error, Blocked) or is_gone(error)

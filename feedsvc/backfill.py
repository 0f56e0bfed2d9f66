"""The past of a category filled in: older listing pages, one by one, each stored before the next is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from feedsvc import plan
from feedsvc.errand import Visits
from feedsvc.errors import ExtractError, FetchError
from feedsvc.extract.moved import hosts_of
from feedsvc.fetch import fetch_page
from feedsvc.fetch.guard import told_of
from feedsvc.likeness import foreign
from feedsvc.model import Category, Claim, Form, History, Item, Listing, PollResult, Problem, Query, Source
from feedsvc.poller import Poller
from feedsvc.progress import Progress, silent
from feedsvc.visits import Visitor, settle_and_save

PATIENCE = 2
"""How often a page is begun anew for articles that cannot be fetched, before the listing's words make items of them."""


@dataclass(slots=True, kw_only=True)
class Backfill:
    """Fills in the past of one category, a listing page at each step.

    `stopped` is asked between two articles: what was read until then is stored, and the next step begins the page anew.
    """

    poller: Poller
    source: Source
    category: Category
    progress: Progress = silent
    stopped: Callable[[], bool] = lambda: False
    tries: int = 0

    async def step(self, claim: Claim) -> PollResult:
        """Reads one listing page and its unknown articles, and stores them with the place to go on at.

        The state of polling stays as it is; the lease ends. `PollResult.history` tells where the past stands, `problem`
        why a step brought nothing. Raises StoreError when nothing could be stored.
        """
        step = _Step(self, claim)
        try:
            await step.read()
        except (FetchError, ExtractError) as error:
            step.problem = _problem(error, self.category.url)
        return await step.save()


class _Step:
    """One listing page, from the claim to the stored result."""

    def __init__(self, backfill: Backfill, claim: Claim) -> None:
        self.backfill, self.claim = backfill, claim
        self.source, self.category = backfill.source, backfill.category
        self.errand = backfill.poller.errand(self.source, self.category, backfill.progress, backfill.stopped)
        self.started = self.errand.clock()
        self.before, self.after = History(), History()
        self.visits = Visits()
        self.listed: tuple[Item, ...] = ()
        self.problem: Problem | None = None

    async def read(self) -> None:
        """Reads the page and its articles. Raises FetchError and ExtractError of the listing alone."""
        name = (self.source.slug, self.category.slug)
        self.before = self.after = await asyncio.to_thread(self.errand.store.history, *name)
        listing = await self._listing()
        known = await self.errand.known(stub.keys for stub in listing.stubs)
        self.listed = tuple({found.item.id: found.item for found in known.values()}.values())
        if await self._elsewhere(listing):
            self.after = replace(self.before, finished=True)
            return
        self.visits = await Visitor(self.errand).visit(listing.stubs, 1)
        self._patience()
        if not self.visits.left and not self.visits.missed:
            self.after = _behind(self.before, listing)

    async def _listing(self) -> Listing:
        """The page to read now; where a pager has forms for addresses, its pages are walked through to it."""
        place = self.before
        listing = await self._page(place.url or self.category.url)
        for _ in range(0 if place.url else place.pages):
            if not (listing.next_url or listing.next_form):
                break
            listing = await self._page(listing.next_url or self.category.url, listing.next_form, listing.shape)
        return listing

    async def _page(self, url: str, form: Form | None = None, shape: str = "") -> Listing:
        answer = await fetch_page(self.errand.fetcher, url, form=form)
        return await self.errand.reading.listing(answer, self.source, shape)

    async def _elsewhere(self, listing: Listing) -> bool:
        """Whether the pager shows its last page again, or has left the list: there the past ends."""
        if self.before.pages and listing.digest == self.before.digest:
            return True
        query = Query(categories=((self.source.slug, self.category.slug),))
        items = await asyncio.to_thread(self.errand.store.items, query, plan.BATCH)
        return not self.listed and foreign(listing.stubs, items, hosts_of(self.source))

    def _patience(self) -> None:
        """Articles that cannot be fetched are waited for; then the listing's words make items of them."""
        visits = self.visits
        if not visits.missed:
            self.backfill.tries = 0
            return
        self.backfill.tries += 1
        if visits.stopped:
            self.problem = _problem(visits.missed[-1][-1], self.category.url)
        elif self.backfill.tries > PATIENCE:
            for position, stub, _ in visits.missed:
                Visitor(self.errand).shorten(position, stub, visits)
            visits.missed.clear()

    async def save(self) -> PollResult:
        """Stores what the step brought."""
        below = _lowest(self.listed, self.before.below)
        drafts = [replace(draft, below=below) for draft in self.visits.drafts]

        def result_of(settled: plan.Settled) -> PollResult:
            return PollResult(
                source=self.source.slug,
                category=self.category.slug,
                token=self.claim.token,
                started=self.started,
                finished=self.errand.clock(),
                outcome="failed" if self.problem else "ok",
                new=settled.new,
                changed=settled.changed,
                seen=(*self.visits.seen, *settled.seen),
                moved_keys=settled.moved_keys,
                state=self.claim.state,
                problem=self.problem,
                history=replace(self.after, below=_lowest(settled.new, below)),
            )

        return await settle_and_save(self.errand, drafts, self.backfill.poller.make_id, result_of)


def _behind(place: History, listing: Listing) -> History:
    """Where the past goes on after a page."""
    url = "" if listing.next_form else listing.next_url or ""  # a form is worth nothing without the page it stood on
    more = bool(url or listing.next_form)
    return replace(place, url=url, pages=place.pages + 1, digest=listing.digest, finished=not more)


def _lowest(items: Iterable[Item], before: datetime | None) -> datetime | None:
    """The earliest moment shown of items without a date of their own: what lies below them is older still."""
    return min((item.shown for item in items if item.published is None), default=before)


def _problem(error: FetchError | ExtractError, url: str) -> Problem:
    return Problem(code=error.code, detail=told_of(error, url), url=getattr(error, "url", "") or url)

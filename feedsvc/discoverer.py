"""Discovery as the poller does it: claimed like a poll, what was found before kept for ever, failures retried."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedsvc import alarms
from feedsvc.config import HOME_CATEGORY
from feedsvc.discovery import Discovery, Reads, discover
from feedsvc.errors import ExtractError, FetchError
from feedsvc.extract.links import key_of
from feedsvc.extract.sections import Kept
from feedsvc.fetch import Fetcher
from feedsvc.fetch.guard import told_of
from feedsvc.lasting import merged
from feedsvc.model import DISCOVERY, Category, CategoryState, Claim, Found, Outcome, Problem, Source
from feedsvc.plan import next_state
from feedsvc.progress import Progress, silent
from feedsvc.store import Store

AGAIN = timedelta(days=7)
"""How long after a good discovery the next one follows."""
SOON = timedelta(days=1)
"""The same, where time was up before all pages were tried."""
RETRY = timedelta(minutes=15)
"""The first pause after a failure; it doubles up to six hours."""
BUDGET = timedelta(seconds=300)
TWIN = 0.8
"""Share of a list's items that another category has, for both to be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """What became of a claimed discovery: all categories of the source from now on, and which are new or gone."""

    source: str
    started: datetime
    finished: datetime
    outcome: Outcome
    found: tuple[Found, ...]
    new: tuple[Found, ...] = ()
    vanished: tuple[Found, ...] = ()
    problem: Problem | None = None


def search_of(source: Source) -> Category:
    """Return the source itself as something that is polled: its due time and its pauses after failures."""
    return Category(source=source.slug, slug=DISCOVERY, title=source.title, url=source.home, every=RETRY)


class Discoverer:
    """Searches claimed sources and stores what it finds; knows the doors, decides nothing."""

    def __init__(
        self,
        *,
        fetcher: Callable[[], Fetcher],
        reading: Reads,
        store: Store,
        clock: Callable[[], datetime],
        make_id: alarms.MakeId,
        budget: timedelta = BUDGET,
        jitter: Callable[[], float] = lambda: random.uniform(-1, 1),  # noqa: S311 - spreads load, guards nothing
    ) -> None:
        self.fetcher, self.reading, self.store, self.clock = fetcher, reading, store, clock
        self.make_id = make_id
        self.budget, self.jitter = budget, jitter

    async def discover(self, claim: Claim, source: Source, progress: Progress = silent) -> Discovered:
        """Searches the claimed source once and stores what came of it.

        Raises StoreError (LeaseLost among them) when nothing could be stored.
        """
        started = self.clock()
        before = (await asyncio.to_thread(self.store.found)).get(source.slug, ())
        try:
            known = frozenset(key_of(one.url) for one in before)
            search = await discover(
                source, self.fetcher(), self.reading, progress, is_late=self._deadline(), known=known
            )
            search = await asyncio.to_thread(self._without_twins, source, search, before)
            result, pause = await self._judged(source, search, before, started)
        except (FetchError, ExtractError) as error:
            wait = error.retry_after if isinstance(error, FetchError) else None
            problem = Problem(code=error.code, detail=told_of(error, source.home), url=source.home, retry_after=wait)
            result, pause = self._failed(source, before, started, problem), None
        await self._save(claim, source, result, self._state(claim, source, result, pause))
        return result

    async def _save(self, claim: Claim, source: Source, result: Discovered, state: CategoryState) -> None:
        """Stores what came of it, and what a person is told where searches fail again and again."""
        lasting = await asyncio.to_thread(self.store.lasting_alarms, source.slug, DISCOVERY)
        state, told = alarms.judged(state, lasting, search_of(source), result.finished, self.make_id)
        await asyncio.to_thread(self.store.save_found, claim, result.found, state, told)
        alarms.log(told)

    def _deadline(self) -> Callable[[], bool]:
        loop = asyncio.get_running_loop()
        end = loop.time() + self.budget.total_seconds()
        return lambda: loop.time() >= end

    def _failed(self, source: Source, before: tuple[Found, ...], started: datetime, problem: Problem) -> Discovered:
        return Discovered(
            source=source.slug,
            started=started,
            finished=self.clock(),
            outcome="failed",
            found=before,
            problem=problem,
        )

    async def _judged(
        self, source: Source, search: Discovery, before: tuple[Found, ...], started: datetime
    ) -> tuple[Discovered, timedelta | None]:
        """What a search means for a source, and how long to wait for the next; None as after a failure."""
        now = self.clock()
        if search.trouble and not search.categories:
            detail = f"the search for categories was given up: {told_of(search.trouble, source.home)}"
            return self._failed(source, before, started, Problem(code="fetch", detail=detail, url=search.url)), None
        if before and search.links.isdisjoint(key_of(one.url) for one in before) and not search.categories:
            detail = f"none of the {len(before)} categories found before is on {search.url} now; they are kept"
            problem = Problem(code="layout-changed", detail=detail, url=source.home)
            return self._failed(source, before, started, problem), None
        if search.is_list:  # the address given is a list itself: it stays the one listing, under the slug that it has
            return Discovered(source=source.slug, started=started, finished=now, outcome="ok", found=before), AGAIN
        if not before and search.categories and await self._has_polled_home(source):
            before = (Found(slug=HOME_CATEGORY, title=source.title, url=source.home, first_found=now, last_found=now),)
        found = merged(before, search, now)
        known = {one.slug: one for one in before}
        result = Discovered(
            source=source.slug,
            started=started,
            finished=now,
            outcome="ok",
            found=found,
            new=tuple(one for one in found if one.slug not in known),
            vanished=tuple(one for one in found if one.vanished and not known[one.slug].vanished),
            problem=None if found else nothing_found(search),
        )
        return result, SOON if search.late or search.trouble else AGAIN

    def _without_twins(self, source: Source, search: Discovery, before: tuple[Found, ...]) -> Discovery:
        """The search without lists whose items a category found before has, which was not tried this time."""
        tried = {key_of(one.url) for one in search.categories}
        left = {one.slug for one in before if key_of(one.url) not in tried}
        there = {key_of(one.url) for one in before}
        kept = [one for one in search.categories if key_of(one.url) in there or not self._is_twin(source, one, left)]
        return replace(search, categories=tuple(kept))

    def _is_twin(self, source: Source, kept: Kept, slugs: Collection[str]) -> bool:
        """Whether nearly all items of a list are known as those of one of these categories."""
        if not slugs:
            return False
        keys = {key: stub.url for stub in kept.stubs for key in stub.keys}
        known = self.store.known(source.slug, list(keys))
        lists = Counter(
            slug
            for slugs_of in {keys[key]: found.item.categories for key, found in known.items()}.values()
            for slug in slugs_of
        )
        return any(lists[slug] >= len(kept.stubs) * TWIN for slug in slugs)

    async def _has_polled_home(self, source: Source) -> bool:
        """Whether the home page has been a listing with a feed of its own: then that feed is kept, too."""
        states: Mapping[tuple[str, str], CategoryState] = await asyncio.to_thread(self.store.states)
        home = states.get((source.slug, HOME_CATEGORY))
        return home is not None and home.succeeded is not None

    def _state(self, claim: Claim, source: Source, result: Discovered, pause: timedelta | None) -> CategoryState:
        state = next_state(
            claim.state,
            search_of(source),
            outcome=result.outcome,
            finished=result.finished,
            jitter=self.jitter(),
            problem=result.problem,
        )
        return replace(state, next_poll=result.finished + pause) if pause else state


def nothing_found(search: Discovery) -> Problem:
    """Say why no category was found, and what to do."""
    why = "no link of its menus leads to a list of news"
    if search.is_scripted:
        why = "the page holds hardly a link: a script in the browser seems to build it, and no script is run here"
    feeds = "; it has feeds of its own" if any(not feed.shortcoming for feed in search.feeds) else ""
    return Problem(
        code="nothing-found",
        detail=f"no categories were found on {search.url}: {why}{feeds}. Its home page is the one listing; "
        "name others as [[source.category]] with the address of a list",
        url=search.url,
    )

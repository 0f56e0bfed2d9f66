"""The straight line for one category: listing -> what is unknown -> articles -> what they turn out to be -> stored.

`walking` reads the list and its next pages, `believing` says whether it is the list, `visits` (beside this room) reads
the articles, `ending` stores what came of all that. Knows the doors, decides nothing.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from feedsvc.committing import Commits
from feedsvc.errand import Clock, Errand, Reads, Visits
from feedsvc.errors import ExtractError, FetchError
from feedsvc.fetch import Fetcher
from feedsvc.fetch.guard import Pair
from feedsvc.mirror import Mirror
from feedsvc.model import Category, CategoryState, Claim, PollResult, Source
from feedsvc.poller.believing import Believer
from feedsvc.poller.ending import Ending
from feedsvc.progress import Progress, silent
from feedsvc.store import Store
from feedsvc.visits import Visitor

BUDGET = timedelta(seconds=300)
HOUR = timedelta(hours=1)


class Poller:
    """Polls one claimed category at a time."""

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
        private: Collection[Pair] = frozenset(),
    ) -> None:
        self.mirror, self.private = mirror, private
        self.fetcher, self.reading, self.store, self.clock = fetcher, reading, store, clock
        self.make_id, self.budget, self.jitter = make_id, budget, jitter
        self.commits = Commits(store)

    async def poll(self, claim: Claim, source: Source, category: Category, progress: Progress = silent) -> PollResult:
        """Polls the claimed category once and stores what came of it.

        Raises StoreError (LeaseLost, Conflict among them) when nothing could be stored.
        """
        with self.commits.coming():
            return await self._poll(claim, source, category, progress)

    async def _poll(self, claim: Claim, source: Source, category: Category, progress: Progress) -> PollResult:
        errand = self.errand(source, category, progress)
        errand.lessons.recall(claim.profile, errand.clock())
        believer = Believer(errand, claim.state)
        ending = Ending(errand, claim, believer, make_id=self.make_id, jitter=self.jitter)
        try:
            walk = await believer.walk()
            if walk.unchanged and not claim.looks and not _is_time_to_see(claim.state, believer.started):
                visits = Visits()
            else:
                visits = await Visitor(errand).visit(walk.stubs, walk.pages, walk.familiar)
        except (FetchError, ExtractError) as error:
            return await ending.save_failure(error)
        return await ending.save(walk, visits)

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
            save=self.commits.save,
            deadline=asyncio.get_running_loop().time() + self.budget.total_seconds(),
            stopped=stopped,
            private=self.private,
        )


def _is_time_to_see(state: CategoryState, now: datetime) -> bool:
    """Whether to see what waits beside an unchanged list (mirror.Copying): hourly, and after a problem."""
    if state.problem is not None or state.polled is None:
        return True
    return now - state.polled >= HOUR or state.polled.hour != now.hour

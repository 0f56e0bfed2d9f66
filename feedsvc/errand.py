"""What one poll goes by: its doors and its time, and what it has learned of the articles so far."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from feedsvc import plan
from feedsvc.errors import FeedsvcError, FetchError, Refused
from feedsvc.extract.moved import hosts_of, twins, with_twins
from feedsvc.fetch import Fetcher
from feedsvc.fetch.guard import Pair
from feedsvc.learning import Lessons
from feedsvc.mirror import Copying
from feedsvc.model import Category, Item, Known, Listing, Page, PollResult, Seen, Source, Stub
from feedsvc.progress import Progress
from feedsvc.store import Store

Clock = Callable[[], datetime]


def is_gone(error: Exception) -> bool:
    """Whether a server said that nothing is there (404, 410)."""
    return isinstance(error, Refused) and error.status in {404, 410}


class Reads(Protocol):
    """What polling needs of `feedsvc.reading`."""

    async def listing(
        self,
        page: Page,
        source: Source,
        shape: str = "",
        familiar: Collection[str] = frozenset(),
        usual: int = 0,
    ) -> Listing:
        """The listing of a page."""
        ...

    async def is_same_list(self, page: Page, shape: str, imprint: str) -> bool:
        """Whether the list of a page is the one of which these were told (extract.known_list)."""
        ...

    async def article(self, page: Page, stub: Stub, source: Source) -> Item:
        """The item of a page."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What one poll is about, its doors, and its time: `deadline` on the clock of the event loop, in seconds.

    `lessons` is what the source has taught before this poll, and teaches in it. `copying` makes copies of pictures.
    `save` stores the result as `Store.save` does. `private` are the inside addresses that may be asked.
    """

    fetcher: Fetcher
    reading: Reads
    store: Store
    clock: Clock
    source: Source
    category: Category
    progress: Progress
    budget: timedelta
    deadline: float
    save: Callable[[PollResult], Awaitable[None]]
    lessons: Lessons = field(default_factory=Lessons)
    stopped: Callable[[], bool] = lambda: False
    copying: Copying | None = None
    private: Collection[Pair] = frozenset()

    async def recall(self) -> None:
        """Takes up what the source has taught so far, once."""
        if self.lessons.started is None:
            stored = await asyncio.to_thread(self.store.profile, self.source.slug)
            self.lessons.recall(stored, self.clock())

    async def known(self, keys: Iterable[Iterable[str]]) -> dict[str, Known]:
        """What the store remembers under any of these keys; of a portal that moved, also under its other hosts."""
        wanted = {key for group in keys for key in group}
        if not wanted:
            return {}
        others = twins(wanted, hosts_of(self.source)) if self.source.formerly else {}
        found = await asyncio.to_thread(self.store.known, self.source.slug, wanted.union(*others.values()))
        return with_twins(found, others) if others else found

    def late(self, share: float = 1) -> bool:
        """Whether a share of the time of this poll is over, or it was told to stop."""
        rest = (1 - share) * self.budget.total_seconds()
        return self.stopped() or asyncio.get_running_loop().time() >= self.deadline - rest

    def note(self, stub: Stub, error: FeedsvcError) -> None:
        """Logs what is wrong with an article."""
        structlog.get_logger().warning(
            "article",
            source=self.source.slug,
            category=self.category.slug,
            url=stub.url,
            problem=str(error),
        )


@dataclass(slots=True)
class Visits:
    """What has been learned of the articles so far; `left` of those that were wanted wait for another poll.

    `pages` are those of new articles, by the place of the draft: what they teach together may change how each is read.
    `headlines` are those of known articles where the list has new addresses for all of its own. `listed` are the keys
    of all lines of the list.
    """

    drafts: list[plan.Draft] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    read: int = 0
    left: int = 0
    late: bool = False
    missed: list[tuple[int, Stub, FetchError]] = field(default_factory=list)
    stopped: bool = False
    pages: dict[int, tuple[Page, Stub]] = field(default_factory=dict)
    headlines: frozenset[str] = frozenset()
    listed: frozenset[str] | None = None

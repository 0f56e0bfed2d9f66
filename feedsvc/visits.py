"""The articles of one poll: fetched, read, measured, and what they turn out to be stored; one bad one spoils itself."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from feedsvc import plan
from feedsvc.errors import Conflict, ExtractError, FeedsvcError, FetchError, Refused
from feedsvc.extract.continuation import MOST_PAGES, joined_article
from feedsvc.extract.identity import canonical_key, folded, weak_keys
from feedsvc.fetch import Fetcher
from feedsvc.learning import Lessons, headlines
from feedsvc.likeness import alike, rewritten
from feedsvc.mirror import Copying
from feedsvc.model import (
    NO_VALIDATORS,
    Category,
    Item,
    Known,
    Listing,
    Measure,
    NotModified,
    Page,
    PollResult,
    Seen,
    Source,
    Stub,
)
from feedsvc.progress import Progress
from feedsvc.store import Store

Clock = Callable[[], datetime]

MEASURED_MEDIA = 10
MEASURE_LASTS = timedelta(days=7)
COPYING = 0.7
"""The share of the time of a poll after which no more pictures are copied, so that articles do not wait for them."""
GONE = frozenset({404, 410})
MOST_WITNESSES = 3
"""Articles asked in one poll for no other reason than that another is gone."""
OTHER_ADDRESSES = 2
"""Addresses beside its own at which an article is looked for before it is gone."""
ATTEMPTS = 3
RECENT = timedelta(hours=1)
"""How far back the moments of other updates are looked at, so that no two items share one."""
LONGEST_KEPT = 1024 * 1024
"""Bytes of a page that is kept until all articles of a poll were read; longer ones are read once."""


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
    lessons: Lessons = field(default_factory=Lessons)
    stopped: Callable[[], bool] = lambda: False
    copying: Copying | None = None

    async def recall(self) -> None:
        """Takes up what the source has taught so far, once."""
        if self.lessons.started is None:
            stored = await asyncio.to_thread(self.store.profile, self.source.slug)
            self.lessons.recall(stored, self.clock())

    async def known(self, keys: Iterable[Iterable[str]]) -> dict[str, Known]:
        """What the store remembers under any of these keys."""
        wanted = {key for group in keys for key in group}
        return await asyncio.to_thread(self.store.known, self.source.slug, wanted) if wanted else {}

    def late(self, share: float = 1) -> bool:
        """Whether a share of the time of this poll is over, or it was told to stop."""
        rest = (1 - share) * self.budget.total_seconds()
        return self.stopped() or asyncio.get_running_loop().time() >= self.deadline - rest


@dataclass(slots=True)
class Visits:
    """What has been learned of the articles so far; `left` of those that were wanted wait for another poll.

    `pages` are those of new articles, by the place of the draft: what they teach together may change how each is read.
    `headlines` are those of known articles where the list has new addresses for all of its own.
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


class Visitor:
    """Reads the articles that a listing is worth a visit for."""

    def __init__(self, errand: Errand) -> None:
        self.errand = errand

    async def visit(self, stubs: Sequence[Stub], pages: int, familiar: Sequence[Item] = ()) -> Visits:
        """Reads the articles that plan.choose wants, and known ones that are due for another look.

        `familiar` are known articles that a list may show at new addresses.
        """
        await self.errand.recall()
        visits = Visits(headlines=headlines(familiar))
        await self._visit_all(stubs, pages, visits)
        await self._learn(visits)
        if self.errand.copying is not None and not visits.stopped:
            here = (self.errand.source.slug, self.errand.category.slug)
            await self.errand.copying.catch_up(*here, partial(self.errand.late, COPYING))
        return visits

    async def _visit_all(self, stubs: Sequence[Stub], pages: int, visits: Visits) -> None:
        known = await self.errand.known(stub.keys for stub in stubs)
        choice = plan.choose(stubs, known, self.errand.category.slug, pages)
        visits.seen, visits.left = list(choice.seen), len(choice.visit) + choice.waiting
        for done, (position, stub) in enumerate(choice.visit, 1):
            visits.late = self.errand.late()
            if visits.stopped or visits.late:
                return
            await self._visit_one(position, stub, visits)
            visits.left -= 1
            self.errand.progress("articles", done, len(choice.visit))
        if not visits.left:
            await _Looks(self, visits).look(plan.listed_again(stubs, known, self.errand.clock()))

    async def _visit_one(self, position: int, stub: Stub, visits: Visits) -> None:
        try:
            page = await self.errand.fetcher.get(stub.url)
            if isinstance(page, NotModified):
                return
            item = await self._article(page, stub)
            whole = await self._whole(item, stub)
        except ExtractError as error:
            self.note(stub, error)
            self.shorten(position, stub, visits)
        except FetchError as error:
            self.note(stub, error)
            self._miss(position, stub, error, visits)
        else:
            if len(page.body) <= LONGEST_KEPT and not item.continues:
                visits.pages[len(visits.drafts)] = (page, stub)
            visits.drafts.append(await self._draft(page, whole, stub, position))
            visits.read += 1

    async def _learn(self, visits: Visits) -> None:
        """Learns what the articles have in common; new ones that show it are read once more, without it."""
        known = await self.errand.known(draft.item.keys for draft in visits.drafts)
        for place in self.errand.lessons.learn(visits.drafts, known):
            if place in visits.pages and not self.errand.late():
                page, stub = visits.pages[place]
                with contextlib.suppress(ExtractError):  # then it stays as it was read first
                    item = await self._article(page, stub)
                    visits.drafts[place] = await self._draft(page, item, stub, visits.drafts[place].position)
        visits.pages.clear()

    async def _article(self, page: Page, stub: Stub) -> Item:
        """The item of an article's page.

        Raises ExtractError also where the answer came from the home page or the list: so portals answer for what is
        gone.
        """
        answered = canonical_key(page.final_url)
        elsewhere = "/" not in answered or answered == canonical_key(self.errand.category.url)
        if elsewhere and answered != canonical_key(stub.url):
            raise ExtractError(f"{stub.url} leads to {page.final_url}: the article is gone, or moved without notice")
        return await self.errand.reading.article(page, stub, self.errand.lessons.applied(self.errand.source))

    async def _whole(self, item: Item, stub: Stub, *, again: bool = False) -> Item:
        """The article joined with its further pages, as far as they can be had; a later look brings the rest.

        That one (`again`) gets all of them or raises FetchError or ExtractError: less of an article is no correction.
        """
        others: list[Item] = []
        urls = list(item.continues)  # grows: a pager may name its next pages only (1 2 ... 9)
        for url in urls:
            if len(others) + 1 == MOST_PAGES:
                break
            try:
                page = await self.errand.fetcher.get(url)
                if isinstance(page, NotModified):
                    break
                others.append(await self._article(page, replace(stub, url=url, summary="")))
            except (FetchError, ExtractError) as error:
                if again:
                    raise
                self.note(replace(stub, url=url), error)
                break
            urls += [one for one in others[-1].continues if one not in {stub.url, item.url, *urls}]
        return joined_article(item, others)

    async def _draft(self, page: Page, item: Item, stub: Stub, position: int, *, again: bool = False) -> plan.Draft:
        keyed = replace(item, keys=tuple(dict.fromkeys((*stub.keys, *item.keys))))
        measured = await self._measure(keyed)
        return plan.Draft(item=measured, position=position, validators=page.validators, asked=stub.keys, again=again)

    async def reread(self, found: Known, page: Page, stub: Stub, position: int) -> plan.Draft:
        """A known article as its page has it now. Raises FetchError or ExtractError unless all of it can be read."""
        item = await self._article(page, stub)
        if rewritten(found.item, item):
            item = await self._article(page, replace(stub, title=""))
        item = await self._whole(item, stub, again=True)
        return await self._draft(page, item, stub, position, again=True)

    def note(self, stub: Stub, error: FeedsvcError) -> None:
        """Logs what is wrong with an article."""
        structlog.get_logger().warning(
            "article",
            source=self.errand.source.slug,
            category=self.errand.category.slug,
            url=stub.url,
            problem=str(error),
        )

    def shorten(self, position: int, stub: Stub, visits: Visits) -> None:
        """The listing's own words make a short item of an article that cannot be read.

        Not where they are those of a known article: it has moved, and its new address does not answer yet.
        """
        if folded(stub.title) in visits.headlines:
            return
        item = plan.short_item(stub, self.errand.source.slug, self.errand.source.language, self.errand.clock())
        if item:
            words = weak_keys(stub.title, stub.published, stub.summary, self.errand.source.timezone)
            keyed = replace(item, keys=tuple(dict.fromkeys((*item.keys, *words))))
            visits.drafts.append(plan.Draft(item=keyed, position=position, asked=stub.keys))

    def _miss(self, position: int, stub: Stub, error: FetchError, visits: Visits) -> None:
        """A portal that answers no more is left in peace: the rest waits for the next poll."""
        if isinstance(error, Refused) and error.status in GONE:
            self.shorten(position, stub, visits)
            return
        visits.missed.append((position, stub, error))
        visits.stopped = error.retry_after is not None or len(visits.missed) > visits.read + 1

    async def _measure(self, item: Item) -> Item:
        """The item with true types and lengths of its media, asked once and remembered."""
        urls = [medium.url for medium in item.media if medium.player != medium.url][:MEASURED_MEDIA]
        pictures = {medium.url for medium in item.media if medium.kind == "image"}
        since = self.errand.clock() - MEASURE_LASTS
        measures = await asyncio.to_thread(self.errand.store.measures, urls, after=since) if urls else {}
        asked: dict[str, Measure] = {}
        for url in urls:
            if url not in measures and not self.errand.late():
                try:
                    page = item.url if url in pictures else ""
                    asked[url] = await self.errand.fetcher.measure(url, page=page)
                except FetchError as error:
                    structlog.get_logger().warning("media", source=self.errand.source.slug, url=url, problem=str(error))
        if asked:
            await asyncio.to_thread(self.errand.store.save_measures, asked, self.errand.clock())
        told = {**measures, **asked}
        measured = replace(item, media=plan.measured(item.media, told))
        if self.errand.copying is not None:
            await self.errand.copying.copy(measured, told, partial(self.errand.late, COPYING))
        return measured


class _Looks:
    """Looks at known articles again, and tells those that are gone from those of a site that is not well."""

    def __init__(self, visitor: Visitor, visits: Visits) -> None:
        self.visitor, self.visits, self.errand = visitor, visits, visitor.errand
        self.there: list[Item] = []
        self.gone: dict[str, Known] = {}
        self.asked: set[str] = set()
        self.witnesses = 0

    async def look(self, listed: Sequence[tuple[Known, Stub]]) -> None:
        """Looks at known articles whose time has come, and at those of `listed`: missing, and listed all the same.

        Whether one is gone is decided when all were looked at: the others tell whether the site is well.
        """
        name = (self.errand.source.slug, self.errand.category.slug)
        due = await asyncio.to_thread(self.errand.store.looks, *name, due=self.errand.clock(), limit=plan.LOOKS)
        wanted = {found.item.id: (found, found.item.url) for found in due}
        wanted |= {found.item.id: (found, stub.url) for found, stub in listed[: plan.LOOKS]}
        for found, url in wanted.values():
            if self.errand.late():
                break
            await self._look_at(found, url)
        left = deque(self.gone.values())
        while left:
            found, known = left.popleft(), set(self.gone)
            self._note_gone(found, well=await self._is_well_beside(found))
            left.extend(self.gone[one] for one in self.gone if one not in known)

    async def _look_at(self, found: Known, url: str) -> None:
        """Plans the next look whatever comes of this one: else one that never succeeds would hold up the others."""
        self.asked.add(found.item.id)
        self.visits.seen.append(plan.look_later(found, self.errand.category, self.errand.clock()))
        strong = tuple(key for key in found.item.keys if not plan.is_weak(key))
        if not strong:
            return
        stub = Stub(keys=strong[:1], url=url, title=found.item.title)
        page, at_home = await self._page(found, stub)
        try:
            if isinstance(page, NotModified):
                self.visits.seen.append(plan.look_unchanged(found, self.errand.category, self.errand.clock()))
            elif page is not None:
                draft = await self.visitor.reread(found, page, stub, len(self.visits.drafts))
                self.visits.drafts.append(draft)
                at_home = at_home and alike(found.item, draft.item)
            if page is not None and at_home:
                self.there.append(found.item)
        except (FetchError, ExtractError) as error:
            self.visitor.note(stub, error)

    async def _page(self, found: Known, stub: Stub) -> tuple[Page | NotModified | None, bool]:
        """The article's page, and whether it is where it ever was; None when it cannot be had.

        A portal that has given an article a new address may say at the old one that nothing is there: it is gone when
        each of its addresses says so.
        """
        for url in _addresses(found.item, stub):
            at_home = url == found.item.url
            try:
                validators = found.validators if at_home else NO_VALIDATORS
                return await self.errand.fetcher.get(url, validators=validators), at_home
            except FetchError as error:
                self.visitor.note(stub, error)
                if not isinstance(error, Refused) or error.status not in GONE:
                    return None, False
        self.gone[found.item.id] = found
        return None, False

    async def _is_well_beside(self, found: Known) -> bool:
        """Whether the site answers well for an article that it has had for as long; a few are asked for that alone.

        After a change of all addresses only articles that came since answer: they are no witnesses of older ones.
        """
        until = plan.known_with(found.item)
        if any(one.first_seen <= until for one in self.there):
            return True
        beside = await asyncio.to_thread(
            self.errand.store.neighbours,
            self.errand.category.slug,
            of=found.item,
            until=until,
            limit=plan.NEIGHBOURS,
        )
        for witness in plan.witnesses([one for one in beside if one.item.id not in self.asked]):
            if self.witnesses == MOST_WITNESSES or self.errand.late():
                break
            self.witnesses += 1
            await self._look_at(witness, witness.item.url)
            if witness.item in self.there:
                return True
        return False

    def _note_gone(self, found: Known, *, well: bool) -> None:
        """Notes a look at an article that is gone."""
        source, now = self.errand.source, self.errand.clock()
        seen = plan.look_gone(found, self.errand.category, now, well=well, on_removed=source.on_removed)
        self.visits.seen.append(seen)
        if seen.withdrawn != found.item.withdrawn:
            structlog.get_logger().info("withdrawn", source=source.slug, item=found.item.id, url=found.item.url)


def _addresses(item: Item, stub: Stub) -> list[str]:
    """Where an article may be: as the line or the item has it, and the last ones under which it was met since."""
    scheme = stub.url.partition("://")[0]
    met = [key.removeprefix("url:") for key in item.keys if key.startswith("url:")][:0:-1]
    others = {key: f"{scheme}://{key}" for key in met[:OTHER_ADDRESSES]}
    named = {canonical_key(url): url for url in (stub.url, item.url)}
    return list({**named, **{key: url for key, url in others.items() if key not in named}}.values())


async def settle_and_save(
    errand: Errand,
    drafts: Sequence[plan.Draft],
    make_id: Callable[[str, str, int], str],
    result_of: Callable[[plan.Settled], PollResult],
) -> PollResult:
    """Decides what the drafts are and stores the result; when another poll stored one of them first, decides anew.

    Raises StoreError (LeaseLost, Conflict among them) when nothing could be stored.
    """
    source = errand.source
    for attempt in range(ATTEMPTS):
        known = await errand.known(draft.item.keys for draft in drafts)
        now = errand.clock()
        taken = await asyncio.to_thread(errand.store.updates, source.slug, since=now - RECENT)
        settled = plan.settle(
            drafts,
            known,
            category=errand.category,
            timezone=source.timezone,
            make_id=lambda key, generation: make_id(source.slug, key, generation),
            now=now,
            taken=taken,
            is_no_edit=errand.lessons.is_no_edit,
        )
        result = result_of(settled)
        if result.profile is None:
            result = replace(result, profile=errand.lessons.written())
        try:
            await asyncio.to_thread(errand.store.save, result)
        except Conflict:
            if attempt + 1 == ATTEMPTS:
                raise
        else:
            _tell_doubts(source, settled.doubted)
            return result
    raise AssertionError("unreachable")


def _tell_doubts(source: Source, doubted: Iterable[str]) -> None:
    for name in doubted:
        structlog.get_logger().warning(
            "article", source=source.slug, item=name, problem="its address shows another page now; it is kept"
        )

"""The articles of one poll: fetched, read, measured, and what they turn out to be stored; one bad one spoils itself."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from feedsvc import plan
from feedsvc.errand import Errand, Visits, is_gone
from feedsvc.errors import Conflict, ExtractError, FetchError
from feedsvc.extract.continuation import MOST_PAGES, joined_article
from feedsvc.extract.identity import canonical_key, folded, weak_keys
from feedsvc.extract.moved import hosts_of, is_only_moved, twin_keys
from feedsvc.fetch import fetch_page
from feedsvc.learning import headlines
from feedsvc.likeness import rewritten
from feedsvc.looks import Looks
from feedsvc.model import Item, Known, Measure, Page, PollResult, Source, Stub

MEASURED_MEDIA = 10
MEASURE_LASTS = timedelta(days=7)
COPYING = 0.7
"""The share of the time of a poll after which no more pictures are copied, so that articles do not wait for them."""
ATTEMPTS = 3
RECENT = timedelta(hours=1)
"""How far back the moments of other updates are looked at, so that no two items share one."""
LONGEST_KEPT = 1024 * 1024
"""Bytes of a page that is kept until all articles of a poll were read; longer ones are read once."""


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
        visits.listed = frozenset(key for stub in stubs for key in stub.keys)
        for done, (position, stub) in enumerate(choice.visit, 1):
            visits.late = self.errand.late()
            if visits.stopped or visits.late:
                return
            await self._visit_one(position, stub, visits)
            visits.left -= 1
            self.errand.progress("articles", done, len(choice.visit))
        if not visits.left:
            titles = {key: stub.title for stub in stubs for key in stub.keys if stub.title and not plan.is_weak(key)}
            listed = plan.listed_again(stubs, known, self.errand.clock())
            await Looks(self.errand, visits, self.reread, titles).look(listed)

    async def _visit_one(self, position: int, stub: Stub, visits: Visits) -> None:
        try:
            page = await fetch_page(self.errand.fetcher, stub.url)
            item = await self._article(page, stub)
            whole = await self._whole(item, stub)
        except ExtractError as error:
            self.errand.note(stub, error)
            self.shorten(position, stub, visits)
        except FetchError as error:
            self.errand.note(stub, error)
            self._miss(position, stub, error, visits)
        else:
            if len(page.body) <= LONGEST_KEPT and not item.continues:
                visits.pages[len(visits.drafts)] = (page, stub)
            visits.drafts.append(await self._draft(page, whole, stub, position))
            visits.read += 1

    async def _learn(self, visits: Visits) -> None:
        """Learns what the articles have in common; new ones that show it are read once more, without it."""
        known = await self.errand.known(draft.keys for draft in visits.drafts)
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
                page = await fetch_page(self.errand.fetcher, url)
                others.append(await self._article(page, replace(stub, url=url, summary="")))
            except (FetchError, ExtractError) as error:
                if again:
                    raise
                self.errand.note(replace(stub, url=url), error)
                break
            urls += [one for one in others[-1].continues if one not in {stub.url, item.url, *urls}]
        return joined_article(item, others)

    async def _draft(self, page: Page, item: Item, stub: Stub, position: int, *, again: bool = False) -> plan.Draft:
        keyed = replace(item, keys=tuple(dict.fromkeys((*stub.keys, *item.keys))))
        measured = await self._measure(keyed)
        return plan.Draft(
            item=measured,
            position=position,
            validators=page.validators,
            asked=stub.keys,
            again=again,
            twins=twin_keys(stub.url, hosts_of(self.errand.source)),
        )

    async def reread(self, found: Known, page: Page, stub: Stub, position: int) -> plan.Draft:
        """A known article as its page has it now. Raises FetchError or ExtractError unless all of it can be read.

        `stub` has the headline of the list. Where it is not the one that is known, the page must say so too: lists have
        short forms of headlines, each its own.
        """
        item = await self._article(page, replace(stub, title=found.item.title))
        edited = folded(stub.title) != folded(item.title)
        if edited or rewritten(found.item, item):
            own = await self._article(page, replace(stub, title=""))
            item = own if folded(own.title) == folded(stub.title) or rewritten(found.item, item) else item
        item = await self._whole(item, stub, again=True)
        return await self._draft(page, item, stub, position, again=True)

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
            also = twin_keys(stub.url, hosts_of(self.errand.source))
            visits.drafts.append(plan.Draft(item=keyed, position=position, asked=stub.keys, twins=also))

    def _miss(self, position: int, stub: Stub, error: FetchError, visits: Visits) -> None:
        """A portal that answers no more is left in peace: the rest waits for the next poll."""
        if is_gone(error):
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


async def settle_and_save(
    errand: Errand,
    drafts: Sequence[plan.Draft],
    make_id: Callable[[str, str, int], str],
    result_of: Callable[[plan.Settled], PollResult],
    listed: Collection[str] | None = None,
) -> PollResult:
    """Decides what the drafts are and stores the result; when another poll stored one of them first, decides anew.

    `listed` are the keys of all lines of the list, None where it need not be told where known articles are now. Raises
    StoreError (LeaseLost, Conflict among them) when nothing could be stored.
    """
    source, hosts = errand.source, hosts_of(errand.source)
    for attempt in range(ATTEMPTS):
        known = await errand.known(draft.keys for draft in drafts)
        now = errand.clock()
        taken = await asyncio.to_thread(errand.store.updates, source.slug, since=now - RECENT) if drafts else set()
        settled = plan.settle(
            drafts,
            known,
            category=errand.category,
            timezone=source.timezone,
            make_id=lambda key, generation: make_id(source.slug, key, generation),
            now=now,
            taken=taken,
            is_no_edit=lambda found, item: (
                is_only_moved(found.item, item, hosts) or errand.lessons.is_no_edit(found, item)
            ),
            listed=listed,
        )
        result = result_of(settled)
        if result.profile is None:
            result = replace(result, profile=errand.lessons.written())
        try:
            await errand.save(result)
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

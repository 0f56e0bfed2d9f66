"""Known articles looked at again: those that were corrected, those that are gone, and those that are back."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

import structlog

from feedsvc import plan
from feedsvc.errand import Errand, Visits, is_gone
from feedsvc.errors import ExtractError, FetchError
from feedsvc.extract.identity import canonical_key, stub_keys
from feedsvc.likeness import alike
from feedsvc.model import NO_VALIDATORS, Item, Known, NotModified, Page, Stub

MOST_WITNESSES = 3
"""Articles asked in one poll for no other reason than that another is gone."""
OTHER_ADDRESSES = 2
"""Addresses beside its own at which an article is looked for before it is gone."""

Rereads = Callable[[Known, Page, Stub, int], Awaitable[plan.Draft]]
"""Reads a known article from its page, as the draft of this place."""


class Looks:
    """Looks at known articles again, and tells those that are gone from those of a site that is not well.

    `titles` are the headlines that the list has just now, by the strong keys of its lines.
    """

    def __init__(self, errand: Errand, visits: Visits, rereads: Rereads, titles: Mapping[str, str]) -> None:
        self.errand, self.visits, self.rereads, self.titles = errand, visits, rereads, titles
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
        of_address = tuple(key for key in strong if key in stub_keys(url))
        title = next((self.titles[key] for key in strong if key in self.titles), found.item.title)
        stub = Stub(keys=of_address or strong[:1], url=url, title=title)
        page, at_home, moved = await self._page(found, stub)
        try:
            if isinstance(page, NotModified):
                self.visits.seen.append(plan.look_unchanged(found, self.errand.category, self.errand.clock()))
            elif page is not None:
                draft = await self.rereads(found, page, stub, len(self.visits.drafts))
                same = alike(found.item, draft.item)
                self.visits.drafts.append(replace(draft, moved=moved and same))
                at_home = at_home and same
            if page is not None and at_home:
                self.there.append(found.item)
        except (FetchError, ExtractError) as error:
            self.errand.note(stub, error)

    async def _page(self, found: Known, stub: Stub) -> tuple[Page | NotModified | None, bool, bool]:
        """The article's page, None where it cannot be had; whether it is at its own address, or is there no more.

        A portal that has given an article a new address may say at the old one that nothing is there: it is gone when
        each of its addresses says so.
        """
        moved = False
        for url in _addresses(found.item, stub):
            at_home = url == found.item.url
            try:
                validators = found.validators if at_home else NO_VALIDATORS
                return await self.errand.fetcher.get(url, validators=validators), at_home, moved
            except FetchError as error:
                self.errand.note(stub, error)
                if not is_gone(error):
                    return None, False, False
                moved = moved or at_home
        self.gone[found.item.id] = found
        return None, False, False

    async def _is_well_beside(self, found: Known) -> bool:
        """Whether the site answers well for an article that it has had for as long; a few are asked for that alone.

        After a change of all addresses only articles that came since answer: they are no witnesses of older ones.
        """
        until = plan.known_with(found.item)
        if any(plan.there_since(one) <= until for one in self.there):
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

"""The list of a category: its first page, and the next ones while plan.follow wants them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC

import structlog

from feedsvc import plan
from feedsvc.errand import Errand, is_gone
from feedsvc.errors import Blocked, ExtractError, FetchError, LayoutChanged
from feedsvc.extract.known_list import same_bytes
from feedsvc.learning import REMEMBERED, by_title, familiar_keys
from feedsvc.likeness import foreign
from feedsvc.model import CategoryState, Item, Known, Listing, NotModified, Page, Query, Stub, Validators

WALKING = 0.5
"""The share of the budget after which the walk through listing pages leaves the rest to the articles."""


@dataclass(slots=True)
class Walk:
    """What has been learned of the listing so far."""

    stubs: list[Stub] = field(default_factory=list)
    first: Listing | None = None
    last: Listing | None = None
    known: dict[str, Known] = field(default_factory=dict)
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

    @property
    def ended(self) -> bool:
        """Whether the walk came to the end that it was looking for, or that of the list."""
        return not (self.cut or self.late or self.broken)


class Walker:
    """Reads one list, from the state in which the last poll left it."""

    def __init__(self, errand: Errand, state: CategoryState) -> None:
        self.errand, self.state = errand, state
        self.source, self.category = errand.source, errand.category
        self.started = errand.clock()

    async def ask(self, walk: Walk) -> Page | None:
        """The listing's page; None where it has the list of the last good answer, so that it need not be read."""
        await self.errand.recall()
        answer = await self.errand.fetcher.get(self.category.url, validators=self.conditions())
        if isinstance(answer, NotModified) or await self.is_the_same(answer):
            walk.unchanged = True
            return None
        return answer

    async def is_the_same(self, page: Page) -> bool:
        """Whether the list of the page is that of the last good answer, so that it need not be read."""
        state = self.state
        if state.depth or state.outcome not in {"ok", "unchanged"} or not state.bytes_digest:
            return False
        if same_bytes(page.body, state.bytes_digest):
            return True
        return await self.errand.reading.is_same_list(page, state.shape, state.bytes_digest)

    async def follow(self, listing: Listing, walk: Walk) -> None:
        """Goes on from the first page of the list while plan.follow wants it."""
        while not walk.unchanged:
            walk.last, known = listing, await self.known(listing, walk)
            walk.known |= known
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

    async def known(self, listing: Listing, walk: Walk) -> dict[str, Known]:
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

    def note_shift(self, listing: Listing, known: Mapping[str, Known], walk: Walk) -> None:
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

    async def newest(self) -> list[Item]:
        """The articles by which the list of the category is known."""
        query = Query(categories=((self.source.slug, self.category.slug),))
        return await asyncio.to_thread(self.errand.store.items, query, REMEMBERED)

    async def first(self, page: Page, walk: Walk) -> Listing:
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

    def begin(self, listing: Listing, page: Page, walk: Walk) -> None:
        """Starts the walk at the first page of a list."""
        walk.stubs, walk.first, walk.pages = list(listing.stubs), listing, 1
        walk.validators, walk.digest, walk.usual = page.validators, listing.digest, len(listing.stubs)
        walk.shape, walk.imprint = listing.shape, listing.imprint

    async def next_page(self, listing: Listing, walk: Walk) -> Listing | None:
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


def _anything_new(listing: Listing, walk: Walk) -> bool:
    """A pager that shows the same page again has ended."""
    met = {key for stub in walk.stubs for key in stub.keys}
    return any(not met & set(stub.keys) for stub in listing.stubs)


def _for_good(error: FetchError) -> bool:
    """Whether asking again would bring the same: the page is not there, or may not be asked for."""
    return isinstance(error, Blocked) or is_gone(error)

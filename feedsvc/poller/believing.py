"""Whether what stands at a listing's address is its list; where it is not, the list is looked for by its articles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import structlog

from feedsvc import plan
from feedsvc.errand import Errand
from feedsvc.errors import ExtractError, LayoutChanged, Moved
from feedsvc.extract.moved import hosts_of, how_to_confirm, move_of, new_home
from feedsvc.extract.suspicion import GARBLED, is_garbled
from feedsvc.fetch.guard import may_be_proposed
from feedsvc.learning import by_title, familiar_keys
from feedsvc.likeness import foreign
from feedsvc.model import CategoryState, Item, Listing, Page, Stub
from feedsvc.poller.walking import Walk, Walker

KEPT = "the items known so far are kept"


class Believer:
    """Lets a list be walked, and says whether to believe it."""

    def __init__(self, errand: Errand, state: CategoryState) -> None:
        self.errand, self.state, self.walker = errand, state, Walker(errand, state)
        self.source, self.category, self.started = errand.source, errand.category, self.walker.started
        self.farther = 0
        self.page: Page | None = None

    async def walk(self) -> Walk:
        """The list as far as it was walked.

        Raises FetchError where it cannot be had, ExtractError where it cannot be read, LayoutChanged among them where
        it is not believed.
        """
        walk = Walk()
        self.page = answer = await self.walker.ask(walk)
        if answer is None:
            return walk
        try:
            first = await self.walker.first(answer, walk)
        except LayoutChanged as error:
            return await self.found_again(answer, error)
        if walk.unchanged:
            return walk
        await self.doubt_words(first)
        try:
            await self.walker.follow(first, walk)
            await self.doubt(walk, first)
        except Moved:
            raise
        except LayoutChanged as error:
            # News of a long silence at addresses of another kind: what is known may stand behind the last page walked.
            self.farther = walk.pages + 1 if walk.cut else 0
            walk = await self.found_again(answer, error)
        return walk

    async def doubt_words(self, first: Listing) -> None:
        """Words that could not be decoded are told to nobody, unless the portal has never had others."""
        if first.sign != GARBLED or self.state.succeeded is None:
            return
        items = await self.walker.newest()
        if not is_garbled(text for item in items for text in (item.title, item.summary, item.text)):
            raise LayoutChanged(f"{self.category.url} cannot be read: {first.sign}; {KEPT}")

    async def doubt(self, walk: Walk, first: Listing) -> None:
        """What is read on a category with history may be another list, or none. Raises LayoutChanged where it seems so.

        One with the known headlines is the list at new addresses: detection and memory agree on it.
        """
        if walk.moved and not walk.met_known:
            self.refuse_another_host(walk.stubs, walk.familiar)
            self.errand.lessons.accept(self.category, walk.moved, self.started)
            self.tell_redesign(walk.moved)
            return
        doubt = "" if walk.met_known else self.strangers(walk, first)
        doubt = doubt or await self.abroad(first) or await self.out_of_line(walk, first)
        if doubt:
            raise LayoutChanged(f"{self.category.url} {doubt}; {KEPT}")

    def strangers(self, walk: Walk, first: Listing) -> str:
        """What speaks against a list of which nothing is known, beside the number of its lines."""
        if first.sign and self.state.succeeded is not None:
            return f"lists {len(first.stubs)} items, none of them known, and {first.sign}"
        if foreign(walk.stubs, walk.familiar[: plan.BATCH], hosts_of(self.source)):
            told = "at addresses of another kind: the list may be gone or the portal redesigned"
            return f"lists {len(walk.stubs)} items, none of them known, {told}"
        return ""

    async def abroad(self, first: Listing) -> str:
        """That most lines lead to a host of somebody else, where those known so far do not."""
        urls = [stub.url for stub in first.stubs]
        away = plan.elsewhere(urls, self.own_hosts())
        if not away or self.state.succeeded is None:
            return ""
        known = [item.url for item in await self.walker.newest()]
        if not known or plan.elsewhere(known, self.own_hosts()):
            return ""
        return f"leads to {away} with most of its {len(urls)} items, which is no host of the portal's"

    def own_hosts(self) -> set[str]:
        """The hosts that the configuration names for the portal, and that of the page."""
        page = self.page.final_url if self.page else self.category.url
        given = (self.category.url, page, self.source.home)
        return {plan.host_of(url) for url in given} | {host.lower() for host in self.source.formerly}

    async def out_of_line(self, walk: Walk, first: Listing) -> str:
        """What the numbers of known and unknown lines say against the list; a page more is read where that may tell."""
        if self.state.succeeded is None or walk.last is None or self.category.url.startswith("folder:"):
            return ""
        shown = plan.Shown(first=first.stubs, stubs=walk.stubs, known=walk.known, ended=walk.ended)
        habit, now = self.errand.lessons.habit(self.category), self.started
        reason = plan.suspicion(shown, self.state, habit, now)
        if reason and walk.pages == 1 and (walk.last.next_url or walk.last.next_form):
            behind = await self.walker.next_page(walk.last, walk)
            stubs = behind.stubs if behind else ()
            known = await self.errand.known(stub.keys for stub in stubs)
            shown = replace(shown, stubs=(*walk.stubs, *stubs), known={**known, **walk.known}, ended=walk.ended)
            reason = plan.suspicion(shown, self.state, habit, now)
        return reason

    async def found_again(self, page: Page, error: LayoutChanged) -> Walk:
        """The walk from the list found by its articles, where the page was redesigned; raises what is wrong until then.

        Raises LayoutChanged when no list of known articles is there, Redesigned when it is too early to believe it.
        """
        lessons, items = self.errand.lessons, await self.walker.newest()
        if not items or self.category.url.startswith("folder:"):
            raise error
        try:
            listing = await self.errand.reading.listing(page, self.source, "", familiar_keys(items))
        except ExtractError:
            listing = None
        if listing is not None:
            self.refuse_another_host(listing.stubs, items)
        if listing is not None and await self.abroad(listing):
            raise error
        in_place = listing is not None and bool(listing.shape) and listing.shape == self.state.shape
        if not lessons.look(self.category, listing, self.started, str(error) if in_place else "") or listing is None:
            raise error
        walk = Walk(familiar=items)
        self.walker.begin(listing, page, walk)
        await self.walker.follow(listing, walk)
        if not in_place:
            self.tell_redesign(listing.recognised)
        return walk

    def refuse_another_host(self, stubs: Sequence[Stub], items: Collection[Item]) -> None:
        """Raises Moved where the known articles are on another host now: whether that is the portal, a person says.

        Told, by `formerly`, each of them is known by its path; untold, those that words do not tell would come twice.
        """
        pairs = by_title(stubs, items)
        if move := move_of(pairs, self.source):
            raise Moved(
                f"{self.category.url} lists {len(pairs)} of the known articles of {move[0]} on {move[1]}: "
                f"{self.advice(move)}; nothing is stored until then"
            )

    def advice(self, move: tuple[str, str]) -> str:
        """What a person can do about a move. Nobody is told to configure what a page made up: an address inside."""
        there = new_home(move, self.source)
        if there != self.source.home and not may_be_proposed(there, self.errand.private):
            return "no portal can have moved there, as that is no public address; was the page tampered with?"
        return f"if the portal has moved, {how_to_confirm(move, self.source)}, and each keeps its id"

    def tell_redesign(self, known: int) -> None:
        """Logs that the list was found again by known articles."""
        structlog.get_logger().warning("redesign", source=self.source.slug, category=self.category.slug, known=known)

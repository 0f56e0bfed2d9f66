"""Whether what stands at a listing's address is its list; where it is not, the list is looked for by its articles."""

from __future__ import annotations

import structlog

from feedsvc import plan
from feedsvc.errand import Errand
from feedsvc.errors import ExtractError, LayoutChanged
from feedsvc.learning import familiar_keys
from feedsvc.likeness import foreign
from feedsvc.model import CategoryState, Page
from feedsvc.poller.walking import Walk, Walker


class Believer:
    """Lets a list be walked, and says whether to believe it."""

    def __init__(self, errand: Errand, state: CategoryState) -> None:
        self.errand, self.state, self.walker = errand, state, Walker(errand, state)
        self.source, self.category, self.started = errand.source, errand.category, self.walker.started
        self.farther = 0

    async def walk(self) -> Walk:
        """The list as far as it was walked.

        Raises FetchError where it cannot be had, ExtractError where it cannot be read, LayoutChanged among them where
        it is not believed.
        """
        walk = Walk()
        answer = await self.walker.ask(walk)
        if answer is None:
            return walk
        try:
            await self.walker.follow(await self.walker.first(answer, walk), walk)
            await self.doubt(walk)
        except LayoutChanged as error:
            # News of a long silence at addresses of another kind: what is known may stand behind the last page walked.
            self.farther = walk.pages + 1 if walk.cut else 0
            walk = await self.found_again(answer, error)
        return walk

    async def doubt(self, walk: Walk) -> None:
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
        if not lessons.look(self.category, listing, self.started) or listing is None:
            raise error
        walk = Walk(familiar=items)
        self.walker.begin(listing, page, walk)
        await self.walker.follow(listing, walk)
        self.tell_redesign(listing.recognised)
        return walk

    def tell_redesign(self, known: int) -> None:
        """Logs that the list was found again by known articles."""
        structlog.get_logger().warning("redesign", source=self.source.slug, category=self.category.slug, known=known)

"""The default portal family: detection, steered by the selectors of the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.extract.article import read_article
from feedsvc.extract.feed_list import feed_listing, is_feed
from feedsvc.extract.listing import read_listing

if TYPE_CHECKING:
    from collections.abc import Collection

    from feedsvc.model import Item, Listing, Page, Source, Stub


class GenericSite:
    """Reads any portal whose pages the detection, or the selectors given for it, understand."""

    def listing(
        self,
        page: Page,
        source: Source,
        shape: str = "",
        familiar: Collection[str] = frozenset(),
        usual: int = 0,
    ) -> Listing:
        """Find the news of a listing page, where `shape` says first, or those of a feed of the portal's own.

        Raises LayoutChanged when there are none.
        """
        if is_feed(page):
            return feed_listing(page, source)
        return read_listing(page, source, shape=shape, familiar=familiar, usual=usual)

    def article(self, page: Page, stub: Stub, source: Source) -> Item:
        """Read an article page; `stub` helps where the page is in doubt. Raises ExtractError."""
        return read_article(page, source, stub)

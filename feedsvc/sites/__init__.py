"""Portal families: the protocol, and the look-up by name through the entry point `feedsvc.sites`."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol, cast

from feedsvc.errors import ExtractError

if TYPE_CHECKING:
    from collections.abc import Collection

    from feedsvc.model import Item, Listing, Page, Source, Stub


class Site(Protocol):
    """Reads the pages of one portal family; pure, and therefore at home in a child process."""

    def listing(
        self,
        page: Page,
        source: Source,
        shape: str = "",
        familiar: Collection[str] = frozenset(),
        usual: int = 0,
    ) -> Listing:
        """What a listing page says; `shape` is that of the same list when it was read before (Listing.shape).

        `usual` is the number of lines that this page had then; 0 on further pages of a list. `familiar` holds identity
        keys of articles that the category has, after a redesign: the list is where they are.
        Raises LayoutChanged when it is no listing.
        """
        ...

    def article(self, page: Page, stub: Stub, source: Source) -> Item:
        """The item of an article page, with what `stub` said where the page says nothing. Raises ExtractError."""
        ...


def site(name: str) -> Site:
    """The site registered under `name`. Raises ExtractError naming those that there are."""
    found = {entry.name: entry for entry in entry_points(group="feedsvc.sites")}
    if name not in found:
        raise ExtractError(f'no site "{name}"; there are: {", ".join(sorted(found))}')
    return cast("Site", found[name].load()())

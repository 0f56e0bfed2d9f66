"""How far a list is walked, and which of its lines are worth a visit. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from feedsvc.model import Category, CategoryState, Known, Listing, Seen, Stub
from feedsvc.plan.matching import followed, match

BATCH = 20
"""Articles read in one poll: more wait for the next, which follows at once, so a long first walk is shown early."""
BATCH_OF_PAGE = 10
"""Articles read for each listing page walked, where that is more: pages walked again cost little beside them."""
CATCH_UP_PAGES = 20
"""Listing pages followed in one poll, beyond those that are walked anyway, while they are unknown (safety.md I6)."""
FARTHEST_PAGE = 200
"""Where catching up ends: a portal whose known items are all gone is not walked to its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of a listing is worth a visit, and which known items it lists."""

    visit: tuple[tuple[int, Stub], ...]
    waiting: int
    seen: tuple[Seen, ...]


def follow(
    listing: Listing,
    known: Mapping[str, Known],
    walked: int,
    category: Category,
    state: CategoryState,
    shift: int = 0,
) -> bool:
    """Whether the next listing page is wanted after `walked` of them.

    The first walk goes to `category.pages`, however many polls it takes. Later polls follow until a page ends in an
    item of the category: not until they meet one, as a pinned article stands on top of every page, and not one that
    only another category has brought. `shift`: by how many pages news have pushed down what was left over.
    """
    if not _goes_on(listing):
        return False
    if state.succeeded is None:
        return walked < max(state.depth, category.pages)
    due = _due(state, shift)
    return walked < due or (walked < due + CATCH_UP_PAGES and _behind(listing, known, walked, category))


def bounded(
    listing: Listing,
    known: Mapping[str, Known],
    walked: int,
    category: Category,
    state: CategoryState,
    shift: int = 0,
) -> bool:
    """Whether a walk that ends here was ended by the bound of one poll alone: the next goes on behind it."""
    far = walked >= _due(state, shift) + CATCH_UP_PAGES
    return state.succeeded is not None and far and _goes_on(listing) and _behind(listing, known, walked, category)


def _goes_on(listing: Listing) -> bool:
    return bool(listing.stubs and (listing.next_url or listing.next_form))


def _due(state: CategoryState, shift: int) -> int:
    """The number of pages that are walked whatever they hold."""
    return state.depth + shift if state.depth else 0


def _behind(listing: Listing, known: Mapping[str, Known], walked: int, category: Category) -> bool:
    return walked < FARTHEST_PAGE and not is_listed(listing.stubs[-1], known, category)


def is_listed(stub: Stub, known: Mapping[str, Known], category: Category) -> bool:
    """Whether a line is that of an item of the category."""
    found = match(stub.keys, known)
    return found is not None and category.slug in found.item.categories


def next_depth(state: CategoryState, category: Category, *, walked: int, cut: bool, left: bool, shift: int = 0) -> int:
    """How many listing pages the next poll walks whatever it meets: 0 when nothing of this one's walk is left over.

    `cut`: the walk ended before the last page wanted; `left`: articles wait to be visited.
    """
    if not cut and not left:
        return 0
    if state.succeeded is None:
        return max(state.depth, category.pages if cut else walked)
    return max(_due(state, shift), walked + 1 if cut else walked)


def choose(stubs: Sequence[Stub], known: Mapping[str, Known], category: str, pages: int = 1) -> Choice:
    """Which stubs of `pages` listing pages to visit, newest first, a batch at most; and what is known, met again."""
    batch = max(BATCH, BATCH_OF_PAGE * pages)
    wanted: list[tuple[int, Stub]] = []
    seen: list[Seen] = []
    met: set[str] = set()
    listed = {key for stub in stubs for key in stub.keys}
    for position, stub in enumerate(stubs):
        if met & set(stub.keys):
            continue
        met |= set(stub.keys)
        found = match(stub.keys, known)
        if found is None or _edited(stub, known):
            wanted.append((position, stub))
        elif again := _met(found, stub, listed, category):
            seen.append(again)
    return Choice(visit=tuple(wanted[:batch]), waiting=max(0, len(wanted) - batch), seen=tuple(seen))


def _edited(stub: Stub, known: Mapping[str, Known]) -> bool:
    """A dropped document whose name is known and whose content is not."""
    return any(key.startswith("sha:") and key not in known for key in stub.keys)


def _met(found: Known, stub: Stub, listed: Collection[str], category: str) -> Seen | None:
    added = tuple(key for key in stub.keys if key not in found.item.keys)
    categories = () if category in found.item.categories else (category,)
    url = followed(found.item, stub.url, stub.keys, listed, category)
    return Seen(id=found.item.id, keys=added, categories=categories, url=url) if added or categories or url else None

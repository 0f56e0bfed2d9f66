"""Dates around an article that are those of something else: another story, an event, the portal itself."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.date_labels import IMPRINT, PUBLISHED, UPDATED, is_other
from feedsvc.extract.places import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feedsvc.extract.date_spots import Spot, Surroundings
    from feedsvc.extract.dates import When
    from feedsvc.extract.flow import Block

_TITLE_WORDS: Final = 4
_HEADLINE_WORDS: Final = 6
_MOST_LINKS: Final = 5
_LINKED: Final = 0.5
_SOME_LINKS: Final = 0.3
_BOX_DEPTH: Final = 3
_A_LIST: Final = 2
_FOOT_DEPTH: Final = 6
_PAGE_FOOT: Final = re.compile(r"(?:^|\s)(?:site-?|page-?|main-?)?footer(?:$|\s)")
_OWN_FOOT: Final = re.compile(r"entry|post|article|news|content")


def is_of_another(spot: Spot, place: Surroundings) -> bool:
    """Tell whether a date is that of something else: a quoted post, an event, the portal's licence, another article."""
    if spot.block.kind == "quote" or is_other(spot.line) or IMPRINT.search(spot.line):
        return True
    if PUBLISHED.search(spot.line):
        return False
    if spot.is_above:  # a breadcrumb may stand beside the date there, a headline may not
        is_entry = spot.block.kind == "item" and spot.block.link_share > _SOME_LINKS
        return is_entry or _is_teaser(spot.block, place.top, place, _HEADLINE_WORDS)
    if not spot.is_behind:
        return False
    if UPDATED.search(spot.line):
        return _is_in_page_foot(spot.block, place)  # when the portal changed, not the article
    return (
        bool(_PAGE_FOOT.search(spot.words))
        or _follows_title(spot.block, place)
        or _is_teaser(spot.block, place.last, place, _TITLE_WORDS)
    )


def _is_in_page_foot(block: Block, place: Surroundings) -> bool:
    """Tell whether `block` stands in a footer that is not the article's own."""
    above = set(place.blocks[place.last].owner.iterancestors())
    holders = [one for one in islice(block.owner.iterancestors(), _FOOT_DEPTH) if one not in above]
    return any(
        (one.tag == "footer" or "footer" in words_of(one)) and not _OWN_FOOT.search(words_of(one)) for one in holders
    )


def _follows_title(block: Block, place: Surroundings) -> bool:
    """Tell whether a line right above a date is the linked title of another story."""
    before = place.blocks[block.place - 1]
    return before.link_share > _LINKED and before.words >= _TITLE_WORDS


def _is_teaser(block: Block, own: int, place: Surroundings, words: int) -> bool:
    """Tell whether the box of a date holds a link with a title of so many words, that of another article.

    `own` is the place of a block of this article, which such a box does not hold.
    """
    owner = place.blocks[own].owner
    above = {owner, *owner.iterancestors()}
    for box in islice((block.owner, *block.owner.iterancestors()), _BOX_DEPTH):
        if box in above:
            return False
        if any(len(" ".join(link.itertext()).split()) >= words for link in islice(box.iter("a"), _MOST_LINKS)):
            return True
    return False


def _ancestors(place: Surroundings, end: int) -> Iterator[Any]:
    """Give what holds a block; nothing where the page ends before it."""
    return place.blocks[end].owner.iterancestors() if end < len(place.blocks) else iter(())


def lists_of_others(dated: Sequence[tuple[Spot, When]], place: Surroundings) -> set[int]:
    """Give the places of dates that repeat in one kind of element, each with its own day, away from the text.

    Such a list stands in one box that holds nothing of the article, or its lines stand in a row.
    """
    if len(dated) < _A_LIST:
        return set()
    kinds: dict[tuple[Any, ...], list[tuple[Spot, When]]] = defaultdict(list)
    own = {one for end in (place.top, place.first) for one in _ancestors(place, end)}
    for spot, when in dated:
        owner = spot.block.owner
        if (spot.is_far or spot.is_above) and not spot.block.cell and owner.tag not in {"dd", "dt"}:
            for holder in _holders(owner, own):
                kinds[owner.tag, words_of(owner), holder].append((spot, when))
    repeated = (alike for alike in kinds.values() if len({when.moment.date() for _, when in alike}) >= _A_LIST)
    return {spot.block.place for alike in repeated for spot, _ in alike}


def _holders(owner: Any, own: set[Any]) -> Iterator[Any]:
    """Give what may hold a whole list around one of its dates: its row, that of its box, a box of others."""
    parent = owner.getparent()
    yield parent
    if parent is None or parent in own:
        return
    yield parent.getparent(), parent.tag, words_of(parent)
    yield [one for one in (owner, *owner.iterancestors()) if one not in own][-1]

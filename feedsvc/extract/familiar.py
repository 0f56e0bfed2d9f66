"""Blocks judged by what is known already: a list of articles that a category has is its list (reading.md 3.6 and 7).

After a redesign no class and no place is as it was, but the articles are: that is what a new layout cannot hide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log2
from typing import TYPE_CHECKING

from feedsvc.extract.emptiness import has_side_caption
from feedsvc.extract.identity import TITLE_WORDS, folded, stub_keys
from feedsvc.extract.wording import CUT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from feedsvc.extract.blocks import Block
    from feedsvc.model import Stub

_FEWEST = 3  # known items that make a list the one that was known (reading.md 7)
_SHARE = 0.3  # of its items
_WEIGHT = 2.0  # of a block whose every item is familiar, where they are too few to decide
_NUMBER = 3.0  # of each doubling of the familiar items
_TITLE = "title:"


@dataclass(frozen=True, slots=True)
class Familiar:
    """What a category knows: `keys` of addresses, and folded `titles`."""

    keys: frozenset[str]
    titles: frozenset[str]

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self.keys or self.titles)

    def has(self, keys: Collection[str], title: str) -> bool:
        """Tell whether an item with these keys, or with this title, is known; of a cut title its beginning counts."""
        if not self.keys.isdisjoint(keys):
            return True
        cut = CUT.search(title)
        name = folded(title[: cut.start()] if cut else title)
        if len(name.split()) < TITLE_WORDS:  # "Thông báo" names no article
            return False
        return any(known.startswith(name) for known in self.titles) if cut else name in self.titles


def familiar_of(keys: Collection[str]) -> Familiar:
    """Sort identity keys; of `title:` keys the words count, with or without the day behind them."""
    titles = (key.removeprefix(_TITLE).partition("|")[0] for key in keys if key.startswith(_TITLE))
    return Familiar(frozenset(key for key in keys if not key.startswith(_TITLE)), frozenset(titles))


def enough_known(known: int, count: int) -> bool:
    """Tell whether a list of `count` items, `known` of which a category has, is that category's list."""
    return known >= max(_FEWEST, _SHARE * count)


def recognised_in(stubs: Sequence[Stub], familiar: Familiar) -> int:
    """Count the items that are known."""
    return sum(familiar.has(stub.keys, stub.title) for stub in stubs) if familiar else 0


def by_familiarity(blocks: Sequence[Block], familiar: Familiar, *, enough: float) -> tuple[Block, ...]:
    """Return `blocks`, best first: those with 3 known items that are 30 % of theirs go before all others.

    Blocks under "Tin khác" or "Xem nhiều" show the same articles and are never the list; one in chrome is only where
    nothing else scores `enough`. Fewer known items raise the score a little. Without any, nothing changes.
    """
    if not familiar:
        return tuple(blocks)
    keys = {url: stub_keys(url) for url in {record.primary.url for block in blocks for record in block.records}}
    is_plain = any(block.score >= enough and not block.chrome for block in blocks)
    ranked = []
    for block in blocks:
        known = {one.primary.key for one in block.records if familiar.has(keys[one.primary.url], one.primary.text)}
        share = len(known) / len(block.keys)
        barred = has_side_caption(block) or (block.chrome and is_plain)
        is_list = enough_known(len(known), len(block.keys)) and not barred
        gain = 0.0 if barred else _WEIGHT * share
        raised = replace(block, score=block.score + gain, reasons=(*block.reasons, ("familiar", gain)))
        ranked.append(replace(raised, recognised=len(known) if is_list else 0))
    return tuple(sorted(ranked, key=_rank, reverse=True))


def _rank(block: Block) -> tuple[bool, float]:
    """Of several recognised, score and number decide together: "newest of all" at the side knows a few, too."""
    return block.recognised > 0, block.score + (_NUMBER * log2(block.recognised) if block.recognised else 0)

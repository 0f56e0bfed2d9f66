"""Which block of a page is its list: the one in its old place, the one of known articles, else the likeliest.

reading.md 3 and 7 of the specification.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc.errors import LayoutChanged
from feedsvc.extract.blocks import as_block, find_blocks, text_of, unweighed
from feedsvc.extract.declared import by_declaration, declared_items
from feedsvc.extract.emptiness import (
    has_side_caption,
    heading_column,
    is_side_block,
    stands_below_article,
    stands_beside_empty,
)
from feedsvc.extract.familiar import by_familiarity
from feedsvc.extract.leads import caption_with, leads_above
from feedsvc.extract.links import is_home, page_links, text_within
from feedsvc.extract.lone import lone_record
from feedsvc.extract.marks import Marks
from feedsvc.extract.pager import read_pager
from feedsvc.extract.shape import lines_at, shape_of_list
from feedsvc.extract.wording import TAIL, is_dated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedsvc.extract.blocks import Block
    from feedsvc.extract.climb import Record
    from feedsvc.extract.familiar import Familiar
    from feedsvc.extract.links import Link
    from feedsvc.extract.page import Document

_LEAST_SCORE = 5.5  # of a block that counts as a list at all
_LEAST_PAGED = 4.5  # of one whose page has a pager: where a list goes on, there is a list
_JOINED_SHARE = 0.45  # of the best score, for a further block of a home page
_HALF = 0.5
_NEARLY_ALL = 0.9
_LESS = 1.0  # score that a wider block of the same list may lack
_ONE_SHAPE = 0.8  # of the addresses of a block that is joined to another
_TITLE_LENGTH = 200
_MOST_ITEMS = 300  # of one page; the rest of a longer list is reached through its pager, or is no news


@dataclass(frozen=True, slots=True)
class View:
    """A page as detection sees it: `headings` are its title and main headings, `host` is without `www`."""

    document: Document
    links: tuple[Link, ...]
    marks: Marks
    title: str
    headings: tuple[str, ...]
    host: str

    @property
    def names(self) -> str:
        """The page's title and headings: a list named there is what the page is for."""
        return " ".join((self.title, *self.headings))


@dataclass(frozen=True, slots=True)
class Detected:
    """The list of a page: its block, all records to read in document order, its caption, its shape (perhaps "")."""

    block: Block
    records: tuple[Record, ...]
    caption: str
    shape: str


def view_of(document: Document) -> View:
    """Look at the page's links, marks and headings."""
    links = page_links(document)
    title = next((text_within(element, _TITLE_LENGTH) for element in document.root.iter("title")), "")
    headings = tuple(text_within(element, _TITLE_LENGTH) for element in document.root.iter("h1"))
    return View(document, links, Marks(links), title, headings, urlsplit(document.address).netloc.removeprefix("www."))


def detect(view: View, familiar: Familiar, *, shape: str = "", usual: int = 0) -> Detected | None:
    """Return the list of a page, None when it has none.

    `shape` is looked for first. With `usual`, the number of items that the list had when it was last read, what stands
    there is taken unless it is less than half of them, chrome, or none of the articles known; without, on a further
    page of a list, one line is enough. Raises LayoutChanged when the page's own list is empty.
    """
    is_first = usual > 0
    kept = _known_block(view, "" if is_first and is_home(view.document.address) else shape, familiar)
    if kept is not None and _is_as_ever(kept, view, familiar, usual):
        return _detected([kept], view, shape)
    found = find_blocks(view.links, view.marks, view.document.address, view.names)
    found = by_declaration(found, declared_items(view.document))
    blocks = by_familiarity(found, familiar, enough=_LEAST_SCORE)
    if kept is not None and not _has_moved(kept, blocks, view, is_first=is_first):
        return _detected([kept], view, shape)
    best = _best(blocks, view, is_further=bool(shape) and not is_first)
    if best is None:
        return None
    best = _whole(best, blocks)
    return _detected([best, *blocks], view, shape_of_list(best.records, view.links, view.marks))


def likeliest(view: View) -> tuple[Record, ...]:
    """Return the records of the best block, good or not: where a pager is looked for when a person names the items."""
    blocks = find_blocks(view.links, view.marks, view.document.address, view.names)
    return blocks[0].records if blocks else ()


def _known_block(view: View, shape: str, familiar: Familiar) -> Block | None:
    """Return the list that stands where `shape` says, None when there is none."""
    lines = lines_at(shape, view.links, view.marks) if shape else []
    if not lines:
        return None
    block = unweighed([record for record, _ in lines], lines[0][1])
    return by_familiarity((block,), familiar, enough=_LEAST_SCORE)[0]


def _is_as_ever(block: Block, view: View, familiar: Familiar, usual: int) -> bool:
    """Tell whether what stands in the list's place is beyond doubt, so that nothing else needs to be looked at."""
    if familiar and not block.recognised:
        return False
    return len(block.keys) >= usual * _HALF and not (usual and view.marks.chrome(block.records[0].above))


def _has_moved(kept: Block, blocks: Sequence[Block], view: View, *, is_first: bool) -> bool:
    """Tell whether another block is the list now, and what stands in its old place is something else.

    Known articles decide. Where there are none, on the first page, so does a list in the page's middle that is larger.
    """
    best = blocks[0] if blocks else kept
    if best.recognised or kept.recognised:
        return best.recognised > kept.recognised
    is_list = is_first and best.score >= _LEAST_SCORE and not is_side_block(best) and len(best.keys) > len(kept.keys)
    weighed = as_block(kept.records, kept.caption, view.links, view.document.address, view.names) if is_list else kept
    return is_list and best.score > weighed.score


def _best(blocks: Sequence[Block], view: View, *, is_further: bool) -> Block | None:
    """Return the page's list, None when it has none.

    No side block stands for it on a further page of a list, no block under "Tin khác" on the page of an article.
    Raises LayoutChanged when the page's own list is empty.
    """
    best = blocks[0] if blocks and _is_enough(blocks[0], view) else None
    if best is not None and best.recognised:
        return best
    if best is None or is_side_block(best) or heading_column(best, view.document, view.marks) is not None:
        lone = lone_record(view.links, view.marks)
        if lone is not None:
            return as_block([lone[0]], lone[1], view.links, view.document.address, view.names)
    if best is not None and stands_beside_empty(best, view.document, view.marks):
        raise LayoutChanged(
            f"no list of articles on {view.document.address}: its own list is empty, and the block under"
            f' "{best.caption}" is another; look at the page, or give [source.select] item'
        )
    if best is not None and (stands_below_article(best) or (is_further and is_side_block(best))):
        return None
    return best


def _whole(best: Block, blocks: Sequence[Block]) -> Block:
    """Return the block that holds all of `best` and more lines of the same list: those without a picture, say."""
    parents = {record.above[-1] for record in best.records}
    wider = [
        block
        for block in blocks
        if block.keys > best.keys
        and block.score >= best.score - _LESS
        and all(record.above[-1] in parents for record in block.records)
    ]
    return max(wider, key=lambda block: len(block.keys), default=best)


def _is_enough(block: Block, view: View) -> bool:
    """Tell whether a block counts as a list: by its score, or by a little less where the page has a pager for it.

    With a pager, stories in what seems chrome by its names are a list too (reading.md 3.1, second pass), and with the
    category's first stories above it the rest of them under "Tin khác".
    """
    if block.recognised or block.score >= _LEAST_SCORE:
        return True
    reasons = dict(block.reasons)
    if reasons["tail"] and block.score - reasons["tail"] >= _LEAST_SCORE and leads_above(block, view.links, view.marks):
        return True
    are_stories = min(reasons["heading"], reasons["text"]) >= _HALF
    if block.score < _LEAST_PAGED or has_side_caption(block) or (block.chrome and not are_stories):
        return False
    pager = read_pager(view.document, [record.top for record in block.records])
    return pager.next_url is not None or bool(pager.pages)


def _detected(blocks: Sequence[Block], view: View, shape: str) -> Detected:
    """Make the list of the first block and its lead stories, on a home page of those of its like too."""
    best, *others = blocks
    leads = leads_above(best, view.links, view.marks)
    chosen = [*leads, *best.records]
    for block in others if is_home(view.document.address) else ():
        if block is not best and _is_like(block, best):
            keys = {record.primary.key for record in chosen}
            chosen += [record for record in block.records if record.primary.key not in keys]
    records = sorted(_without_advertisements(chosen, view), key=lambda record: record.primary.order)
    return Detected(best, tuple(records[:_MOST_ITEMS]), caption_with(leads, best), shape)


def _without_advertisements(records: list[Record], view: View) -> list[Record]:
    """Leave out lines that lead to another host and have no day, where nearly all lines of this host have one."""
    own = [record for record in records if record.primary.key.startswith(f"{view.host}/")]
    if len(own) == len(records) or len(own) < len(records) * _HALF:
        return records
    dated = {id(record) for record in records if is_dated(text_of(record))}
    if sum(id(record) in dated for record in own) < len(own) * _NEARLY_ALL:
        return records
    kept = {id(record) for record in own} | dated
    return [record for record in records if id(record) in kept]


def _is_like(block: Block, best: Block) -> bool:
    """Tell whether a block of a home page is another category's list: its addresses have the form of the best one's."""
    return (
        block.score >= _JOINED_SHARE * best.score
        and dict(block.reasons)["shape"] >= _ONE_SHAPE
        and not block.chrome
        and not TAIL.match(block.caption)
        and block.shape[0] == best.shape[0]
        and block.shape[2:] == best.shape[2:]
    )

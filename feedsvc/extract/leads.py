"""The lead stories above a list: the newest articles, larger and in markup of their own (reading.md 3)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from feedsvc.extract.blocks import TITLE_WORDS, text_of, words_in
from feedsvc.extract.climb import common_depth, depths_of, record_of
from feedsvc.extract.links import shape_of
from feedsvc.extract.marks import caption_of
from feedsvc.extract.wording import SIDE, TAIL, is_dated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feedsvc.extract.blocks import Block
    from feedsvc.extract.climb import Record
    from feedsvc.extract.links import Link
    from feedsvc.extract.marks import Marks

_LEVELS = 2  # a lead story stands beside the list or beside its box
_SAMPLE = 24  # lines of the list that are looked at for dates
_CAPTION = 60  # characters of a headline by which it is known as the caption that it was taken for


def leads_above(block: Block, links: Sequence[Link], marks: Marks) -> tuple[Record, ...]:
    """Return the stories above a list that belong to it: alike in address, near it, and stories.

    More of them than the block has records are another list, and so are those under "Xem nhiều" and the like.
    """
    start = block.records[0].primary.order
    keys = {link.key for record in block.records for link in record.links}
    before = [link for link in links[:start] if link.key not in keys and not marks.chrome(link.path[:-1])]
    shapes = {_form(shape_of(record.primary.url)) for record in block.records} if before else set()
    before = [link for link in before if _form(shape_of(link.url)) in shapes]
    if not before:
        return ()
    dated = [is_dated(text_of(record)) for record in block.records[:_SAMPLE]]
    is_mostly_dated = sum(dated) * 2 >= len(dated)
    stories = (record for record in _parted(_records(before, block, links)))
    leads = [record for record in stories if _is_story(record, dated=is_mostly_dated)]
    return tuple(leads) if len(leads) <= len(block.records) else ()


def caption_with(leads: Sequence[Record], block: Block) -> str:
    """Return the caption of a list: that above its lead stories, where a lead's headline was taken for it."""
    if any(record.primary.text[:_CAPTION] == block.caption[:_CAPTION] for record in leads):
        return caption_of(leads[0].elements[0], ())
    return block.caption


def _form(shape: tuple[object, ...]) -> tuple[object, ...]:
    """Return the shape of an address without the words of its slug where the article's number stands elsewhere."""
    host, segments, ending, *words, names = shape
    numbered = "N" in segments if isinstance(segments, tuple) else False
    return (host, segments, ending, names) if numbered else (host, segments, ending, *words, names)


def _records(before: list[Link], block: Block, links: Sequence[Link]) -> list[Record]:
    """Make records of the links that stand beside the list."""
    first = block.records[0].primary
    near = len(block.records[0].above) - _LEVELS
    group = [link for link in before if common_depth(link.path, first.path) >= near]
    depths = depths_of([*group, first], even=False)[:-1] if group else []
    found = {
        link.path[depth]: record_of(link, depth, links)
        for link, depth in reversed(list(zip(group, depths, strict=True)))
    }
    return list(reversed(found.values()))


def _parted(records: list[Record]) -> Iterator[Record]:
    """Yield the records but those of boxes under, or with, a caption of side blocks; it counts for all in the box."""
    for _, inside in groupby(records, key=lambda record: record.above[-1:]):
        box = list(inside)
        captions = (caption_of(box[0].elements[0], ()), text_of(box[0]).partition(box[0].primary.text or "\n")[0])
        if not any(TAIL.match(caption) or SIDE.match(caption) for caption in captions):
            yield from box


def _is_story(record: Record, *, dated: bool) -> bool:
    """Tell a lead story from a slider or a link beside a list: a headline, and a date where the list is `dated`."""
    if words_in(record.primary.text) < TITLE_WORDS:
        return False
    if dated:
        return is_dated(text_of(record))
    return record.primary.heading or next(record.top.iter("img"), None) is not None

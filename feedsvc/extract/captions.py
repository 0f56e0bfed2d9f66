"""Which lines below, above or beside a picture are its caption (reading.md 1.2, and 5, row "images")."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.byline import is_signature
from feedsvc.extract.signed import is_to_the_right
from feedsvc.extract.tails import is_dateline
from feedsvc.extract.title_suffix import fold

if TYPE_CHECKING:
    from feedsvc.extract.flow import Block

_ONE_SENTENCE: Final = re.compile(
    r"[^.!?…]*(?:(?:\b[A-ZĐ]\w{0,2}\.|\d[.,]\d|\.(?=[\w]))[^.!?…]*)*[.!?…”\"]*\s*(?:\([^()]{0,60}\)\.?|(?:Ảnh|ảnh|"
    r"Nguồn)\s*:?.{0,40})?"
)
_CREDIT: Final = re.compile(r"^[\s(]*(?:ảnh|nguồn ảnh|ảnh minh họa|photo|foto|image)\b", re.IGNORECASE)
_CREDIT_LINE: Final = re.compile(r"[\s(]*(?:ảnh|nguồn(?: ảnh)?|photo|foto)\s*:.{1,60}", re.IGNORECASE)
_BULLET: Final = re.compile(r"^[-–—•*+]\s+")
_SHORTEST_ALT: Final = 10
_CAPTION_WORDS: Final = 40
_BOX_DEPTH: Final = 4
_MOSTLY: Final = 0.8
_OPENING_CAPTION: Final = 20
_CREDIT_LENGTH: Final = 60
_LONG: Final = 15
_LONGEST_CAPTION: Final = 200
_LINKED: Final = 0.5
_FEW: Final = 2
_SMALL_HEADING: Final = 5  # h5 and h6 stand for small type, below a picture at least


def is_paragraph(block: Block) -> bool:
    """Tell whether `block` is a paragraph of prose by its length and links."""
    return block.words >= _LONG and block.link_share < _LINKED and block.kind != "heading" and block.caption is None


def without_captions(blocks: list[Block], language: str) -> tuple[list[Block], dict[int, str]]:
    """Bind captions to their pictures: marked ones, then the short paragraph below a picture.

    Gives the other blocks, and the captions by the place of their picture; one for a run of pictures goes to the last.
    """
    kept: list[Block] = []
    captions: dict[int, str] = {}
    bound = _below_in_columns(blocks)
    alone = sum(1 for block in blocks if is_paragraph(block) or block.kind == "picture") < _FEW
    opened = False
    last: Block | None = None  # the picture that a caption would belong to
    told: Block | None = None  # the picture whose caption was the block before
    for place, block in enumerate(blocks):
        picture: Block | None = None
        if block.kind in {"picture", "film"}:
            last, told = block, None
            kept.append(block)
            continue
        longest = 0 if alone else _LONGEST_CAPTION if opened else _OPENING_CAPTION
        if place in bound:
            picture = bound[place]
        elif block.caption is not None:
            picture = _nearest_picture(blocks, place, last)
            _tell(captions, picture, block)
            continue
        elif told is not None and _CREDIT_LINE.fullmatch(block.text):
            picture = told
        elif is_signature(block.text) and is_to_the_right(block):
            picture = None
        elif last is not None and last.place not in captions and _is_caption(block, last, language, longest):
            picture = last
        else:
            picture = _picture_below(blocks, place, language)
        if picture is None:
            kept.append(block)
            opened = opened or is_paragraph(block)
        _tell(captions, picture, block)
        last, told = None, picture
    return kept, captions


def _tell(captions: dict[int, str], picture: Block | None, block: Block) -> None:
    if picture is not None:
        captions[picture.place] = f"{captions.get(picture.place, '')} {_BULLET.sub('', block.text)}".strip()


def _below_in_columns(blocks: list[Block]) -> dict[int, Block]:
    """A row of pictures above a row of as many captions: each goes to the picture of its column."""
    bound: dict[int, Block] = {}
    for place, block in enumerate(blocks):
        if block.kind != "picture" or (place and blocks[place - 1].kind == "picture"):
            continue
        run = list(takewhile(lambda one: one.kind == "picture", blocks[place:]))
        below = blocks[place + len(run) : place + 2 * len(run)]
        if len(run) < _FEW or len(below) < len(run):
            continue
        rows = {_row(one) for one in run}, {_row(one) for one in below}
        columns = {_cell(one) for one in run}, {_cell(one) for one in below}
        is_grid = all(len(row) == 1 and None not in row for row in rows) and all(
            len(one) == len(run) for one in columns
        )
        if is_grid and all(one.text and len(one.text) <= _LONGEST_CAPTION for one in below):
            bound.update({place + len(run) + number: picture for number, picture in enumerate(run)})
    return bound


def _cell(block: Block) -> Any:
    element = block.owner
    for _ in range(_BOX_DEPTH):
        if element is None or element.tag in {"td", "th"}:
            return element
        element = element.getparent()
    return None


def _row(block: Block) -> Any:
    cell = _cell(block)
    return None if cell is None else cell.getparent()


def _picture_below(blocks: list[Block], place: int, language: str) -> Block | None:
    """The picture right below a centred line in italics, where no other line below it can be its caption."""
    block, after = blocks[place], blocks[place + 1 : place + 3]
    if not after or after[0].kind != "picture" or not block.centred or block.italic_words <= _MOSTLY * block.words:
        return None
    rival = after[1] if len(after) > 1 else None
    if rival is not None and (rival.caption is not None or (rival.text and rival.centred and rival.italic_words)):
        return None
    return after[0] if _is_caption(block, after[0], language, 0) else None


def _nearest_picture(blocks: list[Block], place: int, last: Block | None) -> Block | None:
    """The picture before a marked caption, or the one right after it where captions stand on top."""
    if last is not None:
        return last
    after = blocks[place + 1] if place + 1 < len(blocks) else None
    return after if after is not None and after.kind in {"picture", "film"} else None


def _is_caption(block: Block, picture: Block, language: str, longest: int) -> bool:
    """`longest` bounds the words of a caption that nothing marks as one."""
    is_box = _is_box(picture, block)
    is_heading = block.kind == "heading" and block.level < _SMALL_HEADING
    if picture.kind != "picture" or is_heading or block.kind == "pre" or len(block.text) > _LONGEST_CAPTION:
        return False
    if (
        (block.kind == "item" and not is_box)
        or block.text.endswith(":")
        or block.link_share > _LINKED
        or not _ONE_SENTENCE.fullmatch(block.text)
    ):
        return False
    alt = fold(picture.element.get("alt") or "")
    if (len(alt) >= _SHORTEST_ALT and alt == fold(block.text)) or _CREDIT.match(block.text):
        return True
    if block.italic_words > _MOSTLY * block.words or is_box:
        return True
    if block.bold_words > _MOSTLY * block.words:  # a lead, or a heading made of bold type
        return False
    # Vietnamese portals write captions as plain paragraphs; below a picture that opens the article a longer one is
    # the lead.
    plain = language == "vi" and block.words <= longest and not is_signature(block.text) and not is_dateline(block.text)
    return plain or (block.centred and block.words <= _CAPTION_WORDS)


def _is_box(picture: Block, block: Block) -> bool:
    """A picture and one short text alone in a cell, a figure or a box of their own."""
    box = block.owner if block.owner is picture.owner else block.owner.getparent()
    if box is None or box.tag not in {"td", "figure", "div", "center", "table", "tr", "tbody", "li", "dd"}:
        return False
    inside = picture.owner
    steps = 0
    while inside is not None and inside is not box and steps < _BOX_DEPTH:
        inside, steps = inside.getparent(), steps + 1
    if inside is not box:
        return False
    spare = len(block.text) + _CREDIT_LENGTH
    for text in box.itertext():
        spare -= len(text.strip())
        if spare < 0:
            return False
    return True

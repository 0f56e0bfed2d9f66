"""From the blocks of the body to the article itself: what a person would call its text, its captions, its signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.byline import is_signature
from feedsvc.extract.captions import is_paragraph, without_captions
from feedsvc.extract.signed import is_set_apart, without_signature
from feedsvc.extract.tails import is_boilerplate, is_dateline, is_tail
from feedsvc.extract.title import fold

if TYPE_CHECKING:
    from feedsvc.extract.flow import Block

_TERMINATED: Final = re.compile(r"[.!?…:;”\"’)。！？」,]\s*$")
_LEAD_WORDS: Final = 6
_SOME_LINKS: Final = 0.3
_FEW: Final = 2
_LONG: Final = 15
_SHORT: Final = 25
_HEAD_BLOCKS: Final = 4
_LINKED: Final = 0.5
_FULL_STOP: Final = re.compile(r"[.!?…”]\s*$")
_MOSTLY_LINKED: Final = 0.65
_ADDRESS: Final = re.compile(r"https?://\S+")
_ENUMERATED: Final = re.compile(r"(?:\(?\d{1,2}[).]|[-–+•])\s+[^\W\d_]")
_HOME: Final = frozenset({"trang chủ", "home"})  # the first word of a breadcrumb
_HEADLINE_WORDS: Final = 4
_LAST: Final = 3  # lines of text among which a signature stands


@dataclass(slots=True)
class Prose:
    """The article's own blocks in order, pictures and films among them.

    `captions` gives the caption of a picture by its place; `signature` is the last line that names the writers, taken
    out of the text.
    """

    blocks: list[Block] = field(default_factory=list)
    captions: dict[int, str] = field(default_factory=dict)
    signature: str = ""

    @property
    def paragraphs(self) -> list[Block]:
        """The blocks that speak."""
        return [block for block in self.blocks if block.text]


def read_prose(blocks: list[Block], title: str, language: str) -> Prose:
    """Pick from the body's `blocks` what belongs to the article titled `title`; `language` is a code such as "vi"."""
    own = [block for block in blocks if block.chrome is None and not block.comment]
    own = _before_tail(own)
    prose = Prose()
    own, prose.captions = without_captions(own, language)
    own = _without_head(own, title)
    rows = _labelled_rows(own)
    own = [block for place, block in enumerate(own) if _speaks(block, own, place, rows)]
    own = _without_loose_headings(own, language)
    prose.blocks = _signed(own, prose, language)
    return prose


def _before_tail(blocks: list[Block]) -> list[Block]:
    """Cut at the first tail marker below two paragraphs, when only short or linked lines follow."""
    paragraphs = 0
    for place, block in enumerate(blocks):
        if is_paragraph(block):
            paragraphs += 1
        elif (
            paragraphs
            and block.kind != "cell"  # the figures of a table are no pager
            and is_tail(block.text)
            and (block.kind != "item" or _stands_alone(blocks, place))
            and _only_scraps(blocks[place + 1 :], paragraphs)
        ):
            return blocks[:place]
    return blocks


def _stands_alone(blocks: list[Block], place: int) -> bool:
    """A list of one line, or of headings alone, is a row of tabs: above other news, not in the text."""
    beside = [blocks[at] for at in (place - 1, place + 1) if 0 <= at < len(blocks)]
    lists = blocks[place].owner.getparent()
    own = [one for one in beside if one.kind == "item" and one.owner.getparent() is lists]
    return all(is_tail(one.text) and not one.text.isdigit() for one in own) and not blocks[place].text.isdigit()


def _only_scraps(rest: list[Block], paragraphs: int) -> bool:
    """Tell whether hardly anything below a heading of other news is prose: summaries of linked headlines are none."""
    long, summaries, below_headline = 0, 0, False
    for block in rest:
        if is_paragraph(block) and block.words >= _SHORT:
            summaries += below_headline
            long += not below_headline
            below_headline = False
        elif block.text and block.words >= _HEADLINE_WORDS and not is_dateline(block.text):
            below_headline = block.link_share > _LINKED
    long += summaries if summaries < _FEW else 0  # one link amid the text is an aside
    return long == 0 or (long <= _FEW and paragraphs > 4 * long)


def _without_head(blocks: list[Block], title: str) -> list[Block]:
    """Drop what stands between the headline and the first paragraph: the headline again, date, byline, buttons."""
    folded = fold(title)
    first = next(
        (place for place, block in enumerate(blocks) if is_paragraph(block) and fold(block.text) != folded), None
    )
    if first is None:
        return [
            block
            for block in blocks
            if not block.text or (fold(block.text) != folded and (block.kind != "text" or not is_dateline(block.text)))
        ]
    has_crumbs = any(fold(block.text) in _HOME for block in blocks[:first])
    head = [
        block for block in blocks[:first]
        if not block.text
        or (block.kind in {"item", "quote", "cell"} and block.link_share < _LINKED and not has_crumbs)
        or (fold(block.text) != folded and _is_lead_line(block))
    ]  # fmt: skip
    return head + [block for block in blocks[first:] if block.kind != "heading" or fold(block.text) != folded]


def _is_lead_line(block: Block) -> bool:
    if block.kind == "heading":
        return block.words >= _LONG
    return (
        block.words >= _LEAD_WORDS
        and bool(_TERMINATED.search(block.text))
        and not any(char.isdigit() for char in block.text[:6])
        and not is_signature(block.text)
    )


def _speaks(block: Block, blocks: list[Block], place: int, rows: set[Any]) -> bool:
    if not block.text or block.kind == "pre":
        return True
    if place < _HEAD_BLOCKS and block.kind == "text" and is_dateline(block.text):
        return False
    if block.words < _SHORT and block.kind != "cell" and is_boilerplate(block.text):
        return False
    is_credit = ":" in block.text and is_signature(block.text)  # `Nguồn:`, and a link to it
    if block.link_share > _LINKED and not is_credit and not _is_linked_sentence(block):
        in_row = block.cell is not None and block.cell[1] in rows
        return in_row or (block.kind == "heading" and _stands_in_text(blocks, place))
    return True


def _is_linked_sentence(block: Block) -> bool:
    """A sentence may be half link, an address is one as it stands; a headline has no full stop nor words beside it."""
    if block.kind != "text":
        return False
    own = block.words - block.link_words
    is_sentence = own >= _LEAD_WORDS and block.link_share < _MOSTLY_LINKED and bool(_FULL_STOP.search(block.text))
    return is_sentence or bool(_ADDRESS.fullmatch(block.text))


def _labelled_rows(blocks: list[Block]) -> set[Any]:
    """Rows of tables in which a cell speaks: there a link belongs to the text (`Tệp đính kèm`, and the file)."""
    return {
        block.cell[1] for block in blocks
        if block.cell is not None and block.link_share <= _LINKED and any(letter.isalpha() for letter in block.text)
    }  # fmt: skip


def _stands_in_text(blocks: list[Block], place: int) -> bool:
    """A linked heading belongs to the text when prose follows it, as in a list of products."""
    after = next((block for block in blocks[place + 1 :] if block.text), None)
    return after is not None and is_paragraph(after) and after.link_share < _SOME_LINKS and place > 0


def _without_loose_headings(blocks: list[Block], language: str) -> list[Block]:
    """A heading with nothing below it, and the scraps below the last paragraph, are no part of the text."""
    last = next((place for place in range(len(blocks) - 1, -1, -1) if _closes(blocks[place])), len(blocks) - 1)
    return [block for place, block in enumerate(blocks) if place <= last or not block.text or _signs(block, language)]


def _closes(block: Block) -> bool:
    return bool(block.text) and block.kind != "heading" and (
        block.kind in {"item", "cell", "pre", "quote"}
        or bool(_TERMINATED.search(block.text) or _ENUMERATED.match(block.text))
        or block.words >= _LONG
    )  # fmt: skip


def _signed(blocks: list[Block], prose: Prose, language: str) -> list[Block]:
    """Take the signature out: lines among the last speaking ones, in Vietnamese also without a label."""
    speaking = [block for block in blocks if block.text]
    found: list[Block] = []
    for block in reversed(speaking[-_LAST:] if len(speaking) > 1 else []):
        if _signs(block, language):
            found.insert(0, block)
        elif found or is_paragraph(block):
            break
    if found:
        prose.signature = "; ".join(block.text for block in found)
        taken = {id(block) for block in found}
        return [block for block in blocks if id(block) not in taken]
    if speaking and language == "vi":
        rest, prose.signature = without_signature(speaking[-1])
        return [rest if block is speaking[-1] else block for block in blocks]
    return blocks


def _signs(block: Block, language: str) -> bool:
    """Tell whether `block` is a line of the signature."""
    apart = is_set_apart(block)
    if block.kind not in {"text", "quote"} and not (apart and block.kind == "heading"):
        return False
    return is_signature(block.text, set_apart=apart) and (language == "vi" or ":" in block.text)

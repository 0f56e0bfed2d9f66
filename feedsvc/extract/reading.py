"""One article's page opened: where its text stands, where its headline, and which part of the page is its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.attachments import is_document
from feedsvc.extract.body import Body, blocks_in, find_body
from feedsvc.extract.films import plays
from feedsvc.extract.flow import Block, Flow, read_flow
from feedsvc.extract.structured import Structured, read_structured
from feedsvc.extract.tails import is_tail
from feedsvc.extract.title import fold

if TYPE_CHECKING:
    from feedsvc.extract.page import Document
    from feedsvc.extract.selected import Selection
    from feedsvc.model import Source

_VIETNAMESE: Final = re.compile("[ăâđêôơưĂÂĐÊÔƠƯạ-ỹẠ-Ỹ]")
_VIETNAMESE_SHARE: Final = 0.02
_SAMPLE: Final = 4000
_WEAK: Final = 40.0
_LIGHT: Final = 150.0  # words: what a column of teasers weighs
_SENTENCE_WORDS: Final = 8
_ENDS: Final = (".", "!", "?", "…", "”", '"')
_HEADLINE_WORDS: Final = 50
_HIGHEST: Final = 8


@dataclass(slots=True)
class Reading:
    """What is known of one page while it is being read.

    `blocks` are those of the body, `first` and `last` their places in `flow`, `region` the element that holds the
    article, `head` the block that shows the headline (None when no block does).
    """

    document: Document
    structured: Structured
    flow: Flow
    blocks: list[Block]
    first: int
    last: int
    region: Any
    head: Block | None = None


def open_article(document: Document, selection: Selection, source: Source, title: str = "") -> Reading:
    """Find the body: where the selector says, else where the page speaks most, else around the headline's media.

    `title` is the headline as the listing has it: what stands below the heading of other news is not its text.
    """
    structured = read_structured(document.root)
    flow = read_flow(document.root)
    chosen = selection.tree(source.select.body)
    if chosen is not None:
        return _selected(document, structured, flow, chosen)
    body = find_body(flow)
    if body is None or body.weight < _WEAK:
        body = _around_headline(flow) or body
    if body is None or body.weight < _LIGHT:
        body = _above_others(flow, body, title) or body
    blocks = body.blocks if body is not None else []
    first = blocks[0].place if blocks else 0
    last = blocks[-1].place if blocks else 0
    region = _region(flow, body, first) if body is not None else document.root
    return Reading(document, structured, flow, blocks, first, last, region)


def _selected(document: Document, structured: Structured, flow: Flow, chosen: Any) -> Reading:
    """The body as selected; headline and dates are still looked for around the place where the page shows it."""
    own = read_flow(chosen).blocks
    for block in own:
        block.chrome, block.comment = None, False
        block.place += len(flow.blocks)  # apart from the places of the page's own blocks
    shown = {block.text for block in own if block.text}
    places = [block.place for block in flow.blocks if block.text in shown] or [0]
    return Reading(document, structured, flow, own, places[0], places[-1], chosen)


def _around_headline(flow: Flow) -> Body | None:
    """An album or a film has no text to find: climb from the first headline to what holds a picture or a player."""
    head = next(
        (block for block in flow.blocks if block.kind == "heading" and block.level == 1 and block.chrome is None), None
    )
    head = head or next((block for block in flow.blocks if block.kind == "heading" and block.chrome is None), None)
    if head is None:
        return None
    element = head.owner
    for _ in range(_HIGHEST):
        element = element.getparent()
        if element is None or element.tag == "html":
            return None
        inside = [block for block in blocks_in(element, flow.blocks) if block.place > head.place]
        if element.tag == "body":  # without any box around the article it ends where other news begin
            inside = list(takewhile(lambda block: not is_tail(block.text), inside))
        own = [block for block in inside if block.chrome is None]
        if any(block.kind == "heading" and block.level <= head.level for block in own):
            return None
        if any(block.kind in {"picture", "film"} for block in own) or _offers(element):
            return Body(element, inside, 0.0)
    return None


def _above_others(flow: Flow, body: Body | None, title: str) -> Body | None:
    """A film, an album or a legal document says less than the summaries below it: `body` may be those of other news.

    Between the headline and a heading such as `Tin khác` stands the article, if there is a sentence or a picture.
    """
    folded = fold(title)
    head = next((one for one in flow.blocks if folded and fold(one.text) == folded and not one.link_words), None)
    if head is None:
        return None
    own = list(takewhile(lambda block: not is_tail(block.text), flow.blocks[head.place + 1 :]))
    tail = head.place + 1 + len(own)
    if tail == len(flow.blocks) or (body is not None and _is_own(body, head.place, tail)):
        return None
    if not any(block.chrome is None and (block.kind in {"picture", "film"} or _speaks(block)) for block in own):
        return None
    return Body(_around(own), own, 0.0)


def _is_own(body: Body, head: int, tail: int) -> bool:
    """Tell whether `body` is more than the whole page, and begins between the places of headline and other news."""
    first, last = body.blocks[0].place, body.blocks[-1].place
    return last < tail if first <= head else first < tail


def _speaks(block: Block) -> bool:
    return block.words >= _SENTENCE_WORDS and not block.link_words and block.text.endswith(_ENDS)


def _around(blocks: list[Block]) -> Any:
    """The smallest element that holds all of `blocks`."""
    others = [{block.owner, *block.owner.iterancestors()} for block in blocks[1:]]
    above = (blocks[0].owner, *blocks[0].owner.iterancestors())
    return next(element for element in above if all(element in path for path in others))


def _offers(element: Any) -> bool:
    """Tell whether `element` holds a film in an attribute or a script, or a link to a file."""
    return plays(element) or any(is_document(link.get("href") or "") for link in element.iter("a"))


def _region(flow: Flow, body: Body, first: int) -> Any:
    """The smallest part of the page around the headline and the body; the body's parent when that is the page."""
    heads = [block for block in flow.blocks[:first] if block.kind == "heading" and block.chrome is None]
    heads.sort(key=lambda block: (block.level != 1, -block.place))
    above = [body.element, *body.element.iterancestors()]
    own = set(above)
    for head in heads[:1]:
        common = next((element for element in head.owner.iterancestors() if element in own), None)
        if common is not None and common.tag not in {"body", "html"}:
            return common
    parent = body.element.getparent()
    return parent if parent is not None and parent.tag not in {"body", "html"} else body.element


def find_head(reading: Reading, title: str) -> Block | None:
    """The block that shows the headline, the last one above the body."""
    folded = fold(title)
    same = [
        block
        for block in reading.flow.blocks
        if block.text and block.words < _HEADLINE_WORDS and not block.comment and fold(block.text) == folded
    ]
    above = [block for block in same if block.place <= reading.first + 3]
    return next(iter(sorted(above or same[:1], key=lambda block: (block.kind != "heading", -block.place))), None)


def read_language(reading: Reading, source: Source) -> str:
    """Vietnamese by its letters, whatever the template's `lang` says; else `lang`, else the source's."""
    text = " ".join(block.text for block in reading.blocks if block.chrome is None)[:_SAMPLE]
    if is_vietnamese(text):
        return "vi"
    given = re.match(r"[a-z]{2,3}(?=$|[-_])", reading.structured.language)
    return given.group(0) if given else source.language


def is_vietnamese(text: str) -> bool:
    """Tell by its letters whether `text` is Vietnamese."""
    return bool(text) and len(_VIETNAMESE.findall(text)) > len(text) * _VIETNAMESE_SHARE


def with_pictures_above(reading: Reading) -> list[Block]:
    """The body's blocks, and before them the pictures that stand between the headline and the body."""
    is_selected = bool(reading.blocks) and reading.blocks[0].place >= len(reading.flow.blocks)
    if is_selected or reading.head is None or reading.head.place >= reading.first:
        return reading.blocks
    between = reading.flow.blocks[reading.head.place + 1 : reading.first]
    own = [
        block
        for block in between
        if block.chrome is None and (block.kind in {"picture", "film"} or block.caption is not None)
    ]
    return [*own, *reading.blocks] if len(own) <= _HIGHEST else reading.blocks


def own_elements(reading: Reading) -> list[Any]:
    """The elements of the article's part of the page, down to the heading of what stands below the article."""
    below = (
        block for block in reading.flow.blocks if block.text and block.place > reading.last - 2 and is_tail(block.text)
    )
    tails = {block.owner for block in below if not block.text.isdigit()}
    return list(takewhile(lambda element: element not in tails, reading.region.iter()))

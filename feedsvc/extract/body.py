"""Which part of a page is the article's text: the element whose blocks speak most and link least."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.places import is_certain
from feedsvc.extract.tails import is_tail
from feedsvc.extract.title_suffix import fold

if TYPE_CHECKING:
    from feedsvc.extract.flow import Block, Flow

_HIGHEST: Final = 60
_CAP: Final = 150
_SENTENCE: Final = re.compile(r"[.!?…:;”\"’)。！？」]\s*$")
_HINT_SHARE: Final = 0.6
_LONGEST_CAPTION: Final = 120
_ENOUGH: Final = 60.0
_SOME_LINKS: Final = 0.3
_LINKED: Final = 0.5
_HEADLINE: Final = 0.8
_SENTENCE_WORDS: Final = 13
_FEW_WORDS: Final = 8
_TEASER_WORDS: Final = 60
_TITLE_WORDS: Final = 4
_HALF: Final = 0.5
_ALMOST_ALL: Final = 0.85


@dataclass(frozen=True, slots=True)
class Body:
    """Where the article's text stands: the element, its blocks in reading order, and the weight of what they say."""

    element: Any
    blocks: list[Block]
    weight: float


def find_body(flow: Flow) -> Body | None:
    """Find the article's text among the blocks of a page, still with what stands between; None when there is no text.

    Marks of chrome are lifted from the blocks of `flow` where they cannot be right. The one sentence of a film, in the
    box that the page names for its text, is all there is: then nothing is lifted.
    """
    blocks = flow.blocks
    others = _other_news(blocks)
    _lift_marks(blocks, others)
    totals = _totals(blocks, [weigh(block, blocks) for block in blocks])
    is_short = bool(totals) and max(totals.values()) < _ENOUGH
    is_named = any(totals.get(element, 0.0) >= _SENTENCE_WORDS for element in flow.bodies)
    if is_short and not is_named and _lift_doubtful(blocks, others):
        totals = _totals(blocks, [weigh(block, blocks) for block in blocks])
    if not totals:
        return None
    best = _whole_table(_hinted(flow, totals, max(totals, key=lambda element: totals[element])), blocks)
    return Body(best, blocks_in(best, blocks), totals[best])


def _whole_table(best: Any, blocks: list[Block]) -> Any:
    """A row is no article: of a table of data, as legal documents are shown in, all rows belong together."""
    tables = {block.cell[0] for block in blocks if block.cell is not None and block.kind == "cell"}
    above = next((element for element in best.iterancestors() if element in tables), None)
    return best if above is None else above


def blocks_in(element: Any, blocks: list[Block]) -> list[Block]:
    """Give those of `blocks` that stand inside `element`."""
    return [block for block in blocks if _inside(block, element)]


def _other_news(blocks: list[Block]) -> set[Any]:
    """The parts that are marked as other news and headed so, `Tin cùng chuyên mục`: of these the mark is certain.

    Below a film or an album they hold most of the page's words.
    """
    first: dict[Any, Block] = {}
    for block in blocks:
        if block.chrome is not None and block.text:
            first.setdefault(block.chrome, block)
    return {element for element, block in first.items() if is_tail(block.text)}


def _lift_marks(blocks: list[Block], others: set[Any]) -> None:
    """Take the mark from a part that holds half of the page's words or more: it is no chrome, whatever it is called."""
    chrome: dict[Any, int] = {}
    captions: dict[Any, int] = {}
    whole = 0
    for block in blocks:
        words = (
            block.words - block.link_words
            if block.link_share < _SOME_LINKS and (block.words >= _SENTENCE_WORDS or block.kind == "cell")
            else 0
        )
        whole += words
        if block.chrome is not None and not block.comment and words:
            chrome[block.chrome] = chrome.get(block.chrome, 0) + words
        if block.caption is not None:
            captions[block.caption] = captions.get(block.caption, 0) + block.words
    wrong = {
        element for element, words in chrome.items()
        if element not in others and words > _ENOUGH and words > whole * (_ALMOST_ALL if is_certain(element) else _HALF)
    }  # fmt: skip
    for block in blocks:
        if block.chrome in wrong:
            block.chrome = None
        if block.caption is not None and captions[block.caption] > _LONGEST_CAPTION:
            block.caption = None


def _lift_doubtful(blocks: list[Block], others: set[Any]) -> bool:
    """Take all marks that rest on class words alone: with them nothing was found (reading.md 3, second pass)."""
    marked = {block.chrome for block in blocks if block.chrome is not None} - others
    doubtful = {element for element in marked if not is_certain(element)}
    for block in blocks:
        if block.chrome in doubtful and not block.comment:
            block.chrome = None
    return bool(doubtful)


def weigh(block: Block, blocks: list[Block]) -> float:
    """Give how much `block` speaks for its surroundings being the article: words of sentences for, links against."""
    if block.kind in {"picture", "film"} or block.caption is not None:
        return 0.0
    if block.chrome is not None:
        return -2.0
    if block.link_share > _LINKED:
        return -2.0 - min(block.link_words, 20) * 0.4
    if block.kind in {"heading", "cell"}:
        return 0.1 * block.words if block.kind == "cell" else 0.0
    if block.words < _FEW_WORDS and not _SENTENCE.search(block.text[-3:]):
        return -1.0
    score = min(float(block.words - 2 * block.link_words), _CAP)
    return -1.0 if _is_teaser(block, blocks) else score


def _is_teaser(block: Block, blocks: list[Block]) -> bool:
    """A short text between two linked headlines is the summary of another article."""
    if block.words > _TEASER_WORDS or block.kind == "pre":
        return False
    if block.kind == "item" and block.opens_with_link and block.link_words >= _TITLE_WORDS:
        return True
    before, after = _neighbour(block, blocks, -1), _neighbour(block, blocks, 1)
    return bool(before and after and before.link_share > _HEADLINE and after.link_share > _HEADLINE)


def _neighbour(block: Block, blocks: list[Block], step: int) -> Block | None:
    place = block.place + step
    while 0 <= place < len(blocks) and blocks[place].kind in {"picture", "film"}:
        place += step
    return blocks[place] if 0 <= place < len(blocks) else None


def _totals(blocks: list[Block], weights: list[float]) -> dict[Any, float]:
    """Give for every element around a block the sum of the weights inside it."""
    totals: dict[Any, float] = {}
    for block, weight in zip(blocks, weights, strict=True):
        element, climbed = block.owner, 0
        while element is not None and climbed < _HIGHEST:
            totals[element] = totals.get(element, 0.0) + weight
            element, climbed = element.getparent(), climbed + 1
    return totals


def _hinted(flow: Flow, totals: dict[Any, float], best: Any) -> Any:
    """Prefer an element that the page names as the article's text, when it holds most of what was found."""
    best = _told(flow, totals, best)
    named = [element for element in flow.bodies if element in totals]
    if not named:
        return best
    first = max(named, key=lambda element: totals[element])
    return first if totals[first] >= _HINT_SHARE * totals[best] else best


def _told(flow: Flow, totals: dict[Any, float], best: Any) -> Any:
    """Of several articles on one page take the one that holds its main heading, or the heading in the page's title."""
    if len(flow.articles) <= 1:
        return best
    heads = [block for block in flow.blocks if block.kind == "heading" and block.chrome is None]
    title = f" {fold(flow.title)} "
    main = [head for head in heads if head.words >= _TITLE_WORDS and f" {fold(head.text)} " in title][:1]
    main = main or [block for block in heads if block.level == 1]
    inner = [
        article
        for article in flow.articles
        if article in totals and article is not best and best in set(article.iterancestors())
    ]
    if len(inner) > 1 and len(main) == 1:
        for article in inner:
            if totals[article] > _ENOUGH and _inside(main[0], article):
                return article
    return best


def _inside(block: Block, top: Any) -> bool:
    element, climbed = block.owner, 0
    while element is not None and climbed < _HIGHEST:
        if element is top:
            return True
        element, climbed = element.getparent(), climbed + 1
    return False

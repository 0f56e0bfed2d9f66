"""The lead of an article: as the page names it, else its bold or first paragraph (reading.md 5, row "lead")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from feedsvc.extract.places import words_of
from feedsvc.extract.reading import is_vietnamese
from feedsvc.extract.tails import is_dateline
from feedsvc.extract.title import fold

if TYPE_CHECKING:
    from feedsvc.extract.flow import Block
    from feedsvc.extract.prose import Prose
    from feedsvc.extract.reading import Reading

_LEAD_WORDS: Final = re.compile(
    r"(?:^|[\s_-])(?:sapo|lead|leadtext|hometext|description|tomtat|tom-?tat|trich-?yeu|mo-?ta|dek|standfirst|summary|"
    r"article-?(?:summary|intro|lead|dek|subtitle|description)|news-?(?:lead|sapo|summary)|intro-?text|teaser-?text|vorspann)(?:$|[\s_-])"
)
_FEWEST_WORDS: Final = 6
_BOLD_WORDS: Final = 10
_MOSTLY: Final = 0.8
_LONGEST: Final = 600
_HIGHEST: Final = 8
_AGENCY: Final = 30  # characters: `(CTTĐT) - `
_CUT: Final = ("...", "…")
_LINKED: Final = 0.5
_ENDS: Final = (".", "!", "…", "”", '"')


def find_lead(reading: Reading, prose: Prose, listed: str, language: str) -> tuple[str, str]:
    """Give the lead, and the same once more when it stands above the body and is still to be put before it.

    `listed` is the summary of the listing, for an article without text. A heading below the headline, or a paragraph in
    a box of its own there, is the lead; it is put before the text where the `language` is Vietnamese (elsewhere it is a
    subtitle).
    """
    lead = _named(reading, prose)
    paragraphs = [block for block in prose.paragraphs if _is_prose(block)]
    if lead is not None:
        is_subtitle = language != "vi" and lead.place < reading.first
        return _once(lead, prose, paragraphs, above=not is_subtitle)
    alone = _paragraph_above(reading)
    if alone is not None and is_vietnamese(alone.text):
        return _once(alone, prose, paragraphs, above=True)
    heading = _sentence_below_headline(reading)
    if heading is not None:
        return _once(heading, prose, paragraphs, above=language == "vi")
    bold = next(
        (block for block in paragraphs[:2] if block.bold_words > _MOSTLY * block.words and block.words >= _BOLD_WORDS),
        None,
    )
    first = bold or next((block for block in paragraphs if block.words >= _FEWEST_WORDS), None)
    if first is not None:
        return first.text, ""
    return listed or reading.structured.description, ""


def _once(lead: Block, prose: Prose, paragraphs: list[Block], *, above: bool) -> tuple[str, str]:
    """The lead, and once more when it goes `above` the text, unless the text itself opens with it.

    Templates put the lead, cut by dots or without its agency, above a text that begins with the whole of it.
    """
    if any(block is lead for block in prose.blocks):
        return lead.text, ""
    said = fold(lead.text)
    for block in paragraphs[:3]:
        own = fold(block.text)
        is_cut = lead.text.endswith(_CUT) and len(said.split()) >= _FEWEST_WORDS and own.startswith(said)
        is_bare = own.endswith(f" {said}") and len(own) - len(said) <= _AGENCY
        if own == said or is_cut or is_bare:
            return block.text if len(block.text) <= _LONGEST else lead.text, ""
    return lead.text, lead.text if above else ""


def _is_prose(block: Block) -> bool:
    """Tell whether `block` can be a lead: no heading, and of a table's cells only one that speaks in sentences.

    Portals made by hand hold the whole article in a cell of their layout table.
    """
    if block.kind == "cell":
        return block.words >= _BOLD_WORDS and block.text.endswith(_ENDS)
    return block.kind != "heading"


def _sentence_below_headline(reading: Reading) -> Block | None:
    """The lead as a heading of lower rank, right above the text: a whole sentence."""
    start = reading.head.place + 1 if reading.head is not None else reading.first
    for block in reading.flow.blocks[start : max(reading.first, start) + 1]:
        is_free = block.chrome is None and not block.comment and not block.link_words
        if block.kind == "heading" and is_free and block.words >= _BOLD_WORDS and len(block.text) <= _LONGEST:
            return block if block.text.endswith(_ENDS) else None
    return None


def _paragraph_above(reading: Reading) -> Block | None:
    """The lead in a box of its own: the one paragraph between the headline and the box that is called the text.

    Portals made with forms and modules bind summary and text to two fields (ASP.NET labels, DotNetNuke, NukeViet).
    """
    if reading.head is None:
        return None
    blocks = reading.flow.blocks
    between = blocks[reading.head.place + 1 : reading.first]
    own = [block for block in between if block.text and block.chrome is None and not block.comment]
    spoken = [
        block
        for block in own
        if block.words >= _BOLD_WORDS and block.link_share < _LINKED and not is_dateline(block.text)
    ]
    if len(own) > _HIGHEST or len(spoken) != 1 or blocks[spoken[0].place - 1].kind in {"picture", "film"}:
        return None
    block = spoken[0]
    is_whole = block.kind == "text" and block.caption is None and len(block.text) <= _LONGEST
    return block if is_whole and block.text.endswith(_ENDS) and not block.link_words else None


def _named(reading: Reading, prose: Prose) -> Block | None:
    """The lead as the page names it: inside the body, or between the headline and the body."""
    start = reading.head.place + 1 if reading.head is not None else max(0, reading.first - _HIGHEST)
    inside = {block.place for block in prose.blocks}
    for block in reading.flow.blocks[start : reading.first + 4]:
        known = block.place in inside
        if (
            not block.text
            or (block.chrome is not None and not known)
            or block.comment
            or block.words < _FEWEST_WORDS
            or len(block.text) > _LONGEST
        ):
            continue
        if any(
            _LEAD_WORDS.search(words_of(element))
            for element in (block.owner, block.owner.getparent())
            if element is not None and element.tag not in {"body", "html"}
        ):
            return block
    return None

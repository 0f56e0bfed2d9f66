"""Reading with what a source has taught: its habits are taken out of a page before the article is read (reading.md 7).

Marked as chrome, what is no part of the article is passed over by everything that looks for lead, text, captions and
signature. `same_article` tells the other way round whether two readings differ by no more than that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.address import canonical_key
from feedsvc.extract.byline import LONGEST, is_signature
from feedsvc.extract.groups import stable_classes
from feedsvc.extract.habits import digest, exact_digest
from feedsvc.extract.media import picture_url
from feedsvc.extract.page import absolute
from feedsvc.extract.title import fold, title_element

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedsvc.extract.flow import Block
    from feedsvc.extract.page import Document
    from feedsvc.extract.profile import Known
    from feedsvc.extract.reading import Reading
    from feedsvc.extract.structured import Structured
    from feedsvc.model import Item, Stub

_ABOVE: Final = 12  # blocks above the body among which lead and pictures are looked for
_HALF: Final = 0.5
_SHORT: Final = 4
_HEAD, _TAIL = 2, 6
_LEVELS: Final = 3
WHOLE_DATE: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|tháng \d", re.IGNORECASE)
_KINDS: Final = frozenset({"text", "quote", "item", "heading"})


@dataclass(frozen=True, slots=True)
class Cut:
    """What was taken out of a page, as digests."""

    blocks: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


def without_habits(reading: Reading, known: Known, stub: Stub | None) -> Cut:
    """Mark the paragraphs and pictures of `reading` that are habits of the source as chrome, and tell which.

    What the page declares for machines loses its habits too: the portal's picture, its name in place of the headline.
    What the listing says in `stub`, and what the page declares of this article alone, is never a habit: lead and
    picture of an article stand below others, too. A page that consists of habits for the greater part keeps its
    paragraphs: notices that repeat each other are articles.
    """
    structured = reading.structured
    declared = tuple(mark for url in structured.images[:2] if (mark := mark_of(url, reading.document)))
    offered = tuple(digest(text) for text in (structured.headline, *structured.titles, structured.description) if text)
    reading.structured = _told_anew(structured, reading.document, known, stub.title if stub is not None else "")
    known = _of_others(known, reading, stub)
    above = reading.flow.blocks[max(0, reading.first - _ABOVE) : reading.first]
    own = [block for block in reading.blocks if block.chrome is None and not block.comment]
    cut = [(block, mark) for block, mark in marked(own) if mark in known.blocks] if known.blocks else []
    if sum(block.words for block, _ in cut) > _HALF * sum(block.words for block in own):
        cut = []
    if known.blocks:
        cut += [(block, mark) for block, mark in marked(above) if mark in known.blocks and block.chrome is None]
    shown = (
        [(block, mark) for block, mark in pictured([*above, *own], reading.document) if mark in known.pictures]
        if known.pictures
        else []
    )
    for block, _ in (*cut, *shown):
        block.chrome = block.owner
    for block in reading.flow.blocks[: reading.first] if known.clocks else ():
        # What tells the time is no more the article's than what visitors say: all that looks for dates passes it over.
        block.comment = block.comment or bool(WHOLE_DATE.search(block.text) and place_of(block.owner) in known.clocks)
    return Cut(tuple(mark for _, mark in cut), tuple(mark for _, mark in shown), declared, offered)


def _of_others(known: Known, reading: Reading, stub: Stub | None) -> Known:
    """What is known, but for the pictures that the page declares and the paragraphs that it or the listing sums up."""
    declared = {mark_of(url, reading.document) for url in reading.structured.images}
    told = (reading.structured.description, stub.summary if stub is not None else "")
    leads = {digest(text) for text in told if digest(text) not in known.headings}
    return replace(known, blocks=known.blocks - leads, pictures=known.pictures - declared)


def _told_anew(structured: Structured, document: Document, known: Known, listed: str) -> Structured:
    """What the page declares, without the habits of its source."""
    images, titles, headline = structured.images, structured.titles, structured.headline
    if known.stand_ins:
        images = tuple(url for url in images if mark_of(url, document) not in known.stand_ins)
    if known.headings:
        titles = tuple(own_headings(titles, known, listed))
        headline = next(iter(own_headings((headline,), known, listed)), "")
    if known.affixes:
        titles = tuple(without_affixes(text, known.affixes) for text in titles)
        whole = " ".join(title_element(document.root).split())
        bare = without_affixes(whole, known.affixes)
        titles = titles if bare == whole else (*titles, bare)
    return replace(structured, images=images, titles=titles, headline=headline)


def own_headings(texts: Iterable[str], known: Known, listed: str) -> list[str]:
    """Give the headlines offered that are the article's own: not the name of the site, or of a part of it."""
    name = fold(listed)
    return [text for text in texts if digest(text) not in known.headings or (name and fold(text) == name)]


def place_of(element: Any) -> str:
    """Give the digest of where an element stands: its tag and stable classes, and those of the two around it."""
    names: list[str] = []
    while element is not None and len(names) < _LEVELS:
        names.append(f"{element.tag}.{'.'.join(sorted(stable_classes(element)))}")
        element = element.getparent()
    return exact_digest(">".join(names))


def marked(blocks: list[Block]) -> Iterable[tuple[Block, str]]:
    """Give the paragraphs that may be habits, each with its digest.

    Not a caption, nor the line below a picture, which may be one; not a cell of a table; not the line of the writers;
    a few words or a heading only where the text begins or ends.
    """
    places = [place for place, block in enumerate(blocks) if block.text]
    edges = {*places[:_HEAD], *places[-_TAIL:]}
    for place in places:
        block = blocks[place]
        if block.kind not in _KINDS or block.caption is not None:
            continue
        if place and blocks[place - 1].kind == "picture":
            continue
        if (block.words < _SHORT or block.kind == "heading") and place not in edges:
            continue
        if len(block.text) > LONGEST or not is_signature(block.text):
            yield block, digest(block.text)


def pictured(blocks: Iterable[Block], document: Document) -> Iterable[tuple[Block, str]]:
    """Give the pictures among `blocks`, each with the digest of its address."""
    for block in blocks:
        if block.kind == "picture" and (url := picture_url(block.element, document)):
            yield block, digest_of_address(url)


def digest_of_address(url: str) -> str:
    """Give the digest of a picture's address, however it is spelled."""
    return exact_digest(canonical_key(url))


def mark_of(url: str, document: Document) -> str:
    """Give the digest of a picture that a page declares, "" when that is no address."""
    whole = absolute(document, url)
    return digest_of_address(whole) if whole else ""


def without_affixes(title: str, affixes: Iterable[str]) -> str:
    """Give the title element's text without what the source puts around every headline."""
    for affix in sorted(affixes, key=len, reverse=True):
        kept = title.removesuffix(affix) if title.endswith(affix) else title.removeprefix(affix)
        if kept != title and kept.strip():
            return kept.strip()
    return title


def same_article(old: Item, new: Item, known: Known) -> bool:
    """Tell whether two readings of an article differ by habits of its source alone, cut from one and not the other."""
    titles = {fold(without_affixes(item.title, known.affixes)) for item in (old, new)}
    if len(titles) > 1 and digest(old.title) not in known.headings:
        return False
    leads = {item.summary for item in (old, new) if digest(item.summary) not in known.blocks}
    return len(leads) <= 1 and _own(old, known) == _own(new, known)


def _own(item: Item, known: Known) -> tuple[list[str], set[str]]:
    """Give the paragraphs and media of an article that are no habits."""
    paragraphs = [one for one in item.text.split("\n\n") if digest(one) not in known.blocks]
    chrome = known.pictures | known.stand_ins
    return paragraphs, {one.url for one in item.media if digest_of_address(one.url) not in chrome}

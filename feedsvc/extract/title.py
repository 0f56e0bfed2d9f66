"""The headline of an article: all that could be it, and which one the others support (reading.md 5, row "title")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.clean import clean_title
from feedsvc.extract.places import words_of
from feedsvc.extract.title_suffix import bare_title, fold, is_around, is_section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedsvc.extract.flow import Block
    from feedsvc.extract.structured import Structured

__all__ = ["fold", "head_texts", "read_title", "title_element"]

_SUFFIXED: Final = re.compile(r"\s[-–—|•·»:]|\|")
_CUT: Final = re.compile(r"\s*(?:\.\.\.|…)$")
_SHORTEST: Final = 8
_KIN: Final = 0.25
_LONGEST: Final = 300
_PREFIX_LENGTH: Final = 12
_NEAR: Final = 12
_SITE_WORDS: Final = 5
_TITLE_WORDS: Final = (4, 40)
_MOSTLY: Final = 0.8
_TITLE_CLASS: Final = re.compile(r"(?:^|[\s_-])(?:title|tieu-?de|headline|ten-?bai)(?:$|[\s_-])")


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    weight: float


def title_element(root: Any) -> str:
    """Give the text of the page's title element as it is written, "" where there is none."""
    element = next(root.iter("title"), None)
    return (element.text or "") if element is not None else ""


def read_title(
    heads: Iterable[str], listing: str, structured: Structured, title: str, *, site: str = "", address: str = ""
) -> str:
    """Give the best supported headline, "" when nothing is offered.

    `heads` are the headings in or next to the body, nearest first, `listing` the text of the listing's link, `title`
    the content of the title element; `site` is how the source is called, `address` the page's own.
    """
    names = [name for name in (structured.site, site) if name]
    candidates = [_Candidate(listing, 2.5), _Candidate(structured.headline, 1.5)]
    for text in dict.fromkeys(structured.titles):
        candidates += _with_bare(clean_title(text), 1.0, 0.7, names, address)
    candidates += _with_bare(clean_title(title), 0.8, 1.0, names, address)
    said = [set(fold(candidate.text).split()) for candidate in candidates if candidate.text]
    candidates += [_Candidate(text, _head_weight(text, said) - 0.5 * min(place, 2)) for place, text in enumerate(heads)]
    offered = [
        _Candidate(text, candidate.weight)
        for candidate in candidates
        if (text := clean_title(candidate.text)) and len(text) <= _LONGEST
    ]
    if not offered:
        return ""
    support = {candidate: _support(candidate, offered) for candidate in offered}
    sites = set(map(fold, names))
    told = {fold(text) for text in (listing, structured.headline, *structured.titles, title)}
    best = max(
        offered,
        key=lambda candidate: (
            fold(candidate.text) not in sites and (candidate.text == listing or not is_section(candidate.text)),
            fold(candidate.text) in told or not is_around(candidate.text, names, address),
            not _CUT.search(candidate.text),
            support[candidate],
        ),
    )
    same = [candidate for candidate in offered if fold(candidate.text) == fold(best.text)]
    return max(same, key=lambda candidate: candidate.weight).text


def _head_weight(text: str, said: list[set[str]]) -> float:
    """A heading tells the same story as the page's other titles, if in other words; one that does not is the site's."""
    words = set(fold(text).split())
    is_kin = any(len(words & other) >= _KIN * min(len(words), len(other)) for other in said)
    return 2.4 if is_kin else 1.6 if said else 2.0


def _with_bare(text: str, whole: float, cut: float, names: list[str], address: str) -> list[_Candidate]:
    """Offer `text` and its form without the site's name; known for certain, the name is no part of the headline."""
    bare, certain = bare_title(text, names, address)
    if bare == text:
        return [_Candidate(text, whole + 0.2)]
    return [_Candidate(bare, whole + cut / 2)] if certain else [_Candidate(text, whole), _Candidate(bare, cut)]


def _support(candidate: _Candidate, offered: list[_Candidate]) -> float:
    """Sum the weights of all that say the same; a cut form votes for the longer one."""
    folded = fold(candidate.text)
    total = 0.0
    for other in offered:
        said = fold(_CUT.sub("", other.text))
        if said == folded or (_CUT.search(other.text) and len(said) >= _PREFIX_LENGTH and folded.startswith(said)):
            total += other.weight
        elif len(folded) >= _SHORTEST and said.startswith(f"{folded} ") and _is_suffixed(other.text, said, folded):
            total += other.weight / 2
    return total


def _is_suffixed(text: str, said: str, folded: str) -> bool:
    """Tell whether `text` is the folded title and no more than the name of a site behind it."""
    return bool(_SUFFIXED.search(text)) and len(said[len(folded) :].split()) <= _SITE_WORDS


def _is_shown_as_title(block: Block) -> bool:
    """Without heading elements the headline is the bold line above the text, or one in a class named for it."""
    if (
        block.chrome is not None
        or not _TITLE_WORDS[0] <= block.words <= _TITLE_WORDS[1]
        or block.text.endswith((".", ":"))
    ):
        return False
    holders = [element for element in (block.owner, block.owner.getparent()) if element is not None]
    return block.bold_words > _MOSTLY * block.words or any(
        _TITLE_CLASS.search(words_of(one)) for one in holders if one.tag not in {"body", "html"}
    )


def head_texts(blocks: list[Block], first: int) -> list[str]:
    """Give the texts of the headings that can be the headline, most likely first.

    `first` is the place of the body's first block: a heading above it weighs more the nearer it stands; headings of
    level 1 come before others.
    """
    heads = [block for block in blocks if block.kind == "heading" and not block.comment and block.place <= first + 3]
    shown = [block for block in blocks[max(0, first - _NEAR) : first + 3] if _is_shown_as_title(block)]
    if not any(block.chrome is None and block.place >= first - _NEAR for block in heads):
        heads, shown = [*heads, *shown], []
    heads.sort(key=lambda block: (block.chrome is not None, block.level > 1, abs(first - block.place)))
    return [block.text for block in (*heads[:3], *(block for block in shown if block.kind != "heading"))][:4]

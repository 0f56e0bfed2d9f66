"""Who wrote an article: as declared, as shown below the headline, or as signed (reading.md 5, row "authors")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from feedsvc.extract.byline import LONGEST, is_signature, split_byline
from feedsvc.extract.habits import digest
from feedsvc.extract.places import words_of
from feedsvc.extract.tails import is_tail
from feedsvc.extract.title_suffix import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from feedsvc.extract.reading import Reading
    from feedsvc.model import Author

_WRITERS: Final = re.compile(r"(?:^|[\s_-])(?:author|byline|by-?line|tac-?gia|writer|vcard|creator)(?:$|[\s_-])")
_BY: Final = re.compile(r"^(?:by|von|par|por|di|tác giả|bởi|written by|posted by|author)\s*:?\s+", re.IGNORECASE)
_BEHIND: Final = 3  # blocks after the text
_MAIL: Final = re.compile(r"\S@\S")
_NOBODY: Final = frozenset(
    {"admin", "administrator", "quan tri", "quản trị", "quản trị viên", "root", "webmaster", "editor"}
)


DECLARED: Final = "declared"
"""The rule that takes the writer from what the page tells machines: often the one who typed it in."""


def find_bylines(reading: Reading, *, selected: str, signature: str, site: str) -> list[tuple[str, tuple[Author, ...]]]:
    """Give every rule that finds writers with those whom it finds, the most trusted first.

    Never the site itself, its host or a mail address. `selected` is what a configured selector found, `signature` the
    last line of the text, `site` the source's title.
    """
    sites = {fold(name) for name in (reading.structured.site, site) if name}
    host = (urlsplit(reading.document.address).hostname or "").removeprefix("www.")
    given: tuple[tuple[str, Iterable[str]], ...] = (
        ("selector", (selected,)),
        (DECLARED, reading.structured.authors),
        ("below headline", (_line_below_headline(reading),)),
        ("signature", (signature,)),
        ("below text", (_line_below_text(reading),)),
    )
    found = []
    for rule, lines in given:
        named = (author for line in lines for author in split_byline(_BY.sub("", line)))
        people = tuple(dict.fromkeys(one for one in named if _is_person(one, sites, host)))
        if people:
            found.append((rule, people))
    return found


def writers_of(bylines: Sequence[tuple[str, tuple[Author, ...]]], posters: Collection[str]) -> tuple[Author, ...]:
    """Give the writers of the first rule; a declared one who is among `posters` only types in what others sign."""
    signed = [people for rule, people in bylines if rule != DECLARED or poster_of(people) not in posters]
    return next(iter(signed or [people for _, people in bylines]), ())


def poster_of(people: Iterable[Author]) -> str:
    """Give the digest under which declared writers are counted."""
    return digest(" ".join(f"{one.name} {one.organisation}" for one in people))


def _is_person(author: Author, sites: set[str], host: str) -> bool:
    name = author.name or author.organisation
    return fold(name) not in sites | _NOBODY and not _MAIL.search(name) and not (host and host in name)


def _line_below_text(reading: Reading) -> str:
    """The byline in a box of its own behind the text, named for it."""
    for block in reading.flow.blocks[reading.last + 1 : reading.last + 1 + _BEHIND]:
        if is_tail(block.text) or block.comment:
            break
        named = any(_WRITERS.search(words_of(one)) for one in (block.owner, block.owner.getparent()) if one is not None)
        if named and len(block.text) <= LONGEST and is_signature(_BY.sub("", block.text)):
            return block.text
    return ""


def _line_below_headline(reading: Reading) -> str:
    """The visible byline near the headline: a short line in an element named for it, or with a label."""
    start = reading.head.place if reading.head is not None else reading.first - 1
    for block in reading.flow.blocks[max(0, start - 2) : reading.first + 3]:
        if not block.text or len(block.text) > LONGEST or block.comment or block.kind == "heading":
            continue
        if _WRITERS.search(words_of(block.owner)) and is_signature(_BY.sub("", block.text)):
            return block.text
        if _BY.match(block.text) and is_signature(block.text):
            return block.text
    return ""

"""Who wrote an article: as declared, as shown below the headline, or as signed (reading.md 5, row "authors")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from feedsvc.extract.byline import LONGEST, is_signature, split_byline
from feedsvc.extract.captions import is_paragraph
from feedsvc.extract.habits import digest
from feedsvc.extract.names import is_full_name, is_mixed
from feedsvc.extract.places import words_of
from feedsvc.extract.reading import is_vietnamese
from feedsvc.extract.signed import is_set_apart
from feedsvc.extract.tails import is_dateline, is_tail
from feedsvc.extract.title_suffix import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from feedsvc.extract.flow import Block
    from feedsvc.extract.reading import Reading
    from feedsvc.model import Author

_WRITERS: Final = re.compile(r"(?:^|[\s_-])(?:author|byline|by-?line|tac-?gia|writer|vcard|creator)(?:$|[\s_-])")
_BY: Final = re.compile(r"^(?:by|von|par|por|di|tác giả|bởi|written by|posted by|author)\s*:?\s+", re.IGNORECASE)
_LABELLED: Final = re.compile(r"\(?(?:theo|nguồn)\b|[^:]{2,25}:\s", re.IGNORECASE)
_BESIDE: Final = re.compile(r"\s*[|•·]\s*|\s+[-–—]\s+")
_FEW: Final = 2
_SAMPLE: Final = 10  # blocks of the text that tell its language
_BEHIND: Final = 3  # blocks after the text
_MAIL: Final = re.compile(r"\S@\S")
# Accounts of content systems (Joomla, DotNetNuke, SharePoint, home-made ones), which write nothing themselves.
_NOBODY: Final = re.compile(
    r"(?:(?:site |ban |web)?(?:admin(?:istrator)?|quản trị(?: viên| hệ thống| website)?|quan ?tri(?: vien)?|"
    r"root|webmaster|editor|host|super ?user(?: account)?|system(?: account)?|"
    r"user|guest|test|demo|moderator|mod)[ \d]{0,6})"
    r"|(?:admin|quantri)\w{0,12}|unknown|anonymous|no ?name|n a|tác giả|internet"
)
_ACCOUNT: Final = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_PORTAL: Final = re.compile(r"(?:cổng|trang)(?: thông tin| tin| giao tiếp)?(?: điện tử)?\b|website\b|portal\b")
_SHORT_FORMS: Final = {
    "cttđt": "cổng thông tin điện tử", "ttđt": "thông tin điện tử", "tp": "thành phố", "tx": "thị xã",
    "ubnd": "ủy ban nhân dân", "tt": "trung tâm",
}  # fmt: skip
_KINDS_OF_PLACE: Final = frozenset({"thị", "xã", "thành", "phố", "huyện", "tỉnh", "phường", "của"})


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
        people = tuple(dict.fromkeys(one for one in named if _is_person(one, sites, host, declared=rule == DECLARED)))
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


def _is_person(author: Author, sites: set[str], host: str, *, declared: bool) -> bool:
    """Tell whether `author` is neither the site, in any of its spellings, nor an account, a host or a mail address."""
    name = author.name or author.organisation
    folded = fold(name)
    if not folded or _NOBODY.fullmatch(folded) or _MAIL.search(name) or (host and host in name.casefold()):
        return False
    if declared and (_ACCOUNT.fullmatch(name) or _PORTAL.match(folded)):
        return False
    return not any(_is_same_site(folded, site) for site in sites)


def _is_same_site(name: str, site: str) -> bool:
    """`Cổng TTĐT thị xã Suối Thông` is `Cổng thông tin điện tử Suối Thông`."""
    one, other = (_spelled(text) for text in (name, site))
    are_portals = _PORTAL.match(" ".join(one)) and _PORTAL.match(" ".join(other))
    words, others = set(one) - _KINDS_OF_PLACE, set(other) - _KINDS_OF_PLACE
    return words == others or bool(are_portals and (words <= others or others <= words))


def _spelled(text: str) -> list[str]:
    return " ".join(_SHORT_FORMS.get(word, word) for word in text.split()).split()


def _line_below_text(reading: Reading) -> str:
    """The byline in a box of its own behind the text: named for it, or set apart (NukeViet: bold, to the right)."""
    for block in reading.flow.blocks[reading.last + 1 : reading.last + 1 + _BEHIND]:
        if is_tail(block.text) or block.comment:
            break
        named = any(_WRITERS.search(words_of(one)) for one in (block.owner, block.owner.getparent()) if one is not None)
        apart = block.chrome is None and not block.link_words and is_set_apart(block)
        if (named or apart) and len(block.text) <= LONGEST and is_signature(_BY.sub("", block.text), set_apart=apart):
            return block.text
    return ""


def _line_below_headline(reading: Reading) -> str:
    """The visible byline near the headline: named for it, with a label, or beside the date, `Hồng Hải - 05/09/2022`."""
    start = reading.head.place if reading.head is not None else reading.first - 1
    spoken = 0  # paragraphs: the second one belongs to the text, and what follows stands in it or below it
    for block in reading.flow.blocks[max(0, start - 2) : max(reading.first, start + 1) + 3]:
        spoken += block.place > start and is_paragraph(block)
        if not block.text or len(block.text) > LONGEST or block.comment or block.kind == "heading":
            continue
        if _WRITERS.search(words_of(block.owner)) and is_signature(_BY.sub("", block.text)):
            return block.text
        if _BY.match(block.text) and is_signature(block.text):
            return block.text
        if (
            spoken < _FEW
            and start < block.place <= max(reading.first, start + 2) + 1
            and (names := _beside_date(block.text) or _above_text(reading, block))
        ):
            return names
    return ""


def _above_text(reading: Reading, block: Block) -> str:
    """A Vietnamese name in a line of its own below the headline: labelled, with its surname, or beside the date."""
    if block.chrome is not None or block.link_words or not is_signature(block.text):
        return ""
    if not is_vietnamese(" ".join(one.text for one in reading.blocks[:_SAMPLE])):
        return ""
    blocks = reading.flow.blocks
    beside = (blocks[place].text for place in (block.place - 1, block.place + 1) if 0 <= place < len(blocks))
    people = split_byline(block.text)
    is_dated = all(is_mixed(one.name) for one in people) and any(is_dateline(text) for text in beside)
    is_labelled = bool(_LABELLED.match(block.text))
    return block.text if is_dated or is_labelled or is_full_name(block.text) else ""


def _beside_date(line: str) -> str:
    """The writers in a line that holds nothing else but the date, "" when there is none, or more."""
    if not any(char.isdigit() for char in line):
        return ""
    parts = [part for part in _BESIDE.split(line) if part.strip()]
    names = [part for part in parts if is_signature(part) and not any(char.isdigit() for char in part)]
    return ", ".join(names) if names and all(part in names or is_dateline(part) for part in parts) else ""

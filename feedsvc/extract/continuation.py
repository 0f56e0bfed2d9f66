"""Articles that go on: which pages continue this one, and all of them joined (reading.md 5, row "several pages").

Portals part long reports by a line `Trang 1 2 3` below the text. The same line stands below the lists of other news,
and there it is not for us: only addresses that are the article's own but for the number of the page count.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from lxml import etree
from lxml import html as lxml_html

from feedsvc.extract.clean import clean_text, sanitise
from feedsvc.extract.identity import fingerprint, is_weak, weak_keys
from feedsvc.extract.page import absolute
from feedsvc.extract.tails import is_tail
from feedsvc.model import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feedsvc.extract.flow import Block
    from feedsvc.extract.reading import Reading
    from feedsvc.model import Item

MOST_PAGES: Final = 10
"""Pages of one article that are joined, the first among them."""

_BEHIND: Final = 12  # blocks below the text in which the line of pages may stand: each number may be one of its own
_LONGEST_LINE: Final = 200
_HEADLINE_WORDS: Final = 4
_PARAGRAPH_WORDS: Final = 15
_LINKED: Final = 0.5
_REPEATED: Final = 6  # words: a shorter paragraph may well be said twice
_NUMBER: Final = re.compile(r"\d{1,2}")
_ENTRY: Final = re.compile(r"[\s\[(|]*(?:trang|page|phần)?\s*(\d{1,2})[\s\])|.,]*", re.IGNORECASE)
_NEXT: Final = re.compile(
    r"[\s>»›]*(?:trang (?:sau|tiếp(?: theo)?|kế)|tiếp(?: theo)?|phần tiếp(?: theo)?|next(?: page)?|[»›>])[\s>»›]*",
    re.IGNORECASE,
)
_LINE: Final = re.compile(
    r"(?:[\s\d.,…«»‹›<>|\[\]():/-]|trang|pages?|phần|of|của|trước|sau|tiếp|theo|đầu|cuối|next|previous|prev|first|last)+",
    re.IGNORECASE,
)
_MARKED_PATH: Final = re.compile(
    r"(.*?)[/_.-]?(?:[/_-](?:trang|page|phan|tr|p))?[/_.-]?(\d{1,2})(/|\.\w{2,6})?", re.IGNORECASE
)


def later_pages(reading: Reading) -> tuple[str, ...]:
    """Give the addresses of the pages that follow this one in its article, in their order; () for most articles."""
    numbers: dict[int, str | None] = {}
    onward = ""
    for block in _lines(reading):
        for label, url in _entries(block, reading):
            entry = _ENTRY.fullmatch(label)
            if entry:
                numbers.setdefault(int(entry.group(1)), url)
            elif url and _NEXT.fullmatch(label):
                onward = onward or url
    own = reading.document.address
    current = _current(numbers, own)
    follows = (number + current + 1 for number in range(MOST_PAGES - 1))
    pages = []
    for number in follows:
        url = numbers.get(number) or (onward if number == current + 1 else None)
        if not url or not _is_page(url, number, own, current):
            break
        pages.append(url)
    return tuple(pages)


def joined_article(first: Item, others: Sequence[Item]) -> Item:
    """Give `first` with the text, pictures, films and files of its further pages, `others` in their order.

    What a page repeats of those before it (lead, main picture) is told once. The writers are those of the last page
    that names any: Vietnamese portals sign below the text. At most `MOST_PAGES` pages are joined.
    """
    others = others[: MOST_PAGES - 1]
    if not others:
        return first
    said = set(_paragraphs(first.text))
    texts, media = [first.text], {one.url: one for one in first.media}
    markup = [first.html]
    for other in others:
        fresh = [paragraph for paragraph in _paragraphs(other.text) if not _is_repeated(paragraph, said)]
        markup.append(_fresh_markup(other.html, said, set(media)))
        said.update(fresh)
        texts.append("\n\n".join(fresh))
        for one in other.media:
            media.setdefault(one.url, one)
    text = "\n\n".join(part for part in texts if part)
    files = tuple(media.values())
    authors = next((one.authors for one in reversed((first, *others)) if one.authors), ())
    moments = [one.modified for one in (first, *others) if one.modified is not None]
    keys = [key for key in first.keys if not (is_weak(key) and key.startswith("body:"))]
    return replace(
        first,
        text=text,
        html=sanitise("".join(markup)),
        media=files,
        authors=authors,
        modified=max(moments, default=None),
        keys=(*keys, *weak_keys(first.title, None, text, VIETNAM)),
        fingerprint=fingerprint(first.title, first.summary, text, files),
        continues=(),
    )


def _lines(reading: Reading) -> Iterator[Block]:
    """The lines of pages in and right below the text; one below the heading or the links of other news is theirs."""
    blocks = reading.flow.blocks
    own = blocks[reading.first : reading.last + 1 + _BEHIND]
    if reading.blocks and reading.blocks[0].place >= len(blocks):  # a selected body has places of its own
        own = [*reading.blocks, *own]
    below_links = False
    for block in own:
        if not block.text:
            continue
        if block.comment:
            return
        if len(block.text) <= _LONGEST_LINE and _LINE.fullmatch(block.text):
            if not below_links:
                yield block
        elif is_tail(block.text):
            return
        else:
            is_link = block.link_share > _LINKED and block.link_words >= _HEADLINE_WORDS
            below_links = is_link or (below_links and block.words < _PARAGRAPH_WORDS)


def _entries(block: Block, reading: Reading) -> Iterator[tuple[str, str | None]]:
    """The words of a line of pages, each with where it leads."""
    for piece, chain in block.pieces:
        link = next((element for element in chain if element.tag == "a"), None)
        if link is not None:
            yield clean_text(piece), absolute(reading.document, link.get("href") or "")
        else:
            yield from ((number, None) for number in _NUMBER.findall(piece))


def _current(numbers: dict[int, str | None], own: str) -> int:
    """The number of this page: the one without a link, or whose link leads here; 1 when nothing says so."""
    here = (number for number, url in sorted(numbers.items()) if url is None or _plain(url) == _plain(own))
    return next(here, 1)


def _is_page(url: str, number: int, own: str, current: int) -> bool:
    """Tell whether `url` is the address `own` but for the page's number."""
    bases = set(_without_number(own, current)) | ({_plain(own)} if current == 1 else set())
    return not bases.isdisjoint(_without_number(url, number))


def _without_number(url: str, number: int) -> Iterator[str]:
    """`url` without its mark of page `number`: `?page=2`, `/trang-2`, `-p2.html`."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for name, value in pairs:
        if value == str(number):
            yield _key(parts.netloc, parts.path, [pair for pair in pairs if pair[0] != name])
    marked = _MARKED_PATH.fullmatch(parts.path)
    if marked and int(marked.group(2)) == number:
        ending = marked.group(3) or ""
        yield _key(parts.netloc, marked.group(1) + ending, pairs)
        for usual in (".html", ".htm", ".aspx", ".vnp", ".chn"):  # `bai-1.html` and `bai-1/trang-2`
            yield _key(parts.netloc, marked.group(1) + usual, pairs)


def _plain(url: str) -> str:
    parts = urlsplit(url)
    return _key(parts.netloc, parts.path, parse_qsl(parts.query, keep_blank_values=True))


def _key(host: str, path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{host.removeprefix('www.')}{path.rstrip('/')}?{sorted(pairs)}"


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n\n") if paragraph]


def _is_repeated(paragraph: str, said: set[str]) -> bool:
    return paragraph in said and len(paragraph.split()) >= _REPEATED


def _fresh_markup(markup: str, said: set[str], shown: set[str]) -> str:
    """`markup` without the paragraphs in `said` and the figures of pictures in `shown`."""
    if not markup:
        return ""
    kept = []
    for element in lxml_html.fragments_fromstring(markup):
        if isinstance(element, str):
            kept.append(element)
            continue
        pictures = [image.get("src") for image in element.iter("img")]
        is_known = bool(pictures) and element.tag == "figure" and all(src in shown for src in pictures)
        if not is_known and not _is_repeated(clean_text(element.text_content()), said):
            kept.append(etree.tostring(element, encoding="unicode", method="html"))
    return "".join(kept)

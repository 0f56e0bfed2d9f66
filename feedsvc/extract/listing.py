"""A listing page to its `Listing`: by given selectors, or by finding the repeated block (reading.md 3)."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from lxml import etree

from feedsvc.errors import LayoutChanged
from feedsvc.extract.blocks import find_blocks, text_of, words_in
from feedsvc.extract.links import page_links, squeezed
from feedsvc.extract.page import open_page
from feedsvc.extract.pager import read_pager
from feedsvc.extract.record import Reading, read_record
from feedsvc.extract.wording import CUT, TAIL
from feedsvc.model import Listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from feedsvc.extract.blocks import Block
    from feedsvc.extract.climb import Record
    from feedsvc.extract.links import Link
    from feedsvc.extract.page import Document
    from feedsvc.model import Page, Source, Stub

_LEAST_SCORE = 5.0  # of a block that counts as a list at all
_JOINED_SHARE = 0.5  # of the best score, for a further block of a home page
_HALF = 0.5
_DAY_MONTH = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](?:19|20)\d\d\b")
_LAST_MONTH = 12
_DIGITS = re.compile(r"\d+")


def read_listing(page: Page, source: Source, *, title: str = "") -> Listing:
    """Read the items of a listing page, in its order, with the way to its next page.

    `title` is the category's name, used when the page shows none. Raises LayoutChanged when the page holds no list, and
    ExtractError when it cannot be read at all.
    """
    document = open_page(page)
    links = page_links(document)
    blocks = find_blocks(links, urlsplit(document.address).netloc.removeprefix("www."))
    records, best = _chosen(blocks, document)
    if best is None:
        raise LayoutChanged(_no_list(document, len(links)))
    stubs = _merged(_stubs(records, document, source), links)
    if not stubs:
        raise LayoutChanged(_no_list(document, len(links)))
    pager = read_pager(document, best.records[-1].elements[0])
    return Listing(
        title=_heading(document, best) or title,
        stubs=stubs,
        next_url=pager.next_url,
        next_form=pager.next_form,
        pages=pager.pages,
        categories=_menu(blocks, stubs),
        digest=_digest(stubs, records),
    )


def _chosen(blocks: Sequence[Block], document: Document) -> tuple[list[Record], Block | None]:
    """Return the records of the best block, on a home page those of its like too, in document order."""
    best = blocks[0] if blocks and blocks[0].score >= _LEAST_SCORE else None
    if best is None:
        return [], None
    chosen = list(best.records)
    if _is_home(document):
        for block in blocks[1:]:
            fit = block.score >= _JOINED_SHARE * best.score and not block.chrome and not TAIL.match(block.caption)
            if fit and block.shape[0] == best.shape[0] and block.shape[2:] == best.shape[2:]:
                keys = {record.primary.key for record in chosen}
                chosen += [record for record in block.records if record.primary.key not in keys]
    return sorted(chosen, key=lambda record: record.primary.order), best


def _is_home(document: Document) -> bool:
    parts = urlsplit(document.address)
    return (
        parts.path.strip("/").partition(".")[0].casefold() in {"", "index", "default", "home", "trang-chu"}
        and not parts.query
    )


def _stubs(records: Sequence[Record], document: Document, source: Source) -> list[Stub]:
    """Read the records; only their markup is given to BeautifulSoup (reading.md 9)."""
    markup = "".join(f"<div>{_markup(record)}</div>" for record in records)
    soup = BeautifulSoup(markup, "lxml")
    tags = soup.body.find_all("div", recursive=False) if soup.body else []
    reading = Reading(
        document=document,
        now=document.fetched_at,
        timezone=source.timezone,
        day_first=_day_first([text_of(record) for record in records], document),
    )
    found = (read_record(tag, record.primary.url, reading) for tag, record in zip(tags, records, strict=False))
    return _without_shared_pictures([stub for stub in found if stub])


def _markup(record: Record) -> str:
    return "".join(etree.tostring(element, encoding="unicode", method="html") for element in record.elements)


def _day_first(texts: Iterable[str], document: Document) -> bool:
    """Vote on day or month first: a number above 12 tells; without one, pages of US kind count as month first."""
    pairs = [(int(a), int(b)) for text in texts for a, b in _DAY_MONTH.findall(text)]
    days, months = sum(a > _LAST_MONTH for a, _ in pairs), sum(b > _LAST_MONTH for _, b in pairs)
    if days != months:
        return days > months
    language = (document.root.get("lang") or "").casefold().replace("_", "-")
    host = urlsplit(document.address).netloc
    return not (language == "en-us" or host.endswith((".gov", ".us")))


def _without_shared_pictures(stubs: list[Stub]) -> list[Stub]:
    """Leave out the picture that half of the items show: a stand-in, not theirs."""
    counts = Counter(media.url for stub in stubs for media in stub.media if media.kind == "image")
    shared = {url for url, count in counts.items() if count > 1 and count >= len(stubs) * _HALF}
    return [replace(stub, media=tuple(one for one in stub.media if one.url not in shared)) for stub in stubs]


def _merged(stubs: Sequence[Stub], links: Sequence[Link]) -> tuple[Stub, ...]:
    """Give each address once, with the richest fields; a cut title becomes whole where another link has it so."""
    texts: dict[str, str] = {}
    for link in links:
        if len(link.text) > len(texts.get(link.url, "")):
            texts[link.url] = link.text
    found: dict[str, Stub] = {}
    for stub in stubs:
        known = found.get(stub.url)
        found[stub.url] = _joined(known, stub) if known else stub
    return tuple(_with_whole_title(stub, texts.get(stub.url, "")) for stub in found.values())


def _joined(one: Stub, other: Stub) -> Stub:
    dated = one if one.published else other
    title = other.title if CUT.search(one.title) and not CUT.search(other.title) else one.title
    return replace(
        one,
        title=title,
        summary=max(one.summary, other.summary, key=len),
        published=dated.published,
        precision=dated.precision,
        media=one.media or other.media,
    )


def _with_whole_title(stub: Stub, longest: str) -> Stub:
    cut = CUT.search(stub.title)
    stem = stub.title[: cut.start()].rstrip() if cut else ""
    fits = bool(stem) and longest.startswith(stem) and not CUT.search(longest)
    return replace(stub, title=longest) if fits else stub


def _heading(document: Document, best: Block) -> str:
    """Return the name of the list: the heading above it, else the page's own."""
    if best.caption:
        return best.caption
    headings = [squeezed("".join(heading.itertext())) for heading in document.root.iter("h1")]
    titles = [squeezed("".join(element.itertext())) for element in document.root.iter("title")]
    return next((text for text in [*headings, *titles] if text), "")


def _menu(blocks: Sequence[Block], stubs: Sequence[Stub]) -> tuple[tuple[str, str], ...]:
    """Return the links of the page's navigation: short texts to its own host that are no items."""
    items = {stub.url for stub in stubs}
    found: dict[str, str] = {}
    for block in blocks:
        if not block.chrome:
            continue
        for record in block.records:
            link = record.primary
            if (
                link.url not in items
                and link.text
                and words_in(link.text) < 9
                and link.key.partition("/")[0] == block.shape[0]
            ):  # noqa: PLR2004
                found.setdefault(link.url, link.text)
    return tuple((text, url) for url, text in found.items())


def _digest(stubs: Sequence[Stub], records: Sequence[Record]) -> str:
    """Return a hash of the list: its addresses, titles and texts; counters and relative times are left out."""
    lines = [f"{stub.url}\t{stub.title}\t{stub.summary}\t{stub.published}" for stub in stubs]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def _no_list(document: Document, links: int) -> str:
    """Say what the page looks like instead of a list, and what to do."""
    if document.root.xpath("boolean(//input[@type='password'])") and links < 40:  # noqa: PLR2004 - a portal's head may hold a login box too
        seen = "it looks like a login form"
    elif not links:
        seen = "it has no links at all (built by a script, or an error page?)"
    else:
        seen = f"its {links} links form no repeated block of titles"
    return f"no list of articles on {document.address}: {seen}; look at the page, or give [source.select] item"

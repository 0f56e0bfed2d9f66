"""A listing page to its `Listing`: by given selectors, or by finding the repeated block (reading.md 3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc.errors import LayoutChanged
from feedsvc.extract.blocks import as_block, find_blocks, text_of, with_leads, words_in
from feedsvc.extract.emptiness import has_side_caption, heading_column, is_side_block, stands_beside_empty
from feedsvc.extract.familiar import by_familiarity, familiar_of, recognised_in
from feedsvc.extract.kind import evidence_of, kind_of
from feedsvc.extract.links import is_home, page_links, text_within
from feedsvc.extract.lone import lone_record
from feedsvc.extract.marks import Marks
from feedsvc.extract.page import open_page
from feedsvc.extract.pager import read_pager
from feedsvc.extract.record import Columns, Reading, columns_of, read_record
from feedsvc.extract.selection import selected_items, selected_next, with_selected
from feedsvc.extract.shape import lines_at, shape_of_list
from feedsvc.extract.soup import soup_of
from feedsvc.extract.stubs import digest_of, merged, without_shared_pictures
from feedsvc.extract.wording import SERVICE, TAIL
from feedsvc.model import Listing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bs4.element import Tag

    from feedsvc.extract.blocks import Block
    from feedsvc.extract.climb import Record
    from feedsvc.extract.links import Link
    from feedsvc.extract.page import Document
    from feedsvc.model import Page, Source, Stub

_LEAST_SCORE = 5.5  # of a block that counts as a list at all
_LEAST_PAGED = 4.5  # of one whose page has a pager: where a list goes on, there is a list
_JOINED_SHARE = 0.45  # of the best score, for a further block of a home page
_HALF = 0.5
_DAY_MONTH = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](?:19|20)\d\d\b")
_LAST_MONTH = 12
_ONE_SHAPE = 0.8  # of the addresses of a block that is joined to another
_TITLE_LENGTH = 200
_MOST_ITEMS = 300  # of one page; the rest of a longer list is reached through its pager, or is no news
_CATEGORY_WORDS = 8
_LOGIN_LINKS = 12  # a portal's head may hold a login box too; a login page has few links
_DIGITS = re.compile(r"\d+")


def read_listing(
    page: Page, source: Source, *, title: str = "", shape: str = "", familiar: Collection[str] = frozenset()
) -> Listing:
    """Read the items of a listing page, in its order, with the way to its next page.

    `source.select` wins where it names something; the rest is detected. `title` is the category's name, used when the
    page shows none. `shape`, that of the page before in the same list, is looked for first: where it is found even one
    line is a list. `familiar` holds identity keys of items that the category has (addresses and `title:`): a block of
    which 3 and 30 % are among them is the list, whatever its place and looks. Raises LayoutChanged when the page holds
    no list, and ExtractError when it cannot be read at all.
    """
    document = open_page(page)
    links = page_links(document)
    marks = Marks(links)
    acquainted = familiar_of(familiar)
    known = _known_block(shape, links, marks, document)
    blocks = by_familiarity((known,) if known else (), acquainted, enough=_LEAST_SCORE)
    if not known or (acquainted and not blocks[0].recognised):
        found = find_blocks(links, marks, _host(document.address), _names(document))
        blocks = by_familiarity(found, acquainted, enough=_LEAST_SCORE)
        known = None if known and blocks and blocks[0].recognised else known
    best = known or _best(blocks, document, links, marks, is_further=bool(shape))
    if source.select.item:
        entries, records = [(tag, url, "") for tag, url in selected_items(document, source.select)], []
        reading = _reading(document, source, (), links)
    elif best is not None:
        records = _chosen(best, blocks, document, with_leads(best, links, marks))
        entries, reading = _entries(records), _reading(document, source, records, links)
    else:
        raise LayoutChanged(_no_list(document, len(links)))
    stubs = merged(_stubs(entries, reading, source), _texts(links))
    if not stubs:
        raise LayoutChanged(_no_list(document, len(links)))
    tops = [record.top for record in best.records] if best else []
    pager = selected_next(document, source.select.next) if source.select.next else read_pager(document, tops)
    name = _heading(document, "" if source.select.item or best is None else best.caption) or title
    return Listing(
        title=name,
        stubs=stubs,
        next_url=pager.next_url,
        next_form=pager.next_form,
        pages=pager.pages,
        categories=_menu(links, marks, stubs, document),
        digest=digest_of(stubs),
        shape=_shape(shape if known else "", best, source, links, marks),
        recognised=recognised_in(stubs, acquainted),
        kind=kind_of(stubs, evidence_of([one.elements for one in records], document.root, name, document.address)),
    )


def _best(
    blocks: Sequence[Block], document: Document, links: Sequence[Link], marks: Marks, *, is_further: bool
) -> Block | None:
    """Return the page's list, None when it has none. On a further page of a list no side block stands for it.

    Raises LayoutChanged when the page's own list is empty.
    """
    best = blocks[0] if blocks and _is_enough(blocks[0], document) else None
    if best is not None and best.recognised:
        return best
    if best is None or is_side_block(best) or heading_column(best, document, marks) is not None:
        lone = lone_record(links, marks)
        if lone is not None:
            return as_block([lone[0]], lone[1], links, _host(document.address), _names(document))
    if best is not None and stands_beside_empty(best, document, marks):
        raise LayoutChanged(
            f"no list of articles on {document.address}: its own list is empty, and the block under"
            f' "{best.caption}" is another; look at the page, or give [source.select] item'
        )
    return None if best is not None and is_further and is_side_block(best) else best


def _is_enough(block: Block, document: Document) -> bool:
    """Tell whether a block counts as a list: by its score, or by a little less where the page has a pager for it.

    With a pager, stories in what seems chrome by its names are a list too (reading.md 3.1, second pass).
    """
    if block.recognised or block.score >= _LEAST_SCORE:
        return True
    reasons = dict(block.reasons)
    are_stories = min(reasons["heading"], reasons["text"]) >= _HALF
    if block.score < _LEAST_PAGED or has_side_caption(block) or (block.chrome and not are_stories):
        return False
    pager = read_pager(document, [record.top for record in block.records])
    return pager.next_url is not None or bool(pager.pages)


def _known_block(shape: str, links: Sequence[Link], marks: Marks, document: Document) -> Block | None:
    """Return the list that stands where `shape` says, None when there is none."""
    lines = lines_at(shape, links, marks) if shape else []
    if not lines:
        return None
    records = [record for record, _ in lines]
    return as_block(records, lines[0][1], links, _host(document.address), _names(document))


def _shape(known: str, best: Block | None, source: Source, links: Sequence[Link], marks: Marks) -> str:
    """Return the shape by which the list was found, else that of the list itself; none where a selector names it."""
    if known or best is None or source.select.item:
        return known
    return shape_of_list(best.records, links, marks)


def _stubs(entries: Iterable[tuple[Tag, str, str]], reading: Reading, source: Source) -> list[Stub]:
    """Read the fields of each entry; those that selectors name go first."""
    found = ((tag, read_record(tag, url, reading, caption=caption)) for tag, url, caption in entries)
    return without_shared_pictures([with_selected(stub, tag, source.select, reading) for tag, stub in found if stub])


def _texts(links: Sequence[Link]) -> dict[str, str]:
    """Return the longest text that the page's links have for each address."""
    texts: dict[str, str] = {}
    for link in links:
        if len(link.text) > len(texts.get(link.url, "")):
            texts[link.url] = link.text
    return texts


def _chosen(best: Block, blocks: Sequence[Block], document: Document, first: Sequence[Record]) -> list[Record]:
    """Return the records of the best block, on a home page those of its like too, in document order."""
    chosen = list(first)
    if is_home(document.address):
        for block in blocks[1:]:
            fit = block.score >= _JOINED_SHARE * best.score and dict(block.reasons)["shape"] >= _ONE_SHAPE
            if (
                fit
                and not block.chrome
                and not TAIL.match(block.caption)
                and block.shape[0] == best.shape[0]
                and block.shape[2:] == best.shape[2:]
            ):
                keys = {record.primary.key for record in chosen}
                chosen += [record for record in block.records if record.primary.key not in keys]
    return sorted(chosen, key=lambda record: record.primary.order)[:_MOST_ITEMS]


def _entries(records: Sequence[Record]) -> list[tuple[Tag, str, str]]:
    """Return element, address and dated caption of each record."""
    tags = soup_of(record.elements for record in records)
    return [(tag, record.primary.url, record.caption) for tag, record in zip(tags, records, strict=True)]


def _reading(document: Document, source: Source, records: Sequence[Record], links: Sequence[Link]) -> Reading:
    return Reading(
        document=document,
        now=document.fetched_at,
        timezone=source.timezone,
        day_first=_day_first([text_of(record) for record in records], document),
        columns=columns_of(records[0].elements[0]) if records else Columns(),
        addresses={link.element.get("href") or "": link.url for link in links if link.element.tag == "a"},
    )


def _day_first(texts: Iterable[str], document: Document) -> bool:
    """Vote on day or month first: a number above 12 tells; without one, pages of US kind count as month first."""
    pairs = [(int(a), int(b)) for text in texts for a, b in _DAY_MONTH.findall(text)]
    days, months = sum(a > _LAST_MONTH for a, _ in pairs), sum(b > _LAST_MONTH for _, b in pairs)
    if days != months:
        return days > months
    language = (document.root.get("lang") or "").casefold().replace("_", "-")
    host = urlsplit(document.address).netloc
    return not (language == "en-us" or host.endswith((".gov", ".us")))


def _heading(document: Document, caption: str) -> str:
    """Return the caption of the list where the page's title has it too, else the page's heading, else the caption."""
    page = _title(document)
    headings = [text_within(element, _TITLE_LENGTH) for element in document.root.iter("h1")]
    named = caption if caption.casefold() in page.casefold() else ""
    return next((text for text in (named, *headings, caption) if text), page)


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")


def _names(document: Document) -> str:
    """Return the page's title and first headings: a list named there is what the page is for."""
    return " ".join([_title(document), *(text_within(element, _TITLE_LENGTH) for element in document.root.iter("h1"))])


def _title(document: Document) -> str:
    return next((text_within(element, _TITLE_LENGTH) for element in document.root.iter("title")), "")


def _menu(
    links: Sequence[Link], marks: Marks, stubs: Sequence[Stub], document: Document
) -> tuple[tuple[str, str], ...]:
    """Return the links of the page's navigation: short names on its own host that are no items."""
    items = {stub.url for stub in stubs}
    host = _host(document.address)
    menu = (link for link in links if _names_category(link) and marks.chrome(link.path[:-1]))
    found = {link.url: link.text for link in reversed(list(menu)) if link.url not in items and _host(link.url) == host}
    return tuple((text, url) for url, text in reversed(found.items()))


def _names_category(link: Link) -> bool:
    return 0 < words_in(link.text) <= _CATEGORY_WORDS and not SERVICE.fullmatch(link.text)


def _no_list(document: Document, links: int) -> str:
    """Say what the page looks like instead of a list, and what to do."""
    if document.root.xpath("boolean(//input[@type='password'])") and links < _LOGIN_LINKS:
        seen = "it looks like a login form"
    elif not links:
        seen = "it has no links at all (built by a script, or an error page?)"
    else:
        seen = f"its {links} links form no repeated block of titles"
    return f"no list of articles on {document.address}: {seen}; look at the page, or give [source.select] item"

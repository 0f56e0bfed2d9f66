"""A listing page to its `Listing`: by given selectors, or by finding the repeated block (reading.md 3)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from feedsvc.errors import LayoutChanged
from feedsvc.extract.blocks import words_in
from feedsvc.extract.day_order import DayOrder, day_first, joined, signs_of, starts_day_first
from feedsvc.extract.detection import detect, likeliest, view_of
from feedsvc.extract.explain_listing import explain_listing
from feedsvc.extract.familiar import familiar_of, recognised_in
from feedsvc.extract.kind import evidence_of, kind_of
from feedsvc.extract.known_list import imprint_of
from feedsvc.extract.page import open_page
from feedsvc.extract.pager import read_pager
from feedsvc.extract.record import read_record
from feedsvc.extract.record_setting import Columns, Reading, columns_of
from feedsvc.extract.selection import selected_items, selected_next, with_selected
from feedsvc.extract.soup import soup_of
from feedsvc.extract.stubs import digest_of, merged, without_shared_pictures
from feedsvc.extract.suspicion import sign_of
from feedsvc.extract.wording import SERVICE, has_day
from feedsvc.model import Listing, Trace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bs4.element import Tag

    from feedsvc.extract.account import Account
    from feedsvc.extract.climb import Record
    from feedsvc.extract.detection import View
    from feedsvc.extract.links import Link
    from feedsvc.extract.page import Document
    from feedsvc.model import Page, Source, Stub

_CATEGORY_WORDS = 8
_DATES = 16  # of so many lines, looked at for the order of day and month


def read_listing(
    page: Page,
    source: Source,
    *,
    title: str = "",
    shape: str = "",
    familiar: Collection[str] = frozenset(),
    usual: int = 0,
    account: Account | None = None,
) -> Listing:
    """Read the items of a listing page, in its order, with the way to its next page.

    `source.select` wins where it names something; the rest is detected. `title` is the category's name, used when the
    page shows none. `shape`, that of the same list when it was read before, is looked for first: on a further page of
    the list one line there is enough, on its first page, where `usual` says how many items it had, half of them.
    `familiar` holds identity keys of items that the category has (addresses and `title:`): a block of which 3 and 30 %
    are among them is the list, whatever its place and looks. `account` is told what was chosen from what. Raises
    LayoutChanged when the page holds no list, and ExtractError when it cannot be read at all.
    """
    document = open_page(page)
    view, acquainted = view_of(document), familiar_of(familiar)
    found = None if source.select.item else detect(view, acquainted, shape=shape, usual=usual)
    records = found.records if found else ()
    signs = _signs(records, document, source)
    reading = _reading(document, source, records, view.links, signs)
    if source.select.item:
        entries = [(tag, url, "") for tag, url in selected_items(document, source.select)]
    else:
        entries = _entries(records)
    stubs = merged(_stubs(entries, reading, source), _texts(view.links))
    if not stubs:
        raise LayoutChanged(_no_list(document, len(view.links)))
    if source.select.next:
        pager = selected_next(document, source.select.next)
    else:
        pager = read_pager(document, [one.top for one in (found.block.records if found else likeliest(view))])
    name = _heading(view, found.caption if found else "") or title
    place = found.shape if found else ""
    listing = Listing(
        title=name,
        stubs=stubs,
        next_url=pager.next_url,
        next_form=pager.next_form,
        pages=pager.pages,
        categories=_menu(view, stubs),
        digest=digest_of(stubs),
        shape=place,
        trace=Trace(days=signs.days, months=signs.months),
        recognised=recognised_in(stubs, acquainted),
        sign=sign_of(document.root, len(view.links)),
        imprint=imprint_of(page.body, document.root, place, [one.top for one in records]),
        kind=kind_of(stubs, evidence_of([one.elements for one in records], document.root, name, document.address)),
    )
    if account is not None:
        explain_listing(account, listing, view, found, source)
    return listing


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


def _entries(records: Sequence[Record]) -> list[tuple[Tag, str, str]]:
    """Return element, address and dated caption of each record."""
    tags = soup_of(record.elements for record in records)
    return [(tag, record.primary.url, record.caption) for tag, record in zip(tags, records, strict=True)]


def _reading(
    document: Document, source: Source, records: Sequence[Record], links: Sequence[Link], signs: DayOrder
) -> Reading:
    return Reading(
        document=document,
        now=document.fetched_at,
        timezone=source.timezone,
        day_first=_day_first(signs, document, source),
        columns=columns_of(records[0].elements[0]) if records else Columns(),
        addresses={link.element.get("href") or "": link.url for link in links if link.element.tag == "a"},
    )


def _signs(records: Sequence[Record], document: Document, source: Source) -> DayOrder:
    """Count the signs for day or month first in the lines of the list, newest first."""
    today = document.fetched_at.astimezone(source.timezone).date()
    texts = islice((text for record in records[:_DATES] for text in record.top.itertext() if has_day(text)), _DATES)
    return signs_of(texts, today=today, newest_first=True)


def _day_first(signs: DayOrder, document: Document, source: Source) -> bool:
    """Decide by this list and by what the source has shown; pages of US kind alone start month first."""
    learned = DayOrder(days=source.profile.days, months=source.profile.months)
    default = starts_day_first(document.root.get("lang") or "", document.address, source.timezone.key)
    return day_first(joined(learned, signs), default)


def _heading(view: View, caption: str) -> str:
    """Return the caption of the list where the page's title has it too, else the page's heading, else the caption."""
    named = caption if caption.casefold() in view.title.casefold() else ""
    return next((text for text in (named, *view.headings, caption) if text), view.title)


def _menu(view: View, stubs: Sequence[Stub]) -> tuple[tuple[str, str], ...]:
    """Return the links of the page's navigation: short names on its own host that are no items."""
    items = {stub.url for stub in stubs}
    own = (f"{view.host}/", f"{view.host}?")
    others = [link for link in view.links if link.key.startswith(own) and link.url not in items]
    menu = [link for link in others if view.marks.chrome(link.path[:-1]) and _names_category(link)]
    found = {link.url: link.text for link in reversed(menu)}
    return tuple((text, url) for url, text in reversed(found.items()))


def _names_category(link: Link) -> bool:
    return 0 < words_in(link.text) <= _CATEGORY_WORDS and not SERVICE.fullmatch(link.text)


def _no_list(document: Document, links: int) -> str:
    """Say what the page looks like instead of a list, and what to do."""
    seen = [sign] if (sign := sign_of(document.root, links)) else []
    if not links:
        seen.append("it has no links at all (built by a script, or an error page?)")
    elif not seen:
        seen.append(f"its {links} links form no repeated block of titles")
    told = ", and ".join(seen)
    return f"no list of articles on {document.address}: {told}; look at the page, or give [source.select] item"

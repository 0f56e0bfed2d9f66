"""An article's page to its `Item`: headline, lead, text, writers, dates, media (reading.md 5)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from feedsvc.errors import ExtractError
from feedsvc.extract.attachments import find_documents
from feedsvc.extract.authors import find_bylines, writers_of
from feedsvc.extract.clean import clean_text
from feedsvc.extract.continuation import later_pages
from feedsvc.extract.date_spots import Surroundings
from feedsvc.extract.dateline import Dates, Habits, find_dates
from feedsvc.extract.dates import When
from feedsvc.extract.day_order import DayOrder, starts_day_first
from feedsvc.extract.explain import explain_article
from feedsvc.extract.films import find_films
from feedsvc.extract.identity import fingerprint, item_keys
from feedsvc.extract.lead import find_lead
from feedsvc.extract.learned import own_headings, without_habits
from feedsvc.extract.links import is_home, key_of
from feedsvc.extract.markup import to_html, to_text
from feedsvc.extract.media import find_images, shown_images
from feedsvc.extract.page import absolute, open_page
from feedsvc.extract.profile import known_of
from feedsvc.extract.prose import Prose, read_prose
from feedsvc.extract.reading import Reading, find_head, open_article, own_elements, read_language, with_pictures_above
from feedsvc.extract.selected import Selection
from feedsvc.extract.title import head_texts, read_title, title_element
from feedsvc.extract.trace import trace_of
from feedsvc.model import Item, MediaObject, Selectors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from feedsvc.extract.account import Account
    from feedsvc.extract.profile import Known
    from feedsvc.model import Page, Source, Stub

_LOGIN: Final = re.compile(r"đăng nhập|log ?in|sign ?in|anmelden", re.IGNORECASE)
_WEAK_WORDS: Final = 50


def read_article(page: Page, source: Source, stub: Stub | None = None, *, account: Account | None = None) -> Item:
    """Read the article on `page`; `stub` is the line of the listing that led to it, asked where the page says nothing.

    `account` is told what each field was chosen from. Returns an `Item` without an id, seen at `page.fetched_at`, all
    addresses absolute, `html` sanitised. Raises ExtractError when the page holds no article: nothing readable at all,
    the front page in its place, a login form, neither text nor media, or no headline.
    """
    _refuse_front_page(page, source)
    source = replace(source, select=_for_articles(source.select))
    document = open_page(page)
    selection = Selection(document)
    reading = open_article(document, selection, source, stub.title if stub else "")
    known = known_of(source.profile)
    cut = without_habits(reading, known, stub)
    title = _title(reading, selection, source, stub, known)
    reading.head = find_head(reading, title)
    language = read_language(reading, source)
    prose = read_prose(with_pictures_above(reading), title, language)
    lead, lead_above = find_lead(reading, prose, stub.summary if stub else "", language)
    summary = selection.text(source.select.summary) or lead
    text = to_text(lead_above, prose.blocks)
    shown = shown_images(prose, document, title)
    media = _media(reading, shown)
    _refuse_empty(reading, title, text, media)
    dates = _dates(reading, selection, source, stub, prose, media, summary)
    bylines = find_bylines(
        reading, selected=selection.text(source.select.byline), signature=prose.signature, site=source.title
    )
    url = absolute(document, page.final_url) or page.final_url
    published = dates.published.moment if dates.published else None
    item = Item(
        keys=_keys(reading, url, title, published, text, source),
        source=source.slug,
        url=url,
        title=title,
        summary=summary,
        html=to_html(lead_above, prose.blocks, shown, [one for one in media if one.kind == "video"], document),
        text=text,
        authors=writers_of(bylines, known.posters),
        published=published,
        precision=dates.published.precision if dates.published else None,
        modified=dates.modified.moment if dates.modified else None,
        first_seen=page.fetched_at,
        shown=page.fetched_at,
        updated=page.fetched_at,
        media=media,
        language=language,
        fingerprint=fingerprint(title, summary, text, media),
        point=reading.structured.point,
        trace=trace_of(reading, prose, cut, bylines=bylines, stub=stub, timezone=source.timezone),
        continues=later_pages(reading),
    )
    if account is not None:
        explain_article(account, item, reading, prose, source=source, stub=stub, bylines=bylines, cut=cut)
    return item


def _for_articles(select: Selectors) -> Selectors:
    """With `item` given, the selectors of its parts mean those of a line of the listing; body and byline never do."""
    return select if select.item is None else Selectors(body=select.body, byline=select.byline)


def _keys(
    reading: Reading, url: str, title: str, published: datetime | None, text: str, source: Source
) -> tuple[str, ...]:
    declared = reading.structured.canonical
    canonical = absolute(reading.document, declared) if declared else None
    return item_keys(url, canonical, title, published, text, source.timezone)


def _title(reading: Reading, selection: Selection, source: Source, stub: Stub | None, known: Known) -> str:
    chosen = clean_text(selection.text(source.select.title))
    if chosen:
        return chosen
    heads = own_headings(head_texts(reading.flow.blocks, reading.first), known, stub.title if stub else "")
    return read_title(
        heads,
        stub.title if stub else "",
        reading.structured,
        title_element(reading.document.root),
        site=source.title,
        address=reading.document.address,
    )


def _media(reading: Reading, shown: Mapping[int, MediaObject]) -> tuple[MediaObject, ...]:
    elements = own_elements(reading)
    document = reading.document
    images = find_images(shown, document, reading.structured)
    films = find_films(elements, document, reading.structured)
    posters = {film.thumbnail for film in films}
    kept = tuple(image for place, image in enumerate(images) if place == 0 or image.url not in posters)
    return (*kept, *films, *find_documents(elements, document))


def _refuse_front_page(page: Page, source: Source) -> None:
    """A portal that has withdrawn an article often sends to its front page, whose stories are no substitute."""
    is_moved = key_of(page.url) != key_of(page.final_url) and not is_home(page.url)
    if is_moved and (is_home(page.final_url) or key_of(page.final_url) == key_of(source.home)):
        raise ExtractError(
            f"{page.url} leads to the front page {page.final_url}, so the article is gone or has moved;"
            " look for it on the portal"
        )


def _refuse_empty(reading: Reading, title: str, text: str, media: tuple[MediaObject, ...]) -> None:
    address = reading.document.address
    if (
        len(text.split()) < _WEAK_WORDS
        and reading.document.root.xpath("boolean(//input[@type='password'])")
        and (_LOGIN.search(title) or not (text or any(one.kind != "image" for one in media)))
    ):
        raise ExtractError(
            f"{address} asks for a login instead of showing an article;"
            " look whether the portal still shows it to everyone"
        )
    if not title:
        raise ExtractError(
            f"{address} has no headline, so it is no article; give [source.select] title when it has one"
        )
    if not text and not media:
        raise ExtractError(
            f"{address} holds neither text nor pictures, films or documents; give [source.select] body when it does"
        )


def _dates(
    reading: Reading,
    selection: Selection,
    source: Source,
    stub: Stub | None,
    prose: Prose,
    media: tuple[MediaObject, ...],
    summary: str,
) -> Dates:
    listed = _listed(stub, source)
    place = Surroundings(
        root=reading.document.root,
        blocks=reading.flow.blocks,
        head=reading.head.place if reading.head is not None else None,
        first=reading.first,
        last=reading.last,
        address=reading.document.address,
        pictures=tuple(one.url for one in media if one.kind == "image"),
        lead=summary,
        text=" ".join(block.text for block in prose.paragraphs),
        listed=listed,
        selected=selection.text(source.select.date),
    )
    return find_dates(place, reading.structured, now=reading.document.fetched_at, habits=_date_habits(reading, source))


def _listed(stub: Stub | None, source: Source) -> When | None:
    """The date that the listing gave, in the portal's zone, as all days are compared there."""
    if stub is None or stub.published is None:
        return None
    return When(stub.published.astimezone(source.timezone), stub.precision or "day")


def _date_habits(reading: Reading, source: Source) -> Habits:
    """What the source has taught about its dates; month-first is the start on American pages alone (reading.md 6)."""
    declared = "vi" if read_language(reading, source) == "vi" else reading.structured.language
    return Habits(
        timezone=source.timezone,
        starts_day_first=starts_day_first(declared, reading.document.address, source.timezone.key),
        order=DayOrder(days=source.profile.days, months=source.profile.months),
    )

"""An article's page to its `Item`: headline, lead, text, writers, dates, pictures, films and documents (reading.md 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from feedsvc.errors import ExtractError
from feedsvc.extract.body import Body, blocks_in, find_body
from feedsvc.extract.byline import LONGEST, is_signature, split_byline
from feedsvc.extract.clean import clean_text
from feedsvc.extract.dateline import Dates, Surroundings, find_dates
from feedsvc.extract.dates import When
from feedsvc.extract.films import find_documents, find_films
from feedsvc.extract.flow import Block, Flow, read_flow
from feedsvc.extract.identity import fingerprint, item_keys
from feedsvc.extract.markup import to_html, to_text
from feedsvc.extract.media import block_image, find_images
from feedsvc.extract.page import Document, absolute, open_page
from feedsvc.extract.places import words_of
from feedsvc.extract.prose import Prose, is_tail, read_prose
from feedsvc.extract.selected import Selection
from feedsvc.extract.structured import Structured, read_structured
from feedsvc.extract.title import fold, head_texts, read_title
from feedsvc.model import Author, Item, MediaObject

if TYPE_CHECKING:
    from feedsvc.model import Page, Source, Stub

_LEAD_WORDS: Final = re.compile(
    r"(?:^|[\s_-])(?:sapo|lead|leadtext|hometext|description|tomtat|tom-?tat|trich-?yeu|mo-?ta|dek|standfirst|summary|"
    r"article-?(?:summary|intro|lead|dek|subtitle|description)|news-?(?:lead|sapo|summary)|intro-?text|teaser-?text|vorspann)(?:$|[\s_-])"
)
_VIETNAMESE: Final = re.compile("[ăâđêôơưĂÂĐÊÔƠƯạ-ỹẠ-Ỹ]")
_WRITERS: Final = re.compile(r"(?:^|[\s_-])(?:author|byline|by-?line|tac-?gia|writer|vcard|creator)(?:$|[\s_-])")
_BY: Final = re.compile(r"^(?:by|von|par|por|di|tác giả|bởi|written by|posted by|author)\s*:?\s+", re.IGNORECASE)
_MAIL: Final = re.compile(r"\S@\S")
_LOGIN: Final = re.compile(r"đăng nhập|log ?in|sign ?in|anmelden", re.IGNORECASE)
_NOBODY: Final = frozenset(
    {"admin", "administrator", "quan tri", "quản trị", "quản trị viên", "root", "webmaster", "editor"}
)
_WEAK: Final = 40.0
_WEAK_WORDS: Final = 50
_HIGHEST: Final = 8
_LEAD_LENGTH: Final = 600


@dataclass(slots=True)
class _Reading:
    """What is known of one page while it is being read."""

    document: Document
    structured: Structured
    flow: Flow
    blocks: list[Block]
    first: int
    last: int
    region: Any
    head: Block | None = None


def read_article(page: Page, source: Source, stub: Stub | None = None) -> Item:
    """Read the article on `page`; `stub` is the line of the listing that led to it, asked where the page says nothing.

    Returns an `Item` without an id, seen at `page.fetched_at`, all addresses absolute, `html` sanitised. Raises
    ExtractError when the page holds no article: nothing readable at all, a login form, neither text nor media, or no
    headline.
    """
    document = open_page(page)
    selection = Selection(document)
    structured = read_structured(document.root)
    reading = _opened(document, structured, selection, source)
    title = _title(reading, selection, source, stub)
    reading.head = _head(reading, title)
    language = _language(reading, source)
    prose = read_prose(_with_pictures_above(reading), title, language)
    lead = _lead_block(reading, prose)
    summary, lead_above = _summary(prose, lead, structured, stub)
    text = to_text(lead_above, prose.blocks)
    media = _media(reading, prose)
    _refuse_empty(reading, title, text, media)
    dates = _dates(reading, selection, source, stub, prose, media, summary)
    authors = _authors(reading, selection, source, prose)
    url = absolute(document, page.final_url) or page.final_url
    published = dates.published.moment if dates.published else None
    return Item(
        keys=item_keys(
            url,
            absolute(document, structured.canonical) if structured.canonical else None,
            title,
            published,
            text,
            source.timezone,
        ),
        source=source.slug,
        url=url,
        title=title,
        summary=summary,
        html=to_html(
            lead_above, prose.blocks, _shown(prose, document), [one for one in media if one.kind == "video"], document
        ),
        text=text,
        authors=authors,
        published=published,
        precision=dates.published.precision if dates.published else None,
        modified=dates.modified.moment if dates.modified else None,
        first_seen=page.fetched_at,
        shown=page.fetched_at,
        updated=page.fetched_at,
        media=media,
        language=language,
        fingerprint=fingerprint(title, summary, text, media),
    )


def _opened(document: Document, structured: Structured, selection: Selection, source: Source) -> _Reading:
    """Find the body: where the selector says, else where the page speaks most, else around the headline's media."""
    flow = read_flow(document.root)
    chosen = selection.tree(source.select.body)
    if chosen is not None:
        own = read_flow(chosen)
        for block in own.blocks:
            block.chrome = None
        return _Reading(document, structured, own, own.blocks, 0, max(len(own.blocks) - 1, 0), chosen)
    body = find_body(flow)
    if body is None or body.weight < _WEAK:
        body = _around_headline(flow) or body
    blocks = body.blocks if body is not None else []
    first = blocks[0].place if blocks else 0
    last = blocks[-1].place if blocks else 0
    region = _region(flow, body, first) if body is not None else document.root
    return _Reading(document, structured, flow, blocks, first, last, region)


def _around_headline(flow: Flow) -> Body | None:
    """An album or a film has no text to find: climb from the first headline to what holds a picture or a player."""
    head = next(
        (block for block in flow.blocks if block.kind == "heading" and block.level == 1 and block.chrome is None), None
    )
    head = head or next((block for block in flow.blocks if block.kind == "heading" and block.chrome is None), None)
    if head is None:
        return None
    element = head.owner
    for _ in range(_HIGHEST):
        element = element.getparent()
        if element is None or element.tag in {"body", "html"}:
            return None
        inside = [block for block in blocks_in(element, flow.blocks) if block.place > head.place]
        if any(block.kind in {"picture", "film"} and block.chrome is None for block in inside) or _plays(element):
            return Body(element, inside, 0.0)
    return None


def _plays(element: Any) -> bool:
    return bool(element.xpath(".//*[@data-vid or @data-trailer or @data-video]"))


def _region(flow: Flow, body: Body, first: int) -> Any:
    """The smallest part of the page that holds the headline and the body; the body's own parent when that is the page."""
    heads = [block for block in flow.blocks[:first] if block.kind == "heading" and block.chrome is None]
    heads.sort(key=lambda block: (block.level != 1, -block.place))
    above = [body.element, *body.element.iterancestors()]
    own = set(above)
    for head in heads[:1]:
        common = next((element for element in head.owner.iterancestors() if element in own), None)
        if common is not None and common.tag not in {"body", "html"}:
            return common
    parent = body.element.getparent()
    return parent if parent is not None and parent.tag not in {"body", "html"} else body.element


def _title(reading: _Reading, selection: Selection, source: Source, stub: Stub | None) -> str:
    chosen = clean_text(selection.text(source.select.title))
    if chosen:
        return chosen
    element = next(reading.document.root.iter("title"), None)
    heads = head_texts(reading.flow.blocks, reading.first)
    return read_title(
        heads, stub.title if stub else "", reading.structured, (element.text or "") if element is not None else ""
    )


def _head(reading: _Reading, title: str) -> Block | None:
    """The block that shows the headline, the last one above the body."""
    folded = fold(title)
    same = [
        block
        for block in reading.flow.blocks
        if block.text and block.words < _WEAK_WORDS and not block.comment and fold(block.text) == folded
    ]
    above = [block for block in same if block.place <= reading.first + 3]
    return next(iter(sorted(above or same[:1], key=lambda block: (block.kind != "heading", -block.place))), None)


def _language(reading: _Reading, source: Source) -> str:
    """Vietnamese by its letters, whatever the template's `lang` says; else `lang`, else the source's."""
    text = " ".join(block.text for block in reading.blocks if block.chrome is None)[:4000]
    if text and len(_VIETNAMESE.findall(text)) > len(text) / 50:
        return "vi"
    given = re.match(r"[a-z]{2,3}(?=$|[-_])", reading.structured.language)
    return given.group(0) if given else source.language


def _with_pictures_above(reading: _Reading) -> list[Block]:
    """The body's blocks, and before them the pictures that stand between the headline and the body."""
    if reading.head is None or reading.head.place >= reading.first:
        return reading.blocks
    between = reading.flow.blocks[reading.head.place + 1 : reading.first]
    own = [
        block
        for block in between
        if block.chrome is None and (block.kind in {"picture", "film"} or block.caption is not None)
    ]
    return [*own, *reading.blocks] if len(own) <= _HIGHEST else reading.blocks


def _lead_block(reading: _Reading, prose: Prose) -> Block | None:
    """The lead as the page names it: inside the body, or between the headline and the body."""
    start = reading.head.place + 1 if reading.head is not None else max(0, reading.first - _HIGHEST)
    inside = {block.place for block in prose.blocks}
    for block in reading.flow.blocks[start : reading.first + 4]:
        known = block.place in inside
        if (
            not block.text
            or (block.chrome is not None and not known)
            or block.comment
            or block.words < 6
            or len(block.text) > _LEAD_LENGTH
        ):
            continue
        if any(
            _LEAD_WORDS.search(words_of(element))
            for element in (block.owner, block.owner.getparent())
            if element is not None and element.tag not in {"body", "html"}
        ):
            return block
    return None


def _summary(prose: Prose, lead: Block | None, structured: Structured, stub: Stub | None) -> tuple[str, str]:
    """Give the lead, and the same once more when it stands above the body and is still to be put before it."""
    paragraphs = [block for block in prose.paragraphs if block.kind not in {"heading", "cell"}]
    if lead is not None:
        folded = fold(lead.text)
        repeated = any(fold(block.text) == folded for block in paragraphs[:3])
        return lead.text, "" if repeated else lead.text
    bold = next((block for block in paragraphs[:2] if block.bold_words > 0.8 * block.words and block.words >= 10), None)
    first = bold or next((block for block in paragraphs if block.words >= 6), None)
    if first is not None:
        return first.text, ""
    return (stub.summary if stub else "") or structured.description, ""


def _elements(reading: _Reading) -> list[Any]:
    """The elements of the article's part of the page, down to the heading of what stands below the article."""
    below = (
        block for block in reading.flow.blocks if block.text and block.place > reading.last - 2 and is_tail(block.text)
    )
    tails = {block.owner for block in below if not block.text.isdigit()}
    inside = list(takewhile(lambda element: element not in tails, reading.region.iter()))
    return inside


def _media(reading: _Reading, prose: Prose) -> tuple[MediaObject, ...]:
    elements = _elements(reading)
    document = reading.document
    images = find_images(prose, document, reading.structured)
    films = find_films(elements, document, reading.structured)
    posters = {film.thumbnail for film in films}
    kept = tuple(image for place, image in enumerate(images) if place == 0 or image.url not in posters)
    return (*kept, *films, *find_documents(elements, document))


def _shown(prose: Prose, document: Document) -> dict[int, MediaObject]:
    found = {
        block.place: block_image(block, document, prose.captions.get(block.place, ""))
        for block in prose.blocks
        if block.kind == "picture"
    }
    return {place: image for place, image in found.items() if image is not None}


def _refuse_empty(reading: _Reading, title: str, text: str, media: tuple[MediaObject, ...]) -> None:
    address = reading.document.address
    if (
        len(text.split()) < _WEAK_WORDS
        and reading.document.root.xpath("boolean(//input[@type='password'])")
        and (_LOGIN.search(title) or not (text or any(one.kind != "image" for one in media)))
    ):
        raise ExtractError(
            f"{address} asks for a login instead of showing an article; look whether the portal still shows it to everyone"
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
    reading: _Reading,
    selection: Selection,
    source: Source,
    stub: Stub | None,
    prose: Prose,
    media: tuple[MediaObject, ...],
    summary: str,
) -> Dates:
    listed = When(stub.published, stub.precision or "day") if stub is not None and stub.published is not None else None
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
    return find_dates(
        place, reading.structured, now=reading.document.fetched_at, timezone=source.timezone, day_first=not _is_american(reading)
    )  # fmt: skip


def _is_american(reading: _Reading) -> bool:
    """Month-first is the habit of American pages alone (reading.md 6)."""
    host = (urlsplit(reading.document.address).hostname or "").rsplit(".", 1)[-1]
    return reading.structured.language.replace("_", "-").startswith("en-us") or host in {"gov", "us", "mil"}


def _authors(reading: _Reading, selection: Selection, source: Source, prose: Prose) -> tuple[Author, ...]:
    """Who wrote it: as selected, as declared, as shown below the headline, or as signed; never the site itself."""
    sites = {fold(name) for name in (reading.structured.site, source.title) if name}
    host = (urlsplit(reading.document.address).hostname or "").removeprefix("www.")

    def people(lines: list[str]) -> tuple[Author, ...]:
        found = [author for line in lines for author in split_byline(_BY.sub("", line))]
        kept = [
            one for one in found
            if fold(one.name or one.organisation) not in sites and not _MAIL.search(one.name) and host not in one.name and fold(one.name) not in _NOBODY
        ]  # fmt: skip
        return tuple(dict.fromkeys(kept))

    given = [reading.structured.authors, (_line_below_headline(reading),), (prose.signature,)]
    return people([selection.text(source.select.byline)]) or next(
        (found for lines in given if (found := people(list(lines)))), ()
    )


def _line_below_headline(reading: _Reading) -> str:
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

"""An item's facts found, within its feed."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING
from urllib.parse import quote

from feedsvc.feeds.address import service_root, web_address
from feedsvc.feeds.body import safe_html, with_players
from feedsvc.feeds.dates import local
from feedsvc.feeds.facts import ItemFacts, Origin, Tag
from feedsvc.feeds.media import films, main_medium, usable
from feedsvc.feeds.numbers import document_numbers
from feedsvc.feeds.text import beginning, language_tag, plain, xml_safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedsvc.model import Category, CategoryKind, Feed, Item, Source

_LEAD = 300
_TITLE = 100
_POLE, _DATE_LINE = 90, 180
_DECIMALS = 6
"""Of a degree: a tenth of a metre."""


def item_facts(item: Item, feed: Feed, *, merged: bool) -> ItemFacts:
    """The facts of one item of `feed`, with its origin when the feed is `merged` from several sources.

    Raises ValueError when it has no id or a date has no zone.
    """
    text = plain(beginning(item.text, 4 * _LEAD))
    lead = plain(item.summary)
    title = plain(item.title) or beginning(lead or text, _TITLE) or _untitled(item.language)
    description = lead or beginning(text, _LEAD) or title
    media = usable(item.media)
    names = _distinct(author.name for author in item.authors)
    organisations = _distinct(author.organisation for author in item.authors)
    kinds = _kinds(item, feed)
    return ItemFacts(
        id=required(item.id),
        link=web_address(item.url) or web_address(feed.page_url),
        title=title,
        lead=lead,
        description=description,
        html=with_players(safe_html(item.html), description, item.media),
        published=local(item.shown, feed.timezone),
        updated=local(item.updated, feed.timezone),
        names=names or organisations,
        organisations=organisations,
        tags=tuple(_tag(slug, item.source, feed) for slug in dict.fromkeys(item.categories) if plain(slug)),
        films=films(media),
        main=main_medium(media, film_first="video" in kinds),
        origin=_origin(item, feed) if merged else None,
        language="" if item.language == feed.language else language_tag(item.language),
        source=xml_safe(item.source),
        revision=item.revision,
        related=_addresses(item.related),
        numbers=_numbers(item, title, text if "documents" in kinds else ""),
        point=_point(item.point),
    )


def required(identifier: str) -> str:
    """`identifier` without white space and what XML forbids; raises ValueError when nothing is left."""
    clean = "".join(xml_safe(identifier).split())
    if not clean:
        raise ValueError("no id: without one a reader cannot tell an item from another")
    return clean


def _untitled(language: str) -> str:
    return "Không có tiêu đề" if language.startswith("vi") else "Untitled"


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clean for clean in map(plain, texts) if clean))


def _addresses(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for address in map(web_address, urls) if address))


def _numbers(item: Item, title: str, text: str) -> tuple[str, ...]:
    """The numbers that the item itself and its documents bear; `text` tells where neither title names one.

    An article about a decree names its number too, but only in its text.
    """
    documents = (medium.title or medium.caption for medium in item.media if medium.kind == "document")
    named = document_numbers("\n".join((title, *map(plain, documents))))
    return named or document_numbers(text)[:1]


def _point(point: tuple[float, float] | None) -> tuple[float, float] | None:
    if point is None or not all(map(isfinite, point)) or abs(point[0]) > _POLE or abs(point[1]) > _DATE_LINE:
        return None
    return round(point[0], _DECIMALS), round(point[1], _DECIMALS)


def _tag(slug: str, source: str, feed: Feed) -> Tag:
    category = _category(slug, source, feed)
    root = service_root(feed.page_url, feed.slug)
    scheme = web_address(f"{root}feeds/{source}/{slug}") if root else ""
    label = plain(category.title) if category else ""
    return Tag(term=plain(slug), label=label or plain(slug), scheme=scheme or web_address(feed.page_url))


def _category(slug: str, source: str, feed: Feed) -> Category | None:
    return next((known for known in feed.categories if (known.source, known.slug) == (source, slug)), None)


def _kinds(item: Item, feed: Feed) -> set[CategoryKind]:
    known = (_category(slug, item.source, feed) for slug in item.categories)
    return {category.kind for category in known if category is not None}


def _origin(item: Item, feed: Feed) -> Origin:
    source: Source | None = next((known for known in feed.sources if known.slug == item.source), None)
    root = service_root(feed.page_url, feed.slug)
    page = web_address(f"{root}feeds/{item.source}") if root else web_address(source.home if source else "")
    title = (plain(source.title) if source else "") or plain(item.source) or feed.slug
    rss = f"{page}.rss" if root and page else page
    return Origin(
        id=_feed_id(item.source, feed) or page or web_address(feed.page_url),
        title=title,
        rss=rss or web_address(feed.self_url),
    )


def _feed_id(source: str, feed: Feed) -> str:
    """The id of the feed of `source`, which differs from this one's in the slug; "" when this one's id has no slug."""
    beginning_of_id, slug, _ = feed.id.partition(f"/{feed.slug}")
    return f"{required(beginning_of_id)}/{quote(xml_safe(source), safe='')}" if slug and source else ""

"""What a document says of a feed and its items, before any format: clean text, safe addresses, dates in the zone.

The three formats write the same facts in their own words (the table of feeds.md 1), so they are found once, here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedsvc.feeds.address import service_root, web_address
from feedsvc.feeds.dates import local
from feedsvc.feeds.media import films, main_medium, usable
from feedsvc.feeds.text import beginning, language_tag, plain, xml_safe

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from feedsvc.model import Category, Feed, Item, MediaObject, Source

_LEAD = 300
_TITLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A category of an item: its slug, its title, and the address of its page with us."""

    term: str
    label: str
    scheme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an item of a merged feed comes from: the portal's title, the page of its feed with us (an id), its RSS."""

    id: str
    title: str
    rss: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """One item. `lead` may be "", `description` never is: lead, beginning of the text, or title. `films` as in media.

    `names` are people, or organisations where nobody is named; `language` is "" when it is the feed's.
    """

    id: str
    link: str
    title: str
    lead: str
    description: str
    html: str
    published: datetime
    updated: datetime
    names: tuple[str, ...]
    organisations: tuple[str, ...]
    tags: tuple[Tag, ...]
    films: tuple[tuple[MediaObject, ...], ...]
    main: MediaObject | None
    origin: Origin | None
    language: str
    source: str
    revision: int

    @property
    def files(self) -> tuple[MediaObject, ...]:
        """All media that have an address of their own."""
        return tuple(medium for film in self.films for medium in film if medium.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFacts:
    """The document itself. `ttl` in minutes, at least 1; `left_out` are ids of items that could not be told."""

    id: str
    title: str
    home: str
    self_url: str
    root: str
    description: str
    language: str
    author: str
    updated: datetime
    ttl: int
    items: tuple[ItemFacts, ...]
    left_out: tuple[str, ...]


def feed_facts(feed: Feed) -> FeedFacts:
    """The facts of `feed`. Raises ValueError when the feed itself (not an item) has no id, or `updated` no zone.

    An item without an id, with one that came before, or with a date without zone is left out.
    """
    told: dict[str, ItemFacts] = {}
    left_out: list[str] = []
    for item in feed.items:
        try:
            facts = item_facts(item, feed)
            if facts.id in told:
                raise ValueError(f"two items have the id {facts.id}")  # noqa: TRY301 - the same end as any other fault
            told[facts.id] = facts
        except (ValueError, TypeError, OverflowError):
            left_out.append(item.id)
    title = plain(feed.title) or feed.slug
    return FeedFacts(
        id=_required(feed.id),
        title=title,
        home=web_address(feed.home) or web_address(feed.page_url),
        self_url=web_address(feed.self_url),
        root=service_root(feed.page_url, feed.slug) or feed.page_url,
        description=plain(feed.description) or title,
        language=language_tag(feed.language),
        author=(plain(feed.sources[0].title) if len(feed.sources) == 1 else "") or title,
        updated=local(feed.updated, feed.timezone),
        ttl=max(1, int(feed.ttl.total_seconds() // 60)),
        items=tuple(told.values()),
        left_out=tuple(left_out),
    )


def item_facts(item: Item, feed: Feed) -> ItemFacts:
    """The facts of one item of `feed`. Raises ValueError when it has no id or a date has no zone."""
    text = plain(beginning(item.text, 4 * _LEAD))
    lead = plain(item.summary)
    title = plain(item.title) or beginning(lead or text, _TITLE) or _untitled(item.language)
    media = usable(item.media)
    names = _distinct(author.name for author in item.authors)
    organisations = _distinct(author.organisation for author in item.authors)
    return ItemFacts(
        id=_required(item.id),
        link=web_address(item.url) or web_address(feed.page_url),
        title=title,
        lead=lead,
        description=lead or beginning(text, _LEAD) or title,
        html=xml_safe(item.html).strip(),
        published=local(item.shown, feed.timezone),
        updated=local(item.updated, feed.timezone),
        names=names or organisations,
        organisations=organisations,
        tags=tuple(_tag(slug, item.source, feed) for slug in dict.fromkeys(item.categories) if plain(slug)),
        films=films(media),
        main=main_medium(media, film_first=_in_video_category(item, feed)),
        origin=_origin(item, feed),
        language="" if item.language == feed.language else language_tag(item.language),
        source=xml_safe(item.source),
        revision=item.revision,
    )


def _required(identifier: str) -> str:
    clean = "".join(xml_safe(identifier).split())
    if not clean:
        raise ValueError("no id: without one a reader cannot tell an item from another")
    return clean


def _untitled(language: str) -> str:
    return "Không có tiêu đề" if language.startswith("vi") else "Untitled"


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clean for clean in map(plain, texts) if clean))


def _tag(slug: str, source: str, feed: Feed) -> Tag:
    category = _category(slug, source, feed)
    root = service_root(feed.page_url, feed.slug)
    scheme = web_address(f"{root}feeds/{source}/{slug}") if root else ""
    label = plain(category.title) if category else ""
    return Tag(term=plain(slug), label=label or plain(slug), scheme=scheme or web_address(feed.page_url))


def _category(slug: str, source: str, feed: Feed) -> Category | None:
    return next((known for known in feed.categories if (known.source, known.slug) == (source, slug)), None)


def _in_video_category(item: Item, feed: Feed) -> bool:
    known = (_category(slug, item.source, feed) for slug in item.categories)
    return any(category is not None and category.kind == "video" for category in known)


def _origin(item: Item, feed: Feed) -> Origin | None:
    """None in the feed of one source: there the feed itself is the origin."""
    sources = {source.slug for source in feed.sources} | {item.source for item in feed.items}
    if len(sources) == 1:
        return None
    source: Source | None = next((known for known in feed.sources if known.slug == item.source), None)
    root = service_root(feed.page_url, feed.slug)
    page = web_address(f"{root}feeds/{item.source}") if root else web_address(source.home if source else "")
    title = (plain(source.title) if source else "") or plain(item.source) or feed.slug
    rss = f"{page}.rss" if root and page else page
    return Origin(id=page or web_address(feed.page_url), title=title, rss=rss or web_address(feed.self_url))

"""What a document says of a feed and its items, before any format: clean text, safe addresses, dates in the zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from feedsvc.model import MediaObject, Paging


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A category of an item: its slug, its title, and the address of its page with us."""

    term: str
    label: str
    scheme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an item of a merged feed comes from: the portal's title, the id of its feed with us, that feed's RSS."""

    id: str
    title: str
    rss: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """One item. `lead` may be "", `description` never is: lead, beginning of the text, or title. `films` as in media.

    `names` are people, or organisations where nobody is named; `language` is "" when it is the feed's. `related` are
    addresses of the same article elsewhere, `numbers` those of legal documents, `point` latitude and longitude in
    degrees. `podcast` tells that the whole feed is one.
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
    related: tuple[str, ...]
    numbers: tuple[str, ...]
    point: tuple[float, float] | None
    podcast: bool = False

    @property
    def files(self) -> tuple[MediaObject, ...]:
        """All media that have an address of their own."""
        return tuple(medium for film in self.films for medium in film if medium.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """An item that was withdrawn: its id, and when."""

    id: str
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFacts:
    """The document itself. `ttl` in minutes, at least 1; `left_out` are ids of items that could not be told.

    `contact` is a mail address. Of `paging`, `hub` and `image` what is no address that a document may carry is "".
    """

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
    deleted: tuple[Tombstone, ...]
    paging: Paging
    hub: str
    image: str
    podcast: bool
    contact: str

    @property
    def places(self) -> bool:
        """Whether any item names a place."""
        return any(item.point for item in self.items)

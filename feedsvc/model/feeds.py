"""What readers ask for and get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from feedsvc.model.items import Item, MediaKind
from feedsvc.model.portals import Category, Source

WINDOW = 50
"""How many items a feed document holds, unless another number is asked for; a full archive holds as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which items of a channel a document holds: the newest `limit`, unless something else is asked for.

    `page` counts from 1 backwards through the newest (RFC 5005, 3). `before` names an archive: the full block of items
    whose last one has the place `before - 1` in the order of arrival (RFC 5005, 4). `search` are words that all occur,
    marks and case set aside, written without them; `since` leaves out what is older, in the zone of the channel when it
    has none; `media` wants items with a medium of this kind.
    """

    limit: int = WINDOW
    page: int = 1
    before: int | None = None
    search: str = ""
    since: datetime | None = None
    media: MediaKind | None = None


NEWEST = Choice()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Addresses of the documents around one (RFC 5005), "" where there is none.

    `next` and `previous` page through the newest items; `prev_archive` and `next_archive` lead through the full blocks,
    of which `archive` says that this document is one; `current` is then the feed itself.
    """

    next: str = ""
    previous: str = ""
    prev_archive: str = ""
    next_archive: str = ""
    current: str = ""
    archive: bool = False


NO_PAGING = Paging()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """An item that its portal withdrew (RFC 6721); `id` is that of the item, `when` the moment we were sure."""

    id: str
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed document is made of. `page_url` is our page for people, `home` the portal's list.

    `hub` is the address of the WebSub hub, "" for none; `image` that of a picture for the feed (PNG, GIF or JPEG);
    `contact` is the mail address of who runs the service, "" where none is told.
    """

    id: str
    slug: str
    title: str
    home: str
    self_url: str
    page_url: str
    description: str
    language: str
    timezone: ZoneInfo
    updated: datetime
    items: tuple[Item, ...]
    sources: tuple[Source, ...] = ()
    categories: tuple[Category, ...] = ()
    ttl: timedelta = timedelta(minutes=15)
    deleted: tuple[Deletion, ...] = ()
    paging: Paging = NO_PAGING
    hub: str = ""
    image: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A feed document ready for the wire. `left_out` holds the ids of given items that it could not carry."""

    body: bytes
    media_type: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which items: those of any of `categories` (source slug, category slug), with any of `words` if there are any.

    Without `marks`, Vietnamese marks do not count in `words`, and only whole words are found. `search`, `since` and
    `media` as in Choice. `once` leaves out an article that another portal of the query told before. Items that are
    withdrawn are never among them.
    """

    categories: tuple[tuple[str, str], ...]
    words: tuple[str, ...] = ()
    marks: bool = True
    search: str = ""
    since: datetime | None = None
    media: MediaKind | None = None
    once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a query's items, as one document holds it, newest first; `deleted` are those that were withdrawn.

    `older` says whether there are items behind these, by the dates shown. `archive` is the place that `Choice.before`
    names for the newest full block before these in the order of arrival; None where there is no such block.
    """

    items: tuple[Item, ...]
    deleted: tuple[Deletion, ...] = ()
    older: bool = False
    archive: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The state of a query's answer: `number` rises with every change of an item in it."""

    number: int
    changed: datetime | None = None

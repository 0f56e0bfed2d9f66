"""The ten words of feedsvc, and the small change between them.

Source, Category, Page, Listing, Stub, Item, MediaObject, Feed, PollResult, Delivery. All are frozen values; sequences
are tuples; every datetime is aware. Nothing here does anything: that is what the other rooms are for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Precision = Literal["second", "minute", "day"]
CategoryKind = Literal["news", "video", "gallery", "documents"]
MediaKind = Literal["image", "video", "audio", "document"]
Outcome = Literal["ok", "unchanged", "suspicious", "failed"]

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors that a person gave for a source; each one left out is found by detection."""

    item: str | None = None
    title: str | None = None
    link: str | None = None
    date: str | None = None
    image: str | None = None
    summary: str | None = None
    body: str | None = None
    byline: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Something that comes back on the pages of a source.

    `what` is a digest or a short text, `pages` the number of articles that showed it. `since` is how many articles the
    source had shown before the first of them, `last` the day on which it was last met (date.toordinal).
    """

    what: str
    pages: int = 1
    since: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHabit:
    """How one category of a source behaves.

    `usual` is the number of lines of its list; `gaps` are the last times between two new articles, in seconds; `newest`
    is when the last one came. `doubts` counts the looks in a row at a list that only its articles make known, found at
    `doubted` (Listing.shape). `redesigned` is when such a list was last accepted, by `recognised` of its articles.
    """

    category: str
    usual: int = 0
    gaps: tuple[int, ...] = ()
    newest: datetime | None = None
    doubts: int = 0
    doubted: str = ""
    redesigned: datetime | None = None
    recognised: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the pages of a source have in common, learned over time (extract.profile); counts, never texts of articles.

    `pages` is the number of articles learned from. `blocks` are digests of paragraphs, `pictures` of addresses in the
    text, `stand_ins` of pictures declared for machines, `headings` of headlines offered, `affixes` what stands around
    the headline in the title element, `clocks` places of dates, `posters` digests of declared writers whom the visible
    line contradicts. `designs` are places of the body with the moment from which each was met. `days` and `months` are
    the signs of day_order.
    """

    pages: int = 0
    blocks: tuple[Habit, ...] = ()
    pictures: tuple[Habit, ...] = ()
    stand_ins: tuple[Habit, ...] = ()
    headings: tuple[Habit, ...] = ()
    affixes: tuple[Habit, ...] = ()
    clocks: tuple[Habit, ...] = ()
    posters: tuple[Habit, ...] = ()
    designs: tuple[tuple[str, datetime], ...] = ()
    days: int = 0
    months: int = 0
    lists: tuple[ListHabit, ...] = ()


NO_PROFILE = Profile()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What one article's page showed of its source's habits: the words of `Profile`, for this page alone.

    `clocks` are places of dates outside the text with the day that each gave, `listed` is the day that the listing
    gave; days are written as ISO 8601.
    """

    blocks: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    affixes: tuple[str, ...] = ()
    clocks: tuple[tuple[str, str], ...] = ()
    listed: str = ""
    posters: tuple[str, ...] = ()
    design: str = ""
    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A portal. `home` is its address; `formerly` names hosts under which it published before.

    `profile` is what its pages have taught so far.
    """

    slug: str
    title: str
    home: str
    site: str = "generic"
    select: Selectors = Selectors()
    language: str = "vi"
    timezone: ZoneInfo = VIETNAM
    formerly: tuple[str, ...] = ()
    profile: Profile = NO_PROFILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One listing of a source: the unit that is polled. `pages` bounds the first walk through its pager."""

    source: str
    slug: str
    title: str
    url: str
    kind: CategoryKind = "news"
    every: timedelta = timedelta(minutes=15)
    pages: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave for conditional requests (RFC 9110, 8.8): sent back word for word."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The bytes of one answer, never decoded on the way: the charset is the reader's to find."""

    url: str
    final_url: str
    status: int
    body: bytes
    content_type: str
    validators: Validators = NO_VALIDATORS
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The answer 304 to a conditional request."""

    url: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """An ASP.NET postback: POST `fields` (urlencoded, in this order) to `action`."""

    action: str
    target: str
    argument: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a server says about a media file without sending it: type and length in bytes, None when it does not say."""

    url: str
    status: int
    mime: str | None
    length: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """One name of a byline; either part may be empty, never both."""

    name: str
    organisation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaObject:
    """A picture, film, sound or document of an item. `length` in bytes, sizes in pixels, `duration` in seconds."""

    url: str
    kind: MediaKind
    mime: str | None = None
    length: int | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    title: str = ""
    caption: str = ""
    thumbnail: str | None = None
    player: str | None = None


WEAK_KEYS = ("title:", "body:")
"""How identity keys begin that different articles may share; every other key belongs to one (safety.md 3.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """A line of a listing. `keys` are its identity keys (extract.identity), strongest first."""

    keys: tuple[str, ...]
    url: str
    title: str
    summary: str = ""
    published: datetime | None = None
    precision: Precision | None = None
    media: tuple[MediaObject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one listing page says.

    `digest` changes when the list changes, not when a counter does. `shape` tells where in the page its lines stand:
    given back for the next page, it finds the same list there even when it has one line left. `recognised` counts the
    lines that the category has already, of those that it was told to look out for. `kind` is what its lines show.
    `imprint` is by what extract.known_list knows the page again. `trace` is what the lines teach of the order of day
    and month: no part of what the list is.
    """

    title: str
    stubs: tuple[Stub, ...]
    next_url: str | None = None
    next_form: Form | None = None
    pages: tuple[str, ...] = ()
    categories: tuple[tuple[str, str], ...] = ()
    digest: str = ""
    shape: str = ""
    recognised: int = 0
    kind: CategoryKind = "news"
    imprint: str = ""
    trace: Trace | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article.

    `published` is what the portal says, `first_seen` what our clock said, `shown` the date that feeds carry: decided
    once, never moved. `id` is a tag: URI, made once and then only looked up; "" until `plan.settle` has given it.
    `keys` begin with the key under which the item was first seen. `url` is "" for a dropped document without an
    address of its own: its link is the page of ours. `number` is the store's own, rising in the order of arrival.
    `categories` are slugs within the source. `trace` is what its page taught when it was read: never stored, no part
    of what the item is. `continues` are the addresses of the article's further pages, still to be read and joined:
    never stored either.
    """

    id: str = ""
    number: int | None = None
    keys: tuple[str, ...]
    source: str
    url: str
    title: str
    summary: str = ""
    html: str = ""
    text: str = ""
    authors: tuple[Author, ...] = ()
    published: datetime | None = None
    precision: Precision | None = None
    modified: datetime | None = None
    first_seen: datetime
    shown: datetime
    updated: datetime
    revision: int = 1
    categories: tuple[str, ...] = ()
    media: tuple[MediaObject, ...] = ()
    language: str = "vi"
    fingerprint: str = ""
    trace: Trace | None = field(default=None, compare=False, repr=False)
    continues: tuple[str, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed document is made of. `page_url` is our page for people, `home` the portal's list."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A feed document ready for the wire. `left_out` holds the ids of given items that it could not carry."""

    body: bytes
    media_type: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something did not work, in words for a person: `code` is stable, `detail` says what, why and what to do."""

    code: str
    detail: str
    url: str = ""
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store remembers of an item, as much as deciding needs."""

    item: Item
    looked: datetime
    validators: Validators = NO_VALIDATORS


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryState:
    """Where the polling of a category stands.

    `depth` is the number of listing pages of a walk that ran out of budget (0: nothing left over); `usual` the number
    of items that the listing had at the last good poll; `failures` those in a row. `shape` (Listing.shape) and
    `bytes_digest` are those of the last good answer: by them an unchanged page is known without reading it.
    """

    polled: datetime | None = None
    next_poll: datetime | None = None
    validators: Validators = NO_VALIDATORS
    digest: str = ""
    depth: int = 0
    usual: int = 0
    failures: int = 0
    outcome: Outcome | None = None
    succeeded: datetime | None = None
    problem: Problem | None = None
    shape: str = ""
    bytes_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A category that was found on a portal's pages: kept for ever, as is its slug, since a feed has its address.

    `vanished` is when the portal was first seen without it; None while it is there.
    """

    slug: str
    title: str
    url: str
    kind: CategoryKind = "news"
    first_found: datetime
    last_found: datetime
    vanished: datetime | None = None


DISCOVERY = ""
"""In place of a category's slug: the claim on a source itself, whose poll looks for its categories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """How far the past of a category has been filled in, from the first page of its listing on.

    `url` is the page to read next ("": the first, or `pages` steps behind it where the pager has forms in the place of
    addresses), `pages` those read, `digest` that of the last one (Listing.digest), `below` the moment before which
    further articles without a date are shown.
    """

    url: str = ""
    pages: int = 0
    digest: str = ""
    below: datetime | None = None
    finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to poll one category until `until`; `token` fences off an owner whose lease ran out."""

    source: str
    category: str
    token: str
    until: datetime
    state: CategoryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An item met, known or new: keys and categories to add to it; `looked` when its own page was read too.

    `fingerprint` is that of a reading which differs without being an edit: from now on the item is compared with it.
    """

    id: str
    keys: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    looked: datetime | None = None
    next_look: datetime | None = None
    validators: Validators = NO_VALIDATORS
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message due to one target of one relay."""

    id: str
    relay: str
    target: str
    item_id: str
    kind: str
    revision: int
    attempt: int
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """All that one poll of a category decided; saved in one transaction.

    `new` stands in the order of the listing, newest first. `state` is the one that the category has from now on.
    `moved_keys` are keys of older items that from now on lead to items of `new`: an address that was used again.
    `profile` is what the source has taught by now, as JSON (extract.profile); None leaves it as it was.
    """

    source: str
    category: str
    token: str
    started: datetime
    finished: datetime
    outcome: Outcome
    new: tuple[Item, ...] = ()
    changed: tuple[Item, ...] = ()
    seen: tuple[Seen, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    moved_keys: tuple[str, ...] = ()
    state: CategoryState
    problem: Problem | None = None
    history: History | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which items: those of any of `categories` (source slug, category slug), with any of `words` if there are any."""

    categories: tuple[tuple[str, str], ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The state of a query's answer: `number` rises with every change of an item in it."""

    number: int
    changed: datetime | None = None

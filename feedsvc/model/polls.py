"""What polling knows, may do and has done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from feedsvc.model.items import Item, MediaObject
from feedsvc.model.pages import NO_VALIDATORS, Validators
from feedsvc.model.portals import CategoryKind

Outcome = Literal["ok", "unchanged", "suspicious", "failed"]


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
    `bytes_digest` are those of the last good answer: by them an unchanged page is known without reading it. `overdue`
    is the moment after which silence is longer than this list's own rhythm bears (None: not known yet), `alarms` are
    the codes of its alarms that have not ended.
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
    overdue: datetime | None = None
    alarms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """An answer that was not believed: the last one of its category, kept for a person to look at, cut at 1 MiB."""

    source: str
    category: str
    url: str
    at: datetime
    code: str
    detail: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that a person should know of a category, or of the service itself (`source` ""); told once, then daily.

    `id` is a tag: URI, made when it began and never given again. `began` is when it was noticed, `told` when it was
    last told (as alarm or reminder), `reminders` how often since, `ended` when it was over, None while it lasts.
    """

    id: str
    source: str
    category: str
    code: str
    detail: str
    url: str
    began: datetime
    told: datetime
    reminders: int = 0
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A poller's sign of life: `owner` had its last tick at `at`.

    Where it has paused, `problem` tells why, and `since` the last moment at which all was well.
    """

    owner: str
    at: datetime
    problem: Problem | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostDay:
    """What all pollers asked of one host and port on one day (UTC), and what it wished: the ledger's line.

    `host` is "name:port". `slowed` is when it last answered 429 or 503; `delay` the seconds between two requests, and
    `delay_reason` why they are as many. `robots` is the rule in force, in words.
    """

    host: str
    day: str
    requests: int = 0
    decoded_bytes: int = 0
    not_modified: int = 0
    slowed: datetime | None = None
    delay: float = 0.0
    delay_reason: str = ""
    robots: str = ""


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
    """The right to poll one category until `until`; `token` fences off an owner whose lease ran out.

    `profile` is what its source had taught by then (PollResult.profile), `looks` whether items of the source may be due
    for another look.
    """

    source: str
    category: str
    token: str
    until: datetime
    state: CategoryState
    profile: str | None = field(default=None, compare=False, repr=False)
    looks: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An item met, known or new: keys and categories to add to it; `looked` when its own page was read too.

    `fingerprint` is that of a reading which differs without being an edit: from now on the item is compared with it.
    `missing` and `withdrawn` are those of the item from now on, whenever it was looked at. `url` is its address from
    now on, "" where that stays; `validators` are then of this one.
    """

    id: str
    keys: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    looked: datetime | None = None
    next_look: datetime | None = None
    validators: Validators = NO_VALIDATORS
    fingerprint: str = ""
    missing: datetime | None = None
    withdrawn: datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An earlier state of an item, as it was stored until `updated` of the next one."""

    revision: int
    title: str
    summary: str
    html: str
    text: str
    media: tuple[MediaObject, ...]
    updated: datetime


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
    `moved_keys` are keys of older items that lead to those of `new` and `seen` from now on: an address used again.
    `profile` is what the source has taught by now, as JSON (extract.profile); None leaves it as it was. `alarms` are
    those that began, were told again or ended now, `suspect` an answer that was not believed.
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
    alarms: tuple[Alarm, ...] = ()
    suspect: Suspect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A picture of a stored item, kept by us: `name` is the file's, made of its content's SHA-256 and its ending.

    `small` is the name of a rendition for lists, "" where the picture itself is small. Lengths in bytes, sizes in
    pixels. `url` is where the portal had it.
    """

    url: str
    name: str
    mime: str
    length: int
    width: int
    height: int
    small: str = ""
    small_length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A picture of a stored item of which we have no copy. `page` is the item's address at the portal.

    `barred` is what the server said when it was last measured.
    """

    url: str
    page: str
    barred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A copy as it counts when room is needed. `copy` is None for a picture of which none could be made.

    `shown` is the date of the newest item that has the picture, None where no item has; `listed` whether one of them is
    among the newest of a category.
    """

    url: str
    copy: Copy | None
    kept: datetime
    shown: datetime | None = None
    listed: bool = False

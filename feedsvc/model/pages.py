"""Pages as they come in, and what a listing page says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from feedsvc.model.items import MediaObject, Precision
from feedsvc.model.portals import CategoryKind, Trace


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
    """What a server says about a media file without sending it: type and length in bytes, None when it does not say.

    `barred`: it lets pages of other sites not show the file, so that readers elsewhere could not load it.
    """

    url: str
    status: int
    mime: str | None
    length: int | None
    barred: bool = False


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
    and month: no part of what the list is. `sign` says in words what the page shows that no list does, as a login
    (extract.suspicion); "" on most.
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
    sign: str = ""
    trace: Trace | None = field(default=None, compare=False, repr=False)

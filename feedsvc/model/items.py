"""Articles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from feedsvc.model.portals import Trace

Precision = Literal["second", "minute", "day"]
MediaKind = Literal["image", "video", "audio", "document"]


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
class Item:
    """An article.

    `published` is what the portal says, `first_seen` what our clock said, `shown` the date that feeds carry: decided
    once, never moved. `id` is a tag: URI, made once and then only looked up; "" until `plan.settle` has given it.
    `keys` begin with the key under which the item was first seen. `url` is "" for a dropped document without an
    address of its own: its link is the page of ours. `number` is the store's own, rising in the order of arrival.
    `categories` are slugs within the source. `related` are pages where other portals tell the same: filled in for a
    merged feed, never stored. `point` is the place that the page names, as latitude and longitude in degrees (WGS 84).
    `missing` is when the article's own page was first gone, `withdrawn` when that was sure; None while it is there.
    `moved` is since when `url` is not the address of its first sight; None while it is. `trimmed` is when its text was
    let go, as it was old and in no window any more: `html` and `text` are "" since.
    `trace` is what its page taught when it was read: never stored, no part of what the item is. `continues` are the
    addresses of the article's further pages, still to be read and joined: never stored either.
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
    point: tuple[float, float] | None = None
    missing: datetime | None = None
    withdrawn: datetime | None = None
    moved: datetime | None = None
    trimmed: datetime | None = None
    related: tuple[str, ...] = field(default=(), compare=False)
    trace: Trace | None = field(default=None, compare=False, repr=False)
    continues: tuple[str, ...] = field(default=(), compare=False, repr=False)

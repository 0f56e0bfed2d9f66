"""The page of a channel: its items, a search among them, and how to follow it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, abort, request

from feedsvc.channels import Channel
from feedsvc.model import Item
from feedsvc.service import Service
from feedsvc.web.site import chosen_language, page, place, the_service
from feedsvc.web.subscribing import OWN_READERS, ReaderLink, feed_link, own_link, reader_links

PER_PAGE = 20
SHOWN_FORMATS = (
    ("rss", "application/rss+xml", "RSS"),
    ("atom", "application/atom+xml", "Atom"),
    ("json", "application/feed+json", "JSON Feed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What the subscribe box offers. `feeds` are the addresses to follow by format, `shown` those that show the bytes.

    `readers` need one click; `own` is the link made of the server that was `typed` into the form, which leads to `form`
    and takes `kept` along.
    """

    feeds: Mapping[str, str]
    shown: Mapping[str, str]
    feed: str
    readers: tuple[ReaderLink, ...]
    own_readers: tuple[str, ...]
    own: ReaderLink | None
    typed: str
    form: str
    kept: Mapping[str, str]


def channel_page(path: str) -> Response:
    """Items of a channel and how to follow it; `?page=2` holds older ones. 404 if unknown or past the end."""
    service = the_service()
    found, number = service.channels.get(path), _page_number()
    # One more than fits is asked for, to know whether there are older ones.
    items = _items(service, found, number) if found else []
    if found is None or (not items and number > 1):
        abort(404)
    return page(
        "channel.html",
        channel=found,
        whole=_whole(service, found),
        items=items[:PER_PAGE],
        number=number,
        newer=_turned(path, number - 1) if number > 1 else "",
        older=_turned(path, number + 1) if len(items) > PER_PAGE else "",
        formats=SHOWN_FORMATS,
        following=_following(service, path),
    )


def _items(service: Service, channel: Channel, number: int) -> list[Item]:
    found = service.store.items(channel.query, PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
    return [service.linked(one) for one in found]


def _whole(service: Service, channel: Channel) -> str:
    """The path of the channel that holds a category's neighbours too; "" where there are none."""
    slug = channel.sources[0].slug if channel.kind == "category" else ""
    return slug if slug and len(service.channels[slug].categories) > 1 else ""


def _page_number() -> int:
    """`?page=`, 1 when it is no such number: parameters that mean nothing are ignored."""
    text = request.args.get("page", "")
    return int(text) if re.fullmatch("[1-9][0-9]{0,6}", text) else 1


def _turned(path: str, number: int) -> str:
    return place(f"/feeds/{path}", **({"page": number} if number > 1 else {}))


def _following(service: Service, path: str) -> Following:
    names = [name for name, _, _ in SHOWN_FORMATS]
    feeds = {name: service.feed_url(path, name) for name in names}
    typed, lang = request.args.get("server", "").strip(), chosen_language()
    return Following(
        feeds=feeds,
        shown={name: place(f"/feeds/{path}.{name}", format="xml") for name in names},
        feed=feed_link(feeds["rss"]),
        readers=reader_links(feeds["rss"]),
        own_readers=tuple(OWN_READERS),
        own=own_link(request.args.get("reader", ""), typed, feeds["rss"]),
        typed=typed,
        form=place(f"/feeds/{path}"),
        kept={"lang": lang} if lang else {},
    )

"""The page of a channel: its items, a search among them, and how to follow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Response, abort, request

from feedsvc.channels import Channel
from feedsvc.model import Choice, Item
from feedsvc.publication import narrowed
from feedsvc.service import Service
from feedsvc.web.address import MOST_CHARACTERS
from feedsvc.web.choosing import asked_choice, asked_words, told_choice
from feedsvc.web.site import chosen_language, language, page, place, the_service
from feedsvc.web.subscribing import OWN_READERS, ReaderLink, feed_link, own_link, reader_links
from feedsvc.web.words import CATALOGUES

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
    """Items of a channel and how to follow it; `?page=2` holds older ones. 404 if unknown or past the end.

    `?q=`, `?since=` and `?media=` choose among them as they do in the address of a feed, and it is the feed of what is
    chosen that can be followed then.
    """
    service = the_service()
    found, choice = service.channels.get(path), asked_choice()
    # One more than fits is asked for, to know whether there are older ones.
    items = _items(service, found, choice) if found else []
    if found is None or (not items and choice.page > 1):
        abort(404)
    kept = asked_words(choice)
    return page(
        "channel.html",
        channel=found,
        whole=_whole(service, found),
        chosen=told_choice(choice, kept.get("q", ""), CATALOGUES[language()]),
        words=kept.get("q", ""),
        longest=MOST_CHARACTERS,
        items=items[:PER_PAGE],
        number=choice.page,
        newer=_turned(path, kept, choice.page - 1) if choice.page > 1 else "",
        older=_turned(path, kept, choice.page + 1) if len(items) > PER_PAGE else "",
        kept=kept | ({"page": str(choice.page)} if choice.page > 1 else {}),
        formats=SHOWN_FORMATS,
        following=_following(service, path, choice, kept),
    )


def page_address(path: str) -> str:
    """Where the page of a channel stands that shows what is asked for now."""
    choice = asked_choice()
    return _turned(path, asked_words(choice), choice.page)


def _items(service: Service, channel: Channel, choice: Choice) -> Sequence[Item]:
    found = service.store.items(narrowed(channel, choice), PER_PAGE + 1, offset=(choice.page - 1) * PER_PAGE)
    return service.publication.addressed(found)


def _whole(service: Service, channel: Channel) -> str:
    """The path of the channel that holds a category's neighbours too; "" where there are none."""
    slug = channel.sources[0].slug if channel.kind == "category" else ""
    return slug if slug and len(service.channels[slug].categories) > 1 else ""


def _turned(path: str, kept: Mapping[str, str], number: int) -> str:
    return place(f"/feeds/{path}", **kept, **({"page": number} if number > 1 else {}))


def _following(service: Service, path: str, choice: Choice, kept: Mapping[str, str]) -> Following:
    first = replace(choice, page=1)
    feeds = {name: service.publication.feed_url(path, name, first) for name, _, _ in SHOWN_FORMATS}
    typed, lang = request.args.get("server", "").strip(), chosen_language()
    return Following(
        feeds=feeds,
        shown={name: place(f"/feeds/{path}.{name}", **kept, format="xml") for name in feeds},
        feed=feed_link(feeds["rss"]),
        readers=reader_links(feeds["rss"]),
        own_readers=tuple(OWN_READERS),
        own=own_link(request.args.get("reader", ""), typed, feeds["rss"]),
        typed=typed,
        form=place(f"/feeds/{path}").partition("?")[0],
        kept=dict(kept) | ({"lang": lang} if lang else {}),
    )

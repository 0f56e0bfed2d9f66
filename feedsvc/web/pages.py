"""Pages for people: the list of sources, a channel with its items, one item."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby

from flask import Blueprint, Response, abort, request

from feedsvc.channels import Channel
from feedsvc.model import Item, Query
from feedsvc.service import Service
from feedsvc.web.site import page, the_service

PER_PAGE = 20
NEWEST = 12
LARGEST_NUMBER = 2**53


def blueprint() -> Blueprint:
    """`/`, the page of each channel, the page of each item."""
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/", view_func=home)
    pages.add_url_rule("/feeds/<slug:source>", view_func=channel)
    pages.add_url_rule("/feeds/<slug:source>/<slug:category>", view_func=channel)
    pages.add_url_rule(f"/items/<int(max={LARGEST_NUMBER}):number>", view_func=item)
    return pages


def home() -> Response:
    """Sources with their categories, feeds of one's own, and the newest items of all."""
    service = the_service()
    channels = list(service.channels.values())
    groups = groupby((c for c in channels if c.kind == "category"), key=lambda c: c.sources[0].slug)
    return page(
        "home.html",
        groups=[(service.channels[slug], list(some)) for slug, some in groups],
        own=[c for c in channels if c.kind == "feed"],
        items=_newest(service, channels),
    )


def _newest(service: Service, channels: list[Channel]) -> list[Item]:
    everything = tuple(name for c in channels if c.kind == "category" for name in c.query.categories)
    return _linked(service, Query(categories=everything), NEWEST, 0) if everything else []


def _linked(service: Service, query: Query, limit: int, offset: int) -> list[Item]:
    return [service.linked(one) for one in service.store.items(query, limit, offset=offset)]


def channel(source: str, category: str = "") -> Response:
    """The page of a channel, at its address without ending."""
    return channel_page(f"{source}/{category}" if category else source)


def channel_page(path: str) -> Response:
    """Items of a channel and how to follow it; `?page=2` holds older ones. 404 if unknown or past the end."""
    service = the_service()
    found = service.channels.get(path)
    number = _page_number()
    offset = (number - 1) * PER_PAGE
    # One more than fits is asked for, to know whether there are older ones.
    items = _linked(service, found.query, PER_PAGE + 1, offset) if found else []
    if found is None or (not items and number > 1):
        abort(404)
    return page("channel.html", channel=found, items=items[:PER_PAGE], number=number, older=len(items) > PER_PAGE)


def _page_number() -> int:
    """`?page=`, 1 when it is no such number: parameters that mean nothing are ignored."""
    text = request.args.get("page", "")
    return int(text) if re.fullmatch("[1-9][0-9]{0,6}", text) else 1


def item(number: int) -> Response:
    """One item as we keep it."""
    service = the_service()
    found = service.store.item(number)
    if found is None:
        abort(404)
    paths = (f"{found.source}/{slug}" for slug in found.categories)
    shown = replace(service.linked(found), url=found.url)
    return page("item.html", item=shown, channels=[service.channels[one] for one in paths if one in service.channels])

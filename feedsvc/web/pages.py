"""Pages for people: the list of sources, a channel with its items, one item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from flask import Blueprint, Response, abort

from feedsvc.channels import Channel
from feedsvc.model import Item, Query
from feedsvc.service import Service
from feedsvc.web.address import MOST_CHARACTERS
from feedsvc.web.channel import channel_page
from feedsvc.web.choosing import asked_choice, asked_words, told_choice
from feedsvc.web.difference import corrections
from feedsvc.web.guide import GUIDES
from feedsvc.web.mistakes import Withdrawn
from feedsvc.web.present import zone_of
from feedsvc.web.site import chosen_language, language, page, the_service
from feedsvc.web.words import CATALOGUES

NEWEST = 12
LARGEST_NUMBER = 2**53


def blueprint() -> Blueprint:
    """`/`, `/docs`, the page of each channel, the page of each item."""
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/", view_func=home)
    pages.add_url_rule("/docs", view_func=docs)
    pages.add_url_rule("/feeds/<slug:source>", view_func=channel)
    pages.add_url_rule("/feeds/<slug:source>/<slug:category>", view_func=channel)
    pages.add_url_rule(f"/items/<int(max={LARGEST_NUMBER}):number>", view_func=item)
    return pages


def home() -> Response:
    """Sources with their categories, feeds of one's own, and the newest items of all, or those with `?q=` in them."""
    service = the_service()
    channels = list(service.channels.values())
    groups = groupby((c for c in channels if c.kind == "category"), key=lambda c: c.sources[0].slug)
    choice = replace(asked_choice(), since=None, media=None)
    kept = asked_words(choice)
    return page(
        "home.html",
        groups=[(service.channels[slug], list(some)) for slug, some in groups],
        own=[c for c in channels if c.kind == "feed"],
        items=_newest(service, channels, choice.search),
        chosen=told_choice(choice, kept.get("q", ""), CATALOGUES[language()]),
        longest=MOST_CHARACTERS,
        kept=kept,
        hidden={"lang": lang} if (lang := chosen_language()) else {},
    )


def _newest(service: Service, channels: list[Channel], search: str) -> Sequence[Item]:
    everything = tuple(name for c in channels if c.kind == "category" for name in c.query.categories)
    found = service.store.items(Query(categories=everything, search=search), NEWEST) if everything else ()
    return service.publication.addressed(found)


def docs() -> Response:
    """How feeds are used, with addresses of this service as examples."""
    service = the_service()
    path = next(iter(service.channels), "nguon/chuyen-muc")
    names = {"base": service.base_url, "feed": service.page_url(path), "source": path.split("/")[0]}
    return page("docs.html", guide=GUIDES[language()], names=names)


def channel(source: str, category: str = "") -> Response:
    """The page of a channel, at its address without ending."""
    return channel_page(f"{source}/{category}" if category else source)


def item(number: int) -> Response:
    """One item as we keep it, with what was corrected in it; 410 when its portal has withdrawn it."""
    service = the_service()
    found = service.store.item(number)
    if found is None:
        abort(404)
    if found.withdrawn:
        raise Withdrawn
    paths = (f"{found.source}/{slug}" for slug in found.categories)
    shown = replace(service.linked(found), url=found.url)
    versions = service.versions(number) if found.revision > 1 else []
    return page(
        "item.html",
        item=shown,
        channels=[service.channels[one] for one in paths if one in service.channels],
        history=corrections(found, versions),
        zone=zone_of(found, service),
    )

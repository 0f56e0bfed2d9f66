"""Feed documents and the OPML list: how they are made, and what is answered where there are no ready bytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import ServiceUnavailable

from feedsvc.channels import Channel
from feedsvc.feeds import formats
from feedsvc.feeds.opml import Outline, render_opml
from feedsvc.model import Rendered, Revision
from feedsvc.service import Service
from feedsvc.web.address import OPML, Address, find_address, wants_bytes
from feedsvc.web.channel import channel_page, page_address
from feedsvc.web.mistakes import RETRY_AFTER
from feedsvc.web.negotiation import prefers_page
from feedsvc.web.site import the_documents, the_service


def blueprint() -> Blueprint:
    """The addresses of documents. The cache before Flask answers them; here comes what it has no bytes for."""
    feeds = Blueprint("feeds", __name__)
    feeds.add_url_rule("/feeds/<slug:source>.<slug:format>", view_func=document)
    feeds.add_url_rule("/feeds/<slug:source>/<slug:category>.<slug:format>", view_func=document)
    feeds.add_url_rule(f"/{OPML}", view_func=opml)
    return feeds


def document(source: str, format: str, category: str = "") -> Response:  # noqa: A002 - its name everywhere
    """A browser gets the page of the channel; a reader comes here only when there is nothing to show (yet)."""
    service, path = the_service(), f"{source}/{category}" if category else source
    query = request.query_string.decode("latin-1")
    address = find_address(f"/feeds/{path}.{format}", query, service.channels, formats())
    if address is None:
        abort(404)
    if wants_bytes(query) or not prefers_page(request.headers.get("Accept", "")):
        if the_documents().problem(address) is None:  # made just now, and there was nothing to make
            abort(404)
        raise ServiceUnavailable(retry_after=RETRY_AFTER)
    response = channel_page(path)
    response.headers["Content-Location"] = page_address(path)
    return response


def opml() -> Response:
    """Only when the list could not be written."""
    raise ServiceUnavailable(retry_after=RETRY_AFTER)


def renderer(service: Service) -> Callable[[Address], Rendered | None]:
    """How the document at an address is made."""
    return partial(_render, service)


def looker(service: Service) -> Callable[[Address], Revision | None]:
    """How the state of what an address shows is asked."""
    return partial(_look, service)


def linker(service: Service) -> Callable[[Address], str]:
    """How the public address of a document is written."""
    return partial(_link, service)


def _render(service: Service, address: Address) -> Rendered | None:
    if address.format == OPML:
        return render_opml(service.title, outlines(service))
    return service.document(address.path, address.format, address.choice)


def _look(service: Service, address: Address) -> Revision | None:
    """The list depends on the configuration, and on what was found on portals for which it names no category."""
    return service.channels.revision if address.format == OPML else service.revision(address.path)


def _link(service: Service, address: Address) -> str:
    if address.format == OPML:
        return f"{service.base_url}/{OPML}"
    return service.feed_url(address.path, address.format, address.choice)


def outlines(service: Service) -> tuple[Outline, ...]:
    """One outline for each source, holding its categories; then the feeds of one's own."""
    channels = service.channels.values()
    folders = tuple(
        Outline(
            title=source.title,
            outlines=tuple(
                _outline(service, channel, channel.categories[0].title)
                for channel in channels
                if channel.kind == "category" and channel.sources == (source,)
            ),
        )
        for source in service.sources.values()
    )
    return folders + tuple(_outline(service, channel, channel.title) for channel in channels if channel.kind == "feed")


def _outline(service: Service, channel: Channel, title: str) -> Outline:
    return Outline(
        title=title,
        xml_url=service.feed_url(channel.path, "rss"),
        html_url=channel.home or service.page_url(channel.path),
        language=channel.language,
        category=f"/{channel.path}",
    )

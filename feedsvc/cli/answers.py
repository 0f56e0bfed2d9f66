"""What `feedsvc read` prints: items and listings as the JSON objects of the outside contract. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from feedsvc.model import Item, Listing, MediaObject, Stub


def article_answer(item: Item, timezone: ZoneInfo) -> dict[str, Any]:
    """An article: every field of the contract, None or [] where the page says nothing."""
    return {
        "url": item.url,
        "title": item.title,
        "published": _iso(item.published, timezone),
        "published_precision": item.precision if item.published else None,
        "updated": _iso(item.modified, timezone),
        "authors": [author.name for author in item.authors if author.name],
        "bylines": [{"name": author.name, "organisation": author.organisation} for author in item.authors],
        "summary": item.summary,
        "text": item.text,
        "html": item.html,
        "language": item.language,
        "images": [_image(medium) for medium in _of(item, "image")],
        "videos": [{"url": m.url, "type": m.mime, "thumbnail": m.thumbnail} for m in _of(item, "video")],
        "documents": [{"url": m.url, "title": m.title, "type": m.mime} for m in _of(item, "document")],
    }


def listing_answer(listing: Listing, timezone: ZoneInfo) -> dict[str, Any]:
    """A listing: items, next page as an address or a postback, numbered pages, categories of the menu."""
    form = listing.next_form
    postback = {"action": form.action, "target": form.target, "argument": form.argument} if form else None
    return {
        "title": listing.title,
        "items": [_stub(stub, timezone) for stub in listing.stubs],
        "next": None if form else listing.next_url,
        "next_form": postback,
        "pages": list(listing.pages),
        "categories": [{"title": title, "url": url} for title, url in listing.categories],
    }


def _of(item: Item, kind: str) -> list[MediaObject]:
    return [medium for medium in item.media if medium.kind == kind]


def _image(medium: MediaObject) -> dict[str, Any]:
    return {"url": medium.url, "caption": medium.caption, "width": medium.width, "height": medium.height}


def _stub(stub: Stub, timezone: ZoneInfo) -> dict[str, Any]:
    image = next((medium.url for medium in stub.media if medium.kind == "image"), None)
    published = _iso(stub.published, timezone)
    return {"url": stub.url, "title": stub.title, "published": published, "summary": stub.summary, "image": image}


def _iso(moment: datetime | None, timezone: ZoneInfo) -> str | None:
    return moment.astimezone(timezone).isoformat() if moment else None

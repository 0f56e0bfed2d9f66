"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from feedsvc.feeds.dates import rfc3339
from feedsvc.feeds.gathering import feed_facts
from feedsvc.feeds.links import older
from feedsvc.feeds.media import seconds, told_type
from feedsvc.feeds.size import fitted
from feedsvc.model import Rendered

if TYPE_CHECKING:
    from feedsvc.feeds.facts import FeedFacts, ItemFacts
    from feedsvc.model import Feed, MediaObject

MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def render_json(feed: Feed) -> Rendered:
    """The JSON Feed of `feed`; ids of items that cannot be written are in `left_out`.

    Raises ValueError when the feed itself lacks its id or the zone of its date.
    """
    return fitted(feed_facts(feed), _write)


def _write(facts: FeedFacts) -> Rendered:
    document = _present(
        version=VERSION,
        title=facts.title,
        home_page_url=facts.home,
        feed_url=facts.self_url,
        next_url=older(facts),
        description=facts.description,
        icon=facts.image,
        language=facts.language,
        authors=[{"name": facts.author}],
        hubs=[{"type": "WebSub", "url": facts.hub}] if facts.hub else [],
        _feedsvc=_extension(facts),
    )
    document["items"] = [_item(item) for item in facts.items]
    body = json.dumps(document, ensure_ascii=False, indent=1).encode()
    return Rendered(body=body + b"\n", media_type=MEDIA_TYPE, left_out=facts.left_out)


def _extension(facts: FeedFacts) -> dict[str, Any]:
    """What the format has no words for: the archives (RFC 5005, 4)."""
    return _present(
        about=facts.root,
        archive=facts.paging.archive or None,
        current=facts.paging.current,
        prev_archive=facts.paging.prev_archive,
        next_archive=facts.paging.next_archive,
    )


def _item(facts: ItemFacts) -> dict[str, Any]:
    return _present(
        id=facts.id,
        url=facts.link,
        title=facts.title,
        summary=facts.lead,
        content_html=facts.html,
        content_text="" if facts.html else facts.description,
        image=_image(facts),
        date_published=rfc3339(facts.published),
        date_modified=rfc3339(facts.updated),
        authors=[{"name": name} for name in facts.names],
        tags=[tag.label for tag in facts.tags],
        language=facts.language,
        attachments=_attachments(facts),
        _feedsvc=_present(
            source=facts.source,
            origin=facts.origin.title if facts.origin else "",
            categories=[tag.term for tag in facts.tags],
            organisations=list(facts.organisations),
            revision=facts.revision,
            numbers=list(facts.numbers),
            related=list(facts.related),
            point=list(facts.point or ()),
        ),
    )


def _image(facts: ItemFacts) -> str:
    """The first picture, failing it the picture of the first film."""
    pictures = (medium.url for medium in facts.files if medium.kind == "image")
    thumbnails = (medium.thumbnail for film in facts.films for medium in film if medium.thumbnail)
    return next(pictures, "") or next(thumbnails, "")


def _attachments(facts: ItemFacts) -> list[dict[str, Any]]:
    """Every file. A shared title makes attachments forms of one thing: so forms of a film share it, others do not."""
    attachments: list[dict[str, Any]] = []
    titles: set[str] = set()
    for film in facts.films:
        title = next((name for form in film for name in (form.title, form.caption) if name), "")
        title = title or (facts.title if len(film) > 1 else "")
        attachments.extend(_attachment(form, "" if title in titles else title) for form in film if form.url)
        titles.add(title)
    return attachments


def _attachment(medium: MediaObject, title: str) -> dict[str, Any]:
    return _present(
        url=medium.url,
        mime_type=told_type(medium),
        title=title,
        size_in_bytes=medium.length,
        duration_in_seconds=seconds(medium),
    )


def _present(**members: Any) -> dict[str, Any]:
    """The members that say something, in their order."""
    return {name: value for name, value in members.items() if value is not None and value not in ("", [])}

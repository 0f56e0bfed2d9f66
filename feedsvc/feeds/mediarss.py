"""Media RSS of an item (https://www.rssboard.org/media-rss), in RSS and Atom alike.

feedgen's own media extension knows neither titles nor players, and puts a lone form into a group (feeds.md 2, 4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedsvc.feeds.elements import element, number
from feedsvc.feeds.media import credit, default_form, seconds, told_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from feedsvc.feeds.facts import ItemFacts
    from feedsvc.model import MediaObject


def write_media(entry: Any, facts: ItemFacts) -> None:
    """Every medium of the item: a group where a film has several forms, else a content of its own."""
    for film in facts.films:
        if len(film) > 1:
            _write_group(entry, film)
        else:
            _write_described(element(entry, "media:content", **_attributes(film[0])), film)


def _write_group(entry: Any, film: Sequence[MediaObject]) -> None:
    """Forms of one film; what is said of it stands once, in the group. A group of one would be an error."""
    group = element(entry, "media:group")
    default = default_form(film)
    for form in film:
        element(group, "media:content", **_attributes(form), isDefault="true" if form is default else "false")
    _write_described(group, film)


def _write_described(parent: Any, film: Sequence[MediaObject]) -> None:
    """Title, caption, thumbnail, credit and player, each from the first form that has it."""
    caption = _first(medium.caption for medium in film)
    if title := _first(medium.title for medium in film):
        element(parent, "media:title", title, type="plain")
    if caption:
        element(parent, "media:description", caption, type="plain")
    if thumbnail := _first(medium.thumbnail for medium in film):
        element(parent, "media:thumbnail", url=thumbnail)
    if photographer := credit(caption):
        element(parent, "media:credit", photographer, role="photographer", scheme="urn:ebu")
    if player := _first(medium.player for medium in film):
        element(parent, "media:player", url=player)


def _attributes(medium: MediaObject) -> dict[str, str | None]:
    return {
        "url": medium.url,
        "fileSize": number(medium.length),
        "type": told_type(medium) if medium.url else None,
        "medium": medium.kind,
        "duration": number(seconds(medium)),
        "width": number(medium.width),
        "height": number(medium.height),
    }


def _first(texts: Iterable[str | None]) -> str:
    return next((text for text in texts if text), "")

"""Which media of an item a document carries, and how they belong together (feeds.md 1 and 2)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from feedsvc.feeds.address import web_address
from feedsvc.feeds.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from feedsvc.model import MediaObject

HLS = "application/vnd.apple.mpegurl"
UNKNOWN_TYPE = "application/octet-stream"

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_HLS_NAMES = {"application/x-mpegurl", "application/mpegurl", "audio/mpegurl", "audio/x-mpegurl", HLS}
_PAGES = {"text/html", "application/xhtml+xml", "image/svg+xml"}
_PAGE_ENDINGS = (".html", ".htm", ".xhtml", ".svg", ".svgz")
_CREDIT = re.compile(r"(?:^|[\s(.])(?:Ảnh|Nguồn ảnh|Photo)\s*:\s*([^.;:()]{2,80})[.)\s]*$")
_MAIN_FIRST = ("image", "video", "audio", "document")
_FILM_FIRST = ("video", "audio", "image", "document")


def usable(media: Iterable[MediaObject]) -> tuple[MediaObject, ...]:
    """The media that a document can carry, their fields made fit for it, each address once.

    A medium behind a foreign player (YouTube and the like) has `url` "" unless its `url` is a film file. HTML and SVG
    are left out: they are pages, not media.
    """
    found: dict[str, MediaObject] = {}
    for medium in media:
        fit = _fit(medium)
        address = fit.url or fit.player
        if address:
            found.setdefault(address, fit)
    return tuple(found.values())


def films(media: Sequence[MediaObject]) -> tuple[tuple[MediaObject, ...], ...]:
    """The media in their order, forms of one film together: neighbouring videos of different types that tell the same.

    Two forms agree in title, caption, thumbnail and duration, as far as both have them.
    """
    groups: list[tuple[MediaObject, ...]] = []
    for medium in media:
        if groups and all(_same_film(other, medium) for other in groups[-1]):
            groups[-1] = (*groups[-1], medium)
        else:
            groups.append((medium,))
    return tuple(groups)


def main_medium(media: Iterable[MediaObject], *, film_first: bool) -> MediaObject | None:
    """The one that RSS carries as enclosure: picture, failing it video, sound, document; of a film not the HLS form.

    `film_first` puts what can be played before the picture, for items of a video category.
    """
    order = _FILM_FIRST if film_first else _MAIN_FIRST
    return min(
        (medium for medium in media if medium.url),
        key=lambda medium: (order.index(medium.kind), medium.mime == HLS),
        default=None,
    )


def default_form(film: Sequence[MediaObject]) -> MediaObject:
    """The form of a film that plays nearly everywhere: mp4, failing it the first."""
    return next((form for form in film if form.mime == "video/mp4"), film[0])


def told_type(medium: MediaObject) -> str:
    """The media type that documents tell: of a file whose type nobody knows that it is bytes (RFC 2046, 4.5.1)."""
    return medium.mime or UNKNOWN_TYPE


def seconds(medium: MediaObject) -> int | None:
    """How long it plays, in whole seconds, at least one; None when that is not known."""
    return max(1, round(medium.duration)) if medium.duration else None


def credit(caption: str) -> str:
    """The photographer named at the end of a caption, as in `Quang cảnh lễ hội. Ảnh: Minh Hà`; "" without one."""
    match = _CREDIT.search(caption)
    return match[1].strip() if match else ""


def _fit(medium: MediaObject) -> MediaObject:
    mime, url, player = _type(medium), web_address(medium.url), web_address(medium.player or "")
    is_file = not _is_page(mime, url) and (not player or mime.startswith(("video/", "audio/")) or mime == HLS)
    return replace(
        medium,
        url=url if is_file else "",
        mime=mime or None,
        length=_positive(medium.length),
        width=_positive(medium.width),
        height=_positive(medium.height),
        duration=medium.duration if medium.duration and 0 < medium.duration < float("inf") else None,
        title=plain(medium.title),
        caption=plain(medium.caption),
        thumbnail=web_address(medium.thumbnail or "") or None,
        player=player or None,
    )


def _type(medium: MediaObject) -> str:
    """The media type without parameters, in lower case, HLS under its registered name; "" when unknown."""
    name = (medium.mime or "").partition(";")[0].strip().lower()
    if name in _HLS_NAMES or (not name and _path(medium.url).endswith(".m3u8")):
        return HLS
    return name if _TYPE.fullmatch(name) else ""


def _is_page(mime: str, url: str) -> bool:
    return mime in _PAGES or (not mime and _path(url).endswith(_PAGE_ENDINGS))


def _path(url: str) -> str:
    return url.partition("?")[0].partition("#")[0].lower()


def _positive(number: int | None) -> int | None:
    return number if number is not None and number > 0 else None


def _same_film(one: MediaObject, other: MediaObject) -> bool:
    if one.kind != "video" or other.kind != "video" or not (one.url and other.url) or one.mime == other.mime:
        return False
    told = ((one.title, other.title), (one.caption, other.caption), (one.thumbnail, other.thumbnail))
    same_length = not (one.duration and other.duration) or abs(one.duration - other.duration) <= 1
    return same_length and all(not a or not b or a == b for a, b in told)

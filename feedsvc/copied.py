"""Pictures of an item, and the addresses of our copies in the place of the portal's.

The store keeps what the portal says. Copies are put in when an item is shown, so that without them, or with the mirror
switched off, readers get the portal's own addresses again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape, unescape
from typing import Final

from feedsvc.dropped import path_of
from feedsvc.model import Copy, Item, MediaObject

PATH: Final = "/media/"
"""Where copies are served, below base_url; a name of `Copy` follows."""

MOST: Final = 50
"""Pictures of one item that are thought of, at most."""

# The markup of items is clean (extract.clean): tags in lower case, every value between double quotes, none inside.
_TAG: Final = re.compile(r'<(?:img|video)(?:\s+[^\s="<>]+(?:="[^"]*")?)*\s*/?>')
_ATTRIBUTE: Final = re.compile(r'(\s+)([^\s="<>]+)="([^"]*)"')
_PICTURES: Final = {"img": "src", "video": "poster"}


def pictures_of(item: Item) -> tuple[str, ...]:
    """Give the addresses of the pictures of an item: its pictures, the thumbnails of its films, those in its text.

    At most 50, each once, http and https only. A dropped document has none: its files are ours already.
    """
    if any(key.startswith("doc:") for key in item.keys):
        return ()
    told = [medium.url for medium in item.media if medium.kind == "image"]
    told += [medium.thumbnail for medium in item.media if medium.thumbnail]
    told += _shown(item.html)
    web = (url for url in dict.fromkeys(told) if url.startswith(("http://", "https://")) and path_of(url) is None)
    return tuple(url for url, _ in zip(web, range(MOST), strict=False))


def with_copies(item: Item, copies: Mapping[str, Copy], root: str) -> Item:
    """Give `item` with the address, type, length and size of each copy in the place of the picture it was made of.

    `copies` are found by the portal's address; `root` is base_url without a final slash. What has no copy, captions
    and all else stay as they are.
    """
    known = {url: copies[url] for url in pictures_of(item) if url in copies}
    if not known:
        return item
    place = _placer(root)
    return replace(
        item,
        html=_with_addresses(item.html, {url: place(copy.name) for url, copy in known.items()}),
        media=tuple(_medium(one, known, place) for one in item.media),
    )


def _placer(root: str) -> Callable[[str], str]:
    return lambda name: f"{root}{PATH}{name}"


def _medium(medium: MediaObject, copies: Mapping[str, Copy], place: Callable[[str], str]) -> MediaObject:
    copy = copies.get(medium.url) if medium.kind == "image" else None
    if copy is not None:
        return replace(
            medium,
            url=place(copy.name),
            mime=copy.mime,
            length=copy.length,
            width=copy.width,
            height=copy.height,
            thumbnail=place(copy.small or copy.name) if copy.small or medium.thumbnail else None,
        )
    still = copies.get(medium.thumbnail or "")
    return medium if still is None else replace(medium, thumbnail=place(still.small or still.name))


def _shown(html: str) -> list[str]:
    """Give the addresses of pictures in markup, and of those that stand for its films."""
    return [
        unescape(value)
        for tag in _TAG.findall(html)
        for _, name, value in _ATTRIBUTE.findall(tag)
        if name == _PICTURES[tag[1:].split(maxsplit=1)[0]]
    ]


def _with_addresses(html: str, places: Mapping[str, str]) -> str:
    def attribute(found: re.Match[str]) -> str:
        space, name, value = found.groups()
        if name == "srcset":
            return _srcset(space, value, places)
        ours = places.get(unescape(value)) if name in _PICTURES.values() else None
        return found[0] if ours is None else f'{space}{name}="{escape(ours)}"'

    return _TAG.sub(lambda tag: _ATTRIBUTE.sub(attribute, tag[0]), html)


def _srcset(space: str, value: str, places: Mapping[str, str]) -> str:
    """Give the attribute with what we have copies of; without any it goes: else it would outrank our `src`."""
    told = [one.split() for one in unescape(value).split(", ")]
    ours = [" ".join((places[url], *size)) for url, *size in filter(None, told) if url in places]
    return f'{space}srcset="{escape(", ".join(ours))}"' if ours else ""

"""The pictures, films and files of a record (reading.md 3.8)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc.extract.links import is_file
from feedsvc.extract.page import absolute
from feedsvc.extract.picture import pictures_of
from feedsvc.extract.wording import GENERIC
from feedsvc.model import MediaObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bs4.element import Tag

    from feedsvc.extract.page import Document
    from feedsvc.extract.pieces import Script

_FILM = re.compile(r"""[^'"\s()]{1,1000}\.(?:mp4|m3u8|webm)(?:\?[^'"\s()]*)?""", re.IGNORECASE)
_FILM_ENDING = re.compile(r"\.(?:mp4|m3u8|webm)", re.IGNORECASE)
_ATTRIBUTE_LENGTH = 4000  # characters that are searched for the address of a film
_FILM_TYPES = {"mp4": "video/mp4", "m3u8": "application/vnd.apple.mpegurl", "webm": "video/webm"}
_FILM_ATTRIBUTES = frozenset({"href", "src", "onclick"})
_FILE_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def media_of(
    script: Script, targets: Sequence[tuple[Tag, str | None]], url: str, title: str, document: Document
) -> tuple[MediaObject, ...]:
    """Return the picture of the record of the item at `url`, its films, and the documents that it links to.

    `script` is the record, `targets` are its links with the addresses that they lead to.
    """
    picture = next(pictures_of(script.tags, document), None)
    shown = (MediaObject(url=picture, kind="image"),) if picture else ()
    return (*shown, *_films(script.tags, picture, document), *_files(script, targets, url, title))


def _films(tags: list[Tag], picture: str | None, document: Document) -> Iterator[MediaObject]:
    """Yield the films in links, data attributes and click handlers."""
    found: dict[str, None] = {}
    for tag in tags:
        for name, value in tag.attrs.items():
            if (name in _FILM_ATTRIBUTES or name.startswith("data-")) and _FILM_ENDING.search(str(value)):
                found |= dict.fromkeys(_FILM.findall(str(value)[:_ATTRIBUTE_LENGTH]))
    for film in dict.fromkeys(absolute(document, text) for text in found):
        if film is not None:
            mime = _FILM_TYPES.get(urlsplit(film).path.rpartition(".")[2].lower())
            yield MediaObject(url=film, kind="video", mime=mime, thumbnail=picture)


def _files(script: Script, targets: Iterable[tuple[Tag, str | None]], url: str, title: str) -> Iterator[MediaObject]:
    """Yield the documents that the record links to, each once."""
    leading = {target: tag for tag, target in targets if target is not None}
    for target, tag in ((target, tag) for target, tag in leading.items() if is_file(target)):
        name = script.line(tag)
        mime = _FILE_TYPES.get(urlsplit(target).path.rpartition(".")[2].lower())
        label = title if target == url or GENERIC.fullmatch(name) else name
        yield MediaObject(url=target, kind="document", mime=mime, title=label)

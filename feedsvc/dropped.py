"""Addresses of what lies in a folder of dropped documents: the documents, and the pictures in and beside them.

An item is stored before it has a number, and may be shown under another host tomorrow. So its files are written under a
host that cannot exist (RFC 2606, 2), and `service.py` puts the address of ours in its place when the item is shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedsvc.model import Item

HOST: Final = "https://documents.invalid/"
EMBEDDED: Final = "/word/media/"
"""What parts a .docx file from a picture inside it."""

FILES: Final = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}
"""Documents that are given to readers as files too, and their types."""

PICTURES: Final = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
}  # fmt: skip
"""Endings of the pictures that are shown, and their types. A drawing (.svg) may hold a script and is none of them."""

BESIDE: Final = ("_files", ".files", "_tep_tin", "_tệp_tin")
"""What browsers and Word put behind a page's name for the folder of its pictures."""


def address_of(path: str) -> str:
    """Give the stand-in for the address of `path`: folder and name as in `folder:DIR/NAME`, unescaped."""
    return HOST + quote(path)


def path_of(address: str) -> str | None:
    """Give the path behind a stand-in; None for any other address."""
    return unquote(address.removeprefix(HOST)) if address.startswith(HOST) else None


def name_of(path: str, keys: Iterable[str]) -> str:
    """Give `path` as seen from the folder of its document, which one of the item's `keys` (`doc:DIR/NAME`) tells."""
    folders = [key.removeprefix("doc:").rpartition("/")[0] + "/" for key in keys if key.startswith("doc:")]
    return next((path.removeprefix(one) for one in folders if path.startswith(one)), path.rpartition("/")[2])


def files_of(item: Item) -> dict[str, str]:
    """Give the files of a dropped document among the media of `item`: their names -> their paths."""
    paths = [path for one in item.media if (path := path_of(one.url)) is not None]
    return {name_of(path, item.keys): path for path in reversed(paths)}


def with_files(item: Item, base: str) -> Item:
    """Give `item` with addresses below `base` (absolute, no slash at its end) in the place of all stand-ins."""
    places = {address_of(path): f"{base}/{quote(name)}" for name, path in files_of(item).items()}
    if not places:
        return item
    html = item.html
    # The address of a Word file begins those of the pictures inside it: the longest go first.
    for address in sorted(places, key=len, reverse=True):
        html = html.replace(address, places[address])
    return replace(item, html=html, media=tuple(replace(one, url=places.get(one.url, one.url)) for one in item.media))

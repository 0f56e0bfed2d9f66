"""Files attached to an article: linked, downloaded by a handler, shown in a frame (reading.md 5, row "documents")."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from feedsvc.extract.clean import clean_text, clean_title
from feedsvc.extract.links import target_of_click
from feedsvc.extract.media import ending, is_picture
from feedsvc.extract.page import absolute
from feedsvc.extract.places import is_chrome, words_of
from feedsvc.model import MediaObject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedsvc.extract.page import Document

_DOCUMENTS: Final = {
    "pdf": "application/pdf", "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "rtf": "application/rtf",
    "zip": "application/zip", "rar": "application/vnd.rar", "7z": "application/x-7z-compressed",
}  # fmt: skip
_HANDLER: Final = re.compile(
    r"/\w{0,20}(?:download|taive|tai-ve|getfile|viewfile|attachment)\w{0,20}(?:\.\w{2,5})?[/?]|/documents/\d+/|"
    r"[?&](?:file|attach|download)(?:id|name)?=",
    re.IGNORECASE,
)
_MOST: Final = 50
_MOST_CLIMBED: Final = 8


def is_document(address: str) -> bool:
    """Tell whether `address` leads to a file: by its ending, or because it downloads. A picture is none."""
    return _DOCUMENTS.get(ending(address)) is not None or bool(_HANDLER.search(address) and not is_picture(address))


def is_aside(element: Any) -> bool:
    """Tell whether `element` stands in a menu, a side column or a list of related articles."""
    above = islice(element.iterancestors(), _MOST_CLIMBED)
    return any(is_chrome(one, words_of(one)) for one in above if one.tag not in {"body", "html"})


def find_documents(elements: Sequence[Any], document: Document) -> tuple[MediaObject, ...]:
    """Give the files that `elements` lead to: by their ending, by an address that downloads, or in a viewer's frame."""
    found: dict[str, MediaObject] = {}
    for element in elements:
        if len(found) >= _MOST:
            break
        one = _linked(element, document) if element.tag == "a" else _framed(element, document)
        if one is not None and one.url not in found and not is_aside(element):
            found[one.url] = one
    return tuple(found.values())


def _linked(link: Any, document: Document) -> MediaObject | None:
    url = target_of_click(document, link)
    if not url:
        return None
    mime = _DOCUMENTS.get(ending(url)) or _DOCUMENTS.get(_named_in_path(url))
    if not mime and not is_document(url):
        return None
    title = clean_text("".join(link.itertext())) or clean_title(link.get("title") or "") or _file_name(url)
    mime = mime or _DOCUMENTS.get(ending(f"https://x.example/{title}"))
    return MediaObject(url=url, kind="document", mime=mime, title=title)


def _framed(element: Any, document: Document) -> MediaObject | None:
    """A file shown in the page, alone or by a viewer whose address names it: `viewer?url=...pdf`, `?file=...pdf`."""
    if element.tag not in {"iframe", "embed", "object"}:
        return None
    given = element.get("data") or element.get("src") or element.get("data-src") or ""
    for address in (given, *(value for _, value in _query(given))):
        mime = _DOCUMENTS.get(ending(address)) if address else None
        url = absolute(document, address) if mime else None
        if url:
            title = clean_title(element.get("title") or "") or _file_name(url)
            return MediaObject(url=url, kind="document", mime=mime, title=title)
    return None


def _query(address: str) -> list[tuple[str, str]]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return []
    return parse_qsl(parts.query) + parse_qsl(parts.fragment)


def _file_name(url: str) -> str:
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1])


def _named_in_path(url: str) -> str:
    """Liferay puts the file's name before its number: `/documents/10180/0/bao-cao.pdf/5c1e...`."""
    parts = [part for part in urlsplit(url).path.split("/") if "." in part]
    return parts[-1].rsplit(".", 1)[-1].lower() if parts else ""

"""Videos, sounds and attached documents of an article (reading.md 5, rows "videos" and "documents")."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from feedsvc.extract.clean import clean_text, clean_title
from feedsvc.extract.links import target_of_click
from feedsvc.extract.media import ending
from feedsvc.extract.page import absolute
from feedsvc.extract.places import is_chrome, words_of
from feedsvc.model import MediaObject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedsvc.extract.page import Document
    from feedsvc.extract.structured import Structured

_VIDEO: Final = {
    "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm",
    "m3u8": "application/vnd.apple.mpegurl", "mov": "video/quicktime",
    "ogv": "video/ogg", "flv": "video/x-flv", "mpd": "application/dash+xml",
}  # fmt: skip
_AUDIO: Final = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "wav": "audio/wav", "aac": "audio/aac"}
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
_FILM_ATTRIBUTES: Final = (
    "data-vid",
    "data-trailer",
    "data-video",
    "data-video-src",
    "data-mp4",
    "data-file",
    "data-hls",
    "data-video-url",
)
_IN_SCRIPT: Final = re.compile(
    r"""["']((?:https?:)?(?:\\?/){1,2}[^"'\s<>]{4,400}?\.(?:mp4|m3u8|webm)(?:\?[^"'\s<>]{0,200})?)["']"""
)
_YOUTUBE: Final = re.compile(
    r"(?:youtube(?:-nocookie)?\.com/(?:embed/|v/|shorts/|live/|watch\?(?:[^#]*&)?v=)|youtu\.be/)([\w-]{11})"
)
_VIMEO: Final = re.compile(r"(?:player\.)?vimeo\.com/(?:video/)?(\d{5,12})")
_FACEBOOK: Final = re.compile(r"facebook\.com/(?:plugins/video\.php|[^/?#]+/videos/\d+|watch)")
_PLAYER_HINT: Final = re.compile(r"\b(?:file|src|source|url|hls|mp4|m3u8|webm|video|media)\b", re.IGNORECASE)
_LONGEST_SCRIPT: Final = 200_000
_MOST: Final = 50
_MOST_CLIMBED: Final = 8
_HOST_FIRST: Final = re.compile(r"(?:[\w-]+\.){1,5}[a-z]{2,10}/", re.IGNORECASE)
_HOLDERS: Final = frozenset(
    {"video", "audio", "source", "iframe", "embed", "a", "div", "img", "span", "li", "amp-video", "amp-youtube"}
)


def film(url: str, *, mime: str = "", thumbnail: str | None = None, title: str = "") -> MediaObject | None:
    """Give the film or sound at the absolute address `url`, None when it is none that feedsvc knows."""
    tube, vimeo = _YOUTUBE.search(url), _VIMEO.search(url)
    if tube:
        number = tube.group(1)
        return MediaObject(
            url=f"https://www.youtube.com/watch?v={number}", kind="video", title=title, player=f"https://www.youtube.com/embed/{number}",
            thumbnail=thumbnail or f"https://i.ytimg.com/vi/{number}/hqdefault.jpg",
        )  # fmt: skip
    if vimeo:
        number = vimeo.group(1)
        return MediaObject(
            url=f"https://vimeo.com/{number}",
            kind="video",
            title=title,
            player=f"https://player.vimeo.com/video/{number}",
            thumbnail=thumbnail,
        )
    if _FACEBOOK.search(url):
        inner = parse_qs(urlsplit(url).query).get("href", [url])[0]
        return MediaObject(
            url=inner if inner.startswith("https://") else url,
            kind="video",
            title=title,
            player=url,
            thumbnail=thumbnail,
        )
    kind = ending(url)
    if kind in _VIDEO or mime.startswith("video/"):
        return MediaObject(url=url, kind="video", mime=_VIDEO.get(kind) or mime, title=title, thumbnail=thumbnail)
    if kind in _AUDIO or mime.startswith("audio/"):
        return MediaObject(url=url, kind="audio", mime=_AUDIO.get(kind) or mime, title=title)
    return None


def find_films(elements: Sequence[Any], document: Document, structured: Structured) -> tuple[MediaObject, ...]:
    """Give the films and sounds among `elements`, then those the page declares; forms of one film stand together."""
    found: dict[str, MediaObject] = {}
    for element in elements:
        if element.tag in _HOLDERS and not _is_aside(element):
            for one in _of_element(element, document):
                found.setdefault(one.url, one)
    for address, mime, picture in structured.films:
        url = absolute(document, address)
        thumbnail = absolute(document, picture) if picture else None
        declared = film(url, mime=mime.partition(";")[0].strip(), thumbnail=thumbnail) if url else None
        if declared is not None:
            found.setdefault(declared.url, declared)
    scripts = [element for element in elements if element.tag == "script" and not _is_aside(element)]
    everywhere = [] if found else _only_one(_in_scripts(list(document.root.iter("script")), document))
    for url in _in_scripts(scripts, document) or everywhere:
        played = film(url)
        if played is not None:
            found.setdefault(url, played)
    return tuple(_together(list(found.values())[:_MOST]))


def _of_element(element: Any, document: Document) -> list[MediaObject]:
    addresses = [_with_scheme(element.get(name)) for name in _FILM_ATTRIBUTES]
    mime, thumbnail = (element.get("type") or "").partition(";")[0].strip().lower(), None
    if element.tag in {"video", "audio", "source", "iframe", "embed", "amp-video"}:
        if element.tag == "source" and element.getparent() is not None and element.getparent().tag == "picture":
            return []
        addresses += [element.get("src"), element.get("data-src"), element.get("data-lazy-src")]
    elif element.tag == "a" and ending(element.get("href") or "") in _VIDEO:
        addresses.append(element.get("href"))
    elif element.tag == "amp-youtube":
        addresses.append(f"https://youtu.be/{element.get('data-videoid', '')}")
    if not any(addresses):
        return []
    holder = element.getparent() if element.tag == "source" and element.getparent() is not None else element
    for name in ("poster", "data-poster", "data-thumb", "data-thumbnail"):
        thumbnail = thumbnail or (absolute(document, holder.get(name)) if holder.get(name) else None)
    thumbnail = thumbnail or (
        absolute(document, element.get("src")) if element.tag == "img" and element.get("src") else None
    )
    title = clean_title(holder.get("title") or holder.get("data-title") or "")
    urls = [absolute(document, address) for address in addresses if address]
    return [one for url in urls if url and (one := film(url, mime=mime, thumbnail=thumbnail, title=title))]


def _with_scheme(address: str | None) -> str | None:
    """`data-vid="media.example.vn/2021/phim.mp4"` begins with a host, not with a folder."""
    return f"https://{address}" if address and _HOST_FIRST.match(address) else address


def _is_aside(element: Any) -> bool:
    """Tell whether `element` stands in a menu, a side column or a list of related articles."""
    above = islice(element.iterancestors(), _MOST_CLIMBED)
    return any(is_chrome(one, words_of(one)) for one in above if one.tag not in {"body", "html"})


def _in_scripts(scripts: Sequence[Any], document: Document) -> list[str]:
    """Addresses of films in player scripts; escaped slashes are unescaped."""
    urls: list[str] = []
    for script in scripts:
        text = script.text or ""
        if (
            len(text) <= _LONGEST_SCRIPT
            and (".mp4" in text or ".m3u8" in text or ".webm" in text)
            and _PLAYER_HINT.search(text)
        ):
            urls += [
                url for found in _IN_SCRIPT.findall(text) if (url := absolute(document, found.replace("\\/", "/")))
            ]
    return list(dict.fromkeys(urls))


def _only_one(urls: list[str]) -> list[str]:
    """Scripts elsewhere on the page count when they name a single film: several are a list of others."""
    return urls if len({_name(url) for url in urls}) == 1 else []


def _name(url: str) -> str:
    return unquote(urlsplit(url).path).rsplit("/", 1)[-1].rsplit(".", 1)[0].casefold()


def _together(films: list[MediaObject]) -> list[MediaObject]:
    """Put forms of one film (mp4, HLS) side by side, and give them one thumbnail."""
    order: dict[str, list[MediaObject]] = {}
    for one in films:
        order.setdefault(one.url if one.player else _name(one.url), []).append(one)
    together = []
    for forms in order.values():
        thumbnail = next((one.thumbnail for one in forms if one.thumbnail), None)
        together += [
            replace(one, thumbnail=one.thumbnail or thumbnail) if one.kind == "video" else one for one in forms
        ]
    return together


def is_document(address: str) -> bool:
    """Tell whether `address` leads to a file: by its ending, or because it downloads."""
    return _DOCUMENTS.get(ending(address)) is not None or bool(_HANDLER.search(address))


def find_documents(elements: Sequence[Any], document: Document) -> tuple[MediaObject, ...]:
    """Give the files that links among `elements` lead to: by their ending, or by an address that downloads."""
    found: dict[str, MediaObject] = {}
    for link in elements:
        url = target_of_click(document, link) if link.tag == "a" else None
        if not url or url in found or len(found) >= _MOST:
            continue
        mime = _DOCUMENTS.get(ending(url)) or _DOCUMENTS.get(_named_in_path(url))
        if (mime or _HANDLER.search(url)) and not _is_aside(link):
            title = (
                clean_text("".join(link.itertext()))
                or clean_title(link.get("title") or "")
                or unquote(urlsplit(url).path.rsplit("/", 1)[-1])
            )
            mime = mime or _DOCUMENTS.get(ending(f"https://x.example/{title}"))
            found[url] = MediaObject(url=url, kind="document", mime=mime, title=title)
    return tuple(found.values())


def _named_in_path(url: str) -> str:
    """Liferay puts the file's name before its number: `/documents/10180/0/bao-cao.pdf/5c1e...`."""
    parts = [part for part in urlsplit(url).path.split("/") if "." in part]
    return parts[-1].rsplit(".", 1)[-1].lower() if parts else ""

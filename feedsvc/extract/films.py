"""Videos and sounds of an article, wherever a page hides them (reading.md 5, row "videos")."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from feedsvc.extract.attachments import is_aside
from feedsvc.extract.clean import clean_title
from feedsvc.extract.media import ending, picture_url, stem
from feedsvc.extract.page import absolute
from feedsvc.extract.players import CONFIGURATIONS, Told, films_of_data, films_of_query, films_of_scripts
from feedsvc.model import MediaObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from feedsvc.extract.page import Document
    from feedsvc.extract.structured import Structured

_VIDEO: Final = {
    "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm",
    "m3u8": "application/vnd.apple.mpegurl", "mov": "video/quicktime",
    "ogv": "video/ogg", "flv": "video/x-flv", "mpd": "application/dash+xml", "wmv": "video/x-ms-wmv",
}  # fmt: skip
_AUDIO: Final = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "wav": "audio/wav", "aac": "audio/aac",
    "wma": "audio/x-ms-wma",
}  # fmt: skip
_FILM_ATTRIBUTES: Final = (
    "data-vid", "data-trailer", "data-video", "data-video-src", "data-mp4", "data-file", "data-hls", "data-video-url",
    "data-src-mp4", "data-stream", "data-url-video",
)  # fmt: skip
_STILLS: Final = (
    "poster", "data-poster", "data-thumb", "data-thumbnail", "data-image", "data-splash", "data-img", "data-avatar",
)  # fmt: skip
_YOUTUBE: Final = re.compile(
    r"(?:youtube(?:-nocookie)?\.com/(?:embed/|v/|e/|shorts/|live/|watch/?\?(?:[^#]*&)?v=)|youtu\.be/)([\w-]{11})(?![\w-])"
)
_NUMBER: Final = re.compile(r"[\w-]{11}")
_VIMEO: Final = re.compile(r"(?:player\.)?vimeo\.com/(?:video/)?(\d{5,12})")
_FACEBOOK: Final = re.compile(r"facebook\.com/(?:plugins/video\.php|[^/?#]+/videos/\d+|watch)")
# Players that are known by their address, with the page where a person sees the film.
_KNOWN: Final = (
    (re.compile(r"dailymotion\.com/(?:embed/)?video/(\w{5,12})"), "https://www.dailymotion.com/video/{}",
     "https://www.dailymotion.com/embed/video/{}"),
    (re.compile(r"tiktok\.com/(?:embed/(?:v2/)?|@[\w.]{1,40}/video/|player/v1/)(\d{8,20})"),
     "https://www.tiktok.com/embed/v2/{}", "https://www.tiktok.com/embed/v2/{}"),
    (re.compile(r"drive\.google\.com/file/d/([\w-]{10,60})/preview"), "https://drive.google.com/file/d/{}/view",
     "https://drive.google.com/file/d/{}/preview"),
)  # fmt: skip
# Portals show films of their own in a frame of their own, whose address says so.
_OWN_PLAYER: Final = re.compile(
    r"(?:^|[/._?&=-])(?:video|player|play|clip|vod|phim|truyen-?hinh|media|embed|jwplayer)\w{0,12}(?:$|[/._?&=-])",
    re.IGNORECASE,
)
_NO_PLAYER: Final = re.compile(
    r"maps?(?:$|[/.?])|/forms?/|calendar|comment|plugins/|like|share|slide|scribd|issuu|flip|viewer|e-?book|weather|"
    r"thoi-?tiet|captcha|login|chat|count|thong-?ke|banner|advert|\bads?\b|survey|tham-?do|spotify|livechat|bieu-?do|chart|"
    r"\.(?:pdf|docx?|xlsx?|pptx?)\b",
    re.IGNORECASE,
)
_FEWEST_LABELS: Final = 3
_MOST: Final = 50
_MOST_HOLDERS: Final = 1000  # elements that may play something
_MOST_INSIDE: Final = 100  # elements of a player among which its still is looked for
_HOST_FIRST: Final = re.compile(r"(?:[\w-]+\.){1,5}[a-z]{2,10}/", re.IGNORECASE)
_PLAYING: Final = frozenset({"video", "audio", "source", "iframe", "embed", "amp-video"})
_READ: Final = _PLAYING | {"a", "object", "param", "amp-youtube"}
_NUMBERS: Final = ("data-videoid", "data-youtube", "data-yt-id", "data-youtube-id")
_TELLING: Final = frozenset({*_FILM_ATTRIBUTES, *CONFIGURATIONS, *_NUMBERS})
_NO_TITLE: Final = re.compile(
    r"(?:youtube |facebook |vimeo )?(?:video|media)? ?(?:player|iframe|embed|frame)", re.IGNORECASE
)
_PLAYLIST: Final = re.compile(r"(?:index|master|playlist|manifest|chunklist|main|video|stream|prog_index)[\w-]{0,20}")
_FORM_MARK: Final = re.compile(r"(?:[-_.](?:\d{3,4}p?|hd|sd|hq|low|high|medium|mobile|h264|mp4))+$")


def film(url: str, *, mime: str = "", thumbnail: str | None = None, title: str = "") -> MediaObject | None:
    """Give the film or sound at the absolute address `url`, None when it is none that feedsvc knows."""
    played = _hosted(url)
    if played is not None:
        page, player, still = played
        return MediaObject(url=page, kind="video", title=title, player=player, thumbnail=thumbnail or still)
    kind = ending(url)
    if kind in _VIDEO or (mime.startswith("video/") and kind not in _AUDIO):
        return MediaObject(url=url, kind="video", mime=_VIDEO.get(kind) or mime, title=title, thumbnail=thumbnail)
    if kind in _AUDIO or mime.startswith("audio/"):
        return MediaObject(url=url, kind="audio", mime=_AUDIO.get(kind) or mime, title=title)
    return None


def _hosted(url: str) -> tuple[str, str, str | None] | None:
    """Give page, player and still of a film that a known host plays."""
    tube, vimeo = _YOUTUBE.search(url), _VIMEO.search(url)
    if tube:
        number = tube.group(1)
        still = f"https://i.ytimg.com/vi/{number}/hqdefault.jpg"
        return f"https://www.youtube.com/watch?v={number}", f"https://www.youtube.com/embed/{number}", still
    if vimeo:
        number = vimeo.group(1)
        return f"https://vimeo.com/{number}", f"https://player.vimeo.com/video/{number}", None
    if _FACEBOOK.search(url):
        inner = parse_qs(urlsplit(url).query).get("href", [url])[0]
        return inner if inner.startswith("https://") else url, url, None
    for pattern, page, player in _KNOWN:
        match = pattern.search(url)
        if match:
            return page.format(match.group(1)), player.format(match.group(1)), None
    return None


def plays(element: Any) -> bool:
    """Tell whether `element` can hold a film that only its attributes or a player's script name."""
    return any(
        (one.tag == "script" and films_of_scripts([one])) or not _TELLING.isdisjoint(one.keys())
        for one in element.iter("script", "div", "a", "span", "img", "li", "figure", "section", "param")
    )


def find_films(elements: Sequence[Any], document: Document, structured: Structured) -> tuple[MediaObject, ...]:
    """Give the films and sounds among `elements`, then those the page declares; forms of one film stand together."""
    found: dict[str, MediaObject] = {}
    held = (element for element in elements if element.tag in _READ or not _TELLING.isdisjoint(element.keys()))
    _join(found, (one for element in islice(held, _MOST_HOLDERS) for one in _of_element(element, document)))
    _join(found, _declared(document, structured))
    scripts = [element for element in elements if element.tag == "script" and not is_aside(element)]
    told = _films(films_of_scripts(scripts), document)
    if not found and not told:
        told = _only_one(_films(films_of_scripts(list(document.root.iter("script"))), document))
    _join(found, told)
    return tuple(_together(_with_stills(list(found.values())[:_MOST], elements, document)))


def _join(found: dict[str, MediaObject], more: Iterable[MediaObject]) -> None:
    """Take each film once; what is told again may add its still."""
    for one in more:
        known = found.setdefault(one.url, one)
        if known.kind == "video" and not known.thumbnail and one.thumbnail:
            found[one.url] = replace(known, thumbnail=one.thumbnail)


def _declared(document: Document, structured: Structured) -> list[MediaObject]:
    films = []
    for address, mime, picture in structured.films:
        url = absolute(document, address)
        thumbnail = absolute(document, picture) if picture else None
        declared = film(url, mime=mime.partition(";")[0].strip(), thumbnail=thumbnail) if url else None
        films += [declared] if declared is not None else []
    return films


def _films(told: Iterable[Told], document: Document) -> list[MediaObject]:
    films = []
    for one in told:
        url = absolute(document, _with_scheme(one.address))
        played = film(url, thumbnail=absolute(document, one.still) if one.still else None) if url else None
        films += [played] if played is not None else []
    return films


def _of_element(element: Any, document: Document) -> list[MediaObject]:
    given = _addresses(element)
    told = films_of_data(element)
    if not (given or told) or is_aside(element):
        return []
    mime = (element.get("type") or "").partition(";")[0].strip().lower()
    parent = element.getparent()
    holder = parent if element.tag in {"source", "param"} and parent is not None else element
    thumbnail = _still(holder, document)
    title = clean_title(holder.get("title") or holder.get("data-title") or "")
    title = "" if _NO_TITLE.fullmatch(title) else title
    urls = [url for address in given if (url := absolute(document, address))]
    played = [one for url in urls if (one := film(url, mime=mime, thumbnail=thumbnail, title=title))]
    if not played and urls and element.tag in {"iframe", "embed", "object"}:
        told = [*told, *(one for address in given for one in films_of_query(address))]
    if not played and not told and urls and element.tag == "iframe" and _is_own_player(urls[0], element, document):
        played = [MediaObject(url=urls[0], kind="video", title=title, player=urls[0], thumbnail=thumbnail)]
    more = (replace(one, title=title, thumbnail=one.thumbnail or thumbnail) for one in _films(told, document))
    return [*played, *more]


def _addresses(element: Any) -> list[str]:
    """The addresses that `element` plays: its own, and those that its data attributes name."""
    tag = element.tag
    given = [_with_scheme(value) for name in _FILM_ATTRIBUTES if (value := element.get(name))]
    if tag in _PLAYING and not (
        tag == "source" and element.getparent() is not None and element.getparent().tag == "picture"
    ):
        given += [element.get("src"), element.get("data-src"), element.get("data-lazy-src")]
    elif tag == "a" and ending(element.get("href") or "") in _VIDEO:
        given.append(element.get("href"))
    elif tag == "object":
        given.append(element.get("data"))
    elif tag == "param" and (element.get("name") or "").lower() in {"movie", "src", "url", "filename"}:
        given.append(element.get("value"))
    numbers = (element.get(name) or "" for name in _NUMBERS)
    given += [f"https://youtu.be/{number}" for number in numbers if _NUMBER.fullmatch(number)]
    return [address for address in given if address]


def _still(holder: Any, document: Document) -> str | None:
    """The still of a player: named in an attribute, or the picture that it or the box around the film shows."""
    for name in _STILLS:
        url = absolute(document, holder.get(name)) if holder.get(name) else None
        if url and (ending(url) in {"jpg", "jpeg", "png", "webp", "gif", "avif"} or name == "poster"):
            return url
    inside = islice(holder.iter(), _MOST_INSIDE)
    picture = next((element for element in inside if element.tag == "img"), None)
    return picture_url(picture, document) if picture is not None and holder.tag not in {"a", "section"} else None


def _with_scheme(address: str) -> str:
    """`data-vid="media.example.vn/2021/phim.mp4"` begins with a host, not with a folder."""
    return f"https://{address}" if _HOST_FIRST.match(address) else address


def _is_own_player(url: str, frame: Any, document: Document) -> bool:
    """Tell whether a frame is the portal's own player; one of another site must be able to fill the screen as well."""
    parts = urlsplit(url)
    if _NO_PLAYER.search(f"{parts.netloc}{parts.path}") or not _OWN_PLAYER.search(f"{parts.path}?{parts.query}"):
        return False
    own = _site(urlsplit(document.address).hostname or "")
    return _site(parts.hostname or "") == own or frame.get("allowfullscreen") is not None


def _site(host: str) -> str:
    """The part of a host that portals of one house share: `media.sapa.example.vn` and `sapa.example.vn`."""
    labels = host.removeprefix("www.").split(".")
    return ".".join(labels[-_FEWEST_LABELS:] if len(labels) >= _FEWEST_LABELS else labels)


def _only_one(films: list[MediaObject]) -> list[MediaObject]:
    """Scripts elsewhere on the page count when they name a single film: several are a list of others."""
    return films if len({_name(one) for one in films}) == 1 else []


def _name(one: MediaObject) -> str:
    """Name a film so that its forms meet: `phim.mp4`, `phim_720p.mp4`, `phim.m3u8`, `phim/playlist.m3u8`."""
    if one.player:
        return one.url
    parts = [part for part in unquote(urlsplit(one.url).path).casefold().split("/") if part]
    names = [part.rsplit(".", 1)[0] if ending(f"/{part}") in {*_VIDEO, "smil"} else part for part in parts]
    while len(names) > 1 and _PLAYLIST.fullmatch(names[-1]):
        names.pop()
    return _FORM_MARK.sub("", names[-1].removeprefix("mp4:").removeprefix("smil:")) if names else one.url


def _with_stills(films: list[MediaObject], elements: Sequence[Any], document: Document) -> list[MediaObject]:
    """Give films without a still the picture that is named after them, as media systems do: `phim.mp4.jpg`."""
    bare = {_name(one) for one in films if one.kind == "video" and not one.thumbnail and not one.player}
    if not bare:
        return films
    pictures = (picture_url(element, document) for element in elements if element.tag == "img")
    stills = {_FORM_MARK.sub("", stem(url).removesuffix(".mp4")): url for url in pictures if url}
    return [
        replace(one, thumbnail=stills.get(_name(one))) if one.kind == "video" and not one.thumbnail else one
        for one in films
    ]


def _together(films: list[MediaObject]) -> list[MediaObject]:
    """Put forms of one film (mp4, HLS) side by side, and give them one thumbnail and title."""
    order: dict[str, list[MediaObject]] = {}
    for one in films:
        order.setdefault(_name(one), []).append(one)
    together = []
    for forms in order.values():
        thumbnail = next((one.thumbnail for one in forms if one.thumbnail), None)
        title = next((one.title for one in forms if one.title), "")
        together += [replace(one, thumbnail=thumbnail, title=title) if one.kind == "video" else one for one in forms]
    return together

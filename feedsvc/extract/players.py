"""What players are told of their films: in scripts, JSON configurations, flash variables (reading.md 5, row "videos").

jwplayer's `file: "..."`, flowplayer's `data-item`, video.js' `data-setup` and home-made ones share one habit: the
film's address, and often its still's, stand between quotes behind a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST: Final = 200_000  # characters of a script
_NEAR: Final = 1000  # characters between a film and its still in one configuration
_QUOTED: Final = re.compile(
    r"""["']((?:[^"'\s<>\\]|\\/|(?<=\w)\x20(?=\w)){1,400}?\.(?:mp4|m3u8|webm|m4v)(?:\?[^"'\s<>]{0,300})?)["']""",
    re.IGNORECASE,
)
_NAMED_TUBE: Final = re.compile(
    r"""\b(?:file|src|source|url|video\w{0,12}|embed\w{0,6})["']?\s{0,4}[:=]\s{0,4}["']"""
    r"""((?:https?:)?(?:\\?/){2}(?:[\w-]{1,20}\.){0,2}(?:youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com)"""
    r"""[^"'\s<>]{3,200})["']""",
    re.IGNORECASE,
)
_STILL: Final = re.compile(
    r"""\b(?:image|poster|thumb(?:nail)?|splash|preview|cover|avatar)(?:_?(?:url|image))?["']?\s{0,4}[:=]\s{0,4}"""
    r"""["']((?:[^"'\s<>\\]|\\/){1,400}?\.(?:jpe?g|png|webp|gif)(?:\?[^"'\s<>]{0,200})?)["']""",
    re.IGNORECASE,
)
_HINT: Final = re.compile(r"\b(?:file|src|source|url|hls|mp4|m3u8|webm|video|media|clip|play)", re.IGNORECASE)
_FILES: Final = (".mp4", ".m3u8", ".webm", ".m4v")
_HOSTS: Final = ("youtu", "vimeo.com")
_SOUGHT: Final = (*_FILES, *_HOSTS)
CONFIGURATIONS: Final = (
    "data-config", "data-item", "data-setup", "data-options", "data-sources", "data-player", "data-jw",
    "data-video-data", "data-params", "data-settings", "flashvars", "data-playlist", "data-media", "data-plyr-config",
)  # fmt: skip
"""Attributes that hold a player's configuration."""
_VARIABLES: Final = frozenset(
    {"file", "src", "url", "video", "movie", "clip", "hls", "flv", "source", "videourl", "path"}
)
_STILL_VARIABLES: Final = ("image", "poster", "thumb", "thumbnail", "splash", "preview")


@dataclass(frozen=True, slots=True)
class Told:
    """A film as a player is told of it: its address and that of its still, as written."""

    address: str
    still: str = ""


def films_of_scripts(scripts: Sequence[Any]) -> list[Told]:
    """Give the films named in `scripts`, elements, in their order; a script that plays nothing gives none."""
    told: list[Told] = []
    for script in scripts:
        text = script.text or ""
        if len(text) <= _LONGEST and any(part in text for part in _SOUGHT) and _HINT.search(text):
            told += _of_text(text)
    return list(dict.fromkeys(told))


def films_of_data(element: Any) -> list[Told]:
    """Give the films that the configuration attributes of `element` name: JSON, loose JavaScript, or variables."""
    told: list[Told] = []
    for name in CONFIGURATIONS:
        value = element.get(name)
        if value and len(value) <= _LONGEST:
            told += _of_text(value) or _of_variables(value)
    if element.tag == "param" and (element.get("name") or "").lower() in {"flashvars", "initparams"}:
        told += _of_variables(element.get("value") or "")
    return told


def films_of_query(address: str) -> list[Told]:
    """Give the film that a player's own address names: `/player.aspx?file=/phim/a.mp4&image=/phim/a.jpg`."""
    return _of_variables(address.partition("?")[2].partition("#")[0] or address.partition("#")[2])


def _of_text(text: str) -> list[Told]:
    stills = [(match.start(), match.group(1)) for match in _STILL.finditer(text)]
    return [Told(_plain(address), _plain(_still_near(place, stills))) for place, address in sorted(_addresses(text))]


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    lower = text.lower()
    if any(ending in lower for ending in _FILES):
        yield from ((match.start(), match.group(1)) for match in _QUOTED.finditer(text))
    if any(host in lower for host in _HOSTS):
        yield from ((match.start(), match.group(1)) for match in _NAMED_TUBE.finditer(text))


def _still_near(place: int, stills: list[tuple[int, str]]) -> str:
    """The still that stands nearest to the film."""
    near = min(stills, key=lambda still: abs(still[0] - place), default=None)
    return near[1] if near is not None and abs(near[0] - place) <= _NEAR else ""


def _of_variables(text: str) -> list[Told]:
    """Read `file=/phim/a.mp4&image=/phim/a.jpg`; only names that players use for films count."""
    if "=" not in text or len(text) > _LONGEST:
        return []
    pairs = parse_qsl(text.replace("&amp;", "&"))
    still = next((value for name, value in pairs if name.casefold() in _STILL_VARIABLES), "")
    return [
        Told(value, still)
        for name, value in pairs
        if name.casefold() in _VARIABLES and any(part in value for part in (*_SOUGHT, ".flv"))
    ]


def _plain(address: str) -> str:
    """Undo what scripts do to slashes; an address that is escaped as a whole is opened."""
    text = address.replace("\\/", "/").replace("\\u002F", "/")
    return unquote(text) if text.lower().startswith(("http%3a", "https%3a")) else text

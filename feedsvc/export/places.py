"""Which addresses of the service become files, and what these are called. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

LIVE = frozenset({"/status", "/status.json", "/healthz", "/readyz", "/metrics", "/hub"})
"""What only a running service can answer."""

LONGEST_NAME = 240
"""Bytes of one part of a file's name: file systems take 255, and endings are put behind."""

_OLDER = frozenset({"page", "before"})
_SAME = frozenset({"lang", "v", "format"})
_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_IN_WORD_FILE = re.compile(r"(\.docx)/(?=word/media/)", re.IGNORECASE)
_DOTS = re.compile(r"\.(?=[^./]+$)")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One address: its decoded path below base_url, and which older items it shows (`page=2`, `before=51`, or "")."""

    path: str
    older: str = ""

    @property
    def address(self) -> str:
        """As it is asked for."""
        path = quote(self.path, safe="/!$&'()*+,;=:@-._~")
        return f"{path}?{self.older}" if self.older else path


def place_of(address: str, base_url: str) -> Place | None:
    """The place of an absolute address; None if it is not ours, or shows a choice that nobody can foresee.

    Parameters that choose a language, a release or the bytes lead to the same file.
    """
    if not address.startswith(f"{base_url}/"):
        return None
    rest, _, query = address.removeprefix(base_url).partition("#")[0].partition("?")
    chosen = {name: value for name, value in parse_qsl(query) if name not in _SAME}
    path = unquote(rest)
    if path in LIVE or not chosen.keys() <= _OLDER:
        return None
    older = next(
        (f"{name}={chosen[name]}" for name in ("before", "page") if _NUMBER.fullmatch(chosen.get(name, ""))), ""
    )
    return Place(path, "" if older == "page=1" else older)


def file_of(place: Place, media_type: str) -> str:
    """The name of a place's file below the folder, with slashes; "" if no file may be called so.

    A page ends in `.html`, the home page is `index.html`; which items are shown stands before the ending:
    `feeds/sapa/tin-tuc.before-51.rss`. A picture inside a Word file lies beside it, as a file is no folder.
    """
    path = _IN_WORD_FILE.sub(r"\1.", place.path.removeprefix("/"))
    older = f".{place.older.replace('=', '-')}" if place.older else ""
    if media_type.startswith("text/html"):
        name = f"{path or 'index'}{older}.html"
    elif media_type.startswith("text/x-opml"):
        name = f"{path}{older}.opml"
    else:
        name = _DOTS.sub(f"{older}.", path) if older else path
    return name if all(map(_is_name, name.split("/"))) else ""


def _is_name(part: str) -> bool:
    """Nothing hidden, nothing that leads elsewhere, nothing that a file system refuses."""
    return bool(part) and not part.startswith(".") and "\0" not in part and len(part.encode()) <= LONGEST_NAME

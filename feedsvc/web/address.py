"""Addresses of feed documents: which channel, which format, which items.

Names are matched and looked up, never joined to a path (safety.md 11).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args
from urllib.parse import parse_qs

from werkzeug.routing import BaseConverter

from feedsvc.model import NEWEST, WINDOW, Choice, MediaKind
from feedsvc.store.search import bared

SLUG = "[a-z0-9-]{1,64}"
MOST = 100
MOST_CHARACTERS = 100
MOST_WORDS = 8
YEARS = range(1900, 9999)
OPML = "opml"

_FEED = re.compile(rf"/feeds/(?P<path>{SLUG}(?:/{SLUG})?)\.(?P<format>[a-z0-9]{{1,16}})", re.ASCII)


class SlugConverter(BaseConverter):
    """A name in a route."""

    regex = SLUG


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One document: what is chosen of a channel's feed, in a format; the OPML list has the format `opml`."""

    path: str
    format: str
    choice: Choice = NEWEST


def find_address(path: str, query: str, channels: Collection[str], formats: Collection[str]) -> Address | None:
    """The document at a decoded path and raw query string; None if no known channel or format stands there."""
    if path == f"/{OPML}":
        return Address(path="", format=OPML)
    match = _FEED.fullmatch(path)
    if not match or match["path"] not in channels or match["format"] not in formats:
        return None
    return Address(path=match["path"], format=match["format"], choice=_choice(query) if query else NEWEST)


def wants_bytes(query: str) -> bool:
    """Whether `?format=xml` asks for the document whatever Accept says (feeds.md 8)."""
    return "format" in query and _first(query, "format") == "xml"


def _choice(query: str) -> Choice:
    """What the parameters ask for. Those that nobody knows, or that say nothing, do not count (feeds.md, addresses)."""
    said = _parameters(query)
    before = _number(said.get("before", ""))
    if before is not None:
        return Choice(before=before)
    media: dict[str, MediaKind] = {kind: kind for kind in get_args(MediaKind)}
    return Choice(
        limit=min(_number(said.get("limit", "")) or WINDOW, MOST),
        page=_number(said.get("page", "")) or 1,
        search=_search(said.get("q", "")),
        since=_since(said.get("since", "").strip()),
        media=media.get(said.get("media", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _search(text: str) -> str:
    """The words without marks, each once, in one order: so that one search is one document, however it is written."""
    words = bared(text)[:MOST_CHARACTERS].split()
    return " ".join(sorted(set(words[:MOST_WORDS])))


def _since(text: str) -> datetime | None:
    """A day or a moment (ISO 8601), without zone where none is told; a `+` that became a space counts as one."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        return None
    if moment.year not in YEARS:
        return None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).replace(microsecond=0)


def _first(query: str, name: str) -> str:
    return _parameters(query).get(name, "")


def _parameters(query: str) -> dict[str, str]:
    """The first value of each parameter."""
    try:
        return {name: values[0] for name, values in parse_qs(query, max_num_fields=100).items()}
    except ValueError:  # more parameters than anybody needs
        return {}

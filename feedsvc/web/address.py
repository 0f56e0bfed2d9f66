"""Addresses of feed documents: which channel, which format, how many items.

Names are matched and looked up, never joined to a path (safety.md 11).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qs

from werkzeug.routing import BaseConverter

from feedsvc.model import NEWEST, WINDOW, Choice

SLUG = "[a-z0-9-]{1,64}"
MOST = 100
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
    return Choice(limit=_limit(query))


def _limit(query: str) -> int:
    """`?limit=1..100`; more is cut to 100, and what is no such number does not count."""
    text = _first(query, "limit")
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) == 0:
        return WINDOW
    return min(int(text), MOST)


def _first(query: str, name: str) -> str:
    try:
        return parse_qs(query, max_num_fields=100).get(name, [""])[0]
    except ValueError:  # more parameters than anybody needs
        return ""

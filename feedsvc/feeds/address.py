"""Addresses as feed documents may carry them: absolute, http or https, ASCII (RFC 3986)."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from feedsvc.feeds.text import xml_safe

_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{0,5})?")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PICTURES = (".png", ".gif", ".jpg", ".jpeg")
_READY = re.compile(
    r"https?://[A-Za-z0-9._-]+(?::\d{1,5})?"
    r"(?:/(?:[A-Za-z0-9/:@!$&'()*+,;=~._-]|%[0-9A-Fa-f]{2})*+)?"
    r"(?:\?(?:[A-Za-z0-9/:@!$&'()*+,;=~._?-]|%[0-9A-Fa-f]{2})++)?"
)
"""Addresses in which nothing is to be done, as nearly all are."""
_KEPT = "/%:@!$&'()*+,;=~-._?"


def web_address(url: str) -> str:
    """`url` with everything escaped that a URI must escape, without user and password; "" when it is no web address."""
    if not url or _READY.fullmatch(url):
        return url
    try:
        parts = urlsplit(xml_safe(url).strip())
        host = _ascii_host(parts.netloc.rpartition("@")[2])
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return ""
    query = f"?{_escaped(parts.query)}" if parts.query else ""
    fragment = f"#{_escaped(parts.fragment)}" if parts.fragment else ""
    return f"{parts.scheme}://{host}{_escaped(parts.path)}{query}{fragment}"


def picture_address(url: str) -> str:
    """`url` as a web address when its ending is that of a picture which every reader shows: PNG, GIF, JPEG; else ""."""
    address = web_address(url)
    return address if urlsplit(address).path.lower().endswith(_PICTURES) else ""


def service_root(page_url: str, slug: str) -> str:
    """The address above `/feeds/` of a feed's page, with its final slash; "" when the page stands elsewhere.

    A query, by which the page shows a choice or older items, does not count.
    """
    page = page_url.partition("#")[0].partition("?")[0]
    root = page.removesuffix(f"/feeds/{slug}")
    return f"{root}/" if root != page else ""


def _ascii_host(host: str) -> str:
    """The host in IDNA form; raises ValueError for a name that has none."""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _escaped(part: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe=_KEPT)

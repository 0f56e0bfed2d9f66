"""Headers that every answer of a feed's address has (feeds.md 7, rows 6, 9 and 12)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from feedsvc.service import Service
from feedsvc.web.address import OPML, Address
from feedsvc.web.packing import Headers

CACHE_CONTROL = "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400"
ARCHIVE_CONTROL = "public, max-age=31536000"
VARY = "Accept, Accept-Encoding"
OPEN: Headers = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Link"),
    ("X-Content-Type-Options", "nosniff"),
)
ALLOW = "GET, HEAD, OPTIONS"
OPTIONS: Headers = (
    *OPEN,
    ("Allow", ALLOW),
    ("Access-Control-Allow-Methods", ALLOW),
    ("Access-Control-Allow-Headers", "A-IM, If-Modified-Since, If-None-Match, If-Range, Range"),
    ("Access-Control-Max-Age", "86400"),
)
_URL = "!#$%&'()*+,/:;=?@[]~"


def is_open(place: str) -> bool:
    """Whether scripts of other sites may read what is at a path: documents, and copies of pictures (row 9)."""
    return place.startswith("/media/") or place == f"/{OPML}" or (place.startswith("/feeds/") and "." in place)


def header_writer(service: Service, link: Callable[[Address], str]) -> Callable[[Address], Headers]:
    """The headers of a document by its address; `link` is its public address."""
    return partial(_headers, service.publication.hub, link)


def _headers(hub: str, link: Callable[[Address], str], address: Address) -> Headers:
    links = [(link(address), "self")] + [(hub, "hub")] * (bool(hub) and address.format != OPML)
    return (
        ("Cache-Control", CACHE_CONTROL if address.choice.before is None else ARCHIVE_CONTROL),
        ("Vary", VARY),
        # Whatever stands in an address, a header holds ASCII alone.
        ("Link", ", ".join(f'<{quote(url, safe=_URL)}>; rel="{rel}"' for url, rel in links)),
        *OPEN,
    )

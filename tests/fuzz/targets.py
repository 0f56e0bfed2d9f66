"""What is fuzzed: each target takes any bytes, and may raise nothing but what its docstring promises to its callers."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from feedsvc.errors import Blocked, ExtractError
from feedsvc.extract.charset import decode
from feedsvc.extract.dates import read_date
from feedsvc.extract.identity import stub_keys
from feedsvc.feeds.body import safe_html
from feedsvc.fetch.guard import check_url
from feedsvc.fetch.mask import masked, masked_text
from feedsvc.library import read_article, read_listing

NOW = datetime(2026, 11, 23, 3, 35, tzinfo=UTC)
ADDRESS = "https://suoibac.example.org/tin-tuc"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LONGEST_S = 1.0


def listing(data: bytes) -> None:
    """Any bytes are a listing or an ExtractError."""
    with contextlib.suppress(ExtractError):
        read_listing(data, ADDRESS, now=NOW)


def article(data: bytes) -> None:
    """Any bytes are an article or an ExtractError, and its HTML is allowed as it is."""
    with contextlib.suppress(ExtractError):
        item = read_article(data, ADDRESS, now=NOW)
        assert safe_html(item.html) == item.html.strip()


def dates(data: bytes) -> None:
    """Any text is a date or none."""
    read_date(data.decode("utf-8", "surrogateescape" if data[:1] == b"s" else "replace"), now=NOW, timezone=ZONE)


def charset(data: bytes) -> None:
    """Any body under any content type becomes text without a lone surrogate."""
    head, _, body = data.partition(b"\n")
    text, _ = decode(body, head.decode("latin-1"))
    text.encode("utf-8")


def url(data: bytes) -> None:
    """Any address is let through or Blocked, has keys, and is shown on one line."""
    text = data.decode("utf-8", "replace")
    stub_keys(text)
    assert masked(text).isprintable()
    masked_text(text)
    with contextlib.suppress(Blocked):
        check_url(text)


TARGETS: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {one.__name__: one for one in (listing, article, dates, charset, url)}
)


def timed(name: str, data: bytes) -> None:
    """Runs a target; AssertionError when one input takes over a second."""
    begun = time.monotonic()
    TARGETS[name](data)
    taken = time.monotonic() - begun
    assert taken < LONGEST_S, f"{name}: {taken:.1f} s for {len(data)} bytes"

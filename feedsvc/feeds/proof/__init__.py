"""The check before publishing (feeds.md 10): a document that fails it is not shown, the last good one stays."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc.allowed import is_allowed
from feedsvc.errors import RenderError
from feedsvc.feeds.address import web_address
from feedsvc.feeds.proof.reading import FAULTS, READERS, reason
from feedsvc.feeds.proof.told import demand
from feedsvc.feeds.proof.window import entries, vanished
from feedsvc.feeds.size import MOST_BYTES

if TYPE_CHECKING:
    from feedsvc.feeds.proof.told import Document, Entry
    from feedsvc.model import Feed, Rendered

__all__ = ["entries", "prove", "vanished"]

_TAG = re.compile(r"<[/!?]?[A-Za-z]")
_FIRST_YEAR = 1900
_LATE = timedelta(days=1)
_TYPE = re.compile(r"[^/\s]+/[^/\s;]+")


def prove(feed: Feed, rendered: Rendered, format: str) -> None:  # noqa: A002 - the word of the field
    """Nothing when `rendered` is a sound document of `feed`; raises RenderError with the reason when it is not.

    Of a format that is not rss, atom or json only the size is known.
    """
    try:
        _prove(feed, rendered, format)
    except FAULTS as fault:
        raise RenderError(
            f"{format} document of {feed.slug} is not sound, so not published: {reason(fault)}"
        ) from fault


def _prove(feed: Feed, rendered: Rendered, name: str) -> None:
    demand(0 < len(rendered.body) <= MOST_BYTES, f"{len(rendered.body)} bytes, where 1 to {MOST_BYTES} are allowed")
    read = READERS.get(name)
    if read is None:
        return
    document = read(rendered.body)
    _prove_document(document, feed)
    _prove_count(document, feed, rendered)
    latest = max((feed.updated, *(item.updated for item in feed.items)))
    for entry in document.entries:
        _prove_entry(entry)
        in_range = entry.published.year >= _FIRST_YEAR and entry.published - latest <= _LATE
        demand(in_range, f"{entry.id} is dated {entry.published}, which cannot be")
    for newer, older in pairwise(document.entries):
        demand(newer.published >= older.published, f"{older.id} stands after the older {newer.id}: newest come first")


def _prove_document(document: Document, feed: Feed) -> None:
    demand(bool(document.title.strip()), "the feed has no title")
    public = web_address(feed.self_url)
    demand(document.self_url == public, f"self is {document.self_url!r}, not the public {public or feed.self_url!r}")
    _prove_addresses("feed", document.addresses)
    for address in filter(None, (web_address(feed.hub), web_address(feed.paging.next))):
        demand(address in document.addresses, f"the feed does not name {address!r}")
    twice = [identifier for identifier, times in Counter(document.refs).items() if times > 1]
    demand(not twice, f"{twice} are withdrawn more than once")
    both = {entry.id for entry in document.entries}.intersection(document.refs)
    demand(not both, f"{sorted(both)} are told as withdrawn and as there")


def _prove_count(document: Document, feed: Feed, rendered: Rendered) -> None:
    expected = len(feed.items) - len(rendered.left_out)
    found = len(document.entries)
    demand(found == expected, f"{found} items, where {len(feed.items)} less {len(rendered.left_out)} were given")
    most = Counter(entry.id for entry in document.entries).most_common(1)
    demand(not most or most[0][1] == 1, f"the id {most[0][0] if most else ''} stands more than once")


def _prove_entry(entry: Entry) -> None:
    demand(bool(entry.id.strip()), f"the item {entry.title!r} has no id")
    demand(bool(unescape(entry.title).strip()), f"{entry.id} has no title")
    for what, words in (("title", entry.title), ("lead", entry.lead)):
        demand(not _TAG.search(unescape(unescape(words))), f"{entry.id} has markup in its {what}: {words!r}")
    demand(is_allowed(entry.html), f"{entry.id} has markup in its body that is not allowed")
    _prove_addresses(entry.id, entry.addresses)
    for url, mime, length in entry.enclosures:
        demand(bool(_TYPE.fullmatch(mime)), f"{entry.id} has the enclosure {url} of type {mime!r}")
        demand(length.isdecimal() or not length, f"{entry.id} has the enclosure {url} of length {length!r}")


def _prove_addresses(owner: str, addresses: tuple[str, ...]) -> None:
    for url in addresses:
        sound = urlsplit(url).scheme in {"http", "https"} and web_address(url) == url
        demand(sound, f"{owner} has the address {url!r}, which is no absolute http(s) address")

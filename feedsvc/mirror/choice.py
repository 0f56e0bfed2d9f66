"""Which pictures are copied, and which copies go when room is needed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

from feedsvc.model import Kept, Measure

Which = Literal["off", "needed", "all"]

RETRY: Final = timedelta(days=2)
"""How long a picture is left alone of which no copy could be made."""

FORGOTTEN: Final = timedelta(days=1)
"""How long a copy may wait for the item that it was made for."""

ROOM: Final = 0.9
"""What share of the size is kept: the rest is for the copies that polls make until the next look."""


def host_of(url: str) -> str:
    """Give host and port of an address as it writes them; "" for one that cannot be read."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def barring(measures: Mapping[str, Measure]) -> frozenset[str]:
    """Give the hosts that bar pages elsewhere from a picture of theirs: others of the same host are not asked about."""
    return frozenset(host_of(url) for url, measure in measures.items() if measure.barred) - {""}


def is_gone(measure: Measure | None) -> bool:
    """Tell whether a server has no picture under an address."""
    return measure is not None and (measure.status != 200 or (measure.mime or "").startswith("text/"))  # noqa: PLR2004 - OK


def wanted(urls: Iterable[str], which: Which, *, barred: Collection[str], secure: bool) -> list[str]:
    """Give those of `urls` that are to be copied, in their order.

    `needed` are those on a host in `barred`, and those of plain http where our own pages are `secure`: browsers show no
    such picture inside a page of https.
    """
    if which == "off":
        return []
    return [
        url
        for url in urls
        if which == "all" or host_of(url) in barred or (secure and url.lower().startswith("http://"))
    ]


def superfluous(kept: Sequence[Kept], *, now: datetime, age: timedelta, size: int) -> list[str]:
    """Give the addresses of the pictures whose copies are to be forgotten.

    Copies older than `age` go unless a feed shows them, and those that no item shows any more. Where the rest takes
    more than nine tenths of `size` bytes, the least recently needed go: those of the oldest items first, those that
    feeds show last.
    """
    gone = [one.url for one in kept if _is_over(one, now, age)]
    left = [one for one in kept if one.copy is not None and one.url not in set(gone)]
    return [*gone, *_for_room(left, size)]


def _is_over(one: Kept, now: datetime, age: timedelta) -> bool:
    if one.copy is None:
        return one.kept < now - RETRY
    if one.shown is None:
        return one.kept < now - FORGOTTEN
    return one.kept < now - age and not one.listed


def _for_room(kept: Sequence[Kept], size: int) -> list[str]:
    users = Counter(file for one in kept for file in _files(one))
    total = sum(length for _, length in users)
    gone: list[str] = []
    for one in sorted(kept, key=lambda one: (one.listed, one.shown is not None, one.shown or one.kept, one.kept)):
        if total <= size * ROOM:
            break
        gone.append(one.url)
        users.subtract(_files(one))
        total -= sum(length for name, length in _files(one) if not users[name, length])
    return gone


def _files(one: Kept) -> tuple[tuple[str, int], ...]:
    """Give name and length of the files of a copy, which other copies may share."""
    if one.copy is None:
        return ()
    small = ((one.copy.small, one.copy.small_length),) if one.copy.small else ()
    return ((one.copy.name, one.copy.length), *small)

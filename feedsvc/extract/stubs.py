"""The lines of a listing put together: each address once, no shared pictures, and a digest (reading.md 3.4 and 9)."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from feedsvc.extract.wording import CUT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from feedsvc.model import Stub

_HALF = 0.5


def merged(stubs: Sequence[Stub], texts: Mapping[str, str]) -> tuple[Stub, ...]:
    """Give each address once, with the richest fields of its records.

    `texts` holds the longest link text that the page has for an address: it makes titles whole that end in dots.
    """
    found: dict[str, Stub] = {}
    for stub in stubs:
        known = found.get(stub.url)
        found[stub.url] = _joined(known, stub) if known else stub
    return tuple(_with_whole_title(stub, texts.get(stub.url, "")) for stub in found.values())


def _joined(one: Stub, other: Stub) -> Stub:
    dated = one if one.published else other
    title = other.title if CUT.search(one.title) and not CUT.search(other.title) else one.title
    return replace(
        one,
        title=title,
        summary=max(one.summary, other.summary, key=len),
        published=dated.published,
        precision=dated.precision,
        media=one.media or other.media,
    )


def _with_whole_title(stub: Stub, longest: str) -> Stub:
    cut = CUT.search(stub.title)
    stem = stub.title[: cut.start()].rstrip() if cut else ""
    fits = bool(stem) and longest.startswith(stem) and not CUT.search(longest)
    return replace(stub, title=longest) if fits else stub


def without_shared_pictures(stubs: Sequence[Stub]) -> list[Stub]:
    """Leave out the picture that half of the items show: a stand-in, not theirs."""
    counts = Counter(media.url for stub in stubs for media in stub.media if media.kind == "image")
    shared = {url for url, count in counts.items() if count > 1 and count >= len(stubs) * _HALF}
    return [replace(stub, media=tuple(one for one in stub.media if one.url not in shared)) for stub in stubs]


def digest_of(stubs: Sequence[Stub]) -> str:
    """Return a hash of what the list says: addresses, titles, summaries, days, media.

    Only what an item is made of goes in, so counters, clocks and hidden fields of the page cannot move it; times of
    day stay out, since those read from "5 phút trước" move at every look.
    """
    lines = [
        "\t".join((stub.url, stub.title, stub.summary, _day(stub), *(one.url for one in stub.media))) for stub in stubs
    ]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def _day(stub: Stub) -> str:
    return stub.published.date().isoformat() if stub.published else ""

"""Only what is new: a document cut down to the entries that a client does not have yet (RFC 3229, "feed").

A state is what a client has: the entries of a document that was shown, known by the validator of any of its codings. It
is kept as eight bytes for each entry, so that many fit. The validator of a part begins with that of the whole, so every
process knows what the client has after it.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from threading import Lock

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from feedsvc.errors import FeedsvcError
from feedsvc.feeds import render
from feedsvc.feeds.proof import entries, prove
from feedsvc.model import Rendered
from feedsvc.service import Service
from feedsvc.web.address import Address
from feedsvc.web.packing import IDENTITY, Document, Headers, pack

FORMATS = frozenset({"rss", "atom"})
MARK = 8
MOST_STATES = 12_000
MOST_PARTS = 128
CAPACITY = 8 * 1024 * 1024

Cut = Callable[[Address, frozenset[str]], Rendered | None]


def asks_for_news(a_im: str) -> bool:
    """Whether A-IM (RFC 3229, 10.5.3) takes the instance manipulation "feed"."""
    return parse_accept_header(a_im, Accept).quality("feed") > 0


def cutter(service: Service) -> Cut:
    """How a part of a document is made."""
    return partial(_cut, service)


def _cut(service: Service, address: Address, ids: frozenset[str]) -> Rendered | None:
    """The document with these items alone, proved; None when not all of them can be had any more."""
    feed = service.feed(address.path, address.format, address.choice)
    if feed is None:
        return None
    part = replace(feed, items=tuple(item for item in feed.items if item.id in ids))
    rendered = render(part, address.format)
    prove(part, rendered, address.format)
    return rendered if len(part.items) == len(ids) and not rendered.left_out else None


class Deltas:
    """What changed between documents. At most `states` validators and `capacity` bytes of parts are remembered."""

    def __init__(
        self,
        cut: Cut,
        headers: Callable[[Address], Headers],
        *,
        states: int = MOST_STATES,
        parts: int = MOST_PARTS,
        capacity: int = CAPACITY,
    ) -> None:
        self._cut, self._headers = cut, headers
        self._most_states, self._most_parts, self._capacity = states, parts, capacity
        self._lock, self._making = Lock(), Lock()
        self._states: OrderedDict[str, bytes] = OrderedDict()
        self._parts: OrderedDict[tuple[str, frozenset[str]], Document] = OrderedDict()
        self._told: OrderedDict[str, dict[str, bytes]] = OrderedDict()

    def remember(self, address: Address, shown: Document) -> None:
        """A document that will be shown no longer: whoever has it can be told the difference."""
        if address.format not in FORMATS:
            return
        state = b"".join(self._marks(address, shown).values())
        with self._lock:
            self._states.update((form.etag, state) for form in shown.forms.values())
            while len(self._states) > self._most_states:
                self._states.popitem(last=False)

    def news(self, address: Address, document: Document, tags: Collection[str]) -> frozenset[str] | None:
        """Ids of the entries in `document` that a client with these validators lacks; None if they are not known.

        A client that has it all lacks nothing, also when it got the last of it as a part.
        """
        had = {tag.partition("-")[0] for tag in tags}
        if any(form.etag in had for form in document.forms.values()):
            return frozenset()
        states = [state for state in map(self._states.get, had) if state is not None]
        if not states:
            return None
        marks = {state[place : place + MARK] for state in states for place in range(0, len(state), MARK)}
        return frozenset(one for one, mark in self._marks(address, document).items() if mark not in marks)

    def _marks(self, address: Address, document: Document) -> dict[str, bytes]:
        """A few bytes for each entry of a document, by its id; reading it is done once for all who ask."""
        etag = document.forms[IDENTITY].etag
        told = self._told.get(etag)
        if told is None:
            told = {one: _mark(one, updated) for one, updated in entries(document.body, address.format).items()}
            with self._lock:
                self._told[etag] = told
                while len(self._told) > self._most_parts:
                    self._told.popitem(last=False)
        return told

    def part(self, address: Address, document: Document, ids: frozenset[str]) -> Document | None:
        """The part of `document` that holds `ids`; None when the whole must do.

        That is so when the part cannot be made, and while another one is being made: nobody waits.
        """
        key = (document.forms[IDENTITY].etag, ids)
        found = self._parts.get(key)
        if found is not None or not self._making.acquire(blocking=False):
            return found
        try:
            return self._made(address, document, key)
        finally:
            self._making.release()

    def _made(self, address: Address, document: Document, key: tuple[str, frozenset[str]]) -> Document | None:
        try:
            rendered = self._cut(address, key[1])
        except FeedsvcError:
            return None
        if rendered is None:
            return None
        made = pack(rendered, document.changed, common=part_headers(self._headers(address)), state=key[0])
        self._parts[key] = made
        self._make_room()
        return made

    def _make_room(self) -> None:
        size = sum(part.size for part in self._parts.values())
        while len(self._parts) > self._most_parts or size > self._capacity:
            size -= self._parts.popitem(last=False)[1].size


def part_headers(whole: Headers) -> Headers:
    """The headers of a part (RFC 3229, 10.5.2), from those of the whole: for this client alone."""
    told: Mapping[str, str] = dict(whole)
    vary = ("Vary", f"{told['Vary']}, A-IM, If-None-Match")
    kept = tuple(pair for pair in whole if pair[0] not in {"Vary", "Cache-Control"})
    return (*kept, vary, ("Cache-Control", "private"), ("IM", "feed"))


def _mark(id: str, updated: str) -> bytes:  # noqa: A002 - the word of the field
    return hashlib.blake2b(f"{id}\n{updated}".encode(), digest_size=MARK).digest()

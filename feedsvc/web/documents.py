"""Documents kept: the last good bytes of every address, and when they were last found to be true.

What a document holds depends on the store and the configuration alone, so it is the same in every process and after a
restart. Rendering happens once for a change; nobody but the one who found the change waits for it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

import structlog

from feedsvc.errors import FeedsvcError
from feedsvc.model import NEWEST, Rendered, Revision
from feedsvc.web.address import Address
from feedsvc.web.packing import Document, Headers, pack

CAPACITY = 64 * 1024 * 1024
MOST = 1024
LOOK_EVERY = 1.0
LONGEST_PATIENCE = 60.0

Render = Callable[[Address], Rendered | None]
Look = Callable[[Address], Revision | None]
Follow = Callable[[Address, Document, Rendered], None]


@dataclass(slots=True)
class Entry:
    """What is known of one address. `until` is monotonic: so long nothing is asked. `problem`: why bytes may be old.

    `failed` is the revision that could not be shown; it is tried again at `retry`, each time `patience` seconds later.
    """

    lock: Lock = field(default_factory=Lock)
    document: Document | None = None
    revision: Revision | None = None
    until: float = float("-inf")
    problem: FeedsvcError | None = None
    failed: Revision | None = None
    retry: float = float("-inf")
    patience: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How the documents of this process stand: `stale` tells path, format and reason of those that show old bytes."""

    held: int
    size: int
    rendered: int
    failures: int
    stale: tuple[tuple[str, str, str], ...]


def no_headers(_address: Address) -> Headers:
    """Documents that are read without HTTP."""
    return ()


def any_follows(_address: Address, _before: Document, _after: Rendered) -> None:
    """Every document may take the place of the last one."""


class Documents:
    """Keeps documents by address, at most `capacity` bytes of `most` addresses; chosen ones go before whole feeds.

    `look` is the cheap question whether anything changed, asked at most once in `look_every` seconds of `monotonic` and
    an address; `render` makes the bytes anew, `follow` says whether they may take the place of those before. When one
    of them raises FeedsvcError, the last good bytes stay. `headers` are those that answers of an address have.
    """

    def __init__(
        self,
        render: Render,
        look: Look,
        monotonic: Callable[[], float],
        *,
        follow: Follow = any_follows,
        headers: Callable[[Address], Headers] = no_headers,
        clock: Callable[[], datetime] = lambda: datetime.max.replace(tzinfo=UTC),
        capacity: int = CAPACITY,
        most: int = MOST,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._render, self._look, self._monotonic = render, look, monotonic
        self._follow, self._headers, self._clock = follow, headers, clock
        self._capacity, self._most, self._look_every = capacity, most, look_every
        self._lock = Lock()
        self._entries: OrderedDict[Address, Entry] = OrderedDict()
        self._rendered = self._failures = 0

    def get(self, address: Address) -> Document | None:
        """The document at a known address, at most `look_every` seconds behind the store; None if there is none yet."""
        entry = self._entries.get(address)
        if entry is not None and self._monotonic() < entry.until:
            return entry.document
        return self._renewed(address)

    def holds(self, address: Address) -> bool:
        """Whether there are bytes of this address, be they old."""
        entry = self._entries.get(address)
        return entry is not None and entry.document is not None

    def problem(self, address: Address) -> FeedsvcError | None:
        """Why there are no bytes of this address, or old ones; None when the last attempt did not fail."""
        entry = self._entries.get(address)
        return entry.problem if entry else None

    def tally(self) -> Tally:
        """How the documents stand just now."""
        with self._lock:
            entries = list(self._entries.items())
        return Tally(
            held=sum(entry.document is not None for _, entry in entries),
            size=sum(_size(entry) for _, entry in entries),
            rendered=self._rendered,
            failures=self._failures,
            stale=tuple((a.path, a.format, str(entry.problem)) for a, entry in entries if entry.problem),
        )

    def _renewed(self, address: Address) -> Document | None:
        entry = self._entry(address)
        # Whoever has old bytes to show shows them while another thread looks; the very first ones wait for it.
        if not entry.lock.acquire(blocking=entry.document is None):
            return entry.document
        try:
            if self._monotonic() >= entry.until:
                self._refresh(address, entry)
        finally:
            entry.lock.release()
        return entry.document

    def _entry(self, address: Address) -> Entry:
        """The entry of an address, the most recently asked for from now on."""
        with self._lock:
            entry = self._entries.get(address)
            if entry is None:
                entry = self._entries[address] = Entry()
                self._make_room(address)
            self._entries.move_to_end(address)
            return entry

    def _refresh(self, address: Address, entry: Entry) -> None:
        """Looks, and renders when something changed; the revision is read first, so that no change is missed."""
        try:
            revision = self._look(address)
            if entry.document is None or revision != entry.revision:
                self._try(address, entry, revision)
            else:
                entry.problem = entry.failed = None
        except FeedsvcError as error:
            self._failed(address, entry, error)
        entry.until = self._monotonic() + self._look_every

    def _try(self, address: Address, entry: Entry, revision: Revision | None) -> None:
        """Shows a revision, unless it failed a moment ago: it is not likely to do better so soon, and costs as much."""
        now = self._monotonic()
        if entry.problem and revision == entry.failed and now < entry.retry:
            return
        waited = entry.patience if revision == entry.failed else 0.0
        entry.failed, entry.patience = revision, min(max(2 * waited, self._look_every), LONGEST_PATIENCE)
        entry.retry = now + entry.patience
        self._replace(address, entry, revision)
        entry.problem = entry.failed = None

    def _replace(self, address: Address, entry: Entry, revision: Revision | None) -> None:
        rendered, kept = self._render(address), entry.document
        if rendered is None:
            entry.document = None
        elif kept is None or kept.body != rendered.body:
            if kept is not None:
                self._follow(address, kept, rendered)
            entry.document = pack(rendered, self._changed(revision), common=self._headers(address))
        entry.revision = revision
        with self._lock:
            self._rendered += 1
            self._make_room(address)

    def _changed(self, revision: Revision | None) -> datetime | None:
        """RFC 9110, 8.8.2.1: a date in the future, as of a clock that ran ahead, is replaced by that of now."""
        return min(revision.changed, self._clock()) if revision and revision.changed else None

    def _failed(self, address: Address, entry: Entry, error: FeedsvcError) -> None:
        with self._lock:
            self._failures += 1
        if entry.problem is None or str(entry.problem) != str(error):  # once for each reason, not once a second
            structlog.get_logger().error(
                "document", path=address.path, format=address.format, outcome="failed", reason=str(error)
            )
        entry.problem = error

    def _make_room(self, keep: Address) -> None:
        """What anybody can choose goes first, the longest unasked before others; nothing that is just being made."""
        size, number = sum(map(_size, self._entries.values())), len(self._entries)
        if size <= self._capacity and number <= self._most:
            return
        for address, entry in sorted(self._entries.items(), key=_whole):
            if size <= self._capacity and number <= self._most:
                return
            if address != keep and not entry.lock.locked():
                del self._entries[address]
                size, number = size - _size(entry), number - 1


def _whole(kept: tuple[Address, Entry]) -> bool:
    return kept[0].choice == NEWEST


def _size(entry: Entry) -> int:
    return entry.document.size if entry.document else 0

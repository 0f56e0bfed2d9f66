"""Rendered documents, packed and kept: the last good bytes of every address, and when they were last found to be true.

What a document holds depends on the store and the configuration alone, so it is the same in every process and after a
restart. Rendering happens once for a change; nobody but the one who found the change waits for it.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

import structlog

from feedsvc.errors import FeedsvcError
from feedsvc.model import Rendered, Revision
from feedsvc.web.address import Address

CODINGS = ("gzip",)  # in the server's order; brotli will stand first
CAPACITY = 64 * 1024 * 1024
LOOK_EVERY = 1.0

Render = Callable[[Address], Rendered | None]
Look = Callable[[Address], Revision | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One content coding of a document, with the strong validator of exactly these bytes (RFC 9110, 8.8.3)."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document ready for the wire, by content coding. `changed` is the last change of its content."""

    media_type: str
    changed: datetime | None
    forms: Mapping[str, Form]

    @property
    def size(self) -> int:
        """Bytes of all forms."""
        return sum(len(form.body) for form in self.forms.values())


@dataclass(slots=True)
class Entry:
    """What is known of one address. `looked` is monotonic; `problem` says why the bytes may be old."""

    lock: Lock = field(default_factory=Lock)
    document: Document | None = None
    revision: Revision | None = None
    looked: float | None = None
    problem: FeedsvcError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How the documents of this process stand: `stale` tells path, format and reason of those that show old bytes."""

    held: int
    size: int
    rendered: int
    failures: int
    stale: tuple[tuple[str, str, str], ...]


def pack(rendered: Rendered, changed: datetime | None) -> Document:
    """The document in every content coding; equal bytes give equal forms."""
    packed = gzip.compress(rendered.body, 6, mtime=0)
    return Document(
        media_type=rendered.media_type,
        changed=changed,
        forms={"identity": _form(rendered.body), "gzip": _form(packed)},
    )


def _form(body: bytes) -> Form:
    return Form(body=body, etag=hashlib.sha256(body).hexdigest()[:32])


class Documents:
    """Keeps documents by address, the least recently asked for going first when they outgrow `capacity` bytes.

    `look` is the cheap question whether anything changed, asked at most once in `look_every` seconds of `monotonic` and
    an address; `render` makes the bytes anew. When either raises FeedsvcError, the last good bytes stay.
    """

    def __init__(
        self,
        render: Render,
        look: Look,
        monotonic: Callable[[], float],
        *,
        capacity: int = CAPACITY,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._render, self._look, self._monotonic = render, look, monotonic
        self._capacity, self._look_every = capacity, look_every
        self._lock = Lock()
        self._entries: OrderedDict[Address, Entry] = OrderedDict()
        self._rendered = self._failures = 0

    def get(self, address: Address) -> Document | None:
        """The document at a known address, at most `look_every` seconds behind the store; None if there is none yet."""
        entry = self._entry(address)
        if self._fresh(entry):
            return entry.document
        # Whoever has old bytes to show shows them while another thread looks; the very first ones wait for it.
        if not entry.lock.acquire(blocking=entry.document is None):
            return entry.document
        try:
            if not self._fresh(entry):
                self._refresh(address, entry)
        finally:
            entry.lock.release()
        return entry.document

    def tally(self) -> Tally:
        """How the documents stand just now."""
        with self._lock:
            entries = list(self._entries.items())
        return Tally(
            held=sum(entry.document is not None for _, entry in entries),
            size=_size(entry for _, entry in entries),
            rendered=self._rendered,
            failures=self._failures,
            stale=tuple((a.path, a.format, str(entry.problem)) for a, entry in entries if entry.problem),
        )

    def _entry(self, address: Address) -> Entry:
        with self._lock:
            entry = self._entries.setdefault(address, Entry())
            self._entries.move_to_end(address)
            return entry

    def _fresh(self, entry: Entry) -> bool:
        return entry.looked is not None and self._monotonic() - entry.looked < self._look_every

    def _refresh(self, address: Address, entry: Entry) -> None:
        """Looks, and renders when something changed; the revision is read first, so that no change is missed."""
        try:
            revision = self._look(address)
            if entry.document is None or revision != entry.revision:
                self._replace(address, entry, revision)
            entry.problem = None
        except FeedsvcError as error:
            self._failed(address, entry, error)
        entry.looked = self._monotonic()

    def _replace(self, address: Address, entry: Entry, revision: Revision | None) -> None:
        rendered = self._render(address)
        if rendered is None:
            return
        kept = entry.document
        if kept is None or kept.forms["identity"].body != rendered.body:
            entry.document = pack(rendered, revision.changed if revision else None)
        entry.revision = revision
        with self._lock:
            self._rendered += 1
            self._make_room(address)

    def _failed(self, address: Address, entry: Entry, error: FeedsvcError) -> None:
        with self._lock:
            self._failures += 1
        if entry.problem is None or str(entry.problem) != str(error):  # once for each reason, not once a second
            structlog.get_logger().error(
                "document", path=address.path, format=address.format, outcome="failed", reason=str(error)
            )
        entry.problem = error

    def _make_room(self, keep: Address) -> None:
        total = _size(self._entries.values())
        for address in list(self._entries):
            if total <= self._capacity:
                return
            if address != keep:
                document = self._entries.pop(address).document
                total -= document.size if document else 0


def _size(entries: Iterable[Entry]) -> int:
    return sum(entry.document.size for entry in entries if entry.document)

"""The documents of topics: whether they changed, and their bytes, made once for all who get them."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

import structlog

from feedsvc.errors import RenderError
from feedsvc.model import Topic
from feedsvc.publication import Publication
from feedsvc.store import Outbox

HELD: Final = 32
FRESH: Final = timedelta(seconds=1)
LOOKS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a subscriber gets. `revision` is the number under which it was made, `looked` when that number was read."""

    body: bytes = field(repr=False)
    media_type: str
    digest: str
    revision: int
    looked: datetime


class Topics:
    """Knows how each topic stands; used from threads. A document that cannot be proved is held back, as readers see it.

    At most `HELD` documents are kept, those asked for last.
    """

    def __init__(self, publication: Publication, outbox: Outbox, clock: Callable[[], datetime]) -> None:
        self._publication, self._outbox, self._clock = publication, outbox, clock
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._turn = Lock()

    def look(self) -> None:
        """Looks at every topic that has subscribers; who has another document than now is due. Raises StoreError."""
        numbers: dict[str, int | None] = {}
        for topic in self._outbox.subscribed(self._clock()):
            if topic.path not in numbers:
                revision = self._publication.revision(topic.path)
                numbers[topic.path] = revision.number if revision else None
            if numbers[topic.path] not in {None, topic.revision}:
                with self._turn:
                    self._now(topic.url)

    def document(self, url: str, *, fresh: bool = False) -> Document | None:
        """The document of a topic, at most a second old, or of now; None if there is none. Raises StoreError."""
        if not fresh and (kept := self._recent(url)):
            return kept  # nobody waits for his turn while another topic's document is made
        with self._turn:
            if not fresh and (kept := self._recent(url)):
                return kept
            return self._now(url)

    def _recent(self, url: str) -> Document | None:
        kept = self._kept.get(url)
        return kept if kept and timedelta(0) <= self._clock() - kept.looked < FRESH else None

    def _now(self, url: str) -> Document | None:
        """The document as it is, written down in the store where it moved: anew when another process was quicker.

        For what that one saw may be older by now than what we see.
        """
        document = None
        for _ in range(LOOKS):
            topic = self._outbox.topic(url)
            revision = self._revision(topic) if topic else None
            if topic is None or revision is None:
                return None
            document = self._standing(topic, revision)
            digest = document.digest if document else topic.digest
            if (revision, digest) == (topic.revision, topic.digest):
                break
            if self._outbox.note(topic, revision, digest, self._clock()):
                break
        return document

    def _standing(self, topic: Topic, revision: int) -> Document | None:
        """The document under a number that was read before it is made: it may be newer, and is never older."""
        now = self._clock()
        kept = self._kept.pop(topic.url, None)
        if kept is not None and kept.revision == revision:
            document: Document | None = replace(kept, looked=now)
        else:
            document = self._made(topic, revision, now)
        if document is not None:
            self._keep(topic.url, document)
        return document

    def _revision(self, topic: Topic) -> int | None:
        """None where no document stands any more: base_url or the channel's name may have changed."""
        if self._publication.feed_url(topic.path, topic.format, topic.choice) != topic.url:
            return None
        revision = self._publication.revision(topic.path)
        return revision.number if revision else None

    def _made(self, topic: Topic, revision: int, now: datetime) -> Document | None:
        try:
            rendered = self._publication.document(topic.path, topic.format, topic.choice)
        except RenderError as error:
            structlog.get_logger().error("push", topic=topic.url, outcome="held back", problem=str(error))
            return None
        if rendered is None:
            return None
        digest = hashlib.sha256(rendered.body).hexdigest()
        body, kind = rendered.body, rendered.media_type
        return Document(body=body, media_type=kind, digest=digest, revision=revision, looked=now)

    def _keep(self, url: str, document: Document) -> None:
        self._kept[url] = document
        if len(self._kept) > HELD:
            self._kept.popitem(last=False)

"""Topics: the documents whose changes are told, how they stood, and the hub elsewhere that has to hear of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedsvc.model import Choice, Ping, Topic
from feedsvc.store.dialects import insert
from feedsvc.store.subscribing import wake
from feedsvc.store.tables import subscriptions, topics
from feedsvc.store.taking import NOBODY

if TYPE_CHECKING:
    from collections.abc import Sequence


def register(db: sa.Connection, some: Sequence[Topic]) -> None:
    """Add topics that are not known; known ones stay as they are."""
    for topic in some:
        values = {
            "topic": topic.url,
            "path": topic.path,
            "format": topic.format,
            "choice": _choice_values(topic.choice),
            "revision": topic.revision,
            "digest": topic.digest,
            "attempt": 0,
            "due": None,
            **NOBODY,
        }
        db.execute(insert(db, topics).values(values).on_conflict_do_nothing())


def subscribed(db: sa.Connection, now: datetime) -> list[Topic]:
    """Give the topics of which somebody has to be told."""
    wanted = sa.select(subscriptions.c.topic).where(subscriptions.c.until > now)
    return [topic_from(row) for row in db.execute(sa.select(topics).where(topics.c.topic.in_(wanted)))]


def one(db: sa.Connection, url: str) -> Topic | None:
    """Give a topic by its address."""
    row = db.execute(sa.select(topics).where(topics.c.topic == url)).one_or_none()
    return topic_from(row) if row else None


def every(db: sa.Connection) -> dict[str, Topic]:
    """Give all topics by their addresses."""
    return {row.topic: topic_from(row) for row in db.execute(sa.select(topics))}


def note(db: sa.Connection, topic: Topic, revision: int, digest: str, now: datetime) -> bool:
    """Write down how a topic stands now, unless another process was quicker; see `Outbox.note`."""
    if not _moved(db, topic, {"revision": revision, "digest": digest}):
        return False
    if digest != topic.digest:
        wake(db, topic.url, now)
    return True


def announce(db: sa.Connection, topic: Topic, revision: int, now: datetime) -> bool:
    """Write down that a topic changed, and that the hub has to hear of it; see `Outbox.announce`."""
    if not _moved(db, topic, {"revision": revision}):
        return False
    idle = topics.c.topic == topic.url, topics.c.token == "", topics.c.attempt == 0
    db.execute(sa.update(topics).where(*idle).values(due=now))
    return True


def _moved(db: sa.Connection, topic: Topic, values: dict[str, Any]) -> bool:
    known = topics.c.topic == topic.url, topics.c.revision == topic.revision
    return bool(db.execute(sa.update(topics).where(*known).values(values)).rowcount)


def pinged(db: sa.Connection, ping: Ping, now: datetime) -> None:
    """The hub heard of a change; of a later one it has to hear again."""
    again = sa.case((topics.c.revision != ping.revision, now), else_=None)
    db.execute(sa.update(topics).where(_mine(ping)).values(attempt=0, due=again, **NOBODY))


def not_pinged(db: sa.Connection, ping: Ping, due: datetime) -> None:
    """Try again later."""
    db.execute(sa.update(topics).where(_mine(ping)).values(attempt=ping.attempt + 1, due=due, **NOBODY))


def _mine(ping: Ping) -> sa.ColumnElement[bool]:
    return sa.and_(topics.c.topic == ping.topic, topics.c.token == ping.token)


def topic_from(row: Any) -> Topic:
    """Read a topic."""
    return Topic(
        url=row.topic,
        path=row.path,
        format=row.format,
        choice=_choice_from(row.choice),
        revision=row.revision,
        digest=row.digest,
    )


def ping_from(row: Any) -> Ping:
    """Read what the hub elsewhere has to hear."""
    return Ping(topic=row.topic, revision=row.revision, attempt=row.attempt, token=row.token)


def _choice_values(choice: Choice) -> dict[str, Any]:
    return asdict(choice) | {"since": choice.since.isoformat() if choice.since else None}


def _choice_from(values: dict[str, Any]) -> Choice:
    since = datetime.fromisoformat(values["since"]) if values["since"] else None
    return Choice(**(values | {"since": since}))

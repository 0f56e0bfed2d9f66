"""Who wants to be told of changes: wishes until they are verified, subscriptions until their lease ends."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from feedsvc.model import Intent, Subscription
from feedsvc.store.claims import host_of
from feedsvc.store.dialects import insert
from feedsvc.store.tables import intents, subscriptions, topics
from feedsvc.store.taking import NOBODY

if TYPE_CHECKING:
    from datetime import datetime

MOST_AT_A_TOPIC = 1_000
MOST_IN_ALL = 10_000
"""A feed chosen by words is a topic, too: there are as many as anybody cares to name."""
MOST_PENDING = 10
"""How many wishes of one network address may wait for their verification (feeds.md 6)."""
MOST_PENDING_IN_ALL = 1_000
ASKING_LOCK = 0x66656564_61736B73
"""Number of the advisory lock on PostgreSQL under which wishes are counted one after the other: "feedasks"."""

Asked = Literal["asked", "full", "too-many-pending"]


def name_of(topic: str, callback: str) -> str:
    """Give the key of what one callback has to do with one topic."""
    return hashlib.sha256(f"{topic}\n{callback}".encode()).hexdigest()


def ask(db: sa.Connection, intent: Intent, now: datetime) -> Asked:
    """Keep a wish, in place of an older one of the same callback; see `Outbox.ask`."""
    _one_at_a_time(db)
    name = name_of(intent.topic, intent.callback)
    others = intents.c.id != name
    if _count(db, intents, others, intents.c.asked_by == intent.asked_by) >= MOST_PENDING:
        return "too-many-pending"
    if _count(db, intents, others) >= MOST_PENDING_IN_ALL:
        return "too-many-pending"
    if intent.mode == "subscribe" and _is_full(db, intent.topic, name, now):
        return "full"
    values = _intent_values(name, intent, now)
    db.execute(insert(db, intents).values(values).on_conflict_do_update(index_elements=["id"], set_=values))
    return "asked"


def _one_at_a_time(db: sa.Connection) -> None:
    if db.dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(ASKING_LOCK)))


def _is_full(db: sa.Connection, topic: str, name: str, now: datetime) -> bool:
    live = _count(db, subscriptions, subscriptions.c.until > now, subscriptions.c.id != name)
    return live >= MOST_IN_ALL or _at_topic(db, topic, name, now) >= MOST_AT_A_TOPIC


def _at_topic(db: sa.Connection, topic: str, name: str, now: datetime) -> int:
    """Count the others who are, or want to be, told of a topic."""
    live = _count(
        db, subscriptions, subscriptions.c.topic == topic, subscriptions.c.until > now, subscriptions.c.id != name
    )
    wishes = intents.c.topic == topic, intents.c.mode == "subscribe", intents.c.id != name
    return live + _count(db, intents, *wishes)


def _count(db: sa.Connection, table: sa.Table, *which: sa.ColumnElement[bool]) -> int:
    return int(db.execute(sa.select(sa.func.count()).select_from(table).where(*which)).scalar_one())


def _intent_values(name: str, intent: Intent, now: datetime) -> dict[str, Any]:
    return {
        "id": name,
        "topic": intent.topic,
        "callback": intent.callback,
        "host": host_of(intent.callback),
        "mode": intent.mode,
        "lease_s": int(intent.lease.total_seconds()),
        "secret": intent.secret,
        "asked_by": intent.asked_by,
        "attempt": 0,
        "due": now,
        **NOBODY,
    }


def grant(db: sa.Connection, intent: Intent, now: datetime, told: str) -> bool:
    """Make a verified wish come true; see `Outbox.grant`."""
    if not db.execute(sa.delete(intents).where(_mine(intents, intent))).rowcount:
        return False
    name = name_of(intent.topic, intent.callback)
    if intent.mode == "unsubscribe":
        db.execute(sa.delete(subscriptions).where(subscriptions.c.id == name))
        return True
    db.execute(sa.delete(subscriptions).where(subscriptions.c.id == name, subscriptions.c.until <= now))
    terms = {"secret": intent.secret, "until": now + intent.lease, "attempt": 0}
    fresh = {"id": name, "topic": intent.topic, "callback": intent.callback, "host": host_of(intent.callback), **terms}
    new = insert(db, subscriptions).values({**fresh, "told": told, "due": None, **NOBODY})
    # Who renews is there: what he missed is told at once, unless somebody is telling him just now.
    sooner = sa.case(
        (sa.and_(subscriptions.c.due.is_not(None), subscriptions.c.token == ""), now), else_=subscriptions.c.due
    )
    db.execute(new.on_conflict_do_update(index_elements=["id"], set_={**terms, "due": sooner}))
    db.execute(sa.update(subscriptions).where(subscriptions.c.id == name, _idle(), _behind()).values(due=now))
    return True


def refuse(db: sa.Connection, intent: Intent) -> None:
    """Forget a wish that its callback does not share."""
    db.execute(sa.delete(intents).where(_mine(intents, intent)))


def postpone(db: sa.Connection, intent: Intent, due: datetime) -> None:
    """Verify a wish again later, one attempt more."""
    db.execute(sa.update(intents).where(_mine(intents, intent)).values(attempt=intent.attempt + 1, due=due, **NOBODY))


def delivered(db: sa.Connection, told: Subscription, digest: str, now: datetime) -> None:
    """Note what a subscriber has; when the document changed meanwhile, he is due again at once."""
    own = _mine(subscriptions, told)
    if db.execute(sa.update(subscriptions).where(own).values(told=digest, attempt=0, due=None)).rowcount:
        db.execute(sa.update(subscriptions).where(own, _behind()).values(due=now))
        db.execute(sa.update(subscriptions).where(own).values(NOBODY))


def missed(db: sa.Connection, told: Subscription, attempt: int, due: datetime) -> None:
    """Tell a subscriber later."""
    db.execute(sa.update(subscriptions).where(_mine(subscriptions, told)).values(attempt=attempt, due=due, **NOBODY))


def end(db: sa.Connection, told: Subscription, now: datetime) -> bool:
    """End a subscription whose callback is gone, unless it was renewed meanwhile: then it is as if he had been told."""
    if db.execute(
        sa.delete(subscriptions).where(_mine(subscriptions, told), subscriptions.c.until == told.until)
    ).rowcount:
        return True
    delivered(db, told, told.told, now)
    return False


def expire(db: sa.Connection, now: datetime) -> int:
    """Forget the subscriptions whose lease is over, and topics that nobody wants; give the number of the former."""
    _one_at_a_time(db)
    over = int(db.execute(sa.delete(subscriptions).where(subscriptions.c.until <= now)).rowcount)
    wanted = sa.union(sa.select(subscriptions.c.topic), sa.select(intents.c.topic))
    db.execute(sa.delete(topics).where(topics.c.topic.not_in(wanted)))
    return over


def wake(db: sa.Connection, topic: str, now: datetime) -> None:
    """Make all due who have another document of a topic, but those who are being told or wait for another try."""
    db.execute(sa.update(subscriptions).where(subscriptions.c.topic == topic, _idle(), _behind()).values(due=now))


def intent_from(row: Any) -> Intent:
    """Read a wish."""
    return Intent(
        topic=row.topic,
        callback=row.callback,
        mode=row.mode,
        lease=timedelta(seconds=row.lease_s),
        secret=row.secret,
        asked_by=row.asked_by,
        attempt=row.attempt,
        token=row.token,
    )


def subscription_from(row: Any) -> Subscription:
    """Read a subscription."""
    return Subscription(
        topic=row.topic,
        callback=row.callback,
        until=row.until,
        secret=row.secret,
        told=row.told,
        attempt=row.attempt,
        token=row.token,
    )


def _mine(table: sa.Table, one: Intent | Subscription) -> sa.ColumnElement[bool]:
    """Whether the row is still as it was taken: nobody replaced it, and nobody took it after its time."""
    return sa.and_(table.c.id == name_of(one.topic, one.callback), table.c.token == one.token)


def _idle() -> sa.ColumnElement[bool]:
    return sa.and_(subscriptions.c.token == "", subscriptions.c.attempt == 0)


def _behind() -> sa.ColumnElement[bool]:
    """Whether the document of the topic is known, and is not the one that the subscriber has."""
    now = sa.select(topics.c.digest).where(topics.c.topic == subscriptions.c.topic).scalar_subquery()
    return sa.and_(now != "", now != subscriptions.c.told)

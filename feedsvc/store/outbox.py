"""What is to be told to whom: the door's second half, used by the hub and by whoever announces to a hub elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.model import Waiting
from feedsvc.store import announcing, subscribing, taking
from feedsvc.store.tables import categories, intents, subscriptions, topics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from feedsvc.model import Intent, Ping, Subscription, Topic
    from feedsvc.store.engine import Database
    from feedsvc.store.subscribing import Asked


MOVED = sa.select(sa.func.coalesce(sa.func.sum(categories.c.revision), 0)).scalar_subquery()
PULSE = sa.select(
    # Looked at each second, for ever: where nobody is to be told of anything, not all categories are gone over.
    sa.case((sa.exists(sa.select(topics.c.topic)), MOVED), else_=0),
    sa.select(sa.func.count()).select_from(categories).scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Wishes, subscriptions and pings; every method is one transaction and raises StoreError when the database fails.

    What is taken belongs to the taker for a minute (taking.LEASE); then it is due again, for whoever takes it next.
    What a taker says after that changes nothing. `busy` counts the calls under way by host and port (`host_of`).
    """

    database: Database

    def ask(self, intent: Intent, topic: Topic, now: datetime) -> Asked:
        """Keeps a wish until it is verified; an older one of the same callback for the same topic gives way to it.

        Not kept when the topic has a thousand subscribers, or all have ten thousand ("full"), or when ten wishes of the
        same address, or a thousand of all, wait for their verification ("too-many-pending").
        """
        with self.database.writing() as db:
            said = subscribing.ask(db, intent, now)
            if said == "asked":
                announcing.register(db, [topic])
            return said

    def waiting(self, now: datetime) -> Waiting:
        """What there is to do: one cheap look that takes no lock."""
        with self.database.reading() as db:
            moved, listings = db.execute(PULSE).one()
            tables = intents, subscriptions, topics
            counts = db.execute(sa.select(*(taking.count_due(table, now) for table in tables))).one()
        return Waiting(pulse=(int(moved), int(listings)), intents=counts[0], deliveries=counts[1], pings=counts[2])

    def take_intents(self, now: datetime, room: taking.Room) -> list[Intent]:
        """Wishes to be verified now."""
        with self.database.writing() as db:
            return [subscribing.intent_from(row) for row in taking.take(db, intents, now, room)]

    def grant(self, intent: Intent, now: datetime, told: str) -> bool:
        """Makes a verified wish come true: a subscription from now on, or none any more. False when it was too late.

        A subscription that lives is prolonged and takes the new secret; what it was told stays known. A new one was
        told `told`, the digest of the document as it stands.
        """
        with self.database.writing() as db:
            return subscribing.grant(db, intent, now, told)

    def refuse(self, intent: Intent) -> None:
        """Forgets a wish that its callback does not share."""
        with self.database.writing() as db:
            subscribing.refuse(db, intent)

    def postpone(self, intent: Intent, due: datetime) -> None:
        """Has a wish verified again later, one attempt more."""
        with self.database.writing() as db:
            subscribing.postpone(db, intent, due)

    def subscribed(self, now: datetime) -> list[Topic]:
        """The topics of which somebody has to be told."""
        with self.database.reading() as db:
            return announcing.subscribed(db, now)

    def topic(self, url: str) -> Topic | None:
        """The topic at an address; None if nobody ever wanted it."""
        with self.database.reading() as db:
            return announcing.one(db, url)

    def note(self, topic: Topic, revision: int, digest: str, now: datetime) -> bool:
        """Writes down how a topic stands; with another digest, all subscribers who have an older document are due.

        False, and nothing was written, when it does not stand any more as `topic` says: another process was quicker.
        """
        with self.database.writing() as db:
            return announcing.note(db, topic, revision, digest, now)

    def take_deliveries(self, now: datetime, room: taking.Room) -> list[Subscription]:
        """Subscribers to be told now."""
        with self.database.writing() as db:
            rows = taking.take(db, subscriptions, now, room, subscriptions.c.until > now)
            return [subscribing.subscription_from(row) for row in rows]

    def delivered(self, told: Subscription, digest: str, now: datetime) -> None:
        """The subscriber has the document with this digest; when it changed meanwhile, he is due again at once."""
        with self.database.writing() as db:
            subscribing.delivered(db, told, digest, now)

    def missed(self, told: Subscription, *, attempt: int, due: datetime) -> None:
        """The subscriber is told later, after `attempt` failures in a row."""
        with self.database.writing() as db:
            subscribing.missed(db, told, attempt, due)

    def end(self, told: Subscription, now: datetime) -> bool:
        """Ends a subscription whose callback is gone; False when it was renewed meanwhile."""
        with self.database.writing() as db:
            return subscribing.end(db, told, now)

    def expire(self, now: datetime) -> int:
        """Forgets the subscriptions whose lease is over, and topics of which nobody wants to hear.

        Gives the number of the subscriptions.
        """
        with self.database.writing() as db:
            return subscribing.expire(db, now)

    def counts(self, now: datetime) -> tuple[int, int]:
        """How many subscriptions live, and how many wishes wait for their verification."""
        live = sa.select(sa.func.count()).select_from(subscriptions).where(subscriptions.c.until > now)
        pending = sa.select(sa.func.count()).select_from(intents)
        with self.database.reading() as db:
            return int(db.execute(live).scalar_one()), int(db.execute(pending).scalar_one())

    def topics(self) -> Mapping[str, Topic]:
        """All topics that anybody was ever told of, by their addresses."""
        with self.database.reading() as db:
            return announcing.every(db)

    def register(self, topics: Sequence[Topic]) -> None:
        """Adds topics as they stand, without telling anybody; known ones stay as they are."""
        with self.database.writing() as db:
            announcing.register(db, topics)

    def announce(self, topic: Topic, revision: int, now: datetime) -> bool:
        """Writes down that a topic changed, and that the hub elsewhere has to hear of it: once, however often it did.

        False, and nothing was written, when another process was quicker.
        """
        with self.database.writing() as db:
            return announcing.announce(db, topic, revision, now)

    def take_pings(self, now: datetime, limit: int) -> list[Ping]:
        """What the hub elsewhere has to hear now."""
        with self.database.writing() as db:
            rows = taking.take_any(db, topics, topics.c.topic, now, limit)
            return [announcing.ping_from(row) for row in rows]

    def pinged(self, ping: Ping, now: datetime) -> None:
        """The hub heard it; when the topic changed once more meanwhile, it is due again at once."""
        with self.database.writing() as db:
            announcing.pinged(db, ping, now)

    def not_pinged(self, ping: Ping, due: datetime) -> None:
        """The hub did not hear it, and has to later."""
        with self.database.writing() as db:
            announcing.not_pinged(db, ping, due)

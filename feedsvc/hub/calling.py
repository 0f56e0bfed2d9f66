"""Our own hub at work: callbacks are asked whether they want to be called, and get the documents (WebSub, 5.3, 7)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from random import Random
from typing import Final

import structlog

from feedsvc.errors import Blocked, FetchError
from feedsvc.fetch import Hooks, Reply
from feedsvc.hub import wording
from feedsvc.hub.patience import next_try
from feedsvc.hub.pushing import Busy, Errand
from feedsvc.hub.topics import Document, Topics
from feedsvc.model import Intent, Subscription, Waiting
from feedsvc.store import Outbox, Room, host_of

AT_ONCE: Final = 50
QUESTIONS_AT_ONCE: Final = 20
AT_A_HOST: Final = 4
TRIES: Final = 4
"""How often a callback that nobody answers at is asked whether it wants to be called."""
HELD_BACK: Final = timedelta(minutes=5)


class Hub:
    """See pushing.Errands. `address` is the hub's own; `dice` spreads the times of further tries."""

    def __init__(
        self,
        *,
        address: str,
        topics: Topics,
        outbox: Outbox,
        hooks: Hooks,
        clock: Callable[[], datetime],
        dice: Random,
    ) -> None:
        self._address, self._topics, self._outbox, self._hooks = address, topics, outbox, hooks
        self._clock, self._dice = clock, dice

    def look(self) -> None:
        """Leases that are over end; whoever has another document than the present one is due."""
        self._outbox.expire(self._clock())
        self._topics.look()

    def take(self, waiting: Waiting, busy: Busy) -> list[Errand]:
        """The calls to be made now, but not more at a time than the limits above."""
        now = self._clock()
        errands: list[Errand] = []
        if waiting.intents and (room := _room(QUESTIONS_AT_ONCE, busy.get("ask", {}))).limit:
            wishes = self._outbox.take_intents(now, room)
            errands += [Errand("ask", host_of(wish.callback), partial(self.verify, wish)) for wish in wishes]
        if waiting.deliveries and (room := _room(AT_ONCE, busy.get("tell", {}))).limit:
            behind = self._outbox.take_deliveries(now, room)
            errands += [Errand("tell", host_of(told.callback), partial(self.deliver, told)) for told in behind]
        return errands

    async def verify(self, intent: Intent) -> None:
        """Asks a callback whether it wants what was asked for it; only its own echo of a fresh word counts (5.3)."""
        challenge = secrets.token_urlsafe(32)
        try:
            reply = await self._hooks.get(wording.verification(intent, challenge))
        except FetchError as error:
            await self._not_reached(intent, error)
            return
        if not reply.ok or reply.body != challenge.encode():
            await asyncio.to_thread(self._outbox.refuse, intent)
            _log(intent, "refused", problem=_disagreement(reply))
            return
        told = await asyncio.to_thread(self._digest, intent)
        counts = await asyncio.to_thread(self._outbox.grant, intent, self._clock(), told)
        _log(intent, "verified" if counts else "too late")

    def _digest(self, intent: Intent) -> str:
        """A subscriber is told from now on: what stands now counts as told."""
        document = self._topics.document(intent.topic) if intent.mode == "subscribe" else None
        return document.digest if document else ""

    async def _not_reached(self, intent: Intent, error: FetchError) -> None:
        """An address that the guard forbids is not asked again; one that nobody answers at, a few times."""
        attempt = intent.attempt + 1
        if isinstance(error, Blocked) or attempt >= TRIES:
            await asyncio.to_thread(self._outbox.refuse, intent)
            _log(intent, "given up", problem=_reason(error))
            return
        due = next_try(attempt, self._clock(), self._dice, error.retry_after)
        await asyncio.to_thread(self._outbox.postpone, intent, due)
        _log(intent, "not reached", problem=_reason(error))

    async def deliver(self, told: Subscription) -> None:
        """Brings a subscriber the document as it is now, unless it is the one that he has."""
        document = await asyncio.to_thread(self._topics.document, told.topic)
        if document is not None and document.digest == told.told:  # another process may know of a newer one
            document = await asyncio.to_thread(self._topics.document, told.topic, fresh=True)
        if document is None:
            later = self._clock() + HELD_BACK
            await asyncio.to_thread(self._outbox.missed, told, attempt=told.attempt, due=later)
        elif document.digest == told.told:
            await asyncio.to_thread(self._outbox.delivered, told, document.digest, self._clock())
        else:
            await self._bring(told, document)

    async def _bring(self, told: Subscription, document: Document) -> None:
        begun = self._clock()
        fields = wording.headers(told.topic, self._address, told.secret, document.body)
        try:
            reply = await self._hooks.post(told.callback, document.body, document.media_type, fields)
        except FetchError as error:
            await self._missed(told, error.retry_after, _reason(error))
            return
        if reply.ok:
            await asyncio.to_thread(self._outbox.delivered, told, document.digest, self._clock())
            _log(told, "delivered", ms=round((self._clock() - begun) / timedelta(milliseconds=1)))
        elif reply.status == HTTPStatus.GONE:
            await asyncio.to_thread(self._outbox.end, told, self._clock())
            _log(told, "ended", problem="the callback answers 410: it is gone")
        else:
            await self._missed(told, reply.retry_after, f"the callback answers {reply.status}")

    async def _missed(self, told: Subscription, wish: timedelta | None, problem: str) -> None:
        attempt = told.attempt + 1
        due = next_try(attempt, self._clock(), self._dice, wish)
        await asyncio.to_thread(self._outbox.missed, told, attempt=attempt, due=due)
        _log(told, "not delivered", problem=f"{problem}; tried again from {due:%Y-%m-%d %H:%M:%S %Z}")


def _room(most: int, busy: Mapping[str, int]) -> Room:
    return Room(limit=max(0, most - sum(busy.values())), at_a_host=AT_A_HOST, busy=busy)


def _disagreement(reply: Reply) -> str:
    return "it echoes something else" if reply.ok else f"it answers {reply.status}"


def _reason(error: FetchError) -> str:
    """Why a call failed, without the address: whoever knows that of a callback could speak in our name."""
    return str(error).replace(error.url, "the callback") if error.url else str(error)


def _log(one: Intent | Subscription, outcome: str, **more: object) -> None:
    """One line; of the callback its host alone."""
    what = one.mode if isinstance(one, Intent) else "push"
    structlog.get_logger().info(what, topic=one.topic, host=host_of(one.callback), outcome=outcome, **more)

"""A hub elsewhere is told of changes: once for each topic and change, however long that takes (WebSub, 6)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

import structlog

from feedsvc.errors import FetchError
from feedsvc.feeds import formats
from feedsvc.fetch import FORM, Hooks
from feedsvc.hub import wording
from feedsvc.hub.patience import next_try
from feedsvc.hub.pushing import Busy, Errand
from feedsvc.model import Ping, Topic, Waiting
from feedsvc.publication import Publication
from feedsvc.store import Outbox, host_of

AT_ONCE: Final = 4
LOOKS: Final = 3


class Announcer:
    """See pushing.Errands. `address` is that of the hub; topics are the newest items of each channel in each format."""

    def __init__(
        self,
        *,
        address: str,
        publication: Publication,
        outbox: Outbox,
        hooks: Hooks,
        clock: Callable[[], datetime],
        dice: Random,
    ) -> None:
        self._address, self._publication, self._outbox, self._hooks = address, publication, outbox, hooks
        self._clock, self._dice = clock, dice

    def look(self) -> None:
        """Every topic that changed is due; one that was never looked at counts from now on.

        Looked at anew when another process was quicker: what that one saw may be older by now than what we see.
        """
        for _ in range(LOOKS):
            if self._looked():
                break

    def _looked(self) -> bool:
        """Whether everything that changed could be written down."""
        known, new, quickest = self._outbox.topics(), [], True
        for path in tuple(self._publication.channels):
            revision = self._publication.revision(path)
            if revision is None:
                continue
            for name in formats():
                url = self._publication.feed_url(path, name)
                topic = known.get(url)
                if topic is None:
                    new.append(Topic(url=url, path=path, format=name, revision=revision.number))
                elif topic.revision != revision.number:
                    quickest &= self._outbox.announce(topic, revision.number, self._clock())
        if new:
            self._outbox.register(new)
        return quickest

    def take(self, waiting: Waiting, busy: Busy) -> list[Errand]:
        """The pings to be sent now."""
        free = AT_ONCE - sum(busy.get("ping", {}).values())
        if not waiting.pings or free <= 0:
            return []
        host = host_of(self._address)
        return [Errand("ping", host, partial(self.ping, ping)) for ping in self._outbox.take_pings(self._clock(), free)]

    async def ping(self, ping: Ping) -> None:
        """Tells the hub of one change."""
        begun = self._clock()
        try:
            reply = await self._hooks.post(self._address, wording.ping(ping.topic), FORM)
        except FetchError as error:
            await self._missed(ping, error.retry_after, str(error))
            return
        if reply.ok:
            await asyncio.to_thread(self._outbox.pinged, ping, self._clock())
            _log(ping, "announced", ms=round((self._clock() - begun) / timedelta(milliseconds=1)))
        else:
            await self._missed(ping, reply.retry_after, f"the hub answers {reply.status}")

    async def _missed(self, ping: Ping, wish: timedelta | None, problem: str) -> None:
        due = next_try(ping.attempt + 1, self._clock(), self._dice, wish)
        await asyncio.to_thread(self._outbox.not_pinged, ping, due)
        _log(ping, "not announced", problem=problem)


def _log(ping: Ping, outcome: str, **more: object) -> None:
    structlog.get_logger().info("ping", topic=ping.topic, outcome=outcome, **more)

"""Builds the telling side from a Config: a hub of our own, the announcer to one elsewhere, or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from random import Random

from feedsvc.channels import Channels
from feedsvc.config import Config
from feedsvc.fetch import Hooks
from feedsvc.hub.calling import Hub
from feedsvc.hub.pinging import Announcer
from feedsvc.hub.pushing import Errands, Push
from feedsvc.hub.topics import Topics
from feedsvc.publication import Publication
from feedsvc.store import Store


def build_push(
    config: Config, store: Store, clock: Callable[[], datetime], authority: str, hooks: Hooks
) -> Push | None:
    """Whoever tells of changes over `hooks`, as `[websub] hub` says; None when nobody is told."""
    if config.websub.hub == "off":
        return None
    publication = Publication(config, store, Channels(config, store, clock), authority)
    outbox, address = store.outbox, publication.hub
    dice = Random()  # noqa: S311 - it spreads moments, and keeps no secret
    errands: Errands
    if config.websub.hub == "own":
        topics = Topics(publication, outbox, clock)
        errands = Hub(address=address, topics=topics, outbox=outbox, hooks=hooks, clock=clock, dice=dice)
    else:
        errands = Announcer(
            address=address, publication=publication, outbox=outbox, hooks=hooks, clock=clock, dice=dice
        )
    return Push(errands, lambda: outbox.waiting(clock()), time.monotonic)

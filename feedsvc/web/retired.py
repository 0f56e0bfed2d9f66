"""Channels that there were once: those of `[web] gone`, and those of categories that left the configuration."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from datetime import datetime, timedelta

from feedsvc.config import Config
from feedsvc.errors import StoreError
from feedsvc.store import Store

LOOK_EVERY = timedelta(seconds=1)


class Retired(Container[str]):
    """Paths of channels that are gone; the store is asked at most once a second, and only when somebody asks."""

    def __init__(self, config: Config, store: Store, clock: Callable[[], datetime]) -> None:
        self._given, self._store, self._clock = frozenset(config.web.gone), store, clock
        self._looked: datetime | None = None
        self._left: frozenset[str] = frozenset()

    def __contains__(self, path: object) -> bool:
        return path in self._given or path in self._now()

    def _now(self) -> frozenset[str]:
        now = self._clock()
        if self._looked is None or not timedelta(0) <= now - self._looked < LOOK_EVERY:
            self._looked = now
            try:
                self._left = frozenset(_paths(self._store.retired()))
            except StoreError:
                return self._left
        return self._left


def _paths(categories: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Their feeds, and those of their sources: one that is still there is found before it is looked for here."""
    for source, category in categories:
        yield f"{source}/{category}"
        yield source

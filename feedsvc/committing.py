"""Polls that end at the same time are stored with one commit: what each of them waits for is the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from feedsvc.errors import StoreError
from feedsvc.model import PollResult
from feedsvc.store import Store

MOST = 200
"""Polls of one transaction; readers never wait for it, other writers do."""
GATHERING = 0.02
"""Seconds for which a result waits for those of other polls that are under way: a commit costs more than a poll."""

Waiting = tuple[PollResult, asyncio.Future[None]]


class Commits:
    """Stores results: one alone at once, those that come while another is being written together after it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.waiting: list[Waiting] = []
        self.writing: asyncio.Task[None] | None = None
        self.under_way = 0

    @contextmanager
    def coming(self) -> Iterator[None]:
        """Tells that a result will come; it is over when the result was stored, or none will be."""
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1

    async def save(self, result: PollResult) -> None:
        """Returns when the result is stored. Raises what `Store.save` does; then nothing of it was."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append((result, done))
        if self.writing is None:
            self.writing = asyncio.create_task(self._write(), name="commits")
        await done

    async def _write(self) -> None:
        try:
            while self.waiting:
                if len(self.waiting) < min(self.under_way, MOST):
                    await asyncio.sleep(GATHERING)
                some, self.waiting = self.waiting[:MOST], self.waiting[MOST:]
                (told,) = await asyncio.gather(
                    asyncio.to_thread(_stored, self.store, [result for result, _ in some]), return_exceptions=True
                )
                _tell(some, told)
        finally:
            self.writing = None


def _stored(store: Store, results: list[PollResult]) -> list[StoreError | None]:
    if len(results) > 1:
        return store.save_all(results)
    store.save(results[0])
    return [None]


def _tell(some: list[Waiting], told: list[StoreError | None] | BaseException) -> None:
    """Wakes those who wait; one who was cancelled meanwhile waits no more."""
    outcomes = [told] * len(some) if isinstance(told, BaseException) else told
    for (_, done), outcome in zip(some, outcomes, strict=True):
        if done.done():
            continue
        if outcome is None:
            done.set_result(None)
        else:
            done.set_exception(outcome)

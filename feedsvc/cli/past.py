"""Categories filled in one after the other: what `feedsvc backfill` does once its words are understood."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Collection
from dataclasses import dataclass, field

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from feedsvc.backfill import Backfill
from feedsvc.cli.clock import now
from feedsvc.cli.rounds import chosen, search_first
from feedsvc.config import Config
from feedsvc.fetch.mask import masked_text
from feedsvc.log import secrets_of
from feedsvc.model import Category, History, PollResult
from feedsvc.scheduler import Scheduler
from feedsvc.service import authority
from feedsvc.store import open_store
from feedsvc.worker import open_worker, poll_round

BUSY = 2.0
"""Seconds between two looks whether another process has left the host."""


async def fill_in(config: Config, which: str, *, pages: int, again: bool, show: bool) -> bool:
    """Fills in the past of the categories of `which`, at most `pages` listing pages each; True when all went well.

    SIGINT and SIGTERM end it after the article that is being read. Raises click.UsageError for an unknown name.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    store = open_store(config.database)
    try:
        named = store.authority(authority(config, now()))
        async with open_worker(config, store, now, named) as scheduler:
            with _bars(show=show) as bars:
                await search_first(scheduler, config, which, bars)
                categories = chosen(list(scheduler.categories.values()), which)
                secrets = secrets_of(config)
                runs = [
                    _Run(scheduler, category, bars, pages, stop, again=again, secrets=secrets)
                    for category in categories
                ]
                return all([await run.fill_in() for run in runs])
    finally:
        store.close()


def _bars(*, show: bool) -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not (show and console.is_terminal))


@dataclass(slots=True)
class _Run:
    """One category in one run."""

    scheduler: Scheduler
    category: Category
    bars: Progress
    pages: int
    stop: asyncio.Event
    again: bool = field(kw_only=True)
    secrets: Collection[str] = field(kw_only=True)
    brought: int = 0

    async def fill_in(self) -> bool:
        """Steps through the pages, and tells in a line how far it came."""
        if self.stop.is_set() or not await self._begun():
            return self.stop.is_set()
        place = self._place()
        end = place.pages + self.pages
        task = self.bars.add_task(self.name, total=self.pages)
        backfill = self._backfill(task)
        while not (place.finished or place.pages >= end or self.stop.is_set()):
            result = await self._step(backfill)
            if result is None or result.history is None:
                continue
            if result.problem:
                return self._tell(result.history, result.problem.detail)
            place = result.history
            self.brought += len(result.new)
            self.bars.update(task, completed=self.pages - (end - place.pages))
        return self._tell(place)

    @property
    def name(self) -> str:
        """What the category is called on the command line."""
        return f"{self.category.source}/{self.category.slug}"

    async def _begun(self) -> bool:
        """A category that was never polled is polled first: its newest articles matter more than its oldest."""
        state = self.scheduler.store.states().get((self.category.source, self.category.slug))
        if state is not None and state.succeeded is not None:
            return True
        told = []
        await poll_round(self.scheduler, [self.category], lambda _, result: told.append(result), lambda _: _unseen)
        if told[0] is not None and told[0].outcome in {"ok", "unchanged"}:
            self.brought += len(told[0].new)
            return True
        problem = told[0].problem.detail if told[0] and told[0].problem else "another process is polling its host"
        click.echo(masked_text(f"{self.name}: not begun: {problem}", self.secrets), err=True)
        return False

    def _place(self) -> History:
        store = self.scheduler.store
        place = store.history(self.category.source, self.category.slug)
        if self.again and place != History():
            place = History(below=place.below)
            store.save_history(self.category.source, self.category.slug, place)
        return place

    def _backfill(self, task: TaskID) -> Backfill:
        def show(what: str, done: int, total: int) -> None:
            self.bars.update(task, description=f"{self.name}: {what} {done}/{total}, {self.brought} new")

        return Backfill(
            poller=self.scheduler.poller,
            source=self.scheduler.sources[self.category.source],
            category=self.category,
            progress=show,
            stopped=self.stop.is_set,
        )

    async def _step(self, backfill: Backfill) -> PollResult | None:
        """One page; None while another process is at this host."""
        only = (self.category.source, self.category.slug)
        scheduler = self.scheduler
        claims = await asyncio.to_thread(scheduler.store.claim_due, now(), 1, owner=scheduler.owner, only=only)
        if claims:
            return await backfill.step(claims[0])
        backfill.progress("waiting for another process at this host,", 0, 0)
        await self._pause()
        return None

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self.stop.wait(), BUSY)
        except TimeoutError:
            return

    def _tell(self, place: History, problem: str = "") -> bool:
        ending = "to its end" if place.finished else "so far; run it again to go on"
        line = f"{self.name}: {place.pages} pages read {ending}  new {self.brought}{problem and f'  {problem}'}"
        click.echo(masked_text(line, self.secrets))
        return not problem


def _unseen(what: str, done: int, total: int) -> None:
    """The first poll of a category shows no bar of its own."""

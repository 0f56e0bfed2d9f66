"""One round of polls with its progress, or polls for ever: what `feedsvc poll` does once its words are understood."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from datetime import timedelta

import click
from rich.console import Console
from rich.progress import Progress as Bars

from feedsvc.cli.clock import now
from feedsvc.cli.parent import stop_with_parent
from feedsvc.config import Config
from feedsvc.model import Category, PollResult
from feedsvc.progress import Progress
from feedsvc.service import authority
from feedsvc.store import open_store
from feedsvc.worker import open_worker, poll_round


async def once(config: Config, categories: Sequence[Category], *, show: bool) -> list[PollResult | None]:
    """Polls each category now, one line each on standard output; `show`: bars on a terminal meanwhile."""
    store = open_store(config.database)
    console = Console(stderr=True)
    with Bars(console=console, transient=True, disable=not (show and console.is_terminal)) as bars:
        try:
            named = store.authority(authority(config, now()))
            async with open_worker(config, store, now, named) as scheduler:
                return await poll_round(scheduler, categories, _tell, lambda category: _bar(bars, category))
        finally:
            store.close()


def _bar(bars: Bars, category: Category) -> Progress:
    task = bars.add_task(f"{category.source}/{category.slug}", total=None, visible=False)

    def show(what: str, done: int, total: int) -> None:
        label = f"{category.source}/{category.slug} {what}"
        bars.update(task, description=label, completed=done, total=total or None, visible=done != total)

    return show


def _tell(category: Category, result: PollResult | None) -> None:
    name = f"{category.source}/{category.slug}"
    if result is None:
        click.echo(
            f"{name}: not polled: another process is polling this host, or the result could not be stored", err=True
        )
        return
    ms = round((result.finished - result.started) / timedelta(milliseconds=1))
    problem = f"  {result.problem.detail}" if result.problem else ""
    click.echo(f"{name}: {result.outcome}  new {len(result.new)}  changed {len(result.changed)}  {ms} ms{problem}")


async def forever(config: Config, *, with_parent: bool) -> None:
    """Polls whatever is due until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if with_parent:
        stop_with_parent()
    store = open_store(config.database)
    try:
        named = store.authority(authority(config, now()))
        async with open_worker(config, store, now, named) as scheduler:
            await scheduler.run(stop)
    finally:
        store.close()

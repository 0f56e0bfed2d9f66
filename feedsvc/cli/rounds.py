"""One round of polls with its progress, or polls for ever: what `feedsvc poll` does once its words are understood."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial

import click
import pebble
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as Bars

from feedsvc.cli.clock import now
from feedsvc.cli.parent import stop_with_parent
from feedsvc.cli.priority import stand_back
from feedsvc.config import Config
from feedsvc.discoverer import Discovered
from feedsvc.fetch.mask import masked_text
from feedsvc.listings import searched
from feedsvc.log import secrets_of
from feedsvc.model import Category, PollResult, Source
from feedsvc.progress import Progress
from feedsvc.scheduler import Scheduler
from feedsvc.service import authority
from feedsvc.store import open_store
from feedsvc.worker import open_worker, poll_round, search_round

REST = 1.0
"""Seconds between two looks after the children that read pages: at pebble's own ten looks a second they were the half
of what a poller costs that has nothing to do. An answer of theirs is not waited for by looking, and comes at once."""


async def once(config: Config, which: str, *, show: bool) -> list[PollResult | Discovered | None]:
    """Polls each category of `which` now, one line each on standard output; `show`: bars on a terminal meanwhile.

    `which` is SOURCE, SOURCE/CATEGORY, or "" for all. Sources whose categories are still to be found, or are due
    to be looked for again, are searched first. Raises click.UsageError when no category is of that name.
    """
    store = open_store(config.database)
    console = Console(stderr=True)
    with Bars(console=console, transient=True, disable=not (show and console.is_terminal)) as bars:
        try:
            named = store.authority(authority(config, now()))
            async with open_worker(config, store, now, named) as scheduler:
                searches = await search_first(scheduler, config, which, bars)
                categories = chosen(list(scheduler.categories.values()), which)
                tell = partial(_tell, secrets_of(config))
                polls = await poll_round(scheduler, categories, tell, lambda category: _bar(bars, category))
                if scheduler.push:
                    await scheduler.push.drain()
                return [*searches, *polls]
        finally:
            store.close()


async def search_first(scheduler: Scheduler, config: Config, which: str, bars: Bars) -> list[Discovered | None]:
    """Searches the sources of `which` whose categories are still to be found, or are due to be looked for again."""
    sources = [source for source in searched(config) if which.partition("/")[0] in {"", source.slug}]
    searches = await search_round(scheduler, sources, lambda source: _search_bar(bars, source))
    secrets = secrets_of(config)
    for source, search in searches:
        _tell_search(secrets, source, search)
    return [search for _, search in searches]


def chosen(categories: Sequence[Category], which: str) -> list[Category]:
    """The categories of `which`: SOURCE, SOURCE/CATEGORY, or "" for all. Raises click.UsageError when there is none."""
    source, _, slug = which.partition("/")
    found = [c for c in categories if not which or (c.source == source and slug in {"", c.slug})]
    if not found:
        known = ", ".join(f"{c.source}/{c.slug}" for c in categories)
        raise click.UsageError(f'no category "{which}" in the configuration, and none was found; there are: {known}')
    return found


def _search_bar(bars: Bars, source: Source) -> Progress:
    task = bars.add_task(f"{source.slug}: looking for categories", total=None)

    def show(what: str, done: int, total: int) -> None:
        label = f"{source.slug}: looking at {escape(what)}"
        bars.update(task, description=label, completed=done, total=total or None, visible=not total or done < total)

    return show


def _tell_search(secrets: Collection[str], source: Source, result: Discovered | None) -> None:
    """What a search found, in a line; new categories and those that are gone, in a line each."""
    if result is None:
        click.echo(f"{source.slug}: not searched for categories: another process is at this host", err=True)
        return
    ms = round((result.finished - result.started) / timedelta(milliseconds=1))
    problem = f"  {result.problem.detail}" if result.problem else ""
    lines = [f"{source.slug}: searched for categories: found {len(result.found)}  {ms} ms{problem}"]
    lines += [f"  new: {source.slug}/{one.slug}  {one.title}  {one.url}" for one in result.new]
    gone = "  gone from the portal, its feed is kept"
    lines += [f"{gone}: {source.slug}/{one.slug}  {one.title}  {one.url}" for one in result.vanished]
    for line in lines:
        click.echo(masked_text(line, secrets))


def _bar(bars: Bars, category: Category) -> Progress:
    task = bars.add_task(f"{category.source}/{category.slug}", total=None, visible=False)

    def show(what: str, done: int, total: int) -> None:
        label = f"{category.source}/{category.slug} {what}"
        bars.update(task, description=label, completed=done, total=total or None, visible=done != total)

    return show


def _tell(secrets: Collection[str], category: Category, result: PollResult | None) -> None:
    name = f"{category.source}/{category.slug}"
    if result is None:
        click.echo(
            f"{name}: not polled: another process is polling this host, or the result could not be stored", err=True
        )
        return
    ms = round((result.finished - result.started) / timedelta(milliseconds=1))
    problem = f"  {result.problem.detail}" if result.problem else ""
    line = f"{name}: {result.outcome}  new {len(result.new)}  changed {len(result.changed)}  {ms} ms{problem}"
    click.echo(masked_text(line, secrets))


async def forever(config: Config, *, with_parent: bool) -> None:
    """Polls whatever is due until SIGTERM or SIGINT, at a lower priority than those who answer readers."""
    stand_back()  # before its first thread and child: both inherit it
    pebble.CONSTS.sleep_unit = REST
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
            gc.collect()
            gc.freeze()  # what stands now stays for ever: the sources of a big configuration are not gone over again
            await scheduler.run(stop)
    finally:
        store.close()

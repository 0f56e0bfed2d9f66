"""`feedsvc poll`: one round now; with --forever the scheduler without web."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress as Bars

from feedsvc.cli.clock import now
from feedsvc.cli.parent import stop_with_parent
from feedsvc.config import Config, load_config
from feedsvc.log import set_up_logging
from feedsvc.model import Category, PollResult
from feedsvc.poller import Progress
from feedsvc.service import authority
from feedsvc.store import open_store
from feedsvc.worker import open_worker, poll_round


@click.command(
    "poll",
    epilog="\b\nExamples:\n  feedsvc poll sapa/tin-tuc\n  feedsvc poll --forever",
)
@click.argument("which", metavar="[SOURCE[/CATEGORY]]", default="")
@click.option("--forever", is_flag=True, help="Poll whenever something is due, until stopped: a worker without web.")
@click.option("--quiet", is_flag=True, help="No progress, only the result lines.")
@click.option("--log-json", is_flag=True, help="With --forever: log lines as JSON.")
@click.option("--with-parent", is_flag=True, hidden=True)
@click.pass_obj
def poll_command(
    obj: dict[str, Path], which: str, *, forever: bool, quiet: bool, log_json: bool, with_parent: bool
) -> None:
    """Look at every category once, whatever its due time, and print one line for each: outcome, new, changed, ms.

    Exits with 1 when one failed. SOURCE/CATEGORY polls that one alone.
    """
    config = load_config(obj["config"])
    set_up_logging(json=log_json, level=20 if forever else 40)
    if forever:
        asyncio.run(_forever(config, with_parent=with_parent))
        return
    categories = _chosen(config, which)
    results = asyncio.run(_once(config, categories, show=not quiet))
    if any(result is None or result.outcome in {"failed", "suspicious"} for result in results):
        sys.exit(1)


def _chosen(config: Config, which: str) -> list[Category]:
    source, _, slug = which.partition("/")
    found = [c for c in config.categories() if not which or (c.source == source and slug in {"", c.slug})]
    if not found:
        known = ", ".join(f"{c.source}/{c.slug}" for c in config.categories()) or "none"
        raise click.UsageError(f'no category "{which}" in the configuration; there are: {known}')
    return found


async def _once(config: Config, categories: Sequence[Category], *, show: bool) -> list[PollResult | None]:
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


async def _forever(config: Config, *, with_parent: bool) -> None:
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

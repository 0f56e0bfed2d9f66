"""One search of a portal with its progress: what `feedsvc discover` does once its words are understood."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as Bars

from feedsvc.cli.clock import now
from feedsvc.config import Config
from feedsvc.config_tables import SourceTable
from feedsvc.discovery import Discovery, discover
from feedsvc.lasting import merged
from feedsvc.model import Found, Source
from feedsvc.progress import Progress, silent
from feedsvc.reading import Reading
from feedsvc.store import open_store
from feedsvc.worker import open_fetchers


@dataclass(frozen=True, slots=True)
class Showing:
    """How progress is told: not at all, as a bar on a terminal, or as lines."""

    wanted: bool

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """What the search tells its steps to."""
        console = Console(stderr=True)
        if not self.wanted:
            yield silent
        elif console.is_terminal:
            with Bars(console=console, transient=True) as bars:
                yield _bar(bars)
        else:
            yield _line


async def search(config: Config, url: str, *, show: bool) -> Discovery:
    """Searches the portal at `url`. Raises FetchError and ExtractError of its home page."""
    service = config.service
    source = Source(slug="portal", title="", home=url, language=service.language, timezone=service.timezone)
    reading = Reading(workers=1)
    try:
        async with open_fetchers(config, now) as fetcher:
            with Showing(show).progress() as progress:
                return await discover(source, fetcher(), reading, progress)
    finally:
        reading.close()


def found_before(config: Config, table: SourceTable, result: Discovery) -> tuple[Found, ...]:
    """What the poller found on a source of the configuration so far, joined by this search: slugs stay as they are."""
    store = open_store(config.database)
    try:
        return merged(store.found().get(table.slug, ()), result, now())
    finally:
        store.close()


def _bar(bars: Bars) -> Progress:
    task = bars.add_task("", total=None)

    def show(what: str, done: int, total: int) -> None:
        bars.update(task, description=f"looking at {escape(what)}", completed=done, total=total or None)

    return show


def _line(what: str, done: int, total: int) -> None:
    if not total or done < total:
        click.echo(f"looking at {what}" + (f" ({done + 1} of {total})" if total else ""), err=True)

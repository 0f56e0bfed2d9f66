"""The service written out with its progress: what `feedsvc export` does once its words are understood."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from feedsvc.cli.clock import now
from feedsvc.config import Config
from feedsvc.export import Outcome, export
from feedsvc.progress import Progress
from feedsvc.service import Service
from feedsvc.store import open_store
from feedsvc.web import create_app


def write_files(config: Config, folder: Path, *, everything: bool, show: bool) -> Outcome:
    """Exports what the database of a configuration holds into `folder`; `show`: a bar on a terminal meanwhile."""
    store = open_store(config.database)
    try:
        service = Service(config, store, now)
        # Time stands still for the application: each document is looked at once, and is one in all its codings.
        app = create_app(service, monotonic=lambda: 0.0)
        with _bar(folder, show=show) as progress:
            return export(app, service, folder, everything=everything, progress=progress)
    finally:
        store.close()


def tell(folder: Path, outcome: Outcome, *, listed: bool) -> None:
    """What came of it: a line on standard output, or one a file before it; what failed on standard error."""
    if listed:
        for done, names in (("written", outcome.written), ("removed", outcome.removed)):
            for name in names:
                click.echo(f"{done}  {name}")
    click.echo(
        f"{folder}: written {len(outcome.written)}, removed {len(outcome.removed)}, unchanged {outcome.stayed} files"
    )
    for address in outcome.nameless:
        click.echo(f"{address}: left out, as no file can have such a name", err=True)
    for address, reason in outcome.faults:
        click.echo(f"{address}: {reason}; what was exported of it before stays", err=True)


@contextmanager
def _bar(folder: Path, *, show: bool) -> Iterator[Progress]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True, disable=not (show and console.is_terminal)) as bars:
        task = bars.add_task(str(folder), total=None)

        def progress(what: str, done: int, total: int) -> None:
            bars.update(task, description=f"{folder}: {what}", completed=done, total=total)

        yield progress

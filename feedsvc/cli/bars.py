"""One bar on a terminal for work of several steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from feedsvc.progress import Progress


@contextmanager
def bar(name: str, *, show: bool) -> Iterator[Progress]:
    """A bar that `name` stands before, as long as the context lasts; none where nobody would see it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True, disable=not (show and console.is_terminal)) as bars:
        task = bars.add_task(name, total=None)

        def progress(what: str, done: int, total: int) -> None:
            bars.update(task, description=f"{name}: {what}", completed=done, total=total or None)

        yield progress

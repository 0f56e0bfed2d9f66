"""`feedsvc poll`: one round now; with --forever the scheduler without web."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from feedsvc.config import Config, load_config
from feedsvc.listings import searched
from feedsvc.log import set_up_logging_for


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
    set_up_logging_for(config, json=log_json, level=20 if forever else 40)
    if which or not forever:
        _check(config, which)
    # Help and mistakes are told at once: what polls is loaded when there is something to poll.
    from feedsvc.cli import rounds  # noqa: PLC0415

    if forever:
        asyncio.run(rounds.forever(config, with_parent=with_parent))
        return
    results = asyncio.run(rounds.once(config, which, show=not quiet))
    if any(result is None or result.outcome in {"failed", "suspicious"} for result in results):
        sys.exit(1)


def _check(config: Config, which: str) -> None:
    """Refuses names that nothing can have; categories that are still to be found are checked after the search."""
    source, _, slug = which.partition("/")
    if not config.source:
        raise click.UsageError("there is no [[source]] in the configuration: feedsvc discover ADDRESS --add NAME")
    names = {(category.source, category.slug) for category in config.categories()}
    searches = {found.slug for found in searched(config)}
    if which and source not in searches and not any(source == name[0] and slug in {"", name[1]} for name in names):
        known = ", ".join(f"{name}/{category}" for name, category in sorted(names))
        raise click.UsageError(f'no category "{which}" in the configuration; there are: {known}')

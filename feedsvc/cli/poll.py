"""`feedsvc poll`: one round now; with --forever the scheduler without web."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from feedsvc.config import Config, load_config
from feedsvc.log import set_up_logging
from feedsvc.model import Category


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
    categories = _chosen(config, which) if which or not forever else []
    # Help and mistakes are told at once: what polls is loaded when there is something to poll.
    from feedsvc.cli import rounds  # noqa: PLC0415

    if forever:
        asyncio.run(rounds.forever(config, with_parent=with_parent))
        return
    results = asyncio.run(rounds.once(config, categories, show=not quiet))
    if any(result is None or result.outcome in {"failed", "suspicious"} for result in results):
        sys.exit(1)


def _chosen(config: Config, which: str) -> list[Category]:
    source, _, slug = which.partition("/")
    found = [c for c in config.categories() if not which or (c.source == source and slug in {"", c.slug})]
    if not config.source:
        raise click.UsageError("there is no [[source]] in the configuration: add a portal with slug, title and home")
    if not found:
        known = ", ".join(f"{c.source}/{c.slug}" for c in config.categories())
        raise click.UsageError(f'no category "{which}" in the configuration; there are: {known}')
    return found

"""`feedsvc backfill`: older articles through the pager, resumable."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from feedsvc.config import load_config
from feedsvc.log import set_up_logging_for


@click.command(
    "backfill",
    epilog="\b\nExamples:\n  feedsvc backfill sapa/tin-tuc\n  feedsvc backfill sapa --pages 20",
)
@click.argument("which", metavar="SOURCE[/CATEGORY]")
@click.option(
    "--pages",
    type=click.IntRange(min=1),
    default=500,
    show_default=True,
    help="Listing pages read of each category in this run.",
)
@click.option("--again", is_flag=True, help="Begin with the first page, wherever the last run ended.")
@click.option("--quiet", is_flag=True, help="No progress, only the result lines.")
@click.pass_obj
def backfill_command(obj: dict[str, Path], which: str, *, pages: int, again: bool, quiet: bool) -> None:
    """Walk the pager of a category into the past and store the articles that are not known yet, at the polite pace.

    Stop it with Ctrl-C at any time: what was read is kept, and the next run goes on there. Articles keep the dates that
    the portal gives them; those without a date stand below the ones that are known. Exits with 1 when one category
    could not be read to the end of this run.
    """
    config = load_config(obj["config"])
    set_up_logging_for(config, level=40)
    # Help and mistakes are told at once: what reads is loaded when there is something to read.
    from feedsvc.cli import past  # noqa: PLC0415

    if not asyncio.run(past.fill_in(config, which, pages=pages, again=again, show=not quiet)):
        sys.exit(1)

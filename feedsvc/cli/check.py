"""`feedsvc check`: every mistake of the configuration, and with --live every listing once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from feedsvc.config import Config, config_warnings, load_config
from feedsvc.fetch.mask import masked_text
from feedsvc.listings import listed, searched
from feedsvc.log import secrets_of
from feedsvc.model import Category, Found


@click.command(
    "check",
    epilog="\b\nExamples:\n  feedsvc check\n  feedsvc --config /etc/feedsvc/config.toml check --live",
)
@click.option("--live", is_flag=True, help="Also fetch and read every listing once; nothing is stored.")
@click.pass_obj
def check_command(obj: dict[str, Path], *, live: bool) -> None:
    """Tell every mistake of config.toml at once, with its line, column, and what would be right.

    Exits with 2 when there is one. With --live exits with 1 when a listing cannot be read.
    """
    config = load_config(obj["config"])
    for warning in config_warnings(config):
        click.echo(f"{obj['config']}: note: {warning}", err=True)
    categories = config.categories()
    click.echo(f"{obj['config']}: fine; sources: {len(config.source)}, categories: {len(categories)}")
    found = _found_so_far(config)
    for source in searched(config):
        so_far = f"; so far: {len(found[source.slug])}" if found.get(source.slug) else ""
        click.echo(f"{source.slug}: its categories are found on the portal{so_far}")
    if config.fetch.allow_private:
        click.echo(f"not public, but allowed: {', '.join(config.fetch.allow_private)}")
    if not config.source:
        click.echo("There is no [[source]] yet: feedsvc discover ADDRESS --add NAME writes one.", err=True)
    if live and not asyncio.run(_live(config, listed(config, found))):
        raise SystemExit(1)


def _found_so_far(config: Config) -> dict[str, tuple[Found, ...]]:
    """What the poller found on portals for which no category is given; nothing where it has not begun."""
    file = config.database.removeprefix("sqlite:///")
    if not searched(config) or (file != config.database and not Path(file).exists()):
        return {}
    from feedsvc.store import open_store  # noqa: PLC0415 - most configurations name their categories

    store = open_store(config.database)
    try:
        return store.found()
    finally:
        store.close()


async def _live(config: Config, categories: Sequence[Category]) -> bool:
    """Reads each listing once, one line each; whether all could be read."""
    from feedsvc.cli.live import read_all  # noqa: PLC0415 - only --live needs the fetch door

    good = True
    async for category, listing, problem in read_all(config, categories):
        name = f"{category.source}/{category.slug}"
        if listing is None:
            click.echo(masked_text(f"{name}: {problem}", secrets_of(config)), err=True)
            good = False
        else:
            following = ", has a next page" if listing.next_url or listing.next_form else ""
            click.echo(f"{name}: {len(listing.stubs)} items{following}; the first: {listing.stubs[0].title}")
    return good

"""`feedsvc discover`: the categories of a portal, from its home page alone, ready for config.toml."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from feedsvc.config import RESERVED, Config, load_config, parse_config
from feedsvc.config_tables import SourceTable
from feedsvc.log import set_up_logging_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedsvc.config_file import Entry
    from feedsvc.discovery import Discovery


@click.command(
    "discover",
    epilog="\b\nExamples:\n  feedsvc discover https://sapa.laocai.gov.vn/\n"
    "  feedsvc discover https://sapa.laocai.gov.vn/ --add sapa",
)
@click.argument("url", metavar="URL")
@click.option("--add", "slug", metavar="SLUG", help="Write the portal into config.toml as a [[source]] of this name.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--quiet", is_flag=True, help="No progress.")
@click.pass_obj
def discover_command(obj: dict[str, Path], url: str, slug: str | None, *, as_json: bool, quiet: bool) -> None:
    """Find the categories of a portal: the menus and captions of its home page are followed, each page is tried.

    At most 40 requests are made, at the polite pace. Nothing is written but what --add adds to config.toml: one block,
    and all else in the file stays as it is. Exits with 1 when no category is found.
    """
    path, url = obj["config"], _address(url)
    config = load_config(path) if slug or path.exists() else parse_config({}, path=path, text="")
    pinned = _checked(config, slug) if slug else None
    set_up_logging_for(config, level=40)
    # Help and mistakes are told at once: what searches is loaded when there is something to search.
    from feedsvc.cli import found, searching  # noqa: PLC0415
    from feedsvc.config_file import Entry, source_block  # noqa: PLC0415

    result = asyncio.run(searching.search(config, url, show=not (quiet or as_json)))
    entries = found.entries_of(result)
    if pinned is not None and result.categories:
        known = searching.found_before(config, pinned, result)
        entries = tuple(Entry(slug=one.slug, title=one.title, url=one.url, kind=one.kind) for one in known)
    name = slug or found.slug_for(url)
    block = source_block(name, pinned.title if pinned else result.title, found.home_of(result), entries)
    if as_json:
        click.echo(json.dumps(found.as_json(result, block), ensure_ascii=False, indent=1))
    else:
        _show(result, block, config)
    if not entries:
        _tell_nothing(result)
        sys.exit(1)
    if slug:
        _add(path, slug, block, entries, pinned)
        _tell_next(path, slug)


def _address(url: str) -> str:
    """The address, with `https://` before it where no scheme was typed."""
    full = url if "://" in url else f"https://{url}"
    parts = urlsplit(full)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise click.UsageError(f'"{url}" is no address of a portal; right would be https://sapa.laocai.gov.vn/')
    return full


def _checked(config: Config, slug: str) -> SourceTable | None:
    """The source of this name that the file has already, if it still lacks categories. Raises click.UsageError."""
    if not re.fullmatch("[a-z0-9-]{1,64}", slug) or slug in RESERVED:
        raise click.UsageError(f'--add "{slug}": right would be 1 to 64 of a-z, 0-9 and "-", such as "sapa"')
    if any(feed.slug == slug for feed in config.feed):
        raise click.UsageError(f'--add "{slug}": a [[feed]] has this name already; choose another')
    found = next((source for source in config.source if source.slug == slug), None)
    if found and found.category:
        raise click.UsageError(f'--add "{slug}": the configuration has this source with its categories; choose another')
    return found


def _show(result: Discovery, block: str, config: Config) -> None:
    """For people: what was found, then the block for config.toml as it stands, so that it can be copied."""
    from rich.console import Console  # noqa: PLC0415 - --json needs no tables

    from feedsvc.cli.found import for_people  # noqa: PLC0415

    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    console.print(for_people(result, config.service.timezone))
    if result.categories:
        click.echo(block, nl=False)


def _tell_nothing(result: Discovery) -> None:
    from feedsvc.discoverer import nothing_found  # noqa: PLC0415

    click.echo(f"feedsvc: {nothing_found(result).detail}", err=True)
    click.echo(f"What it would read from a list: feedsvc read --as listing {result.url}", err=True)


def _add(path: Path, slug: str, block: str, entries: Sequence[Entry], pinned: SourceTable | None) -> None:
    """Writes the block into the file: a whole source, or the categories of one that is there. Raises ConfigError."""
    from feedsvc.config_file import (  # noqa: PLC0415
        categories_block,
        read_file,
        with_categories,
        with_source,
        write_file,
    )

    before = read_file(path)
    if pinned is None:
        after = with_source(before, block)
        added = tomllib.loads(block)["source"][0]
    else:
        slugs = [source.get("slug") for source in tomllib.loads(before)["source"]]
        after = with_categories(before, slugs.index(slug), categories_block(entries))
        added = {"slug": slug, "category": tomllib.loads(block)["source"][0]["category"]}
    write_file(path, before, after, added)


def _tell_next(path: Path, slug: str) -> None:
    option = "" if path == Path("config.toml") else f"--config {path} "
    click.echo(f'{path}: added [[source]] "{slug}"; nothing else was changed', err=True)
    click.echo(f"Next: feedsvc {option}check, then: feedsvc {option}poll {slug}", err=True)

"""`feedsvc status`: how each category stands, as a table or as JSON."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from feedsvc.cli.clock import now
from feedsvc.config import load_config
from feedsvc.fetch.mask import masked, masked_text
from feedsvc.model import Source
from feedsvc.operator import name_of
from feedsvc.service import Service
from feedsvc.status import (
    CategoryStatus,
    SourceStatus,
    alarm_row,
    broken_chains,
    host_row,
    problem_row,
    search_row,
    status_row,
)
from feedsvc.store import open_store

WIDE = 240
"""Columns where no terminal says how many there are: a pipe wants whole words."""
ROOMY = 130
"""Columns from which on whole dates fit beside each other."""
UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
MOMENTS = ("last poll", "next poll", "newest item")
SIGNS = {"new": "…", "ok": "✓", "late": "~", "suspicious": "?", "failing": "✗", "paused": "‖"}


@click.command(
    "status",
    epilog="\b\nExamples:\n  feedsvc status\n  feedsvc status --json\n  feedsvc status --suspect sapa/tin-tuc > a.html",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document, as at /status.json.")
@click.option(
    "--suspect",
    metavar="SOURCE/CATEGORY",
    help="The last answer of a category that was not believed, byte for byte; why is told on stderr.",
)
@click.pass_obj
def status_command(obj: dict[str, Path], *, as_json: bool, suspect: str | None) -> None:
    """Show state, last and next poll, number of items, and the last problem in words, for every category."""
    config = load_config(obj["config"])
    store = open_store(config.database)
    try:
        service = Service(config, store, now)
        if suspect is not None:
            _write_suspect(service, suspect)
        elif as_json:
            click.echo(json.dumps(_told(service), ensure_ascii=False, indent=1))
        else:
            _show(service)
    finally:
        store.close()


def _told(service: Service) -> dict[str, Any]:
    zone = service.config.service.timezone
    zones = {slug: source.timezone for slug, source in service.sources.items()}
    return {
        "paused": problem_row(service.standstill()),
        "alarms": [alarm_row(alarm, zones, zone) for alarm in service.alarms()],
        "categories": [status_row(row) for row in service.status()],
        "searches": [search_row(row) for row in service.searches()],
        "hosts": [host_row(row, zone) for row in service.hosts()],
    }


def _show(service: Service) -> None:
    rows, searches, paused = service.status(), service.searches(), service.standstill()
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    if paused:
        console.print(Text(f"‖ {paused.detail}"))
    for alarm in service.alarms():
        console.print(Text(f"! {name_of(alarm)}: {alarm.code} since {alarm.began:%d/%m/%Y %H:%M} UTC"))
    for slug in broken_chains(service.sources.values()):
        console.print(Text(f'~ {slug}: tls = "broken-chain": certificates that its server forgets to send are fetched'))
    console.print(_as_table(rows) if console.width >= ROOMY else _as_short_table(rows, now()))
    for search in searches:
        console.print(_search(search))
    if not (rows or searches):
        click.echo("There is no [[source]] yet: feedsvc discover ADDRESS --add NAME writes one.")


def _write_suspect(service: Service, name: str) -> None:
    """The page as it came, on stdout, so that it can be looked at in a browser; where it is from on stderr."""
    source, _, category = name.partition("/")
    found = service.store.suspect(source, category)
    if found is None:
        raise click.ClickException(f"no answer of {name} was kept: none was disbelieved so far, or the name is another")
    click.echo(f"{masked(found.url)}, {found.at:%d/%m/%Y %H:%M} UTC, {found.content_type}", err=True)
    click.echo(masked_text(found.detail, service.secrets), err=True)
    sys.stdout.buffer.write(found.body)


def _search(row: SourceStatus) -> Text:
    """How the search for a source's categories stands, in a line; what has vanished, and why it failed, below it."""
    state = row.searching
    last, due = _local(state.polled, row.source), _local(state.next_poll, row.source)
    there = sum(one.vanished is None for one in row.found)
    lines = [f"{row.source.slug}: searched for categories: found {there}, last {last}, next {due}"]
    lines += [
        f"  {row.source.slug}/{one.slug}: gone from the portal since {one.vanished:%d/%m/%Y}; its feed is kept"
        for one in row.found
        if one.vanished
    ]
    return Text("\n".join([*lines, *([f"  {state.problem.detail}"] if state.problem else [])]))


def _as_short_table(rows: tuple[CategoryStatus, ...], moment: datetime) -> Table:
    """For a narrow terminal: times as distances, a problem on a line of its own below the category's."""
    table = Table("", "category", "state", "items", "last", "next", "newest", box=None, padding=(0, 1, 0, 0))
    for row in rows:
        state = row.polling
        moments = [_distance(at, moment) for at in (state.polled, state.next_poll, row.newest)]
        name = Text(row.path, overflow="ellipsis", no_wrap=True)
        if why := _why(row):
            name = Text(f"{row.path}\n{why}")
        table.add_row(SIGNS[row.state], name, row.state, str(row.items), *moments)
    return table


def _distance(at: datetime | None, moment: datetime) -> str:
    """`-12 m` for what was 12 minutes ago, `+3 h` for what will be."""
    if at is None:
        return "–"
    seconds = round((at - moment).total_seconds())
    if not seconds:
        return "now"
    size, unit = next((size, unit) for size, unit in UNITS if abs(seconds) >= size or size == 1)
    return f"{'+' if seconds > 0 else '-'}{abs(seconds) // size} {unit}"


def _local(moment: datetime | None, source: Source) -> str:
    return moment.astimezone(source.timezone).strftime("%d/%m/%Y %H:%M:%S") if moment else "–"


def _as_table(rows: tuple[CategoryStatus, ...]) -> Table:
    table = Table("", Column("category", no_wrap=True), "state", "items", *MOMENTS, "last problem")
    for row in rows:
        state = row.polling
        local = [_local(moment, row.source) for moment in (state.polled, state.next_poll, row.newest)]
        table.add_row(SIGNS[row.state], row.path, row.state, str(row.items), *local, Text(_why(row)))
    return table


def _why(row: CategoryStatus) -> str:
    """The last problem; else why a list is late or everything pauses. Of one that is quiet there is nothing to say."""
    if row.polling.problem:
        return row.polling.problem.detail
    return row.reason if row.state in {"late", "paused"} else ""

"""`feedsvc backup`: everything in one file, while all goes on."""

from __future__ import annotations

import time
from pathlib import Path

import click

from feedsvc import __version__
from feedsvc.cli.clock import now
from feedsvc.config import load_config

KIB, MIB = 1024, 1024 * 1024


@click.command(
    "backup",
    epilog="\b\nExamples:\n  feedsvc backup feedsvc.backup\n  feedsvc backup /srv/feedsvc-$(date +%u).db --quiet",
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--with-secrets", is_flag=True, help="Also keep passwords and tokens of the configuration.")
@click.option("--quiet", is_flag=True, help="No progress, and no line when all went well.")
@click.pass_obj
def backup_command(obj: dict[str, Path], file: Path, *, with_secrets: bool, quiet: bool) -> None:
    """Write the database and config.toml into FILE, consistent, while poller and web go on.

    FILE takes its name when it is whole and was read back; until then an older one stays under it. It is a SQLite
    file, whatever the database, and its owner alone may read it. Copies of pictures are not in it: they are made anew.
    """
    config = load_config(obj["config"])
    # Help and mistakes are told at once: what copies is loaded when there is something to copy.
    from feedsvc.backup import back_up  # noqa: PLC0415
    from feedsvc.backup.configuration import taken_in  # noqa: PLC0415
    from feedsvc.cli.bars import bar  # noqa: PLC0415
    from feedsvc.store import PATIENCE  # noqa: PLC0415
    from feedsvc.store.engine import connect  # noqa: PLC0415

    started = time.monotonic()
    contents = taken_in(obj["config"], now(), __version__, with_secrets=with_secrets)
    database = connect(config.database, PATIENCE)
    try:
        with bar(str(file), show=not quiet) as progress:
            made = back_up(database, file, contents, progress)
    finally:
        database.close()
    if not quiet:
        seconds = time.monotonic() - started
        click.echo(
            f"{file}: {made.judged.items} items, schema {made.judged.schema}, {told(made.size)}, {seconds:.1f} s"
        )
        for name in contents.note("left out").splitlines():
            click.echo(f"  left out, as it is a secret: {name}")


def told(size: int) -> str:
    """A number of bytes for people."""
    return f"{size / MIB:.1f} MiB" if size >= MIB else f"{size / KIB:.0f} KiB"

"""`feedsvc restore`: a backup put back, what was there kept beside it."""

from __future__ import annotations

from pathlib import Path

import click

from feedsvc.cli.clock import now
from feedsvc.config import Config, load_config
from feedsvc.errors import FeedsvcError, StoreError

REPEATABLE = frozenset({"email", "mail", "webhook", "zalo_oa"})
"""Kinds of relays whose receivers know a message again by its id, so that it may be sent once more (safety.md 9)."""


@click.command(
    "restore",
    epilog="\b\nExamples:\n  feedsvc restore feedsvc.backup\n  feedsvc restore feedsvc.backup --config-to /tmp/look",
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Also while a poller runs: what it has not stored yet it reads again.")
@click.option(
    "--config-to",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Only write config.toml of the backup into DIR; the database is left alone.",
)
@click.option("--quiet", is_flag=True, help="No progress, only the result.")
@click.pass_obj
def restore_command(obj: dict[str, Path], file: Path, *, force: bool, config_to: Path | None, quiet: bool) -> None:
    """Put the backup FILE into the place of the database, SQLite or PostgreSQL, and keep what was there beside it.

    It happens in one step, under whoever reads: a web process that runs goes on in it. Items seen since the backup come
    again under the ids they had. Where there is no config.toml yet, that of the backup is written. Exits with 2 for a
    backup that a newer feedsvc made.
    """
    from feedsvc.backup import judge  # noqa: PLC0415 - help and mistakes are told at once

    judged = judge(file)
    if config_to is not None:
        _take_out(judged.contents, config_to / obj["config"].name)
        return
    if not obj["config"].exists() and judged.contents.files:
        _take_out(judged.contents, obj["config"])
    config = load_config(obj["config"])
    if not force:
        _refuse_pollers(config)
    _put_back(config, file, show=not quiet)


def _take_out(contents: object, config: Path) -> None:
    from feedsvc.backup import Contents  # noqa: PLC0415
    from feedsvc.backup.configuration import taken_out  # noqa: PLC0415

    if not isinstance(contents, Contents) or not contents.files:
        raise StoreError("there is no configuration in this file: it is a plain copy of a database")
    try:
        taken = taken_out(contents, config)
    except OSError as error:
        raise StoreError(f"the configuration was not written: {error}") from error
    for path in taken.written:
        click.echo(f"written: {path}")
    for path in taken.there:
        click.echo(f"not written, as there is one: {path}", err=True)
    for name in taken.elsewhere:
        click.echo(f"not written, as it stood elsewhere: {name}; `sqlite3` shows it in backup_files", err=True)
    for name in contents.note("left out").splitlines():
        click.echo(f"to be filled in: {name}", err=True)


def _refuse_pollers(config: Config) -> None:
    """Raises StoreError while a poller works on the database; of web processes nothing is known, nor need it be."""
    from feedsvc.doctor.pollers import living  # noqa: PLC0415
    from feedsvc.store import PATIENCE, SqlStore  # noqa: PLC0415
    from feedsvc.store.engine import connect  # noqa: PLC0415

    file = config.database.removeprefix("sqlite:///")
    if file != config.database and not Path(file).exists():
        return
    database = connect(config.database, PATIENCE)
    try:
        working = living(SqlStore(database), now())
    except FeedsvcError:  # an empty or a damaged database has no pollers
        return
    finally:
        database.close()
    if working:
        raise StoreError(
            f"a poller works on this database: {', '.join(sorted(working))}; stop it first, or "
            "restore with --force: what it has not stored by then, it reads again"
        )


def _put_back(config: Config, file: Path, *, show: bool) -> None:
    from feedsvc.backup import Manner, restore  # noqa: PLC0415
    from feedsvc.cli.bars import bar  # noqa: PLC0415
    from feedsvc.mirror import folder_of  # noqa: PLC0415
    from feedsvc.store import PATIENCE  # noqa: PLC0415
    from feedsvc.store.engine import connect  # noqa: PLC0415

    database = connect(config.database, PATIENCE)
    room = config.folder if database.file is None else database.file.parent
    may_repeat = tuple(relay.name for relay in config.relay if relay.kind in REPEATABLE)
    pictures = folder_of(config)
    try:
        with bar(str(file), show=show) as progress:
            manner = Manner(
                now=now(),
                may_repeat=may_repeat,
                has_copy=lambda name: pictures.place(name).exists(),
                progress=progress,
            )
            restored = restore(database, file, room, manner)
    finally:
        database.close()
    judged = restored.judged
    made = judged.contents.note("made")
    click.echo(f"{database.place}: put back from {file}: {judged.items} items{f', as of {made}' if made else ''}")
    if restored.kept:
        click.echo(f"kept beside it, as it was before: {restored.kept}")
    if restored.opened_anew:
        click.echo("the database before could not be read: start web and poller again", err=True)
    if judged.contents.files:
        click.echo(f"config.toml is in the backup, too: feedsvc restore {file} --config-to DIR")

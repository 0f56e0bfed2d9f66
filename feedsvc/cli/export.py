"""`feedsvc export`: everything that the web answers, as files for any web server."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from feedsvc.config import load_config
from feedsvc.log import set_up_logging_for


@click.command(
    "export",
    epilog="\b\nExamples:\n  feedsvc export /srv/feeds\n  feedsvc --config /etc/feedsvc/config.toml export --list out",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Ask for everything anew, not only for what changed.")
@click.option("--list", "listed", is_flag=True, help="Name each file that is written or removed.")
@click.option("--quiet", is_flag=True, help="No progress, only the result.")
@click.pass_obj
def export_command(obj: dict[str, Path], folder: Path, *, everything: bool, listed: bool, quiet: bool) -> None:
    """Write every feed, archive and page into DIR, byte for byte as the web answers, with .gz and .br beside.

    Only what changed since the last export is written, each file by one rename; what an earlier export wrote and
    nothing leads to any more is removed, and nothing else is touched. Made for nginx, object storage or a CDN:
    docs/howto/deploy.md. Exits with 1 when something could not be written; what was there before then stays.
    """
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(f"{folder} is a file; name a folder, which is made if there is none")
    config = load_config(obj["config"])
    set_up_logging_for(config, level=50)  # what fails is told at the end, once
    # Help and mistakes are told at once: what answers is loaded when there is something to write.
    from feedsvc.cli.files import tell, write_files  # noqa: PLC0415

    outcome = write_files(config, folder, everything=everything, show=not quiet)
    tell(folder, outcome, listed=listed)
    if outcome.faults:
        sys.exit(1)

"""The command line: verbs that are loaded when they are called, and the one place where errors become exit codes."""

from __future__ import annotations

import difflib
import sys
from importlib import import_module
from pathlib import Path

import click

from feedsvc import __version__
from feedsvc.errors import ConfigError, FeedsvcError, NewerDatabase
from feedsvc.fetch.mask import masked_text

DONE, FAILED, USAGE = 0, 1, 2

VERBS = {
    "demo": "the built-in sample portal and the service over it, without internet",
    "init": "write a commented config.toml to begin with",
    "discover": "the categories of a portal, from its home page alone",
    "check": "every mistake of config.toml at once",
    "read": "what would be read from a page; nothing is stored",
    "poll": "look at the portals once, now",
    "backfill": "older articles through the pager, resumable",
    "run": "look at the portals again and again, and answer readers",
    "web": "answer readers only",
    "export": "everything that the web answers, as files",
    "status": "how each category stands",
    "doctor": "what is wrong, in words, and what to do about it",
    "backup": "everything in one file, while all goes on",
    "restore": "a backup put back, what was there kept beside it",
}


class Verbs(click.Group):
    """Loads a verb's module when it is called: `--help` and short verbs answer at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All verbs, in the order in which a newcomer needs them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command:
        """The command of a verb. Raises click.UsageError when there is none."""
        if name not in VERBS:
            near = difflib.get_close_matches(name, VERBS, 1)
            meant = f'; did you mean "{near[0]}"?' if near else ""
            raise click.UsageError(f'there is no verb "{name}"{meant}', ctx)
        command: click.Command = getattr(import_module(f"feedsvc.cli.{name}"), f"{name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of verbs, written without loading them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.command(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Begin with: feedsvc demo. Then: feedsvc init, feedsvc check, feedsvc run.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("config.toml"),
    show_default="./config.toml",
    help="Configuration file.",
)
@click.option("--debug", is_flag=True, help="Show the whole traceback of an error.")
@click.version_option(__version__, prog_name="feedsvc")
@click.pass_context
def feedsvc(ctx: click.Context, config: Path, *, debug: bool) -> None:
    """RSS, Atom and JSON feeds for news portals that have none."""
    ctx.obj = {"config": config, "debug": debug}


def main() -> None:
    """Runs the command line. Exit codes: 0 done, 1 something failed, 2 usage or configuration."""
    debug = "--debug" in sys.argv
    try:
        feedsvc()
    except ConfigError as error:
        for mistake in error.mistakes:
            click.echo(masked_text(mistake), err=True)
        sys.exit(USAGE)
    except FeedsvcError as error:
        if debug:
            raise
        click.echo(f"feedsvc: {masked_text(str(error))}", err=True)
        sys.exit(USAGE if isinstance(error, NewerDatabase) else FAILED)

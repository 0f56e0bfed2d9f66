"""`feedsvc init`: a commented config.toml to begin with."""

from __future__ import annotations

import locale
from importlib.resources import files
from pathlib import Path

import click

from feedsvc.errors import FeedsvcError

LANGUAGES = ("vi", "en")


@click.command(
    "init", epilog="\b\nExamples:\n  feedsvc init\n  feedsvc --config /etc/feedsvc/config.toml init --lang en"
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the comments. Default: that of the locale.")
@click.pass_obj
def init_command(obj: dict[str, Path], lang: str | None) -> None:
    """Write a commented config.toml and a folder for secrets. Nothing that is there already is touched."""
    config = obj["config"]
    text = files("feedsvc.cli").joinpath("templates", f"config.{lang or _language()}.toml").read_text("utf-8")
    try:
        config.parent.mkdir(parents=True, exist_ok=True)
        secrets = config.parent / "secrets"
        secrets.mkdir(mode=0o700, exist_ok=True)
        with config.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise FeedsvcError(f"{config} is there already and is left as it is") from None
    except OSError as error:
        raise FeedsvcError(f"{config} cannot be written: {error.strerror}") from error
    click.echo(f"{config} written; secrets belong into {secrets}")
    option = "" if config == Path("config.toml") else f"--config {config} "
    click.echo(f"Next: feedsvc {option}discover ADDRESS --add NAME, with your portal's address and a name for it;")
    click.echo(f"then: feedsvc {option}check --live")


def _language() -> str:
    return "en" if (locale.getlocale()[0] or "vi").startswith("en") else "vi"

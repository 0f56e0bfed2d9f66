"""`feedsvc web`: the answering side alone."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feedsvc.cli.clock import now
from feedsvc.cli.parent import stop_with_parent
from feedsvc.config import Config, load_config
from feedsvc.errors import FeedsvcError
from feedsvc.fetch.mask import masked_text
from feedsvc.log import secrets_of, set_up_logging_for
from feedsvc.serving import serve

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@click.command("web", epilog="\b\nExamples:\n  feedsvc web\n  feedsvc web --host 0.0.0.0 --port 8080")
@click.option("--host", help="Address to listen on, instead of [web] host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on, instead of [web] port.")
@click.option("--with-parent", is_flag=True, hidden=True)
@click.pass_obj
def web_command(obj: dict[str, Path], host: str | None, port: int | None, *, with_parent: bool) -> None:
    """Answer readers from what is stored, without asking any portal. Several may run over one database."""
    config = load_config(obj["config"]).listening(host, port)
    set_up_logging_for(config)
    if with_parent:
        stop_with_parent()
    try:
        serve(partial(load_app, config), config.web.host, config.web.port, config.web.workers)
    except OSError as error:
        raise port_taken(config, error) from None


def port_taken(config: Config, error: OSError) -> FeedsvcError:
    """Why the web cannot listen where it should, and what to do."""
    where = f"{config.web.host}:{config.web.port}"
    return FeedsvcError(
        f"cannot listen on {where}: {error.strerror}; end what listens there, or choose another port with --port"
    )


def load_app(config: Config) -> WSGIApplication:
    """The WSGI application of one worker process, with a store of its own."""
    # A worker process begins here: what it needs is loaded in it, not in the process that starts it.
    from feedsvc.service import Service  # noqa: PLC0415
    from feedsvc.store import open_store  # noqa: PLC0415
    from feedsvc.web import create_app  # noqa: PLC0415

    set_up_logging_for(config)
    try:
        return create_app(Service(config, open_store(config.database), now))
    except FeedsvcError as error:
        # The end of this process alone tells the one that watches over it; the reason is told here.
        click.echo(f"feedsvc: {masked_text(str(error), secrets_of(config))}", err=True)
        raise SystemExit(1) from None

"""`feedsvc run`: poller and web as two processes side by side."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from feedsvc.cli.supervise import Supervisor
from feedsvc.cli.web import port_taken
from feedsvc.config import child_environ, load_config
from feedsvc.log import set_up_logging_for
from feedsvc.serving import refuse_taken


@click.command(
    "run",
    epilog="\b\nExamples:\n  feedsvc run\n  feedsvc --config /etc/feedsvc/config.toml run --host 0.0.0.0 --port 8080",
)
@click.option("--host", help="Address to listen on, instead of [web] host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on, instead of [web] port.")
@click.pass_obj
def run_command(obj: dict[str, Path], host: str | None, port: int | None) -> None:
    """Poll the portals whenever they are due, and answer readers: two processes that share the database alone.

    Ctrl-C or SIGTERM ends both within 10 seconds; what a poll has learned by then is stored or asked for again.
    """
    config = load_config(obj["config"]).listening(host, port)
    set_up_logging_for(config)
    if config.fetch.allow_private:
        click.echo(f"not public, but allowed: {', '.join(config.fetch.allow_private)}", err=True)
    try:
        refuse_taken(config.web.host, config.web.port)
    except OSError as error:
        raise port_taken(config, error) from None
    supervisor = Supervisor(environ=child_environ(config))
    supervisor.catch_signals()
    start_service(supervisor, obj["config"])
    click.echo(f"{config.base_url}/", err=True)
    supervisor.run()


def start_service(supervisor: Supervisor, config: Path) -> None:
    """Starts web and poller over one configuration."""
    feedsvc = [sys.executable, "-m", "feedsvc", "--config", str(config)]
    supervisor.start("web", [*feedsvc, "web", "--with-parent"])
    supervisor.start("poller", [*feedsvc, "poll", "--forever", "--with-parent"])

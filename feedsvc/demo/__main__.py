"""`python -m feedsvc.demo`: the sample portal alone."""

from __future__ import annotations

from pathlib import Path

import click

from feedsvc.demo.server import serve_portal, tell


@click.command(help="Serves the sample portal of the invented town of Mường Sương until Ctrl-C.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8090, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="File that keeps what was published.")
@click.option("--publish-every", type=click.FloatRange(min=0.1), help="Seconds between two new articles.")
def main(host: str, port: int, state: Path | None, publish_every: float | None) -> None:
    """Reads the options and serves."""
    serve_portal(host, port, state, publish_every=publish_every, ready=tell)


main()

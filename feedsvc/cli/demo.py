"""`feedsvc demo`: the built-in sample portal and the service over it, on 127.0.0.1 alone."""

from __future__ import annotations

import socket
import sys
import time
from importlib.resources import files
from itertools import chain
from pathlib import Path
from string import Template

import click

from feedsvc.cli.run import start_service
from feedsvc.cli.supervise import LOOK, Supervisor
from feedsvc.config import child_environ, load_config
from feedsvc.errors import FeedsvcError
from feedsvc.log import set_up_logging

HOST = "127.0.0.1"
PORTAL_PORT = 8801
TRIES = 50
START_TIME = 30.0
END_TIME = 2.5
PUBLISHED_EVERY = {False: 60, True: 4}
POLLED_EVERY = {False: "5s", True: "2s"}


@click.command("demo", epilog="\b\nExamples:\n  feedsvc demo\n  feedsvc demo --port 9000 --dir /tmp/try --fast")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Port of the service.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("feedsvc-demo"),
    show_default="./feedsvc-demo",
    help="Folder for everything that the demo writes.",
)
@click.option("--fast", is_flag=True, help="The portal publishes every few seconds instead of every minute.")
def demo_command(port: int, folder: Path, *, fast: bool) -> None:
    """Start the sample portal of an invented town, and the service over it: no internet, no configuration.

    The portal publishes an article now and then and corrects one; watch it arrive in a feed reader. Ctrl-C ends all;
    started again over the same folder, every item keeps its id.
    """
    set_up_logging()
    _refuse_busy(port)
    folder.mkdir(parents=True, exist_ok=True)
    portal = _portal_port(folder / "portal.port")
    config = _write_config(folder, port=port, portal=portal, every=POLLED_EVERY[fast])
    with (folder / "demo.log").open("ab") as log:
        supervisor = Supervisor(environ=child_environ(load_config(config)), output=log, patience=END_TIME)
        supervisor.catch_signals()
        _start(supervisor, folder, config, portal, publish_every=PUBLISHED_EVERY[fast])
        if _wait_for(port, supervisor):
            _tell(port, portal, folder)
            supervisor.run()
            return
        supervisor.end()
    if not supervisor.stopping:
        raise FeedsvcError(f"the service did not answer within {START_TIME:.0f} s; {folder / 'demo.log'} says why")


def _start(supervisor: Supervisor, folder: Path, config: Path, portal: int, *, publish_every: int) -> None:
    state = ["--state", str(folder / "portal.json"), "--publish-every", str(publish_every)]
    supervisor.start("portal", [sys.executable, "-m", "feedsvc.demo", "--port", str(portal), *state])
    start_service(supervisor, config)


def _tell(port: int, portal: int, folder: Path) -> None:
    base = f"http://{HOST}:{port}"
    click.echo(f"{base}/")
    click.echo(f"  for a feed reader   {base}/feeds/muong-suong/tin-tuc.rss", err=True)
    click.echo(f"  how it stands       {base}/status", err=True)
    click.echo(f"  the sample portal   http://{HOST}:{portal}/", err=True)
    click.echo(f"  everything is kept in {folder}/ (log: demo.log). Ctrl-C ends it.", err=True)


def _write_config(folder: Path, *, port: int, portal: int, every: str) -> Path:
    template = Template(files("feedsvc.cli").joinpath("templates", "demo.toml").read_text("utf-8"))
    path = folder / "config.toml"
    path.write_text(template.substitute(port=port, portal=portal, every=every), "utf-8")
    return path


def _portal_port(kept: Path) -> int:
    """The portal's port: the one of the last start, so that addresses stay; another when it is taken."""
    text = kept.read_text("utf-8") if kept.exists() else ""
    first = int(text) if text.isdigit() else PORTAL_PORT
    for port in chain([first], range(PORTAL_PORT, PORTAL_PORT + TRIES)):
        if _free(port):
            kept.write_text(str(port), "utf-8")
            return port
    raise FeedsvcError(f"no free port from {PORTAL_PORT} to {PORTAL_PORT + TRIES} for the sample portal")


def _refuse_busy(port: int) -> None:
    if not _free(port):
        raise FeedsvcError(f"port {port} is in use by another program; choose another: feedsvc demo --port {port + 1}")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(f"GET /readyz HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode())
            return b" 200 " in connection.recv(64)
    except OSError:
        return False


def _wait_for(port: int, supervisor: Supervisor) -> bool:
    """Whether our own web answers in time: on loopback, by a socket, as portals alone are asked by the fetch door."""
    deadline = time.monotonic() + START_TIME
    while time.monotonic() < deadline and not supervisor.stopping:
        supervisor.look()
        if _answers(port):
            return True
        time.sleep(LOOK)
    return False

"""The portal as a process: werkzeug's threaded server, a clean end on SIGTERM, and news now and then."""

from __future__ import annotations

import math
import signal
import sys
import time
from datetime import datetime
from threading import Event, Thread
from typing import TYPE_CHECKING

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from feedsvc.demo.content import ZONE
from feedsvc.demo.portal import create_portal
from feedsvc.demo.state import PortalState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

_CORRECT_AFTER = 3
_SLICE = 0.2


class _QuietHandler(WSGIRequestHandler):
    """Answers without a line of log for each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Nothing: the report of the control address tells what was asked."""


class Ending:
    """Set by a signal, waited for in short slices.

    The system may hand the signal to a thread that answers a request; Python then runs the handler in the main thread,
    but only once that one wakes: a long wait would sleep through it.
    """

    def __init__(self) -> None:
        self._set = Event()

    def set(self) -> None:
        """Says that the end has come."""
        self._set.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Waits `seconds` (None: for ever) or until the end has come, and says whether it has."""
        until = math.inf if seconds is None else time.monotonic() + seconds
        while not self._set.is_set() and (left := until - time.monotonic()) > 0:
            self._set.wait(min(left, _SLICE))
        return self._set.is_set()


def serve_portal(
    host: str = "127.0.0.1",
    port: int = 0,
    state_file: Path | None = None,
    *,
    publish_every: float | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(ZONE),
    ready: Callable[[int], None] | None = None,
) -> None:
    """Serves the portal until SIGTERM or SIGINT; to be called in the main thread of a process of its own.

    `port` 0 takes a free one, `ready` is told which; `state_file` keeps what was published over restarts;
    `publish_every` seconds an article of the reserve appears, and after every third one an older one is corrected.
    Raises OSError when the port is taken, ValueError when the state file is not one of ours.
    """
    state = PortalState(state_file)
    app = create_portal(clock=clock, state=state)
    server = make_server(host, port, app, threaded=True, request_handler=_QuietHandler)
    ended = Ending()

    def end(_signal: int, _frame: object) -> None:
        ended.set()

    former = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    worker = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    worker.start()
    try:
        if ready is not None:
            ready(server.port)
        publish_now_and_then(app, publish_every, ended)
    finally:
        state.close()
        server.shutdown()
        worker.join()
        server.server_close()
        for number, handler in former.items():
            signal.signal(number, handler)


def publish_now_and_then(app: Flask, every: float | None, ended: Ending) -> None:
    """Publishes an article each `every` seconds (None: never) and corrects one after each third, until `ended`."""
    client, published = app.test_client(), 0
    while not ended.wait(every):
        answer = client.post("/__control", json={"publish": 1})
        if answer.status_code != 200:  # noqa: PLR2004 - OK; else the reserve is used up
            ended.wait()
            return
        published += 1
        if published % _CORRECT_AFTER == 0:
            client.post("/__control", json={"correct": True})


def tell(port: int) -> None:
    """Prints the portal's address for the person who started it."""
    click.echo(f"http://127.0.0.1:{port}/")
    sys.stdout.flush()

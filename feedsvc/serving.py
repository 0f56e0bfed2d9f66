"""granian in front of the application: workers that build their own, and leave when they are told to.

Stands beside `web`, not in it: the process that only watches over the workers loads no application.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import parent_process
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BACKLOG = 512
THREADS = 8
HEADERS_WITHIN_MS = 10_000
LONGEST_HEAD = 64 * 1024
STOP_WITHIN_S = 1  # answers take milliseconds: who is not done by then only keeps a connection open

# Standard output is for what a person asked for; granian would write its log there, and as it comes.
_LOG = MappingProxyType({"handlers": {name: {"()": "feedsvc.log.Forwarding"} for name in ("console", "access")}})


def serve(load: Callable[[], WSGIApplication], host: str, port: int, workers: int = 1) -> None:
    """Answers HTTP/1.1 on host:port until SIGTERM or SIGINT; gone 3 s later, open connections or not.

    `load` is called once in each worker process, which is spawned: it must be picklable, such as a functools.partial of
    a module's function. A worker that dies is replaced; ones that die at once end the service (SystemExit 1). Runs in
    the main thread of a process that may have children (no daemonic one). Raises OSError if the port cannot be had.
    """
    refuse_taken(host, port)
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "feedsvc",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        websockets=False,
        backlog=BACKLOG,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS, max_buffer_size=LONGEST_HEAD),
        log_level=LogLevels.error,
        log_dictconfig=dict[str, Any](_LOG),
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN_S,
    )
    server.serve(target_loader=Worker(load), wrap_loader=False)


def refuse_taken(host: str, port: int) -> None:
    """Raises OSError when another program listens on host:port already.

    granian shares a port (SO_REUSEPORT): two services would answer in turn, and nobody would be told.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


@dataclass(frozen=True, slots=True)
class Worker:
    """What a spawned process starts with."""

    load: Callable[[], WSGIApplication]

    def __call__(self) -> WSGIApplication:
        """The application; from here on the process ends with its parent, even if that was killed."""
        threading.Thread(target=_follow_parent, name="follow-parent", daemon=True).start()
        return self.load()


def _follow_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

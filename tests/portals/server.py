"""A generated portal over real HTTP on 127.0.0.1."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl

from portals.truth import Answer, Fields, Portal


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    portal: Portal
    asked: list[str]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._send(self.server.portal.respond(self.path, None))

    def do_HEAD(self) -> None:
        self._send(self.server.portal.respond(self.path, None), body=False)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        fields: Fields = tuple(parse_qsl(sent, keep_blank_values=True))
        self._send(self.server.portal.respond(self.path, fields))

    def _send(self, answer: Answer, *, body: bool = True) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.location:
            self.send_header("Location", answer.location)
        self.end_headers()
        if body:
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: `asked` tells what was asked."""


@contextmanager
def served(make: Callable[[str], Portal]) -> Iterator[tuple[Portal, list[str]]]:
    """The portal that `make` builds for a home address, while it is being served, and what is asked of it."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.portal, server.asked = make(f"http://127.0.0.1:{server.server_port}/"), []
    worker = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    worker.start()
    try:
        yield server.portal, server.asked
    finally:
        server.shutdown()
        worker.join()
        server.server_close()

"""A WebSub subscriber and a hub elsewhere, written from the Recommendation alone: nothing of feedsvc is used here."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from typing import Self
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen


@dataclass(frozen=True)
class Received:
    """One request that came in; `at` is the time of day in seconds."""

    method: str
    path: str
    query: dict[str, str]
    headers: Message
    body: bytes
    at: float

    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    def signed_with(self, secret: str) -> bool:
        """Whether X-Hub-Signature proves that whoever sent the body knows the secret."""
        method, _, given = self.headers.get("X-Hub-Signature", "").partition("=")
        return method in hashlib.algorithms_guaranteed and hmac.compare_digest(
            hmac.new(secret.encode("utf-8"), self.body, method).hexdigest(), given
        )


@dataclass
class Reply:
    """How a callback answers: to the question whether it wants this (`echo`: as one does who does), to a delivery."""

    echo: bool = True
    verify: int = 200
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None


class Subscriber:
    """A server on 127.0.0.1; each callback is a path of it, with a reply of its own. Use with `with`."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.received: Queue[Received] = Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for reply in self.replies.values():
            if reply.hold:
                reply.hold.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def callback(self, path: str = "/goi-lai", **reply: object) -> str:
        """The address of a callback with a query of its own, and how it answers from now on."""
        self.replies[path] = Reply(**reply)  # type: ignore[arg-type]
        return f"http://127.0.0.1:{self.port}{path}?cua=toi&so=1"

    def next(self, method: str, seconds: float = 20.0) -> Received:
        """The next request by this method; others that come before it are dropped. Fails when none comes in time."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                found = self.received.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                raise AssertionError(f"no {method} came within {seconds:g} s") from None
            if found.method == method:
                return found

    def all(self, method: str) -> list[Received]:
        """What came by this method and was not taken yet; everything else is dropped."""
        found = []
        while True:
            try:
                found.append(self.received.get_nowait())
            except Empty:
                return [one for one in found if one.method == method]


def _handler(subscriber: Subscriber) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply, received = self._take()
            agrees = reply.echo and reply.verify < 300
            body = received.query["hub.challenge"] if agrees else "không"
            self._answer(reply, reply.verify, body.encode())

        def do_POST(self) -> None:
            reply, _ = self._take()
            if reply.hold:
                reply.hold.wait(30)
            self._answer(reply, reply.statuses.pop(0) if reply.statuses else 204, b"")

        def _take(self) -> tuple[Reply, Received]:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            received = Received(self.command, parts.path, query, self.headers, body, time.time())
            subscriber.received.put(received)
            return subscriber.replies[parts.path], received

        def _answer(self, reply: Reply, status: int, body: bytes) -> None:
            try:
                self.send_response(status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(b"" if status == 204 else body)
            except OSError:
                return  # whoever asked has gone

        def log_message(self, *_: object) -> None:
            return

    return Handler


def send(hub: str, mode: str, topic: str, callback: str, **more: object) -> tuple[int, str]:
    """Asks a hub for something; its status and words."""
    fields = {"hub.mode": mode, "hub.topic": topic, "hub.callback": callback}
    fields |= {f"hub.{name}": str(value) for name, value in more.items()}
    try:
        with urlopen(Request(hub, data=urlencode(fields).encode()), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()

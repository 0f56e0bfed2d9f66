"""Several pollers as real processes over one database, before a portal of two hosts that writes down every request."""

from __future__ import annotations

import importlib.util
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from subprocess import Popen

import pytest
from loopback import Processes

from feedsvc.store import SqlStore, open_store

LISTED = 6
GAP = 0.2
LISTING = """<html><head><title>{title}</title></head><body><nav><a href="/">Trang chủ</a></nav><main><h1>{title}</h1>
<ul class="news">{lines}</ul></main></body></html>"""
LINE = (
    '<li><a href="/{slug}/bai-{n}.html"><h3>{title}</h3></a><span class="date">0{day}/11/2026</span><p>{lead}</p></li>'
)
ARTICLE = """<html><head><title>{title}</title></head><body><main><article><h1>{title}</h1><p class="date">0{day}/11/2026</p>
<p>{lead}</p><p>{body}</p><img src="{pictures}/{slug}-{n}.jpg" width="800" height="600" alt="{title}"></article></main></body></html>"""
BODY = (
    "Ngay từ sáng sớm, bà con các thôn đã có mặt đông đủ để cùng nhau dọn dẹp, sửa lại cây cầu gỗ qua suối và bàn việc mùa. "
    * 6
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: seconds at its begin and end, and what was asked."""

    begun: float
    ended: float
    path: str


@dataclass
class Host:
    """One host of the portal. `answered` is how long an answer takes; while `stuck` is clear, articles wait for it."""

    server: ThreadingHTTPServer
    visits: list[Visit] = field(default_factory=list)
    stuck: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)
    pictures: str = ""
    edition: int = 0

    @property
    def pair(self) -> str:
        """host:port."""
        return f"127.0.0.1:{self.server.server_address[1]}"

    def gaps(self) -> list[float]:
        """Seconds from the end of each request to the begin of the next; below zero where two were asked at once."""
        ordered = sorted(self.visits, key=lambda visit: visit.begun)
        return [after.begun - before.ended for before, after in pairwise(ordered)]

    def asked(self, path: str) -> int:
        """How often an address was asked for."""
        return sum(visit.path == path for visit in self.visits)


def _page(host: Host, path: str) -> tuple[bytes, str]:
    parts = path.strip("/").split("/")
    if len(parts) == 2:
        n = int(parts[1].removeprefix("bai-").removesuffix(".html"))
        text = ARTICLE.format(**_words(parts[0], n), body=BODY, pictures=f"http://{host.pictures}")
        return text.encode(), "text/html; charset=utf-8"
    listed = range(host.edition + LISTED, host.edition, -1)
    lines = "".join(LINE.format(**_words(parts[0], n)) for n in listed)
    return LISTING.format(title="Tin tức", lines=lines).encode(), "text/html; charset=utf-8"


def _words(slug: str, n: int) -> dict[str, object]:
    title = f"Bản tin số {n} của thôn {slug}: bà con sửa cầu qua suối lần thứ {n}"
    lead = f"Hôm qua, {n * 7} hộ dân của thôn {slug} đã cùng nhau sửa lại cây cầu gỗ bắc qua con suối đầu làng."
    return {"slug": slug, "n": n, "title": title, "lead": lead, "day": n % 9 + 1}


def _handler(hosts: list[Host]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            begun, host = time.monotonic(), hosts[0]
            if "/bai-" in self.path:
                host.reached.set()
                host.stuck.wait(30)
            if self.path == "/robots.txt":
                self._send(404, b"", "text/plain")
            elif self.path.endswith(".jpg"):
                self._send(200, b"\xff\xd8\xff\xe0" + b"0" * 2000, "image/jpeg")
            else:
                self._send(200, *_page(host, self.path))
            host.visits.append(Visit(begun, time.monotonic(), self.path))

        do_HEAD = do_GET  # noqa: N815 - the name that the library calls

        def _send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _started() -> Host:
    hosts: list[Host] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hosts))
    server.daemon_threads = True
    hosts.append(Host(server))
    hosts[0].stuck.set()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return hosts[0]


@pytest.fixture
def hosts() -> Iterator[list[Host]]:
    """Three hosts: two portals, and one that has the pictures of both."""
    started = [_started() for _ in range(3)]
    for host in started:
        host.pictures = started[2].pair
    yield started
    for host in started:
        host.stuck.set()
        host.server.shutdown()
        host.server.server_close()


@pytest.fixture(scope="session")
def postgresql():
    """Make databases on a real PostgreSQL, as the tests of the store do."""
    path = Path(__file__).parents[1] / "store" / "conftest.py"
    spec = importlib.util.spec_from_file_location("postgresql_of_store_tests", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield from module.postgresql.__wrapped__()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> str:
    """The address of a fresh database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'feedsvc.db'}"
    return request.getfixturevalue("postgresql")(migrated=True)


@pytest.fixture
def store(url) -> Iterator[SqlStore]:
    """The database as a reader has it."""
    opened = open_store(url)
    yield opened
    opened.close()


@dataclass
class Company:
    """Pollers over one configuration."""

    processes: Processes
    config: Path

    def start(self) -> Popen[bytes]:
        """Starts one poller more."""
        return self.processes.start("feedsvc", "--config", str(self.config), "poll", "--forever")

    def log(self) -> str:
        """What all of them said."""
        return self.processes.log.read_text("utf-8", "replace")


@pytest.fixture
def pollers(hosts, url, tmp_path) -> Iterator[Callable[..., Company]]:
    """Writes a configuration of the two portals, some categories each; its pollers end with the test."""
    running = Processes(tmp_path / "pollers.log")

    def write(*, gap: float = GAP, every: str = "1s", categories: int = 2) -> Company:
        allowed = ", ".join(f'"{host.pair}"' for host in hosts)
        text = (
            f'[service]\ntitle = "Tin"\nbase_url = "http://127.0.0.1:1"\ndatabase = "{url}"\n[polling]\nevery = "{every}"\n'
            f'adapt = false\npages = 1\n[fetch]\nallow_private = [{allowed}]\nper_host_delay = "{gap}s"\ntimeout = "40s"\n'
        )
        for number, host in enumerate(hosts[:2]):
            text += f'[[source]]\nslug = "s{number}"\ntitle = "S"\nhome = "http://{host.pair}/"\n'
            for slug in [f"muc-{number}-{n}" for n in range(categories)]:
                text += f'[[source.category]]\nslug = "{slug}"\ntitle = "{slug}"\nurl = "http://{host.pair}/{slug}"\n'
        path = tmp_path / "config.toml"
        path.write_text(text, "utf-8")
        return Company(running, path)

    yield write
    running.end_all()

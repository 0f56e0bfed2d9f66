"""A portal with a gallery on 127.0.0.1, polled and served for real, and makers of pictures."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Event, Thread

import pytest
from PIL import Image

from feedsvc.config import Config, load_config
from feedsvc.reading import Reading
from feedsvc.service import Service, authority
from feedsvc.store import Store, open_store
from feedsvc.web import create_app
from feedsvc.worker import build_scheduler, open_fetchers

NEWS = "Bà con các bản trên dãy núi cao đã về dự phiên chợ cuối năm, mang theo lá dong, mật ong và vải thêu tay. "
TITLES = (
    "Phiên chợ cuối năm đông người hơn mọi năm",
    "Đường lên bản mới đã được rải nhựa xong",
    "Lớp học ban đêm mở lại sau mùa gặt",
    "Đội văn nghệ xã luyện tập cho ngày hội",
)


@dataclass
class Answer:
    """What the gallery gives for a path.

    `only_own`: no page elsewhere gets it. `hold`: GET gets it when the portal ends. `status` is that of GET.
    """

    body: bytes
    mime: str = "image/jpeg"
    only_own: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    hold: bool = False
    status: int = 200


@dataclass
class Visit:
    """One request."""

    method: str
    path: str
    referer: str | None


@dataclass
class Gallery:
    """A portal whose articles show one picture each.

    `pictures` are what it has, by path, the newest article's last; `others` belong to none. `html` is what an article
    shows of its picture, `visits` is all that was asked.
    """

    pictures: dict[str, Answer] = field(default_factory=dict)
    others: dict[str, Answer] = field(default_factory=dict)
    html: dict[str, str] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    closing: Event = field(default_factory=Event)

    def open(self) -> None:
        """Begins to answer."""
        gallery = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                gallery.answer(self)

            def do_HEAD(self) -> None:
                gallery.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self) -> None:
        """Answers nobody any more."""
        if not self.closing.is_set():
            self.closing.set()
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()

    @property
    def pair(self) -> str:
        """For allow_private."""
        return f"127.0.0.1:{self.server.server_address[1]}"

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://{self.pair}{path}"

    def asked(self, path: str) -> list[str]:
        """The methods with which a path was asked for."""
        return [visit.method for visit in self.visits if visit.path == path]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answers one request."""
        visit = Visit(request.command, request.path, request.headers.get("Referer"))
        self.visits.append(visit)
        found = self.pictures.get(visit.path) or self.others.get(visit.path) or self.page(visit.path)
        if found and found.hold and visit.method == "GET":
            self.closing.wait(30)
        elif found is None:
            self.send(request, 404, Answer(b"khong co", "text/plain"))
        elif found.only_own and not (visit.referer or "").startswith(self.url("/")):
            self.send(request, 403, Answer(b"<h1>Khong duoc phep</h1>", "text/html"))
        else:
            self.send(request, found.status if visit.method == "GET" else 200, found)

    def send(self, request: BaseHTTPRequestHandler, status: int, answer: Answer) -> None:
        """Sends an answer."""
        request.send_response(status)
        for name, value in (("Content-Type", answer.mime), ("Content-Length", str(len(answer.body))), *answer.fields):
            request.send_header(name, value)
        request.end_headers()
        if request.command == "GET":
            request.wfile.write(answer.body)

    def page(self, path: str) -> Answer | None:
        """The list, or an article."""
        if path == "/tin-tuc":
            rows = "".join(
                f'<li><a href="/tin-tuc/bai-{n}-{1000 + n}.html"><h3>{title(n)}</h3></a><p>{NEWS}</p></li>'
                for n in reversed(range(len(self.pictures)))
            )
            return Answer(f"<h1>Tin tức</h1><ul class='news-list'>{rows}</ul>".encode(), "text/html; charset=utf-8")
        if path.startswith("/tin-tuc/bai-"):
            number = int(path.split("-")[2])
            picture = list(self.pictures)[number]
            shown = self.html.get(picture, f"<p><img src='{picture}' width='640' height='400'></p>")
            return Answer(
                f"<html><body><h1>{title(number)}</h1><p class='date'>0{number + 1}/11/2026 08:00</p>"
                f"<div class='content'><p><b>Bài {number}. {NEWS}</b></p>{shown}"
                f"<p>{NEWS * 4}</p><p>{NEWS * 3} Số {number}.</p></div></body></html>".encode(),
                "text/html; charset=utf-8",
            )
        return None


def title(number: int) -> str:
    """A headline of its own for every number."""
    return f"{TITLES[number % len(TITLES)]} ({number})"


@dataclass
class Clock:
    """Stands until it is moved."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def wait(self, time: timedelta) -> None:
        """Moves on."""
        self.now += time


@dataclass
class Room:
    """A service over a gallery: polled by `poll`, read through `client`."""

    config: Config
    store: Store
    clock: Clock
    gallery: Gallery
    reading: Reading

    @property
    def service(self) -> Service:
        """A service, as another process would have it."""
        return Service(self.config, self.store, self.clock)

    def client(self):
        """A test client of a new application."""
        return create_app(self.service).test_client()

    @asynccontextmanager
    async def scheduler(self):
        """The polling side, its doors open."""
        async with open_fetchers(self.config, self.clock) as fetcher:
            name = authority(self.config, self.clock())
            yield build_scheduler(self.config, self.store, self.clock, name, fetcher, self.reading)

    async def poll(self):
        """Polls the category once."""
        async with self.scheduler() as scheduler:
            claim = self.store.claim_due(self.clock(), 1, owner=scheduler.owner, only=("suoi-bac", "tin-tuc"))[0]
            return await scheduler.poll(claim)

    async def tidy(self):
        """Keeps the copies within their bounds, as is done once an hour."""
        async with self.scheduler() as scheduler:
            await scheduler.housekeeping()

    def items(self):
        """The newest items as readers get them, the newest first."""
        return self.service.feed("suoi-bac/tin-tuc").items

    def stored(self):
        """The same as they are stored."""
        return self.store.items(self.service.channels["suoi-bac/tin-tuc"].query, 100)

    def copies(self):
        """The addresses of which there are copies."""
        return {one.url for one in self.store.copies.kept() if one.copy}

    @property
    def files(self) -> list[Path]:
        """All files in the folder of copies."""
        return sorted(path for path in (self.config.folder / "media").rglob("*") if path.is_file())


@pytest.fixture
def gallery():
    """An empty gallery, answering."""
    made = Gallery()
    made.open()
    yield made
    made.close()


@pytest.fixture
def answer(gallery):
    """Puts a picture into the gallery, which gets an article for it, or with `shown=False` some file."""

    def put(path: str, body: bytes, mime: str = "image/jpeg", *, shown: bool = True, **more) -> None:
        (gallery.pictures if shown else gallery.others)[path] = Answer(body, mime, **more)

    return put


@pytest.fixture(scope="session")
def reading():
    """One child process for all tests: beginning one takes longer than a test."""
    made = Reading(workers=1, seconds=10)
    yield made
    made.close()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory) -> bytes:
    """A database without any rows."""
    file = tmp_path_factory.mktemp("empty") / "feedsvc.db"
    open_store(f"sqlite:///{file}").close()
    return file.read_bytes()


@pytest.fixture
def make_room(tmp_path, gallery, reading, empty_database) -> Callable[..., Room]:
    """Makes rooms over the gallery; `media` are lines for [media]. The database is the same for all of a test."""
    opened = []
    clock = Clock()

    def make(media: str = "", base_url: str = "http://feeds.example.org/tin") -> Room:
        (tmp_path / "config.toml").write_text(
            f'[service]\nbase_url = "{base_url}"\n[media]\n{media}\n'
            f'[fetch]\nallow_private = ["{gallery.pair}"]\nper_host_delay = "0s"\ntimeout = "2s"\n'
            f'[polling]\nevery = "1s"\npages = 1\n'
            f'[[source]]\nslug = "suoi-bac"\ntitle = "Suối Bạc"\nhome = "{gallery.url("/")}"\n'
            f'[source.select]\nitem = "ul.news-list li"\n[[source.category]]\nslug = "tin-tuc"\ntitle = "Tin tức"\nurl = "{gallery.url("/tin-tuc")}"\n',
            "utf-8",
        )
        if not (tmp_path / "feedsvc.db").exists():
            (tmp_path / "feedsvc.db").write_bytes(empty_database)
        config = load_config(tmp_path / "config.toml", {})
        opened.append(open_store(config.database))
        opened[-1].sync(config.sources(), config.categories(), clock())
        return Room(config, opened[-1], clock, gallery, reading)

    yield make
    for store in opened:
        store.close()


def _picture(form: str = "JPEG", size: tuple[int, int] = (900, 600), mode: str = "RGB", **more) -> bytes:
    written = BytesIO()
    across = Image.linear_gradient("L").resize(size)
    Image.merge("RGB", (across, across.transpose(Image.Transpose.ROTATE_180), across)).convert(mode).save(
        written, form, **more
    )
    return written.getvalue()


@pytest.fixture(scope="session")
def picture():
    """Makes the bytes of a picture."""
    return _picture


@pytest.fixture(scope="session")
def bomb() -> bytes:
    """A small PNG that says it has 900 million pixels."""
    header = (30_000).to_bytes(4, "big") * 2 + bytes((8, 2, 0, 0, 0))
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(100_000))), (b"IEND", b""))
    parts = (
        len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big") for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)

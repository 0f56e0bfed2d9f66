"""A service over a real store, filled through the door that the poller uses, and the clocks to drive it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.config import load_config
from feedsvc.model import Author, CategoryState, Item, MediaObject, PollResult, Problem
from feedsvc.service import Service
from feedsvc.store import open_store
from feedsvc.web import create_app

START = datetime(2026, 11, 23, 3, 35, tzinfo=UTC)  # 10:35 in Hà Nội

CONFIG = """\
[service]
title = "Tin Suối Bạc"
base_url = "https://feeds.example.org"

[[source]]
slug = "suoi-bac"
title = "Thị trấn Suối Bạc"
home = "https://suoibac.example.org/"
  [[source.category]]
  slug = "tin-tuc"
  title = "Tin tức"
  url = "https://suoibac.example.org/tin-tuc"
  [[source.category]]
  slug = "thong-bao"
  title = "Thông báo"
  url = "https://suoibac.example.org/thong-bao"

[[source]]
slug = "ho-so"
title = "Hồ sơ lưu trữ"
home = "folder:ho-so"

[[feed]]
slug = "le-hoi"
title = "Lễ hội"
include = ["suoi-bac"]
words = ["lễ hội"]
"""

HEADLINES = (
    "Lễ hội hoa mận khai mạc bên dòng Suối Bạc",
    "Trạm y tế thị trấn nhận thêm hai bác sĩ trẻ",
    "Nước sạch về tới bản cuối cùng của thị trấn",
    "Chợ phiên đổi ngày họp trong tháng Chạp",
    "Học sinh trường nội trú dựng vườn rau thủy canh",
)


@dataclass
class Clock:
    """A clock that stands until it is moved; `seconds` is its monotonic side."""

    now: datetime = START
    seconds: float = 100.0

    def __call__(self):
        """The time of day."""
        return self.now

    def monotonic(self):
        """Seconds of a clock that nobody sets."""
        return self.seconds

    def pass_time(self, seconds):
        """Moves both sides on."""
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@dataclass
class World:
    """One service, its clock, and the portal's side of it."""

    service: Service
    clock: Clock
    folder: Path
    stored: int = field(default=0)

    def app(self):
        """A new application over the service, as another process would have it."""
        return create_app(self.service, monotonic=self.clock.monotonic)

    def client(self):
        """A test client of a new application."""
        return self.app().test_client()

    def poll(self, path, new=(), changed=(), **state):
        """Stores one poll of a category as the poller would."""
        source, category = path.split("/")
        claim = self.service.store.claim_due(self.clock.now, 1, owner="test", only=(source, category))[0]
        told = {"polled": self.clock.now, "next_poll": self.clock.now + timedelta(minutes=15), "outcome": "ok"}
        told |= {"succeeded": self.clock.now} | state
        self.service.store.save(
            PollResult(
                source=source,
                category=category,
                token=claim.token,
                started=self.clock.now,
                finished=self.clock.now,
                outcome=told["outcome"],
                new=tuple(new),
                changed=tuple(changed),
                state=CategoryState(**told),
                problem=told.get("problem"),
            )
        )

    def publish(self, path, count=1, **changes):
        """Stores `count` new items, one minute apart, the newest last; returns them as stored."""
        items = [self.item(path, self.stored + n, **changes) for n in range(count)]
        self.stored += count
        self.poll(path, tuple(reversed(items)))
        return items

    def item(self, path, n, **changes):
        """A whole item, with a picture; `changes` replace its fields."""
        source, category = path.split("/")
        at = self.clock.now - timedelta(days=1) + timedelta(minutes=n)
        plain = Item(
            id=f"tag:feeds.example.org,2026:{source}/{n:020x}",
            keys=(f"{source}.example.org/{category}/{n}",),
            source=source,
            url=f"https://{source.replace('-', '')}.example.org/{category}/{n}",
            title=f"{HEADLINES[n % len(HEADLINES)]} ({n})",
            summary="Sáng nay, bà con các bản cùng về dự và góp tay chuẩn bị.",
            html=f"<p>Trời trong sau ba ngày mưa. Tin số {n}.</p><h2>Việc tiếp theo</h2><p>Ban tổ chức mời bà con quay lại vào cuối tuần.</p>",
            text=f"Trời trong sau ba ngày mưa. Tin số {n}.",
            authors=(Author(name="Lý Thị Mẩy", organisation="Đài truyền thanh Suối Bạc"),),
            published=at,
            precision="minute",
            first_seen=self.clock.now,
            shown=at,
            updated=self.clock.now,
            categories=(category,),
            media=(
                MediaObject(
                    url=f"https://suoibac.example.org/anh/{n}.jpg",
                    kind="image",
                    mime="image/jpeg",
                    length=48213,
                    width=1200,
                    height=800,
                    caption="Bà con treo đèn trước nhà văn hóa",
                ),
            ),
            fingerprint=f"f{n}",
        )
        return replace(plain, **changes)

    def fail(self, path, **changes):
        """Stores a poll that failed."""
        problem = Problem(
            code="refused",
            detail="Không đọc được danh sách tin: máy chủ trả lời 404. Các tin cũ vẫn được giữ.",
            url="https://suoibac.example.org/tin-tuc",
        )
        self.poll(path, outcome="failed", failures=2, problem=problem, succeeded=None, **changes)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A database without any rows: making its tables takes longer than copying them."""
    file = tmp_path_factory.mktemp("empty") / "feedsvc.db"
    open_store(f"sqlite:///{file}").close()
    return file.read_bytes()


def open_world(
    folder, database, *, config=CONFIG, more="", base_url="https://feeds.example.org", name="feedsvc.db", clock=None
):
    """A service over a database in a folder, begun with the bytes of an empty one; `more` goes below the tables."""
    file, path, clock = folder / "config.toml", folder / name, clock or Clock()
    file.write_text(config.replace("https://feeds.example.org", base_url) + more, "utf-8")
    if not path.exists():
        path.write_bytes(database)
    settings, store = load_config(file, {}), open_store(f"sqlite:///{path}")
    store.sync(settings.sources(), settings.categories(), clock.now)
    return World(service=Service(settings, store, clock), clock=clock, folder=folder)


@pytest.fixture
def make_world(tmp_path, empty_database):
    """Builds worlds over databases in the test's folder; the same `name` opens the same database again."""
    opened = []

    def make(**options):
        opened.append(open_world(tmp_path, empty_database, **options))
        return opened[-1]

    yield make
    for one in opened:
        one.service.store.close()


@pytest.fixture
def world(make_world):
    """A service with three items in one category."""
    made = make_world()
    made.publish("suoi-bac/tin-tuc", 3)
    return made


@pytest.fixture
def client(world):
    """Flask's test client over that service."""
    return world.client()


@dataclass
class Live:
    """A real server in a process of its own."""

    world: World
    port: int
    process: subprocess.Popen

    @property
    def url(self):
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def workers(self):
        """The process numbers of its workers, as Linux tells them."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii").split()
        return [int(number) for number in children if _is_worker(number)]

    def end(self):
        """Ends what is left of it."""
        if self.process.poll() is None:
            self.stop()
        self.world.service.store.close()

    def stop(self):
        """Ends it in order; gives the seconds that took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        return time.monotonic() - begun


def _is_worker(number):
    try:
        return b"spawn_main" in Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return False


def free_port():
    """A port of the loopback address that nobody has just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def wait_for(answers, seconds=20):
    """Asks again and again until the answer is true; fails after some seconds."""
    end = time.monotonic() + seconds
    while not answers():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def is_open(port):
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start_live(folder, database, *, workers=1, items=3, more=""):
    """A filled world and granian over it, answering."""
    port, clock = free_port(), Clock(now=datetime.now(UTC))
    world = open_world(folder, database, base_url=f"http://127.0.0.1:{port}", clock=clock, more=more)
    world.publish("suoi-bac/tin-tuc", items)
    return serve_live(world, port, workers)


def serve_live(world, port, workers):
    """Granian over a world, answering."""
    folder = world.folder
    command = [sys.executable, str(Path(__file__).with_name("server.py")), str(folder), str(port), str(workers)]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    wait_for(lambda: process.poll() is not None or is_open(port))
    return Live(world, port, process)


@pytest.fixture
def start_server(tmp_path, empty_database):
    """Starts servers that a test may end in any way; everything started is gone afterwards."""
    started = []

    def start(*, again=None, **options):
        """One more over the database of another, or a new one."""
        one = serve_live(again.world, free_port(), 1) if again else start_live(tmp_path, empty_database, **options)
        started.append(one)
        return one

    yield start
    for live in started:
        live.end()


CHECKED = """
[web]
rate = 5
gone = ["bo-hoang/tin-cu"]
[web.moved]
"ban-tin" = "suoi-bac"
"ban-tin/moi" = "suoi-bac/tin-tuc"
"""


@pytest.fixture(scope="session")
def checked(tmp_path_factory, empty_database):
    """One server with 120 items, feeds that moved and were given up, and a low limit, for tests that only read."""
    live = start_live(tmp_path_factory.mktemp("checked"), empty_database, items=120, more=CHECKED)
    yield live
    live.end()


@pytest.fixture(scope="session")
def reading_room(tmp_path_factory, empty_database):
    """One server with thirty items for all tests that only read."""
    live = start_live(tmp_path_factory.mktemp("live"), empty_database, items=30)
    yield live
    live.end()

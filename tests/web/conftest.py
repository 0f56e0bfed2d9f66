"""A service over a real store, filled through the door that the poller uses, and the clocks to drive it."""

from __future__ import annotations

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

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds

    def pass_time(self, seconds: float) -> None:
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
        return create_app(self.service, monotonic=self.clock.monotonic)

    def client(self):
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


@pytest.fixture
def make_world(tmp_path):
    """Builds worlds over databases in the test's folder; the same `name` opens the same database again."""
    opened = []

    def make(*, config=CONFIG, name="feedsvc.db", clock=None):
        file = tmp_path / "config.toml"
        file.write_text(config, "utf-8")
        settings, clock = load_config(file, {}), clock or Clock()
        store = open_store(f"sqlite:///{tmp_path / name}")
        opened.append(store)
        store.sync(settings.sources(), settings.categories(), clock.now)
        return World(service=Service(settings, store, clock), clock=clock, folder=tmp_path)

    yield make
    for store in opened:
        store.close()


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

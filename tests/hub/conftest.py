"""A house with everything real in it: a store, its documents, the hub, and subscribers on 127.0.0.1."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.abc import AbstractResolver
from fakes.subscriber import Subscriber

from feedsvc.channels import Channels
from feedsvc.config import Config, load_config
from feedsvc.fetch.hooks import HttpHooks
from feedsvc.hub.opening import build_push
from feedsvc.hub.pushing import Push
from feedsvc.model import CategoryState, Intent, Item, PollResult, Topic
from feedsvc.publication import Publication
from feedsvc.store import Store, open_store

START = datetime(2026, 11, 23, 3, 35, tzinfo=UTC)
AUTHORITY = "feeds.example.org,2026"
BASE = "https://feeds.example.org"
CONFIG = """\
[service]
base_url = "https://feeds.example.org"
database = "sqlite:///{folder}/feedsvc.db"

[fetch]
allow_private = [{allowed}]

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

{more}
"""


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, seconds: float) -> None:
        """Moves on."""
        self.now += timedelta(seconds=seconds)


class Names(AbstractResolver):
    """Every name leads to 127.0.0.1, as an attacker's may."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def resolve(self, host, port=0, family=0):
        self.asked.append(host)
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 6, "flags": 0}]

    async def close(self) -> None:
        return


@dataclass
class House:
    """The service without its poller: items are stored by hand, calls are made when a test says so."""

    config: Config
    store: Store
    clock: Clock
    names: Names
    opened: list[HttpHooks] = field(default_factory=list)
    stored: int = 0

    def push(self) -> Push | None:
        """What tells of changes, in a process of its own so to say."""
        hooks = HttpHooks(
            user_agent="feedsvc/0.1 (+https://feeds.example.org)",
            clock=self.clock,
            allow_private=self.config.fetch.allow_private,
            resolver=self.names,
        )
        self.opened.append(hooks)
        return build_push(self.config, self.store, self.clock, AUTHORITY, hooks)

    def publication(self) -> Publication:
        """What readers get."""
        return Publication(self.config, self.store, Channels(self.config, self.store, self.clock), AUTHORITY)

    def article(self, title: str, category: str = "tin-tuc") -> None:
        """Stores an article as a poll does."""
        self.stored += 1
        name = f"bai-{self.stored}"
        item = Item(
            id=f"tag:{AUTHORITY}:suoi-bac/{name}",
            keys=(f"url:suoibac.example.org/{name}",),
            source="suoi-bac",
            url=f"https://suoibac.example.org/{name}",
            title=title,
            first_seen=self.clock(),
            shown=self.clock(),
            updated=self.clock(),
            categories=(category,),
        )
        self.save(category, new=(item,))

    def save(self, category: str, **found) -> None:
        """Stores a poll."""
        (claim,) = self.store.claim_due(self.clock(), 1, owner="thử", only=("suoi-bac", category))
        at = self.clock()
        state = CategoryState(polled=at, next_poll=at + timedelta(hours=1), outcome="ok", succeeded=at)
        poll = PollResult(
            source="suoi-bac", category=category, token=claim.token, started=at, finished=at, outcome="ok", state=state
        )
        self.store.save(replace(poll, **found))

    def ask(self, callback: str, mode: str = "subscribe", path: str = "suoi-bac", **more) -> None:
        """Has a wish taken down, as the web does once it finds nothing wrong with it."""
        url = f"{BASE}/feeds/{path}.rss"
        plain = {"topic": url, "callback": callback, "mode": mode, "lease": timedelta(days=5), "asked_by": "192.0.2.1"}
        topic = Topic(url=url, path=path, format="rss")
        assert self.store.outbox.ask(Intent(**(plain | more)), topic, self.clock()) == "asked"

    def live(self) -> tuple[int, int]:
        """Subscriptions, and wishes to be verified."""
        return self.store.outbox.counts(self.clock())


@pytest.fixture
def subscriber():
    """A subscriber of our own making."""
    with Subscriber() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    """The time, which tests move."""
    return Clock()


@pytest.fixture
async def open_house(tmp_path: Path, clock: Clock, subscriber: Subscriber):
    """Opens houses: `more` is added to the configuration; the subscriber may be called unless `allowed` says else."""
    houses: list[House] = []

    def open_one(more: str = "", allowed: str | None = None) -> House:
        path = tmp_path / "config.toml"
        names = f'"127.0.0.1:{subscriber.port}"' if allowed is None else allowed
        path.write_text(CONFIG.format(folder=tmp_path, allowed=names, more=more), "utf-8")
        config = load_config(path)
        store = open_store(config.database)
        store.sync(config.sources(), config.categories(), clock())
        houses.append(House(config, store, clock, Names()))
        return houses[-1]

    yield open_one
    for house in houses:
        for hooks in house.opened:
            await hooks.close()
        house.store.close()


@pytest.fixture
def house(open_house) -> House:
    """A house with one article in it."""
    found = open_house()
    found.article("Chợ phiên Suối Bạc họp trở lại")
    return found


@pytest.fixture
def push(house: House) -> Push:
    """What tells of its changes."""
    return house.push()


@pytest.fixture
def subscribed(house: House, push: Push, subscriber: Subscriber):
    """Makes callbacks that are subscribed; their first question is answered and gone."""

    async def make(path: str = "/goi-lai", **more) -> str:
        reply = {name: more.pop(name) for name in ("statuses", "hold", "headers") if name in more}
        callback = subscriber.callback(path, **reply)
        house.ask(callback, **more)
        await push.drain()
        assert [one.path for one in subscriber.all("GET")] == [path]
        return callback

    return make

"""A publication over a real store: two portals, a merged feed, one with words; and makers of what happens to items."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.config import load_config
from feedsvc.model import CategoryState, Item, MediaObject, PollResult, Seen
from feedsvc.service import Service
from feedsvc.store import open_store

START = datetime(2026, 11, 23, 3, 35, tzinfo=UTC)

CONFIG = """\
[service]
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
  slug = "du-lich"
  title = "Du lịch"
  url = "https://suoibac.example.org/du-lich"

[[source]]
slug = "ban-may"
title = "Xã Bản Mây"
home = "https://banmay.example.org/"
  [[source.category]]
  slug = "tin-tuc"
  title = "Tin tức"
  url = "https://banmay.example.org/tin-tuc"

[[feed]]
slug = "hai-noi"
title = "Hai nơi"
include = ["suoi-bac", "ban-may"]

[[feed]]
slug = "lu-quet"
title = "Lũ quét"
include = ["suoi-bac", "ban-may"]
words = ["lu quet"]
marks = false
"""

CATEGORIES = (("suoi-bac", "tin-tuc"), ("suoi-bac", "du-lich"), ("ban-may", "tin-tuc"))
PATHS = ("suoi-bac/tin-tuc", "suoi-bac/du-lich", "ban-may/tin-tuc", "suoi-bac", "ban-may", "hai-noi", "lu-quet")


@dataclass
class World:
    """A service, and all that ever came to it: items by name, categories of each in their order."""

    service: Service
    now: datetime = START
    items: dict[str, Item] = field(default_factory=dict)
    arrivals: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def publication(self):
        """The publication of the service."""
        return self.service.publication

    def poll(self, category, *, new=(), changed=(), seen=()):
        """Stores one poll of a category (source, slug), a minute after the last."""
        self.now += timedelta(minutes=1)
        source, slug = category
        (claim,) = self.service.store.claim_due(self.now, 1, owner="test", only=category)
        self.service.store.save(
            PollResult(
                source=source, category=slug, token=claim.token, started=self.now, finished=self.now, outcome="ok",
                new=tuple(new), changed=tuple(changed), seen=tuple(seen), state=CategoryState(polled=self.now),
            )
        )  # fmt: skip

    def arrive(self, category, count=1, *, back=timedelta(0), **changes):
        """New items come to a category, `back` behind the time of their arrival; gives them, the oldest first."""
        source, slug = category
        found = []
        for n in range(count):
            name = f"{len(self.items) + 1:05}"
            shown = self.now - back + timedelta(seconds=n)
            host = source.replace("-", "")
            plain = Item(
                id=f"tag:feeds.example.org,2026:{source}/{name}", keys=(f"url:{host}.example.org/{name}",),
                source=source, url=f"https://{host}.example.org/{name}", title=f"Bản tin {name}",
                text="Trời trong sau ba ngày mưa.", html="<p>Trời trong sau ba ngày mưa.</p>", first_seen=self.now,
                shown=shown, updated=self.now + timedelta(seconds=n), categories=(slug,),
                media=(MediaObject(url=f"https://{host}.example.org/{name}.jpg", kind="image", mime="image/jpeg"),),
            )  # fmt: skip
            self.items[name] = replace(plain, **changes)
            self.arrivals.append((name, source, slug))
            found.append(self.items[name])
        self.poll(category, new=reversed(found))
        return found

    def meet(self, names, category):
        """Items that were known are met in another category of their portal, in one poll."""
        for name in sorted(names):
            item = self.items[name]
            if category[1] not in item.categories:
                self.items[name] = replace(item, categories=(*item.categories, category[1]))
                self.arrivals.append((name, *category))
        self.poll(category, seen=[Seen(id=self.items[name].id, categories=(category[1],)) for name in names])

    def edit(self, name, **changes):
        """An item is edited at its portal."""
        item = self.items[name]
        edited = replace(item, revision=item.revision + 1, updated=self.now + timedelta(minutes=1), **changes)
        self.items[name] = edited
        self.poll((item.source, item.categories[0]), changed=(edited,))

    def withdraw(self, name):
        """An item is withdrawn by its portal."""
        item = self.items[name]
        gone = Seen(id=item.id, looked=self.now, missing=self.now, withdrawn=self.now)
        self.items[name] = replace(item, missing=self.now, withdrawn=self.now)
        self.poll((item.source, item.categories[0]), seen=(gone,))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A database without any rows: making its tables takes longer than copying them."""
    file = tmp_path_factory.mktemp("empty") / "feedsvc.db"
    open_store(f"sqlite:///{file}").close()
    return file.read_bytes()


@pytest.fixture
def open_world(tmp_path, empty_database):
    """Opens services: over the database of a name, which is a new one at first; all are closed after the test."""
    opened = []
    file = tmp_path / "config.toml"
    file.write_text(CONFIG, "utf-8")
    settings = load_config(file, {})

    def make(name):
        path = tmp_path / f"{name}.db"
        if not path.exists():
            path.write_bytes(empty_database)
        store = open_store(f"sqlite:///{path}")
        opened.append(store)
        store.sync(settings.sources(), settings.categories(), START)
        return World(Service(settings, store, lambda: START))

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def world(open_world):
    """A service without items."""
    return open_world("one")

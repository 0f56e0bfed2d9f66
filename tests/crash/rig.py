"""One poller and one web in this process, over the town's real HTTP and a real database, in which any step can fail."""

import asyncio
import inspect
import itertools
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from crash.resolving import getaddrinfo
from crash.service import FEEDS, configured
from crash.town import CATEGORIES, Town
from crash.witness import Witness, entries

from feedsvc.config import load_config
from feedsvc.extract.known_list import same_list
from feedsvc.service import Service, authority
from feedsvc.sites.generic import GenericSite
from feedsvc.store import open_store
from feedsvc.web import create_app
from feedsvc.worker import build_scheduler, open_fetchers

FETCH, READ, STORE, SQL, RENDER = "fetch", "read", "store", "sql", "render"


class Crash(BaseException):
    """The process ends here: nothing after this line runs."""


@dataclass
class Steps:
    """Counts the steps of a round; at the `at`-th of the doors `doors` (0: at none) `fault` is raised, or done."""

    at: int = 0
    doors: frozenset[str] = frozenset()
    fault: Callable[[], BaseException] | None = None
    after: bool = False
    count: int = 0
    reached: str = ""

    def taken(self, door: str, name: str) -> BaseException | None:
        """The fault of this step, if it is the one."""
        if self.fault is None or door not in self.doors:
            return None
        self.count += 1
        if self.count != self.at:
            return None
        self.reached = f"{door} {name}"
        return self.fault()


@dataclass
class Faulty:
    """What stands behind a door, whose steps can fail: before they are done or, with `after`, behind it."""

    inner: Any
    steps: Steps
    door: str
    watched: frozenset[str]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if name not in self.watched:
            return found
        if inspect.iscoroutinefunction(found):

            async def call(*words, **named):
                fault = self.steps.taken(self.door, name)
                if fault is not None and not self.steps.after:
                    raise fault
                result = await found(*words, **named)
                if fault is not None:
                    raise fault
                return result

            return call

        def told(*words, **named):
            fault = self.steps.taken(self.door, name)
            if fault is not None and not self.steps.after:
                raise fault
            result = found(*words, **named)
            if fault is not None:
                raise fault
            return result

        return told


FETCHES = frozenset({"get", "measure"})
READS = frozenset({"listing", "article", "is_same_list"})
STORES = frozenset({
    "save", "known", "profile", "updates", "looks", "neighbours", "items", "measures", "save_measures", "renew", "release",
})  # fmt: skip


class Here:
    """Reads in this process: the sites are pure, their child process has tests of its own."""

    async def listing(self, page, source, shape="", familiar=frozenset(), usual=0):
        return GenericSite().listing(page, source, shape, familiar, usual)

    async def is_same_list(self, page, shape, imprint):
        return same_list(page, shape, imprint)

    async def article(self, page, stub, source):
        return GenericSite().article(page, stub, source)

    async def apart(self, _url, work):
        return work()


@contextmanager
def resolved() -> Iterator[None]:
    """Names of the town lead here meanwhile."""
    before, socket.getaddrinfo = socket.getaddrinfo, getaddrinfo
    try:
        yield
    finally:
        socket.getaddrinfo = before


@dataclass
class Rig:
    """A service over one database. `wrong` may put another store in the place of the true one."""

    folder: Path
    url: str
    town: Town
    portal: int
    wrong: Callable[[Any], Any] = lambda store: store
    make_id: Callable[[], Callable[[str, str, int], str]] | None = None
    witness: Witness = field(default_factory=Witness)
    steps: Steps = field(default_factory=Steps)
    moment: datetime = field(default_factory=lambda: datetime.now(UTC))
    tags: dict[str, str] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)

    def now(self) -> datetime:
        return self.moment

    def open(self) -> None:
        """A new process over the database."""
        self.config = load_config(configured(self.folder, self.url, self.portal, 8000))
        true = open_store(self.url)
        self.stack.callback(true.close)
        sa.event.listen(true.database.writer, "before_cursor_execute", self.statement)
        self.stack.callback(sa.event.remove, true.database.writer, "before_cursor_execute", self.statement)
        self.store = self.wrong(true)
        self.named = true.authority(authority(self.config, self.now()))
        self.service = Service(self.config, self.store, self.now)
        self.publication, self.document = self.service.publication, self.service.publication.document
        self.service.publication.document = Faulty(
            self.service.publication, self.steps, RENDER, frozenset({"document"})
        ).document
        ticks = itertools.count()
        self.client = create_app(self.service, monotonic=lambda: 100.0 * next(ticks)).test_client()

    def close(self) -> None:
        """The process is gone."""
        self.stack.close()
        self.stack = ExitStack()

    def statement(self, _connection, _cursor, text: str, *_rest: Any) -> None:
        """Each statement that changes something is a step."""
        if text.startswith(("INSERT", "UPDATE", "DELETE")) and (
            fault := self.steps.taken(SQL, text.split("(", maxsplit=1)[0])
        ):
            raise fault

    def again(self) -> None:
        """The process ends and another begins, a minute later."""
        self.close()
        self.moment += timedelta(minutes=1)
        self.open()

    def round(self) -> None:
        """Each category is claimed and polled once; whatever fails ends its own poll, a crash all."""
        with resolved():
            asyncio.run(self.polled())

    async def polled(self) -> None:
        async with open_fetchers(self.config, self.now) as fetcher:
            scheduler = build_scheduler(
                self.config, Faulty(self.store, self.steps, STORE, STORES), self.now, self.named,
                lambda: Faulty(fetcher(), self.steps, FETCH, FETCHES), Faulty(Here(), self.steps, READ, READS),
            )  # fmt: skip
            if self.make_id:
                scheduler.poller.make_id = self.make_id()
            self.store.release_owner(scheduler.owner)
            for slug in CATEGORIES:
                for claim in self.store.claim_due(self.now(), 1, owner=scheduler.owner, only=("cong", slug)):
                    await asyncio.gather(scheduler.poll(claim), return_exceptions=True)

    def look(self) -> None:
        """A reader asks for all feeds, and again with what it was told to ask with."""
        for path, kind in FEEDS:
            sent = self.tags.get(path, "")
            answer = self.client.get(path, headers={"If-None-Match": sent} if sent else {})
            headers = {name.lower(): value for name, value in answer.headers}
            self.tags[path] = headers.get("etag", "")
            self.witness.answered(path, kind, answer.status_code, headers, answer.data, sent)

    def lacking(self) -> list[str]:
        """What the portal lists and the feeds have not."""
        found = []
        for slug in CATEGORIES:
            there = {one.number for one in entries("json", self.client.get(f"/feeds/cong/{slug}.json").data)}
            found += [f"{slug} lacks article {one.number}" for one in self.town.listed(slug) if one.number not in there]
        return found

    def outdated(self) -> list[str]:
        """Articles of which the feeds have another version than the portal."""
        found = []
        for slug in CATEGORIES:
            listed = {one.number: (one.names, one.edits) for one in self.town.listed(slug)}
            there = entries("json", self.client.get(f"/feeds/cong/{slug}.json").data)
            stale = [one for one in there if listed.get(one.number, one.version) != one.version]
            found += [f"{slug} has {one.version} of article {one.number}, not {listed[one.number]}" for one in stale]
        return found

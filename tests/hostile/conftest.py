"""One run of the service against all hostile hosts at once, beside one that means well; the tests look at what came."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from fakes.hostile import HostilePortal
from portals.hostile import DOMAIN, GOOD, SCRIPTS, HostilePortals
from portals.hostile_case import Case

from feedsvc.config import load_config
from feedsvc.model import CategoryState, Item, Query
from feedsvc.service import Service
from feedsvc.store import Store, open_store
from feedsvc.web import create_app

PROCESS = Path(__file__).with_name("poller_process.py")
HOUR = 3600
AHEAD = {"calm": 0, "hostile": HOUR, "well": 30 * HOUR}
"""When each round is, in seconds: the last one past every back-off and wish to wait, on another day."""
FORMATS = ("atom", "rss", "json")
CATEGORY = "tin-tuc"


@dataclass
class Round:
    """What one round came to: what the poller tells of itself, and what the store holds after it."""

    told: dict[str, Any]
    states: dict[str, CategoryState]
    items: dict[str, list[Item]]
    documents: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    pages: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    scripts: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """By format, the document with all of the scripts: a usual one holds the newest 50 items."""


@dataclass
class Run:
    """All rounds, what readers got meanwhile, and who was visited."""

    rounds: dict[str, Round] = field(default_factory=dict)
    meanwhile: list[tuple[str, int, bytes]] = field(default_factory=list)
    canary: list[Any] = field(default_factory=list)
    visits: list[tuple[str, Any]] = field(default_factory=list)
    log: str = ""


def configured(portal: HostilePortals) -> str:
    """A source for each case."""
    hosts = ", ".join(f'"{name}.{DOMAIN}:{portal.port}"' for name in portal.cases)
    sources = "".join(
        f'[[source]]\nslug = "{case.name}"\ntitle = "{case.name}"\nhome = "{portal.home(case)}"\n'
        f'[[source.category]]\nslug = "{CATEGORY}"\ntitle = "Tin tức"\nurl = "{portal.home(case)}{CATEGORY}"\n'
        for case in portal.cases.values()
    )
    return (
        '[service]\nbase_url = "https://feeds.example.org"\n[polling]\nadapt = false\npages = 2\n'
        f'[fetch]\nper_host_delay = "0s"\ntimeout = "10s"\nallow_private = [{hosts}]\n{sources}'
    )


class Readers:
    """Readers of the service's documents, in this process, over the database of the poller."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.store, self.ahead = store, 0
        service = Service(load_config(folder / "config.toml", {}), store, self.now)
        self.client = create_app(service).test_client()

    def now(self) -> datetime:
        """As far ahead as the poller's clock."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        answer = self.client.get(path, base_url="https://feeds.example.org", headers={"Cache-Control": "no-cache"})
        return answer.status_code, answer.data

    def look(self, portal: HostilePortals, told: dict[str, Any]) -> Round:
        """What the store holds, and every document made of it."""
        states = {source: state for (source, slug), state in self.store.states().items() if slug == CATEGORY}
        items = {name: self.store.items(Query(categories=((name, CATEGORY),)), 300) for name in portal.cases}
        found = Round(told=told, states=states, items=items)
        for name in portal.cases:
            for kind in FORMATS:
                path = f"/feeds/{name}/{CATEGORY}.{kind}"
                found.documents[path] = self.get(path)
        for kind in FORMATS:
            found.scripts[kind] = self.get(f"/feeds/{SCRIPTS.name}/{CATEGORY}.{kind}?limit=100")
        for name in (GOOD.name, SCRIPTS.name):
            found.pages[name] = self.get(f"/feeds/{name}/{CATEGORY}")
        found.pages["status"] = self.get("/status")
        return found


async def ask(process: asyncio.subprocess.Process, line: str = "") -> dict[str, Any]:
    """The answer of the poller to a line."""
    assert process.stdin is not None
    assert process.stdout is not None
    if line:
        process.stdin.write(f"{line}\n".encode())
    answer = await asyncio.wait_for(process.stdout.readline(), 400)
    assert answer, "the poller died; its log tells why"
    found: dict[str, Any] = json.loads(answer)
    return found


async def read_on(readers: Readers, run: Run, names: Iterator[str], done: asyncio.Event) -> None:
    """Reads one document after another until told to stop."""
    while not done.is_set():
        path = f"/feeds/{next(names)}/{CATEGORY}.{FORMATS[len(run.meanwhile) % 3]}"
        run.meanwhile.append((path, *await asyncio.to_thread(readers.get, path)))
        await asyncio.sleep(0.05)


async def perform(folder: Path) -> Run:
    """The whole run."""
    run = Run()
    async with HostilePortals() as portal, HostilePortal() as canary:
        portal.canary_port = canary.port
        (folder / "config.toml").write_text(configured(portal), "utf-8")
        with (folder / "log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, str(PROCESS), str(folder),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip
        store = None
        try:
            await ask(process)
            store = open_store(load_config(folder / "config.toml", {}).database)
            readers = Readers(folder, store)
            names = cycle([*portal.cases, *[GOOD.name] * 20])
            for phase, ahead in AHEAD.items():
                portal.phase, readers.ahead = phase, ahead
                portal.visits.clear()
                done = asyncio.Event()
                reading = asyncio.create_task(read_on(readers, run, names, done))
                told = await ask(process, str(ahead))
                done.set()
                await reading
                run.rounds[phase] = await asyncio.to_thread(readers.look, portal, told)
                run.visits += [(phase, visit) for visit in portal.visits]
        finally:
            if process.returncode is None:
                process.stdin.close()  # type: ignore[union-attr]
                await asyncio.wait_for(process.wait(), 60)
            if store is not None:
                store.close()
            run.log = (folder / "log").read_text("utf-8", errors="replace")
        run.canary = list(canary.visits) + ["connection"] * canary.connections
    return run


@pytest.fixture(scope="session")
def hostile_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The run, done once for all tests that look at it."""
    return asyncio.run(perform(tmp_path_factory.mktemp("hostile")))


@pytest.fixture(scope="session")
def good() -> Case:
    """The source that means well."""
    return GOOD

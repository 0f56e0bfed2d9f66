"""A hostile portal, a canary beside it, and a maker of fetchers that wait for nobody."""

from __future__ import annotations

import importlib.util
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.fetch.http import HttpFetcher

NOW = datetime(2022, 9, 19, 8, 30, tzinfo=UTC)
AGENT = "feedsvc/0.1 (+https://feeds.example.org; ops@example.org)"


def _load(name: str):
    """The fakes lie in a folder of their own; test modules are not importable by name."""
    if name not in sys.modules:
        path = Path(__file__).parents[1] / "fakes" / f"{name.removeprefix('fakes_')}.py"
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def hostile():
    """The module of the hostile portal: its makers of answers."""
    return _load("fakes_hostile")


@pytest.fixture
async def portal(hostile):
    """A portal that answers as badly as it is told."""
    async with hostile.HostilePortal() as portal:
        yield portal


@pytest.fixture
async def canary(hostile):
    """A second port of 127.0.0.1 that nobody may visit: checked at the end of the test."""
    async with hostile.HostilePortal() as canary:
        yield canary
        assert canary.connections == 0, f"the canary was visited: {canary.visits}"


@pytest.fixture
async def make_fetcher(portal):
    """Makes fetchers that may reach the portal, without pauses, and closes them."""
    made = []

    def make(**settings) -> HttpFetcher:
        usual = {
            "user_agent": AGENT,
            "clock": lambda: NOW,
            "allow_private": [portal.pair],
            "per_host_delay": timedelta(),
            "timeout": timedelta(seconds=10),
        }
        made.append(HttpFetcher(**(usual | settings)))
        return made[-1]

    yield make
    for fetcher in made:
        await fetcher.close()


@pytest.fixture
def fetcher(make_fetcher):
    """One such fetcher."""
    return make_fetcher()


@pytest.fixture
def now():
    """What the fetchers' clock says."""
    return NOW


@pytest.fixture
def agent():
    """What the fetchers call themselves."""
    return AGENT

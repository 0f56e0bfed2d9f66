"""A hostile portal, a canary beside it, and a maker of fetchers that wait for nobody."""

from __future__ import annotations

import asyncio
import importlib.util
import ssl
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.fetch.http import HttpFetcher

NOW = datetime(2022, 9, 19, 8, 30, tzinfo=UTC)
CERTIFICATE = Path(__file__).with_name("self-signed.pem")  # for tests alone; it opens nothing
AGENT = "feedsvc/0.1 (+https://feeds.example.org; ops@example.org)"


class FakeTime:
    """A monotonic clock that moves when somebody sleeps; `slept` holds every wait."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        """Seconds."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Moves on at once."""
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.seconds += seconds


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
async def tls_portal(hostile):
    """The same over TLS, with a certificate of its own for cong.example; `told_names` are those that SNI brought."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    told = []
    context.sni_callback = lambda _socket, name, _context: told.append(name)
    async with hostile.HostilePortal(tls=context) as portal:
        portal.told_names = told
        yield portal


@pytest.fixture
def trusting():
    """A TLS context that trusts that certificate alone."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


@pytest.fixture
async def canary(hostile):
    """A second port of 127.0.0.1 that nobody may visit: checked at the end of the test."""
    async with hostile.HostilePortal() as canary:
        yield canary
        assert canary.connections == 0, f"the canary was visited: {canary.visits}"


@pytest.fixture
def fake_time():
    """The time that pauses between requests take in these tests."""
    return FakeTime()


@pytest.fixture
async def make_fetcher(portal, fake_time):
    """Makes fetchers that may reach the portal, without pauses, and closes them."""
    made = []

    def make(**settings) -> HttpFetcher:
        usual = {
            "user_agent": AGENT,
            "clock": lambda: NOW,
            "allow_private": [portal.pair],
            "per_host_delay": timedelta(),
            "timeout": timedelta(seconds=10),
            "monotonic": fake_time.monotonic,
            "sleep": fake_time.sleep,
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

"""A portal whose clock stands still, and a client that reads its pages."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from feedsvc.demo import PortalState, create_portal

NOW = datetime(2026, 11, 23, 19, 24, 31, tzinfo=timezone(timedelta(hours=7)))


@pytest.fixture
def now():
    """The moment at which the portal's clock stands."""
    return NOW


@pytest.fixture
def state():
    """The state of the portal under test, kept in memory."""
    return PortalState()


@pytest.fixture
def client(state):
    """A client of a portal that publishes nothing by itself."""
    return create_portal(clock=lambda: NOW, state=state).test_client()


@pytest.fixture
def report(client):
    """What the control address says."""
    return lambda: client.get("/__control").json


@pytest.fixture
def order(client):
    """Gives orders to the control address, which must accept them."""

    def give(**orders):
        answer = client.post("/__control", json=orders)
        assert answer.status_code == 200, answer.json
        return answer.json

    return give

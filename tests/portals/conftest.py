"""Each generated portal is scored once for all tests of a run."""

from collections.abc import Callable
from functools import cache

import pytest
from portals.build import build
from portals.score import Tally, score


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that names the seed of the gate's portals."""
    parser.addoption("--portal-seed", type=int, default=7, help="the seed of the portals in tests/portals")
    parser.addoption("--portal-scale", type=float, default=0.25, help="how long their lists are; 1 is about 250 pages")


@pytest.fixture(scope="session")
def tally_of(request: pytest.FixtureRequest) -> Callable[[str], Tally]:
    """The figures of a layout's portal."""
    seed, scale = request.config.getoption("--portal-seed"), request.config.getoption("--portal-scale")
    return cache(lambda layout: score(build(layout, seed, scale=scale)))

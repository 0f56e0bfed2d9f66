"""How many deaths the service dies, and the databases that it dies over."""

import pytest
from store.conftest import postgresql  # noqa: F401 - a fixture


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options that lengthen the runs of tests/crash."""
    parser.addoption("--kills", type=int, default=6, help="deaths of each service in tests/crash")
    parser.addoption("--kill-seed", type=int, default=None, help="repeats the deaths of that run")
    parser.addoption("--every-fault", action="store_true", help="every fault at every step in tests/crash")

"""How long the state machine runs: short at a push, longer with `--line-examples`."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that lengthens the run of tests/line."""
    parser.addoption("--line-examples", type=int, default=25, help="examples of the state machine in tests/line")

"""How many broken pages are read: some at a push, `--mutated-pages 10000` in CI."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that lengthens the run of broken pages."""
    parser.addoption("--mutated-pages", type=int, default=300, help="broken pages that tests/extract reads")

"""The real thing on 127.0.0.1: the sample portal, the command line, its processes."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loopback import CATEGORIES, Portal, Processes, ask, free_port, until


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """Starts commands; ends them after the test."""
    running = Processes(tmp_path / "test.log")
    yield running
    running.end_all()


@pytest.fixture
def start_portal(processes: Processes, tmp_path: Path) -> Callable[[], Portal]:
    """Starts a sample portal on a free port."""

    def start() -> Portal:
        portal = Portal(free_port())
        processes.start("feedsvc.demo", "--port", str(portal.port), "--state", str(tmp_path / f"{portal.port}.json"))
        until(lambda: ask(portal.base)[0] == 200, 20, "the sample portal answers")
        return portal

    return start


@pytest.fixture
def portal(start_portal: Callable[[], Portal]) -> Portal:
    """A sample portal."""
    return start_portal()


@pytest.fixture
def configure(tmp_path: Path) -> Callable[..., Path]:
    """Writes a config.toml over portals, with the categories of the sample portal."""

    def write(
        *portals: Portal, port: int, every: str = "1s", pages: int = 1, categories: tuple[str, ...] = CATEGORIES
    ) -> Path:
        allowed = ", ".join(f'"127.0.0.1:{one.port}"' for one in portals)
        text = (
            f'[service]\ntitle = "Tin thử"\nbase_url = "http://127.0.0.1:{port}"\n'
            f'[fetch]\nallow_private = [{allowed}]\nper_host_delay = "0s"\ntimeout = "5s"\n'
            f'[polling]\nevery = "{every}"\npages = {pages}\n[web]\nport = {port}\n'
        )
        for number, one in enumerate(portals):
            text += f'[[source]]\nslug = "cong-{number}"\ntitle = "Cổng {number}"\nhome = "{one.base}"\n'
            for slug in categories:
                text += f'  [[source.category]]\n  slug = "{slug}"\n  title = "{slug}"\n  url = "{one.base}{slug}"\n'
        path = tmp_path / "config.toml"
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.fixture
def feedsvc(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs one verb to its end."""

    def run(*argv: str, config: Path | None = None, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        chosen = ["--config", str(config)] if config else []
        return subprocess.run(
            [sys.executable, "-m", "feedsvc", *chosen, *argv],
            capture_output=True, text=True, timeout=120, input=stdin, cwd=tmp_path, check=False,
        )  # fmt: skip

    return run

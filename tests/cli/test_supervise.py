"""Processes side by side, as they really live and die."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from feedsvc.cli.supervise import Supervisor

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); {told}; time.sleep(600)"
ORPHAN = "from feedsvc.cli.parent import stop_with_parent; stop_with_parent(); {told}; import time; time.sleep(600)"


def until(true: Callable[[], object], seconds: float = 10.0) -> float:
    """Seconds that passed until it was true; fails when it is not in time."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, "did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - begun


def alive(pid: int) -> bool:
    """Whether a process runs: one that ended and is not collected by its parent yet has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def telling(code: str, file: Path) -> list[str]:
    """A command that runs code, in which `{told}` writes the process's number as one more line of a file."""
    told = f"import os; open({str(file)!r}, 'a').write(f'{{os.getpid()}}\\n')"
    return [sys.executable, "-c", code.replace("{told}", told)]


def pids(file: Path) -> list[int]:
    """The numbers in that file."""
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    """A supervisor whose children end with the test."""
    made = Supervisor(environ=dict(os.environ), patience=1.0)
    yield made
    for child in made.children.values():
        child.process.kill()
        child.process.wait()


def test_a_child_that_dies_is_started_again_at_once_and_then_later(supervisor: Supervisor, tmp_path: Path) -> None:
    """The first death costs no time; the second one in a row waits a second, so that a broken child is no storm."""
    births = tmp_path / "births"
    supervisor.start("short", telling("{told}", births))

    def born(times: int) -> bool:
        supervisor.look()
        return len(pids(births)) >= times

    until(lambda: born(2))
    child = supervisor.children["short"]
    until(lambda: (supervisor.look(), child.deaths == 2)[1])
    died = time.monotonic()
    assert child.again_at is not None
    assert 0.5 < child.again_at - died <= 1.0
    until(lambda: born(3))
    assert time.monotonic() >= died + 0.5


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_sigterm_ends_all_and_kills_who_does_not_listen(tmp_path: Path) -> None:
    """After SIGTERM every child has ended soon after the patience; one that ignores SIGTERM is killed; exit 0."""
    deaf, good = tmp_path / "deaf", tmp_path / "good"
    code = (
        "import os; from feedsvc.cli.supervise import Supervisor\n"
        "one = Supervisor(environ=dict(os.environ), patience=1.0); one.catch_signals()\n"
        f"one.start('deaf', {telling(DEAF, deaf)!r}); one.start('good', {telling('{told}; import time; time.sleep(600)', good)!r})\n"
        "one.run()"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        until(lambda: pids(deaf) and pids(good))
        asked = time.monotonic()
        process.terminate()
        until(lambda: not alive(pids(good)[0]), 0.9)
        assert process.wait(5) == 0
        assert 0.9 < time.monotonic() - asked < 3
        assert not alive(pids(deaf)[0])
    finally:
        process.kill()
        process.wait()
        _kill(pids(deaf) + pids(good))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_child_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    """SIGKILL of the parent, which can tell nobody, ends its child within about two seconds."""
    births = tmp_path / "births"
    code = (
        "import os; from feedsvc.cli.supervise import Supervisor\n"
        f"one = Supervisor(environ=dict(os.environ)); one.start('child', {telling(ORPHAN, births)!r}); one.run()"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        until(lambda: pids(births))
        process.kill()
        process.wait()
        until(lambda: not alive(pids(births)[0]), 3.0)
    finally:
        process.kill()
        process.wait()
        _kill(pids(births))


def _kill(numbers: list[int]) -> None:
    for number in numbers:
        if alive(number):
            os.kill(number, signal.SIGKILL)

"""Processes side by side: started, started again when one dies, ended together."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

import structlog

LOOK = 0.1
LONGEST_PAUSE = 60.0
SETTLED = 30.0
"""Seconds after which a child that dies is started again at once, not later and later."""


@dataclass(slots=True)
class _Child:
    argv: Sequence[str]
    process: subprocess.Popen[bytes]
    started: float
    deaths: int = 0
    again_at: float | None = None


@dataclass(slots=True)
class Supervisor:
    """Keeps the named commands running until it is asked to stop by SIGTERM or SIGINT.

    `patience` is the number of seconds that children get to end by themselves.
    """

    environ: Mapping[str, str]
    folder: Path | None = None
    output: IO[bytes] | None = None
    patience: float = 9.0
    children: dict[str, _Child] = field(default_factory=dict)
    stopping: bool = False

    def start(self, name: str, argv: Sequence[str]) -> None:
        """Starts a command under a name."""
        self.children[name] = _Child(argv, self._spawn(argv), time.monotonic())

    def catch_signals(self) -> None:
        """SIGTERM and SIGINT ask this process to stop all."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)

    def run(self) -> None:
        """Looks after the children until a stop is asked for; then ends them."""
        while not self.stopping:
            self.look()
            time.sleep(LOOK)
        self.end()

    def look(self) -> None:
        """Starts children again that have died: at once the first time, then later and later."""
        for name, child in self.children.items():
            moment = time.monotonic()
            if child.again_at is None and child.process.poll() is not None:
                child.deaths = 1 if moment - child.started > SETTLED else child.deaths + 1
                pause = min(2.0 ** (child.deaths - 1) - 1, LONGEST_PAUSE)
                child.again_at = moment + pause
                structlog.get_logger().error("ended", process=name, code=child.process.returncode, again_in=pause)
            if child.again_at is not None and moment >= child.again_at:
                child.process, child.started, child.again_at = self._spawn(child.argv), moment, None

    def end(self) -> None:
        """Asks all children to end, waits, and kills those that do not."""
        for child in self.children.values():
            child.process.terminate()
        deadline = time.monotonic() + self.patience
        for child in self.children.values():
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()

    def _spawn(self, argv: Sequence[str]) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches this process alone, which then ends the children in order.
        return subprocess.Popen(  # noqa: S603 - our own command line
            argv,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            start_new_session=True,
        )

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

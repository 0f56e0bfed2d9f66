"""Processes and requests on 127.0.0.1, for tests that run the real thing."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from threading import Event
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

CATEGORIES = ("tin-tuc", "kinh-te-xa-hoi", "thong-bao", "video", "thu-vien-anh", "van-ban")


def until(condition: Callable[[], Any], seconds: float, why: str) -> Any:
    """The first true answer of a condition, looked at again and again; fails with `why` when time is over."""
    deadline, pause = time.monotonic() + seconds, Event()
    while time.monotonic() < deadline:
        if found := condition():
            return found
        pause.wait(0.05)
    pytest.fail(f"not within {seconds:g} s: {why}")


def ask(
    url: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body of an answer; status 0 when nobody answers."""
    try:
        with urlopen(Request(url, data=body, headers=headers or {}), timeout=10) as answer:
            return answer.status, _headers(answer.headers), answer.read()
    except HTTPError as error:
        with error:
            return error.code, _headers(error.headers), error.read()
    except OSError:
        return 0, {}, b""


def _headers(found: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in found.items()}


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Processes:
    """Commands started by a test, all ended with it."""

    log: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *argv: str) -> subprocess.Popen[bytes]:
        """Starts `python -m ...` with its output in the test's log."""
        with self.log.open("ab") as log:
            process = subprocess.Popen([sys.executable, "-m", *argv], stdout=log, stderr=log, start_new_session=True)
        self.started.append(process)
        return process

    def end(self, process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> float:
        """Asks a process to end; how many seconds that took."""
        begun = time.monotonic()
        process.send_signal(number)
        process.wait(20)
        return time.monotonic() - begun

    def end_all(self) -> None:
        """Ends what is still running, children included."""
        for process in self.started:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()


@dataclass
class Portal:
    """A running sample portal and its control address."""

    port: int

    @property
    def base(self) -> str:
        """Its home page."""
        return f"http://127.0.0.1:{self.port}/"

    def control(self, **order: Any) -> dict[str, Any]:
        """Switches the portal; its report."""
        headers = {"Content-Type": "application/json"}
        status, _, body = ask(f"{self.base}__control", headers, json.dumps(order).encode())
        assert status == 200, body
        found: dict[str, Any] = json.loads(body)
        return found

    def report(self) -> dict[str, Any]:
        """What it has published, and what was asked of it."""
        found: dict[str, Any] = json.loads(ask(f"{self.base}__control")[2])
        return found

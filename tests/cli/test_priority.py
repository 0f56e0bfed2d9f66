"""Readers go first: whoever polls for ever stands behind on a busy machine."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

CONFIG = """
[service]
title = "Tin thử"
database = "sqlite:///feedsvc.db"
"""


@pytest.mark.skipif(sys.platform == "win32", reason="niceness is a word of POSIX")
def test_a_poller_runs_at_a_lower_priority_than_whoever_started_it(tmp_path: Path) -> None:
    """A burst of polls never takes the processor from the web: the poller is ten steps nicer, of nineteen."""
    config = tmp_path / "config.toml"
    config.write_text(CONFIG, "utf-8")
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    words = [sys.executable, "-m", "feedsvc", "--config", str(config), "poll", "--forever"]
    with subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.DEVNULL) as poller:
        try:
            deadline = time.monotonic() + 30
            while os.getpriority(os.PRIO_PROCESS, poller.pid) != min(ours + 10, 19):
                assert poller.poll() is None, "the poller ended"
                assert time.monotonic() < deadline, "its priority is not lower"
                time.sleep(0.05)
        finally:
            poller.kill()

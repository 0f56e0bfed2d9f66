"""Children of `feedsvc run` end with their parent, even when it was killed and could not tell them."""

from __future__ import annotations

import os
import signal
import threading

INTERVAL = 1.0


def stop_with_parent() -> None:
    """Starts a thread that asks this process to end (SIGTERM) when its parent has gone."""
    parent = os.getppid()
    threading.Thread(target=_watch, args=(parent,), daemon=True, name="parent watch").start()


def _watch(parent: int) -> None:
    pause = threading.Event()
    while not pause.wait(INTERVAL):
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return

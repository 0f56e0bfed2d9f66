"""One at a time: who writes a backup into a folder, or puts one back there, is alone in it. A dead one holds nobody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from feedsvc.errors import StoreError

try:
    import fcntl
except ImportError:  # pragma: no cover - where folders can't be locked, nobody is kept out
    fcntl = None  # type: ignore[assignment]


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Be alone in a folder as long as the context lasts.

    Raises StoreError while another is, and for a folder that is not there.
    """
    if fcntl is None:  # pragma: no cover
        yield
        return
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise StoreError(f"the folder {folder} can't be opened: {error.strerror}; make it first") from error
    try:
        with suppress(OSError):  # some network file systems lock no folders
            _lock(held, folder)
        yield
    finally:
        os.close(held)


def _lock(held: int, folder: Path) -> None:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StoreError(f"another backup or restore is at work in {folder}: wait until it ends") from error

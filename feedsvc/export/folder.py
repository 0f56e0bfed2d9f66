"""The folder of an export: one writer at a time, and every file whole at any moment.

New files are written into a hidden folder beside the others and moved into their places at the end, each by one rename.
So a full disk or an interrupt leaves what was there; what a killed export left is swept away by the next.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path

from feedsvc.errors import FeedsvcError
from feedsvc.export.memory import Memory, read, written

MEMORY = ".feedsvc-export.json"
LOCK = ".feedsvc-export.lock"
NEW = ".feedsvc-export.new"
SECOND = 10**9
FEW = 32

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_IN_THE_WAY = frozenset({errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY})


class Folder:
    """An export folder that this process alone writes, from `open_folder`. Every method raises FeedsvcError."""

    def __init__(self, path: Path) -> None:
        self.path, self._new = path, path / NEW
        self._staged: dict[str, Path] = {}
        self._numbers = count()

    def memory(self) -> Memory:
        """What the last export wrote; nothing where there was none."""
        try:
            return read((self.path / MEMORY).read_bytes())
        except FileNotFoundError:
            return Memory()
        except (OSError, ValueError) as error:
            raise FeedsvcError(
                f"{self.path / MEMORY} cannot be read ({error}), and so it is not known which files are ours; empty "
                "the folder, or name another one"
            ) from None

    def remember(self, memory: Memory) -> None:
        """Keeps what was written, safe on the disk."""
        with self._told():
            new = self._new / MEMORY
            new.write_bytes(written(memory))
            _settle(new)
            new.replace(self.path / MEMORY)

    def seen(self, name: str) -> tuple[int, int] | None:
        """Size and time (ns) of a file; None where there is none."""
        try:
            found = (self.path / name).stat()
        except OSError:
            return None
        return found.st_size, found.st_mtime_ns

    def holds(self, name: str, body: bytes) -> bool:
        """Whether a file has these bytes."""
        found = self.seen(name)
        if found is None or found[0] != len(body):
            return False
        with suppress(OSError):
            return (self.path / name).read_bytes() == body
        return False

    def stage(self, name: str, body: bytes, modified: float | None) -> tuple[int, int]:
        """Writes a file that `publish` puts into its place; its size and time (ns) there.

        `modified` (seconds) is when the content last changed, if that is known. Servers make their validators of size
        and time: a file of equal size is a second younger than the one before at least.
        """
        with self._told():
            new = self._new / str(next(self._numbers))
            new.write_bytes(body)
            moment = new.stat().st_mtime_ns if modified is None else round(modified * SECOND)
            before = self.seen(name)
            if before and before[0] == len(body) and before[1] // SECOND >= moment // SECOND:
                moment = before[1] + SECOND
            os.utime(new, ns=(moment, moment))
            self._staged[name] = new
            return len(body), new.stat().st_mtime_ns

    def publish(self) -> None:
        """Moves what was staged into its places, the last first: pages come before what leads to them.

        Bytes are on the disk before names lead to them: many files by one order to the system, which is far quicker.
        """
        with self._told():
            if len(self._staged) > FEW:
                os.sync()
            else:
                for new in self._staged.values():
                    _settle(new)
            for name in reversed(self._staged):
                place = self.path / name
                place.parent.mkdir(parents=True, exist_ok=True)
                self._staged[name].replace(place)
            self._staged.clear()

    def remove(self, names: Iterable[str]) -> None:
        """Removes files of ours, and the folders that are empty without them."""
        with self._told():
            for name in names:
                place = self.path / name
                place.unlink(missing_ok=True)
                with suppress(OSError):  # not empty
                    for parent in place.relative_to(self.path).parents[:-1]:
                        (self.path / parent).rmdir()

    def sweep(self) -> None:
        """Makes the hidden folder empty, whatever an export that was killed left in it."""
        with self._told():
            shutil.rmtree(self._new, ignore_errors=True)
            self._new.mkdir()

    def close(self) -> None:
        """Leaves nothing behind that was not published."""
        shutil.rmtree(self._new, ignore_errors=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise fault(self.path, error) from None


@contextmanager
def open_folder(path: Path) -> Iterator[Folder]:
    """The folder at `path`, made where there is none. Raises FeedsvcError when it can't be had, or another has it."""
    with ExitStack() as stack:
        try:
            path.mkdir(parents=True, exist_ok=True)
            stack.enter_context(_lock(path / LOCK))
        except OSError as error:
            raise fault(path, error) from None
        folder = Folder(path)
        stack.callback(folder.close)
        folder.sweep()
        yield folder


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Ours until the end of this process, however it ends: a file that a dead one left locks nobody out."""
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise FeedsvcError(
                f"process {file.read().strip() or 'unknown'} is exporting into {path.parent} just now; wait for it, "
                "or export into another folder"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
        file.truncate(0)


def _settle(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def fault(folder: Path, error: OSError) -> FeedsvcError:
    """What went wrong with the folder or a file in it, and what to do."""
    where = error.filename2 or error.filename or folder
    if error.errno in _FULL:
        return FeedsvcError(
            f"no room left on the disk for {folder}; what was exported before is still whole; make room, and export "
            "again"
        )
    if error.errno in _FORBIDDEN:
        return FeedsvcError(
            f"{where} may not be written ({error.strerror}); give {folder} to the user that exports, or name another "
            "folder"
        )
    if error.errno in _IN_THE_WAY:
        return FeedsvcError(f"{where} stands where the export needs a folder or a file of its own; move it away")
    if error.errno == errno.EXDEV:
        return FeedsvcError(f"{where} lies on another disk than {folder}; export into a folder that is on one disk")
    return FeedsvcError(f"{where} cannot be written: {error.strerror}")

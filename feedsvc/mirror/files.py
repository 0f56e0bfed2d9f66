"""The folder of copies: files named by what they hold, so that none is ever written over, and equal ones are one.

A file is there whole or not at all: it is written aside, brought to the disk, and then given its name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from feedsvc.config import Config
from feedsvc.imaging import ENDINGS

NAME: Final = re.compile(rf"[0-9a-f]{{64}}\.(?:{'|'.join(ENDINGS.values())})")
TYPES: Final = {f".{ending}": mime for mime, ending in ENDINGS.items()}
"""Types of pictures by the ending of the file."""

_PART: Final = ".part"
_READABLE: Final = 0o644


@dataclass(frozen=True, slots=True)
class Folder:
    """The files below `root`, two levels deep: `ab/cd/abcd….jpg`. Only files that it could have made itself count."""

    root: Path

    def keep(self, body: bytes, mime: str) -> str:
        """Keep a picture of a type that `imaging` knows; give its name. Raises OSError, and leaves nothing then."""
        name = f"{hashlib.sha256(body).hexdigest()}.{ENDINGS[mime]}"
        place = self.place(name)
        if self._is_there(place, len(body)):
            os.utime(place)  # it is needed again: whoever sweeps just now leaves it
            return name
        place.parent.mkdir(parents=True, exist_ok=True)
        self._write(place, body)
        return name

    def place(self, name: str) -> Path:
        """Give the path of a file. Raises ValueError for what is no name of one."""
        if not NAME.fullmatch(name):
            raise ValueError(f"{name[:80]!r} is no name of a copy")
        return self.root / name[:2] / name[2:4] / name

    def sweep(self, names: Collection[str], before: datetime) -> int:
        """Delete files last written before a moment that are not among `names`; give their number. Raises OSError."""
        swept = 0
        for file in self._files():
            if file.name not in names:
                with contextlib.suppress(FileNotFoundError):  # another process sweeps too
                    if file.stat().st_mtime < before.timestamp():
                        file.unlink()
                        swept += 1
        return swept

    def _files(self) -> Iterator[Path]:
        found = sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"))
        return (one for one in found if NAME.fullmatch(one.name) or (one.name[0] == "." and one.name.endswith(_PART)))

    @staticmethod
    def _is_there(place: Path, length: int) -> bool:
        try:
            return place.stat().st_size == length
        except FileNotFoundError:
            return False

    @staticmethod
    def _write(place: Path, body: bytes) -> None:
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".", suffix=_PART, delete=False) as file:
            aside = Path(file.name)
            try:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
                aside.chmod(_READABLE)
                aside.replace(place)
            except BaseException:
                aside.unlink(missing_ok=True)
                raise
        _bring_to_disk(place.parent)


def folder_of(config: Config) -> Folder:
    """The folder that `[media] folder` names, from that of config.toml."""
    return Folder(config.folder / config.media.folder)


def _bring_to_disk(folder: Path) -> None:
    """Make the new name outlast a power cut, where folders can be opened."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)

"""The configuration on its way into a backup, and out of it."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from feedsvc.backup.contents import Contents, KeptFile
from feedsvc.backup.secrets import named, without_secrets
from feedsvc.errors import ConfigError

CONFIG = "config.toml"
OWN_EYES = 0o600
READABLE = 0o644


def taken_in(path: Path, now: datetime, version: str, *, with_secrets: bool) -> Contents:
    """What of the configuration at `path` goes into a backup, and the notes: whatever was left out is named there.

    Raises ConfigError for a file that cannot be read.
    """
    text = path.read_text("utf-8")
    values = tomllib.loads(text)
    files, environment = sorted(set(named(values, "file"))), sorted(set(named(values, "env")))
    left_out = [f"{name} of the environment" for name in environment]
    if with_secrets:
        kept = [KeptFile(name=CONFIG, content=text, secret=True), *(_secret(path.parent, name) for name in files)]
    else:
        bare = without_secrets(text)
        kept = [KeptFile(name=CONFIG, content=bare.text)]
        left_out = [*bare.left_out, *(f"the file {name}" for name in files), *left_out]
    notes = (("made", now.isoformat(timespec="seconds")), ("version", version), ("left out", "\n".join(left_out)))
    return Contents(files=tuple(kept), notes=notes)


def _secret(folder: Path, name: str) -> KeptFile:
    try:
        return KeptFile(name=name, content=(folder / name).read_text("utf-8"), secret=True)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError((f"the file {name}, which holds a secret, cannot be read: {error}",)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """Files that were written, and those that were not: there already, or of a place outside of the folder."""

    written: tuple[Path, ...]
    there: tuple[Path, ...]
    elsewhere: tuple[str, ...]


def taken_out(contents: Contents, config: Path) -> TakenOut:
    """Write the configuration of a backup to `config`, and the secrets it names beside it; nothing is written over.

    Raises OSError.
    """
    written, there, elsewhere = [], [], []
    for kept in contents.files:
        target = config if kept.name == CONFIG else config.parent / kept.name
        if kept.name != CONFIG and not _stays_inside(kept.name):
            elsewhere.append(kept.name)
        elif target.exists():
            there.append(target)
        else:
            _write(target, kept)
            written.append(target)
    return TakenOut(written=tuple(written), there=tuple(there), elsewhere=tuple(elsewhere))


def _stays_inside(name: str) -> bool:
    """A backup comes from elsewhere: it names no place outside of the folder it is taken out into."""
    pure = PurePath(name)
    return not pure.is_absolute() and ".." not in pure.parts


def _write(target: Path, kept: KeptFile) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = OWN_EYES if kept.secret else READABLE
    opened = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with open(opened, "wb") as file:  # noqa: PTH123 - a descriptor, made with its mode, has no path to open
        file.write(kept.content.encode())

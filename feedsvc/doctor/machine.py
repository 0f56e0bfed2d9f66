"""The machine: room on the disk, time zones, parts that were not installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import available_timezones

from feedsvc.config import Config
from feedsvc.doctor.finding import Finding, fine, note, wrong
from feedsvc.headroom import free_bytes, shortage

MIB = 1024 * 1024
EXTRAS = {"documents": ("docx", "pypdfium2"), "postgresql": ("psycopg",)}
"""Modules of each optional part."""
LARGE_WAL = 512 * MIB
ALWAYS = "Asia/Ho_Chi_Minh"


def disk(config: Config, file: Path | None) -> Iterator[Finding]:
    """Free space where the database and the copies of pictures are, and whether they can be written."""
    folders = {"database": file.resolve().parent if file else config.folder.resolve()}
    media = config.folder / config.media.folder
    if config.media.mirror != "off" and media.exists():
        folders["pictures"] = media.resolve()
    for what, folder in folders.items():
        yield _room(config, what, folder)
    if file is not None and file.exists():
        wal = file.with_name(f"{file.name}-wal")
        size = wal.stat().st_size if wal.exists() else 0
        told = f"{file}: {file.stat().st_size // MIB} MiB, its log {size // MIB} MiB"
        if size > LARGE_WAL:
            yield note("disk", told, "some program has been reading the database for long: see which, and end it")
        else:
            yield fine("disk", told)


def _room(config: Config, what: str, folder: Path) -> Finding:
    if not os.access(folder, os.W_OK | os.X_OK):
        return wrong("disk", f"the folder of the {what}, {folder}, can't be written", "give feedsvc's user the right")
    free = free_bytes(folder)
    if short := shortage(free, config.service.least_free, folder):
        return wrong("disk", short.detail, "make room")
    return fine("disk", f"{folder} ({what}) has {free // MIB} MiB free")


def time_zones(config: Config) -> Iterator[Finding]:
    """Whether dates of portals can be understood."""
    known = available_timezones()
    if ALWAYS not in known:
        yield wrong("clock", "the data of time zones is missing", "pip install tzdata")
    else:
        yield fine("clock", f"time zones: {len(known)} known; portals are read in {config.service.timezone.key}")


def parts(config: Config) -> Iterator[Finding]:
    """Optional parts that this configuration needs."""
    needs = set()
    if config.database.startswith("postgresql"):
        needs.add("postgresql")
    if any(category.url.startswith("folder:") for category in config.categories()):
        needs.add("documents")
    for extra, modules in EXTRAS.items():
        missing = [name for name in modules if find_spec(name) is None]
        if missing and extra in needs:
            todo = f'pip install "feedsvc[{extra}]"'
            yield wrong("parts", f"{', '.join(missing)} is not installed, and the configuration needs it", todo)
    yield fine("parts", f"feedsvc {version('feedsvc')}")

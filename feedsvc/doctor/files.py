"""The configuration and the files that hold secrets: who may read them, and whether a token can be guessed."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

from feedsvc.backup.secrets import literal_places, named
from feedsvc.config import Config, config_warnings
from feedsvc.doctor.finding import Finding, fine, note, wrong

SHORTEST_TOKEN = 24
FEWEST_SIGNS = 8
"""Different characters of a token: fewer are no matter of chance."""
OTHERS = stat.S_IROTH | stat.S_IWOTH


def configuration(config: Config, path: Path) -> Iterator[Finding]:
    """What the file says, and who may read it where secrets are written into it."""
    for warning in config_warnings(config):
        yield note("configuration", warning)
    text = path.read_text("utf-8")
    yield fine("configuration", f"{path}: sources: {len(config.source)}, categories: {len(config.categories())}")
    if places := literal_places(text):
        yield _written_in(path, places)
    for name in sorted(set(named(tomllib.loads(text), "file"))):
        yield _secret_file(config.folder / name)
    yield from _token(config)


def _written_in(path: Path, places: tuple[str, ...]) -> Finding:
    told = f"{path} holds secrets: {', '.join(places)}"
    if _open_to_others(path):
        return wrong("secrets", f"{told}, and everybody on this machine may read it", f"chmod 600 {path}")
    return note("secrets", told, 'better name a file: key = { file = "..." }')


def _secret_file(file: Path) -> Finding:
    if _open_to_others(file):
        return wrong("secrets", f"everybody on this machine may read {file}", f"chmod 600 {file}")
    return fine("secrets", f"{file} is for its owner alone")


def _open_to_others(file: Path) -> bool:
    return bool(file.stat().st_mode & OTHERS)


def _token(config: Config) -> Iterator[Finding]:
    token = config.admin.token.get_secret_value() if config.admin.token else ""
    if not token:
        yield fine("admin", "no [admin] token: what is for those who run the service is closed")
    elif len(token) < SHORTEST_TOKEN or len(set(token)) < FEWEST_SIGNS:
        yield wrong("admin", "the [admin] token can be guessed", "take a longer one: openssl rand -hex 24")
    else:
        yield fine("admin", "the [admin] token is long enough")

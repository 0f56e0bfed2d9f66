"""A [[source]] written into config.toml: nothing else of the file changes, not a byte, not a comment."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from feedsvc.config import parse_config
from feedsvc.errors import ConfigError
from feedsvc.toml_places import find_places

NEWS = "news"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A category as the file names it."""

    slug: str
    title: str
    url: str
    kind: str = NEWS


def source_block(slug: str, title: str, home: str, entries: Sequence[Entry]) -> str:
    """A whole [[source]] as TOML, ready to stand anywhere at the top level of the file."""
    own = _table("[[source]]", {"slug": slug, "title": title, "home": home}, "")
    return f"{own}\n{categories_block(entries)}" if entries else own


def categories_block(entries: Sequence[Entry]) -> str:
    """The [[source.category]] tables of a source; `kind` only where it is not news."""
    tables = []
    for entry in entries:
        values = {"slug": entry.slug, "title": entry.title, "url": entry.url}
        kind = {} if entry.kind == NEWS else {"kind": entry.kind}
        tables.append(_table("[[source.category]]", values | kind, "  "))
    return "\n".join(tables)


def _table(header: str, values: dict[str, str], indent: str) -> str:
    width = max(len(key) for key in values)
    lines = [header, *(f"{key:<{width}} = {tomlkit.item(value).as_string()}" for key, value in values.items())]
    return "".join(f"{indent}{line}\n" for line in lines)


def with_source(text: str, block: str) -> str:
    """The text of a file with a [[source]] at its end, in the line ends of the file."""
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return text + _in_line_ends_of(text, gap + block)


def with_categories(text: str, index: int, block: str) -> str:
    """The text with categories for its [[source]] number `index` (from 0), below what the source says itself."""
    lines = text.splitlines(keepends=True)
    places = find_places(text)
    start = places["source", index].line
    after = [place.line for path, place in places.items() if place.line > start and path[:2] != ("source", index)]
    end = min(after, default=len(lines) + 1) - 1
    while end > start and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1  # blank lines and comments above the next table are that table's
    before = "".join(lines[:end])
    gap = "\n" if before.endswith("\n") else "\n\n"
    return before + _in_line_ends_of(text, gap + block) + "".join(lines[end:])


def _in_line_ends_of(text: str, added: str) -> str:
    return added.replace("\n", "\r\n") if "\r\n" in text else added


def read_file(path: Path) -> str:
    """The text of a configuration file, its line ends as they are. Raises ConfigError."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read: {error.strerror}; `feedsvc init` writes a new one",)) from None
    except UnicodeDecodeError as error:
        raise ConfigError((f"{path}: is not UTF-8 (byte {error.start + 1}); save it as UTF-8",)) from None


def write_file(path: Path, before: str, after: str, added: dict[str, Any]) -> None:
    """Writes `after` in place of `before`, whole or not at all, where it says what `before` says and `added`.

    Raises ConfigError, and leaves the file alone, when it would say anything else, when it changed since `before` was
    read, or when it cannot be written.
    """
    by_hand = "; add the lines above to it by hand"
    if not _says(before, after, added):
        raise ConfigError((f"{path}: its tables are written in a way that cannot be added to{by_hand}",))
    if read_file(path) != before:
        raise ConfigError((f"{path}: changed meanwhile and was left as it is; try again",))
    parse_config(tomllib.loads(after), path=path, text=after)
    target = path.resolve()  # a link stays a link
    unfinished = target.with_name(f"{target.name}.tmp")
    try:
        unfinished.write_bytes(after.encode("utf-8"))
        unfinished.chmod(target.stat().st_mode & 0o777)
        unfinished.replace(target)
    except OSError as error:
        raise ConfigError((f"{path}: cannot be written: {error.strerror}{by_hand}",)) from None


def _says(before: str, after: str, added: dict[str, Any]) -> bool:
    try:
        values = tomllib.loads(before)
        result = tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    sources = [source for source in values.get("source", []) if source.get("slug") != added["slug"]]
    found = result.pop("source", [])
    values.pop("source", None)
    others = [source for source in found if source.get("slug") != added["slug"]]
    own = [source for source in found if source.get("slug") == added["slug"]]
    return result == values and others == sources and len(own) == 1 and own[0].items() >= added.items()

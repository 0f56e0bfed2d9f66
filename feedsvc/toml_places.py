"""Where each key of a TOML text stands, so that a mistake can be told with its line and column.

tomllib gives values without their places. This reads only as much of TOML 1.0 as finding keys needs, from a text that
tomllib has already accepted: table headers, keys with their dots and quotes, and the extent of values.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

_KEY = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
_VALUE = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]|\n|[^"\'#\[\]{}\n]+',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column, both counted from 1."""

    line: int
    column: int


@dataclass(slots=True)
class _Scan:
    text: str
    lines: list[int]
    places: dict[Path, Place] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)
    table: Path = ()

    def place(self, offset: int) -> Place:
        line = bisect_right(self.lines, offset)
        return Place(line, offset - self.lines[line - 1] + 1)


def find_places(text: str) -> dict[Path, Place]:
    """Maps the path of every table and key, such as ("source", 0, "slug"), to its place; array tables are counted."""
    scan, offset = _Scan(text, [0, *(found.end() for found in re.finditer("\n", text))]), 0
    while offset < len(text):
        offset = _statement(scan, offset)
    return scan.places


def _statement(scan: _Scan, offset: int) -> int:
    """Reads one header, one key with its value, or one blank or comment; gives where the next statement begins."""
    text = scan.text
    offset = _skip_blank(text, offset)
    if offset >= len(text) or text[offset] == "#":
        return _line_end(text, offset)
    if text[offset] == "[":
        return _header(scan, offset)
    keys, after = _keys(text, offset)
    if not keys or after >= len(text) or text[after] != "=":
        return _line_end(text, offset)
    for depth in range(1, len(keys) + 1):
        scan.places.setdefault((*scan.table, *keys[:depth]), scan.place(offset))
    return _value_end(text, after + 1)


def _header(scan: _Scan, offset: int) -> int:
    double = scan.text.startswith("[[", offset)
    keys, _ = _keys(scan.text, offset + (2 if double else 1))
    path: Path = ()
    for key in keys[:-1]:
        path = (*path, key)
        if path in scan.counts:
            path = (*path, scan.counts[path] - 1)
    path = (*path, *keys[-1:])
    if double:
        scan.counts[path] = scan.counts.get(path, 0) + 1
        path = (*path, scan.counts[path] - 1)
    scan.table = path
    scan.places.setdefault(path, scan.place(offset))
    return _line_end(scan.text, offset)


def _keys(text: str, offset: int) -> tuple[list[str], int]:
    keys = []
    while match := _KEY.match(text, offset):
        keys.append(next(group for group in match.groups() if group is not None))
        offset = match.end()
        if text[offset : offset + 1] != ".":
            break
        offset += 1
    return keys, offset


def _value_end(text: str, offset: int) -> int:
    """The end of the line on which a value ends: brackets and long strings may go over many lines."""
    depth = 0
    while match := _VALUE.match(text, offset):
        piece, offset = match.group(), match.end()
        depth += (piece in "[{") - (piece in "]}") if len(piece) == 1 else 0
        if piece == "\n" and depth <= 0:
            return offset
    return len(text)


def _skip_blank(text: str, offset: int) -> int:
    while offset < len(text) and text[offset] in " \t\r\n":
        offset += 1
    return offset


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1

"""Secrets found in the text of a configuration, and taken out of it. Pure.

A secret that the file names as `{ file = ... }` or `{ env = ... }` stands elsewhere, and its name may be told. One that
is written into the file is a key of a kind that holds secrets, or an address with a password in it. Its line becomes a
comment that says what has to be filled in: a configuration without it is closed, or does not reach its database, and
no stand-in can be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import tomlkit
from tomlkit.items import InlineTable

KEY = re.compile(
    r"token|secret|passw|\bpass\b|pwd|api_?key|private_?key|credential|\bauth|webhook|\bdsn\b", re.IGNORECASE
)
RELAY_KEYS = frozenset({"url", "address", "key"})
"""Keys of a [[relay]] whose value alone lets its bearer post."""
NAMED = frozenset({"env", "file"})
QUERY_KEYS = frozenset({"password", "sslpassword", "passfile"})
COMMENTED = re.compile(r"^(\s*#[^=\n]*?([\w.-]+)\s*=\s*)(\"[^\"\n]+\"|'[^'\n]+')", re.MULTILINE)
SHORTEST = 6
"""Characters from which on a secret is looked for in the rest of the text: a shorter one is part of many words."""

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """A configuration without secrets. `left_out` names what has to be filled in, as `[table] key`."""

    text: str
    left_out: tuple[str, ...]


def without_secrets(text: str) -> Bare:
    """The text without the secrets that are written into it: still TOML, all else as it was."""
    document = tomlkit.parse(text)
    left_out, values = [], []
    stand_ins: dict[str, str] = {}
    for place, holder, key, value in list(_secrets(document, ())):
        bare = _bare_address(value)
        values += _parts(value)
        left_out.append(_shown(place))
        if bare is not None:
            holder[key] = bare
        elif isinstance(holder, InlineTable) or not isinstance(key, str):
            del holder[key]
        else:
            stand_in = f"left-out-{len(stand_ins)}-{'x' * SHORTEST}"
            stand_ins[stand_in] = key
            holder[key] = stand_in
    bare_text = COMMENTED.sub(_emptied, _as_comments(tomlkit.dumps(document), stand_ins))
    for value in sorted(set(values), key=len, reverse=True):
        bare_text = bare_text.replace(value, "...") if len(value) >= SHORTEST else bare_text
    return Bare(text=bare_text, left_out=tuple(left_out))


def named(values: Any, kind: str) -> Iterator[str]:
    """The names of what secrets stand in, as TOML values have them: `{ file = ... }` or `{ env = ... }`."""
    for inner in _inner(values):
        if isinstance(inner, Mapping) and set(inner) == {kind}:
            yield str(inner[kind])
        else:
            yield from named(inner, kind)


def literal_places(text: str) -> tuple[str, ...]:
    """Where secrets are written into the text of a configuration, as `[table] key`."""
    return tuple(_shown(place) for place, _, _, _ in _secrets(tomlkit.parse(text), ()))


def _secrets(table: Any, where: Place) -> Iterator[tuple[Place, Any, Any, Any]]:
    """Each literal secret with its place, what holds it, and under which key."""
    pairs = list(table.items()) if isinstance(table, Mapping) else list(enumerate(table))
    for key, value in pairs:
        here = (*where, key)
        if isinstance(value, Mapping) and set(value) <= NAMED:
            continue
        if isinstance(value, str) and value and _is_secret(here, value):
            yield here, table, key, value
        elif isinstance(value, Mapping | list):
            yield from _secrets(value, here)


def _is_secret(where: Place, value: str) -> bool:
    names = [part for part in where if isinstance(part, str)]
    if KEY.search(names[-1]) or _bare_address(value) is not None:
        return True
    return names[0] == "relay" and names[-1] in RELAY_KEYS


def _bare_address(value: str) -> str | None:
    """An address without the password in it; None for what has none, or is no address."""
    try:
        parts = urlsplit(str(value))
        password = parts.password
    except ValueError:
        return None
    asked = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, one) for name, one in asked if name not in QUERY_KEYS]
    if not parts.scheme or (password is None and len(kept) == len(asked)):
        return None
    user, _, host = parts.netloc.rpartition("@")
    owner = f"{user.partition(':')[0]}@" if user else ""
    return urlunsplit(parts._replace(netloc=owner + host, query=urlencode(kept)))


def _parts(value: str) -> list[str]:
    """What of a secret may not stand anywhere else in the text."""
    text = str(value)
    if _bare_address(text) is None:
        return [text]
    parts = urlsplit(text)
    asked = [one for name, one in parse_qsl(parts.query) if name in QUERY_KEYS]
    return [one for one in (parts.password, *asked) if one]


def _as_comments(text: str, stand_ins: Mapping[str, str]) -> str:
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        for stand_in, key in stand_ins.items():
            if stand_in in line:
                indent = line[: len(line) - len(line.lstrip())]
                end = "\r\n" if line.endswith("\r\n") else "\n"
                lines[number] = f'{indent}# {key} = ""  # left out of the backup: fill it in{end}'
    return "".join(lines)


def _emptied(match: re.Match[str]) -> str:
    return f'{match[1]}""' if KEY.search(match[2]) else match[0]


def _shown(place: Sequence[str | int]) -> str:
    names = [part for part in place if isinstance(part, str)]
    table = ".".join(names[:-1])
    if not table:
        return names[-1]
    return f"[[{table}]] {names[-1]}" if len(names) < len(place) else f"[{table}] {names[-1]}"


def _inner(values: Any) -> Iterator[Any]:
    if isinstance(values, Mapping):
        yield from values.values()
    elif isinstance(values, list):
        yield from values

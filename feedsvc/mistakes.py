"""Mistakes in a configuration, told in words with their places."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from feedsvc.toml_places import Place

HIDDEN = "***"
_USER_PART = re.compile(r"(?<=//)[^\s/?#\"'<>]*@")
"""Name and password in an address; taken out before it is cut, as what is cut is no address any more."""

Where = tuple[str | int, ...]
Places = dict[Where, Place]


class Report:
    """Collects mistakes as sentences with their places."""

    def __init__(self, path: Path, places: dict[Where, Place], values: dict[str, Any], model: type[BaseModel]) -> None:
        self.path, self.places, self.values, self.model = path, places, values, model
        self.mistakes: list[tuple[int, int, str]] = []
        self.revealed: set[Where] = set()

    def add(self, where: Where, what: str) -> None:
        """Notes `what` is wrong with the key at `where`, or with the nearest table above it that stands in the file."""
        place = self._place(where)
        self.mistakes.append((place.line, place.column, f"{self.path}:{place.line}:{place.column}: {what}"))

    def sorted(self) -> tuple[str, ...]:
        """All mistakes in the order of the file."""
        return tuple(text for _, _, text in sorted(set(self.mistakes)))

    def invalid(self, detail: Any) -> None:
        """Adds what pydantic found, in our words."""
        where = tuple(part for part in detail["loc"] if isinstance(part, int) or not part.startswith("function-"))
        table, key = self.table(where), where[-1] if where else ""
        if detail["type"] == "extra_forbidden":
            self.add(where, f'{table}: unknown key "{key}"{_suggest(str(key), fields(self.model, where[:-1]))}')
        elif detail["type"] == "missing":
            self.add(where[:-1], f'{table}: missing key "{key}": {self.describe(where)}')
        else:
            shown = HIDDEN if self._is_secret(where) else _shown(detail["input"])
            self.add(where, f"{table}: {dotted(where)} = {shown}: {_reason(detail, self.describe(where))}")

    def table(self, where: Where) -> str:
        """The header of the table that holds a key, with the slug or name that tells it from its neighbours."""
        names = [str(part) for part in where[:-1] if isinstance(part, str)]
        if not names:
            return "top level"
        value: Any = self.values
        index = next((i for i in range(len(where) - 1, 0, -1) if isinstance(where[i], int)), 0)
        for part in where[: index + 1]:
            value = _inside(value, part)
        label = (value.get("slug") or value.get("name")) if index and isinstance(value, dict) else None
        header = f"[[{'.'.join(names)}]]" if index and index == len(where) - 2 else f"[{'.'.join(names)}]"
        return f'{header} "{label}"' if label else header

    def describe(self, where: Where) -> str:
        """What the model says of a key."""
        found = fields(self.model, where[:-1]).get(str(where[-1]))
        return str(found.description) if found else ""

    def _is_secret(self, where: Where) -> bool:
        """Whether the value of a key must not be shown: its type says so, or it was named by { env } or { file }."""
        found = fields(self.model, where[:-1]).get(str(where[-1])) if where else None
        return where in self.revealed or (found is not None and "SecretStr" in str(found.annotation))

    def _place(self, where: Where) -> Place:
        while where and where not in self.places:
            where = where[:-1]
        return self.places.get(where, Place(1, 1))


def fields(model: Any, where: Where) -> dict[str, Any]:
    """The fields of the table at `where` below a model."""
    for part in where:
        if isinstance(part, str) and part in getattr(model, "model_fields", {}):
            model = _table_of(model.model_fields[part].annotation)
    return dict(getattr(model, "model_fields", {}))


def _table_of(annotation: Any) -> Any:
    inner = getattr(annotation, "__args__", ())
    return inner[0] if inner else annotation


def _suggest(word: str, known: Mapping[str, Any]) -> str:
    names = [name for name in known if name != "folder"]
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else f"; known here: {', '.join(sorted(names))}"


def dotted(where: Where) -> str:
    """The key at the end of a path; `key[2]` for the entry of a list."""
    return str(where[-1]) if isinstance(where[-1], str) else f"{where[-2]}[{where[-1]}]"


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    text = _USER_PART.sub(f"{HIDDEN}@", text)
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004 - a line of a terminal


def _reason(detail: Any, described: str) -> str:
    message = str(detail["msg"]).removeprefix("Value error, ")
    return f"{message} ({described})" if described and "right would be" not in message else message


def _inside(value: Any, part: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    return value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else None

"""As much of JSON Schema (2020-12) as a schema of a JSON Feed needs: where a value differs from it, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}


def differences(value: Any, schema: dict[str, Any], place: str = "$") -> Iterator[str]:
    """Each difference with its place, as a path from `$`."""
    kind = schema.get("type")
    if kind and not _is(value, kind):
        yield f"{place} is no {kind}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{place} is not {schema['const']!r}"
    if isinstance(value, str):
        yield from _text(value, schema, place)
    if isinstance(value, dict):
        yield from _object(value, schema, place)
    if isinstance(value, list):
        yield from _array(value, schema, place)
    if "minimum" in schema and value < schema["minimum"]:
        yield f"{place} is below {schema['minimum']}"
    if "anyOf" in schema and all(list(differences(value, one, place)) for one in schema["anyOf"]):
        yield f"{place} is none of those that are allowed"


def _is(value: Any, kind: str) -> bool:
    if kind in {"integer", "number"}:
        return isinstance(value, int if kind == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[kind])


def _text(value: str, schema: dict[str, Any], place: str) -> Iterator[str]:
    if len(value) < schema.get("minLength", 0):
        yield f"{place} is too short"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{place} is {value!r}, which does not match"
    if schema.get("format") == "date-time" and datetime.fromisoformat(value).tzinfo is None:
        yield f"{place} has no zone"


def _object(value: dict[str, Any], schema: dict[str, Any], place: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    yield from (f"{place} lacks {name}" for name in schema.get("required", ()) if name not in value)
    if schema.get("additionalProperties") is False:
        yield from (f"{place} has {name}" for name in value if name not in properties)
    for name, inner in properties.items():
        if name in value:
            yield from differences(value[name], inner, f"{place}.{name}")


def _array(value: list[Any], schema: dict[str, Any], place: str) -> Iterator[str]:
    if len(value) < schema.get("minItems", 0):
        yield f"{place} is too short"
    for number, one in enumerate(value):
        yield from differences(one, schema.get("items", {}), f"{place}[{number}]")

"""Writes docs/reference/configuration.md from the models of feedsvc.config_tables: `python docs/reference.py`.

A test compares the page with what this writes, so the reference cannot fall behind the code.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic_core import PydanticUndefined

from feedsvc.config_tables import (
    AdminTable,
    CategoryTable,
    FeedTable,
    FetchTable,
    MediaTable,
    PollingTable,
    RelayTable,
    SelectTable,
    ServiceTable,
    SourceTable,
    WebSubTable,
    WebTable,
)

PAGE = Path(__file__).parent / "reference" / "configuration.md"
TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("[service]", ServiceTable),
    ("[fetch]", FetchTable),
    ("[polling]", PollingTable),
    ("[web]", WebTable),
    ("[admin]", AdminTable),
    ("[media]", MediaTable),
    ("[websub]", WebSubTable),
    ("[[source]]", SourceTable),
    ("[[source.category]]", CategoryTable),
    ("[source.select]", SelectTable),
    ("[[feed]]", FeedTable),
    ("[[relay]]", RelayTable),
)
HEAD = """# Every key of config.toml

Written from the code by `python docs/reference.py`. Durations are a number and a unit: `"500ms"`, `"30s"`, `"15m"`,
`"6h"`, `"1d"`. Relative paths begin at the folder of `config.toml`.

- An unknown key is a mistake. `feedsvc check` tells every mistake at once, with its line and column.
- Any string may be a secret: `{ env = "NAME" }` takes it from the environment, `{ file = "path" }` from a file.
- The environment goes over the file: `FEEDSVC__SERVICE__BASE_URL` is `[service] base_url`.
- The nearest setting wins: a category's `every` goes over its source's, which goes over `[polling]`.
"""


def reference() -> str:
    """The page as Markdown."""
    return HEAD + "".join(_table(name, model) for name, model in TABLES)


def _table(name: str, model: type[BaseModel]) -> str:
    about = " ".join((model.__doc__ or "").partition(": ")[2].split())
    rows = "".join(_row(key, field) for key, field in model.model_fields.items() if not _inner(field))
    head = "| key | default | what it is |\n| --- | --- | --- |\n"
    return f"\n## {name}\n\n{about[:1].upper()}{about[1:]}\n\n{head}{rows}"


def _inner(field: Any) -> bool:
    """Tables inside a table have a section of their own."""
    return "Table" in str(field.annotation)


def _row(key: str, field: Any) -> str:
    return f"| `{key}` | {_default(field.default)} | {field.description} |\n"


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return "needed"
    if value in (None, (), "", {}):
        return "–"
    if isinstance(value, timedelta):
        return f"`{_duration(value)}`"
    if isinstance(value, SecretStr):
        return f"`{value.get_secret_value()}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _duration(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    return f"{seconds // 60}m" if seconds >= 60 and seconds % 60 == 0 else f"{seconds}s"  # noqa: PLR2004 - a minute


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(reference(), "utf-8")

"""Feed in, bytes out: RSS, Atom, JSON Feed, and whatever format is installed beside them.

A format is an entry point of the group `feedsvc.formats`: a function from Feed to Rendered. The built-in ones are
registered the same way, in pyproject.toml.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, cast

from feedsvc.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.model import Feed, Rendered

GROUP = "feedsvc.formats"


def render(feed: Feed, format: str) -> Rendered:  # noqa: A002 - the word of the field, and of ARCHITECTURE.md
    """The document of `feed` in `format` (rss, atom, json, or one that is installed).

    Equal feeds give equal bytes. An item that cannot be written is left out, its id told in `left_out`. Raises
    RenderError for a format that nobody offers, and for a feed that cannot be a document (no id, a date without zone).
    """
    try:
        return _writer(format)(feed)
    except ValueError as fault:
        raise RenderError(f"{format} document of {feed.slug}: {fault}") from fault


def formats() -> tuple[str, ...]:
    """The names of all installed formats, sorted."""
    return tuple(sorted(entry_points(group=GROUP).names))


@cache  # looking through all installed packages takes longer than rendering, and they do not change while we run
def _writer(name: str) -> Callable[[Feed], Rendered]:
    found = next(iter(entry_points(group=GROUP, name=name)), None)
    if found is None:
        raise RenderError(f"no format is called {name!r}: known are {', '.join(formats())}")
    return cast("Callable[[Feed], Rendered]", found.load())

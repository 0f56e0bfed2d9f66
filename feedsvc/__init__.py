"""RSS, Atom and JSON feeds for news portals that have none.

The public names: the ten words, `read_listing`, `read_article` and `render` (docs/library.md). Functions are loaded
when they are first asked for, so that a command that needs none of them starts at once.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from feedsvc.model import Category, Delivery, Feed, Item, Listing, MediaObject, Page, PollResult, Source, Stub

if TYPE_CHECKING:
    from feedsvc.feeds import render
    from feedsvc.library import read_article, read_listing

__version__ = version("feedsvc")

_ROOMS = {"read_listing": "feedsvc.library", "read_article": "feedsvc.library", "render": "feedsvc.feeds"}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"feedsvc has no {name}")
    return getattr(import_module(_ROOMS[name]), name)


__all__ = [
    "Category",
    "Delivery",
    "Feed",
    "Item",
    "Listing",
    "MediaObject",
    "Page",
    "PollResult",
    "Source",
    "Stub",
    "__version__",
    "read_article",
    "read_listing",
    "render",
]

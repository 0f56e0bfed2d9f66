"""RSS, Atom and JSON feeds for news portals that have none.

The public names: the ten words, `read_listing`, `read_article` and `render`. The reading and rendering functions are
loaded when they are first asked for, so that a command that needs neither starts at once.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from feedsvc.model import Category, Delivery, Feed, Item, Listing, MediaObject, Page, PollResult, Source, Stub

if TYPE_CHECKING:
    from feedsvc.extract import read_article, read_listing
    from feedsvc.feeds import render

__version__ = version("feedsvc")

_ROOMS = {"read_listing": "feedsvc.extract", "read_article": "feedsvc.extract", "render": "feedsvc.feeds"}


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

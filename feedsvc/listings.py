"""Which listings there are: those of config.toml, and what was found on portals for which it names none. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from feedsvc.config import Config
from feedsvc.config_tables import SourceTable

if TYPE_CHECKING:
    from feedsvc.model import Category, Found, Source


def is_searched(table: SourceTable) -> bool:
    """Whether the categories of a source are found by discovery: none are given, and its home is a page."""
    return not table.category and not table.home.startswith("folder:")


def searched(config: Config) -> tuple[Source, ...]:
    """The sources whose categories are found by discovery."""
    names = {table.slug for table in config.source if is_searched(table)}
    return tuple(source for source in config.sources() if source.slug in names)


def listed(config: Config, found: Mapping[str, tuple[Found, ...]]) -> tuple[Category, ...]:
    """All categories, in the order of config.toml.

    Where categories are found by discovery and some were, they stand in place of the home page, with its settings.
    """
    names = {source.slug for source in searched(config)}
    categories: list[Category] = []
    for category in config.categories():
        there = found.get(category.source, ()) if category.source in names else ()
        named = (replace(category, slug=one.slug, title=one.title, url=one.url, kind=one.kind) for one in there)
        categories.extend(named if there else (category,))
    return tuple(categories)

"""Listings read at once from their portals, without a store: for `check --live`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from feedsvc.cli.clock import now
from feedsvc.config import Config
from feedsvc.errors import ExtractError, FetchError
from feedsvc.fetch import fetch_page
from feedsvc.model import Category, Listing
from feedsvc.reading import Reading
from feedsvc.worker import open_fetchers


async def read_all(
    config: Config, categories: Sequence[Category]
) -> AsyncIterator[tuple[Category, Listing | None, str]]:
    """Each category with its listing, or with the reason why there is none."""
    sources = {source.slug: source for source in config.sources()}
    reading = Reading(workers=1)
    try:
        async with open_fetchers(config, now) as fetcher:
            for category in categories:
                try:
                    page = await fetch_page(fetcher(), category.url)
                    listing = await reading.listing(page, sources[category.source])
                except (FetchError, ExtractError) as error:
                    yield category, None, str(error)
                else:
                    yield category, listing, ""
    finally:
        reading.close()

"""`make real`: saved listings through the whole line, from claim to feed documents, without any network.

Each saved page is a source with one category; its articles are not saved and answer 404, so items are made of the
listing's own words. Prints a line for each page and writes its feeds.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

from feedsvc.config import Config, parse_config
from feedsvc.fetch.replay import ReplayFetcher
from feedsvc.model import Category, Item, PollResult, Query
from feedsvc.reading import Reading
from feedsvc.service import Service
from feedsvc.store import Store, open_store
from feedsvc.worker import build_scheduler, poll_round

FORMATS = ("rss", "atom", "json")


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved listing."""

    slug: str
    url: str
    timezone: str
    language: str


def main() -> None:
    """Polls the saved pages of the first argument and writes their feeds into the second."""
    pages, out = Path(sys.argv[1]), Path(sys.argv[2])
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as scratch:
        saved = [_saved(path) for path in sorted(pages.glob("*.json"))]
        asyncio.run(poll_saved(saved, pages, out, Path(scratch)))


async def poll_saved(saved: list[Saved], pages: Path, out: Path, scratch: Path) -> None:
    """Polls every saved listing once into a scratch database, then renders all channels."""
    config = _config(saved, scratch)
    store = open_store(config.database)
    fetcher, reading = ReplayFetcher(pages, _now), Reading()
    results: dict[str, PollResult | None] = {}
    try:
        service = Service(config, store, _now)
        scheduler = build_scheduler(config, store, _now, service.publication.authority, lambda: fetcher, reading)

        def told(category: Category, result: PollResult | None) -> None:
            results[category.source] = result

        await poll_round(scheduler, config.categories(), told, lambda _category: lambda _what, _done, _total: None)
        await asyncio.to_thread(_write, service, out)
        Console(width=None if sys.stdout.isatty() else 160).print(_table(saved, results, store))
    finally:
        reading.close()
        store.close()


def _saved(path: Path) -> Saved:
    facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return Saved(path.stem.lower(), facts["url"], facts.get("timezone", "UTC"), facts.get("lang", "en"))


def _config(saved: list[Saved], scratch: Path) -> Config:
    sources = [
        {"slug": s.slug, "title": s.slug, "home": s.url, "timezone": s.timezone, "language": s.language} for s in saved
    ]
    values: dict[str, Any] = {"service": {"base_url": "https://feeds.example.org"}, "source": sources}
    return parse_config(values, path=scratch / "config.toml", text="", environ={})


def _write(service: Service, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for path, channel in service.channels.items():
        if channel.kind == "source":
            for form in FORMATS:
                document = service.document(path, form)
                if document:
                    (out / f"{path}.{form}").write_bytes(document.body)


def _table(saved: list[Saved], results: dict[str, PollResult | None], store: Store) -> Table:
    table = Table("page", "outcome", "items", "with day", "with time", "pictures", "other media", "summary", "problem")
    for one in saved:
        result = results.get(one.slug)
        items = store.items(Query(categories=((one.slug, "trang-chu"),)), 500)
        kinds = Counter(medium.kind for item in items for medium in item.media)
        pictures = kinds.pop("image", 0)
        problem = result.problem.detail if result and result.problem else ""
        counts = (
            len(items),
            _dated(items),
            _timed(items),
            pictures,
            kinds.total(),
            sum(bool(i.summary) for i in items),
        )
        table.add_row(one.slug, result.outcome if result else "–", *map(str, counts), problem)
    return table


def _dated(items: list[Item]) -> int:
    return sum(item.published is not None for item in items)


def _timed(items: list[Item]) -> int:
    return sum(item.published is not None and item.precision != "day" for item in items)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()

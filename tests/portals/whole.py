"""A generated portal through the whole line from its home address alone: search, polls, store, in one process.

`python -m tests.portals.whole [--only liferay] [--seeds 1] [--scale 0.35] [--show 3]` prints a line a layout.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from portals.build import NOW, build
from portals.families import FAMILIES
from portals.score import Tally, add, score_clean, score_media, score_text
from portals.server import served
from portals.truth import Portal

from feedsvc.config import load_config
from feedsvc.listings import searched
from feedsvc.model import Category, Item, Query
from feedsvc.progress import silent
from feedsvc.store import Store, open_store
from feedsvc.worker import open_worker, poll_round, search_round

MEASURES = (
    "categories", "names", "kinds", "foreign", "items", "title", "day", "authors", "lead", "body", "captions",
    "pictures", "films", "documents", "clean",
)  # fmt: skip
_MOST_POLLS = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the service has of a portal after its polls: categories, and the items of each, first of the list first."""

    categories: tuple[Category, ...]
    items: dict[str, tuple[Item, ...]]
    requests: int


async def follow(portal: Portal, folder: Path, asked: Sequence[str]) -> Outcome:
    """Searches the portal for categories and polls each until nothing new comes."""
    config = load_config(_written(portal, folder), {})
    store = open_store(config.database)
    begun = time.monotonic()

    def clock():
        return NOW + timedelta(seconds=time.monotonic() - begun)

    try:
        async with open_worker(config, store, clock, "muong-suong.example,2026") as scheduler:
            await search_round(scheduler, searched(config), lambda _source: silent)
            requests = len(asked)
            categories = tuple(scheduler.categories.values())
            for _ in range(_MOST_POLLS):
                results = await poll_round(scheduler, categories, lambda *_: None, lambda _category: silent)
                if not any(result and result.new for result in results):
                    break
            items = {one.slug: await asyncio.to_thread(_items, store, one) for one in categories}
    finally:
        store.close()
    return Outcome(categories, items, requests)


def _items(store: Store, category: Category) -> tuple[Item, ...]:
    return tuple(store.items(Query(categories=((category.source, category.slug),)), 10_000))


def _written(portal: Portal, folder: Path) -> Path:
    port = portal.home.rstrip("/").rsplit(":", 1)[1]
    path = folder / "config.toml"
    path.write_text(
        '[service]\ntitle = "Tin"\nbase_url = "http://127.0.0.1:9"\n'
        f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\nper_host_delay = "0s"\n'
        f'[polling]\npages = 20\n[[source]]\nslug = "{portal.layout}"\ntitle = "{portal.title}"\n'
        f'home = "{portal.home}"\n',
        "utf-8",
    )
    return path


def compare(portal: Portal, outcome: Outcome) -> Tally:
    """The outcome against the truth."""
    tally = Tally()
    found = {category.url: category for category in outcome.categories}
    wanted = {section.url for section in portal.sections}
    for category in outcome.categories:
        tally.note("foreign", float(category.url in wanted), portal.home, "no category", (category.title, category.url))
    for section in portal.sections:
        category = found.get(section.url)
        tally.note("categories", float(category is not None), portal.home, (section.name, section.url), sorted(found))
        if category is None:
            continue
        tally.note("names", float(category.title == section.name), section.url, section.name, category.title)
        tally.note("kinds", float(category.kind == section.kind), section.url, section.kind, category.kind)
        items = {item.url: item for item in outcome.items[category.slug]}
        for line in section.lines:
            tally.note("items", float(line.url in items), section.url, (line.title, line.url), "not stored")
        for url, item in items.items():
            known = any(line.url == url for line in section.lines)
            tally.note("foreign", float(known), section.url, "no item", (item.title, url))
            if url in portal.articles:
                article = portal.articles[url]
                score_text(article, item, tally)
                score_media(article, item, tally)
                score_clean(portal, article, item, tally)
    return tally


def table(rows: Sequence[tuple[str, Tally, int, float]]) -> str:
    """The figures, one line a layout."""
    lines = [f"{'layout':12}" + "".join(f"{name[:9]:>10}" for name in MEASURES) + "   requests   seconds"]
    for layout, tally, requests, seconds in rows:
        lines.append(
            f"{layout:12}"
            + "".join(f"{tally.share(name):10.3f}" for name in MEASURES)
            + f"{requests:>11}{seconds:>10.1f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--only", nargs="*", default=list(FAMILIES), help="layouts")
    parser.add_argument("--scale", type=float, default=0.35, help="how long the lists are")
    parser.add_argument("--show", type=int, default=0, help="wrong answers shown, per layout and measure")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rows = []
    for name in given.only:
        whole, requests, begun = Tally(), 0, time.monotonic()
        for seed in range(given.first, given.first + given.seeds):
            with (
                TemporaryDirectory() as folder,
                served(lambda home, name=name, seed=seed: build(name, seed, home=home, scale=given.scale)) as (
                    portal,
                    asked,
                ),
            ):
                outcome = asyncio.run(follow(portal, Path(folder), asked))
                requests = max(requests, outcome.requests)
                add(whole, compare(portal, outcome))
        rows.append((name, whole, requests, time.monotonic() - begun))
        shown: dict[str, int] = defaultdict(int)
        for wrong in whole.wrong:
            measure = wrong.partition(":")[0]
            shown[measure] += 1
            if shown[measure] <= given.show:
                sys.stdout.write(f"{name} {wrong}\n")
    sys.stdout.write(table(rows) + "\n")


if __name__ == "__main__":
    main()

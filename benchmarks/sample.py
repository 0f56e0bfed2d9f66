"""A store with sample articles, for benchmarks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedsvc.config import Config, parse_config
from feedsvc.demo.content import load_content
from feedsvc.model import Author, CategoryState, Item, MediaObject, PollResult
from feedsvc.service import Service
from feedsvc.store import open_store

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SOURCE = {"slug": "mau", "title": "Cổng thông tin mẫu", "home": "http://127.0.0.1:8801/"}
FEED = "mau/trang-chu"
PARAGRAPHS = 7


@contextmanager
def sample_service(folder: Path, items: int = 50) -> Iterator[Service]:
    """A service over an SQLite file in `folder` that holds `items` articles of one category."""
    config = parse_config({"source": [SOURCE]}, path=folder / "config.toml", text="", environ={})
    fill(config, items)
    store = open_store(config.database)
    try:
        yield Service(config, store, lambda: NOW)
    finally:
        store.close()


def fill(config: Config, items: int) -> None:
    """Stores `items` articles in the database of a configuration that has SOURCE, as one poll would."""
    store = open_store(config.database)
    try:
        store.sync(config.sources(), config.categories(), NOW)
        (claim,) = store.claim_due(NOW, 1, owner="benchmark")
        state = CategoryState(polled=NOW, next_poll=NOW + timedelta(days=1), outcome="ok", succeeded=NOW)
        store.save(
            PollResult(
                source="mau", category="trang-chu", token=claim.token, started=NOW, finished=NOW, outcome="ok",
                new=articles(items), state=state,
            )
        )  # fmt: skip
    finally:
        store.close()


def articles(count: int) -> tuple[Item, ...]:
    """Articles of usual length in the sample portal's words: no two alike, so that they pack as news does."""
    written = load_content().articles
    told = [(article.title, article.lead) for article in written]
    paragraphs = [block for article in written for block in article.body if isinstance(block, str)]
    return tuple(_item(number, *told[number % len(told)], paragraphs) for number in range(count))


def _item(number: int, title: str, lead: str, paragraphs: list[str]) -> Item:
    chosen = random.Random(number).sample(paragraphs, PARAGRAPHS)
    moment = NOW - timedelta(hours=number)
    picture = MediaObject(
        url=f"http://127.0.0.1:8801/anh/{number}.jpg", kind="image", mime="image/jpeg", length=48_000, caption=lead
    )
    return Item(
        id=f"tag:example.org,2026:mau/{number}", keys=(f"url:mau/{number}",), source="mau",
        url=f"http://127.0.0.1:8801/tin/{number}", title=f"{title} ({number})", summary=lead,
        html="".join(f"<p>{paragraph}</p>" for paragraph in chosen), text="\n".join(chosen),
        authors=(Author(name="Hà My", organisation="Trung tâm Văn hóa"),), published=moment, precision="minute",
        first_seen=moment, shown=moment, updated=moment, categories=("trang-chu",), media=(picture,),
        fingerprint=str(number),
    )  # fmt: skip

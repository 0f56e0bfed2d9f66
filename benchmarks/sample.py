"""A store with sample articles, for benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedsvc.config import parse_config
from feedsvc.model import Author, CategoryState, Item, MediaObject, PollResult
from feedsvc.service import Service
from feedsvc.store import open_store

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SENTENCE = "Bà con các thôn cùng dọn đường, khơi mương và sửa lại mái nhà văn hóa trước khi mùa rét về trên núi cao. "
SOURCE = {"slug": "mau", "title": "Cổng thông tin mẫu", "home": "http://127.0.0.1:8801/"}


@contextmanager
def sample_service(folder: Path, items: int = 50) -> Iterator[Service]:
    """A service over an SQLite file in `folder` that holds `items` articles of one category."""
    config = parse_config({"source": [SOURCE]}, path=folder / "config.toml", text="", environ={})
    store = open_store(config.database)
    try:
        store.sync(config.sources(), config.categories(), NOW)
        (claim,) = store.claim_due(NOW, 1, owner="benchmark")
        state = CategoryState(polled=NOW, next_poll=NOW + timedelta(days=1), outcome="ok", succeeded=NOW)
        new = tuple(_item(number) for number in range(items))
        store.save(
            PollResult(
                source="mau", category="trang-chu", token=claim.token, started=NOW, finished=NOW, outcome="ok", new=new,
                state=state,
            )
        )  # fmt: skip
        yield Service(config, store, lambda: NOW)
    finally:
        store.close()


def _item(number: int) -> Item:
    moment = NOW - timedelta(hours=number)
    picture = MediaObject(
        url=f"http://127.0.0.1:8801/anh/{number}.jpg", kind="image", mime="image/jpeg", length=48_000, caption=SENTENCE
    )
    return Item(
        id=f"tag:example.org,2026:mau/{number}", keys=(f"url:mau/{number}",), source="mau",
        url=f"http://127.0.0.1:8801/tin/{number}", title=f"Thôn số {number} hoàn thành tuyến đường bê tông mới",
        summary=SENTENCE, html=f"<p>{SENTENCE * 5}</p>" * 4, text=SENTENCE * 20,
        authors=(Author(name="Hà My", organisation="Trung tâm Văn hóa"),), published=moment, precision="minute",
        first_seen=moment, shown=moment, updated=moment, categories=("trang-chu",), media=(picture,),
        fingerprint=str(number),
    )  # fmt: skip

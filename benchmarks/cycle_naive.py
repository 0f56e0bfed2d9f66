"""What is plainly written: each list asked in turn, read whole, and each of its lines stored by itself."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup


def naive_chain(file: Path, urls: Sequence[str]) -> tuple[float, float]:
    """Seconds of CPU and of the clock for polling these lists a second time, when everything is known."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE item (url TEXT PRIMARY KEY, title TEXT, seen TEXT)")
        db.commit()
        for _ in range(2):
            cpu, wall = time.process_time(), time.monotonic()
            for url in urls:
                _poll(db, url)
    return time.process_time() - cpu, time.monotonic() - wall


def _poll(db: sqlite3.Connection, url: str) -> None:
    answer = requests.get(url, timeout=20)
    answer.raise_for_status()
    for link in BeautifulSoup(answer.content, "lxml").select("h3 a"):
        found = (urljoin(url, str(link["href"])), link.get_text(" ", strip=True))
        db.execute(
            "INSERT INTO item VALUES (?, ?, datetime()) ON CONFLICT (url) DO UPDATE SET title = excluded.title", found
        )
        db.commit()

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from feedsvc.model import Query
from feedsvc.store import open_store
from feedsvc.store.tables import deliveries, item_categories, item_keys, items, revisions

KILLS = 6
BOTH = Query(categories=(("sapa", "tin-tuc"), ("sapa", "du-lich")))


def _killed(url: str, run: int, lines: int, spin: int) -> int:
    """Run polls until so many are told, a little longer, then kill -9; give the last number that was told."""
    script = Path(__file__).with_name("poll_forever.py")
    child = subprocess.Popen([sys.executable, str(script), url, str(run)], stdout=subprocess.PIPE, text=True)
    told = [child.stdout.readline() for _ in range(lines)]
    for _ in range(spin):  # so that the kill falls anywhere in a poll, not always behind a commit
        pass
    child.kill()
    told += child.communicate()[0].splitlines()
    assert child.returncode == -9
    return max(int(line) for line in told if line.strip())


def _counts(store) -> list[int]:
    with store.database.reading() as db:
        tables = (items, item_keys, item_categories, deliveries, revisions)
        return [db.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables]


def test_kill_leaves_whole_polls(url):
    """However often a poller is killed, what it told as stored is stored, and no poll is stored by half."""
    seed = random.randrange(2**32)
    print("seed", seed)  # noqa: T201 - to repeat a failure
    chance = random.Random(seed)
    for run in range(KILLS):
        told = _killed(url, run, chance.randint(1, 4), chance.randint(0, 600_000))
        store = open_store(url)
        stored = int(store.states()[("sapa", "tin-tuc")].digest)
        assert stored >= told
        assert _counts(store) == [3 * stored, 9 * stored, 6 * stored, 3 * stored, stored - 1]
        found = store.items(BOTH, 10_000)
        assert sorted(item.id for item in found) == sorted(
            f"tag:{n}-{m}" for n in range(1, stored + 1) for m in range(3)
        )
        assert store.revision(BOTH).number == 2 * stored
        store.close()
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert file.execute("PRAGMA foreign_key_check").fetchall() == []

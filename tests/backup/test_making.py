"""A backup holds everything of one moment, is whole or the old one, and tells no secret."""

from __future__ import annotations

import random
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from feedsvc.backup import Contents, KeptFile, back_up, judge
from feedsvc.backup.alone import alone_in
from feedsvc.errors import StoreError
from feedsvc.store import open_store
from feedsvc.store.engine import connect
from feedsvc.store.schema import newest_number

NOTED = Contents(files=(KeptFile(name="config.toml", content='[service]\ntitle = "Tin"\n'),), notes=(("made", "now"),))
BACK_UP_FOREVER = """
import sys
from datetime import timedelta
from pathlib import Path
from feedsvc.backup import Contents, back_up
from feedsvc.store.engine import connect
database = connect(sys.argv[1], timedelta(seconds=5))
number = 0
while True:
    back_up(database, Path(sys.argv[2]), Contents(notes=(("made", str(number)),)))
    number += 1
    print(number, flush=True)
"""
COUNTED = """
SELECT (SELECT max(CAST(digest AS INTEGER)) FROM categories), (SELECT count(*) FROM items),
       (SELECT count(*) FROM item_keys), (SELECT count(*) FROM item_categories), (SELECT count(*) FROM deliveries)
"""


def test_a_backup_holds_every_row_and_the_configuration(world):
    """Every row of every table is in the file, of whichever database, and so is what was to be kept beside them."""
    file = world.folder / "day.backup"
    made = back_up(world.store.database, file, NOTED)
    kept = connect(f"sqlite:///{file}", timedelta(seconds=5))
    assert world.rows(kept) == world.rows(world.store.database)
    kept.close()
    found = judge(file)
    assert (found.items, found.schema, found.contents) == (60, newest_number(), NOTED)
    assert made.size == file.stat().st_size
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_backup_is_of_one_moment_while_polls_are_stored(kind, new_url, tmp_path):
    """Backups made while a poller stores without pause hold whole polls, each one of them."""
    url = new_url(kind)
    script = Path(__file__).parents[1] / "store" / "poll_forever.py"
    poller = subprocess.Popen([sys.executable, str(script), url, "1"], stdout=subprocess.PIPE, text=True)
    for _ in range(3):
        poller.stdout.readline()
    reader = Thread(target=poller.stdout.read, daemon=True)
    reader.start()
    database = connect(url, timedelta(seconds=5))
    numbers = []
    for number in range(6):
        file = tmp_path / f"{number}.backup"
        back_up(database, file, NOTED)
        with closing(sqlite3.connect(file)) as db:
            poll, *counts = db.execute(COUNTED).fetchone()
        assert counts == [3 * poll, 9 * poll, 6 * poll, 3 * poll]
        numbers.append(poll)
    poller.kill()
    poller.wait()
    reader.join()
    poller.stdout.close()
    database.close()
    assert numbers == sorted(numbers)
    assert numbers[-1] > numbers[0]


def test_kill_in_a_backup_leaves_a_whole_one(world, pytestconfig):
    """I15: however often a backup is killed, what stands under its name is the old one or the new one, and whole."""
    file, dice = world.folder / "day.backup", random.Random(15)
    back_up(world.store.database, file, Contents(notes=(("made", "first"),)))
    world.fill(world.store, first=100, count=400)
    expected = judge(file)
    for kill in range(pytestconfig.getoption("--backup-kills", 6)):
        words = [sys.executable, "-c", BACK_UP_FOREVER, world.url, str(file)]
        child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        if kill % 3:  # the others are killed in their very first backup, while an older one is there
            child.stdout.readline()
        Event().wait(dice.uniform(0.0, 0.25) + (0 if kill % 3 else 0.5))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        found = judge(file)  # raises for a file that is not whole
        assert found.items in {expected.items, 460}
        assert found.contents.note("made") in {"first", *map(str, range(1000))}
    back_up(world.store.database, file, NOTED)
    assert sorted(path.name for path in world.folder.iterdir() if "backup" in path.name) == ["day.backup"]


def test_a_full_disk_leaves_the_old_backup(world):
    """Where a backup can't be written to its end, the old one stays, the words tell why, and nothing is left behind."""
    file = world.folder / "day.backup"
    back_up(world.store.database, file, NOTED)
    before = file.read_bytes()
    world.fill(world.store, first=100, count=400)
    script = (
        "import resource, signal, sys; from datetime import timedelta; from pathlib import Path\n"
        "from feedsvc.backup import Contents, back_up; from feedsvc.store.engine import connect\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "database = connect(sys.argv[1], timedelta(seconds=5))\n"
        "with database.reading() as db: db.exec_driver_sql('SELECT 1')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
        "back_up(database, Path(sys.argv[2]), Contents())\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, world.url, str(file)], check=False, capture_output=True, text=True
    )
    assert said.returncode != 0
    assert "feedsvc.errors." in said.stderr
    assert file.read_bytes() == before
    assert sorted(path.name for path in world.folder.iterdir() if "backup" in path.name) == ["day.backup"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("store.db", "is the database itself"), ("store.db-wal", "is the database itself"), ("", "is a folder")],
)
def test_a_backup_never_goes_over_something_else(world, kind, name, words):
    """The database, what SQLite keeps beside it, and folders are refused as places of a backup."""
    if kind == "postgresql" and name:
        return
    with pytest.raises(StoreError, match=words):
        back_up(world.store.database, world.folder / name, NOTED)


def test_a_damaged_database_is_no_backup(tmp_path):
    """What does not hold together is not given the name of a backup: the old one stays."""
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    file = tmp_path / "day.backup"
    back_up(store.database, file, NOTED)
    store.close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        db.execute("INSERT INTO item_categories VALUES (7, 'tin-tuc', 'sapa', '2026', 0, 1)")
        db.commit()
    database = connect(f"sqlite:///{tmp_path / 'store.db'}", timedelta(seconds=5))
    with pytest.raises(StoreError, match="is damaged: item_categories: row 1 has lost its items"):
        back_up(database, file, NOTED)
    database.close()
    assert judge(file).contents == NOTED


def test_two_backups_to_one_folder_do_not_meet(world):
    """Who comes second is told to wait; a dead one holds nobody up."""
    with alone_in(world.folder), pytest.raises(StoreError, match="another backup or restore is at work"):
        back_up(world.store.database, world.folder / "day.backup", NOTED)
    back_up(world.store.database, world.folder / "day.backup", NOTED)

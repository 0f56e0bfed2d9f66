"""A backup put back gives every item under its id, is one step for whoever reads, and makes nothing look new."""

from __future__ import annotations

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import sqlalchemy as sa

from feedsvc.backup import Contents, Manner, back_up, judge, restore
from feedsvc.backup.aftermath import SKIPPED
from feedsvc.errors import LeaseLost, NewerDatabase, StoreError
from feedsvc.model import Beat, PollResult, Query
from feedsvc.store import SqlStore, open_store
from feedsvc.store.engine import connect
from feedsvc.store.schema import migrate
from feedsvc.store.tables import categories, copies, deliveries, item_categories, item_keys, items, subscriptions

SAPA = Query(categories=(("sapa", "tin-tuc"), ("sapa", "du-lich")))
MOVED = ("meta", "categories", "deliveries", "copies")
"""Tables of which a restore changes something, as it must."""
RESTORE = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from feedsvc.backup import Manner, restore
from feedsvc.store.engine import connect
database = connect(sys.argv[1], timedelta(seconds=5))
file, room = Path(sys.argv[2]), Path(sys.argv[3])
print("ready", flush=True)
restore(database, file, room, Manner(now=datetime.now(UTC)))
"""


@pytest.fixture
def backup(world):
    """A backup of the world as it is now."""
    file = world.folder / "day.backup"
    back_up(world.store.database, file, Contents())
    return file


def put_back(world, file, **more):
    """Restores over the world's database."""
    return restore(world.store.database, file, world.folder, Manner(now=world.now, **more))


def ids(store):
    """Every item's id, number and shown date."""
    with store.database.reading() as db:
        return sorted(map(tuple, db.execute(sa.select(items.c.id, items.c.number, items.c.shown))))


def test_the_same_state_gives_the_same_ids_and_bytes(world, backup):
    """Put back over the very state it was made of, a backup changes no row of an item and no byte of a feed."""
    before, feeds = world.rows(world.store.database, MOVED), world.feeds()
    put_back(world, backup)
    assert world.rows(world.store.database, MOVED) == before
    assert world.feeds() == feeds


@pytest.mark.parametrize("other", ["sqlite", "postgresql"])
def test_a_backup_of_one_kind_is_put_back_into_the_other(world, backup, other, new_url):
    """SQLite to PostgreSQL and back: the same rows, the same bytes of feeds, and numbers that go on."""
    feeds, before = world.feeds(), world.rows(world.store.database, MOVED)
    url = new_url(other, "elsewhere")
    database = connect(url, timedelta(seconds=5))
    restore(database, backup, world.folder, Manner(now=world.now))
    assert world.rows(database, MOVED) == before
    moved = world.folder / "moved.toml"
    moved.write_text(world.config.read_text("utf-8").replace(world.url, url), "utf-8")
    assert world.feeds(moved) == feeds
    store = SqlStore(database)
    world.fill(store, first=100, count=1)
    assert max(number for _, number, _ in ids(store)) == 61
    database.close()


def test_items_seen_since_are_gone_and_their_numbers_are_not_given_again(world, backup):
    """What came after the backup is not in the restored state; a number that readers know as an address stays free."""
    world.fill(world.store, first=100, count=5)
    restored = put_back(world, backup)
    assert len(ids(world.store)) == 60
    world.fill(world.store, first=200, count=1)
    assert max(number for _, number, _ in ids(world.store)) == 66
    kept = judge(restored.kept)
    assert kept.items == 65


def test_whoever_has_the_database_open_sees_it_at_once(world, backup):
    """A store that was opened before goes on in the restored state: nobody keeps a file that has no name any more."""
    other = open_store(world.url)
    assert other.count(SAPA) == 60
    world.fill(world.store, first=100, count=5)
    assert other.count(SAPA) == 65
    put_back(world, backup)
    assert other.count(SAPA) == 60
    world.fill(world.store, first=200, count=1)
    assert other.count(SAPA) == 61
    other.close()


def test_revisions_and_dates_only_rise(world, backup):
    """Every sum of revisions is above all before, and the last change is now: no document of before passes for new."""
    queries = [SAPA, Query(categories=(("sapa", "tin-tuc"),)), Query(categories=(("sapa", "du-lich"),))]
    for number in range(3):
        world.fill(world.store, first=100 * number + 100, count=1)
    before = [world.store.revision(query) for query in queries]
    put_back(world, backup)
    for old, query in zip(before, queries, strict=True):
        new = world.store.revision(query)
        assert new.number > old.number
        assert new.changed == world.now >= (old.changed or world.now)
    assert world.store.restored() == world.now


def test_a_category_that_the_backup_does_not_know_counts_on(world, backup):
    """A category that came since the backup begins anew, above the revision that readers saw."""
    with world.store.database.writing() as db:
        row = dict(db.execute(sa.select(categories).where(categories.c.slug == "du-lich")).mappings().one())
        db.execute(sa.insert(categories).values({**row, "slug": "moi", "revision": 41}))
    put_back(world, backup)
    moi = Query(categories=(("sapa", "moi"),))
    assert (world.store.revision(moi).number, world.store.count(moi)) == (42, 0)


def test_chats_get_nothing_that_was_pending(world, backup):
    """Pending deliveries are skipped and listed as that; relays whose receivers know ids again keep theirs."""
    put_back(world, backup, may_repeat=("thu",))
    with world.store.database.reading() as db:
        states = dict(map(tuple, db.execute(sa.select(deliveries.c.relay, deliveries.c.state))))
    assert states == {"nhom": SKIPPED, "thu": "due"}


def test_subscribers_stay_and_lost_copies_are_forgotten(world, backup):
    """Wishes and topics come back; a picture whose file is gone is shown from the portal until it is copied anew."""
    put_back(world, backup)
    assert world.store.outbox.counts(world.now) == (0, 1)
    assert [*world.store.outbox.topics()] == ["https://feeds.example.org/feeds/sapa.rss"]
    with world.store.database.reading() as db:
        assert db.execute(sa.select(sa.func.count()).select_from(copies)).scalar_one() == 0
        assert db.execute(sa.select(sa.func.count()).select_from(subscriptions)).scalar_one() == 0
    put_back(world, backup, has_copy=lambda _: True)
    with world.store.database.reading() as db:
        assert db.execute(sa.select(sa.func.count()).select_from(copies)).scalar_one() == 1


def test_a_poll_that_was_under_way_stores_nothing(world, backup):
    """What was decided over the old state is not stored into the restored one: it is read again."""
    (claim,) = world.store.claim_due(world.now, 1, owner="x", only=("sapa", "tin-tuc"))
    put_back(world, backup)
    late = PollResult(
        source="sapa",
        category="tin-tuc",
        token=claim.token,
        started=world.now,
        finished=world.now,
        outcome="ok",
        state=replace(claim.state, polled=world.now),
    )
    with pytest.raises(LeaseLost):
        world.store.save(late)


def test_kill_in_a_restore_leaves_the_old_or_the_new(world, backup, pytestconfig):
    """However often a restore is killed, the database is the one of before or the restored one, and whole."""
    dice = random.Random(14)
    for kill in range(pytestconfig.getoption("--backup-kills", 6)):
        world.fill(world.store, first=1000 * (kill + 1), count=300)
        before = ids(world.store)
        words = [sys.executable, "-c", RESTORE, world.url, str(backup), str(world.folder)]
        child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        child.stdout.readline()
        Event().wait(dice.uniform(0.0, 0.4))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        found = ids(world.store)
        assert found == before or len(found) == 60
        with world.store.database.reading() as db:
            for table in (item_keys, item_categories):
                assert db.execute(sa.select(sa.func.count(table.c.item.distinct()))).scalar_one() == len(found)
        if world.url.startswith("sqlite"):
            with closing(sqlite3.connect(world.url.removeprefix("sqlite:///"))) as file:
                assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    put_back(world, backup)
    assert len(ids(world.store)) == 60
    assert [path.name for path in world.folder.iterdir() if "restoring" in path.name] == []


def test_an_older_backup_is_brought_up_to_date(world, new_url, tmp_path):
    """A backup of the first schema, and a copy that an upgrade kept, are put back and migrated."""
    old = connect(f"sqlite:///{tmp_path / 'old.db'}", timedelta(seconds=5))
    migrate(old, until="0003")
    with old.writing() as db:
        db.exec_driver_sql(
            "INSERT INTO items (id, source, url, title, summary, html, text, authors, first_seen, shown, updated, revision, "
            "media, language, fingerprint, search, looked) VALUES ('tag:cu', 'sapa', 'u', 't', '', '', '', '[]', "
            "'2026-03-02T05:00:00.000000+00:00', '2026-03-02T05:00:00.000000+00:00', '2026-03-02T05:00:00.000000+00:00', "
            "1, '[]', 'vi', '', '', '2026-03-02T05:00:00.000000+00:00')"
        )
    old.close()
    put_back(world, tmp_path / "old.db")
    assert [one[0] for one in ids(world.store)] == ["tag:cu"]
    assert judge(tmp_path / "old.db").schema == "0003"
    assert list(tmp_path.glob("*.bak")) == []


def broken_pages(file):
    """Spoils the middle of a file."""
    data = bytearray(file.read_bytes())
    data[8192:-8192] = bytes(len(data) - 16384)
    file.write_bytes(data)


def newer(file):
    """Gives a backup a schema of the future."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()


def stranger(file):
    """Another program's database."""
    file.unlink()
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE wp_posts (id INTEGER)")
        db.commit()


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (broken_pages, StoreError, "is damaged"),
        (newer, NewerDatabase, r"made by a newer feedsvc \(schema 9999.*install that version"),
        (stranger, StoreError, "none of feedsvc"),
        (lambda file: file.write_text("Không phải bản sao. " * 99), StoreError, "is no backup"),
        (lambda file: file.write_bytes(file.read_bytes()[:70_000]), StoreError, "is damaged"),
        (lambda file: file.unlink(), StoreError, "can't be read: No such file"),
    ],
)
def test_what_can_t_be_put_back_is_refused_in_words(world, backup, spoil, error, words):
    """A newer, broken, cut, foreign or missing file is told apart, and the database stays as it was."""
    before = ids(world.store)
    spoil(backup)
    with pytest.raises(error, match=words):
        put_back(world, backup)
    assert ids(world.store) == before
    assert [path.name for path in world.folder.iterdir() if "restor" in path.name] == []


def test_a_database_that_can_t_be_read_is_kept_as_it_is(world, backup, kind):
    """Over a file that SQLite can't open a backup is put all the same; every byte of it is kept beside."""
    if kind == "postgresql":
        return
    world.store.close()
    file = world.folder / "store.db"
    file.write_bytes(b"hong" * 5000)
    file.with_name("store.db-wal").write_bytes(b"x" * 99)
    restored = put_back(world, backup)
    assert restored.opened_anew
    assert restored.kept.read_bytes() == b"hong" * 5000
    assert len(ids(world.store)) == 60


def test_another_program_s_database_is_left_alone(world, backup, kind):
    """Tables of somebody else are never written over."""
    if kind == "postgresql":
        return
    world.store.close()
    file = world.folder / "store.db"
    file.unlink()
    stranger_of = sqlite3.connect(file)
    stranger_of.execute("CREATE TABLE wp_posts (id INTEGER)")
    stranger_of.close()
    with pytest.raises(StoreError, match="belongs to another program"):
        put_back(world, backup)


def feedsvc(world, *words):
    """Runs a verb over the world."""
    argv = [sys.executable, "-m", "feedsvc", "--config", str(world.config), *words]
    return subprocess.run(argv, cwd=world.folder, check=False, capture_output=True, text=True)


def test_a_poller_at_work_is_named_and_waited_for(world, backup):
    """While a poller lives, nothing is restored unless it is meant; one that is dead hinders nobody."""
    world.store.beat(Beat(owner=f"{socket.gethostname()}:{os.getpid()}", at=_now()))
    said = feedsvc(world, "restore", str(backup))
    assert said.returncode == 1
    assert f"a poller works on this database: {socket.gethostname()}:{os.getpid()}" in said.stderr
    assert feedsvc(world, "restore", str(backup), "--force").returncode == 0
    world.store.beat(Beat(owner=f"{socket.gethostname()}:4194304", at=_now()))
    assert feedsvc(world, "restore", str(backup)).returncode == 0


def _now():
    """The moment at which the other process asks."""
    return datetime.now(UTC)


def test_a_newer_backup_ends_with_2_and_an_empty_place_gets_its_configuration(world, backup, kind):
    """On a new machine one file is enough: config.toml is written first, then the database that it names."""
    if kind == "postgresql":
        return
    assert feedsvc(world, "backup", "full.backup").returncode == 0
    new = world.folder / "moi"
    new.mkdir()
    text = world.config.read_text("utf-8").replace(world.url, "sqlite:///store.db")
    world.config.write_text(text, "utf-8")
    assert feedsvc(world, "backup", "full.backup").returncode == 0
    argv = [sys.executable, "-m", "feedsvc", "restore", str(world.folder / "full.backup")]
    said = subprocess.run(argv, cwd=new, check=False, capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")
    assert (new / "config.toml").read_text("utf-8") == text
    assert world.feeds(new / "config.toml") == world.feeds()
    newer(backup)
    assert feedsvc(world, "restore", str(backup)).returncode == 2


def test_after_an_upgrade_the_way_back_is_open(world, backup, kind):
    """A database that a newer feedsvc made gives way to an older backup on SQLite; on PostgreSQL it is refused."""
    with world.store.database.writing() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    if kind == "postgresql":
        with pytest.raises(NewerDatabase):
            put_back(world, backup)
        return
    put_back(world, backup)
    open_store(world.url).close()
    assert len(ids(world.store)) == 60

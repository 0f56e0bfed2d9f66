from __future__ import annotations

import os
import resource
import shutil
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from psycopg.errors import DeadlockDetected, SerializationFailure

from feedsvc.errors import Conflict, StoreError
from feedsvc.model import Query
from feedsvc.store import open_store
from feedsvc.store.faults import explained

SHORT = timedelta(milliseconds=100)
QUERY = Query(categories=(("sapa", "tin-tuc"),))
NOBODY = 65534


@contextmanager
def _without_root():
    """Root may write everything: be nobody for a while."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@contextmanager
def _file_size_limit(bytes_: int):
    """Let no file of this process grow further, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_locked_database_is_told(sapa, url, make, now):
    """While another program holds the database, saving fails in words, reading goes on; afterwards all goes on."""
    impatient = open_store(url, patience=SHORT)
    (claim,) = sapa.claim_due(now, 1, owner="x")
    with sapa.database.writing() as db:
        if db.dialect.name == "postgresql":
            db.exec_driver_sql("LOCK TABLE categories IN EXCLUSIVE MODE")
        with pytest.raises(StoreError, match="held by another program"):
            impatient.save(make.poll(claim, now, new=(make.item("a"),)))
        assert impatient.count(QUERY) == 0
    impatient.save(make.poll(claim, now, new=(make.item("a"),)))
    assert impatient.count(QUERY) == 1
    impatient.close()


def test_unwritable_file_is_told(migrated_file):
    """A database that this user may not write is refused with what to do."""
    folder = Path(tempfile.mkdtemp())
    shutil.copy(migrated_file, folder / "store.db")
    (folder / "store.db").chmod(0o444)
    folder.chmod(0o555)
    with _without_root(), pytest.raises(StoreError, match=r"(right|allowed) to write"):
        open_store(f"sqlite:///{folder}/store.db").authority("a,2026")
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_read_only_database_is_still_read(make, now, migrated_file, tmp_path):
    """Where nothing can be written any more, readers go on and savers are told why."""
    shutil.copy(migrated_file, tmp_path / "store.db")
    writable = open_store(f"sqlite:///{tmp_path}/store.db")
    make.synced(writable, make.category())
    make.saved(writable, now, new=(make.item("a"),))
    only_read = open_store(f"sqlite:///file:{tmp_path}/store.db?mode=ro&uri=true")
    assert only_read.count(QUERY) == 1
    with pytest.raises(StoreError, match="can't be written: give the user of feedsvc the right"):
        only_read.authority("feeds.example.org,2026")
    only_read.close()
    writable.close()


def test_full_disk_spoils_one_poll(make, now, migrated_file, tmp_path):
    """On a full disk a poll is lost whole, reading goes on; with room again saving goes on by itself."""
    file = tmp_path / "store.db"
    shutil.copy(migrated_file, file)
    store = open_store(f"sqlite:///{file}")
    make.synced(store, make.category())
    make.saved(store, now, new=(make.item("a"),))
    (claim,) = store.claim_due(now, 1, owner="x", only=("sapa", "tin-tuc"))
    poll = make.poll(claim, now, new=tuple(make.item(f"b{n}", html="x" * 100_000) for n in range(20)))
    with _file_size_limit(500_000):
        with pytest.raises(StoreError, match="the disk is full or fails"):
            store.save(poll)
        assert store.count(QUERY) == 1
    assert store.count(QUERY) == 1
    store.save(poll)
    assert store.count(QUERY) == 21
    with store.database.reading() as db:
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    store.close()


def test_text_that_is_no_unicode(sapa, make, now):
    """A lone surrogate is refused in words, and nothing of its poll is stored."""
    with pytest.raises(StoreError, match="no Unicode"):
        make.saved(sapa, now, new=(make.item("a"), make.item("b", title="\ud800")))
    assert sapa.count(QUERY) == 0


def test_moment_without_zone(sapa, make, now):
    """A time that could mean any hour is never stored."""
    with pytest.raises(StoreError, match="without time zone"):
        make.saved(sapa, now, new=(make.item("a", shown=now.replace(tzinfo=None)),))
    assert sapa.count(QUERY) == 0


@pytest.mark.parametrize(("raised", "kind"), [(DeadlockDetected, Conflict), (SerializationFailure, Conflict)])
def test_lost_races_are_conflicts(raised, kind):
    """Where PostgreSQL lets another transaction win, the poll is told to decide anew."""
    error = sa.exc.OperationalError("INSERT", {}, raised("đã có"))
    assert type(explained(error, "postgresql://db/feeds")) is kind


def test_too_many_at_once():
    """When no connection is free in time, the message says so."""
    told = explained(sa.exc.TimeoutError(), "feedsvc.db")
    assert "all connections to the database feedsvc.db are in use" in str(told)


def test_dropped_connections_are_made_anew(postgresql):
    """After the server cut all connections, the next call works."""
    url = postgresql(migrated=True)
    store, other = open_store(url), open_store(url)
    assert store.states() == {}
    with other.database.writing() as db:
        db.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert store.states() == {}
    store.close()
    other.close()

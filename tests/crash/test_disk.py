"""A full disk, or one that only lets itself be read: readers are served, portals are left alone, and all goes on by itself."""

import asyncio
import os
import resource
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crash.service import FEEDS, Running, asked, configured
from crash.town import CATEGORIES, Server, Town
from loopback import free_port, until

from feedsvc.alarms import of_service
from feedsvc.errors import DiskFull, LeaseLost, StoreError, Unwritable
from feedsvc.headroom import BALLAST, LONGEST, SILENT, Disk, Headroom, shortage, standing, standstill
from feedsvc.model import Beat, Problem
from feedsvc.store import open_store

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
FULL = Problem(code="disk-full", detail="no room")


@pytest.fixture
def small_disk(tmp_path):
    """A real disk of 16 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        reason = (
            f"no disk can be mounted here, the limit on the size of files stands for it alone: {mounted.stderr.strip()}"
        )
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}; run the tests as root")
        pytest.skip(reason)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def all_answer(port: int) -> bool:
    """Whether all feeds are served."""
    return all(asked(port, path)[0] == 200 for path, _ in FEEDS)


def filled(folder: Path) -> Path:
    """Takes all that is left of a disk."""
    path = folder / "fill"
    with path.open("wb", buffering=0) as file:
        for size in (65536, 1024, 1):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    return path


def items(port: int) -> int:
    """How many items the two feeds have."""
    return sum(asked(port, f"/feeds/cong/{slug}.json")[2].count(b'"id":') for slug in CATEGORIES)


def test_a_full_disk_pauses_polling_and_nothing_else(small_disk, tmp_path) -> None:
    """No room: feeds answer, the portal is not asked in vain, the log says why; when there is room, news come by themselves."""
    town, port = Town(), free_port()
    for slug in CATEGORIES:
        town.publish(5, slug)
    with Server(town) as server:
        url = f"sqlite:///{small_disk / 'feedsvc.db'}"
        running = Running(
            configured(tmp_path, url, server.server_port, port, service="least_free = 1024"), port, tmp_path / "log"
        )
        try:
            running.start_web()
            running.start_poller()
            until(lambda: items(port) >= 10, 60, "the first articles are there")
            before = items(port)
            filler = filled(small_disk)
            town.publish(40)
            until(lambda: "paused" in running.log.read_text(), 60, "polling has paused")
            served = town.served
            for _ in range(20):
                assert all_answer(port)
            assert items(port) >= before
            assert town.served - served <= 8, "the portal is asked in vain"
            filler.unlink()
            until(lambda: items(port) >= before + 40, 60, "the news came by themselves")
            assert "resumed" in running.log.read_text()
        finally:
            running.end()
    with_store = open_store(url)
    with with_store.database.reading() as db:
        assert db.exec_driver_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
    with_store.close()


@pytest.fixture
def store(tmp_path):
    """An empty store."""
    found = open_store(f"sqlite:///{tmp_path / 'feedsvc.db'}")
    yield found
    found.close()


def name_of(source: str, key: str, _generation: int) -> str:
    """An id of an alarm."""
    return f"{source}/{key}"


class Timer:
    """A monotonic clock that is moved by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def watch(store, free=lambda _folder: 10**9, url="sqlite:///feedsvc.db"):
    """A watch over a store, with its timer."""
    timer = Timer()
    disk = Disk(url=url, least=1000, free=free)
    return Headroom(
        store=store,
        disk=disk,
        owner="a:1",
        clock=lambda: NOW + timedelta(seconds=timer.seconds),
        make_id=name_of,
        timer=timer,
    ), timer


def polls(headroom: Headroom) -> int:
    """How many polls it lets begin."""
    return asyncio.run(headroom.polls(100))


def test_files_that_may_not_grow_pause_polling(store) -> None:
    """A limit on the size of files is a full disk too: no poll begins until a write of some size goes through."""
    headroom, timer = watch(store)
    assert polls(headroom) == 100
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        with pytest.raises(DiskFull) as full:
            store.beat(Beat(owner="b:2", at=NOW), ballast=BALLAST)
        headroom.failed(full.value)
        assert polls(headroom) == 0
        timer.seconds += 11
        assert polls(headroom) == 0
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    timer.seconds += 11
    assert polls(headroom) == 1, "one poll tries whether it can be stored"
    headroom.stored()
    assert polls(headroom) == 100


def test_too_little_space_pauses_polling_and_is_written_down(store) -> None:
    """Under `least_free` nothing is polled though writes go well, and whoever reads the store learns of it."""
    free = [999]
    headroom, timer = watch(store, lambda _folder: free[0])
    assert polls(headroom) == 0
    assert standstill(store.beats(), None, NOW).code == "disk-full"
    free[0] = 1000
    timer.seconds += 11
    assert polls(headroom) == 1
    assert standstill(store.beats(), None, NOW) is None


def test_tries_grow_rarer_and_never_end(store) -> None:
    """Each poll that could not be stored doubles the pause, up to five minutes."""
    headroom, timer = watch(store)
    polls(headroom)
    pauses = []
    for _ in range(8):
        headroom.failed(DiskFull("no room"))
        begun = timer.seconds
        while polls(headroom) == 0:
            timer.seconds += 5
        pauses.append(timer.seconds - begun)
    assert pauses == sorted(pauses)
    assert pauses[0] <= 10
    assert pauses[-1] == LONGEST.total_seconds()


def test_a_long_pause_is_an_alarm_told_while_it_lasts_and_when_it_is_over(store) -> None:
    """Under the same id, known from the signs alone: so once, though nothing may be written while it lasts."""
    free = [1000]
    headroom, timer = watch(store, lambda _folder: free[0])
    polls(headroom)
    free[0] = 999
    ids = set()
    for seconds in range(10, 26 * 3600, 600):
        timer.seconds = seconds
        assert polls(headroom) == 0
        moment = NOW + timedelta(seconds=seconds)
        if found := standing(store.beats(), None, moment):
            told = of_service(*found, moment, name_of)
            ids.add(told.id)
        assert bool(found) == (seconds > SILENT.total_seconds())
    assert (told.began, told.reminders, told.told) == (NOW, 1, NOW + timedelta(days=1))
    assert store.recent_alarms(since=NOW) == []
    free[0] = 1000
    timer.seconds += 600
    polls(headroom)
    (over,) = store.recent_alarms(since=NOW)
    assert ids == {over.id}
    assert (over.code, over.ended) == ("disk-full", NOW + timedelta(seconds=timer.seconds))
    assert standing(store.beats(), None, over.ended) is None


def test_a_disk_that_takes_no_sign_either_is_an_alarm_with_the_same_id(store) -> None:
    """Where no sign can be written the last one tells since when; the poller that goes on tells the same moment."""
    headroom, timer = watch(store)
    polls(headroom)
    timer.seconds = 5
    headroom.failed(DiskFull("no room"))
    moment = NOW + timedelta(minutes=10)
    seen = of_service(*standing(store.beats(), FULL, moment), moment, name_of)
    timer.seconds = 600
    polls(headroom)
    (over,) = store.recent_alarms(since=NOW)
    assert (over.id, over.began, over.ended) == (seen.id, NOW, moment)


def test_a_short_pause_is_no_alarm(store) -> None:
    """A write that was refused and went through three minutes later at most is told to nobody."""
    headroom, timer = watch(store)
    polls(headroom)
    headroom.failed(DiskFull("no room"))
    timer.seconds = 60
    assert polls(headroom) == 1
    assert store.recent_alarms(since=NOW) == []


def test_silence_of_all_pollers_is_over_with_the_first_sign(store) -> None:
    """While no poller gives a sign it is told by who reads; the poller that begins again stores that it is over."""
    store.beat(Beat(owner="b:2", at=NOW - timedelta(hours=2)))
    found = standing(store.beats(), None, NOW)
    headroom, _timer = watch(store)
    polls(headroom)
    (over,) = store.recent_alarms(since=NOW - timedelta(seconds=1))
    assert (over.id, over.code) == (of_service(*found, NOW, name_of).id, "silent")
    assert (over.began, over.ended) == (NOW - timedelta(hours=2), NOW)


@pytest.mark.parametrize("error", [StoreError("a text that is no Unicode"), LeaseLost("another poller")])
def test_an_item_that_can_not_be_stored_pauses_nobody(store, error) -> None:
    """What is wrong with one poll's own result says nothing of the disk."""
    headroom, _ = watch(store)
    headroom.failed(error)
    assert polls(headroom) == 100


def test_a_database_that_only_lets_itself_be_read_is_told(store, tmp_path) -> None:
    """A write that SQLite refuses as read-only pauses polling; reading goes on."""
    store.beat(Beat(owner="a:1", at=NOW))
    with store.database.writer.connect() as db:
        db.exec_driver_sql("PRAGMA query_only=ON")  # the pool gives this very connection out again
    with pytest.raises(Unwritable, match="can't be written"):
        store.beat(Beat(owner="a:1", at=NOW))
    assert [one.owner for one in store.beats()] == ["a:1"]


def test_space_is_told_in_words() -> None:
    """The sentence names the folder, what is free, and what to do."""
    assert shortage(200, 200, Path("/x")) is None
    assert "1 MiB free, under the 2 MiB" in shortage(1024**2, 2 * 1024**2, Path("/x")).detail
    assert Disk(url="postgresql://a@b/c", least=1, free=lambda _folder: 0).problem() is None
    assert Disk(url="sqlite://", least=1, free=lambda _folder: 0).problem() is None
    assert Disk(
        url="sqlite:///gone/feedsvc.db", least=1, free=lambda _folder: shutil.disk_usage("/gone").free
    ).problem()


@pytest.mark.parametrize(
    ("beats", "short", "code"),
    [
        ([], None, None),
        ([], FULL, "disk-full"),
        ([Beat(owner="a", at=NOW)], None, None),
        ([Beat(owner="a", at=NOW, problem=FULL)], None, "disk-full"),
        ([Beat(owner="b", at=NOW, problem=FULL), Beat(owner="a", at=NOW)], None, None),
        ([Beat(owner="a", at=NOW - SILENT)], None, None),
        ([Beat(owner="a", at=NOW - SILENT - timedelta(seconds=1))], None, "silent"),
        ([Beat(owner="a", at=NOW + timedelta(days=3650))], None, None),
    ],
)
def test_who_only_reads_knows_whether_anybody_polls(beats, short, code) -> None:
    """A standstill is told from signs of life and the disk alone, so also where nothing can be written."""
    found = standstill(beats, short, NOW)
    assert (found.code if found else None) == code


def test_signs_of_life_are_kept_one_a_poller(store) -> None:
    """The last sign of each poller stands, ballast or not, and those of pollers long gone are forgotten."""
    for at in (NOW, NOW + timedelta(minutes=1)):
        store.beat(Beat(owner="a:1", at=at, problem=FULL), ballast=1000)
    store.beat(Beat(owner="b:2", at=NOW + timedelta(minutes=2)))
    assert store.beats() == [
        Beat(owner="b:2", at=NOW + timedelta(minutes=2)),
        Beat(owner="a:1", at=NOW + timedelta(minutes=1), problem=FULL),
    ]
    store.beat(Beat(owner="c:3", at=NOW + timedelta(days=3)))
    assert [one.owner for one in store.beats()] == ["c:3"]

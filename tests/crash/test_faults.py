"""Each step of a round fails in turn: no answer, id or date suffers, and one good round brings what was missed."""

import asyncio
import copy
import itertools
import random
import shutil

import psycopg
import pytest
from crash.rig import FETCH, READ, RENDER, SQL, STORE, Crash, Rig, Steps
from crash.town import CATEGORIES, Server, Town

from feedsvc.errors import (
    Blocked,
    Conflict,
    DiskFull,
    ExtractError,
    LayoutChanged,
    LeaseLost,
    Malformed,
    Refused,
    RenderError,
    StoreError,
    TimedOut,
    TooLarge,
    Unreachable,
)

STRIDE = {FETCH: 4, READ: 4, STORE: 5, SQL: 12, RENDER: 2}
"""Which steps are tried without `--every-fault`: each so many-th, from a random one on."""
COPIES = itertools.count(1)
URL = "http://cong.example/"
FAULTS = {
    FETCH: (
        lambda: TimedOut("hangs", url=URL),
        lambda: Refused("503", url=URL, status=503),
        lambda: Malformed("cut", url=URL),
        lambda: Refused("404", url=URL, status=404),
        lambda: Unreachable("no name", url=URL),
        lambda: TooLarge("bomb", url=URL),
        lambda: Blocked("robots", url=URL),
        lambda: RuntimeError("a mistake of ours"),
        asyncio.CancelledError,
        Crash,
    ),
    READ: (
        lambda: ExtractError("needed more memory than allowed"),
        lambda: LayoutChanged("no list"),
        lambda: RuntimeError("a mistake of ours"),
        asyncio.CancelledError,
        Crash,
    ),
    STORE: (
        lambda: DiskFull("no room"),
        lambda: Conflict("another was first"),
        lambda: StoreError("refused"),
        lambda: LeaseLost("another poller"),
        lambda: RuntimeError("a mistake of ours"),
        asyncio.CancelledError,
        Crash,
    ),
    SQL: (Crash,),
    RENDER: (lambda: RenderError("an item is missing"),),
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def begun(request, tmp_path_factory):
    """A town with a service that has polled it twice: the town, its server, the file and what its reader saw."""
    folder, town = tmp_path_factory.mktemp("begun"), Town()
    for slug in CATEGORIES:
        town.publish(4, slug)
    with Server(town) as server:
        url = f"sqlite:///{folder / 'feedsvc.db'}"
        if request.param == "postgresql":
            url = request.getfixturevalue("postgresql")(migrated=True)
        rig = Rig(folder, url, town, server.server_port)
        rig.open()
        for _ in range(2):
            rig.round()
            rig.look()
        assert not rig.lacking()
        rig.close()
        town.publish(2, CATEGORIES[0])
        town.publish(1, CATEGORIES[1])
        town.edit(4)
        town.rename(8)
        town.list_twice(3)
        town.spell("tracking")
        yield rig


def cases(every: bool, door: str):
    """The faults of a step: all of them, or one, another at each step."""
    kinds = FAULTS[door]
    return lambda n: kinds if every else (kinds[n % len(kinds)],)


def copied(begun: Rig, folder) -> str:
    """The address of a database of its own, with all that has begun."""
    if begun.url.startswith("sqlite"):
        shutil.copy(begun.folder / "feedsvc.db", folder / "feedsvc.db")
        return f"sqlite:///{folder / 'feedsvc.db'}"
    server, _, cluster = begun.url.partition("?")
    where, _, name = server.rpartition("/")
    fresh = f"{name}_{next(COPIES)}"
    with psycopg.connect(f"{where}/postgres?{cluster}", autocommit=True) as db:
        db.execute(f"CREATE DATABASE {fresh} TEMPLATE {name}")
    return f"{where}/{fresh}?{cluster}"


def struck(begun: Rig, folder, fault, at: int, door: str, *, after: bool = False, thorough: bool = False) -> Rig:
    """What became of a service in which one step failed; `steps.reached` is empty when there was no such step.

    `thorough`: corrections of known articles are waited for, too.
    """
    rig = Rig(folder, copied(begun, folder), begun.town, begun.portal, moment=begun.moment)
    rig.witness, rig.tags = copy.deepcopy(begun.witness), dict(begun.tags)
    rig.steps = Steps(at, frozenset({door}), None if door == RENDER else fault, after)
    try:
        try:
            rig.again()
            if door == RENDER:  # who has shown a feed goes on to show it; a new web has nothing to show in its place
                rig.look()
                rig.steps.fault = fault
            rig.round()
        except Crash:
            rig.again()
        rig.look()
        reached, rig.steps.fault = rig.steps.reached, None
        if not reached:
            return rig
        rig.again()
        rig.round()
        rig.look()
        told = f"{getattr(fault, '__name__', fault)} at {door} {at} ({reached})"
        assert not rig.witness.complaints, f"{told}: {rig.witness.complaints}"
        assert not rig.lacking(), f"{told}: {rig.lacking()}"
        for _ in range(8 if thorough else 0):
            if not rig.outdated():
                break
            rig.moment += rig.moment - begun.moment
            rig.round()
            rig.look()
        assert not thorough or not rig.outdated(), f"{told}: {rig.outdated()}"
        assert not rig.witness.complaints, f"{told}: {rig.witness.complaints}"
    finally:
        rig.close()
    return rig


@pytest.mark.parametrize("door", [FETCH, READ, STORE, SQL, RENDER])
def test_a_fault_at_any_step_costs_nothing(request, begun, tmp_path, door) -> None:
    """After a fault at step n, for each n of a round: I1-I8 hold, and one good round later all that is listed is there."""
    every = request.config.getoption("--every-fault")
    chosen = cases(every, door)
    stride = 1 if every else STRIDE[door] * (3 if begun.url.startswith("postgresql") else 1)
    for at in itertools.count(random.randint(1, stride), stride):
        if not all(struck(begun, tmp_path, fault, at, door, thorough=every).steps.reached for fault in chosen(at)):
            break
    print(f"{door}: {at - 1} steps")  # noqa: T201 - the figures of a run
    assert at > {FETCH: 6, READ: 6, STORE: 8, SQL: 20, RENDER: 4}[door]  # the round has steps


def test_a_save_whose_answer_is_lost_is_not_stored_twice(request, begun, tmp_path) -> None:
    """A connection that breaks behind the commit: the poller takes it for a failure, and the next poll doubles nothing."""
    stride = 1 if request.config.getoption("--every-fault") else STRIDE[STORE]
    for at in itertools.count(random.randint(1, stride), stride):
        if not struck(begun, tmp_path, lambda: StoreError("connection lost"), at, STORE, after=True).steps.reached:
            break
    assert at > 8

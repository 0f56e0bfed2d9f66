"""The checker can fail: stores that break one promise on purpose are caught by what readers see (I2-I7, I10).

Each is a short run of polls in this process, scripted so that its mistake comes to light; the true store stands the
same script without a complaint.
"""

import itertools
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from crash.rig import Crash, Rig
from crash.town import CATEGORIES, Server, Town

from feedsvc.errors import StoreError
from feedsvc.model import PollResult
from feedsvc.store.tables import categories, item_categories, items


class Over:
    """A store that does as the true one does."""

    def __init__(self, true) -> None:
        self.true = true

    def __getattr__(self, name: str):
        return getattr(self.true, name)


class Killed(Over):
    """Dies in a save that brings something, before anything is stored."""

    def save(self, result) -> None:
        if result.new:
            raise Crash
        self.true.save(result)


class TwoTransactions(Over):
    """Stores the state of the poll in one transaction and the items in another, and dies in between."""

    def save(self, result) -> None:
        self.true.save(replace(result, new=(), changed=(), seen=()))
        if result.new:
            raise Crash


class ShownBeforeCommit(Killed):
    """Shows readers what it is about to store."""

    def __init__(self, true) -> None:
        super().__init__(true)
        self.about: tuple = ()

    def save(self, result) -> None:
        self.about += tuple(replace(item, number=10**6 + n) for n, item in enumerate(result.new))
        super().save(result)

    def revision(self, query):
        told = self.true.revision(query)
        return replace(told, number=told.number + len(self.about))

    def stretch(self, query, *words, **named):
        found = self.true.stretch(query, *words, **named)
        mine = [item for item in self.about if (item.source, item.categories[0]) in query.categories]
        return replace(found, items=(*mine, *found.items))


class LostCommit(Over):
    """Says that all is stored, and rolls back what a poll brought."""

    def save(self, result) -> None:
        self.true.save(replace(result, new=(), changed=(), seen=()))


class WithoutKeys(Over):
    """Remembers an article under its address alone."""

    def save(self, result) -> None:
        bare = [replace(one, keys=one.keys[:1]) for one in result.new]
        self.true.save(replace(result, new=tuple(bare), seen=tuple(replace(one, keys=()) for one in result.seen)))


class WithoutLease(Over):
    """Stores whatever comes, whoever has the category by now."""

    def save(self, result) -> None:
        own = sa.and_(categories.c.source == result.source, categories.c.slug == result.category)
        with self.true.database.reading() as db:
            token = db.execute(sa.select(categories.c.lease_token).where(own)).scalar_one()
        self.true.save(replace(result, token=token))


class MovedDate(Over):
    """Dates an article anew when it is corrected."""

    def save(self, result) -> None:
        self.true.save(result)
        with self.true.database.writing() as db:
            for item in result.changed:
                number = sa.select(items.c.number).where(items.c.id == item.id).scalar_subquery()
                db.execute(
                    sa.update(item_categories).where(item_categories.c.item == number).values(shown=item.updated)
                )
                db.execute(sa.update(items).where(items.c.id == item.id).values(shown=item.updated))


@pytest.fixture
def rig(tmp_path):
    """A service that has polled a town twice."""
    town = Town()
    for slug in CATEGORIES:
        town.publish(4, slug)
    with Server(town) as server:
        made = Rig(tmp_path, f"sqlite:///{tmp_path / 'feedsvc.db'}", town, server.server_port)
        made.open()
        made.round()
        made.look()
        yield made
        made.close()


def complaints(rig: Rig) -> list[str]:
    """What the checker has to say at the end: of the answers, and of what never came."""
    rig.again()
    rig.round()
    rig.look()
    return rig.witness.complaints + rig.lacking()


def restarted(rig: Rig, wrong) -> None:
    """The next process has that store."""
    rig.wrong = wrong
    rig.again()


def killed(rig: Rig, wrong) -> list[str]:
    """Something new is polled by a process that dies in its save, readers look on, and a sound one follows."""
    restarted(rig, wrong)
    rig.town.publish(1)
    with suppress(Crash):
        rig.round()
    rig.look()
    restarted(rig, Over)
    return complaints(rig)


def test_a_save_in_two_transactions_is_caught(rig) -> None:
    """A poll that is noted as done before its items are stored loses them when it is killed in between."""
    assert killed(rig, TwoTransactions)


def test_what_is_shown_before_it_is_stored_is_caught(rig) -> None:
    """I7: an id that a reader saw and that no commit followed is missed."""
    assert any(told.startswith(("I4", "I3", "I5")) for told in killed(rig, ShownBeforeCommit))


def test_a_sound_store_that_is_killed_is_not_complained_of(rig) -> None:
    """The true store stands the same death."""
    assert not killed(rig, Killed)


@pytest.mark.parametrize(("wrong", "caught"), [(LostCommit, True), (Over, False)])
def test_a_lost_commit_is_caught(rig, wrong, caught) -> None:
    """What was said to be stored and is not never comes to the feeds."""
    restarted(rig, wrong)
    rig.town.publish(1)
    rig.round()
    assert bool(complaints(rig)) is caught


@pytest.mark.parametrize("counted", [True, False])
def test_ids_from_a_counter_are_caught(rig, tmp_path, counted) -> None:
    """I3: after a backup was put back, an article that readers know has another id."""
    if counted:
        numbers = itertools.count()
        rig.make_id = lambda: lambda _source, _key, _generation: f"tag:town,2026:cong/{next(numbers)}"
    rig.again()
    shutil.copy(tmp_path / "feedsvc.db", tmp_path / "backup.db")
    rig.town.publish(1)
    rig.round()
    rig.look()
    rig.close()
    for path in tmp_path.glob("feedsvc.db*"):
        path.unlink()
    shutil.copy(tmp_path / "backup.db", tmp_path / "feedsvc.db")
    rig.witness.there.clear()  # what the backup had not yet is missed until the next poll (I14)
    rig.open()
    rig.round()
    rig.look()
    assert any(told.startswith("I3") for told in rig.witness.complaints) is counted


@pytest.mark.parametrize(("wrong", "caught"), [(WithoutKeys, True), (Over, False)])
def test_forgotten_keys_are_caught(rig, wrong, caught) -> None:
    """I2, I3: an article that is remembered under its address alone comes again when addresses change."""
    restarted(rig, wrong)
    rig.town.publish(2)
    rig.round()
    rig.look()
    rig.town.redesign()
    assert bool(complaints(rig)) is caught


@pytest.mark.parametrize(("wrong", "caught"), [(WithoutLease, True), (Over, False)])
def test_a_lease_that_is_not_checked_is_caught(rig, wrong, caught) -> None:
    """I10: a poller that comes too late takes nothing from the one that has the category now."""
    restarted(rig, wrong)
    (late,) = rig.store.claim_due(rig.now(), 1, owner="a:1", only=("cong", CATEGORIES[0]))
    rig.store.release_owner("a:1")
    (held,) = rig.store.claim_due(rig.now(), 1, owner="b:1", only=("cong", CATEGORIES[0]))
    with suppress(StoreError):
        rig.store.save(nothing_new(rig, late))
    lost = False
    try:
        rig.store.renew(held, rig.now())
    except StoreError:
        lost = True
    assert lost is caught


def nothing_new(rig: Rig, claim):
    """The result of a poll that brought nothing."""
    return PollResult(
        source=claim.source, category=claim.category, token=claim.token, started=rig.now(), finished=rig.now(),
        outcome="unchanged", state=claim.state,
    )  # fmt: skip


@pytest.mark.parametrize(("wrong", "caught"), [(MovedDate, True), (Over, False)])
def test_a_moved_date_is_caught(rig, wrong, caught) -> None:
    """I5: the date under which readers saw an article never moves."""
    restarted(rig, wrong)
    rig.town.edit(4)
    for days in range(1, 6):
        rig.moment += timedelta(days=days)
        rig.round()
        rig.look()
        if not rig.outdated():
            break
    assert not rig.outdated()
    assert bool(rig.witness.complaints) is caught

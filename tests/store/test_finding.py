from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from feedsvc.errors import LeaseLost
from feedsvc.model import DISCOVERY, CategoryState, Found, Problem, Query, Source
from feedsvc.store.claims import LEASE
from feedsvc.store.engine import connect
from feedsvc.store.schema import MIGRATIONS, migrate

WEEK = timedelta(days=7)
HOME = "https://sapa.example.vn/"
SAPA = Source(slug="sapa", title="Sa Pa", home=HOME)


@pytest.fixture
def home(store, make, now):
    """The store with one source whose categories are still to be found; its home page is its one listing."""
    store.sync([SAPA], [make.category(slug="trang-chu", url=HOME)], now, discover={"sapa"})
    return store


def found(slug, now, **more):
    """A category that was found now."""
    plain = Found(slug=slug, title=slug, url=f"{HOME}{slug}", first_found=now, last_found=now)
    return replace(plain, **more)


def discovered(store, now, *some):
    """A discovery claimed and saved."""
    (claim,) = store.claim_due(now, 1, owner="test", only=("sapa", DISCOVERY))
    state = CategoryState(polled=now, next_poll=now + WEEK, outcome="ok", succeeded=now)
    store.save_found(claim, some, state)
    return state


def listed(store, make, now):
    """The slugs that are claimed for polling, in any order."""
    slugs = []
    while claims := store.claim_due(now, 9, owner="test"):
        slugs += [claim.category for claim in claims]
        store.release_owner("test")
        for claim in claims:
            (again,) = store.claim_due(now, 1, owner="test", only=(claim.source, claim.category))
            state = CategoryState(polled=now, next_poll=now + WEEK, outcome="ok")
            if claim.category == DISCOVERY:
                store.save_found(again, (), state)
            else:
                store.save(make.poll(again, now, state=state))
    return sorted(slugs)


def test_discovery_comes_before_the_home_page(home, now):
    """A source without categories is searched before its home page is read as a listing."""
    (claim,) = home.claim_due(now, 9, owner="a")
    assert (claim.source, claim.category) == ("sapa", DISCOVERY)


def test_two_pollers_never_discover_one_source(home, now):
    """While one searches a source, nobody else claims anything of its host."""
    home.claim_due(now, 9, owner="a")
    assert home.claim_due(now, 9, owner="b") == []
    assert home.claim_due(now, 9, owner="b", only=("sapa", DISCOVERY)) == []


def test_found_categories_come_back_equal(home, now):
    """What was found is kept whole and in its order, and stays when it vanishes."""
    some = (
        found("video", now, kind="video"),
        found("tin-tuc", now, title="Tin tức", vanished=now + WEEK),
    )
    discovered(home, now, *some)
    assert home.found() == {"sapa": some}


def test_found_categories_become_the_listings(home, make, now):
    """The categories found are polled from then on, and the home page no more."""
    discovered(home, now, found("tin-tuc", now), found("video", now))
    assert listed(home, make, now) == ["tin-tuc", "video"]


def test_nothing_found_leaves_the_home_page(home, make, now):
    """Where no category is found, the home page stays the one listing."""
    discovered(home, now)
    assert listed(home, make, now) == ["trang-chu"]


def test_restart_keeps_what_was_found(home, make, now):
    """After a restart the categories found before are polled, not the home page."""
    discovered(home, now, found("tin-tuc", now))
    home.sync([SAPA], [make.category(slug="trang-chu", url=HOME)], now, discover={"sapa"})
    assert listed(home, make, now) == ["tin-tuc"]


def test_categories_of_the_file_win(home, make, now):
    """A source that gets categories in the configuration is searched no more, and polls what the file says."""
    discovered(home, now, found("tin-tuc", now))
    home.sync([SAPA], [make.category(slug="du-lich")], now + WEEK)
    assert listed(home, make, now + WEEK) == ["du-lich"]
    assert list(home.found()) == ["sapa"]


def test_state_of_a_discovery_is_kept(home, now):
    """When the next discovery is due, and why the last one failed, is remembered."""
    (claim,) = home.claim_due(now, 1, owner="a", only=("sapa", DISCOVERY))
    problem = Problem(code="timed-out", detail="Cổng không trả lời", url=HOME)
    state = CategoryState(polled=now, next_poll=now + WEEK, outcome="failed", failures=1, problem=problem)
    home.save_found(claim, (), state)
    assert home.states()["sapa", DISCOVERY] == state


def test_lost_lease_stores_nothing(home, now):
    """A discovery whose lease another took stores nothing."""
    (old,) = home.claim_due(now, 1, owner="a", only=("sapa", DISCOVERY))
    home.claim_due(now + LEASE, 1, owner="b", only=("sapa", DISCOVERY))
    with pytest.raises(LeaseLost):
        home.save_found(old, (found("tin-tuc", now),), CategoryState(polled=now))
    assert home.found() == {}


def test_revision_rises_with_what_is_found(home, now):
    """Readers learn of another set of categories by one number, and of nothing when all is as it was."""
    query = Query(categories=(("sapa", DISCOVERY),))
    discovered(home, now, found("tin-tuc", now))
    first = home.revision(query)
    discovered(home, now + WEEK, found("tin-tuc", now, last_found=now + WEEK))
    assert home.revision(query) == first
    discovered(home, now + WEEK, found("tin-tuc", now, vanished=now + WEEK))
    assert home.revision(query).number > first.number


def test_profile_is_kept_with_the_poll(sapa, make, now):
    """What a source has taught is stored with the poll that learned it, and stays when a poll tells nothing of it."""
    assert sapa.profile("sapa") is None
    make.saved(sapa, now, profile='{"a": 1}')
    make.saved(sapa, now)
    assert sapa.profile("sapa") == '{"a": 1}'
    make.saved(sapa, now, profile='{"a":2}')
    assert sapa.profile("sapa") == '{"a":2}'


def test_marks_of_an_unchanged_list_are_kept(sapa, make, now):
    """Shape and digest of the bytes are part of a category's state, until its address changes."""
    state = CategoryState(polled=now, next_poll=now + WEEK, shape="div.a", bytes_digest="d")
    make.saved(sapa, now, state=state)
    assert sapa.states()["sapa", "tin-tuc"] == state
    make.synced(sapa, make.category(url=f"{HOME}moi"))
    moved = sapa.states()["sapa", "tin-tuc"]
    assert (moved.shape, moved.bytes_digest) == ("", "")


def test_first_schema_comes_up_to_date(empty_url, tmp_path, now):
    """A database of the first schema keeps its categories and their states."""
    first = tmp_path / "versions"
    first.mkdir()
    shutil.copy(MIGRATIONS / "versions" / "0001_first.py", first)
    database = connect(empty_url, timedelta(seconds=5))
    migrate(database, first)
    with database.writing() as db:
        db.exec_driver_sql(
            "INSERT INTO categories (source, slug, title, url, host, active, failures, digest, depth, usual, revision) "
            "VALUES ('sapa', 'tin-tuc', 'Tin', 'https://sapa.example.vn/', 'sapa.example.vn:443', true, "
            "2, 'abc', 0, 20, 7)"
        )
    migrate(database)
    with database.reading() as db:
        row = db.exec_driver_sql("SELECT digest, usual, revision, shape, bytes_digest FROM categories").one()
    assert tuple(row) == ("abc", 20, 7, "", "")
    database.close()

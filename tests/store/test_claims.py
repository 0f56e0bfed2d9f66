from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Lock

import pytest

from feedsvc.errors import LeaseLost, StoreError
from feedsvc.model import CategoryState, Problem, Validators
from feedsvc.store import open_store
from feedsvc.store.claims import LEASE, claim_due, host_of

MINUTE = timedelta(minutes=1)


def names(claims):
    """Source and category of each claim."""
    return [(claim.source, claim.category) for claim in claims]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Sapa.example.vn/tin", "sapa.example.vn:443"),
        ("http://sapa.example.vn/tin", "sapa.example.vn:80"),
        ("http://127.0.0.1:8801/tin", "127.0.0.1:8801"),
        ("http://[::1]:8801/tin", "::1:8801"),
        ("folder:documents", ""),
    ],
)
def test_host_and_port(url, host):
    """A host is a name and a port; a folder has none."""
    assert host_of(url) == host


def test_new_category_is_due(store, make, now):
    """A category that the configuration brings is due at once, and not before."""
    make.synced(store, make.category(), at=now)
    assert store.claim_due(now - MINUTE, 5, owner="a") == []
    (claim,) = store.claim_due(now, 5, owner="a")
    assert (claim.source, claim.category, claim.until) == ("sapa", "tin-tuc", now + LEASE)
    assert claim.state == CategoryState(next_poll=now)


def test_one_claim_a_host(store, make, now):
    """No two claims stand on one host and port, whoever asks."""
    make.synced(
        store,
        make.category(slug="a", url="https://one.example.vn/a"),
        make.category(slug="b", url="https://one.example.vn/b"),
        make.category(slug="c", url="https://one.example.vn:8443/c"),
    )
    assert names(store.claim_due(now, 5, owner="x")) == [("sapa", "a"), ("sapa", "c")]
    assert store.claim_due(now, 5, owner="y") == []
    assert store.claim_due(now, 5, owner="y", only=("sapa", "b")) == []


def test_folders_are_apart(store, make, now):
    """Folders share no host: all that are due are given."""
    make.synced(store, make.category(slug="a", url="folder:a"), make.category(slug="b", url="folder:b"))
    assert len(store.claim_due(now, 5, owner="x")) == 2


def test_busy_hosts_wait(store, make, now):
    """A host that the caller names busy is not given."""
    make.synced(store, make.category(url="https://one.example.vn/a"), make.category("bac-ha"))
    assert names(store.claim_due(now, 5, owner="x", busy={"one.example.vn:443"})) == [("bac-ha", "tin-tuc")]


def test_longest_overdue_first(store, make, now):
    """The category that waits longest is claimed first, and no more than asked for."""
    make.synced(store, make.category("som"), at=now - MINUTE)
    make.synced(store, make.category("muon"), make.category("som"), at=now)
    assert names(store.claim_due(now, 1, owner="x")) == [("som", "tin-tuc")]
    assert store.claim_due(now, 0, owner="x") == []


def test_only_ignores_due_times(sapa, make, now):
    """A person may ask for a source or a category before its time."""
    make.saved(sapa, now)
    assert names(sapa.claim_due(now, 5, owner="x", only=("sapa", "tin-tuc"))) == [("sapa", "tin-tuc")]
    assert sapa.claim_due(now, 5, owner="x", only=("khac", None)) == []


def test_expired_lease_is_free(sapa, make, now):
    """A poller that died blocks its host no longer than its lease."""
    sapa.claim_due(now, 5, owner="dead")
    assert sapa.claim_due(now + LEASE - MINUTE, 5, owner="x") == []
    assert len(sapa.claim_due(now + LEASE, 5, owner="x")) == 1


def test_renewed_lease_lasts(sapa, now):
    """A renewed lease has its full length again, for the same claim."""
    (claim,) = sapa.claim_due(now, 5, owner="a")
    longer = sapa.renew(claim, now + 9 * MINUTE)
    assert (longer.token, longer.until, longer.state) == (claim.token, now + 9 * MINUTE + LEASE, claim.state)
    assert sapa.claim_due(now + LEASE + MINUTE, 5, owner="x") == []


def test_lost_lease_is_not_renewed(sapa, now):
    """A lease that ran out can't be renewed: its host may be another's."""
    (claim,) = sapa.claim_due(now, 5, owner="a")
    with pytest.raises(LeaseLost):
        sapa.renew(claim, now + LEASE)


def test_lease_of_a_wrong_clock_binds_nobody(sapa, make, now):
    """After a clock ran years ahead, neither its leases nor its due times stop polling."""
    later = now + timedelta(days=3650)
    make.saved(sapa, later)
    sapa.claim_due(later, 5, owner="dead", only=("sapa", "du-lich"))
    make.synced(sapa, make.category(), make.category(slug="du-lich"), make.category(slug="moi"), at=later)
    make.synced(sapa, make.category(), make.category(slug="du-lich"), make.category(slug="moi"), at=now)
    claims = []
    for _ in range(3):
        (claim,) = sapa.claim_due(now, 5, owner="x")
        claims.append(claim)
        sapa.save(make.poll(claim, now))
    assert sorted(names(claims)) == [("sapa", "du-lich"), ("sapa", "moi"), ("sapa", "tin-tuc")]


def test_released_claim_is_due(sapa, make, now):
    """A claim given back unpolled is due again at once; the state is as it was."""
    make.saved(sapa, now)
    before = sapa.states()[("sapa", "tin-tuc")]
    (claim,) = sapa.claim_due(now, 1, owner="x", only=("sapa", "tin-tuc"))
    sapa.release(claim, now + MINUTE)
    after = sapa.states()[("sapa", "tin-tuc")]
    assert after.next_poll == now + MINUTE
    assert after.polled == before.polled
    assert ("sapa", "tin-tuc") in names(sapa.claim_due(now + MINUTE, 1, owner="x", only=("sapa", "tin-tuc")))


def test_release_of_a_lost_lease_is_silent(sapa, now):
    """Giving back what another holds by now takes nothing from him."""
    (old,) = sapa.claim_due(now, 5, owner="a")
    later = now + LEASE
    (new,) = sapa.claim_due(later, 5, owner="b", only=(old.source, old.category))
    sapa.release(old, later)
    assert sapa.renew(new, later).token == new.token


def test_dead_owner_gives_back_at_once(sapa, make, now):
    """The leases of an owner known to be dead end at once, those of others stand; nothing else changes."""
    make.synced(sapa, make.category(), make.category("bac-ha"))
    (dead,) = sapa.claim_due(now, 1, owner="may-a:1", only=("sapa", None))
    (alive,) = sapa.claim_due(now, 1, owner="may-a:2", only=("bac-ha", None))
    assert sapa.owners(now) == {"may-a:1", "may-a:2"}
    assert sapa.owners(now + LEASE) == set()
    before = sapa.states()
    sapa.release_owner("may-a:1")
    assert sapa.owners(now) == {"may-a:2"}
    assert sapa.states() == before
    with pytest.raises(LeaseLost):
        sapa.save(make.poll(dead, now))
    sapa.save(make.poll(alive, now))


def test_vanished_category_keeps_its_state(sapa, make, now):
    """A category that leaves the configuration is not polled; when it comes back, it goes on where it stood."""
    make.saved(sapa, now)
    state = sapa.states()[("sapa", "tin-tuc")]
    make.synced(sapa, make.category(slug="du-lich"))
    assert list(sapa.states()) == [("sapa", "du-lich")]
    assert sapa.claim_due(now + timedelta(days=1), 5, owner="x", only=("sapa", "tin-tuc")) == []
    make.synced(sapa, make.category(), make.category(slug="du-lich"), at=now + MINUTE)
    assert sapa.states()[("sapa", "tin-tuc")] == state


def test_new_address_forgets_validators(sapa, make, now):
    """Validators of one address are never sent to another; the new one is due at once."""
    state = CategoryState(
        polled=now, next_poll=now + timedelta(hours=1), validators=Validators(etag='"1"'), digest="d", usual=20
    )
    make.saved(sapa, now, state=state)
    make.synced(sapa, make.category(url="https://sapa.example.vn/moi"), at=now + MINUTE)
    moved = sapa.states()[("sapa", "tin-tuc")]
    assert (moved.validators, moved.digest, moved.usual) == (Validators(), "", 20)
    assert moved.next_poll == now + MINUTE


def test_state_comes_back_equal(sapa, make, now):
    """Everything in the state of a category is kept."""
    state = CategoryState(
        polled=now,
        next_poll=now + MINUTE,
        validators=Validators(etag='W/"x"', last_modified="Mon, 02 Mar 2026 05:00:00 GMT"),
        digest="abc",
        depth=2,
        usual=30,
        failures=3,
        outcome="failed",
        succeeded=now - MINUTE,
        problem=Problem(
            code="timed-out", detail="Cổng không trả lời", url="https://x/", retry_after=timedelta(seconds=90.5)
        ),
    )
    make.saved(sapa, now, state=state)
    assert sapa.states()[("sapa", "tin-tuc")] == state
    (claim,) = sapa.claim_due(now, 1, owner="x", only=("sapa", "tin-tuc"))
    assert claim.state == state


def test_authority_is_for_ever(url):
    """The authority of ids is the first one ever given, also after a restart."""
    first = open_store(url)
    assert first.authority("a.example.org,2026") == "a.example.org,2026"
    first.close()
    second = open_store(url)
    assert second.authority("b.example.org,2027") == "a.example.org,2026"
    second.close()


def test_claims_are_given_one_after_the_other(sapa, url, now):
    """Who asks while a claim is being given waits until it stands: two at once could each get one host."""
    impatient = open_store(url, patience=timedelta(milliseconds=100))
    with sapa.database.writing() as db:
        assert claim_due(db, now, 1, owner="a", busy=(), only=("sapa", "tin-tuc"))
        with pytest.raises(StoreError, match="held by another program"):
            impatient.claim_due(now, 1, owner="b", only=("sapa", "du-lich"))
    assert impatient.claim_due(now, 1, owner="b", only=("sapa", "du-lich")) == []
    impatient.close()


def test_threads_never_share_a_host(store, make, now):
    """However many poll at once, no host is ever held by two."""
    make.synced(store, *(make.category(slug=f"c{n}", url=f"https://h{n % 3}.example.vn/{n}") for n in range(9)))
    held, lock, meetings = set(), Lock(), []

    def poll(worker):
        for _ in range(25):
            claims = store.claim_due(now, 1, owner=worker, only=("sapa", None))
            for claim in claims:
                host = int(claim.category[1:]) % 3
                with lock:
                    meetings.extend([host] if host in held else [])
                    held.add(host)
            with lock:
                held.difference_update(int(claim.category[1:]) % 3 for claim in claims)
            for claim in claims:
                store.release(claim, now)
        return len(claims)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(poll, "abcd"))
    assert meetings == []

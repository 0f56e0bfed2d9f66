"""Two and four pollers on one database: each category has one, each host one pace, each article one item (I10)."""

from __future__ import annotations

import signal
from datetime import timedelta

import sqlalchemy as sa
from loopback import until

from feedsvc.model import Query
from feedsvc.store.tables import categories, item_keys, items
from feedsvc.store.tables import pollers as known_pollers

GAP = 0.2
ALL = 24
"""Articles of the four categories."""
TIMING = 0.03
"""A request is noted when the portal reads it: a little after it was sent."""


def names(store):
    """Every category, as a query has them."""
    return tuple(sorted(store.states()))


def stored(store):
    """Ids of all items that readers see."""
    return [item.id for item in store.items(Query(categories=names(store)), 1000)]


def alive(store):
    """How many pollers say that they live and know all others."""
    with store.database.reading() as db:
        rows = db.execute(sa.select(known_pollers)).all()
    return sum(len(row.knows) == len(rows) - 1 for row in rows)


def leases(store):
    """Owner and category of every lease."""
    with store.database.reading() as db:
        held = sa.select(categories.c.lease_owner, categories.c.slug).where(categories.c.lease_owner.is_not(None))
        return [(row.lease_owner, row.slug) for row in db.execute(held)]


def test_i10_pollers_keep_one_pace_and_store_nothing_twice(pollers, hosts, store, url):
    """However many poll, no host is asked twice at once or too soon, pictures' host included; no article comes twice."""
    company, count = pollers(), 2 if url.startswith("sqlite") else 4
    for _ in range(count):
        company.start()
    until(lambda: alive(store) == count, 30, "all pollers know each other")
    found = until(lambda: len(ids := stored(store)) >= ALL and ids, 60, "all articles are stored")
    assert len(set(found)) == len(found) == ALL
    asked = hosts[0].asked("/muc-0-0")
    until(lambda: hosts[0].asked("/muc-0-0") >= asked + 3, 30, "polls go on")
    for host in hosts:
        assert min(host.gaps()) >= GAP - TIMING, sorted(host.visits, key=lambda visit: visit.begun)
    for word in ("is held by another", "not stored", "Traceback", "Conflict"):
        assert word not in company.log()


def test_i10_a_category_is_polled_by_one(pollers, hosts, store):
    """While one poller has a category of a host, no other asks that host for anything, and what comes is stored once."""
    company = pollers(gap=0, every="1s")
    hosts[0].stuck.clear()
    company.start()
    assert hosts[0].reached.wait(30)
    company.start()
    until(
        lambda: len({owner for owner, _ in leases(store)}) >= 1 and hosts[1].asked("/muc-1-1") >= 4, 30, "others go on"
    )
    assert [visit.path for visit in hosts[0].visits if not visit.path.endswith("robots.txt")] == ["/muc-0-0"]
    hosts[0].stuck.set()
    until(lambda: len(stored(store)) == ALL, 30, "all articles are stored")


def test_the_work_of_a_dead_poller_is_taken_over(pollers, hosts, store):
    """A poller that was killed in the midst of a poll leaves nothing half done: another one does its work."""
    company = pollers(gap=0)
    hosts[0].stuck.clear()
    first = company.start()
    assert hosts[0].reached.wait(30)
    first.kill()
    first.wait()
    (held,) = [slug for _, slug in leases(store) if slug.startswith("muc-0")]
    hosts[0].stuck.set()
    company.start()
    until(lambda: len(stored(store)) == ALL, 30, "all articles are stored")
    assert hosts[0].asked(f"/{held}") >= 2


def test_a_poller_that_slept_past_its_lease_stores_nothing(pollers, hosts, store):
    """A poller stopped for longer than its lease finds its category with another: its token fences it off."""
    company = pollers(gap=0)
    hosts[0].stuck.clear()
    first = company.start()
    assert hosts[0].reached.wait(30)
    first.send_signal(signal.SIGSTOP)
    try:
        _pass_time(store, timedelta(minutes=11))
        hosts[0].stuck.set()
        company.start()
        until(lambda: len(stored(store)) == ALL, 40, "another poller stores the articles")
    finally:
        first.send_signal(signal.SIGCONT)
    until(
        lambda: "took" in company.log() and "over; nothing was stored" in company.log(), 30, "the first is fenced off"
    )
    ids = stored(store)
    assert len(ids) == len(set(ids)) == ALL
    with store.database.reading() as db:
        strong = sa.select(item_keys.c.source, item_keys.c.key).where(sa.not_(item_keys.c.weak))
        keys = db.execute(strong).all()
        assert len(keys) == len(set(keys))
        assert db.execute(sa.select(sa.func.count()).select_from(items)).scalar_one() == ALL


def test_what_was_asked_counts_for_all_and_outlives_them(pollers, hosts, store):
    """The ledger of the day adds up what each poller asked, over the ends of processes."""
    company = pollers(gap=0)
    both = [company.start(), company.start()]
    until(lambda: len(stored(store)) == ALL, 60, "all articles are stored")
    for one in both:
        one.terminate()
        one.wait(20)
    days = {line.host: line for line in store.hosts.days(_today(store))}
    for host in hosts:
        assert days[host.pair].requests == len(host.visits)
    assert days[hosts[0].pair].robots == "there is none"
    assert days[hosts[0].pair].delay_reason == "per_host_delay"


def _today(store):
    with store.database.reading() as db:
        polled = db.execute(sa.select(sa.func.max(categories.c.polled))).scalar_one()
    return str(polled)[:10]


def _pass_time(store, passed):
    """Moves the ends of all leases into the past, as if so much time had gone by."""
    with store.database.writing() as db:
        held = sa.select(categories).where(categories.c.lease_until.is_not(None))
        for row in db.execute(held).all():
            own = sa.and_(categories.c.source == row.source, categories.c.slug == row.slug)
            db.execute(sa.update(categories).where(own).values(lease_until=row.lease_until - passed))

"""Many polls stored with one commit: each as if it were alone."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest

from feedsvc.committing import Commits
from feedsvc.errors import Conflict, LeaseLost
from feedsvc.model import Query
from feedsvc.store.claims import LEASE

MINUTE = timedelta(minutes=1)
NAMES = [f"s{number:02}" for number in range(12)]


@pytest.fixture
def many(store, make):
    """A store with twelve portals of a category each."""
    make.synced(store, *(make.category(name) for name in NAMES))
    return store


def titles(store, name):
    """What readers of a portal see."""
    return [item.title for item in store.items(Query(categories=((name, "tin-tuc"),)), 9)]


def item_of(make, name, number=1):
    """An article of a portal."""
    key = f"url:{name}/{number}"
    return make.item(f"{name}-{number}", source=name, keys=(key,))


def test_none_spoils_another(many, make, now):
    """Of polls stored together, one that comes too late and one that met another's article fail alone."""
    late, *claims = many.claim_due(now, 20, owner="x")
    assert len(claims) == 11
    make.saved(many, now + LEASE, source=late.source)
    twice, *others = claims
    bad = item_of(make, twice.source)
    results = [
        make.poll(late, now),
        make.poll(twice, now, new=(bad, make.item("b", source=twice.source, keys=bad.keys))),
        *(make.poll(claim, now, new=(item_of(make, claim.source),)) for claim in others[:5]),
        *(make.poll(claim, now) for claim in others[5:]),
    ]
    told = many.save_all(results)
    assert [type(one) for one in told] == [LeaseLost, Conflict, *[type(None)] * 10]
    assert titles(many, twice.source) == []
    assert all(titles(many, claim.source) for claim in others[:5])
    assert {many.states()[(claim.source, "tin-tuc")].next_poll for claim in others} == {now + 15 * MINUTE}
    assert [claim.source for claim in many.claim_due(now + LEASE + MINUTE, 20, owner="y")] == [twice.source]


def test_a_result_is_stored_once(many, make, now):
    """The same result twice in one go is a lease that has ended."""
    (claim,) = many.claim_due(now, 1, owner="x")
    told = many.save_all([make.poll(claim, now), make.poll(claim, now)])
    assert [type(one) for one in told] == [type(None), LeaseLost]


def test_arrivals_are_numbered_over_all(many, make, now):
    """Articles of polls that are stored together arrive one after the other, and none without a number."""
    claims = many.claim_due(now, 3, owner="x")
    results = [make.poll(claim, now, new=(item_of(make, claim.source),)) for claim in claims]
    assert many.save_all(results) == [None] * 3
    query = Query(categories=tuple((claim.source, "tin-tuc") for claim in claims))
    assert many.archives(query) == 0
    assert len(many.stretch(query, 9, archived=True).items) == 3


async def test_who_waits_is_told_after_the_commit(many, make, now):
    """Polls that end while another is written are stored together, and each goes on when its own is stored."""
    claims = many.claim_due(now, 12, owner="x")
    commits, held, sizes = Commits(many), threading.Event(), []

    class Slow:
        def save(self, result):
            held.wait(10)
            many.save(result)

        def save_all(self, results):
            sizes.append(len(results))
            return many.save_all(results)

    commits.store = Slow()
    first, *others = claims
    tasks = [asyncio.create_task(commits.save(make.poll(first, now)))]
    while commits.writing is None or commits.waiting:  # noqa: ASYNC110 - the loop's next turn, no time
        await asyncio.sleep(0)
    tasks += [asyncio.create_task(commits.save(make.poll(claim, now))) for claim in others]
    while len(commits.waiting) < len(others):  # noqa: ASYNC110 - as above
        await asyncio.sleep(0)
    assert not any(task.done() for task in tasks)
    held.set()
    await asyncio.gather(*tasks)
    assert sizes == [11]
    with pytest.raises(LeaseLost):
        await commits.save(make.poll(claims[0], now))


async def test_a_burst_of_polls_is_stored_with_one_commit(many, make, now):
    """Who ends while others are under way waits for them a moment; who is alone, or the last, is stored at once."""
    claims, sizes = many.claim_due(now, 3, owner="x"), []

    class Counted:
        def save(self, result):
            sizes.append(1)
            many.save(result)

        def save_all(self, results):
            sizes.append(len(results))
            return many.save_all(results)

    commits = Commits(Counted())

    async def poll(claim, pages):
        with commits.coming():
            for _ in range(pages):
                await asyncio.sleep(0)
            await commits.save(make.poll(claim, now))

    await asyncio.gather(*(poll(claim, pages) for pages, claim in enumerate(claims)))
    assert sizes == [3]
    assert commits.under_way == 0


def test_a_host_of_many_hides_no_other(store, make, now):
    """Hundreds of due categories of one host, all due longer, keep no category of another from being claimed."""
    make.synced(
        store, *(make.category(slug=f"c{number}", url=f"https://one.example.vn/{number}") for number in range(300))
    )
    make.synced(
        store,
        *(make.category(slug=f"c{number}", url=f"https://one.example.vn/{number}") for number in range(300)),
        make.category("bac-ha"),
        at=now + MINUTE,
    )
    assert [claim.source for claim in store.claim_due(now + MINUTE, 5, owner="x")] == ["sapa", "bac-ha"]
    assert store.claim_due(now + MINUTE, 5, owner="x") == []

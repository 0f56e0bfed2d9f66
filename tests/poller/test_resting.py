"""A host that is down is asked once at a time, whichever category's turn it is; it recovers by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from feedsvc.errors import FetchError, Refused, Unreachable
from feedsvc.model import Category, Source

HOST = "https://sapa.example.vn"
DAY = timedelta(days=1)
SIX_HOURS = timedelta(hours=6)


async def test_categories_of_a_dead_host_take_turns(bench: Any) -> None:
    """After each has failed once, one probe at a time, in turn; as it goes well, the others follow at once."""
    slugs = ("a", "b", "c")
    listed = {slug: Category(source="sapa", slug=slug, title=slug, url=f"{HOST}/tin-tuc") for slug in slugs}
    bench.store.sync([bench.source], list(listed.values()), bench.now())
    bench.portal.fault = lambda url: Unreachable("no route", url=url)

    async def due() -> str:
        """Goes to the moment of the next poll, polls once, and tells which category it was."""
        states = bench.store.states()
        bench.moment[0] = max(bench.now(), min(one.next_poll for one in states.values()))
        (claim,) = bench.store.claim_due(bench.now(), 9, owner="test")
        await bench.poller.poll(claim, bench.source, listed[claim.category])
        return claim.category

    assert {await due() for _ in slugs} == set(slugs)
    began, asked, probes = bench.now(), len(bench.portal.asked), []
    while bench.now() - began < DAY:
        before = bench.now()
        probes.append(await due())
        assert bench.now() - before > timedelta(minutes=10), "one probe, then a pause"
    assert len(bench.portal.asked) - asked == len(probes) <= 24
    assert {probes.count(slug) for slug in slugs} <= {len(probes) // 3, len(probes) // 3 + 1}, "no category starves"
    bench.portal.fault = lambda _url: None
    first = await due()
    moment = bench.now()
    assert {first, await due(), await due()} == set(slugs)
    assert bench.now() - moment < timedelta(seconds=1)


@pytest.mark.parametrize("jitter", [-1.0, 1.0])
@pytest.mark.parametrize(
    "fault",
    [
        lambda url: Refused(f"{url} answers 503", url=url, status=503),
        lambda url: Unreachable("connection refused", url=url),
    ],
    ids=["503", "refuses"],
)
async def test_a_host_that_fails_for_ever_is_asked_slower_and_never_given_up(
    bench: Any, fault: Callable[[str], FetchError], jitter: float
) -> None:
    """Each source of it goes on at most six hours apart, after days too; one good answer, and it is as before."""
    sources = {slug: Source(slug=slug, title=slug, home=f"{HOST}/") for slug in ("mot", "hai", "ba")}
    listed = {
        (source, slug): Category(source=source, slug=slug, title=slug, url=f"{HOST}/tin-tuc")
        for source in sources
        for slug in ("tin", "anh")
    }
    bench.store.sync(list(sources.values()), list(listed.values()), bench.now())
    bench.poller.jitter = lambda: jitter
    bench.portal.fault = fault
    asked: dict[str, list[datetime]] = {source: [bench.now()] for source in sources}

    async def due() -> None:
        """Goes to the moment of the next poll, and polls."""
        moments = (bench.store.states().get(name) for name in listed)
        bench.moment[0] = max(bench.now(), min(state.next_poll if state else bench.now() for state in moments))
        (claim,) = bench.store.claim_due(bench.now(), 9, owner="test")
        await bench.poller.poll(claim, sources[claim.source], listed[claim.source, claim.category])
        asked[claim.source].append(bench.now())

    began = bench.now()
    while bench.now() - began < 2 * DAY:
        await due()
    for moments in asked.values():
        gaps = [later - earlier for earlier, later in pairwise(moments)]
        assert max(gaps) <= SIX_HOURS, "slower, and no slower than that"
        late = [moment for moment in moments if moment > bench.now() - DAY]
        assert 2 <= len(late) <= 2 * 5, "slower indeed"
    bench.portal.fault = lambda _url: None
    began = bench.now()
    while any(bench.store.states()[name].failures for name in listed):
        await due()
        assert bench.now() - began <= SIX_HOURS, "nobody had to do anything"
    for state in (bench.store.states()[name] for name in listed):
        assert state.outcome in {"ok", "unchanged"}
        assert state.next_poll - state.polled <= listed["mot", "tin"].every

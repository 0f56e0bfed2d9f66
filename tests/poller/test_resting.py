"""A host that is down is asked once at a time, whichever category's turn it is; it recovers by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from feedsvc.errors import Unreachable
from feedsvc.model import Category

HOST = "https://sapa.example.vn"
DAY = timedelta(days=1)


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

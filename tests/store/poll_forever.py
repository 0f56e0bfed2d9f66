"""Polls without end, for tests that kill it: `poll_forever.py URL RUN`.

Poll n brings three items in two categories, changes the first of poll n-1, adds deliveries, and writes n into the
state. After each commit it says the number on a line of its own.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from feedsvc.model import Category, CategoryState, Delivery, Item, PollResult, Query, Seen, Source
from feedsvc.store import open_store

START = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
HOME = "https://sapa.example.vn/"


def item(name: str, at: datetime) -> Item:
    """An article of some length."""
    return Item(
        id=f"tag:{name}",
        keys=(f"url:{name}", f"num:{name}", "title:chung"),
        source="sapa",
        url=HOME + name,
        title=f"Bản tin {name}",
        text=f"Đoạn văn của bản tin {name}. " * 200,
        first_seen=at,
        shown=at,
        updated=at,
        categories=("tin-tuc", "du-lich"),
    )


def poll(n: int, token: str, before: Item | None) -> PollResult:
    """What poll n brings."""
    at = START + timedelta(minutes=n)
    new = tuple(item(f"{n}-{place}", at) for place in range(3))
    changed = () if before is None else (replace(before, title=f"Sửa {before.title}", revision=before.revision + 1),)
    due = tuple(
        Delivery(id=one.id, relay="r", target="t", item_id=one.id, kind="new", revision=1, attempt=0, due=at)
        for one in new
    )
    return PollResult(
        source="sapa",
        category="tin-tuc",
        token=token,
        started=at,
        finished=at,
        outcome="ok",
        new=new,
        changed=changed,
        seen=(Seen(id=new[0].id, looked=at),),
        deliveries=due,
        state=CategoryState(polled=at, next_poll=at, digest=str(n)),
    )


def main(url: str, run: int) -> None:
    """Go on behind what is stored already, until killed."""
    store = open_store(url)
    categories = [Category(source="sapa", slug=slug, title=slug, url=HOME + slug) for slug in ("tin-tuc", "du-lich")]
    store.sync([Source(slug="sapa", title="Sa Pa", home=HOME)], categories, START)
    n = int(store.states()[("sapa", "tin-tuc")].digest or 0)
    while True:
        n += 1
        # Each run is an hour later than the one that was killed, so that its claim has run out.
        (claim,) = store.claim_due(START + timedelta(days=n, hours=run), 1, owner="x", only=("sapa", "tin-tuc"))
        newest = store.items(Query(categories=(("sapa", "tin-tuc"),)), 1)
        store.save(poll(n, claim.token, newest[0] if newest else None))
        print(n, flush=True)  # noqa: T201 - the parent reads it


main(sys.argv[1], int(sys.argv[2]))

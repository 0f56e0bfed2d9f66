"""`python -m benchmarks.store`: what the newest articles and a poll's save cost with ten times as many articles stored.

Two databases of two hundred portals are built, with bodies of a few kilobytes; then rounds take turns between them,
each for another portal. The result is the ratio of the medians.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from benchmarks.cluster import postgresql
from benchmarks.sample import articles
from feedsvc.model import Category, CategoryState, Item, PollResult, Query, Seen, Source
from feedsvc.store import SqlStore, open_store
from feedsvc.store.rows import item_values
from feedsvc.store.tables import item_categories, item_keys, items

PORTALS = 200
BAR = 1.5
NEWS, TOGETHER = 50, 30
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@click.command()
@click.option("--items", "count", type=int, default=100_000, show_default=True, help="Articles of the smaller one.")
@click.option("--times", type=int, default=10, show_default=True, help="How many times as many the larger one has.")
@click.option("--rounds", type=int, default=40, show_default=True)
@click.option("--database", type=click.Choice(["sqlite", "postgresql", "both"]), default="both", show_default=True)
@click.option("--strict", is_flag=True, help="Exit with 1 when a bar is missed.")
def main(count: int, times: int, rounds: int, database: str, *, strict: bool) -> None:
    """Measure how the cost of a query and of a save grows with the number of articles."""
    met = True
    for kind in ("sqlite", "postgresql") if database == "both" else (database,):
        with tempfile.TemporaryDirectory(prefix="feedsvc-store-") as name:
            met = _measure(kind, Path(name), (count, count * times), rounds) and met
    print("every bar is met" if met else "a bar was missed")
    if strict and not met:
        raise SystemExit(1)


def _measure(kind: str, folder: Path, sizes: tuple[int, int], rounds: int) -> bool:
    with ExitStack() as open_ones:
        stores = []
        for size in sizes:
            own = folder / str(size)
            own.mkdir()
            own.chmod(0o755)
            folder.chmod(0o755)
            url = open_ones.enter_context(
                postgresql(own) if kind == "postgresql" else nullcontext(f"sqlite:///{own}/store.db")
            )
            store = open_store(url)
            open_ones.callback(store.close)
            begun = time.monotonic()
            fill(store, size)
            print(f"{kind}: {size} articles built in {time.monotonic() - begun:.0f} s", flush=True)
            stores.append(store)
        return _compare(kind, stores, rounds)


def _compare(kind: str, stores: list[SqlStore], rounds: int) -> bool:
    taken: dict[str, list[list[float]]] = {}
    for number in range(rounds):
        for place, store in enumerate(stores):
            for name, seconds in _round(store, number):
                taken.setdefault(name, [[] for _ in stores])[place].append(seconds)
    met = True
    for name, (small, large) in taken.items():
        few, many = statistics.median(small) * 1000, statistics.median(large) * 1000
        met = met and many / few <= BAR
        print(f"{kind:10} {name:12} {few:8.2f} ms {many:8.2f} ms  ratio {many / few:5.2f}  (bar: {BAR})", flush=True)
    return met


def _round(store: SqlStore, number: int) -> Iterator[tuple[str, float]]:
    slug = f"s{random.Random(number).randrange(PORTALS)}"
    query = Query(categories=((slug, "tin"),))
    known: list[Item] = []
    yield f"newest {NEWS}", _timed(lambda: known.extend(store.items(query, NEWS)))
    some = known[:TOGETHER]
    fresh = [_renamed(item, slug, number) for item in articles(TOGETHER)]
    edited = tuple(replace(item, revision=item.revision + 1, title=f"{item.title}!", updated=NOW) for item in some)
    met = tuple(Seen(id=item.id, keys=item.keys, categories=item.categories, looked=NOW) for item in some)
    for name, parts in (("new", {"new": tuple(fresh)}), ("changed", {"changed": edited}), ("seen", {"seen": met})):
        result = _poll(store, slug, parts)
        yield f"{TOGETHER} {name}", _timed(lambda result=result: store.save(result))  # type: ignore[misc]


def _renamed(item: Item, slug: str, number: int) -> Item:
    name = f"{slug}/{number}/{item.fingerprint}"
    return replace(item, id=f"tag:x,2026:neu/{name}", source=slug, keys=(f"url:neu/{name}",), categories=("tin",))


def _poll(store: SqlStore, slug: str, parts: dict[str, Any]) -> PollResult:
    (claim,) = store.claim_due(NOW, 1, owner="benchmark", only=(slug, "tin"))
    state = CategoryState(polled=NOW, next_poll=NOW + timedelta(days=1), outcome="ok", succeeded=NOW)
    return PollResult(
        source=slug, category="tin", token=claim.token, started=NOW, finished=NOW, outcome="ok", state=state, **parts
    )  # fmt: skip


def _timed(task: Callable[[], object]) -> float:
    begun = time.perf_counter()
    task()
    return time.perf_counter() - begun


def fill(store: SqlStore, count: int) -> None:
    """Stores `count` articles of two hundred portals, a minute apart, the portals in turn."""
    names = [f"s{number}" for number in range(PORTALS)]
    store.sync(
        [Source(slug=name, title=name, home=f"https://{name}.example.vn/") for name in names],
        [Category(source=name, slug="tin", title="Tin", url=f"https://{name}.example.vn/tin") for name in names],
        NOW,
    )
    (template,) = articles(1)
    with store.database.writing() as db:
        _insert(db, template, count)
    with store.database.writing() as db:
        if db.dialect.name == "postgresql":
            db.execute(
                sa.text("SELECT setval(pg_get_serial_sequence('items', 'number'), (SELECT max(number) FROM items))")
            )
            db.execute(sa.text("ANALYZE"))


def _insert(db: sa.Connection, template: Item, count: int) -> None:
    first = sa.select(sa.literal(1).label("n")).cte("seq", recursive=True)
    seq = first.union_all(sa.select(first.c.n + 1).where(first.c.n < count))
    number = sa.cast(seq.c.n, sa.Text)
    source, moment = sa.literal("s") + sa.cast(seq.c.n % PORTALS, sa.Text), _moment(db, seq.c.n)
    values: dict[str, Any] = {
        **{name: sa.literal(value, items.c[name].type) for name, value in item_values(template, NOW).items()},
        "number": seq.c.n, "id": sa.literal("tag:x,2026:") + number, "source": source, "story": sa.literal(""),
        "url": sa.literal("https://example.vn/") + number, "title": sa.literal(f"{template.title} ") + number,
        "first_seen": moment, "shown": moment, "updated": moment, "next_look": moment + _years(db),
    }  # fmt: skip
    if db.dialect.name == "sqlite":
        values["next_look"] = sa.literal("2030-01-01T00:00:00.000000+00:00")
    db.execute(sa.insert(items).from_select(list(values), sa.select(*values.values())))
    key = {"item": seq.c.n, "key": sa.literal("url:example.vn/") + number, "source": source, "weak": sa.false(),
           "position": sa.literal(0)}  # fmt: skip
    db.execute(sa.insert(item_keys).from_select(list(key), sa.select(*key.values())))
    place = {"item": seq.c.n, "category": sa.literal("tin"), "source": source, "shown": moment,
             "position": sa.literal(0), "arrival": seq.c.n}  # fmt: skip
    db.execute(sa.insert(item_categories).from_select(list(place), sa.select(*place.values())))


def _moment(db: sa.Connection, minutes: Any) -> Any:
    """So many minutes after the beginning, as the database keeps moments (store.moments)."""
    if db.dialect.name == "postgresql":
        return sa.literal_column(f"timestamptz '{BEGIN.isoformat()}'") + minutes * sa.literal_column(
            "interval '1 minute'"
        )
    form = "%Y-%m-%dT%H:%M:%S.000000+00:00"
    return sa.func.strftime(form, BEGIN.date().isoformat(), sa.cast(minutes, sa.Text) + sa.literal(" minutes"))


def _years(db: sa.Connection) -> Any:
    return sa.literal_column("interval '10 years'") if db.dialect.name == "postgresql" else sa.literal("")


if __name__ == "__main__":
    main()

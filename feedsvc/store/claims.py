"""Which categories there are, which are due, and who polls them: leases."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from feedsvc.errors import LeaseLost
from feedsvc.model import DISCOVERY
from feedsvc.store import rows
from feedsvc.store.chunks import chunks
from feedsvc.store.tables import categories, items, sources

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from feedsvc.model import Category, CategoryState, Claim

LEASE = timedelta(minutes=10)
"""How long a claim lasts without being renewed (safety.md 10)."""

SKEW = timedelta(minutes=10)
"""How far clocks may lie apart. A moment further ahead was written by a clock that was wrong, and binds nobody."""

CLAIMING_LOCK = 0x66656564_636C6169
"""Number of the advisory lock on PostgreSQL under which claims are given one after the other: "feedclai"."""

PORTS = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """Give `host:port` of a listing's address; "" for a folder, which nobody shares."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        return ""
    return f"{parts.hostname}:{parts.port or PORTS[parts.scheme]}"


def sync(db: sa.Connection, wanted: Iterable[Category], now: datetime) -> None:
    """Make `wanted` the active categories; see `Store.sync`."""
    _sync(db, {(row.source, row.slug): row for row in db.execute(sa.select(categories))}, wanted, now)


def _sync(
    db: sa.Connection, known: Mapping[tuple[str, str], sa.Row[Any]], wanted: Iterable[Category], now: datetime
) -> None:
    configured = {(category.source, category.slug): category for category in wanted}
    fresh: list[dict[str, Any]] = []
    for name in sorted(known.keys() | configured.keys()):
        category, row = configured.get(name), known.get(name)
        if category is None:
            if row is not None and row.active:
                _write(db, name, {"active": False})
        elif row is None:
            fresh.append(_fresh(category, now))
        else:
            values = _described(category) | _restarted(row, category, now)
            if any(getattr(row, column) != value for column, value in values.items()):
                _write(db, name, values)
    if fresh:
        db.execute(sa.insert(categories), fresh)


def one_at_a_time(db: sa.Connection) -> None:
    """Without it two pollers could each lease one category of the same host. On SQLite writers are alone anyway."""
    if db.dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(CLAIMING_LOCK)))


def check_lease(db: sa.Connection, source: str, slug: str, token: str) -> None:
    """Lock the rows of a source, in one order, so that two saves never wait for each other. Raises LeaseLost."""
    if lock(db, [source]).get((source, slug)) != token:
        raise lease_lost(source, slug)


def lease_lost(source: str, slug: str) -> LeaseLost:
    """Say that a result comes too late."""
    return LeaseLost(f"another poller took {source}/{slug} over; nothing was stored")


def lock(db: sa.Connection, names: Collection[str]) -> dict[tuple[str, str], str | None]:
    """Lock the rows of sources, in one order; give the tokens of their leases. `names` are as many as one statement."""
    locked = (
        sa.select(categories.c.source, categories.c.slug, categories.c.lease_token)
        .where(categories.c.source.in_(sorted(set(names))))
        .order_by(categories.c.source, categories.c.slug)
        .with_for_update()
    )
    return {(row.source, row.slug): row.lease_token for row in db.execute(locked)}


def list_found(db: sa.Connection, source: str, wanted: Sequence[Category], now: datetime) -> None:
    """Make `wanted` the listings of one source that are polled, the source itself left as it is."""
    of_source = sa.select(categories).where(categories.c.source == source, categories.c.slug != DISCOVERY)
    known = {(row.source, row.slug): row for row in db.execute(of_source)}
    _sync(db, known, wanted, now)


def claim_due(
    db: sa.Connection,
    now: datetime,
    limit: int,
    *,
    owner: str,
    busy: Collection[str],
    only: tuple[str, str | None] | None,
) -> list[Claim]:
    """Lease due categories, one a host, the longest overdue first; see `Store.claim_due`."""
    one_at_a_time(db)
    taken = set(busy) | {row.host for row in db.execute(sa.select(categories.c.host).where(_leased(now)))} - {""}
    found: list[sa.Row[Any]] = []
    for row in _due_rows(db, now, taken, limit) if only is None else _wanted_rows(db, now, only):
        if len(found) >= limit:
            break
        if row.host and row.host in taken:
            continue
        taken.add(row.host)
        found.append(row)
    return _lease_all(db, found, now, owner)


def renew(db: sa.Connection, claim: Claim, now: datetime) -> Claim:
    """Lengthen a live lease; an expired one is lost, as its host may be another's by now."""
    until = now + LEASE
    lengthened = sa.update(categories).where(_held(claim), _leased(now)).values(lease_until=until)
    if db.execute(lengthened).rowcount != 1:
        raise LeaseLost(f"the claim on {claim.source}/{claim.category} ran out before it was renewed")
    return replace(claim, until=until)


def release(db: sa.Connection, claim: Claim, now: datetime) -> None:
    """Give a claim back; see `Store.release`."""
    sooner = sa.case((categories.c.next_poll < now, categories.c.next_poll), else_=sa.bindparam("now", now))
    db.execute(sa.update(categories).where(_held(claim)).values(NO_LEASE | {"next_poll": sooner}))


def owners(db: sa.Connection, now: datetime) -> set[str]:
    """Give the owners of live leases."""
    return {row.lease_owner for row in db.execute(sa.select(categories.c.lease_owner).where(_leased(now)))}


def release_owner(db: sa.Connection, owner: str) -> None:
    """End all leases of an owner; see `Store.release_owner`."""
    db.execute(sa.update(categories).where(categories.c.lease_owner == owner).values(NO_LEASE))


def any_due(db: sa.Connection, now: datetime) -> bool:
    """Whether something may be due: a look that takes no lock, for the many ticks at which nothing is."""
    found = (sa.exists().where(categories.c.active, due) for due in _due(now))
    return bool(db.execute(sa.select(sa.or_(*found))).scalar_one())


def states(db: sa.Connection) -> dict[tuple[str, str], CategoryState]:
    """Give the state of every active category."""
    chosen = sa.select(categories).where(categories.c.active)
    return {(row.source, row.slug): rows.state_from(row) for row in db.execute(chosen)}


def retired(db: sa.Connection) -> set[tuple[str, str]]:
    """Give the categories that were polled once and are not wanted any more."""
    chosen = sa.select(categories.c.source, categories.c.slug).where(
        sa.not_(categories.c.active), categories.c.polled.is_not(None), categories.c.slug != DISCOVERY
    )
    return {(row.source, row.slug) for row in db.execute(chosen)}


NO_LEASE: dict[str, Any] = {"lease_token": None, "lease_owner": None, "lease_until": None}


def _leased(now: datetime) -> sa.ColumnElement[bool]:
    return categories.c.lease_until.between(now + timedelta(microseconds=1), now + LEASE + SKEW)


def _held(claim: Claim) -> sa.ColumnElement[bool]:
    return sa.and_(
        categories.c.source == claim.source,
        categories.c.slug == claim.category,
        categories.c.lease_token == claim.token,
    )


def _free(now: datetime) -> sa.Select[Any]:
    return sa.select(categories).where(categories.c.active, sa.not_(sa.func.coalesce(_leased(now), sa.false())))


def _wanted_rows(db: sa.Connection, now: datetime, only: tuple[str, str | None]) -> Iterable[sa.Row[Any]]:
    """Find what a person asks for, locking rows in the order in which saves do, so that nobody waits in a ring."""
    source, slug = only
    chosen = _free(now).where(categories.c.source == source)
    chosen = chosen if slug is None else chosen.where(categories.c.slug == slug)
    ordered = chosen.order_by(categories.c.source, categories.c.slug)
    return sorted(db.execute(ordered.with_for_update()).all(), key=_overdue)


def _due_rows(db: sa.Connection, now: datetime, taken: Collection[str], limit: int) -> Iterable[sa.Row[Any]]:
    """Find what is due on hosts that are not taken, the longest overdue first; no more than is asked for is read.

    `taken` may grow meanwhile. A row that is being saved just now is left for the next time.
    """
    place = (categories.c.next_poll, categories.c.source, categories.c.slug)
    for due in _due(now):
        portion, behind = 2 * limit + 10, due
        while True:
            chosen = _free(now).where(due, behind, categories.c.host.not_in(sorted(taken)))
            found = db.execute(chosen.order_by(*place).limit(portion).with_for_update(skip_locked=True)).all()
            yield from found
            if len(found) < portion:
                break
            last = found[-1]  # a host with very many categories may fill a portion
            behind = _behind(last)
            portion *= 2


def _behind(last: sa.Row[Any]) -> sa.ColumnElement[bool]:
    """What follows a row in the order of `_due_rows`."""
    names = (categories.c.source, categories.c.slug)
    if last.next_poll is None:
        return sa.tuple_(*names) > (last.source, last.slug)
    return sa.tuple_(categories.c.next_poll, *names) > (last.next_poll, last.source, last.slug)


def _due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Whether a category is due, in the order in which they are claimed; an index answers each.

    Never planned; the time has come; the last poll lies in the future: then the clock was wrong and is right again.
    """
    planned = categories.c.next_poll
    ahead = sa.and_(categories.c.polled > now + SKEW, planned > now)
    return planned.is_(None), planned <= now, ahead


def _overdue(row: sa.Row[Any]) -> tuple[bool, Any, str, str]:
    """Sort by due time, never planned ones first; names make the order the same each time."""
    return row.next_poll is not None, row.next_poll, row.source, row.slug


def _lease_all(db: sa.Connection, found: Sequence[sa.Row[Any]], now: datetime, owner: str) -> list[Claim]:
    """Lease the categories of these rows, and tell what their polls will ask for."""
    if not found:
        return []
    until, names = now + LEASE, sorted({row.source for row in found})
    tokens = [uuid.uuid4().hex for _ in found]
    db.execute(
        sa.update(categories)
        .where(categories.c.source == sa.bindparam("of"), categories.c.slug == sa.bindparam("named"))
        .values(lease_token=sa.bindparam("token"), lease_owner=owner, lease_until=until),
        [{"of": row.source, "named": row.slug, "token": token} for row, token in zip(found, tokens, strict=True)],
    )
    profiles, looks = _profiles(db, names), _with_looks(db, names, now)
    return [
        rows.claim_from(row, token, until, profile=profiles.get(row.source), looks=row.source in looks)
        for row, token in zip(found, tokens, strict=True)
    ]


def _profiles(db: sa.Connection, names: Sequence[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for some in chunks(names):
        asked = sa.select(sources.c.slug, sources.c.profile).where(sources.c.slug.in_(some))
        found.update({row.slug: row.profile for row in db.execute(asked)})
    return found


def _with_looks(db: sa.Connection, names: Sequence[str], now: datetime) -> set[str]:
    """Find the sources of which some item is due for another look."""
    found: set[str] = set()
    for some in chunks(names):
        due = sa.select(items.c.source).where(items.c.source.in_(some), items.c.next_look <= now).distinct()
        found.update(db.execute(due).scalars())
    return found


def _write(db: sa.Connection, name: tuple[str, str], values: dict[str, Any]) -> None:
    source, slug = name
    db.execute(sa.update(categories).where(categories.c.source == source, categories.c.slug == slug).values(values))


def _described(category: Category) -> dict[str, Any]:
    return {"title": category.title, "url": category.url, "host": host_of(category.url), "active": True}


def _fresh(category: Category, now: datetime) -> dict[str, Any]:
    counters = {"failures": 0, "digest": "", "depth": 0, "usual": 0, "revision": 0, "shape": "", "bytes_digest": ""}
    return {"source": category.source, "slug": category.slug, "next_poll": now, **_described(category), **counters}


def _restarted(row: sa.Row[Any], category: Category, now: datetime) -> dict[str, Any]:
    """Forget validators and digest of another address, and due times that a clock ran ahead of."""
    if row.url != category.url:
        forgotten = {"etag": None, "last_modified": None, "digest": "", "shape": "", "bytes_digest": ""}
        return {"next_poll": now, **forgotten}
    if row.polled is None and row.next_poll is not None and row.next_poll > now:
        return {"next_poll": now}
    return {}

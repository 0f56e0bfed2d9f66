"""Which categories there are, which are due, and who polls them: leases."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from feedsvc.errors import LeaseLost
from feedsvc.model import DISCOVERY
from feedsvc.store import rows
from feedsvc.store.tables import categories

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
    for name in sorted(known.keys() | configured.keys()):
        category, row = configured.get(name), known.get(name)
        if category is None:
            if row is not None and row.active:
                _write(db, name, {"active": False})
        elif row is None:
            db.execute(sa.insert(categories).values(_fresh(category, now)))
        else:
            _write(db, name, _described(category) | _restarted(row, category, now))


def one_at_a_time(db: sa.Connection) -> None:
    """Without it two pollers could each lease one category of the same host. On SQLite writers are alone anyway."""
    if db.dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(CLAIMING_LOCK)))


def check_lease(db: sa.Connection, source: str, slug: str, token: str) -> None:
    """Lock the rows of a source, in one order, so that two saves never wait for each other. Raises LeaseLost."""
    locked = (
        sa.select(categories.c.slug, categories.c.lease_token)
        .where(categories.c.source == source)
        .order_by(categories.c.slug)
        .with_for_update()
    )
    tokens = {row.slug: row.lease_token for row in db.execute(locked)}
    if tokens.get(slug) != token:
        raise LeaseLost(f"another poller took {source}/{slug} over; nothing was stored")


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
    claims: list[Claim] = []
    for row in sorted(_candidates(db, now, only), key=_overdue):
        if len(claims) >= limit:
            break
        if row.host and row.host in taken:
            continue
        taken.add(row.host)
        claims.append(_lease(db, row, now, owner))
    return claims


def renew(db: sa.Connection, claim: Claim, now: datetime) -> Claim:
    """Lengthen a live lease; an expired one is lost, as its host may be another's by now."""
    until = now + LEASE
    lengthened = sa.update(categories).where(_held(claim), _leased(now)).values(lease_until=until)
    if db.execute(lengthened).rowcount != 1:
        raise LeaseLost(f"the claim on {claim.source}/{claim.category} ran out before it was renewed")
    return type(claim)(source=claim.source, category=claim.category, token=claim.token, until=until, state=claim.state)


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
    return db.execute(sa.select(categories.c.slug).where(categories.c.active, _due(now)).limit(1)).first() is not None


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


def _candidates(db: sa.Connection, now: datetime, only: tuple[str, str | None] | None) -> Iterable[sa.Row[Any]]:
    """Find what may be claimed, locking rows in the order in which `save` does, so that nobody waits in a ring.

    A row that is being saved just now is left for the next time, unless a person asked for it.
    """
    free = sa.not_(sa.func.coalesce(_leased(now), sa.false()))
    chosen = sa.select(categories).where(categories.c.active, free)
    if only is None:
        chosen = chosen.where(_due(now))
    else:
        source, slug = only
        chosen = chosen.where(categories.c.source == source)
        chosen = chosen if slug is None else chosen.where(categories.c.slug == slug)
    ordered = chosen.order_by(categories.c.source, categories.c.slug)
    return db.execute(ordered.with_for_update(skip_locked=only is None)).all()


def _due(now: datetime) -> sa.ColumnElement[bool]:
    """Whether the time has come, or the last poll lies in the future: then the clock was wrong and is right again."""
    return sa.or_(categories.c.next_poll.is_(None), categories.c.next_poll <= now, categories.c.polled > now + SKEW)


def _overdue(row: sa.Row[Any]) -> tuple[bool, Any, str, str]:
    """Sort by due time, never planned ones first; names make the order the same each time."""
    return row.next_poll is not None, row.next_poll, row.source, row.slug


def _lease(db: sa.Connection, row: sa.Row[Any], now: datetime, owner: str) -> Claim:
    token, until = uuid.uuid4().hex, now + LEASE
    _write(db, (row.source, row.slug), {"lease_token": token, "lease_owner": owner, "lease_until": until})
    return rows.claim_from(row, token, until)


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

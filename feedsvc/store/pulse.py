"""Signs of life of pollers, for who wants to know whether any works: one row in `meta` for each."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedsvc.model import Beat, Problem
from feedsvc.store.dialects import insert
from feedsvc.store.tables import meta

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "beat:"
FORGOTTEN = timedelta(days=1)
"""How long after its last sign a poller is remembered."""


def beat(db: sa.Connection, one: Beat, ballast: int) -> None:
    """Put a sign in the place of the owner's last one; see `Store.beat`."""
    told = {
        "at": one.at.astimezone(UTC).isoformat(),
        "problem": {"code": one.problem.code, "detail": one.problem.detail} if one.problem else None,
        "since": one.since.astimezone(UTC).isoformat() if one.since else None,
    }
    written = insert(db, meta).values(name=PREFIX + one.owner, value=json.dumps(told) + " " * ballast)
    db.execute(written.on_conflict_do_update(index_elements=["name"], set_={"value": written.excluded.value}))


def forget(db: sa.Connection, now: datetime) -> None:
    """Take the signs of pollers out that gave none for long, or whose clock was wrong by as much."""
    old = [one.owner for one in beats(db) if abs(now - one.at) > FORGOTTEN]
    db.execute(sa.delete(meta).where(meta.c.name.in_(PREFIX + owner for owner in old)))


def beats(db: sa.Connection) -> list[Beat]:
    """Give the last sign of each poller; see `Store.beats`."""
    asked = sa.select(meta.c.name, meta.c.value).where(meta.c.name.startswith(PREFIX, autoescape=True))
    found = [(row.name.removeprefix(PREFIX), json.loads(row.value)) for row in db.execute(asked)]
    return sorted((_sign(owner, told) for owner, told in found), key=lambda one: one.at, reverse=True)


def _sign(owner: str, told: Mapping[str, Any]) -> Beat:
    """Read a sign back; those of a release before have no `since`."""
    found, since = told["problem"], told.get("since")
    return Beat(
        owner=owner,
        at=datetime.fromisoformat(told["at"]),
        problem=Problem(code=found["code"], detail=found["detail"]) if found else None,
        since=datetime.fromisoformat(since) if since else None,
    )

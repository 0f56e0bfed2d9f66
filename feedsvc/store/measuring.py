"""What servers said about media files, by the address that was asked for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.model import Measure
from feedsvc.store.chunks import chunks
from feedsvc.store.dialects import insert
from feedsvc.store.tables import measures

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime


def recent(db: sa.Connection, urls: Collection[str], after: datetime) -> dict[str, Measure]:
    """Give what was measured after a moment; see `Store.measures`."""
    asked = {digest(url): url for url in urls}
    found: dict[str, Measure] = {}
    for some in chunks(sorted(asked)):
        chosen = sa.select(measures).where(measures.c.asked.in_(some), measures.c.checked > after)
        for row in db.execute(chosen):
            found[asked[row.asked]] = Measure(
                url=row.url, status=row.status, mime=row.mime, length=row.length, barred=row.barred
            )
    return found


def keep(db: sa.Connection, found: Mapping[str, Measure], now: datetime) -> None:
    """Put measures in the place of older ones; see `Store.save_measures`. One order, so nobody waits in a ring."""
    if not found:
        return
    values = [
        {
            "asked": digest(url),
            "url": one.url,
            "status": one.status,
            "mime": one.mime,
            "length": one.length,
            "checked": now,
            "barred": one.barred,
        }
        for url, one in found.items()
    ]
    values.sort(key=lambda value: str(value["asked"]))
    fresh = insert(db, measures)
    renewed = {name: fresh.excluded[name] for name in ("url", "status", "mime", "length", "checked", "barred")}
    db.execute(fresh.on_conflict_do_update(index_elements=["asked"], set_=renewed), values)


def digest(url: str) -> str:
    """Give what stands for an address of any length in an index: its SHA-256, in hex."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()

"""How far the past of each category has been filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.model import History
from feedsvc.store.dialects import insert
from feedsvc.store.tables import histories

if TYPE_CHECKING:
    from sqlalchemy import Connection


def history(db: Connection, source: str, category: str) -> History:
    """Give where the past of a category stands."""
    asked = sa.select(histories).where(histories.c.source == source, histories.c.category == category)
    row = db.execute(asked).one_or_none()
    if row is None:
        return History()
    return History(url=row.url, pages=row.pages, digest=row.digest, below=row.below, finished=row.finished)


def keep(db: Connection, source: str, category: str, place: History) -> None:
    """Put `place` where the one before stood."""
    values = {
        "source": source,
        "category": category,
        "url": place.url,
        "pages": place.pages,
        "digest": place.digest,
        "below": place.below,
        "finished": place.finished,
    }
    new = insert(db, histories).values(values)
    db.execute(new.on_conflict_do_update(index_elements=["source", "category"], set_=values))

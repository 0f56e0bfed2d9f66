"""What an item was before it was corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.model import Version
from feedsvc.store.rows import media_from
from feedsvc.store.tables import revisions

if TYPE_CHECKING:
    from typing import Any


def versions(db: sa.Connection, number: int) -> list[Version]:
    """Give the earlier states of an item; see `Store.versions`."""
    asked = sa.select(revisions).where(revisions.c.item == number).order_by(revisions.c.revision)
    return [_version(row) for row in db.execute(asked)]


def _version(row: sa.Row[Any]) -> Version:
    return Version(
        revision=row.revision,
        title=row.title,
        summary=row.summary,
        html=row.html,
        text=row.text,
        media=media_from(row.media),
        updated=row.updated,
    )

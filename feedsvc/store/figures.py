"""What monitoring counts in the database: items by category, what waits, how large it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.store.tables import alarms, categories, item_categories

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`items` and `today` are counted by source and category slug; `alarms` are those that last, by their code."""

    items: Mapping[tuple[str, str], int]
    today: Mapping[tuple[str, str], int]
    due: int
    leases: int
    alarms: Mapping[str, int]
    size: int
    schema: str


def figures(db: sa.Connection, now: datetime, today: datetime) -> Figures:
    """Count everything in one transaction; see `Store.figures`. Items are counted in one walk over an index."""
    fresh = sa.func.sum(sa.case((item_categories.c.shown >= today, 1), else_=0))
    names = (item_categories.c.source, item_categories.c.category)
    counted = db.execute(sa.select(*names, sa.func.count(), fresh).group_by(*names)).all()
    lasting = (
        sa.select(alarms.c.code, sa.func.count().label("lasting"))
        .where(alarms.c.ended.is_(None))
        .group_by(alarms.c.code)
    )
    leased = categories.c.lease_until > now
    waits = categories.c.active & (categories.c.next_poll <= now) & (categories.c.lease_until.is_(None) | ~leased)
    return Figures(
        items={(source, slug): count for source, slug, count, _ in counted},
        today={(source, slug): int(some or 0) for source, slug, _, some in counted},
        due=_count(db, waits),
        leases=_count(db, leased),
        alarms={row.code: row.lasting for row in db.execute(lasting)},
        size=int(db.execute(sa.text(_SIZE[db.dialect.name])).scalar_one()),
        schema=str(db.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()),
    )


_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


def _count(db: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    return int(db.execute(sa.select(sa.func.count()).select_from(categories).where(which)).scalar_one())

"""The order in which items came to categories: one rising number over all of them, in the order of commits.

A row comes without a number (0). The transaction numbers its rows as its last step, alone: so whoever reads a number
sees all smaller ones too, and what was counted once is never counted anew.
"""

from __future__ import annotations

import sqlalchemy as sa

from feedsvc.store.tables import item_categories

ARRIVAL_LOCK = 0x66656564_61727276
"""Number of the advisory lock on PostgreSQL under which arrivals are numbered until the commit: "feedarrv"."""

NONE = 0


def number_arrivals(db: sa.Connection) -> None:
    """Number the rows that this transaction put in. It locks nothing else behind this, so nobody waits in a ring."""
    came = db.execute(
        sa.select(item_categories.c.item, item_categories.c.category)
        .where(item_categories.c.arrival == NONE)
        .order_by(item_categories.c.item, item_categories.c.position)
    ).all()
    if not came:
        return
    if db.dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(ARRIVAL_LOCK)))
    last = db.execute(sa.select(sa.func.max(item_categories.c.arrival))).scalar_one()
    numbered = [
        {"of": row.item, "slug": row.category, "place": place} for place, row in enumerate(came, (last or 0) + 1)
    ]
    db.execute(
        sa.update(item_categories)
        .where(item_categories.c.item == sa.bindparam("of"), item_categories.c.category == sa.bindparam("slug"))
        .values(arrival=sa.bindparam("place")),
        numbered,
    )

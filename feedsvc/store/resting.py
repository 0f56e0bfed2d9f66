"""The categories of a host that cannot be reached: they wait while one of them at a time is a probe (safety.md 7, 8).

A portal that is down is not asked for each of its categories by turns: those that failed to reach it as well are put
off to the moment at which this one would be tried again, the one that has waited longest first. It is the probe; the
others follow at once when it goes well, as their time has come, and are put off again when it does not. A category that
has not failed is left alone: it may be that one page alone does not answer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.store.tables import categories

if TYPE_CHECKING:
    from feedsvc.model import PollResult

UNREACHED = frozenset({"unreachable", "timed-out"})
STEP = timedelta(microseconds=1)


def rest(db: sa.Connection, result: PollResult) -> None:
    """Put off the fellows of a category that did not reach its host; its own rows are locked by the caller.

    Costs nothing after any other poll.
    """
    slot, problem = result.state.next_poll, result.problem
    if result.outcome != "failed" or problem is None or problem.code not in UNREACHED or slot is None:
        return
    c = categories.c
    own = sa.select(c.host).where(c.source == result.source, c.slug == result.category).scalar_subquery()
    down = sa.select(c.slug, c.problem, c.next_poll).where(
        c.source == result.source,
        c.slug != result.category,
        c.host == own,
        c.active,
        c.outcome == "failed",
        c.lease_token.is_(None),
    )
    waiting = [row for row in db.execute(down.order_by(c.polled, c.slug)) if row.problem["code"] in UNREACHED]
    for place, row in enumerate(reversed(waiting), 1):
        turn = slot - place * STEP
        if row.next_poll is None or row.next_poll < turn:
            db.execute(
                sa.update(categories).where(c.source == result.source, c.slug == row.slug).values(next_poll=turn)
            )

"""Many polls stored in one transaction: one commit to the disk for all of them, and none spoils another.

Most polls bring nothing but the state of their category: those are one statement. Each of the others stands behind a
savepoint.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.errors import StoreError, Unwritable
from feedsvc.model import PollResult
from feedsvc.store import arriving, rows, saving
from feedsvc.store.chunks import chunks
from feedsvc.store.claims import NO_LEASE, lease_lost, lock
from feedsvc.store.faults import explained
from feedsvc.store.tables import categories

if TYPE_CHECKING:
    from collections.abc import Sequence

TELLING = {"source", "category", "token", "started", "finished", "outcome", "state", "problem"}
"""What a poll that brings nothing says."""
BRINGING = tuple((one.name, one.default) for one in fields(PollResult) if one.name not in TELLING)
if any(default is MISSING for _, default in BRINGING):
    raise AssertionError("what a poll may bring has a default: that it brings nothing")

STATE = (
    sa.update(categories)
    .where(categories.c.source == sa.bindparam("of"), categories.c.slug == sa.bindparam("named"))
    .values({name: sa.bindparam(name) for name in (*rows.state_columns(), *NO_LEASE)})
)


def save_all(db: sa.Connection, results: Sequence[PollResult], place: str) -> list[StoreError | None]:
    """Store polls, and tell of each whether it was: LeaseLost, Conflict or another reason why it was not.

    Raises what ends the whole transaction: then none of them was stored. `place` names the database.
    """
    tokens: dict[tuple[str, str], str | None] = {}
    for some in chunks(sorted({result.source for result in results})):
        tokens |= lock(db, some)
    told: list[StoreError | None] = []
    states: list[rows.Values] = []
    for result in results:
        name = (result.source, result.category)
        if tokens.get(name) != result.token:
            told.append(lease_lost(*name))
            continue
        tokens[name] = None
        if brings_nothing(result):
            states.append({"of": name[0], "named": name[1], **rows.state_values(result.state), **NO_LEASE})
            told.append(None)
        else:
            told.append(_save(db, result, place))
    if states:
        db.execute(STATE, states)
    if None in told:
        arriving.number_arrivals(db)
    return told


def brings_nothing(result: PollResult) -> bool:
    """Whether a poll changes nothing but the state of its category."""
    return all(getattr(result, name) == default for name, default in BRINGING)


def _save(db: sa.Connection, result: PollResult, place: str) -> StoreError | None:
    try:
        with db.begin_nested():
            saving.keep(db, result)
    except Unwritable:
        raise
    except StoreError as error:
        return error
    except sa.exc.StatementError as error:
        found = explained(error, place)
        if isinstance(found, Unwritable):
            raise
        return found
    return None

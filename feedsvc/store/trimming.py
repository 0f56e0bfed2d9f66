"""Texts of old items let go, where somebody wishes that; keys, ids, titles, summaries, dates and media stay for ever.

Only what stands in no window: not among the newest of a category, of which those of any feed over it are some, nor
among those that came last, which stand beside the newest until an archive holds them. Archives tell of the others by
title, summary and link from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.model import WINDOW, Query
from feedsvc.store import items as reading
from feedsvc.store.search import bare_text, searchable
from feedsvc.store.tables import categories, item_categories, items, revisions

if TYPE_CHECKING:
    from datetime import datetime

LARGEST_WINDOW = 2 * WINDOW
"""As many items as a reader can ask a document for."""
AT_ONCE = 100
"""Items of one transaction: polls and readers need not wait for more."""


def trim(db: sa.Connection, source: str, *, before: datetime, now: datetime) -> int:
    """Let the texts of items go that were last changed before a moment; see `Store.trim`."""
    wanted = _old(db, source, before, _shown(db, source))
    if not wanted:
        return 0
    db.execute(
        sa.update(items)
        .where(items.c.number == sa.bindparam("of"), items.c.updated < before)
        .values(html="", text="", trimmed=now, search=sa.bindparam("words"), bare=sa.bindparam("plain")),
        [{"of": row.number, "words": searchable(_words(row)), "plain": bare_text(_words(row))} for row in wanted],
    )
    numbers = [row.number for row in wanted]
    trimmed = sa.select(items.c.number).where(items.c.number.in_(numbers), items.c.trimmed.is_not(None))
    db.execute(sa.update(revisions).where(revisions.c.item.in_(trimmed)).values(html="", text=""))
    _tell(db, source, trimmed)
    return len(wanted)


def _words(row: sa.Row[int, str, str]) -> tuple[str, str]:
    return row.title, row.summary


def _shown(db: sa.Connection, source: str) -> set[int]:
    """Find the items of a source that stand in a window."""
    found: set[int] = set()
    slugs = db.execute(sa.select(categories.c.slug).where(categories.c.source == source)).scalars().all()
    for slug in slugs:
        here = (item_categories.c.source == source, item_categories.c.category == slug)
        last = sa.select(item_categories.c.item).where(*here).order_by(item_categories.c.arrival.desc()).limit(WINDOW)
        found.update(reading.numbers(db, Query(categories=((source, slug),)), LARGEST_WINDOW))
        found.update(db.execute(last).scalars())
    return found


def _old(db: sa.Connection, source: str, before: datetime, shown: set[int]) -> list[sa.Row[int, str, str]]:
    """Find the items whose texts go now, the longest unchanged first: those in windows are passed over."""
    oldest = (
        sa.select(items.c.number, items.c.title, items.c.summary)
        .where(items.c.source == source, items.c.trimmed.is_(None), items.c.updated < before)
        .order_by(items.c.updated)
        .limit(AT_ONCE + len(shown))
    )
    return [row for row in db.execute(oldest) if row.number not in shown][:AT_ONCE]


def _tell(db: sa.Connection, source: str, numbers: sa.Select[int]) -> None:
    """Raise the revision of their categories: documents that hold one of them, archives mostly, are made anew."""
    slugs = sa.select(item_categories.c.category).where(item_categories.c.item.in_(numbers))
    db.execute(
        sa.update(categories)
        .where(categories.c.source == source, categories.c.slug.in_(slugs))
        .values(revision=categories.c.revision + 1)
    )

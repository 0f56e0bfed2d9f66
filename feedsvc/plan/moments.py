"""The moment that feeds show an article at, and when it is looked at again. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedsvc.model import Category, Item
from feedsvc.plan.drafts import Draft
from feedsvc.plan.matching import is_weak

LOOKED_AT_FOR = timedelta(days=30)
SECOND = timedelta(seconds=1)


def shown_in_list(item: Item, draft: Draft, timezone: ZoneInfo) -> datetime:
    """The date that feeds carry (`shown_date`), for an article without a date no later than its place in the list."""
    shown = shown_date(item, draft.position, timezone)
    if draft.below is None or item.published is not None:
        return shown
    return min(shown, draft.below - (draft.position + 1) * SECOND)


def shown_date(item: Item, position: int, timezone: ZoneInfo) -> datetime:
    """The date that feeds carry, decided once (reading.md 6).

    Full time: that time. Day only and first seen on that day, or no date: `first_seen`. Day only and seen later: noon
    of that day. Values that are ours lie a second apart by `position`, so that the order of the listing holds.
    """
    seen = item.first_seen.replace(microsecond=0)
    if item.published is None:
        return seen - position * SECOND
    if item.precision != "day":
        return min(item.published, seen).replace(microsecond=0)
    day = item.published.astimezone(timezone).date()
    if day >= seen.astimezone(timezone).date():
        return seen - position * SECOND
    return datetime.combine(day, time(12), timezone) - position * SECOND


def next_look(item: Item, category: Category, now: datetime) -> datetime | None:
    """None when no look is due any more: a month after first sight.

    Nor for documents, whose digest tells, and for items whose address is another's now.
    """
    if now - item.first_seen > LOOKED_AT_FOR or not has_address(item):
        return None
    return now + max(4 * category.every, (now - item.first_seen) / 2)


def has_address(item: Item) -> bool:
    """Whether it has a page of its own: not a dropped document, nor where another article has taken the address."""
    strong = [key for key in item.keys if not is_weak(key)]
    return bool(strong) and not strong[0].startswith("doc:")

"""Looks at known articles: what one that told nothing new leaves behind, and when an article is withdrawn. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from feedsvc.likeness import words_of
from feedsvc.model import Category, Item, Known, Removal, Seen, Stub
from feedsvc.plan.matching import match
from feedsvc.plan.moments import LOOKED_AT_FOR, has_address, next_look

LOOKS = 3
"""Known articles read again in one poll, to learn of corrections."""
TOGETHER = timedelta(minutes=5)
"""Within what time articles were met by one walk through a list."""
NEIGHBOURS = 20
STEPS = (0, 4, 19)
"""Which of the neighbours of an article that is gone are asked whether the portal answers so for it alone.

Several may have been withdrawn together; so they do not all stand next to each other.
"""
APART = timedelta(hours=1)
"""How far apart two looks lie that find an article gone, before it is withdrawn (relays.md 6)."""
WATCHED = timedelta(days=1)
WATCHED_FOR = timedelta(days=7)
"""How often and how long an article that is gone for sure is looked at, as it may come back."""


def look_later(found: Known, category: Category, now: datetime) -> Seen:
    """A look that told nothing: the item stays as it is, the next look is planned. What is missing is asked soon."""
    item, later = found.item, next_look(found.item, category, now)
    if item.missing is not None and has_address(item):
        later = _doubted(item.missing, now)
    return _looked(found, now, later, missing=item.missing, withdrawn=item.withdrawn)


def look_unchanged(found: Known, category: Category, now: datetime) -> Seen:
    """A look at an article that is there as it was; one that was missing is back."""
    return _looked(found, now, next_look(found.item, category, now))


def look_gone(found: Known, category: Category, now: datetime, *, well: bool, on_removed: Removal) -> Seen:
    """A look at an article whose own addresses answer that nothing is there (404, 410).

    It counts only while the site is `well`, that is, while it answers well for another article that it has had for as
    long. The first such look makes the article missing. The second, at least an hour later, makes it withdrawn where
    that is what `on_removed` wants; else it stays as it is, and only we know (relays.md 6).
    """
    if not well:
        return look_later(found, category, now)
    known = found.item.missing
    missing = known if known is not None and known <= now else now  # a moment ahead was written by a wrong clock
    if now - missing < APART:
        return _looked(found, now, missing + APART, missing=missing, withdrawn=found.item.withdrawn)
    withdrawn = found.item.withdrawn or (now if on_removed == "tombstone" else None)
    later = now + WATCHED if now - missing < WATCHED_FOR else None
    return _looked(found, now, later, missing=missing, withdrawn=withdrawn)


def listed_again(stubs: Iterable[Stub], known: Mapping[str, Known], now: datetime) -> list[tuple[Known, Stub]]:
    """Known articles to look at now because of what a changed list says, with their lines.

    Those that are missing and stand in it nevertheless come first; one that was looked at within the hour waits: a list
    may go on showing what is gone. Then those with another headline, the longest not looked at first.
    """
    found = {one.item.id: (one, stub) for stub in stubs if (one := match(stub.keys, known))}
    missing = [pair for pair in found.values() if pair[0].item.missing and abs(now - pair[0].looked) >= APART]
    renamed = [pair for pair in found.values() if not pair[0].item.missing and _renamed(pair[0].item, pair[1])]
    return [*missing, *sorted(renamed, key=lambda pair: pair[0].looked)]


def _renamed(item: Item, stub: Stub) -> bool:
    """Whether a line has another headline than its article; a short form, as lists have them, is none."""
    said, had = (f" {' '.join(words_of(title))} " for title in (stub.title, item.title))
    return said.strip() != "" and said not in had and had not in said and not stub.title.rstrip().endswith(("…", "..."))


def known_with(item: Item) -> datetime:
    """Until when others must be where they are, to tell whether the site is well for articles like this one."""
    return there_since(item) + TOGETHER


def there_since(item: Item) -> datetime:
    """Since when an article is at its address: one that moved since tells nothing of those that did not."""
    return item.moved or item.first_seen


def witnesses(neighbours: Sequence[Known]) -> list[Known]:
    """Which of the neighbours of an article, the nearest first, are asked whether the site is well otherwise."""
    last = len(neighbours) - 1
    return [neighbours[place] for place in dict.fromkeys(min(step, last) for step in STEPS)] if neighbours else []


def _doubted(missing: datetime, now: datetime) -> datetime | None:
    """The next look at an article that is missing, after one that told nothing: rarer and rarer, for a month."""
    since = abs(now - missing)
    return now + min(max(APART, since / 2), WATCHED) if since < LOOKED_AT_FOR else None


def _looked(
    found: Known,
    now: datetime,
    later: datetime | None,
    missing: datetime | None = None,
    withdrawn: datetime | None = None,
) -> Seen:
    return Seen(
        id=found.item.id,
        looked=now,
        next_look=later,
        validators=found.validators,
        missing=missing,
        withdrawn=withdrawn,
    )

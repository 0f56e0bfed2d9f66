"""What a Query chooses, as conditions in SQL: categories, words, dates, media, and each story once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedsvc.store.search import bared, folded
from feedsvc.store.tables import item_categories, items

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from feedsvc.model import Query

    Condition = sa.ColumnElement[bool]

Belonging = Any
"""`item_categories`, or the same under another name."""


def within(categories: Sequence[tuple[str, str]], belonging: Belonging = item_categories) -> Condition:
    """Whether an item is in one of the categories; of one alone an equality, so that an index gives the order too."""
    name = (belonging.c.source, belonging.c.category)
    if len(categories) == 1:
        return sa.and_(*(column == value for column, value in zip(name, categories[0], strict=True)))
    return sa.tuple_(*name).in_(categories)


def is_whole(query: Query) -> bool:
    """Whether the words of its items do not matter to the query, nor anything else but categories and dates."""
    return not (_words(query) or _phrases(query) or _searched(query) or query.media or query.once)


def without_words(query: Query) -> Query:
    """Give the query of the same categories and dates that `is_whole`."""
    return replace(query, words=(), search="", media=None, once=False)


def fits(query: Query) -> list[Condition]:
    """What the query asks of an item beside its categories and its date."""
    found = _told(query, items)
    found += [items.c.bare.contains(f" {word} ", autoescape=True) for word in _searched(query)]
    if query.media:
        found.append(sa.cast(items.c.media, sa.Text).contains(f'"kind":"{query.media}"'))
    if query.once:
        found.append(sa.or_(items.c.story == "", sa.not_(_told_before(query))))
    return found


def chosen(query: Query, categories: Sequence[tuple[str, str]]) -> sa.Select[int, datetime]:
    """Select number and date of the query's items in `categories`, once for each of these that they are in.

    What is withdrawn is left out by number: its mark stands at the far end of long rows, and few have one.
    """
    withdrawn = sa.select(items.c.number).where(items.c.withdrawn.is_not(None))
    found = sa.select(item_categories.c.item, item_categories.c.shown).where(
        within(categories), item_categories.c.item.not_in(withdrawn)
    )
    if query.since is not None:
        found = found.where(item_categories.c.shown >= query.since)
    if is_whole(query):
        return found
    return found.join(items, items.c.number == item_categories.c.item).where(*fits(query))


def firsts(query: Query) -> sa.Select[int, int]:
    """Select number and arrival of all items in the query's categories, each as it came first, withdrawn ones too.

    Their words do not matter here: by this order archives are counted, so that no edit moves an item in it.
    """
    found = sa.select(item_categories.c.item, item_categories.c.arrival).where(within(query.categories))
    if len(query.categories) == 1:
        return found
    earlier = item_categories.alias("earlier")
    again = sa.exists().where(
        earlier.c.item == item_categories.c.item,
        earlier.c.arrival < item_categories.c.arrival,
        within(query.categories, earlier),
    )
    return found.where(sa.or_(item_categories.c.position == 0, sa.not_(again)))


def _told(query: Query, table: Any) -> list[Condition]:
    """Any of the query's words; none, no condition."""
    said = [table.c.search.contains(word, autoescape=True) for word in _words(query)]
    said += [table.c.bare.contains(f" {phrase} ", autoescape=True) for phrase in _phrases(query)]
    return [sa.or_(*said)] if said else []


def _told_before(query: Query) -> Condition:
    """Whether an item of another portal, with the query's words, came to its categories with the same story before."""
    other, came = items.alias("other"), item_categories.alias("came")
    own = item_categories.alias("own")
    first = (
        sa.select(sa.func.min(own.c.arrival))
        .where(own.c.item == items.c.number, within(query.categories, own))
        .correlate(items)
        .scalar_subquery()
    )
    return (
        sa.select(sa.literal(1))
        .select_from(other.join(came, came.c.item == other.c.number))
        .where(
            other.c.story == items.c.story,
            other.c.source != items.c.source,
            other.c.withdrawn.is_(None),
            within(query.categories, came),
            came.c.arrival < first,
            *_told(query, other),
        )
        .correlate(items)
        .exists()
    )


def _words(query: Query) -> list[str]:
    return [word for word in map(folded, query.words) if word] if query.marks else []


def _phrases(query: Query) -> list[str]:
    return [] if query.marks else [phrase for phrase in map(bared, query.words) if phrase]


def _searched(query: Query) -> list[str]:
    return list(dict.fromkeys(bared(query.search).split()))

"""What sources teach: the categories that were found on them, and their profiles."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.model import DISCOVERY, Category
from feedsvc.store import claims, rows
from feedsvc.store.dialects import insert
from feedsvc.store.tables import categories, found_categories, sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedsvc.model import CategoryState, Claim, Found, Source


def found(db: sa.Connection) -> dict[str, tuple[Found, ...]]:
    """Give the found categories of every source that has any, in the order of the portal."""
    by_source: dict[str, list[Found]] = defaultdict(list)
    ordered = found_categories.c.source, found_categories.c.position, found_categories.c.slug
    for row in db.execute(sa.select(found_categories).order_by(*ordered)):
        by_source[row.source].append(rows.found_from(row))
    return {source: tuple(some) for source, some in by_source.items()}


def save_found(db: sa.Connection, claim: Claim, all_found: Sequence[Found], state: CategoryState) -> None:
    """Store a discovery; see `Store.save_found`."""
    claims.one_at_a_time(db)
    claims.check_lease(db, claim.source, claim.category, claim.token)
    changed = _signs(found(db).get(claim.source, ())) != _signs(all_found)
    for position, one in enumerate(all_found):
        values = rows.found_values(claim.source, one, position)
        new = insert(db, found_categories).values(values)
        db.execute(new.on_conflict_do_update(index_elements=["source", "slug"], set_=values))
    if all_found and state.polled is not None:
        claims.list_found(db, claim.source, [category_of(claim.source, one) for one in all_found], state.polled)
    own = sa.and_(categories.c.source == claim.source, categories.c.slug == claim.category)
    told = {"revision": categories.c.revision + 1, "changed_at": state.polled} if changed else {}
    db.execute(sa.update(categories).where(own).values({**rows.state_values(state), **claims.NO_LEASE, **told}))


def _signs(some: Sequence[Found]) -> list[Found]:
    """Leave out what moves with every discovery."""
    return [replace(one, last_found=one.first_found) for one in some]


def with_found(db: sa.Connection, searched: Sequence[Source], configured: Sequence[Category]) -> list[Category]:
    """Give the categories to poll: of the searched sources what was found on them, and the source itself."""
    known = {} if not searched else found(db)
    replaced = {source.slug: known[source.slug] for source in searched if source.slug in known}
    kept = [category for category in configured if category.source not in replaced]
    listed = [category_of(source, one) for source, some in replaced.items() for one in some]
    return [*kept, *listed, *(_itself(source) for source in searched)]


def _itself(source: Source) -> Category:
    return Category(source=source.slug, slug=DISCOVERY, title=source.title, url=source.home)


def category_of(source: str, one: Found) -> Category:
    """Make the category that a found one is for the claims."""
    return Category(source=source, slug=one.slug, title=one.title, url=one.url, kind=one.kind)


def profile(db: sa.Connection, source: str) -> str | None:
    """Give the profile of a source."""
    return db.execute(sa.select(sources.c.profile).where(sources.c.slug == source)).scalar_one_or_none()


def save_profile(db: sa.Connection, source: str, text: str) -> None:
    """Keep the profile of a source in place of the one before."""
    values = {"slug": source, "profile": text}
    db.execute(insert(db, sources).values(values).on_conflict_do_update(index_elements=["slug"], set_=values))

"""Rows of `copies` and `pictures`: which pictures there are copies of, and which items show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedsvc.copied import pictures_of
from feedsvc.model import WINDOW, Copy, Kept, Lacking
from feedsvc.store.chunks import chunks
from feedsvc.store.dialects import insert
from feedsvc.store.measuring import digest
from feedsvc.store.tables import categories, copies, item_categories, items, measures, pictures

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from feedsvc.model import Item

MADE = copies.c.name != ""


def note_pictures(db: sa.Connection, shown: Mapping[int, Item]) -> None:
    """Write down which pictures items show, by their numbers, in the place of what stood there for them."""
    for some in chunks(sorted(shown)):
        db.execute(sa.delete(pictures).where(pictures.c.item.in_(some)))
    rows = [
        {"item": number, "asked": digest(url), "url": url}
        for number, item in shown.items()
        for url in pictures_of(item)
    ]
    if rows:
        db.execute(sa.insert(pictures), rows)


def of(db: sa.Connection, urls: Collection[str]) -> dict[str, Copy]:
    """Find copies by the portal's addresses; see `Copies.of`."""
    asked = {digest(url): url for url in urls}
    found: dict[str, Copy] = {}
    for some in chunks(sorted(asked)):
        for row in db.execute(sa.select(copies).where(copies.c.asked.in_(some), MADE)):
            found[asked[row.asked]] = _copy(row)
    return found


def named(db: sa.Connection, name: str) -> Copy | None:
    """Find a copy by the name of one of its files; see `Copies.named`."""
    chosen = sa.select(copies).where(MADE, sa.or_(copies.c.name == name, copies.c.small == name)).limit(1)
    row = db.execute(chosen).one_or_none() if name else None
    return None if row is None else _copy(row)


def untried(db: sa.Connection, urls: Collection[str], after: datetime) -> list[str]:
    """Leave out what has a copy, or was tried; see `Copies.untried`."""
    asked = [digest(url) for url in urls]
    settled = {
        row.asked
        for some in chunks(asked)
        for row in db.execute(
            sa.select(copies.c.asked).where(copies.c.asked.in_(some), sa.or_(MADE, copies.c.kept > after))
        )
    }
    return [url for url, key in zip(urls, asked, strict=True) if key not in settled]


def lacking(db: sa.Connection, source: str, category: str, after: datetime) -> list[Lacking]:
    """Find pictures of the newest items without a copy; see `Copies.lacking`."""
    newest = (
        sa.select(item_categories.c.item, item_categories.c.shown)
        .where(item_categories.c.source == source, item_categories.c.category == category)
        .order_by(item_categories.c.shown.desc(), item_categories.c.item.desc())
        .limit(WINDOW)
        .subquery()
    )
    settled = sa.select(copies.c.asked).where(copies.c.asked == pictures.c.asked, sa.or_(MADE, copies.c.kept > after))
    chosen = (
        sa.select(pictures.c.url, items.c.url.label("page"), measures.c.barred)
        .select_from(newest)
        .join(pictures, pictures.c.item == newest.c.item)
        .join(items, items.c.number == newest.c.item)
        .join(measures, measures.c.asked == pictures.c.asked, isouter=True)
        .where(~settled.exists())
        .order_by(newest.c.shown.desc(), newest.c.item.desc(), pictures.c.asked)
    )
    return [Lacking(url=row.url, page=row.page, barred=bool(row.barred)) for row in db.execute(chosen)]


def save(db: sa.Connection, made: Mapping[str, Copy | None], now: datetime) -> None:
    """Put copies in the place of older ones; see `Copies.save`. One order, so nobody waits in a ring.

    A vain try takes no copy away that another process has made meanwhile.
    """
    rows = sorted((_values(url, copy, now) for url, copy in made.items()), key=lambda row: str(row["asked"]))
    if not rows:
        return
    fresh = insert(db, copies)
    renewed = {column.name: fresh.excluded[column.name] for column in copies.c if column.name != "asked"}
    better = sa.or_(fresh.excluded.name != "", ~MADE)
    db.execute(fresh.on_conflict_do_update(index_elements=["asked"], set_=renewed, where=better), rows)
    _tell(db, [url for url, copy in made.items() if copy], now)


def drop(db: sa.Connection, urls: Collection[str], now: datetime) -> None:
    """Forget copies; see `Copies.drop`."""
    _tell(db, of(db, urls), now)
    for some in chunks(sorted(map(digest, urls))):
        db.execute(sa.delete(copies).where(copies.c.asked.in_(some)))


def _tell(db: sa.Connection, urls: Collection[str], now: datetime) -> None:
    """Let readers of each category ask anew in which an item shows one of the pictures: its address is another now."""
    touched: set[tuple[str, str]] = set()
    for some in chunks(sorted(map(digest, urls))):
        chosen = (
            sa.select(item_categories.c.source, item_categories.c.category)
            .join(pictures, pictures.c.item == item_categories.c.item)
            .where(pictures.c.asked.in_(some))
            .distinct()
        )
        touched |= {(row.source, row.category) for row in db.execute(chosen)}
    for source, slug in sorted(touched):
        own = sa.and_(categories.c.source == source, categories.c.slug == slug)
        db.execute(sa.update(categories).where(own).values(revision=categories.c.revision + 1, changed_at=now))


def kept(db: sa.Connection) -> list[Kept]:
    """Weigh all copies; see `Copies.kept`."""
    shown = (
        sa.select(pictures.c.asked, sa.func.max(items.c.shown).label("shown"))
        .join(items, items.c.number == pictures.c.item)
        .group_by(pictures.c.asked)
        .subquery()
    )
    chosen = sa.select(copies, shown.c.shown).join(shown, shown.c.asked == copies.c.asked, isouter=True)
    listed = _listed(db)
    return [
        Kept(
            url=row.url,
            copy=_copy(row) if row.name else None,
            kept=row.kept,
            shown=row.shown,
            listed=row.asked in listed,
        )
        for row in db.execute(chosen.order_by(copies.c.asked))
    ]


def _listed(db: sa.Connection) -> set[str]:
    """Find the pictures of which there are copies in the newest items of every category."""
    place = sa.func.row_number().over(
        partition_by=(item_categories.c.source, item_categories.c.category),
        order_by=(item_categories.c.shown.desc(), item_categories.c.item.desc()),
    )
    ranked = sa.select(item_categories.c.item, place.label("place")).subquery()
    chosen = (
        sa.select(pictures.c.asked)
        .join(copies, copies.c.asked == pictures.c.asked)
        .join(ranked, ranked.c.item == pictures.c.item)
        .where(ranked.c.place <= WINDOW)
        .distinct()
    )
    return set(db.execute(chosen).scalars())


def size(db: sa.Connection) -> int:
    """Add up the bytes of all files, each once; see `Copies.size`."""
    files = sa.union(
        sa.select(copies.c.name.label("name"), copies.c.length.label("length")).where(MADE),
        sa.select(copies.c.small, copies.c.small_length).where(copies.c.small != ""),
    ).subquery()
    return int(db.execute(sa.select(sa.func.coalesce(sa.func.sum(files.c.length), 0))).scalar_one())


def _copy(row: sa.Row[Any]) -> Copy:
    return Copy(
        url=row.url,
        name=row.name,
        mime=row.mime,
        length=row.length,
        width=row.width,
        height=row.height,
        small=row.small,
        small_length=row.small_length,
    )


def _values(url: str, copy: Copy | None, now: datetime) -> dict[str, object]:
    copy = copy or Copy(url=url, name="", mime="", length=0, width=0, height=0)
    return {
        "asked": digest(url),
        "url": url,
        "name": copy.name,
        "mime": copy.mime,
        "length": copy.length,
        "width": copy.width,
        "height": copy.height,
        "small": copy.small,
        "small_length": copy.small_length,
        "kept": now,
    }

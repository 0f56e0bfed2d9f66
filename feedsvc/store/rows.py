"""Rows of the database and the words of feedsvc, turned into each other. Pure."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from feedsvc.model import WEAK_KEYS, Author, CategoryState, Claim, Found, Item, Known, MediaObject, Problem, Validators
from feedsvc.store.search import bare_text, searchable
from feedsvc.store.stories import story

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row

Values = dict[str, Any]

UNSAID = {field.name: field.default for field in fields(MediaObject)}


def is_weak(key: str) -> bool:
    """Whether several items may have the key."""
    return key.startswith(WEAK_KEYS)


def content_values(item: Item) -> Values:
    """Columns of an item that an edit at the portal may change."""
    words = (item.title, item.summary, item.text)
    return {
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "html": item.html,
        "text": item.text,
        "authors": [asdict(author) for author in item.authors],
        "published": item.published,
        "precision": item.precision,
        "modified": item.modified,
        "updated": item.updated,
        "revision": item.revision,
        "media": [_without_defaults(media) for media in item.media],
        "language": item.language,
        "fingerprint": item.fingerprint,
        "point": None if item.point is None else list(item.point),
        "search": searchable(words),
        "bare": bare_text(words),
    }


def item_values(item: Item, looked: datetime) -> Values:
    """All columns of an item that is stored for the first time, but its number."""
    return {
        "id": item.id,
        "source": item.source,
        "first_seen": item.first_seen,
        "shown": item.shown,
        "looked": looked,
        "story": story(item.keys),
        **content_values(item),
    }


def item_from(row: Row[Any], keys: Sequence[str], categories: Sequence[str]) -> Item:
    """Make the item of a row of `items`, with its keys and categories in their order."""
    return Item(
        id=row.id,
        number=row.number,
        keys=tuple(keys),
        source=row.source,
        url=row.url,
        title=row.title,
        summary=row.summary,
        html=row.html,
        text=row.text,
        authors=tuple(Author(**author) for author in row.authors),
        published=row.published,
        precision=row.precision,
        modified=row.modified,
        first_seen=row.first_seen,
        shown=row.shown,
        updated=row.updated,
        revision=row.revision,
        categories=tuple(categories),
        media=media_from(row.media),
        language=row.language,
        fingerprint=row.fingerprint,
        point=None if row.point is None else tuple(row.point),
        missing=row.missing,
        withdrawn=row.withdrawn,
        moved=row.moved,
        trimmed=row.trimmed,
    )


def known_from(row: Row[Any], item: Item) -> Known:
    """Make what is known of an item of its row."""
    return Known(item=item, looked=row.looked, validators=Validators(etag=row.etag, last_modified=row.last_modified))


def state_values(state: CategoryState) -> Values:
    """Columns of a category that hold its state."""
    return {
        "polled": state.polled,
        "next_poll": state.next_poll,
        "succeeded": state.succeeded,
        "outcome": state.outcome,
        "problem": None if state.problem is None else _problem_values(state.problem),
        "failures": state.failures,
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "digest": state.digest,
        "depth": state.depth,
        "usual": state.usual,
        "shape": state.shape,
        "bytes_digest": state.bytes_digest,
        "overdue": state.overdue,
        "alarms": " ".join(state.alarms),
    }


def state_columns() -> tuple[str, ...]:
    """Name the columns of a category that hold its state."""
    return tuple(state_values(CategoryState()))


def state_from(row: Row[Any]) -> CategoryState:
    """Make the state of a row of `categories`."""
    return CategoryState(
        polled=row.polled,
        next_poll=row.next_poll,
        validators=Validators(etag=row.etag, last_modified=row.last_modified),
        digest=row.digest,
        depth=row.depth,
        usual=row.usual,
        failures=row.failures,
        outcome=row.outcome,
        succeeded=row.succeeded,
        problem=None if row.problem is None else _problem_from(row.problem),
        shape=row.shape,
        bytes_digest=row.bytes_digest,
        overdue=row.overdue,
        alarms=tuple(row.alarms.split()),
    )


def found_values(source: str, found: Found, position: int) -> Values:
    """All columns of a found category."""
    return {"source": source, "position": position, **asdict(found)}


def found_from(row: Row[Any]) -> Found:
    """Make the found category of a row of `found_categories`."""
    return Found(**{field.name: getattr(row, field.name) for field in fields(Found)})


def claim_from(row: Row[Any], token: str, until: datetime, *, profile: str | None, looks: bool) -> Claim:
    """Make the claim on a category out of its row, which is as it was before the claim."""
    return Claim(
        source=row.source,
        category=row.slug,
        token=token,
        until=until,
        state=state_from(row),
        profile=profile,
        looks=looks,
    )


def media_from(values: Sequence[Values]) -> tuple[MediaObject, ...]:
    """Make the media of an item, or of an earlier state of it, of their column."""
    return tuple(MediaObject(**media) for media in values)


def _without_defaults(media: MediaObject) -> Values:
    """Leave out what is not said: most pictures are an address and a kind."""
    return {name: value for name, value in asdict(media).items() if value != UNSAID[name]}


def _problem_values(problem: Problem) -> Values:
    wait = problem.retry_after
    microseconds = None if wait is None else wait // timedelta(microseconds=1)
    return {"code": problem.code, "detail": problem.detail, "url": problem.url, "retry_after_us": microseconds}


def _problem_from(values: Mapping[str, Any]) -> Problem:
    wait = values["retry_after_us"]
    return Problem(
        code=values["code"],
        detail=values["detail"],
        url=values["url"],
        retry_after=None if wait is None else timedelta(microseconds=wait),
    )

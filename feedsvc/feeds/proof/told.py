"""What a document tells when it is read back: the same values whatever its format is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime


class Unsound(ValueError):  # noqa: N818 - a verdict, in words for a person
    """Why a document cannot be published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item as the document tells it; an enclosure is address, type, and length, "" when that is not told.

    `lead` and `html` are "" where the item has none.
    """

    id: str
    title: str
    lead: str
    html: str
    published: datetime
    updated: datetime
    addresses: tuple[str, ...]
    enclosures: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The document itself, its items in their order; `refs` are the ids of those that were withdrawn."""

    self_url: str
    title: str
    addresses: tuple[str, ...]
    entries: tuple[Entry, ...]
    refs: tuple[str, ...] = ()


def demand(holds: bool, reason: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Nothing when it holds; raises Unsound with the reason when it does not."""
    if not holds:
        raise Unsound(reason)


def rfc822_moment(text: str, owner: str) -> datetime:
    """A date of RSS; raises Unsound when it has no zone, ValueError when it is no date."""
    return _zoned(parsedate_to_datetime(text), owner)


def rfc3339_moment(text: str, owner: str) -> datetime:
    """A date of Atom and JSON Feed; raises Unsound when it has no zone, ValueError when it is no date."""
    return _zoned(datetime.fromisoformat(text), owner)


def _zoned(moment: datetime, owner: str) -> datetime:
    demand(moment.tzinfo is not None, f"{owner} has the date {moment} without a zone")
    return moment

"""Which of the dates on an article's page is the day it was published (reading.md 6, "Which date of an article")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from feedsvc.extract import date_guess
from feedsvc.extract.date_declared import declared, marked
from feedsvc.extract.date_labels import PUBLISHED, UPDATED, from_label, is_update
from feedsvc.extract.date_lines import read_lines
from feedsvc.extract.date_spots import find_spots
from feedsvc.extract.dates import When, read_date, years_named
from feedsvc.extract.day_order import NO_SIGNS, DayOrder, day_first, joined, signs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from feedsvc.extract.date_lines import DateLine
    from feedsvc.extract.date_spots import Spot, Surroundings
    from feedsvc.extract.structured import Structured

_Read = Callable[[str], When | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What is known of the portal's dates: its zone, and its order of day and month.

    `starts_day_first` holds until `order` speaks against it (`day_order.day_first`).
    """

    timezone: ZoneInfo
    starts_day_first: bool = True
    order: DayOrder = NO_SIGNS


@dataclass(frozen=True, slots=True)
class Dates:
    """When the article was published and when the portal last changed it; each may be unknown.

    `rule` says in words where the day of publication was found ("" where it was not); `lines` are all the datelines of
    the page, in the order of trust.
    """

    published: When | None = None
    modified: When | None = None
    rule: str = ""
    lines: tuple[DateLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    """One page's evidence: its datelines in order, what it declares, and how to read more."""

    place: Surroundings
    structured: Structured
    lines: Sequence[DateLine]
    read: _Read
    read_event: _Read
    now: datetime


def find_dates(place: Surroundings, structured: Structured, *, now: datetime, habits: Habits) -> Dates:
    """Find the dates of the article that stands as `place` tells. `now` is when the page was fetched (aware)."""
    spots = find_spots(place)
    read = _reader(now, habits, habits.order)
    order = joined(habits.order, _signs(spots, structured, read, now.astimezone(habits.timezone).date()))
    if day_first(order, habits.starts_day_first) != day_first(habits.order, habits.starts_day_first):
        read = _reader(now, habits, order)
    lines = read_lines(spots, place, read, now=now.astimezone(habits.timezone))
    seen = _Seen(place, structured, lines, read, _reader(now, habits, order, years_named(place.text)), now)
    modified = _first(read, (*structured.modified, *(from_label(UPDATED, line.text) for line in lines)))
    rule, chosen = next(((rule, when) for rule, when in _in_turn(seen, modified) if when), ("", None))
    if chosen is not None and chosen.precision == "day":
        chosen = _with_time(chosen, [*(line.when for line in lines), *_elsewhere(seen)])
    if modified is not None and chosen is not None and modified.moment < chosen.moment:
        modified = None
    return Dates(chosen, modified, rule, tuple(lines))


def _in_turn(seen: _Seen, modified: When | None) -> Iterator[tuple[str, When | None]]:
    """Ask for the day of publication where it may be told, best source first; each with its name."""
    place, read = seen.place, seen.read
    own = [line for line in seen.lines if not is_update(line.text)]
    near = [line for line in own if not line.is_far]
    yield "selected", read(place.selected)
    yield "declared", _declared(seen, own, modified)
    if _first(read, seen.structured.published) is None:  # else the same was outdone
        yield "marked up", _first(read, marked(place.root))
    yield "labelled line", _first_of(near, lambda line: bool(PUBLISHED.search(line.text)))
    yield "line", _first_of(near)
    yield "labelled line far off", _first_of(own, lambda line: bool(PUBLISHED.search(line.text)))
    yield "sentence", _first(read, date_guess.posted(place))
    yield "listing", place.listed
    yield "opening words", _first(read, date_guess.opening(place))
    yield "line far off", _first_of(own)
    yield "line of the last change", _first_of(seen.lines, lambda line: is_update(line.text))
    yield "before the title", _as_day(_first(read, date_guess.before_title(seen.structured.titles, place)))
    yield "address", _as_day(_first(read, date_guess.in_address(place)))
    yield "event", _as_day(_first(seen.read_event, date_guess.event(place)))
    yield "last change", modified
    yield "foot of the page", _first(read, date_guess.state(place))


def _declared(seen: _Seen, own: Sequence[DateLine], modified: When | None) -> When | None:
    listed = seen.place.listed
    return declared(
        seen.structured.published,
        own,
        seen.read,
        listed=listed.moment.date() if listed else None,
        modified=modified.moment.date() if modified else None,
        now=seen.now,
    )


def _reader(now: datetime, habits: Habits, order: DayOrder, years: tuple[int, ...] = ()) -> _Read:
    """Give what reads the dates of one page; a text that it says in several places is read once."""
    first = day_first(order, habits.starts_day_first)
    return cache(lambda text: read_date(text, now=now, timezone=habits.timezone, day_first=first, years=years))


def _signs(spots: Iterable[Spot], structured: Structured, read: _Read, today: date) -> DayOrder:
    """Count the signs of the lines at the headline; those further off repeat on every page, or tell of others."""
    declared = [when.moment.date() for text in structured.published if (when := read(text))]
    return signs_of((spot.line for spot in spots if not spot.is_far), today=today, declared=declared)


def _first(read: _Read, texts: Iterable[str]) -> When | None:
    return next((when for text in texts if (when := read(text))), None)


def _first_of(lines: Iterable[DateLine], fits: Callable[[DateLine], bool] = lambda _: True) -> When | None:
    return next((line.when for line in lines if fits(line)), None)


def _elsewhere(seen: _Seen) -> Iterator[When]:
    """Dates that are no lines of the page, and may tell the time of its day."""
    if seen.place.listed is not None:
        yield seen.place.listed
    yield from (when for text in seen.structured.published if (when := seen.read(text)))


def _with_time(chosen: When, others: Iterable[When]) -> When:
    """Of two dates on the same day the one with a time wins."""
    timed = (when for when in others if when.precision != "day")
    return next((when for when in timed if when.moment.date() == chosen.moment.date()), chosen)


def _as_day(when: When | None) -> When | None:
    """Cut a guess to its day: it is no more exact than that."""
    return When(when.moment.replace(hour=0, minute=0, second=0, microsecond=0), "day") if when else None

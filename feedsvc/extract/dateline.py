"""Which of the dates on an article's page is the day it was published (reading.md 6, "Which date of an article")."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract import date_guess
from feedsvc.extract.clean import clean_text
from feedsvc.extract.date_labels import HAS_DAY, PUBLISHED, UPDATED, is_update
from feedsvc.extract.date_lines import read_lines
from feedsvc.extract.date_spots import LINE, find_spots
from feedsvc.extract.dates import When, read_date, years_named
from feedsvc.extract.day_order import NO_SIGNS, DayOrder, day_first, joined, signs_of
from feedsvc.extract.places import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from feedsvc.extract.date_lines import DateLine
    from feedsvc.extract.date_spots import Spot, Surroundings
    from feedsvc.extract.structured import Structured

_ZULU: Final = re.compile(r"(?:z|[+-]00:?00)\s*$", re.IGNORECASE)
_AT_ONCE: Final = timedelta(minutes=2)
_A_DAY: Final = timedelta(days=1)
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
    """When the article was published and when the portal last changed it; each may be unknown."""

    published: When | None = None
    modified: When | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """One page's evidence: its datelines in order, what it declares, and how to read more."""

    place: Surroundings
    structured: Structured
    own: list[DateLine]
    read: _Read
    now: datetime


def find_dates(place: Surroundings, structured: Structured, *, now: datetime, habits: Habits) -> Dates:
    """Find the dates of the article that stands as `place` tells. `now` is when the page was fetched (aware)."""
    spots = find_spots(place)
    read = _reader(now, habits, habits.order)
    order = joined(habits.order, _signs(spots, structured, read, now.astimezone(habits.timezone).date()))
    if day_first(order, habits.starts_day_first) != day_first(habits.order, habits.starts_day_first):
        read = _reader(now, habits, order)
    lines = read_lines(spots, place, read, now=now.astimezone(habits.timezone))
    seen = _Seen(place, structured, [line for line in lines if not is_update(line.text)], read, now)
    modified = _first(read, structured.modified) or _first_of(lines, lambda line: bool(UPDATED.search(line.text)))
    updated = _first_of(lines, lambda line: is_update(line.text))
    chosen = _told(seen) or updated or _inferred(seen, habits, now) or modified or _first(read, date_guess.state(place))
    if chosen is not None and chosen.precision == "day":
        chosen = _with_time(chosen, [*(line.when for line in lines), *_elsewhere(seen)])
    if modified is not None and chosen is not None and modified.moment < chosen.moment:
        modified = None
    return Dates(chosen, modified)


def _reader(now: datetime, habits: Habits, order: DayOrder, years: tuple[int, ...] = ()) -> _Read:
    """Give what reads the dates of one page; a text that it says in several places is read once."""
    first = day_first(order, habits.starts_day_first)
    return cache(lambda text: read_date(text, now=now, timezone=habits.timezone, day_first=first, years=years))


def _signs(spots: Iterable[Spot], structured: Structured, read: _Read, today: date) -> DayOrder:
    """Count the signs of the lines at the headline; those further off repeat on every page, or tell of others."""
    declared = [when.moment.date() for text in structured.published if (when := read(text))]
    return signs_of((spot.line for spot in spots if not spot.is_far), today=today, declared=declared)


def _told(seen: _Seen) -> When | None:
    """The first date that is told, best source first."""
    place, read, own = seen.place, seen.read, seen.own
    near = [line for line in own if not line.is_far]
    return (
        read(place.selected)
        or _declared(seen)
        or _first(read, _marked(place.root))
        or _first_of(near, lambda line: bool(PUBLISHED.search(line.text)))
        or _first_of(near)
        or _first_of(own, lambda line: bool(PUBLISHED.search(line.text)))
        or _first(read, date_guess.posted(place))
        or place.listed
        or _first(read, date_guess.opening(place))
        or _first_of(own)
    )


def _declared(seen: _Seen) -> When | None:
    """What the page says for machines, unless what it shows to people speaks against it."""
    text = next((text for text in seen.structured.published if seen.read(text)), "")
    declared = seen.read(text)
    if declared is None or not seen.own:
        return declared
    near = [line for line in seen.own if not line.is_far]
    if _is_outdone(declared, seen, near):
        return None
    return _as_shown(text, declared, seen.read, near)


def _is_outdone(declared: When, seen: _Seen, near: list[DateLine]) -> bool:
    """Tell whether the visible date knows better: templates and hands write much into what nobody sees."""
    day, shown = declared.moment.date(), seen.own[0].when.moment
    if declared.precision == "day" and shown < declared.moment:
        return True  # a bare day in a meta element is often that of the last change
    if abs(seen.now - declared.moment) < _AT_ONCE and shown.date() < day:
        return True  # a template writes the moment of the visit there
    labelled = _first_of(near, lambda line: bool(PUBLISHED.search(line.text) and HAS_DAY.search(line.text)))
    if labelled is not None and labelled.moment.date() - day > _A_DAY:
        return True  # a sample's date, or that of the page before it was used again
    listed = seen.place.listed.moment.date() if seen.place.listed is not None else None
    return listed == shown.date() and abs(shown.date() - day) > _A_DAY  # shown to people twice


def _as_shown(text: str, declared: When, read: _Read, near: list[DateLine]) -> When:
    """Some portals write their local time and mark it as UTC: the clock is right, its zone is not.

    What the page shows to people decides: the same clock without the mark, or its day where that is another one.
    """
    local = read(_ZULU.sub("", text)) if _ZULU.search(text) else None
    if local is None:
        return declared
    if any(line.when.precision != "day" and _minute(line.when) == _minute(local) for line in near):
        return local
    shown = {line.when.moment.date() for line in near}
    return local if shown == {local.moment.date()} != {declared.moment.date()} else declared


def _minute(when: When) -> datetime:
    return when.moment.replace(second=0, microsecond=0)


def _first(read: _Read, texts: Iterable[str]) -> When | None:
    return next((when for text in texts if (when := read(text))), None)


def _first_of(lines: Iterable[DateLine], fits: Callable[[DateLine], bool] = lambda _: True) -> When | None:
    return next((line.when for line in lines if fits(line)), None)


def _marked(root: Any) -> Iterator[str]:
    """Dates that the markup names as the day of publication: microdata, microformats, `time pubdate`."""
    for element in root.xpath(
        "//*[contains(@itemprop,'datePublished') or contains(@itemprop,'dateCreated')"
        " or contains(@property,'datePublished') or @pubdate or (self::abbr and contains(@class,'published'))"
        " or (self::time and (contains(@class,'published') or contains(@class,'entry-date')))]"
    )[:4]:
        if not _is_foreign(element):
            yield (
                element.get("content")
                or element.get("datetime")
                or element.get("title")
                or clean_text("".join(element.itertext()))[:LINE]
            )


def _is_foreign(element: Any) -> bool:
    """Tell whether a date belongs to a comment or to another article's teaser."""
    return any(
        one.tag == "aside" or re.search(r"comment|related|sidebar|widget", words_of(one))
        for one in islice(element.iterancestors(), 8)
        if one.tag not in {"body", "html", "main"}
    )


def _elsewhere(seen: _Seen) -> Iterator[When]:
    """Dates that are no lines of the page, and may tell the time of its day."""
    if seen.place.listed is not None:
        yield seen.place.listed
    yield from (when for text in seen.structured.published if (when := seen.read(text)))


def _with_time(chosen: When, others: Iterable[When]) -> When:
    """Of two dates on the same day the one with a time wins."""
    timed = (when for when in others if when.precision != "day")
    return next((when for when in timed if when.moment.date() == chosen.moment.date()), chosen)


def _inferred(seen: _Seen, habits: Habits, now: datetime) -> When | None:
    """A day that nobody wrote as the date: before the title, in an address, or the event that opens the lead."""
    place = seen.place
    guessed = chain(date_guess.before_title(seen.structured.titles, place), date_guess.in_address(place))
    in_text = _reader(now, habits, habits.order, years_named(place.text))
    when = _first(seen.read, guessed) or _first(in_text, date_guess.event(place))
    return _as_day(when) if when else None


def _as_day(when: When) -> When:
    return When(when.moment.replace(hour=0, minute=0, second=0, microsecond=0), "day")

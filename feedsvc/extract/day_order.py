"""Does a portal write 05/09 for the fifth of September or for the ninth of May? Signs, counted over its pages.

A vote per source over page and history (reading.md 6, "Day-first vote"): pages give signs (`signs_of`), the source
keeps their sum (`joined`), and the sum decides (`day_first`). Dates with the year first, or with the month as a word,
say nothing about it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from feedsvc.extract.date_days import full_days
from feedsvc.extract.date_text import day_of, folded, taken_apart
from feedsvc.extract.dates import AHEAD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date

CLEAR: Final = 3
"""Signs for the other order, against none, that turn the vote."""

REMEMBERED: Final = 60
"""More signs than these fade by half: one odd date does not hold for ever, and a portal may change its ways."""

LEAST_RISES: Final = 2
AMERICAN_HOSTS: Final = frozenset({"gov", "mil", "us"})
AMERICAN_ZONES: Final = frozenset(
    (  # noqa: SIM905 - words
        "America/New_York America/Chicago America/Denver America/Los_Angeles America/Phoenix America/Anchorage"
        " America/Detroit America/Boise Pacific/Honolulu US/Eastern US/Central US/Mountain US/Pacific"
    ).split()
)
WORLDWIDE: Final = frozenset({"ai", "co", "io", "me", "tv"})
"""Domains of countries under which anybody publishes."""

_NUMBERS: Final = re.compile(r"(?<!\d)\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}(?![\d/])(?![.,-]\d)")
_BEFORE: Final = 30
_Order = Literal["days", "months"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOrder:
    """How many signs were seen for each order: the day before the month, the month before the day."""

    days: int = 0
    months: int = 0


NO_SIGNS: Final = DayOrder()


@dataclass(frozen=True, slots=True)
class _Written:
    """Two numbers and a year as they stand in a text, with the weekday beside them."""

    year: int
    first: int
    second: int
    weekday: int | None

    def read(self, order: _Order) -> date | None:
        """Give the day in that order; None when there is none."""
        first, second = self.first, self.second
        return day_of(self.year, second, first) if order == "days" else day_of(self.year, first, second)


def signs_of(
    texts: Iterable[str], *, today: date, declared: Collection[date] = (), newest_first: bool = False
) -> DayOrder:
    """Count the signs that the dates in `texts` give, each date once.

    `texts` are date fields of one page, or whole lines of a list; `today` is the day of the visit in the portal's
    zone. A sign is a number above 12, a weekday that one reading falls on, one of the days `declared` by
    the page for machines, or one reading that is not ahead; a date whose signs contradict each other gives none.
    `newest_first` tells that `texts` stand in the order of a list: falling dates are a sign too. Never raises.
    """
    written = [one for text in texts for piece in _pieces(text) if (one := _written(piece)) is not None]
    signs = [sign for one in dict.fromkeys(written) if (sign := _sign(one, today, declared))]
    if newest_first and (sign := _falling(written)):
        signs.append(sign)
    return DayOrder(days=signs.count("days"), months=signs.count("months"))


def joined(one: DayOrder, other: DayOrder) -> DayOrder:
    """Give the signs of both together; of more than `REMEMBERED` the older ones fade."""
    days, months = one.days + other.days, one.months + other.months
    while days + months > REMEMBERED:
        days, months = days // 2, months // 2
    return DayOrder(days=days, months=months)


def day_first(order: DayOrder, default: bool) -> bool:  # noqa: FBT001 - the default is what is asked for
    """Decide by `order`: the `default` stands until three signs speak for the other order and none for it."""
    for_default, against = (order.days, order.months) if default else (order.months, order.days)
    return default if for_default or against < CLEAR else not default


def starts_day_first(language: str, address: str, zone: str) -> bool:
    """Tell the default for a page: month-first only for pages of US kind (reading.md 6).

    `language` is what the page declares ("en-US"), `address` its own, `zone` the name of the portal's time zone. A
    country's domain outweighs the language: many templates say `en-US` wherever they are used.
    """
    domain = (urlsplit(address).hostname or "").rpartition(".")[2]
    if domain in AMERICAN_HOSTS:
        return False
    if domain.isascii() and len(domain) == len("vn") and domain.isalpha() and domain not in WORLDWIDE:
        return True
    return not (language.casefold().replace("_", "-").startswith("en-us") or zone in AMERICAN_ZONES)


def _pieces(text: str) -> Iterator[str]:
    """Cut out each date in numbers, with the words before it among which its weekday is."""
    end = 0
    for found in _NUMBERS.finditer(text):
        yield text[max(end, found.start() - _BEFORE) : found.end()]
        end = found.end()


def _written(piece: str) -> _Written | None:
    """Read a date in numbers that may be read both ways."""
    parted = taken_apart(folded(piece))
    loose = (day for day in full_days(parted.rest) if day.loose)
    first = min(loose, key=lambda day: day.start, default=None)
    return None if first is None else _Written(first.year, first.day, first.month, parted.weekday)


def _sign(one: _Written, today: date, declared: Collection[date]) -> _Order | None:
    """Tell the order for which a date speaks; None when it speaks for none, or for both."""
    by_day, by_month = one.read("days"), one.read("months")
    if by_day == by_month:
        return None
    if by_day is None or by_month is None:
        return "days" if by_month is None else "months"
    tests = (
        (by_day.weekday() == one.weekday, by_month.weekday() == one.weekday),
        (by_day in declared, by_month in declared),
        (by_day <= today + AHEAD, by_month <= today + AHEAD),
    )
    found: set[_Order] = {"days" if for_day else "months" for for_day, for_month in tests if for_day != for_month}
    return found.pop() if len(found) == 1 else None


def _falling(written: Sequence[_Written]) -> _Order | None:
    """Tell the order in which the dates of a list never rise, if they rise again and again in the other."""
    days, months = _rises(written, "days", "months"), _rises(written, "months", "days")
    if min(days, months) or max(days, months) < LEAST_RISES:
        return None
    return "days" if days == 0 else "months"


def _rises(written: Sequence[_Written], order: _Order, other: _Order) -> int:
    """Count the places where a date is later than the one above it, each read in `order` where that is possible."""
    read = [day for one in written if (day := one.read(order) or one.read(other))]
    return sum(above < below for above, below in pairwise(read))

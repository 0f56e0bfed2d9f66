"""An account of one reading: which rule gave each field, what else was to be had, and how sure it is.

It is given to a reader by whoever wants to know, and filled by it; without one nothing is gathered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Offer:
    """What one rule or selector offered for a field.

    `weight` is its share of what speaks for the field (0 to 1, None where rules go in order); `chosen` tells that the
    field has this value.
    """

    field: str
    rule: str
    value: str
    weight: float | None = None
    chosen: bool = False


@dataclass(slots=True)
class Account:
    """The offers of one reading, in the order of fields and, within one, of the rules."""

    offers: list[Offer] = field(default_factory=list)

    def note(self, name: str, rule: str, value: str, *, weight: float | None = None, chosen: bool = False) -> None:
        """Take down one offer; an empty value is none."""
        if value:
            self.offers.append(Offer(name, rule, value[:_LONGEST], weight, chosen))

    def choice(self, name: str, chosen: str, offers: Iterable[tuple[str, str]]) -> None:
        """Take down rules that were asked in turn: the first whose value is the chosen one gave it."""
        given = False
        for rule, value in offers:
            is_it = bool(value) and not given and value == chosen
            given = given or is_it
            self.note(name, rule, value, chosen=is_it)
        if chosen and not given:
            self.note(name, "made of several", chosen, chosen=True)

    def fields(self) -> list[str]:
        """The fields told of, in their order."""
        return list(dict.fromkeys(one.field for one in self.offers))

    def of(self, name: str) -> list[Offer]:
        """The offers for one field, the chosen one first, then by weight."""
        own = [one for one in self.offers if one.field == name]
        return sorted(own, key=lambda one: (not one.chosen, -(one.weight or 0.0)))

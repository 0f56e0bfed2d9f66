"""Whether a list that was read is the one that its category has had so far, or an answer of another kind. Pure.

Suspicion rests on what is known: a category's first lists are believed as they come, and a list of a few lines may turn
over in a day (safety.md 7).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from feedsvc.model import CategoryState, Known, ListHabit, Stub
from feedsvc.plan.matching import match
from feedsvc.plan.rhythm import expected

SHORT = 3
"""A list with fewer than one line of so many of the usual is too short."""
MOSTLY = 0.6
"""The share of new lines from which on they must be explained."""
FEWEST = 6
"""Lines from which on a list is judged by how many there are, or are known: shorter ones turn over in a day."""
IN_ORDER = 0.75
"""The share of neighbours that stand in their old order where next pages lead to what is known: pinned ones do not."""
TURNED = timedelta(days=1)
"""After which a list whose rhythm is not known may have turned over."""
PURGED = timedelta(days=3)
"""After which a short list of known articles is taken for all that there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a walk through a list has shown.

    `first` are the lines of its first page, `stubs` those of all pages. `known` is what is remembered of them by key.
    `ended` tells that the walk came to its end: False where time or a page that did not answer cut it short.
    """

    first: Sequence[Stub]
    stubs: Sequence[Stub]
    known: Mapping[str, Known]
    ended: bool = True

    @property
    def met(self) -> list[Known | None]:
        """What is known of each line of the first page."""
        return [match(stub.keys, self.known) for stub in self.first]


def suspicion(shown: Shown, state: CategoryState, habit: ListHabit, now: datetime) -> str:
    """Why the numbers of a list speak against it, in words that go on "the page ..."; "" where they do not.

    Judged is a category that was read well before. `habit` tells how often its news come: what came since the last good
    look may be more than the list can hold.
    """
    count, met = len(shown.first), shown.met
    known = sum(found is not None for found in met)
    silence = now - (state.succeeded or now)
    if state.usual >= FEWEST and count * SHORT < state.usual:
        purged = known == count and silence >= PURGED
        return "" if purged else f"lists {count} items where there were {state.usual}"
    new = count - known
    if state.usual < FEWEST or count < FEWEST or new <= MOSTLY * count or not shown.ended:
        return ""
    if leads_to_known(shown) or _came(new, habit, silence):
        return ""
    return f"lists {count} items, {'none of them known' if not known else f'{new} of them unknown'}"


def leads_to_known(shown: Shown) -> bool:
    """Whether a page behind the first ends in known articles in their old order: news of a silence (I6)."""
    behind = shown.stubs[len(shown.first) :]
    if not behind or match(behind[-1].keys, shown.known) is None:
        return False
    found = [one for stub in behind if (one := match(stub.keys, shown.known)) is not None]
    falling = [earlier.item.shown >= later.item.shown for earlier, later in pairwise(found)]
    return sum(falling) >= IN_ORDER * len(falling)


def _came(new: int, habit: ListHabit, silence: timedelta) -> bool:
    """Whether so many articles may have come since the last good look."""
    likely = expected(habit, silence)
    return silence >= TURNED if likely is None else likely >= new


def elsewhere(urls: Sequence[str], own: Collection[str]) -> str:
    """The host that most of these addresses lead to, where most lead away from `own` hosts; "" where they do not."""
    hosts = [host for url in urls if (host := host_of(url))]
    away = [host for host in hosts if not any(_belongs(host, one) for one in own)]
    return max(sorted(set(away)), key=away.count) if 2 * len(away) > len(urls) else ""


def host_of(url: str) -> str:
    """The host of an address, without `www.`; "" where it has none."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _belongs(host: str, own: str) -> bool:
    return host == own or host.endswith(f".{own}") or own.endswith(f".{host}")

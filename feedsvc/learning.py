"""What one poll learns of its source: habits of its pages, the rhythm of its list, a list found again. Pure.

The profile comes from the store, goes with every page that is read, and returns to the store with the poll's result.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from feedsvc.errors import Redesigned
from feedsvc.extract.day_order import DayOrder, joined
from feedsvc.extract.familiar import enough_known
from feedsvc.extract.habits import exact_digest
from feedsvc.extract.identity import TITLE_WORDS, folded
from feedsvc.extract.learned import same_article
from feedsvc.extract.profile import Known as Habits
from feedsvc.extract.profile import design_since, known_of, learn, list_habit, with_list
from feedsvc.extract.profile_json import from_json, to_json
from feedsvc.likeness import redrawn
from feedsvc.model import NO_PROFILE, Category, Item, Known, ListHabit, Listing, Problem, Profile, Source, Stub, Trace
from feedsvc.plan import Draft, recognised
from feedsvc.plan.rhythm import with_news

LOOKS = 3
"""Looks in a row at a list that only its articles make known, before it is believed (safety.md 7)."""
TOLD_FOR = timedelta(days=7)
"""How long the status page tells that a list was found again."""
REDESIGNED = '"redesigned"'
"""What stands in a stored profile of which some list was found again (profile_json)."""
REMEMBERED = 100
"""Articles of a category by which its list is looked for."""


class Lessons:
    """What is known of a source while some of its pages are read; nothing before `recall`."""

    def __init__(self) -> None:
        self.stored: str | None = None
        self.started: datetime | None = None
        self._profile: Profile | None = NO_PROFILE
        self._read: Profile | None = None

    def recall(self, stored: str | None, started: datetime) -> None:
        """Takes up the source's profile as the store has it, at the beginning of this reading."""
        self.stored, self.started, self._profile, self._read = stored, started, None, None

    @property
    def profile(self) -> Profile:
        """The profile by now; most polls bring nothing, and never read it."""
        if self._profile is None:
            self._profile = self._read = from_json(self.stored)
        return self._profile

    @profile.setter
    def profile(self, profile: Profile) -> None:
        self._profile = profile

    def applied(self, source: Source) -> Source:
        """The source with what it has taught, for reading its pages."""
        return replace(source, profile=self.profile)

    def written(self, profile: Profile | None = None) -> str | None:
        """The profile (this one, or another) for the store; None when it is as it was."""
        told = self._profile if profile is None else profile
        if told is None or told is self._read:
            return None
        text = to_json(told)
        return None if text == (self.stored or to_json(NO_PROFILE)) else text

    # Articles --------------------------------------------------------------------------------------------------------

    def learn(self, drafts: Sequence[Draft], known: Mapping[str, Known]) -> list[int]:
        """Learns from the articles of this poll; gives the places of new ones that it would now read otherwise.

        `known` holds what the store remembers under any key of any draft. Only articles that nobody knew are counted,
        each once, however many addresses it has.
        """
        before = known_of(self.profile)
        new, again, met = dict[int, Trace](), list[Trace](), set[str]()
        for place, draft in enumerate(drafts):
            if draft.item.trace is None:
                continue
            if met.isdisjoint(draft.item.keys) and recognised(draft, known) is None:
                new[place] = draft.item.trace
            else:
                again.append(draft.item.trace)
            met.update(draft.item.keys)
        if self.started is not None:
            self.profile = learn(self.profile, list(new.values()), again=again, now=self.started)
        after = known_of(self.profile)
        return [place for place, trace in new.items() if _taught(trace, before, after)]

    def is_no_edit(self, found: Known, draft: Item) -> bool:
        """Whether a reading differs from the one that is stored by what was learned since, or by a design met since.

        Readers have the article as it was: nothing of it has changed for them. A design is that of the page: where it
        was first met after the article was last read, the same words in other clothes are no correction.
        """
        if same_article(found.item, draft, known_of(self.profile)):
            return True
        since = design_since(self.profile, draft.trace)
        return since is not None and since > found.looked and redrawn(found.item, draft)

    def count_signs(self, trace: Trace | None) -> None:
        """Takes up how the dates of a list that has changed are written."""
        if trace is not None:
            order = joined(
                DayOrder(days=self.profile.days, months=self.profile.months),
                DayOrder(days=trace.days, months=trace.months),
            )
            self.profile = replace(self.profile, days=order.days, months=order.months)

    # Lists -----------------------------------------------------------------------------------------------------------

    def after(
        self, category: str, new: Sequence[Item], usual: int | None, now: datetime, zone: ZoneInfo | None = None
    ) -> Profile:
        """The profile after a good poll: the rhythm of the list (hours in `zone`), and that it is where it was."""
        habit = replace(list_habit(self.profile, category), doubts=0, doubted="")
        return with_list(self.profile, with_news(habit, new, usual=usual, now=now, zone=zone))

    def habit(self, category: Category) -> ListHabit:
        """What is known of the list of a category."""
        return list_habit(self.profile, category.slug)

    def look(self, category: Category, listing: Listing | None, now: datetime, doubt: str = "") -> bool:
        """Takes up a look at a page where nothing is known where the list was; None: no list is to be seen.

        `doubt` says what is odd about a list that stands where it was. Returns whether `listing` is the list. Raises
        Redesigned, which says why, where it seems to be, until it has been seen in one place three times in a row.
        """
        habit = list_habit(self.profile, category.slug)
        if listing is None or not is_familiar(listing):
            self.profile = with_list(self.profile, replace(habit, doubts=0, doubted=""))
            return False
        place = exact_digest(listing.shape)
        doubts = habit.doubts + 1 if habit.doubted == place else 1
        self.profile = with_list(self.profile, replace(habit, doubts=doubts, doubted=place))
        if doubts < LOOKS:
            known, count = listing.recognised, len(listing.stubs)
            odd = doubt or f"{category.url} seems redesigned: of {count} items in another place {known} are known"
            raise Redesigned(
                f"{odd}; seen there {LOOKS} times in a row ({doubts} so far) it is taken for the list, and until then"
                " the items known so far are kept"
            )
        if not doubt:
            self.accept(category, listing.recognised, now)
        return True

    def accept(self, category: Category, count: int, now: datetime) -> None:
        """The list was found again by `count` known articles."""
        habit = list_habit(self.profile, category.slug)
        self.profile = with_list(self.profile, replace(habit, doubts=0, doubted="", redesigned=now, recognised=count))

    def notice(self, category: Category, now: datetime, timezone: ZoneInfo) -> Problem | None:
        """What the status page tells for a week after a redesign."""
        if self._profile is None and REDESIGNED not in (self.stored or ""):
            return None  # told without reading the profile, as most polls bring nothing
        habit = list_habit(self.profile, category.slug)
        if habit.redesigned is None or now - habit.redesigned > TOLD_FOR:
            return None
        day = f"{habit.redesigned.astimezone(timezone):%d/%m/%Y}"
        detail = f"the portal was redesigned on {day}, the list found again by {habit.recognised} known articles"
        return Problem(code=Redesigned.code, detail=detail, url=category.url)

    def was_redesigned(self, category: Category) -> bool:
        """Whether the list of a category was found by its articles once, so that they tell where it is ever since."""
        return list_habit(self.profile, category.slug).redesigned is not None


def is_familiar(listing: Listing) -> bool:
    """Whether enough of a list is known to take it for the one that was known."""
    return enough_known(listing.recognised, len(listing.stubs))


def familiar_keys(items: Collection[Item]) -> frozenset[str]:
    """What a list is looked for by: every key of the articles, and their headlines."""
    titles = (f"title:{folded(item.title)}" for item in items)
    return frozenset((*(key for item in items for key in item.keys if not key.startswith("body:")), *titles))


def headlines(items: Collection[Item]) -> frozenset[str]:
    """The headlines, folded, that are long enough to name one article."""
    names = (folded(item.title) for item in items)
    return frozenset(name for name in names if len(name.split()) >= TITLE_WORDS)


def by_title(stubs: Sequence[Stub], items: Collection[Item]) -> dict[str, Known]:
    """The known articles of a list under the first key of their lines, found by headlines that one article has alone.

    Empty where too few are found to take the list for the one that was known. For walking alone: whether a line is
    that article is decided by its own page.
    """
    named: dict[str, list[Item]] = {}
    for item in items:
        named.setdefault(folded(item.title), []).append(item)
    lines = {stub.keys[0]: folded(stub.title) for stub in stubs if stub.keys}
    found = {key: named[name] for key, name in lines.items() if len(name.split()) >= TITLE_WORDS and name in named}
    known = {key: Known(item=one[0], looked=one[0].first_seen) for key, one in found.items() if len(one) == 1}
    return known if enough_known(len(known), len(stubs)) else {}


def _taught(trace: Trace | None, before: Habits, after: Habits) -> bool:
    """Whether a page shows a habit that was not known when it was read."""
    if trace is None or before == after:
        return False
    shown = {one.name: set(getattr(trace, one.name)) for one in fields(Habits)}
    shown["clocks"] = {place for place, _ in trace.clocks}
    return any(shown[one.name] & (getattr(after, one.name) - getattr(before, one.name)) for one in fields(Habits))

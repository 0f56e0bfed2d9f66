"""Portals: what they are, which listings they have, and what their pages have taught."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

CategoryKind = Literal["news", "video", "gallery", "documents"]
Removal = Literal["keep", "tombstone"]
Tls = Literal["verify", "broken-chain"]

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors that a person gave for a source; each one left out is found by detection."""

    item: str | None = None
    title: str | None = None
    link: str | None = None
    date: str | None = None
    image: str | None = None
    summary: str | None = None
    body: str | None = None
    byline: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Something that comes back on the pages of a source.

    `what` is a digest or a short text, `pages` the number of articles that showed it. `since` is how many articles the
    source had shown before the first of them, `last` the day on which it was last met (date.toordinal).
    """

    what: str
    pages: int = 1
    since: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHabit:
    """How one category of a source behaves.

    `usual` is the number of lines of its list; `gaps` are the last times between two new articles, in seconds;
    `newest` is when the last one came, `since` when the first known one did. `longest` is the longest silence of late,
    in seconds. `hours` names for each hour of the day in the source's zone the last day (date.toordinal, 0: none) on
    which news came in it, watched since `watched`; it is empty until then. `doubts` counts the looks in a row at a
    list that only its articles make known, found at `doubted` (Listing.shape). `redesigned` is when such a list was
    last accepted, by `recognised` of its articles.
    """

    category: str
    usual: int = 0
    gaps: tuple[int, ...] = ()
    newest: datetime | None = None
    since: datetime | None = None
    longest: int = 0
    watched: datetime | None = None
    hours: tuple[int, ...] = ()
    doubts: int = 0
    doubted: str = ""
    redesigned: datetime | None = None
    recognised: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the pages of a source have in common, learned over time (extract.profile); counts, never texts of articles.

    `pages` is the number of articles learned from. `blocks` are digests of paragraphs, `pictures` of addresses in the
    text, `stand_ins` of pictures declared for machines, `headings` of headlines offered, `affixes` what stands around
    the headline in the title element, `clocks` places of dates, `posters` digests of declared writers whom the visible
    line contradicts. `designs` are places of the body with the moment from which each was met. `days` and `months` are
    the signs of day_order.
    """

    pages: int = 0
    blocks: tuple[Habit, ...] = ()
    pictures: tuple[Habit, ...] = ()
    stand_ins: tuple[Habit, ...] = ()
    headings: tuple[Habit, ...] = ()
    affixes: tuple[Habit, ...] = ()
    clocks: tuple[Habit, ...] = ()
    posters: tuple[Habit, ...] = ()
    designs: tuple[tuple[str, datetime], ...] = ()
    days: int = 0
    months: int = 0
    lists: tuple[ListHabit, ...] = ()


NO_PROFILE = Profile()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What one article's page showed of its source's habits: the words of `Profile`, for this page alone.

    `clocks` are places of dates outside the text with the day that each gave, `listed` is the day that the listing
    gave; days are written as ISO 8601.
    """

    blocks: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    affixes: tuple[str, ...] = ()
    clocks: tuple[tuple[str, str], ...] = ()
    listed: str = ""
    posters: tuple[str, ...] = ()
    design: str = ""
    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A portal. `home` is its address; `formerly` names hosts under which it published before.

    `on_removed` says what becomes of an article that it has withdrawn: it stays as it was, or leaves its feeds with a
    word of it. `tls` says how its certificates are verified: with "broken-chain" also where intermediate ones are not
    sent. `profile` is what its pages have taught so far.
    """

    slug: str
    title: str
    home: str
    site: str = "generic"
    select: Selectors = Selectors()
    language: str = "vi"
    timezone: ZoneInfo = VIETNAM
    formerly: tuple[str, ...] = ()
    tls: Tls = "verify"
    on_removed: Removal = "keep"
    profile: Profile = NO_PROFILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One listing of a source: the unit that is polled. `pages` bounds the first walk through its pager.

    With `adapt` it is looked at less often in the hours that have been quiet.
    """

    source: str
    slug: str
    title: str
    url: str
    kind: CategoryKind = "news"
    every: timedelta = timedelta(minutes=15)
    pages: int = 3
    adapt: bool = False

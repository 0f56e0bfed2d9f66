"""What a generated portal truly says: the answers that reading is measured by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portals.newsroom import Kind
from portals.wording import Pair

from feedsvc.model import VIETNAM, Page, Source

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the portal's server sends."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a list page, as far as the page shows it: no day and no picture where it prints none."""

    url: str
    title: str
    day: date | None = None
    image: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A list page, and where it goes on: an address, or target and argument of a postback."""

    url: str
    lines: tuple[Line, ...]
    next_url: str | None = None
    next_post: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A category and its list pages."""

    slug: str
    name: str
    url: str
    kind: Kind
    pages: tuple[ListPage, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all its pages, in order."""
        return tuple(line for page in self.pages for line in page.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The page of a story. `pictures` are (address, caption); what `is_parted` goes on on a second page."""

    url: str
    kind: Kind
    title: str
    day: date
    lead: str = ""
    paragraphs: tuple[str, ...] = ()
    authors: tuple[Pair, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    films: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    is_parted: bool = False

    @property
    def text(self) -> str:
        """Lead and paragraphs."""
        return "\n\n".join(part for part in (self.lead, *self.paragraphs) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """A whole portal: its server, and the truth about it. `boilerplate` are sentences that are no one's news."""

    layout: str
    seed: int
    title: str
    home: str
    now: datetime
    sections: tuple[Section, ...]
    articles: Mapping[str, Article]
    boilerplate: tuple[str, ...]
    respond: Callable[[str, Fields | None], Answer]

    @property
    def source(self) -> Source:
        """The portal as a person would give it: by its home address alone."""
        return Source(slug=self.layout, title=self.title, home=self.home)

    def page(self, url: str, form: Fields | None = None) -> Page:
        """The page at an absolute address, as a fetcher would bring it."""
        answer = self.respond("/" + url.removeprefix(self.home), form)
        return Page(
            url=url,
            final_url=url,
            status=answer.status,
            body=answer.body,
            content_type=answer.content_type,
            fetched_at=self.now,
        )


def local_day(moment: datetime) -> date:
    """The day that a person in Vietnam calls a moment's."""
    return moment.astimezone(VIETNAM).date()

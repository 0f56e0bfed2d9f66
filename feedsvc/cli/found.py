"""What `feedsvc discover` prints of a search: for people, as JSON, as TOML. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from feedsvc.config_file import Entry
from feedsvc.discovery import Discovery, FeedReport
from feedsvc.extract.sections import Kept
from feedsvc.extract.slug import free_slug, slug_of
from feedsvc.model import Stub

FEW, MANY = 5, 10
"""Items shown of each category, and where the address given is itself a list."""
KINDS = {"news": "news", "video": "videos", "gallery": "albums", "documents": "documents"}


def entries_of(search: Discovery) -> tuple[Entry, ...]:
    """The categories found, each with a slug of its own."""
    entries: list[Entry] = []
    for kept in search.categories:
        slug = free_slug(kept.title, {one.slug for one in entries}, "chuyen-muc")
        entries.append(Entry(slug=slug, title=kept.title or slug, url=kept.url, kind=kept.kind))
    return tuple(entries)


def slug_for(url: str) -> str:
    """A slug for a portal: the first name of its host (`sapa` of sapa.laocai.gov.vn), "portal" for a mere number."""
    host = urlsplit(url).hostname or ""
    first = host.removeprefix("www.").partition(".")[0]
    return "portal" if first.isdigit() else slug_of(first, "portal")


def home_of(search: Discovery) -> str:
    """The home page that the configuration names: that of the host, where the address given is a mere list."""
    parts = urlsplit(search.url)
    return f"{parts.scheme}://{parts.netloc}/" if search.is_list else search.url


def as_json(search: Discovery, config: str) -> dict[str, Any]:
    """The object of the outside contract, with the verdict on each feed, and what was passed over and why."""
    return {
        "url": search.url,
        "title": search.title,
        "native_feeds": [feed.url for feed in search.feeds if feed.stubs],
        "categories": [
            {"title": one.title, "url": one.url, "items": len(one.stubs), "kind": one.kind} for one in search.categories
        ],
        "config": config,
        "feeds": [
            {
                "url": one.url,
                "title": one.title,
                "items": len(one.stubs),
                "usable": not one.shortcoming,
                "why": one.shortcoming,
            }
            for one in search.feeds
        ],
        "passed": [{"title": one.title, "url": one.url, "why": one.reason} for one in search.passed],
        "requests": search.requests,
        "untried": search.untried,
    }


def for_people(search: Discovery, zone: ZoneInfo) -> RenderableType:
    """Feeds of the portal's own first, then each category with its newest items, then what is none."""
    shown = MANY if search.is_list else FEW
    return Group(
        Text(search.title, style="bold"),
        *_feeds(search.feeds),
        *(part for kept in search.categories for part in _category(kept, shown, zone)),
        *_passed(search),
        Text(""),
    )


def _feeds(feeds: Sequence[FeedReport]) -> Iterable[Text]:
    for feed in feeds:
        verdict = f"not used: {feed.shortcoming}" if feed.shortcoming else "fresh, and carries what the page does"
        yield Text(f"feed of the portal's own: {feed.url}: {len(feed.stubs)} items; {verdict}")


def _category(kept: Kept, shown: int, zone: ZoneInfo) -> Iterable[RenderableType]:
    yield Text("")
    yield Text.assemble((kept.title, "bold"), f"  {KINDS[kept.kind]}, {len(kept.stubs)} items  {kept.url}")
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="ellipsis", no_wrap=True)
    for stub in kept.stubs[:shown]:
        table.add_row(_day(stub, zone), Text(stub.title))
    yield table


def _day(stub: Stub, zone: ZoneInfo) -> str:
    return f"{stub.published.astimezone(zone):%d/%m/%Y}" if stub.published else "–"


def _passed(search: Discovery) -> Iterable[Text]:
    if search.passed:
        yield Text("\nLooked at, but no categories:", style="bold")
    for one in search.passed:
        yield Text(f"  {one.title or one.url}: {one.reason}")
    if search.untried:
        why = search.trouble or ("time was up" if search.late else "at most 40 requests are made")
        yield Text(f"  {search.untried} more links were not looked at: {why}")

"""Builds everything from a Config and hands it on; the only place that knows all rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, Literal

from feedsvc.channels import Channel, Channels
from feedsvc.config import Config
from feedsvc.dropped import files_of
from feedsvc.fetch.enclosed import read_enclosed
from feedsvc.fetch.mask import masked, masked_text
from feedsvc.listings import searched
from feedsvc.model import (
    DISCOVERY,
    NEWEST,
    Category,
    CategoryState,
    Choice,
    Feed,
    Found,
    Item,
    Rendered,
    Revision,
    Source,
    Version,
)
from feedsvc.publication import Publication
from feedsvc.store import Store

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryStatus:
    """One row of the status page. `state` is `new`, `ok`, `suspicious` or `failing` (safety.md 7)."""

    source: Source
    category: Category
    path: str
    state: Literal["new", "ok", "suspicious", "failing"]
    items: int
    newest: datetime | None
    polling: CategoryState


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """A source that is searched for its categories: when it was and will be, and what was found, vanished ones too."""

    source: Source
    searching: CategoryState
    found: tuple[Found, ...]


class Service:
    """What readers can ask for: channels, their feeds as values and as bytes, items, states."""

    def __init__(self, config: Config, store: Store, clock: Clock) -> None:
        self.config, self.store, self.clock = config, store, clock
        self.title, self.base_url = config.service.title, config.base_url
        self.sources = {source.slug: source for source in config.sources()}
        self.channels = Channels(config, store, clock)
        self.publication = Publication(config, store, self.channels, store.authority(authority(config, clock())))

    def document(self, path: str, format: str, choice: Choice = NEWEST) -> Rendered | None:  # noqa: A002
        """The bytes of a feed document, as `Publication.document` has them."""
        return self.publication.document(path, format, choice)

    def feed(self, path: str, format: str = "rss", choice: Choice = NEWEST) -> Feed | None:  # noqa: A002
        """A feed as a value, as `Publication.feed` has it."""
        return self.publication.feed(path, format, choice)

    def revision(self, path: str) -> Revision | None:
        """Whether a channel's items changed: one cheap read; None if the channel is unknown."""
        return self.publication.revision(path)

    def linked(self, item: Item) -> Item:
        """The item with the addresses that readers are given."""
        return self.publication.linked(item)

    def item(self, number: int) -> Item | None:
        """An item by its number, its link filled in."""
        item = self.store.item(number)
        return self.linked(item) if item else None

    def versions(self, number: int) -> list[Version]:
        """The earlier states of the item with this number, the oldest first."""
        return self.store.versions(number)

    def file(self, number: int, name: str) -> tuple[bytes, str] | None:
        """Bytes and type of a file of a dropped document, by the item's number and the file's name in its addresses.

        None if the item has no such file. Raises FetchError when it has, and the file is gone or not to be given.
        """
        item = self.store.item(number)
        path = files_of(item).get(name) if item else None
        return read_enclosed(self.config.folder, path, name) if path is not None else None

    def feed_url(self, path: str, format: str, choice: Choice = NEWEST) -> str:  # noqa: A002
        """Public address of a feed document."""
        return self.publication.feed_url(path, format, choice)

    def page_url(self, path: str) -> str:
        """Public address of a channel's page for people."""
        return self.publication.page_url(path)

    def status(self) -> tuple[CategoryStatus, ...]:
        """A row for every category, in the order of the configuration."""
        states = self.store.states()
        return tuple(
            self._status(channel, states.get((channel.sources[0].slug, channel.categories[0].slug), CategoryState()))
            for channel in self.channels.values()
            if channel.kind == "category"
        )

    def searches(self) -> tuple[SourceStatus, ...]:
        """A row for every source whose categories are found by discovery, in the order of the configuration."""
        sources = searched(self.config)
        if not sources:
            return ()
        states, found = self.store.states(), self.store.found()
        return tuple(
            SourceStatus(
                source=source,
                searching=_showable(states.get((source.slug, DISCOVERY), CategoryState())),
                found=found.get(source.slug, ()),
            )
            for source in sources
        )

    def _status(self, channel: Channel, state: CategoryState) -> CategoryStatus:
        newest = self.store.items(channel.query, 1)
        return CategoryStatus(
            source=channel.sources[0],
            category=channel.categories[0],
            path=channel.path,
            state=_verdict(state),
            items=self.store.count(channel.query),
            newest=newest[0].shown if newest else None,
            polling=_showable(state),
        )


def status_row(row: CategoryStatus) -> dict[str, Any]:
    """A row as /status.json and `feedsvc status --json` show it; moments in ISO 8601, in the source's zone."""
    zone, polling, problem = row.source.timezone, row.polling, row.polling.problem
    return {
        "source": row.source.slug,
        "category": row.category.slug,
        "title": row.category.title,
        "path": row.path,
        "state": row.state,
        "outcome": polling.outcome,
        "last_poll": iso(polling.polled, zone),
        "last_good": iso(polling.succeeded, zone),
        "next_poll": iso(polling.next_poll, zone),
        "items": row.items,
        "newest": iso(row.newest, zone),
        "failures": polling.failures,
        "problem": {"code": problem.code, "detail": problem.detail, "url": problem.url} if problem else None,
    }


def search_row(row: SourceStatus) -> dict[str, Any]:
    """A searched source as /status.json and `feedsvc status --json` show it; moments as those of `status_row`."""
    zone, searching, problem = row.source.timezone, row.searching, row.searching.problem
    return {
        "source": row.source.slug,
        "title": row.source.title,
        "home": masked(row.source.home),
        "outcome": searching.outcome,
        "last_discovery": iso(searching.polled, zone),
        "last_good": iso(searching.succeeded, zone),
        "next_discovery": iso(searching.next_poll, zone),
        "failures": searching.failures,
        "problem": {"code": problem.code, "detail": problem.detail, "url": problem.url} if problem else None,
        "found": [
            {
                "category": one.slug,
                "title": one.title,
                "url": masked(one.url),
                "kind": one.kind,
                "first_found": iso(one.first_found, zone),
                "last_found": iso(one.last_found, zone),
                "vanished": iso(one.vanished, zone),
            }
            for one in row.found
        ],
    }


def iso(moment: datetime | None, zone: tzinfo) -> str | None:
    """A moment as programs are told it: ISO 8601 in `zone`, to the second; None where there is none."""
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None


def _showable(state: CategoryState) -> CategoryState:
    """The state with its problem as anybody may see it: the status page is public (safety.md 12)."""
    if state.problem is None:
        return state
    problem = replace(state.problem, detail=masked_text(state.problem.detail), url=masked(state.problem.url))
    return replace(state, problem=problem)


def _verdict(state: CategoryState) -> Literal["new", "ok", "suspicious", "failing"]:
    if state.outcome == "suspicious":
        return "suspicious"
    if state.outcome == "failed":
        return "failing"
    return "ok" if state.outcome else "new"


def authority(config: Config, now: datetime) -> str:
    """The authority of tag: URIs (RFC 4151): the public host and the year of the first start."""
    host = config.base_url.split("://", 1)[1].split("/", 1)[0].rsplit(":", 1)[0].strip("[]")
    return f"{host},{now.year}"

"""Builds everything from a Config and hands it on; the only place that knows all rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from feedsvc import alarms
from feedsvc.channels import Channel, Channels
from feedsvc.config import Config
from feedsvc.dropped import files_of
from feedsvc.extract.identity import make_id
from feedsvc.extract.profile_json import from_json
from feedsvc.feeds import render
from feedsvc.feeds.proof import prove
from feedsvc.fetch.enclosed import read_enclosed
from feedsvc.headroom import Disk, standing, standstill
from feedsvc.listings import searched
from feedsvc.log import secrets_of
from feedsvc.model import (
    DISCOVERY,
    NEWEST,
    NO_PROFILE,
    Alarm,
    CategoryState,
    Choice,
    Feed,
    Item,
    Problem,
    Profile,
    Rendered,
    Revision,
    Version,
)
from feedsvc.operator import SLUG, operator_feed
from feedsvc.publication import Publication
from feedsvc.status import (
    CategoryStatus,
    HostStatus,
    SourceStatus,
    category_status,
    host_statuses,
    showable,
    showable_alarm,
    showable_day,
    showable_problem,
)
from feedsvc.store import Store

Clock = Callable[[], datetime]
REMEMBERED = timedelta(days=30)
"""How long the operator's feed tells of alarms that are over."""


class Service:
    """What readers can ask for: channels, their feeds as values and as bytes, items, states."""

    def __init__(self, config: Config, store: Store, clock: Clock) -> None:
        self.config, self.store, self.clock = config, store, clock
        self.title, self.base_url, self.secrets = config.service.title, config.base_url, secrets_of(config)
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
        states, paused, now = self.store.states(), self.standstill(), self.clock()
        profiles = {slug: from_json(self.store.profile(slug)) for slug in self.sources}
        return tuple(
            self._status(channel, states, profiles, paused, now)
            for channel in self.channels.values()
            if channel.kind == "category"
        )

    def standstill(self) -> Problem | None:
        """Why nothing is polled just now: a full disk, a refused write, no poller; None while all is well."""
        found = standstill(self.store.beats(), self._disk().problem(), self.clock())
        return showable_problem(found, self.secrets) if found else None

    def alarms(self) -> tuple[Alarm, ...]:
        """The alarms that last, the newest first."""
        return tuple(alarm for alarm in self._told(self.clock()) if alarm.ended is None)

    def _told(self, since: datetime) -> list[Alarm]:
        """The alarms that last or ended after a moment; first that of a standstill, in which nothing is stored."""
        now, beats = self.clock(), self.store.beats()
        found = standing(beats, self._disk().problem(), now)
        identify = partial(make_id, self.publication.authority)
        told = [alarms.of_service(*found, now, identify)] if found else []
        return [showable_alarm(one, self.secrets) for one in (*told, *self.store.recent_alarms(since=since))]

    def _disk(self) -> Disk:
        return Disk(url=self.config.database, least=self.config.service.least_free)

    def operator_document(self, format: str) -> Rendered:  # noqa: A002
        """The operator's feed: what was told in the last 30 days. Raises RenderError for a format that is none."""
        now, service = self.clock(), self.config.service
        feed = operator_feed(
            self._told(now - REMEMBERED),
            id=f"tag:{self.publication.authority}:feed/{SLUG}",
            title=self.title,
            self_url=self.feed_url(SLUG, format),
            page_url=f"{self.base_url}/status",
            language=service.language,
            timezone=service.timezone,
            began=datetime.fromtimestamp(0, service.timezone),
            contact=service.contact,
        )
        rendered = render(feed, format)
        prove(feed, rendered, format)
        return rendered

    def hosts(self) -> list[HostStatus]:
        """The ledger of today (UTC): what was asked of each host, and how it wishes to be asked."""
        found = self.store.hosts.days(self.clock().astimezone(UTC).date().isoformat())
        days = [showable_day(day, self.secrets) for day in found]
        categories = (channel.categories[0] for channel in self.channels.values() if channel.kind == "category")
        return host_statuses(self.sources.values(), categories, days)

    def searches(self) -> tuple[SourceStatus, ...]:
        """A row for every source whose categories are found by discovery, in the order of the configuration."""
        sources = searched(self.config)
        if not sources:
            return ()
        states, found = self.store.states(), self.store.found()
        return tuple(
            SourceStatus(
                source=source,
                searching=showable(states.get((source.slug, DISCOVERY), CategoryState()), self.secrets),
                found=found.get(source.slug, ()),
            )
            for source in sources
        )

    def _status(
        self,
        channel: Channel,
        states: Mapping[tuple[str, str], CategoryState],
        profiles: Mapping[str, Profile],
        paused: Problem | None,
        now: datetime,
    ) -> CategoryStatus:
        source, category = channel.sources[0], channel.categories[0]
        newest = self.store.items(channel.query, 1)
        return category_status(
            source,
            category,
            channel.path,
            polling=states.get((source.slug, category.slug), CategoryState()),
            profile=profiles.get(source.slug, NO_PROFILE),
            paused=paused,
            items=self.store.count(channel.query),
            newest=newest[0].shown if newest else None,
            now=now,
            secrets=self.secrets,
        )


def authority(config: Config, now: datetime) -> str:
    """The authority of tag: URIs (RFC 4151): the public host and the year of the first start."""
    host = config.base_url.split("://", 1)[1].split("/", 1)[0].rsplit(":", 1)[0].strip("[]")
    return f"{host},{now.year}"

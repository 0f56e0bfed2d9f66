"""What there are feeds of: categories, sources, feeds of one's own; those of categories found since the start too."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from feedsvc.config import Config
from feedsvc.config_tables import FeedTable
from feedsvc.errors import StoreError
from feedsvc.fetch.mask import holds_secret
from feedsvc.listings import listed, searched
from feedsvc.model import DISCOVERY, Category, Query, Revision, Source
from feedsvc.store import Store

Clock = Callable[[], datetime]

LOOK_EVERY = timedelta(seconds=1)
QUIET = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed is about, without its items (RSS 2.0, "channel"). `path` is its address below /feeds/."""

    path: str
    title: str
    kind: Literal["category", "source", "feed"]
    home: str
    language: str
    timezone: ZoneInfo
    query: Query
    sources: tuple[Source, ...]
    categories: tuple[Category, ...]
    ttl: timedelta


class Channels(Mapping[str, Channel]):
    """The channels as they are now: those of categories that were found since the start appear by themselves.

    Without a source that is searched they stand for ever, and nothing is asked. With one, a single number is asked of
    the store, at most once a second; where it cannot be had, the channels stay as they are.
    """

    def __init__(self, config: Config, store: Store, clock: Clock) -> None:
        self._config, self._store, self._clock = config, store, clock
        self._query = Query(categories=tuple((source.slug, DISCOVERY) for source in searched(config)))
        self._looked, self._revision = clock(), self._number()
        self._known = self._listed()

    def __getitem__(self, path: str) -> Channel:
        return self._now()[path]

    def __contains__(self, path: object) -> bool:
        return path in self._now()

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def values(self) -> ValuesView[Channel]:
        """All channels of one moment."""
        return self._now().values()

    def items(self) -> ItemsView[str, Channel]:
        """All paths and channels of one moment."""
        return self._now().items()

    @property
    def revision(self) -> Revision:
        """The number under which the channels stand; another one means other channels."""
        self._now()
        return Revision(number=self._revision)

    def _now(self) -> Mapping[str, Channel]:
        if self._query.categories and not timedelta(0) <= self._clock() - self._looked < LOOK_EVERY:
            self._look()
        return self._known

    def _look(self) -> None:
        """Reads the categories again when the number says so; whoever asks meanwhile sees those from before."""
        self._looked = self._clock()
        try:
            number = self._number()
            if number != self._revision:
                self._known, self._revision = self._listed(), number
        except StoreError:
            return

    def _number(self) -> int:
        return self._store.revision(self._query).number if self._query.categories else 0

    def _listed(self) -> Mapping[str, Channel]:
        found = self._store.found() if self._query.categories else {}
        return {channel.path: channel for channel in _channels(self._config, listed(self._config, found))}


def _channels(config: Config, categories: tuple[Category, ...]) -> list[Channel]:
    sources = {source.slug: source for source in config.sources()}
    by_source: dict[str, list[Category]] = {slug: [] for slug in sources}
    for category in categories:
        by_source[category.source].append(category)
    found = [_category_channel(sources[c.source], c) for group in by_source.values() for c in group]
    found += [_source_channel(source, tuple(by_source[slug])) for slug, source in sources.items()]
    for table in config.feed:
        chosen = [c for group in by_source.values() for c in group if _included(c, table.include)]
        found.append(_own_channel(table, tuple(chosen), sources, config))
    return found


def _included(category: Category, include: tuple[str, ...]) -> bool:
    return category.source in include or f"{category.source}/{category.slug}" in include


def _category_channel(source: Source, category: Category) -> Channel:
    return Channel(
        path=f"{source.slug}/{category.slug}",
        title=f"{category.title} – {source.title}" if category.title != source.title else source.title,
        kind="category",
        home=_public(category.url),
        language=source.language,
        timezone=source.timezone,
        query=Query(categories=((source.slug, category.slug),)),
        sources=(source,),
        categories=(category,),
        ttl=category.every,
    )


def _public(url: str) -> str:
    """The page of the portal that readers may be led to: no folder, and no address that holds a secret."""
    return "" if url.startswith("folder:") or holds_secret(url) else url


def _source_channel(source: Source, categories: tuple[Category, ...]) -> Channel:
    return Channel(
        path=source.slug,
        title=source.title,
        kind="source",
        home=_public(source.home),
        language=source.language,
        timezone=source.timezone,
        query=Query(categories=tuple((c.source, c.slug) for c in categories)),
        sources=(source,),
        categories=categories,
        ttl=min(c.every for c in categories),
    )


def _own_channel(
    table: FeedTable,
    categories: tuple[Category, ...],
    sources: Mapping[str, Source],
    config: Config,
) -> Channel:
    names = tuple((c.source, c.slug) for c in categories)
    return Channel(
        path=table.slug,
        title=table.title,
        kind="feed",
        home="",
        language=config.service.language,
        timezone=config.service.timezone,
        query=Query(categories=names, words=table.words, marks=table.marks, once=True),
        sources=tuple(dict.fromkeys(sources[c.source] for c in categories)),
        categories=categories,
        ttl=min((c.every for c in categories), default=QUIET),  # a category of it may still have to be found
    )

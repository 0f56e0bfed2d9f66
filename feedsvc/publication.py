"""What channels publish: feeds as values and as bytes, for whoever asks: readers, the hub, an export."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from feedsvc.channels import Channel, Channels
from feedsvc.config import Config
from feedsvc.copied import pictures_of, with_copies
from feedsvc.dropped import with_files
from feedsvc.feeds import render
from feedsvc.feeds.proof import prove
from feedsvc.listings import searched
from feedsvc.model import (
    DISCOVERY,
    NEWEST,
    NO_PAGING,
    WINDOW,
    Choice,
    Feed,
    Item,
    Paging,
    Query,
    Rendered,
    Revision,
    Stretch,
)
from feedsvc.store import Store

LATEST = {"vi": "Tin mới từ", "en": "News from"}


class Publication:
    """The feeds of all channels. `authority` is that of the tag: URIs (Store.authority)."""

    def __init__(self, config: Config, store: Store, channels: Channels, authority: str) -> None:
        self.config, self.store, self.channels, self.authority = config, store, channels, authority
        self.base_url = config.base_url
        self._searched = frozenset(source.slug for source in searched(config))

    def feed(self, path: str, format: str = "rss", choice: Choice = NEWEST) -> Feed | None:  # noqa: A002
        """What `choice` wants of a channel as a Feed whose links are those of `format`.

        None if there is no such channel, or nothing at such a page or archive of it.
        """
        channel = self.channels.get(path)
        stretch = self._stretch(channel, choice) if channel else None
        if channel is None or stretch is None:
            return None
        items = self.addressed(stretch.items)
        moments = (*(item.updated for item in items), *(gone.when for gone in stretch.deleted))
        return Feed(
            id=self._id(path, choice),
            slug=path,
            title=f"{channel.title} – {choice.search}" if choice.search else channel.title,
            home=channel.home or self.page_url(path),
            self_url=self.feed_url(path, format, choice),
            page_url=self.page_url(path),
            description=f"{LATEST.get(channel.language, LATEST['en'])} {', '.join(s.title for s in channel.sources)}",
            language=channel.language,
            timezone=channel.timezone,
            updated=max(moments, default=datetime.fromtimestamp(0, channel.timezone)),
            items=items,
            sources=channel.sources,
            categories=channel.categories,
            ttl=channel.ttl,
            deleted=stretch.deleted,
            paging=self._paging(path, format, choice, stretch),
            hub=self.hub,
            contact=self.config.service.contact,
        )

    def _stretch(self, channel: Channel, choice: Choice) -> Stretch | None:
        if choice.before is not None:
            return self.store.archive(channel.query, choice.before)
        query = narrowed(channel, choice)
        offset = (choice.page - 1) * choice.limit
        found = self.store.stretch(query, choice.limit, offset=offset, archived=choice == NEWEST)
        return found if found.items or not offset else None

    def _paging(self, path: str, format: str, choice: Choice, stretch: Stretch) -> Paging:  # noqa: A002
        """The documents around this one.

        The block behind an archive is named before it is full: else the archive would have to change when it is.
        """

        def at(there: Choice) -> str:
            return self.feed_url(path, format, there)

        older = "" if stretch.archive is None else at(Choice(before=stretch.archive))
        if choice.before is not None:
            after = at(Choice(before=choice.before + WINDOW))
            return replace(NO_PAGING, prev_archive=older, next_archive=after, current=at(NEWEST), archive=True)
        paging = replace(NO_PAGING, prev_archive=older)
        if stretch.older:
            paging = replace(paging, next=at(replace(choice, page=choice.page + 1)))
        if choice.page > 1:
            first, before = replace(choice, page=1), replace(choice, page=choice.page - 1)
            paging = replace(paging, previous=at(before), current=at(first))
        return paging

    def _id(self, path: str, choice: Choice) -> str:
        """A choice by words, date or medium is a feed of its own; pages, archives and lengths are the feed itself."""
        own = query_string(Choice(search=choice.search, since=choice.since, media=choice.media))
        return f"tag:{self.authority}:feed/{path}" + (f"?{own}" if own else "")

    def archives(self, path: str) -> tuple[Choice, ...]:
        """The choices of all full archives of a channel, the oldest first; none where the channel is unknown."""
        channel = self.channels.get(path)
        blocks = self.store.archives(channel.query) if channel else 0
        return tuple(Choice(before=number * WINDOW + 1) for number in range(1, blocks + 1))

    def unexplained(self, ids: Collection[str], shown: datetime | None = None) -> set[str]:
        """Those of the ids of items under which nothing is stored any more: no reason to leave a feed is known.

        None of them where a backup was put back since `shown`, the moment of the document that held them.
        """
        missed = set(ids) - self.store.stored(ids)
        restored = self.store.restored() if missed and shown else None
        return set() if restored and shown and shown < restored else missed

    def document(self, path: str, format: str, choice: Choice = NEWEST) -> Rendered | None:  # noqa: A002
        """The bytes of a channel's feed, proved before they are shown; None if the channel is unknown.

        Raises RenderError when the document does not hold what it must.
        """
        feed = self.feed(path, format, choice)
        if feed is None:
            return None
        rendered = render(feed, format)
        prove(feed, rendered, format)
        return rendered

    def revision(self, path: str) -> Revision | None:
        """Whether a channel's items changed: one cheap read; None if the channel is unknown."""
        channel = self.channels.get(path)
        if channel is None:
            return None
        searches = tuple((source.slug, DISCOVERY) for source in channel.sources if source.slug in self._searched)
        return self.store.revision(Query(categories=(*channel.query.categories, *searches)))

    def linked(self, item: Item) -> Item:
        """The item with the addresses that readers are given."""
        return self.addressed((item,))[0]

    def addressed(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """The items with the addresses that readers are given, in their order.

        A dropped document without an address of its own links to the page of ours, as its files do. Pictures that we
        have copies of are ours too.
        """
        shown = [self._at_home(item) for item in items]
        if self.config.media.mirror == "off":
            return tuple(shown)
        copies = self.store.copies.of({url for item in items for url in pictures_of(item)})
        return tuple(with_copies(item, copies, self.base_url) if copies else item for item in shown)

    def _at_home(self, item: Item) -> Item:
        page = f"{self.base_url}/items/{item.number}"
        shown = with_files(item, f"{page}/files")
        return replace(shown, url=page) if not item.url or item.url.startswith("folder:") else shown

    def feed_url(self, path: str, format: str, choice: Choice = NEWEST) -> str:  # noqa: A002
        """Public address of a feed document: one alone for equal choices."""
        query = query_string(choice)
        return f"{self.base_url}/feeds/{path}.{format}" + (f"?{query}" if query else "")

    def page_url(self, path: str) -> str:
        """Public address of a channel's page for people."""
        return f"{self.base_url}/feeds/{path}"

    @property
    def hub(self) -> str:
        """The address of the WebSub hub that feeds name; "" when there is none."""
        chosen = self.config.websub.hub
        return {"own": f"{self.base_url}/hub", "off": ""}.get(chosen, chosen)


def narrowed(channel: Channel, choice: Choice) -> Query:
    """What a choice asks of a channel's items; a moment without a zone is one in that of the channel."""
    since = choice.since
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=channel.timezone)
    return replace(channel.query, search=choice.search, since=since, media=choice.media)


def query_string(choice: Choice) -> str:
    """The query of the address at which a choice stands, "" for the newest items: equal choices have equal ones."""
    if choice.before is not None:
        return f"before={choice.before}"
    said = {
        "q": choice.search,
        "since": _moment(choice.since) if choice.since else "",
        "media": choice.media or "",
        "limit": "" if choice.limit == WINDOW else str(choice.limit),
        "page": "" if choice.page == 1 else str(choice.page),
    }
    return urlencode({name: text for name, text in said.items() if text}, quote_via=quote, safe=":")


def _moment(moment: datetime) -> str:
    """A day, a moment without zone, or one in UTC (RFC 3339)."""
    if moment.tzinfo is not None:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.date().isoformat() if moment.time() == datetime.min.time() else moment.isoformat(timespec="seconds")

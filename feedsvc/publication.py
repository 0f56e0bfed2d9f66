"""What channels publish: feeds as values and as bytes, for whoever asks: readers, the hub, an export."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from feedsvc.channels import Channels
from feedsvc.config import Config
from feedsvc.dropped import with_files
from feedsvc.feeds import render
from feedsvc.feeds.proof import prove
from feedsvc.listings import searched
from feedsvc.model import DISCOVERY, NEWEST, Choice, Feed, Item, Query, Rendered, Revision
from feedsvc.store import Store

LATEST = {"vi": "Tin mới từ", "en": "News from"}


class Publication:
    """The feeds of all channels. `authority` is that of the tag: URIs (Store.authority)."""

    def __init__(self, config: Config, store: Store, channels: Channels, authority: str) -> None:
        self.config, self.store, self.channels, self.authority = config, store, channels, authority
        self.base_url = config.base_url
        self._searched = frozenset(source.slug for source in searched(config))

    def feed(self, path: str, format: str = "rss", choice: Choice = NEWEST) -> Feed | None:  # noqa: A002
        """What `choice` wants of a channel as a Feed whose self link is that of `format`; None if there is no such."""
        channel = self.channels.get(path)
        if channel is None:
            return None
        items = tuple(self.linked(item) for item in self.store.items(channel.query, choice.limit))
        return Feed(
            id=f"tag:{self.authority}:feed/{path}",
            slug=path,
            title=channel.title,
            home=channel.home or self.page_url(path),
            self_url=self.feed_url(path, format),
            page_url=self.page_url(path),
            description=f"{LATEST.get(channel.language, LATEST['en'])} {', '.join(s.title for s in channel.sources)}",
            language=channel.language,
            timezone=channel.timezone,
            updated=max((item.updated for item in items), default=datetime.fromtimestamp(0, channel.timezone)),
            items=items,
            sources=channel.sources,
            categories=channel.categories,
            ttl=channel.ttl,
            hub=self.hub,
        )

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
        """A dropped document without an address of its own links to the page of ours, as its files do."""
        page = f"{self.base_url}/items/{item.number}"
        shown = with_files(item, f"{page}/files")
        return replace(shown, url=page) if not item.url or item.url.startswith("folder:") else shown

    def feed_url(self, path: str, format: str) -> str:  # noqa: A002
        """Public address of a feed document."""
        return f"{self.base_url}/feeds/{path}.{format}"

    def page_url(self, path: str) -> str:
        """Public address of a channel's page for people."""
        return f"{self.base_url}/feeds/{path}"

    @property
    def hub(self) -> str:
        """The address of the WebSub hub that feeds name; "" when there is none."""
        chosen = self.config.websub.hub
        return {"own": f"{self.base_url}/hub", "off": ""}.get(chosen, chosen)

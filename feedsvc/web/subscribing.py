"""Links that open a feed in a reader: in those of everybody, and in one that a person runs on a server of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from feedsvc.feeds.address import web_address

LONGEST_SERVER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLink:
    """A link that adds a feed to a reader; `host` is that of a person's own server, "" for a reader of everybody."""

    reader: str
    address: str
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReader:
    """A reader that people run themselves: what follows the server's address, and which pages of it they may paste."""

    bookmarklet: str
    pages: tuple[str, ...]


OWN_READERS: Mapping[str, OwnReader] = MappingProxyType(
    {
        "FreshRSS": OwnReader(bookmarklet="/i/?c=feed&a=add&url_rss=", pages=("/i/index.php", "/i")),
        "Miniflux": OwnReader(bookmarklet="/bookmarklet?uri=", pages=("/unread", "/feeds", "/subscribe", "/login")),
    }
)


def feed_link(feed: str) -> str:
    """The address that opens a feed in the reader of the machine (the `feed:` scheme, never standardised)."""
    return f"feed:{feed}"


def reader_links(feed: str) -> tuple[ReaderLink, ...]:
    """One click for readers that everybody can use; `feed` is the absolute address of the feed.

    `x-netnewswire-feed:` reaches NetNewsWire on a Mac whichever reader `feed:` opens there; iPhones know `feed:` alone.
    """
    escaped = quote(feed, safe="")
    return (
        ReaderLink(reader="Feedly", address=f"https://feedly.com/i/subscription/feed/{escaped}"),
        ReaderLink(reader="Inoreader", address=f"https://www.inoreader.com/?add_feed={escaped}"),
        ReaderLink(reader="NetNewsWire (Mac)", address=f"x-netnewswire-feed:{feed}"),
    )


def own_link(reader: str, server: str, feed: str) -> ReaderLink | None:
    """The link that adds `feed` to a reader (a name of OWN_READERS) on a server that a person typed.

    None for another reader, and for what is no address of a web server: nothing but http and https is ever linked.
    """
    kind, typed = OWN_READERS.get(reader), server.strip()
    parts = urlsplit(web_address(typed if "://" in typed else f"https://{typed}"))
    if kind is None or not parts.netloc or len(typed) > LONGEST_SERVER:
        return None
    path = parts.path.rstrip("/")
    base = next((path.removesuffix(page) for page in kind.pages if path.endswith(page)), path)
    address = f"{parts.scheme}://{parts.netloc}{base}{kind.bookmarklet}{quote(feed, safe='')}"
    return ReaderLink(reader=reader, address=address, host=parts.netloc)

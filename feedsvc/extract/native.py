"""What a portal offers by itself: its feeds, news sitemaps, and the categories that WordPress tells (reading.md 3.0).

Evidence only: a feed is reported, and called usable when it is fresh and carries at least what the page does.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from feedsvc.errors import ExtractError
from feedsvc.extract.clean import clean_title
from feedsvc.extract.links import key_of
from feedsvc.extract.page import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from feedsvc.extract.feed_list import NativeFeed
    from feedsvc.extract.page import Document
    from feedsvc.model import Page, Stub

_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
_FEED_ADDRESS: Final = re.compile(
    r"(?:/(?:feed|rss|atom)/?|\.(?:rss|rdf|atom)|/(?:rss|feed|atom)[^/?]*\.xml)$", re.IGNORECASE
)
_NO_NEWS: Final = re.compile(r"comment|bình luận|binh-luan", re.IGNORECASE)
_MOST_FEEDS: Final = 10  # declared by one page that are looked at
_WORDPRESS: Final = "https://api.w.org/"
_CATEGORIES: Final = "wp/v2/categories?per_page=100&_fields=name,link,count"
_SITEMAP_ADDRESS: Final = re.compile(r"/[^/?]*sitemap[^/?]*\.xml$", re.IGNORECASE)
_OF_NEWS: Final = re.compile(r"news(?!letter)|tin-?tuc", re.IGNORECASE)
_SITEMAP_LINE: Final = re.compile(
    r"^[ \t]{0,9}sitemap[ \t]{0,9}:[ \t]{0,9}(https?://\S{1,2000})", re.IGNORECASE | re.MULTILINE
)
_ROBOTS_LENGTH: Final = 500 * 1024  # bytes that must be read (RFC 9309, 2.5)
_WORDPRESS_NEWS: Final = "/news-sitemap.xml"  # where WordPress portals with Yoast's news extension have it
_WORDPRESS_FILES: Final = ("/wp-content/", "/wp-includes/")
_FEWEST_POSTS: Final = 3
_STALE: Final = timedelta(days=60)
_BEHIND: Final = timedelta(days=3)
_CARRIES: Final = 0.9  # of the page's items, for a feed that can stand for the page


def declared_feeds(document: Document) -> tuple[str, ...]:
    """Return the addresses of feeds that the page declares, or links to by an address that only feeds have.

    Feeds of comments are none.
    """
    found = []
    for element in document.root.iter("link", "a"):
        href = element.get("href") or ""
        said = (element.get("rel") or "").casefold().split()
        is_declared = "alternate" in said and (element.get("type") or "").casefold().strip() in _TYPES
        if not is_declared and not (element.tag == "a" and _FEED_ADDRESS.search(href.partition("?")[0])):
            continue
        url = absolute(document, href)
        if url and not _NO_NEWS.search(f"{url} {element.get('title') or ''}"):
            found.append(url)
    return tuple(dict.fromkeys(found))[:_MOST_FEEDS]


def sitemaps(document: Document) -> tuple[str, ...]:
    """Return the addresses of sitemaps that the page declares or links to, those of news first.

    Where it names none and looks like WordPress, the one address at which such portals have their news.
    """
    found = []
    for element in document.root.iter("link", "a"):
        href = element.get("href") or ""
        is_declared = element.tag == "link" and "sitemap" in (element.get("rel") or "").casefold().split()
        if is_declared or (element.tag == "a" and _SITEMAP_ADDRESS.search(f"/{href.partition('?')[0]}")):
            found.append(absolute(document, href))
    if not any(found) and _is_wordpress(document):
        found.append(absolute(document, _WORDPRESS_NEWS))
    return _news_first(url for url in found if url)


def told_sitemaps(robots: Page) -> tuple[str, ...]:
    """Return the addresses of sitemaps that a robots.txt names (sitemaps.org 0.9, "Sitemap:"), those of news first."""
    text = robots.body[:_ROBOTS_LENGTH].decode("utf-8-sig", errors="replace")
    return _news_first(match[1] for match in _SITEMAP_LINE.finditer(text))


def is_of_news(url: str) -> bool:
    """Tell the sitemap of news by the last part of its address."""
    return bool(_OF_NEWS.search(urlsplit(url).path.rpartition("/")[2]))


def _news_first(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(urls), key=lambda url: not is_of_news(url)))


def _is_wordpress(document: Document) -> bool:
    links = ((one.get("href") or one.get("src") or "", one.get("rel")) for one in document.root.iter("link", "script"))
    return any(rel == _WORDPRESS or any(part in url for part in _WORDPRESS_FILES) for url, rel in links)


def wordpress_categories_url(document: Document) -> str | None:
    """Return the address at which a WordPress portal tells its categories, None for other portals."""
    roots = (one.get("href") for one in document.root.iter("link") if one.get("rel") == _WORDPRESS)
    root = next((absolute(document, href) for href in roots if href), None)
    if root is None:
        return None
    return f"{root.rstrip('/')}/{_CATEGORIES}" if "?" not in root else None


def wordpress_categories(page: Page) -> tuple[tuple[str, str], ...]:
    """Return name and address of each category with 3 posts or more. Raises ExtractError when it is no such answer."""
    try:
        told = json.loads(page.body)
        some = [(clean_title(one["name"]), one["link"]) for one in told if one["count"] >= _FEWEST_POSTS]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ExtractError(f"{page.final_url} does not answer as WordPress does") from error
    return tuple((name, link) for name, link in some if isinstance(link, str) and link.startswith(("http:", "https:")))


def shortcoming(feed: NativeFeed, stubs: Sequence[Stub], now: datetime) -> str:
    """Say why a feed cannot stand for the page that declares it, "" when it can."""
    if feed.newest is None:
        return "its items have no dates"
    dated = [stub.published for stub in stubs if stub.published]
    if now - feed.newest > _STALE or (dated and max(dated) - feed.newest > _BEHIND):
        return f"its newest item is of {feed.newest:%d/%m/%Y}"
    known = {key_of(stub.url) for stub in feed.stubs}
    carried = sum(key_of(stub.url) in known for stub in stubs)
    if carried < len(stubs) * _CARRIES:
        return f"it carries {carried} of the {len(stubs)} items of the page"
    return ""

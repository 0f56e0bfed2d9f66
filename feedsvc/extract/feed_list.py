"""A feed of the portal's own, read as the list that it is: RSS, Atom, JSON Feed, a news sitemap to a `Listing`.

It is read where a portal's pages give no list, as those that a script builds, and where a person names its address.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from feedsvc.errors import ExtractError, LayoutChanged
from feedsvc.extract.clean import clean_text, clean_title
from feedsvc.extract.dates import When
from feedsvc.extract.identity import stub_keys
from feedsvc.extract.native import is_of_news
from feedsvc.extract.page import Document, absolute
from feedsvc.extract.stubs import digest_of
from feedsvc.model import Listing, MediaObject, Stub

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.model import MediaKind, Page, Source

_HEAD: Final = 2000  # bytes in which a feed shows what it is
_XML_FEED: Final = re.compile(
    rb"\s*(?:<\?[^>]*\?>\s*|<!--[^>]*-->\s*){0,9}<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.IGNORECASE
)
_JSON_FEED: Final = re.compile(rb'\s*\{.{0,500}?"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org', re.DOTALL)
_BOM: Final = b"\xef\xbb\xbf"
_SUMMARY: Final = 600  # characters
_MOST: Final = 300  # items of one feed
_MOST_NEWS: Final = 100  # of one news sitemap; it may hold 1000
_DAY: Final = 10  # characters of a date without time, as 2026-11-20
_TAG: Final = re.compile(r"<[^>]{0,2000}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeFeed:
    """A feed of the portal's own: its items as the lines of a list, and the page that goes on (RFC 5005).

    A sitemap index has no items, and goes on with the news sitemap that it names.
    """

    url: str
    title: str
    stubs: tuple[Stub, ...]
    next_url: str | None = None

    @property
    def newest(self) -> datetime | None:
        """The moment of the newest item, None when no item has one."""
        return max((stub.published for stub in self.stubs if stub.published), default=None)


def is_feed(page: Page) -> bool:
    """Tell whether the answer is a feed, by how it begins: servers call feeds all kinds of types."""
    head = page.body[:_HEAD].removeprefix(_BOM)
    return bool(_XML_FEED.match(head) or _JSON_FEED.match(head))


def feed_listing(page: Page, source: Source) -> Listing:
    """Read a feed as a listing. Raises LayoutChanged when it has no items, ExtractError when it does not parse."""
    feed = read_feed(page, source)
    if not feed.stubs:
        better = feed.next_url or "the address of a page with a list"
        raise LayoutChanged(f"the feed {page.final_url} has no items; give {better}")
    return Listing(title=feed.title, stubs=feed.stubs, next_url=feed.next_url, digest=digest_of(feed.stubs))


def read_feed(page: Page, source: Source) -> NativeFeed:
    """Read a feed. Raises ExtractError when it is none, or not to be trusted.

    A document type is refused before anything is parsed: feeds need none, and it is how parsers are attacked.
    """
    body = page.body.removeprefix(_BOM).strip()
    if body[:1] == b"{":
        return _from_json(page, body, source)
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise ExtractError(f"{page.final_url} is no feed: it has a document type")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ExtractError(f"{page.final_url} does not parse as a feed: {error}") from error
    document = _document(page, root)
    if _name(root) == "urlset":
        return _from_sitemap(document, source)
    if _name(root) == "sitemapindex":
        return _from_index(document)
    if _name(root) not in {"rss", "RDF", "feed"}:
        raise ExtractError(f"{page.final_url} is no feed")
    return _from_xml(document, source)


def _document(page: Page, root: Any) -> Document:
    return Document(
        url=page.final_url,
        address=page.final_url,
        root=root,
        charset="",
        content_type=page.content_type,
        fetched_at=page.fetched_at,
    )


def _from_xml(document: Document, source: Source) -> NativeFeed:
    root = document.root
    entries = [one for one in root.iter(etree.Element) if _name(one) in {"item", "entry"}][:_MOST]
    inside = {element for entry in entries for element in entry.iter(etree.Element)}
    title = next((_text(one) for one in _named(root, "title") if one not in inside), "")
    more = (one.get("href") for one in _named(root, "link") if one not in inside and one.get("rel") == "next")
    stubs = (_stub(entry, document, source) for entry in entries)
    return NativeFeed(
        url=document.address,
        title=clean_title(title),
        stubs=_once(stub for stub in stubs if stub),
        next_url=next((url for href in more if href and (url := absolute(document, href))), None),
    )


def _stub(entry: Any, document: Document, source: Source) -> Stub | None:
    links = [one for one in _named(entry, "link") if one.get("rel") in {None, "alternate"}]
    href = next((text for one in links if (text := (one.get("href") or one.text or "").strip())), "")
    url = absolute(document, href)
    title = clean_title(_inner(entry, "title"))
    if url is None or not title:
        return None
    days = (_moment(_text(one).strip(), source) for one in _named(entry, "pubDate", "published", "date", "updated"))
    words = next((_text(one) for one in _named(entry, "description", "summary") if _text(one).strip()), "")
    return _line(url, title, words, next(filter(None, days), None), tuple(_media(entry, document)))


def _from_sitemap(document: Document, source: Source) -> NativeFeed:
    """Read a news sitemap (sitemaps.org 0.9 with Google's sitemap-news 0.9); addresses without news are passed over."""
    entries = ((one, news) for one in _children(document.root, "url") for news in islice(_children(one, "news"), 1))
    told = list(islice(entries, _MOST_NEWS))
    if not told:
        raise ExtractError(f"{document.address} is no feed: a sitemap without news")
    stubs = (_reported(entry, news, document, source) for entry, news in told)
    name = next((_inner(one, "name") for one in _children(told[0][1], "publication")), "")
    return NativeFeed(url=document.address, title=clean_title(name), stubs=_once(stub for stub in stubs if stub))


def _reported(entry: Any, news: Any, document: Document, source: Source) -> Stub | None:
    url, title = absolute(document, _inner(entry, "loc")), clean_title(_inner(news, "title"))
    if url is None or not title:
        return None
    shown = (absolute(document, _inner(one, "loc")) for one in _children(entry, "image"))
    media = tuple(MediaObject(url=one, kind="image") for one in dict.fromkeys(shown) if one)
    return _line(url, title, "", _moment(_inner(news, "publication_date"), source), media)


def _from_index(document: Document) -> NativeFeed:
    """Read a sitemap index (sitemaps.org 0.9) as one step to the news sitemap that it names."""
    urls = (absolute(document, _inner(one, "loc")) for one in _children(document.root, "sitemap"))
    news = next((url for url in urls if url and is_of_news(url)), None)
    if news is None:
        raise ExtractError(f"{document.address} is no feed: a list of sitemaps, none of them of news")
    return NativeFeed(url=document.address, title="", stubs=(), next_url=news)


def _line(url: str, title: str, words: str, published: When | None, media: tuple[MediaObject, ...]) -> Stub:
    return Stub(
        keys=stub_keys(url),
        url=url,
        title=title,
        summary=_short(clean_title(_TAG.sub(" ", words))),
        published=published.moment if published else None,
        precision=published.precision if published else None,
        media=media,
    )


def _short(text: str) -> str:
    return text if len(text) <= _SUMMARY else f"{text[:_SUMMARY].rpartition(' ')[0]}…"


def _media(entry: Any, document: Document) -> Iterator[MediaObject]:
    """Give enclosures (RSS 2.0), and contents and thumbnails of Media RSS, each address once."""
    met = set()
    for one in _named(entry, "enclosure", "content", "thumbnail"):
        url = absolute(document, one.get("url") or "") if one.get("url") else None
        kind = "image" if _name(one) == "thumbnail" else _kind(one.get("type") or "", one.get("medium") or "")
        if url is not None and kind is not None and url not in met:
            met.add(url)
            yield MediaObject(url=url, kind=kind, mime=one.get("type") or None)


def _kind(mime: str, medium: str) -> MediaKind | None:
    told = mime.partition("/")[0] or medium
    kinds: dict[str, MediaKind] = {"image": "image", "video": "video", "audio": "audio", "application": "document"}
    return kinds.get(told)


def _from_json(page: Page, body: bytes, source: Source) -> NativeFeed:
    """Read a JSON Feed (version 1.1)."""
    try:
        told = json.loads(body)
        items = list(told["items"])[:_MOST]
        stubs = [_json_stub(one, _document(page, None), source) for one in items]
        title, more = clean_title(str(told.get("title") or "")), told.get("next_url")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ExtractError(f"{page.final_url} is no JSON Feed") from error
    next_url = absolute(_document(page, None), more) if isinstance(more, str) else None
    return NativeFeed(url=page.final_url, title=title, stubs=_once(stub for stub in stubs if stub), next_url=next_url)


def _json_stub(one: dict[str, Any], document: Document, source: Source) -> Stub | None:
    url, title = absolute(document, str(one.get("url") or "")), clean_title(str(one.get("title") or ""))
    if url is None or not title:
        return None
    image = absolute(document, str(one["image"])) if one.get("image") else None
    media = (MediaObject(url=image, kind="image"),) if image else ()
    words = str(one.get("summary") or one.get("content_text") or "")
    return _line(url, title, words, _moment(str(one.get("date_published") or ""), source), media)


def _once(stubs: Iterator[Stub]) -> tuple[Stub, ...]:
    return tuple({stub.url: stub for stub in reversed(list(stubs))}.values())[::-1]


def _name(element: Any) -> str:
    return str(etree.QName(element).localname)


def _named(element: Any, *names: str) -> Iterator[Any]:
    return (one for one in element.iter(etree.Element) if _name(one) in names)


def _children(element: Any, name: str) -> Iterator[Any]:
    return (one for one in element.iterchildren(etree.Element) if _name(one) == name)


def _inner(element: Any, name: str) -> str:
    return next((_text(one).strip() for one in _children(element, name)), "")


def _text(element: Any) -> str:
    return "".join(element.itertext())


def _moment(text: str, source: Source) -> When | None:
    """Return a moment of RSS (RFC 5322) or Atom (RFC 3339), or a day (W3C-DTF); None for others.

    One without zone is the source's own.
    """
    told = clean_text(text)[:100].strip()
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(told)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        aware = moment if moment.tzinfo else moment.replace(tzinfo=source.timezone)
        return When(aware, "day" if len(told) <= _DAY else "second")
    return None

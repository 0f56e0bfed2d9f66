"""The check before publishing (feeds.md 10): a document that fails it is not shown, the last good one stays."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lxml import etree

from feedsvc.errors import RenderError
from feedsvc.feeds.address import web_address
from feedsvc.feeds.extension import NAMESPACES
from feedsvc.feeds.size import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from feedsvc.model import Feed, Rendered

_ATOM = f"{{{NAMESPACES['atom']}}}"
_MEDIA = f"{{{NAMESPACES['media']}}}"
_TAG = re.compile(r"<[/!?]?[A-Za-z]")
_TYPE = re.compile(r"[^/\s]+/[^/\s;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An item as the document tells it; an enclosure is address, type, and length, "" when that is not told."""

    id: str
    title: str
    published: datetime
    updated: datetime
    addresses: tuple[str, ...]
    enclosures: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    self_url: str
    title: str
    addresses: tuple[str, ...]
    entries: tuple[_Entry, ...]


def prove(feed: Feed, rendered: Rendered, format: str) -> None:  # noqa: A002 - the word of the field
    """Nothing when `rendered` is a sound document of `feed`; raises RenderError with the reason when it is not.

    Of a format that is not rss, atom or json only the size is known.
    """
    try:
        _prove(feed, rendered, format)
    except (ValueError, KeyError, TypeError, AttributeError, etree.XMLSyntaxError) as fault:
        reason = f"{type(fault).__name__} {fault}" if not isinstance(fault, _Unsound) else str(fault)
        raise RenderError(f"{format} document of {feed.slug} is not sound, so not published: {reason}") from fault


class _Unsound(ValueError):  # noqa: N818 - a verdict inside this module
    """The reason in words."""


def _prove(feed: Feed, rendered: Rendered, name: str) -> None:
    _demand(0 < len(rendered.body) <= MOST_BYTES, f"{len(rendered.body)} bytes, where 1 to {MOST_BYTES} are allowed")
    read = _READERS.get(name)
    if read is None:
        return
    document = read(rendered.body)
    _prove_document(document, feed)
    _prove_count(document, feed, rendered)
    for entry in document.entries:
        _prove_entry(entry)
    for newer, older in pairwise(document.entries):
        _demand(newer.published >= older.published, f"{older.id} stands after the older {newer.id}: newest come first")


def _prove_document(document: _Document, feed: Feed) -> None:
    _demand(bool(document.title.strip()), "the feed has no title")
    public = web_address(feed.self_url)
    _demand(document.self_url == public, f"self is {document.self_url!r}, not the public {public or feed.self_url!r}")
    _prove_addresses("feed", document.addresses)


def _prove_count(document: _Document, feed: Feed, rendered: Rendered) -> None:
    expected = len(feed.items) - len(rendered.left_out)
    found = len(document.entries)
    _demand(found == expected, f"{found} items, where {len(feed.items)} less {len(rendered.left_out)} were given")
    most = Counter(entry.id for entry in document.entries).most_common(1)
    _demand(not most or most[0][1] == 1, f"the id {most[0][0] if most else ''} stands more than once")


def _prove_entry(entry: _Entry) -> None:
    _demand(bool(entry.id.strip()), f"the item {entry.title!r} has no id")
    for moment in (entry.published, entry.updated):
        _demand(moment.tzinfo is not None, f"{entry.id} has the date {moment} without a zone")
    decoded = unescape(unescape(entry.title))
    _demand(bool(decoded.strip()), f"{entry.id} has no title")
    _demand(not _TAG.search(decoded), f"{entry.id} has markup in its title: {entry.title!r}")
    _prove_addresses(entry.id, entry.addresses)
    for url, mime, length in entry.enclosures:
        _demand(bool(_TYPE.fullmatch(mime)), f"{entry.id} has the enclosure {url} of type {mime!r}")
        _demand(length.isdecimal() or not length, f"{entry.id} has the enclosure {url} of length {length!r}")


def _prove_addresses(owner: str, addresses: tuple[str, ...]) -> None:
    for url in addresses:
        sound = urlsplit(url).scheme in {"http", "https"} and web_address(url) == url
        _demand(sound, f"{owner} has the address {url!r}, which is no absolute http(s) address")


def _demand(holds: bool, reason: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise _Unsound(reason)


def _parsed(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(body, parser)
    for group in root.iter(f"{_MEDIA}group"):
        forms = len(group.findall(f"{_MEDIA}content"))
        _demand(forms > 1, f"a media:group of {forms}: a lone form stands in the item itself")
    return root


def _rss(body: bytes) -> _Document:
    channel = _parsed(body).find("channel")
    datetime_of_feed = parsedate_to_datetime(_text(channel, "lastBuildDate"))
    _demand(datetime_of_feed.tzinfo is not None, "lastBuildDate has no zone")
    links = {link.get("rel"): link.get("href") for link in channel.findall(f"{_ATOM}link")}
    return _Document(
        self_url=links["self"],
        title=_text(channel, "title"),
        addresses=(_text(channel, "link"), *links.values()),
        entries=tuple(_rss_entry(item) for item in channel.findall("item")),
    )


def _rss_entry(item: Any) -> _Entry:
    enclosures = item.findall("enclosure")
    _demand(len(enclosures) <= 1, f"{_text(item, 'guid')} has {len(enclosures)} enclosures, where RSS allows one")
    _demand(item.find("guid").get("isPermaLink") == "false", f"{_text(item, 'guid')} must not pass for an address")
    found = tuple((each.attrib["url"], each.attrib["type"], each.attrib["length"]) for each in enclosures)
    _demand(all(length for _, _, length in found), f"{_text(item, 'guid')} has an enclosure without length")
    return _Entry(
        id=_text(item, "guid"),
        title=_text(item, "title"),
        published=parsedate_to_datetime(_text(item, "pubDate")),
        updated=datetime.fromisoformat(_text(item, f"{{{NAMESPACES['dcterms']}}}modified")),
        addresses=(_text(item, "link"), *(url for url, _, _ in found), *_media_addresses(item)),
        enclosures=found,
    )


def _atom(body: bytes) -> _Document:
    feed = _parsed(body)
    _demand(bool(_text(feed, f"{_ATOM}id").strip()), "the feed has no id")
    _demand(datetime.fromisoformat(_text(feed, f"{_ATOM}updated")).tzinfo is not None, "updated has no zone")
    has_author = feed.find(f"{_ATOM}author/{_ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{_ATOM}link")}
    return _Document(
        self_url=links["self"],
        title=_text(feed, f"{_ATOM}title"),
        addresses=tuple(links.values()),
        entries=tuple(_atom_entry(entry, has_author=has_author) for entry in feed.findall(f"{_ATOM}entry")),
    )


def _atom_entry(entry: Any, *, has_author: bool) -> _Entry:
    identifier = _text(entry, f"{_ATOM}id")
    authors = entry.findall(f"{_ATOM}author/{_ATOM}name")
    _demand(has_author or bool(authors), f"{identifier} has no author, and neither has the feed")
    links = entry.findall(f"{_ATOM}link")
    alternates = [link for link in links if link.get("rel") == "alternate"]
    _demand(len(alternates) == 1, f"{identifier} has {len(alternates)} alternate links, where one is right")
    enclosures = [link for link in links if link.get("rel") == "enclosure"]
    return _Entry(
        id=identifier,
        title=_text(entry, f"{_ATOM}title"),
        published=datetime.fromisoformat(_text(entry, f"{_ATOM}published")),
        updated=datetime.fromisoformat(_text(entry, f"{_ATOM}updated")),
        addresses=(*(link.attrib["href"] for link in links), *_media_addresses(entry)),
        enclosures=tuple((each.attrib["href"], each.attrib["type"], each.get("length", "")) for each in enclosures),
    )


def _media_addresses(item: Any) -> Iterator[str]:
    for name in ("content", "thumbnail", "player"):
        for found in item.iter(f"{_MEDIA}{name}"):
            if name != "content" or found.find(f"{_MEDIA}player") is None or "url" in found.attrib:
                yield found.attrib["url"]


def _json(body: bytes) -> _Document:
    document = json.loads(body)
    return _Document(
        self_url=document["feed_url"],
        title=document["title"],
        addresses=(document["feed_url"], document["home_page_url"]),
        entries=tuple(_json_entry(item) for item in document["items"]),
    )


def _json_entry(item: dict[str, Any]) -> _Entry:
    _demand("content_html" in item or "content_text" in item, f"{item['id']} has no content")
    attachments = item.get("attachments", [])
    pictures = [item["image"]] if "image" in item else []
    return _Entry(
        id=item["id"],
        title=item["title"],
        published=datetime.fromisoformat(item["date_published"]),
        updated=datetime.fromisoformat(item["date_modified"]),
        addresses=(item["url"], *pictures, *(each["url"] for each in attachments)),
        enclosures=tuple((each["url"], each["mime_type"], str(each.get("size_in_bytes", ""))) for each in attachments),
    )


def _text(parent: Any, name: str) -> str:
    """The text of a child that must be there; raises ValueError when it is missing."""
    found = parent.find(name)
    if found is None:
        raise _Unsound(f"{etree.QName(parent).localname} without {etree.QName(name).localname}")
    return found.text or ""


_READERS: dict[str, Callable[[bytes], _Document]] = {"rss": _rss, "atom": _atom, "json": _json}

"""RSS and Atom documents read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from feedsvc.feeds.elements import NAMESPACES
from feedsvc.feeds.proof.told import Document, Entry, Unsound, demand, rfc822_moment, rfc3339_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

_ATOM = f"{{{NAMESPACES['atom']}}}"
_MEDIA = f"{{{NAMESPACES['media']}}}"
_MODIFIED = f"{{{NAMESPACES['dcterms']}}}modified"
_ENCODED = f"{{{NAMESPACES['content']}}}encoded"
_DELETED = f"{{{NAMESPACES['at']}}}deleted-entry"
_COMPLETE = f"{{{NAMESPACES['fh']}}}complete"


def rss_told(body: bytes) -> Document:
    """What an RSS document tells. Raises Unsound, or an error of parsing, for one that does not hold what it must."""
    channel = _parsed(body).find("channel")
    rfc822_moment(_text(channel, "lastBuildDate"), "the feed")
    pictures = [child.text or "" for child in channel.iterfind("image/*") if child.tag in {"url", "link"}]
    return Document(
        self_url=_self(channel),
        title=_text(channel, "title"),
        addresses=(_text(channel, "link"), *_hrefs(channel), *pictures),
        entries=tuple(_rss_entry(item) for item in channel.findall("item")),
    )


def atom_told(body: bytes) -> Document:
    """What an Atom document tells. Raises Unsound, or an error of parsing, for one that does not hold what it must."""
    feed = _parsed(body)
    demand(bool(_text(feed, f"{_ATOM}id").strip()), "the feed has no id")
    rfc3339_moment(_text(feed, f"{_ATOM}updated"), "the feed")
    has_author = feed.find(f"{_ATOM}author/{_ATOM}name") is not None
    return Document(
        self_url=_self(feed),
        title=_text(feed, f"{_ATOM}title"),
        addresses=(*_hrefs(feed), *(logo.text or "" for logo in feed.findall(f"{_ATOM}logo"))),
        entries=tuple(_atom_entry(entry, has_author=has_author) for entry in feed.findall(f"{_ATOM}entry")),
        refs=tuple(_ref(entry) for entry in feed.findall(_DELETED)),
    )


def _parsed(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(body, parser)
    demand(root.find(f".//{_COMPLETE}") is None, "fh:complete, though older items are told elsewhere")
    for group in root.iter(f"{_MEDIA}group"):
        forms = len(group.findall(f"{_MEDIA}content"))
        demand(forms > 1, f"a media:group of {forms}: a lone form stands in the item itself")
    return root


def _self(parent: Any) -> str:
    found = [link.attrib["href"] for link in parent.findall(f"{_ATOM}link") if link.get("rel") == "self"]
    demand(len(found) == 1, f"{len(found)} links to itself, where one is right")
    return str(found[0])


def _hrefs(parent: Any) -> tuple[str, ...]:
    return tuple(link.attrib["href"] for link in parent.findall(f"{_ATOM}link"))


def _ref(entry: Any) -> str:
    """The id of a withdrawn item (RFC 6721, 3)."""
    identifier = str(entry.attrib["ref"])
    demand(bool(identifier.strip()), "a withdrawn item has no id")
    rfc3339_moment(entry.attrib["when"], identifier)
    return identifier


def _rss_entry(item: Any) -> Entry:
    identifier = _text(item, "guid")
    enclosures = item.findall("enclosure")
    demand(len(enclosures) <= 1, f"{identifier} has {len(enclosures)} enclosures, where RSS allows one")
    demand(item.find("guid").get("isPermaLink") == "false", f"{identifier} must not pass for an address")
    found = tuple((each.attrib["url"], each.attrib["type"], each.attrib["length"]) for each in enclosures)
    demand(all(length for _, _, length in found), f"{identifier} has an enclosure without length")
    return Entry(
        id=identifier,
        title=_text(item, "title"),
        lead=_text(item, "description"),
        html=item.findtext(_ENCODED) or "",
        published=rfc822_moment(_text(item, "pubDate"), identifier),
        updated=rfc3339_moment(_text(item, _MODIFIED), identifier),
        addresses=(_text(item, "link"), *_hrefs(item), *(url for url, _, _ in found), *_media_addresses(item)),
        enclosures=found,
    )


def _atom_entry(entry: Any, *, has_author: bool) -> Entry:
    identifier = _text(entry, f"{_ATOM}id")
    authors = entry.findall(f"{_ATOM}author/{_ATOM}name")
    demand(has_author or bool(authors), f"{identifier} has no author, and neither has the feed")
    links = entry.findall(f"{_ATOM}link")
    alternates = [link for link in links if link.get("rel") == "alternate"]
    demand(len(alternates) == 1, f"{identifier} has {len(alternates)} alternate links, where one is right")
    enclosures = [link for link in links if link.get("rel") == "enclosure"]
    return Entry(
        id=identifier,
        title=_text(entry, f"{_ATOM}title"),
        lead=entry.findtext(f"{_ATOM}summary") or "",
        html=entry.findtext(f"{_ATOM}content") or "",
        published=rfc3339_moment(_text(entry, f"{_ATOM}published"), identifier),
        updated=rfc3339_moment(_text(entry, f"{_ATOM}updated"), identifier),
        addresses=(*(link.attrib["href"] for link in links), *_media_addresses(entry)),
        enclosures=tuple((each.attrib["href"], each.attrib["type"], each.get("length", "")) for each in enclosures),
    )


def _media_addresses(item: Any) -> Iterator[str]:
    for name in ("content", "thumbnail", "player"):
        for found in item.iter(f"{_MEDIA}{name}"):
            if name != "content" or found.find(f"{_MEDIA}player") is None or "url" in found.attrib:
                yield found.attrib["url"]


def _text(parent: Any, name: str) -> str:
    """The text of a child that must be there; raises Unsound when it is missing."""
    found = parent.find(name)
    if found is None:
        raise Unsound(f"{etree.QName(parent).localname} without {etree.QName(name).localname}")
    return found.text or ""

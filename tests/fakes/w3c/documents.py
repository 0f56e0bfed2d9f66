"""A whole document looked at: element by element by the tables, then what spans several."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from fakes.w3c.tables import ATOM, NOT_KNOWN, PREFIXES, RSS, Element
from lxml import etree

TYPES = {"rss": "application/rss+xml", "feed": "application/atom+xml"}
LIMIT = 5_000_000
AROUND = {"next", "previous", "prev-archive", "next-archive", "current"}
EPISODES = (".m4a", ".mp3", ".mov", ".mp4", ".m4v", ".pdf", ".epub")
_BAD = re.compile("[\x80-\x9f\ufffd]")


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: its name, and where."""

    rule: str
    where: str


def findings(body: bytes, content_type: str, url: str) -> list[Finding]:
    """What the validator would say of the document at `url`, sent as `content_type`."""
    if len(body) > LIMIT:
        return [Finding("ValidatorLimit", str(len(body)))]
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as fault:
        return [Finding("SAXError", str(fault))]
    name = _name(root)
    if name not in TYPES:
        return [Finding("UndefinedElement", name)]
    found = [*_envelope(body, content_type, root), *_element(root, "", RSS if name == "rss" else ATOM)]
    found += _rss(root[0], url) if name == "rss" else _atom(root, url)
    return [*found, *_media(root)]


def _envelope(body: bytes, content_type: str, root: Any) -> Iterator[Finding]:
    if content_type.partition(";")[0] != TYPES[_name(root)]:
        yield Finding("UnexpectedContentType", content_type)
    if "charset=utf-8" not in content_type or not re.match(rb"<\?xml[^>]*encoding=.utf-8.\?>", body):
        yield Finding("EncodingMismatch", content_type)
    if root.getroottree().docinfo.doctype:
        yield Finding("InvalidDoctype", root.getroottree().docinfo.doctype)
    for prefix, uri in root.nsmap.items():
        usual = PREFIXES.get(uri)
        if usual is None or usual in NOT_KNOWN:
            yield Finding(f"{NOT_KNOWN.get(usual or '', 'UnknownNamespace')} {uri}", "document")
        if prefix is not None and prefix != usual:
            yield Finding("NonstdPrefix", str(prefix))
        if prefix == "atom" and _name(root) == "feed":
            yield Finding("AvoidNamespacePrefix", "atom")
        used = any(isinstance(each.tag, str) and etree.QName(each).namespace == uri for each in root.iter())
        if usual in {"at", "fh", "georss", "itunes", "podcast"} and not used:
            yield Finding("UnusedNamespace", uri)
    inner = {uri for each in root.iter() for uri in each.nsmap.values()} - set(root.nsmap.values())
    yield from (Finding("UnknownNamespace", uri) for uri in inner)


def _name(node: Any) -> str:
    """`prefix:local`; the vocabulary of the document itself, Atom's in Atom, has no prefix."""
    tag = etree.QName(node)
    prefix = PREFIXES.get(tag.namespace or "", tag.namespace or "")
    own = "atom" if etree.QName(node.getroottree().getroot()).localname == "feed" else ""
    return tag.localname if prefix == own else f"{prefix}:{tag.localname}"


def _element(node: Any, parent: str, table: dict[str, Element]) -> Iterator[Finding]:
    name = _name(node) if isinstance(node.tag, str) else "comment"
    where = f"{parent}/{name}"
    rule = table.get(f"{parent.rpartition('/')[2]}/{name}") or table.get(name)
    if rule is None:
        yield Finding("UndefinedElement", where)
        return
    text = (
        "".join(node.itertext()) if len(node) == 0 else (node.text or "") + "".join(child.tail or "" for child in node)
    )
    yield from (Finding(broken, f"{where} {text[:60]!r}") for broken in rule.text(text))
    if _BAD.search(text) or any(_BAD.search(value) for value in node.attrib.values()):
        yield Finding("BadCharacters", where)
    yield from _attributes(node, where, rule)
    counts = Counter(_name(child) for child in node if isinstance(child.tag, str))
    for child, times in counts.items():
        if child not in rule.needed | rule.once | rule.many:
            yield Finding("UndefinedElement", f"{where}/{child}")
        elif times > 1 and child not in rule.many:
            yield Finding("DuplicateElement", f"{where}/{child}")
    yield from (Finding("MissingElement", f"{where}/{child}") for child in sorted(rule.needed - set(counts)))
    for child in node:
        yield from _element(child, where, table)


def _attributes(node: Any, where: str, rule: Element) -> Iterator[Finding]:
    told = {_attribute(key): value for key, value in node.attrib.items()}
    for key, value in told.items():
        if key not in rule.attributes:
            yield Finding("UnexpectedAttribute", f"{where} {key}")
        else:
            yield from (Finding(broken, f"{where} {key}={value!r}") for broken in rule.attributes[key](value))
    yield from (Finding("MissingAttribute", f"{where} {key}") for key in sorted(rule.wanted - set(told)))


def _attribute(key: str) -> str:
    return re.sub(r"\{(.*)\}", lambda match: f"{PREFIXES.get(match[1], match[1])}:", key)


def _children(node: Any, name: str) -> list[Any]:
    return [child for child in node if isinstance(child.tag, str) and _name(child) == name]


def _text(node: Any, name: str) -> str:
    return next((child.text or "" for child in _children(node, name)), "")


def _repeated(rule: str, texts: list[str]) -> Iterator[Finding]:
    yield from (Finding(rule, text) for text, times in Counter(texts).items() if times > 1)


def _links(links: list[Any], own_type: str, url: str) -> Iterator[Finding]:
    """The links of a feed itself."""
    rels = [link.get("rel") for link in links]
    own = [link for link in links if link.get("rel") == "self"]
    if not own:
        yield Finding("MissingSelf", "document")
    yield from (Finding("SelfDoesntMatchLocation", link.get("href")) for link in own if link.get("href") != url)
    yield from (Finding("SelfNotAtom", link.get("type")) for link in own if link.get("type") != own_type)
    yield from _repeated("DuplicateAtomLink", [rel for rel in rels if rel != "alternate"])
    alternates = [f"{link.get('type')} {link.get('hreflang')}" for link in links if link.get("rel") == "alternate"]
    yield from _repeated("DuplicateAtomLink", alternates)
    for link in links:
        if link.get("rel") in AROUND and urlsplit(link.get("href")).netloc != urlsplit(url).netloc:
            yield Finding("ForeignPage", link.get("href"))
        if link.get("rel") in AROUND - {"current"} and link.get("href") == url:
            yield Finding("LinkPastEnd", link.get("href"))


def _archive(feed: Any, links: list[Any]) -> Iterator[Finding]:
    rels = {link.get("rel") for link in links}
    if not _children(feed, "fh:archive"):
        return
    if not rels & {"prev-archive", "next-archive"}:
        yield Finding("ArchiveIncomplete", "document")
    if "current" not in rels:
        yield Finding("MissingCurrentInArchive", "document")


def _rss(channel: Any, url: str) -> Iterator[Finding]:
    links = _children(channel, "atom:link")
    yield from _links(links, TYPES["rss"], url)
    yield from _archive(channel, links)
    items = _children(channel, "item")
    if not _children(channel, "language"):
        yield Finding("MissingDCLanguage", "channel")
    yield from _repeated("DuplicateValue", [_text(item, "guid") for item in items])
    order = [_name(child) == "item" for child in channel]
    yield from (Finding("MisplacedItem", "channel") for before, after in pairwise(order) if before and not after)
    for image in _children(channel, "image"):
        if _text(image, "title") != _text(channel, "title"):
            yield Finding("ImageTitleDoesntMatch", _text(image, "title"))
        if _text(image, "link") != _text(channel, "link"):
            yield Finding("ImageLinkDoesntMatch", _text(image, "link"))
    if "itunes" in channel.nsmap:
        for child in ("itunes:category", "itunes:explicit", "itunes:owner"):
            if not _children(channel, child):
                yield Finding("MissingItunesElement", child)
    for item in items:
        yield from _item(item)


def _item(item: Any) -> Iterator[Finding]:
    order = [_name(child) for child in item]
    if "content:encoded" in order and order.index("description") > order.index("content:encoded"):
        yield Finding("NeedDescriptionBeforeContent", _text(item, "guid"))
    rels = {link.get("rel") for link in _children(item, "atom:link")}
    yield from (Finding("FeedHistoryRelInEntry", rel) for rel in rels & AROUND)
    is_episode = any(name.startswith("itunes:") for name in order)
    for enclosure in _children(item, "enclosure"):
        if is_episode and not enclosure.get("url", "").endswith(EPISODES):
            yield Finding("UnsupportedItunesFormat", enclosure.get("url", ""))


def _atom(feed: Any, url: str) -> Iterator[Finding]:
    links = _children(feed, "link")
    yield from _links(links, TYPES["feed"], url)
    yield from _archive(feed, links)
    entries = _children(feed, "entry")
    ids = [_text(entry, "id") for entry in entries]
    yield from _repeated("DuplicateEntries", ids)
    yield from _repeated("DuplicateUpdated", [_text(entry, "updated") for entry in entries])
    refs = [deleted.get("ref") for deleted in _children(feed, "at:deleted-entry")]
    yield from _repeated("DuplicateEntries", refs)
    yield from (Finding("DeletedAndThere", ref) for ref in set(refs) & set(ids))
    order = [_name(child) == "entry" for child in feed]
    yield from (Finding("MisplacedMetadata", "feed") for before, after in pairwise(order) if before and not after)
    for entry in entries:
        yield from _entry(entry)


def _entry(entry: Any) -> Iterator[Finding]:
    links = _children(entry, "link")
    alternates = [f"{link.get('type')}" for link in links if link.get("rel") == "alternate"]
    if not alternates:
        yield Finding("MissingContentOrAlternate", _text(entry, "id"))
    yield from _repeated("DuplicateAtomLink", alternates)
    if not _children(entry, "content") and not _children(entry, "summary"):
        yield Finding("MissingTextualContent", _text(entry, "id"))
    yield from (Finding("FeedHistoryRelInEntry", link.get("rel")) for link in links if link.get("rel") in AROUND)
    for link in links:
        if link.get("rel") == "enclosure" and not link.get("type"):
            yield Finding("MissingTypeAttr", link.get("href"))


def _media(root: Any) -> Iterator[Finding]:
    """What the tables cannot say of Media RSS."""
    media = "{http://search.yahoo.com/mrss/}"
    for group in root.iter(f"{media}group"):
        forms = group.findall(f"{media}content")
        if len(forms) < 2:
            yield Finding("MediaGroupWithoutAlternatives", f"{len(forms)} contents")
        if [form.get("isDefault") for form in forms].count("true") != 1:
            yield Finding("MediaGroupDefault", f"{len(forms)} contents")
    for content in root.iter(f"{media}content"):
        if not content.get("url") and content.find(f"{media}player") is None:
            yield Finding("MissingAttribute", "media:content url")
        if content.get("url") and not content.get("type"):
            yield Finding("MissingAttribute", "media:content type")

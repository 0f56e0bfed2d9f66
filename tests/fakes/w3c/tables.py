"""Which elements may stand where, how often, and with which attributes and text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from fakes.w3c import values as v
from fakes.w3c.markup import html

Check = Callable[[str], Iterator[str]]

PREFIXES = {
    "http://purl.org/atompub/tombstones/1.0": "at",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://www.georss.org/georss": "georss",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss/": "media",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://www.w3.org/2005/Atom": "atom",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
NOT_KNOWN = {"at": "UnknownNamespace", "podcast": "UnsupportedNamespace"}
"""Namespaces that the validator has heard nothing of, or nothing more than the name."""


@dataclass(frozen=True, slots=True)
class Element:
    """What an element holds: `many` children may come back, `once` at most once, `needed` exactly once."""

    text: Check = v.nothing
    needed: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()
    attributes: Mapping[str, Check] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()


def names(text: str) -> frozenset[str]:
    """The names in a line."""
    return frozenset(text.split())


DESCRIBED = names("media:title media:description")
TOLD = names("media:thumbnail media:credit media:player")
LINK = Element(
    attributes={
        "href": v.address,
        "rel": v.one_of(
            "UnregisteredAtomLinkRel", "self", "alternate", "hub", "next", "previous", "prev-archive", "next-archive",
            "current", "related", "enclosure",
        ),
        "type": v.mime,
        "length": v.count,
    },
    wanted=names("href rel"),
)  # fmt: skip

COMMON = {
    "media:group": Element(once=DESCRIBED, many=TOLD | names("media:content")),
    "media:content": Element(
        once=DESCRIBED,
        many=TOLD,
        attributes={
            "url": v.address,
            "fileSize": v.positive,
            "type": v.file_type,
            "medium": v.one_of("InvalidMediaMedium", "image", "audio", "video", "document", "executable"),
            "isDefault": v.one_of("InvalidTrueFalse", "true", "false"),
            "duration": v.positive,
            "width": v.positive,
            "height": v.positive,
        },
        wanted=names("medium"),
    ),
    "media:title": Element(text=v.words, attributes={"type": v.one_of("InvalidMediaTextType", "plain")}),
    "media:description": Element(text=v.words, attributes={"type": v.one_of("InvalidMediaTextType", "plain")}),
    "media:thumbnail": Element(attributes={"url": v.address}, wanted=names("url")),
    "media:credit": Element(
        text=v.words,
        attributes={
            "role": v.one_of("InvalidCreditRole", "photographer"),
            "scheme": v.one_of("InvalidCreditRole", "urn:ebu"),
        },
    ),
    "media:player": Element(attributes={"url": v.address}, wanted=names("url")),
    "georss:point": Element(text=v.point),
    "fh:archive": Element(),
}

RSS = COMMON | {
    "rss": Element(
        needed=names("channel"),
        attributes={"version": v.one_of("InvalidRSSVersion", "2.0"), "xml:lang": v.language},
        wanted=names("version"),
    ),
    "channel": Element(
        needed=names("title link description lastBuildDate"),
        once=names(
            "language generator ttl image sy:updatePeriod sy:updateFrequency fh:archive podcast:guid itunes:author itunes:owner"
            " itunes:explicit itunes:type itunes:image"
        ),
        many=names("item atom:link itunes:category"),
    ),
    "channel/title": Element(text=v.words),
    "channel/link": Element(text=v.address),
    "channel/description": Element(text=v.words),
    "language": Element(text=v.language),
    "lastBuildDate": Element(text=v.mail_date),
    "generator": Element(text=v.words),
    "ttl": Element(text=v.positive),
    "image": Element(needed=names("url title link")),
    "image/url": Element(text=v.picture_address),
    "image/title": Element(text=v.words),
    "image/link": Element(text=v.address),
    "sy:updatePeriod": Element(text=v.one_of("InvalidUpdatePeriod", "hourly", "daily", "weekly", "monthly", "yearly")),
    "sy:updateFrequency": Element(text=v.positive),
    "atom:link": LINK,
    "podcast:guid": Element(text=v.podcast_guid),
    "itunes:author": Element(text=v.short_words),
    "itunes:owner": Element(needed=names("itunes:email"), once=names("itunes:name")),
    "itunes:name": Element(text=v.short_words),
    "itunes:email": Element(text=v.mail),
    "itunes:explicit": Element(text=v.one_of("InvalidTrueFalse", "true", "false")),
    "itunes:type": Element(text=v.one_of("InvalidItunesChannelType", "episodic", "serial")),
    "itunes:category": Element(
        many=names("itunes:category"),
        attributes={"text": v.one_of("InvalidItunesCategory", "News", "Daily News", "Government")},
        wanted=names("text"),
    ),
    "itunes:image": Element(attributes={"href": v.http_address}, wanted=names("href")),
    "itunes:duration": Element(text=v.duration),
    "item": Element(
        needed=names("title link guid pubDate description dcterms:modified"),
        once=names("content:encoded enclosure source georss:point itunes:author itunes:duration itunes:image"),
        many=names("category dc:creator dc:publisher atom:link media:content media:group"),
        attributes={"xml:lang": v.language},
    ),
    "item/title": Element(text=v.words),
    "item/link": Element(text=v.address),
    "item/description": Element(text=html),
    "content:encoded": Element(text=html),
    "guid": Element(text=v.guid, attributes={"isPermaLink": v.one_of("InvalidPermalink", "false")}),
    "category": Element(text=v.words, attributes={"domain": v.address}),
    "pubDate": Element(text=v.mail_date),
    "dcterms:modified": Element(text=v.web_date),
    "dc:creator": Element(text=v.words),
    "dc:publisher": Element(text=v.words),
    "enclosure": Element(
        attributes={"url": v.http_address, "length": v.count, "type": v.file_type}, wanted=names("url length type")
    ),
    "source": Element(text=v.words, attributes={"url": v.address}, wanted=names("url")),
}

ATOM = COMMON | {
    "feed": Element(
        needed=names("id title updated author"),
        once=names("generator subtitle logo icon fh:archive"),
        many=names("link entry at:deleted-entry"),
        attributes={"xml:lang": v.language},
    ),
    "id": Element(text=v.identifier),
    "title": Element(text=v.words),
    "subtitle": Element(text=v.words),
    "generator": Element(text=v.words),
    "logo": Element(text=v.picture_address),
    "icon": Element(text=v.picture_address),
    "updated": Element(text=v.web_date),
    "published": Element(text=v.web_date),
    "author": Element(needed=names("name")),
    "contributor": Element(needed=names("name")),
    "name": Element(text=v.words),
    "link": LINK,
    "at:deleted-entry": Element(
        once=names("at:comment"), attributes={"ref": v.identifier, "when": v.web_date}, wanted=names("ref when")
    ),
    "at:comment": Element(text=v.words),
    "entry": Element(
        needed=names("id title updated published"),
        once=names("summary content source georss:point"),
        many=names("link category author contributor media:content media:group"),
        attributes={"xml:lang": v.language},
    ),
    "summary": Element(text=v.words),
    "content": Element(text=html, attributes={"type": v.one_of("InvalidTextType", "html")}, wanted=names("type")),
    "category": Element(attributes={"term": v.words, "scheme": v.address, "label": v.words}, wanted=names("term")),
    "source": Element(needed=names("id title updated"), many=names("link")),
}

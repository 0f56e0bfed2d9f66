"""XML elements by `prefix:name`, and the namespaces that documents may declare."""

from __future__ import annotations

from typing import Any

from lxml import etree

NAMESPACES = {
    "at": "http://purl.org/atompub/tombstones/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "fh": "http://purl.org/syndication/history/1.0",
    "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def element(parent: Any, name: str, text: str = "", /, **attributes: str | None) -> Any:
    """A new last child of `parent`, `name` being `prefix:local` or plain; attributes that are None or "" stay out."""
    prefix, _, local = name.rpartition(":")
    child = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local)
    child.text = text or None
    for key, value in attributes.items():
        if value:
            child.set(key, value)
    return child


def declared(*prefixes: str) -> dict[str, str]:
    """The namespaces of these prefixes, as lxml wants them declared."""
    return {prefix: NAMESPACES[prefix] for prefix in prefixes}


def number(value: int | None) -> str | None:
    """A number as an attribute's value; None, which leaves the attribute out, when it is not known."""
    return None if value is None else str(value)

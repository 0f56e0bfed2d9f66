"""What of a document would run in a reader: nothing may."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as pages

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
TAGS = frozenset(
    [
        "script",
        "iframe",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "style",
        "link",
        "meta",
        "base",
        "template",
        "noscript",
        "marquee",
        "frame",
        "frameset",
        "isindex",
        "xss",
        "dialog",
        "portal",
        "animate",
        "set",
        "image",
    ]
)
ADDRESSES = frozenset(
    ["href", "src", "poster", "data", "action", "formaction", "background", "srcset", "cite", "longdesc", "lowsrc"]
)
SCHEME = re.compile(r"\s*(?:javascript|vbscript|data|livescript|mocha):", re.IGNORECASE)
OPENS = re.compile(r"<\s*(?:script|img|svg|iframe|object|embed|style|form|a|body|link|meta|base|math)\b", re.IGNORECASE)


def active_in_markup(markup: str) -> list[str]:
    """What runs in a piece of HTML."""
    if not markup.strip():
        return []
    found = []
    for node in pages.fragment_fromstring(markup, create_parent="div").iter(etree.Element):
        if node.tag in TAGS:
            found.append(f"<{node.tag}>")
        for name, value in node.attrib.items():
            plain = "".join(value.split()).replace("\x00", "")
            if name.startswith("on") or name in {"style", "srcdoc"} or (name in ADDRESSES and SCHEME.match(plain)):
                found.append(f"{name}={value}")
    return found


def active_in_words(text: str) -> list[str]:
    """What runs in plain words, also for a reader that decodes them twice."""
    return OPENS.findall(html.unescape(html.unescape(text)))


def active_in_feed(document: bytes, kind: str) -> list[str]:
    """What runs in a feed; raises when it is not well-formed."""
    told = _json(document) if kind == "json" else _xml(document)
    return [one for text, is_html in told for one in (active_in_markup(text) if is_html else active_in_words(text))]


def _json(document: bytes) -> Iterator[tuple[str, bool]]:
    for item in json.loads(document)["items"]:
        yield item.get("content_html", ""), True
        for key in ("title", "summary"):
            yield item.get(key, ""), False
        yield " ".join(author.get("name", "") for author in item.get("authors", [])), False
        yield " ".join(f"{file.get('title', '')} {file['url']}" for file in item.get("attachments", [])), False


def _xml(document: bytes) -> Iterator[tuple[str, bool]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for node in etree.fromstring(document, parser).iter(etree.Element):
        text = node.text or ""
        is_html = node.tag in {CONTENT, "description"} or node.get("type") == "html"
        yield text, is_html
        for name, value in node.attrib.items():
            if name in {"href", "url", "src", "uri"} and SCHEME.match(value):
                yield f"<script>{value}", False

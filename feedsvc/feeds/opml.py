"""OPML 2.0 (http://opml.org/spec2.opml): the list of feeds, as readers import it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from feedsvc.feeds.address import web_address
from feedsvc.feeds.dates import local, rfc822
from feedsvc.feeds.elements import element
from feedsvc.feeds.text import language_tag, plain
from feedsvc.model import VIETNAM, Rendered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

MEDIA_TYPE = "text/x-opml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A line of the list: a feed when it has `xml_url`, else a folder, as a source is for its categories.

    `category` is a path such as `/sapa/tin-tuc` (several: comma-separated).
    """

    title: str
    xml_url: str = ""
    html_url: str = ""
    language: str = ""
    category: str = ""
    outlines: tuple[Outline, ...] = ()


def render_opml(
    title: str, outlines: Sequence[Outline], *, changed: datetime | None = None, zone: tzinfo = VIETNAM
) -> Rendered:
    """The OPML list named `title`; `changed` is its last change, written in `zone`.

    Raises ValueError when `changed` has no zone.
    """
    opml = etree.Element("opml", version="2.0")
    head = element(opml, "head")
    element(head, "title", plain(title))
    if changed is not None:
        element(head, "dateModified", rfc822(local(changed, zone)))
    element(head, "docs", "http://opml.org/spec2.opml")
    body = element(opml, "body")
    for outline in outlines:
        _write(body, outline)
    return Rendered(
        body=etree.tostring(opml, pretty_print=True, encoding="utf-8", xml_declaration=True), media_type=MEDIA_TYPE
    )


def _write(parent: Any, outline: Outline) -> None:
    text = plain(outline.title) or plain(outline.xml_url)
    address = web_address(outline.xml_url)
    line = element(
        parent,
        "outline",
        text=text,
        title=text,
        type="rss" if address else "",
        xmlUrl=address,
        htmlUrl=web_address(outline.html_url),
        language=language_tag(outline.language),
        category=plain(outline.category),
    )
    for inner in outline.outlines:
        _write(line, inner)

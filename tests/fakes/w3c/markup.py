"""What may stand in the HTML of an item: whole, safe, and with absolute addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "source"})
SAFE = VOID | frozenset({
    "p", "h2", "h3", "h4", "strong", "b", "em", "i", "u", "sub", "sup", "blockquote", "ul", "ol", "li", "table", "thead",
    "tbody", "tr", "th", "td", "caption", "figure", "figcaption", "a", "video", "code", "pre",
})  # fmt: skip
ATTRIBUTES = frozenset({
    "href", "title", "rel", "src", "alt", "width", "height", "poster", "controls", "type", "colspan", "rowspan", "scope",
})  # fmt: skip
_ABSOLUTE = re.compile(r"(https?://[^/]|mailto:|tel:)", re.IGNORECASE)


def html(text: str) -> Iterator[str]:
    """The rules that a piece of HTML breaks."""
    for name in re.findall(r"&(?=[#\w])([#\w]*;?)", text):
        if not re.fullmatch(r"#(\d+|[xX][0-9A-Fa-f]+);", name) and name not in html5:
            yield "NotHtml"
    if re.search(r"<(?![/a-zA-Z])", text):
        yield "NotHtml"
    reader = _Reader()
    reader.feed(text)
    reader.close()
    yield from reader.broken
    if reader.open:
        yield "NotHtml"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.broken: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SAFE:
            self.broken.append("SecurityRisk")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.broken.append("SecurityRiskAttr")
            if name in {"href", "src", "poster"} and not _ABSOLUTE.match(value or ""):
                self.broken.append("ContainsRelRef")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.broken.append("NotHtml")

    def handle_comment(self, data: str) -> None:
        self.broken.append("SecurityRisk")

    def handle_decl(self, decl: str) -> None:
        self.broken.append("SecurityRisk")

    def unknown_decl(self, data: str) -> None:
        self.broken.append("SecurityRisk")

    def handle_pi(self, data: str) -> None:
        self.broken.append("SecurityRisk")

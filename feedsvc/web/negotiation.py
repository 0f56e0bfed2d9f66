"""What a client would rather have: the document or the page for people, packed or not (RFC 9110, 12.5)."""

from __future__ import annotations

from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header

PAGE = "text/html"
DOCUMENTS = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
    "text/x-opml",
)
_XHTML = "application/xhtml+xml"


def prefers_page(accept: str) -> bool:
    """Whether text/html is strictly preferred to every XML and JSON type (feeds.md 8); a tie gives the document."""
    if PAGE not in accept.lower() and "text/*" not in accept:
        return False
    offered = parse_accept_header(accept, MIMEAccept)
    page = offered.quality(PAGE)
    return page > 0 and all(page > offered.quality(one) for one in (*DOCUMENTS, *_named(offered)))


def coding(accept_encoding: str, offered: tuple[str, ...]) -> str:
    """The best of the `offered` content codings, in the server's order, that the client takes; "identity" if none."""
    if not accept_encoding:
        return "identity"
    accepted = parse_accept_header(accept_encoding, Accept)
    plain = next((quality for name, quality in accepted if name.lower() == "identity"), 0.0)
    taken = [one for one in offered if accepted.quality(one) > 0 and accepted.quality(one) >= plain]
    return max(taken, key=accepted.quality, default="identity")


def _named(offered: MIMEAccept) -> list[str]:
    """Every XML and JSON type that the client itself names; XHTML is a page, whatever its ending."""
    types = [name.lower().split(";", 1)[0].strip() for name, _ in offered]
    return [one for one in types if one.endswith(("+xml", "+json")) and one.count("/") == 1 and one != _XHTML]

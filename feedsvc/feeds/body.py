"""An item's HTML as documents may carry it, whenever and by whomever it was stored (safety.md 6)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from feedsvc.allowed import allowed
from feedsvc.feeds.address import web_address
from feedsvc.feeds.text import plain, xml_safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedsvc.model import MediaObject

_ROUNDS = 4


def safe_html(html: str) -> str:
    """The allowed part of `html`, whole: every tag that is opened is closed. What was cleaned before stays as it is.

    Cleaning decodes, which may bring back characters that XML forbids; and what a reader of HTML makes of crossed tags
    may be crossed still: so it is done until nothing changes.
    """
    text = xml_safe(html).strip()
    for _ in range(_ROUNDS):
        clean = xml_safe(allowed(text)).strip()
        if clean == text:
            break
        text = clean
    return text


def with_players(html: str, description: str, media: Iterable[MediaObject]) -> str:
    """`html` with picture and plain link of each foreign player that it does not tell of: no frame may show it.

    Readers show a body in the place of the description, so where there is none it begins with `description`.
    """
    links = [_player(medium) for medium in media if medium.player and not _tells(html, medium)]
    beginning = html or f"<p>{escape(description, quote=False)}</p>"
    return "\n".join((beginning, *filter(None, links))) if any(links) else html


def _tells(html: str, medium: MediaObject) -> bool:
    addresses = (web_address(address or "") for address in (medium.url, medium.player))
    return any(address and escape(address) in html for address in addresses)


def _player(medium: MediaObject) -> str:
    page = web_address(medium.url) or web_address(medium.player or "")
    if not page:
        return ""
    still = web_address(medium.thumbnail or "")
    picture = f'<img src="{escape(still)}" alt="">' if still else ""
    words = escape(plain(medium.title) or page, quote=False)
    return f'<p><a href="{escape(page)}" rel="noopener noreferrer nofollow">{picture}{words}</a></p>'

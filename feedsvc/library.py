"""Reading for programs: a page that somebody has, as a `Listing` or an `Item`, without configuration or database.

The only default that is not written down anywhere is the time: where none is given it is that of the call.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc import extract
from feedsvc.model import NO_PROFILE, VIETNAM, Page, Profile, Selectors, Source, Stub

if TYPE_CHECKING:
    from collections.abc import Collection
    from zoneinfo import ZoneInfo

    from feedsvc.extract.account import Account
    from feedsvc.model import Item, Listing

DEFAULT_SELECTORS = Selectors()


def read_listing(
    page: Page | bytes | str,
    url: str = "",
    *,
    now: datetime | None = None,
    timezone: ZoneInfo = VIETNAM,
    content_type: str = "text/html",
    select: Selectors = DEFAULT_SELECTORS,
    title: str = "",
    shape: str = "",
    familiar: Collection[str] = frozenset(),
    account: Account | None = None,
) -> Listing:
    """Read the items of a listing page, in its order, with the way to its next page.

    `page` is the bytes of the answer as they came (the charset is found), its text, or a `Page`; `url` is its address,
    `content_type` its header, both taken from a `Page`. `now` (aware; the time of the call) is what "2 giờ trước" is
    counted from, `timezone` that of the portal. `select` names by CSS what is not to be detected, `title` the list
    where the page does not. `shape` is `Listing.shape` of the page before in the same list; `familiar` are keys of
    items that the list is known to have. `account` is told what was chosen from what. Raises LayoutChanged when the
    page holds no list, ExtractError when it cannot be read, ValueError without an address.
    """
    whole = _page(page, url, now, content_type)
    source = _source(whole, timezone, select)
    return extract.read_listing(whole, source, title=title, shape=shape, familiar=familiar, account=account)


def read_article(
    page: Page | bytes | str,
    url: str = "",
    *,
    now: datetime | None = None,
    timezone: ZoneInfo = VIETNAM,
    content_type: str = "text/html",
    select: Selectors = DEFAULT_SELECTORS,
    listed: Stub | str = "",
    profile: Profile = NO_PROFILE,
    account: Account | None = None,
) -> Item:
    """Read the article on a page: headline, lead, text, allowed HTML, writers, dates, media.

    `page` to `select` are those of `read_listing`. `listed` is the line of the listing that led here, or its text:
    it is asked where the page says nothing, and votes for the headline. `profile` is what other pages of the portal
    have taught (`extract.profile.learn`, from the `trace` of their items), `account` is that of `read_listing`. The
    item has no id: giving one is the store's work. Raises ExtractError when the page holds no article, ValueError
    without an address.
    """
    whole = _page(page, url, now, content_type)
    stub = listed if isinstance(listed, Stub) else Stub(keys=(), url=whole.url, title=listed) if listed else None
    return extract.read_article(whole, _source(whole, timezone, select, profile), stub, account=account)


def _page(page: Page | bytes | str, url: str, now: datetime | None, content_type: str) -> Page:
    if isinstance(page, Page):
        return page
    if not urlsplit(url).hostname:
        raise ValueError(f"a page needs its whole address, to complete the links on it; this is none: {url!r}")
    if isinstance(page, str):
        page, content_type = page.encode(), "text/html; charset=utf-8"
    moment = now or datetime.now(UTC)
    return Page(url=url, final_url=url, status=200, body=page, content_type=content_type, fetched_at=moment)


def _source(page: Page, timezone: ZoneInfo, select: Selectors, profile: Profile = NO_PROFILE) -> Source:
    parts = urlsplit(page.final_url)
    home = f"{parts.scheme}://{parts.netloc}/"
    return Source(slug="page", title="", home=home, timezone=timezone, select=select, profile=profile)

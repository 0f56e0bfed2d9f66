"""Where a redirect may lead: every hop is judged like a first address (safety.md 4)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from yarl import URL

from feedsvc.errors import Blocked, Malformed
from feedsvc.fetch.guard import Pair, check_url
from feedsvc.fetch.mask import masked, printable

if TYPE_CHECKING:
    from feedsvc.fetch.exchange import Request


# How a header byte that is no UTF-8 arrives (surrogateescape): portals with an older charset send such addresses.
_RAW_BYTE = re.compile("[\udc80-\udcff]")


def follow(request: Request, status: int, location: str | None, allow_private: Collection[Pair]) -> Request:
    """The request that a redirect answer asks for.

    A form answered with 301, 302 or 303 becomes a GET, with 307 or 308 it is sent again (RFC 9110, 15.4). Raises
    Blocked for an address that the guard refuses, for https to http, and for a form that leaves its host; Malformed
    for a redirect without a readable address.
    """
    target = check_url(_join(request.url, location), allow_private)
    shown = f"{masked(str(request.url))} redirects to {masked(str(target))}"
    if request.url.scheme == "https" and target.scheme == "http":
        raise Blocked(f"{shown}: from https to http is not followed", url=masked(str(request.url)))
    if request.stay and target.raw_host != request.url.raw_host:
        raise Blocked(f"{shown}: a form is not sent on to another host", url=masked(str(request.url)))
    if request.body is not None and status in {301, 302, 303}:
        return replace(request, url=target, method="GET", body=None)
    return replace(request, url=target)


def _join(base: URL, location: str | None) -> str:
    if not location:
        raise Malformed(f"{masked(str(base))} redirects without saying where to", url=masked(str(base)))
    location = _RAW_BYTE.sub(lambda found: f"%{ord(found[0]) - 0xDC00:02X}", location)
    try:
        target = URL(location)
        return location if target.scheme else str(base.join(target))
    except ValueError as error:
        raise Malformed(
            f"{masked(str(base))} redirects to {printable(location)!r}, which is no address", url=masked(str(base))
        ) from error

"""Feeds that are no longer where they were: moved to another address, or given up (feeds.md 7, row 10)."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping
from urllib.parse import quote

from flask import Flask, Response, abort, request

from feedsvc.feeds import formats
from feedsvc.service import Service
from feedsvc.web.address import SLUG
from feedsvc.web.retired import Retired

KEPT_FOR = "public, max-age=86400"
_PLACE = re.compile(rf"/feeds/(?P<path>{SLUG}(?:/{SLUG})?)(?:\.(?P<format>[a-z0-9]{{1,16}}))?", re.ASCII)
_QUERY = "!$&'()*+,;=:@/?%-._~"


def register(app: Flask, service: Service) -> None:
    """Answers 301 for `[web] moved`, and 410 for `[web] gone` and for categories that have left the configuration."""
    moved, known = service.config.web.moved, frozenset(formats())
    retired = Retired(service.config, service.store, service.clock)

    def answer() -> Response | None:
        # What no view would answer is refused by Flask, as is a foreign host.
        if request.routing_exception or request.method == "OPTIONS":
            return None
        said = departure(request.path, channels=service.channels, formats=known, moved=moved, gone=retired)
        if said == "gone":
            abort(410)
        return _redirect(f"{service.base_url}{said}", request.query_string) if said else None

    app.before_request(answer)


def departure(
    place: str, *, channels: Collection[str], formats: Collection[str], moved: Mapping[str, str], gone: Container[str]
) -> str:
    """Where what stood at a path is now, in the same format; "gone" when nowhere; "" when nothing left from there.

    What is there now counts before what was there before.
    """
    match = _PLACE.fullmatch(place)
    if match is None or match["path"] in channels or not (match["format"] is None or match["format"] in formats):
        return ""
    if match["path"] in moved:
        ending = f".{match['format']}" if match["format"] else ""
        return f"/feeds/{moved[match['path']]}{ending}"
    return "gone" if match["path"] in gone else ""


def _redirect(address: str, query: bytes) -> Response:
    response = Response(status=301)
    response.headers["Location"] = f"{address}?{quote(query, safe=_QUERY)}" if query else address
    response.headers["Cache-Control"] = KEPT_FOR
    return response

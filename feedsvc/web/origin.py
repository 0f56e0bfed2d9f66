"""Requests that change something come from our own pages, or from no page at all (safety.md 11)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import abort, request

from feedsvc.web.gate import asked_host
from feedsvc.web.site import the_service

SCHEMES = ("http", "https")
READING = frozenset({"GET", "HEAD", "OPTIONS"})
OF_MACHINES = frozenset({"/hub"})
"""What any machine may post to (WebSub): nothing there goes by who is logged in."""


def own_origin_only() -> None:
    """403 for a POST and its like that a page of another site sent (Fetch standard, "Origin" header).

    A browser names the site of the page with each; programs name none.
    """
    if request.method in READING or request.path in OF_MACHINES:
        return
    origin = request.headers.get("Origin")
    foreign = origin is not None and not _is_ours(origin)
    if foreign or request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        abort(403)


def _is_ours(origin: str) -> bool:
    """The public address, or the host and port that were asked for: the gate lets only names of ours in."""
    public = urlsplit(the_service().base_url)
    asked = asked_host(request.environ)
    ours = {f"{public.scheme}://{public.netloc}".lower(), *(f"{scheme}://{asked}" for scheme in SCHEMES if asked)}
    return origin.lower() in ours

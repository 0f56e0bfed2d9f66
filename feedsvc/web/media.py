"""Copies of pictures, for readers: what the store has under a name, and nothing that is fetched for the asking."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, abort, make_response, request

from feedsvc.copied import PATH
from feedsvc.mirror.files import NAME, TYPES, folder_of
from feedsvc.web.site import the_service

FOR_EVER = "public, max-age=31536000, immutable"
"""A file is named by what it holds (RFC 8246)."""


def blueprint() -> Blueprint:
    """`/media/9f2c….jpg`."""
    media = Blueprint("media", __name__)
    media.add_url_rule(f"{PATH}<name>", view_func=copy)
    return media


def copy(name: str) -> Response:
    """A copy, whole or in the range that is asked for; 404 for a name that none has, and while the mirror is off.

    Only a name that the store knows becomes a path (safety.md 11). The type is that of the file, as it was found when
    it was copied.
    """
    service = the_service()
    known = service.config.media.mirror != "off" and NAME.fullmatch(name) and service.store.copies.named(name)
    if not known:
        abort(404)
    place = folder_of(service.config).place(name)
    try:
        body = place.read_bytes()
    except OSError:
        abort(404)
    response = make_response(body)
    response.content_type = TYPES[place.suffix]
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.set_etag(name[:32])
    return cast("Response", response.make_conditional(request, accept_ranges=True, complete_length=len(body)))

"""Files of dropped documents: what an item of ours names as its own, and nothing else."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import cast

from flask import Blueprint, Response, abort, make_response, request

from feedsvc.errors import FetchError
from feedsvc.web.mistakes import Withdrawn
from feedsvc.web.pages import LARGEST_NUMBER
from feedsvc.web.site import the_service


def blueprint() -> Blueprint:
    """`/items/12/files/ke-hoach.docx`, `/items/12/files/ke-hoach.docx/word/media/image1.png`."""
    files = Blueprint("files", __name__)
    files.add_url_rule(f"/items/<int(max={LARGEST_NUMBER}):number>/files/<path:name>", view_func=file)
    return files


def file(number: int, name: str) -> Response:
    """A file of an item, whole or in the range that is asked for; 404 if the item has none of this name, or it is gone.

    410 when the portal has withdrawn the item.

    The name is looked up among those that the item has, never joined to a path (safety.md 11).
    """
    item = the_service().store.item(number)
    if item and item.withdrawn:
        raise Withdrawn
    try:
        found = the_service().file(number, name)
    except FetchError:
        found = None
    if found is None:
        abort(404)
    body, mime = found
    response = make_response(body)
    response.content_type = mime
    shown = mime.startswith("image/") or mime == "application/pdf"
    response.headers.set("Content-Disposition", "inline" if shown else "attachment", filename=PurePosixPath(name).name)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    return cast("Response", response.make_conditional(request, accept_ranges=True, complete_length=len(body)))

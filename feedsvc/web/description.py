"""The description of all addresses for programs (OpenAPI 3.1): a file beside this one, handed out as it is."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Blueprint, Response, make_response, request

FILE = Path(__file__).with_name("openapi.json")


def blueprint() -> Blueprint:
    """`/openapi.json`."""
    description = Blueprint("description", __name__)
    description.add_url_rule("/openapi.json", view_func=openapi)
    return description


def openapi() -> Response:
    """The file; scripts of other sites may read it."""
    response = make_response(FILE.read_bytes())
    response.content_type = "application/json"
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    return cast("Response", response.make_conditional(request))

"""Pages for what went wrong: in both languages, what happened and where to go."""

from __future__ import annotations

from typing import cast

import structlog
from flask import Flask, Response, render_template
from werkzeug.exceptions import Gone, HTTPException, ServiceUnavailable

from feedsvc.errors import FeedsvcError
from feedsvc.web.words import CATALOGUES, Words

RETRY_AFTER = 60


class Withdrawn(Gone):
    """An article that its portal has withdrawn; its page tells nothing of what it said."""


def register(app: Flask) -> None:
    """Puts these pages in place of Flask's own."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(FeedsvcError, _unavailable)


def show(error: HTTPException) -> Response:
    """The page of an HTTP error, its headers (Allow, Retry-After) kept."""
    code = error.code or 500
    response = cast("Response", error.get_response())
    told = [(lang, *_told(error, code, words), words.home) for lang, words in CATALOGUES.items()]
    response.set_data(render_template("mistake.html", code=code, told=told))
    response.content_type = "text/html; charset=utf-8"
    response.headers["Cache-Control"] = "no-store" if code >= 500 else "max-age=60"  # noqa: PLR2004 - server errors
    return response


def _told(error: HTTPException, code: int, words: Words) -> tuple[str, str]:
    """Title and advice."""
    if isinstance(error, Withdrawn):
        return words.withdrawn, words.withdrawn_advice
    return words.mistakes.get(code, (words.mistake, error.name))


def _unavailable(error: FeedsvcError) -> Response:
    structlog.get_logger().error("page", outcome="failed", code=error.code, reason=str(error))
    return show(ServiceUnavailable(retry_after=RETRY_AFTER))

"""Pictures, films, PDFs, the style sheet and robots.txt: true types and lengths, validators, byte ranges."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from flask import Response, abort, request

from feedsvc.demo.pdf import make_pdf
from feedsvc.demo.pictures import paint
from feedsvc.demo.special import PICTURE_WITH_HTML

if TYPE_CHECKING:
    from flask import Flask

    from feedsvc.demo.newsroom import Newsroom
    from feedsvc.demo.state import PortalState

_MADE = datetime(2026, 9, 1, tzinfo=UTC)
_SIZES = {"anh": (640, 400), "anh-nho": (200, 125), "album": (800, 500)}


class Files:
    """Answers for everything that is no page."""

    def __init__(self, newsroom: Newsroom, state: PortalState) -> None:
        self._newsroom, self._state = newsroom, state
        self._paint = lru_cache(maxsize=64)(paint)

    def join(self, app: Flask) -> None:
        """Adds the routes."""
        app.add_url_rule("/media/<any('anh', 'anh-nho', 'album'):size>/<key>.png", "picture", self.picture)
        app.add_url_rule("/media/bieu-trung.png", "emblem", self.emblem)
        app.add_url_rule("/media/video/<name>.mp4", "film", self.film)
        app.add_url_rule("/media/van-ban/<key>.pdf", "document_file", self.document)
        app.add_url_rule("/media/style.css", "style", self.style)
        app.add_url_rule("/robots.txt", "robots", self.robots)

    def picture(self, size: str, key: str) -> Response:
        """A painted picture in one of three sizes; a page of HTML where the mode or the picture wants it so."""
        picture = self._newsroom.picture(key)
        if picture is None:
            abort(404)
        if key == PICTURE_WITH_HTML or self._state.mode_at(request.path) == "html-for-pictures":
            return Response("<!doctype html><title>Lỗi</title><p>Không tải được ảnh.</p>", mimetype="text/html")
        return _file(self._paint(key, picture.scene, *_SIZES[size]), "image/png")

    def emblem(self) -> Response:
        """The town's emblem in the page head."""
        return _file(self._paint("biểu trưng", "núi", 96, 96), "image/png")

    def film(self, name: str) -> Response:
        """The film of the video with this slug."""
        video = next((one for one in self._newsroom.videos if one.slug == name), None)
        if video is None:
            abort(404)
        return _file(_packaged(f"{video.film}.mp4"), "video/mp4")

    def document(self, key: str) -> Response:
        """A PDF made from the text of its article or legal document."""
        found = self._newsroom.file(key)
        if found is None:
            abort(404)
        return _file(make_pdf(*found), "application/pdf")

    def style(self) -> Response:
        """The style sheet."""
        return _file(_packaged("style.css"), "text/css")

    def robots(self) -> Response:
        """All but the administration may be read; nothing at all in mode "robots"."""
        barred = "/" if self._state.mode_at("/robots.txt") == "robots" else "/quan-tri"
        return Response(f"User-agent: *\nDisallow: {barred}\n", mimetype="text/plain")


def _packaged(name: str) -> bytes:
    return (files("feedsvc.demo") / "static" / name).read_bytes()


def _file(body: bytes, mimetype: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.set_etag(hashlib.sha256(body).hexdigest()[:20])
    response.last_modified = _MADE
    response.cache_control.max_age = 3600
    response.make_conditional(request, accept_ranges=True, complete_length=len(body))
    return response

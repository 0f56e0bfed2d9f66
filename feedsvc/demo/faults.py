"""What goes wrong on purpose: each mode of the state, applied before or after the pages' own answer."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from flask import Response, g, render_template, request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from feedsvc.demo.state import PortalState

_CONTROL = "/__control"
_STATUS_MODES = {
    "403": "Máy chủ từ chối yêu cầu.",
    "404": "Không tìm thấy trang.",
    "410": "Trang đã được gỡ bỏ.",
    "429": "Quá nhiều yêu cầu. Vui lòng thử lại sau.",
    "500": "Máy chủ gặp lỗi khi xử lý yêu cầu.",
    "503": "Hệ thống đang được nâng cấp. Vui lòng quay lại sau.",
}
_CHUNK, _CHUNKS = b"<!-- " + b"-" * 65_000 + b" -->\n", 1000


class Faults:
    """Counts every request but those for the control address, and spoils answers as the mode says."""

    def __init__(self, state: PortalState, timer: Callable[[], float], hang_seconds: float) -> None:
        self._state, self._timer, self._hang_seconds = state, timer, hang_seconds

    def join(self, app: Flask) -> None:
        """Hangs the two checks into the application."""
        app.before_request(self.before)
        app.after_request(self.after)
        app.teardown_request(self.ended)

    def before(self) -> Response | None:
        """The spoilt answer, or None when the page may answer."""
        if request.path == _CONTROL:
            return None
        g.counted = True
        self._state.opened(request.path, request.headers.get("User-Agent", ""), self._timer())
        mode = self._state.mode_at(request.path)
        if mode == "dead":
            return _hung_up()
        if mode == "hang":
            self._state.hang(request.path, self._hang_seconds)
            return Response("Máy chủ không trả lời kịp.", 503) if self._state.mode_at(request.path) == "hang" else None
        if mode == "slow":
            self._state.pause(2.0)
        return None if request.path.startswith(("/media/", "/robots.txt")) else _spoilt(mode)

    def after(self, response: Response) -> Response:
        """In mode "broken" the answer of a page stops half-way, though its length is announced in full."""
        is_page = response.mimetype == "text/html" and response.status_code == 200  # noqa: PLR2004 - OK
        if is_page and self._state.mode_at(request.path) == "broken":
            whole = response.get_data()
            response.set_data(whole[: len(whole) // 2])
            response.headers["Content-Length"] = str(len(whole))
        return response

    def ended(self, _error: BaseException | None) -> None:
        """Counts the request as answered."""
        if g.pop("counted", False):
            self._state.ended()


def _spoilt(mode: str) -> Response | None:
    if mode in _STATUS_MODES:
        body = render_template("fault.html", title=_STATUS_MODES[mode], form=None)
        return Response(body, int(mode), headers={"Retry-After": "120"} if mode in {"429", "503"} else None)
    if mode in {"login", "captcha"}:
        return Response(render_template("fault.html", title="Cổng thông tin điện tử thị xã Mường Sương", form=mode))
    if mode == "large":
        return Response(_endless(), mimetype="text/html")
    return None


def _endless() -> Iterator[bytes]:
    yield "<!doctype html><html lang='vi'><title>Mường Sương</title><body>".encode()
    for _ in range(_CHUNKS):
        yield _CHUNK


def _hung_up() -> Response:
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=503)

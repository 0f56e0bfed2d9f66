"""The application: routes, faults and the control address put together."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Flask

from feedsvc.demo.content import CATEGORIES, load_content
from feedsvc.demo.control import Control
from feedsvc.demo.faults import Faults
from feedsvc.demo.files import Files
from feedsvc.demo.newsroom import Newsroom
from feedsvc.demo.pages import Pages
from feedsvc.demo.state import PortalState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_SECRET = b"may chu cong thong tin Muong Suong"


def create_portal(
    *,
    clock: Callable[[], datetime],
    state: PortalState | None = None,
    timer: Callable[[], float] = time.monotonic,
    secret: bytes = _SECRET,
    hang_seconds: float = 60.0,
) -> Flask:
    """The sample portal as a Flask application.

    `clock` gives the aware moment for the page head and for new articles, `timer` monotonic seconds for the report on
    requests, `secret` signs the state of postback pages (the same for every start, so that a page shown before a
    restart still works), `hang_seconds` bounds how long a request may hang.
    """
    state = state or PortalState()
    newsroom = Newsroom(load_content(), state)
    app = Flask(__name__, static_folder=None)
    app.extensions["portal_state"] = state
    Faults(state, timer, hang_seconds).join(app)
    Control(newsroom, state, clock).join(app)
    Files(newsroom, state).join(app)
    Pages(newsroom, state, clock, secret).join(app, [category.slug for category in CATEGORIES])
    return app

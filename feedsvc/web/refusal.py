"""Clients that take whole documents again and again are told to wait, before anything is made for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil
from typing import Any

from flask import request
from werkzeug.exceptions import TooManyRequests

from feedsvc.web.answers import Answer
from feedsvc.web.askers import Askers
from feedsvc.web.heads import OPEN
from feedsvc.web.limits import Limit
from feedsvc.web.packing import Headers
from feedsvc.web.words import CATALOGUES

TOO_MANY = 429


MADE_ANEW = frozenset({"pages", "feeds", "status"})
"""Rooms whose pages are made for each request; files and copies are only handed out, and the hub counts by itself."""


class PageLimit:
    """Before a page is made: its client has to be one that may have one more. Raises TooManyRequests."""

    def __init__(self, limit: Limit, askers: Askers, monotonic: Callable[[], float]) -> None:
        self._limit, self._askers, self._monotonic = limit, askers, monotonic

    def __call__(self) -> None:
        """Counts the current request, loopback excepted."""
        client = self._askers.client(request.environ) if request.blueprint in MADE_ANEW else None
        wait = self._limit.wait(client, self._monotonic()) if client else 0.0
        if wait:
            raise TooManyRequests(retry_after=ceil(wait))


class Refusal:
    """Counts what each client takes, loopback excepted; `monotonic` in seconds."""

    def __init__(self, limit: Limit, askers: Askers, monotonic: Callable[[], float]) -> None:
        self._limit, self._askers, self._monotonic = limit, askers, monotonic
        text = "\n".join(" ".join(words.mistakes[TOO_MANY]) for words in CATALOGUES.values())
        self._body = f"{text}\n".encode()
        self._headers: Headers = (
            *OPEN,
            ("Cache-Control", "no-store"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Language", ", ".join(CATALOGUES)),
            ("Content-Length", str(len(self._body))),
        )

    def __call__(self, environ: Mapping[str, Any]) -> Answer | None:
        """Nothing while the client may have one more document; else the answer that says when (RFC 6585, 4)."""
        client = self._askers.client(environ)
        wait = self._limit.wait(client, self._monotonic()) if client else 0.0
        if not wait:
            return None
        return Answer("429 Too Many Requests", (*self._headers, ("Retry-After", str(ceil(wait)))), self._body)

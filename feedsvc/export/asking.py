"""The application asked as a reader asks it, and what its answers depend on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask
from werkzeug.http import parse_date

from feedsvc import __version__
from feedsvc.export.places import Place
from feedsvc.feeds import formats
from feedsvc.service import Service
from feedsvc.web.address import find_address
from feedsvc.web.documents import Documents
from feedsvc.web.site import DOCUMENTS

_CHANNEL = re.compile(r"/feeds/([a-z0-9-]+(?:/[a-z0-9-]+)?)(?:\.[a-z0-9]+)?", re.ASCII)
_DOCUMENT = re.compile(r"/feeds/[^.]+\.[a-z0-9]+", re.ASCII)
_ITEM = re.compile(r"/items/([0-9]{1,15})(?:/.*)?", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application says; `modified` in seconds since 1970, None when it does not say."""

    status: int
    media_type: str
    body: bytes
    modified: float | None


class Site:
    """An application and its service, and the state of its channels at one moment: each is looked at once."""

    def __init__(self, app: Flask, service: Service) -> None:
        self._client = app.test_client(use_cookies=False)
        self._app, self._service = app, service
        self._revisions: dict[str, int] = {}
        self._archives: dict[tuple[str, str], str] = {}
        self.base_url = service.base_url

    def ask(self, place: Place) -> Answer:
        """The answer to a GET without any wish: the language is the default one, nothing is packed."""
        with self._client.get(place.address, headers={"Host": "localhost"}) as response:
            modified = parse_date(response.headers.get("Last-Modified"))
            return Answer(
                response.status_code,
                response.headers.get("Content-Type", ""),
                response.get_data(),
                modified.timestamp() if modified else None,
            )

    def packed(self, place: Place, coding: str) -> bytes | None:
        """The bytes that a reader gets who takes `coding`; None where the application does not pack: but documents."""
        if place.path != "/opml" and not _DOCUMENT.fullmatch(place.path):
            return None
        with self._client.get(place.address, headers={"Host": "localhost", "Accept-Encoding": coding}) as response:
            return response.get_data() if response.headers.get("Content-Encoding") == coding else None

    def reason(self, place: Place, answer: Answer) -> str:
        """Why there was no answer: what is wrong with the document, else the status alone."""
        address = find_address(place.path, place.older, self._service.channels, formats())
        documents: Documents = self._app.extensions[DOCUMENTS]
        problem = documents.problem(address) if address else None
        return str(problem) if problem else f"the service answers {answer.status}"

    def beginnings(self) -> list[Place]:
        """Where everything is to be found from: the home page, the list, each channel's page and documents."""
        endings = ("", *(f".{name}" for name in sorted(formats())))
        channels = [Place(f"/feeds/{path}{ending}") for path in self._service.channels for ending in endings]
        return [Place("/"), Place("/opml"), *channels]

    def under(self, place: Place) -> tuple[str, ...]:
        """The channels on whose items the answer depends; all of them where it is not known."""
        if match := _CHANNEL.fullmatch(place.path):
            return (match[1],)
        if match := _ITEM.fullmatch(place.path):
            item = self._service.store.item(int(match[1]))
            return (item.source,) if item and item.source in self._service.channels else ()
        if place.path.startswith(("/static/", "/media/")):
            return ()
        return self.everything()

    def everything(self) -> tuple[str, ...]:
        """Channels that hold all items together."""
        return tuple(path for path, channel in self._service.channels.items() if channel.kind == "source")

    def stamp(self, under: Iterable[str]) -> str:
        """The revisions of channels, as one word: another one when any of their items changed."""
        numbers = [self._revision(path) for path in under]
        return _digest((numbers, self._service.channels.revision.number))

    def look(self, place: Place) -> str:
        """The digest of the one item or the archive that a place shows; "" of anything that other items move."""
        match = _ITEM.fullmatch(place.path)
        if match:
            return _digest(self._service.item(int(match[1])))
        if not place.older.startswith("before="):
            return ""
        stem = place.path.partition(".")[0]
        if (stem, place.older) not in self._archives:  # one for all formats, as these differ in nothing else
            address = find_address(f"{stem}.rss", place.older, self._service.channels, formats())
            feed = self._service.feed(address.path, "rss", address.choice) if address else None
            self._archives[stem, place.older] = _digest(feed)
        return self._archives[stem, place.older]

    def maker(self) -> str:
        """What all answers depend on beside the items: release, templates, configuration, the channels."""
        config, loader = self._service.config, self._app.jinja_env.loader
        names = sorted(self._app.jinja_env.list_templates())
        templates = [loader.get_source(self._app.jinja_env, name)[0] for name in names] if loader else []
        told = (__version__, templates, self._service.title, self.base_url, list(self._service.channels.items()))
        return _digest((*told, config.websub, config.media))

    def _revision(self, path: str) -> int:
        if path not in self._revisions:
            found = self._service.revision(path)
            self._revisions[path] = found.number if found else 0
        return self._revisions[path]


def _digest(told: object) -> str:
    """A few digits of a value, "" of None; equal values give equal ones in every process."""
    return "" if told is None else hashlib.sha256(repr(told).encode()).hexdigest()[:16]

"""One export: every place is asked of the application, what changed is written, what is gone is removed."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import Flask

from feedsvc.errors import FeedsvcError
from feedsvc.export.asking import Answer, Site
from feedsvc.export.folder import Folder, open_folder
from feedsvc.export.links import links
from feedsvc.export.memory import Kept, Memory
from feedsvc.export.places import Place, file_of, place_of
from feedsvc.model import Rendered
from feedsvc.progress import Progress, silent
from feedsvc.service import Service
from feedsvc.web.packing import pack

ENDINGS = {"gzip": ".gz", "br": ".br"}
PACKED = ("text/", "application/rss+xml", "application/atom+xml", "application/feed+json", "application/json",
          "application/javascript", "image/svg+xml")  # fmt: skip
OK = 200
ABSENT = frozenset({301, 302, 303, 307, 308, 404, 410})
"""Nothing is here (any more). Any other status is no answer: what was exported before stays."""


@dataclass(slots=True)
class Outcome:
    """What an export did: names of files `written` and `removed`, how many `stayed`.

    `faults` tell of addresses that could not be had, and whose files are as they were before; `nameless` are addresses
    of which no file can be called.
    """

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    stayed: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)


def export(
    app: Flask, service: Service, path: Path, *, everything: bool = False, progress: Progress = silent
) -> Outcome:
    """Writes what `app` answers over `service` into the folder at `path`: documents, pages, files, packed ones beside.

    Only what changed since the last export is asked for and written, or all with `everything`. Files that an earlier
    export wrote and that nothing leads to any more are removed; others are never touched. Nothing in the folder changes
    before everything new is written whole. Raises FeedsvcError when the folder cannot be written, when another export
    is writing it, or when a file of somebody else stands where one of ours belongs.
    """
    with open_folder(path) as folder:
        site, before = Site(app, service), folder.memory()
        work = _Work(site, folder, before, trusted=not everything and before.maker == site.maker(), progress=progress)
        after = Memory(maker=site.maker(), kept=work.crawl())
        names = set(after.files())
        gone = [name for name in before.files() if name not in names]
        # Whoever is killed from here on leaves a memory of all that may be ours.
        folder.remember(Memory(maker="", kept={**_lost(before, gone), **after.kept}))
        folder.publish()
        folder.remove(gone)
        folder.remember(after)
        outcome = work.outcome
        outcome.removed = gone
        outcome.stayed = len(names) - len(outcome.written)
        return outcome


def _lost(before: Memory, gone: list[str]) -> dict[str, Kept]:
    """Files that are about to be removed, under an address that nothing has."""
    files = dict.fromkeys(gone, (0, 0))
    return {"": Kept(under=(), stamp="", look="", digest="", files=files)} if before.kept and gone else {}


@dataclass(slots=True)
class _Work:
    site: Site
    folder: Folder
    before: Memory
    trusted: bool = field(kw_only=True)
    progress: Progress = field(kw_only=True)
    outcome: Outcome = field(default_factory=Outcome)
    ours: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.ours = frozenset(self.before.files())

    def crawl(self) -> dict[str, Kept]:
        """Every place that is reached, by its address, with its files staged where they changed."""
        waiting = deque(self.site.beginnings())
        met, kept = set(waiting), dict[str, Kept]()
        while waiting:
            place = waiting.popleft()
            found = self._visited(place)
            if found:
                kept[place.address] = found
                further = [one for one in self._places(found) if one not in met]
                met.update(further)
                waiting.extend(further)
            self.progress("addresses", len(met) - len(waiting), len(met))
        return kept

    def _places(self, kept: Kept) -> Iterator[Place]:
        for address in kept.links:
            if place := place_of(f"{self.site.base_url}{address}", self.site.base_url):
                yield place

    def _visited(self, place: Place) -> Kept | None:
        """What is exported of a place; None where there is nothing."""
        known = self.before.kept.get(place.address)
        if known and self.trusted and self._whole(known):
            stamp = self.site.stamp(known.under)
            if stamp == known.stamp:
                return known
            if known.look and known.look == self.site.look(place):
                return replace(known, stamp=stamp)
        # What the answer depends on is read before the answer, so that no change between the two is missed.
        under = self.site.under(place)
        stamp, look = self.site.stamp(under), self.site.look(place)
        answer = self.site.ask(place)
        if answer.status in ABSENT:
            under = self.site.everything()
            return Kept(under=under, stamp=self.site.stamp(under), look="", digest="", files={})
        if answer.status != OK:
            self.outcome.faults.append((place.address, self.site.reason(place, answer)))
            return replace(known, stamp="", look="") if known else None
        files = self._files(place, answer, known)
        if not files:
            self.outcome.nameless.append(place.address)
            return None
        further = tuple(one.address for one in links(answer.body, answer.media_type, self.site.base_url, place))
        return Kept(under=under, stamp=stamp, look=look, digest=_digest(answer.body), files=files, links=further)

    def _whole(self, known: Kept) -> bool:
        return all(self.folder.seen(name) == seen for name, seen in known.files.items())

    def _files(self, place: Place, answer: Answer, known: Kept | None) -> Mapping[str, tuple[int, int]]:
        """Size and time of the files of an answer, staged unless they are there already; none without a name."""
        name = file_of(place, answer.media_type)
        if not name:
            return {}
        if known and name in known.files and known.digest == _digest(answer.body) and self._whole(known):
            return known.files
        return {one: self._file(one, body, answer.modified) for one, body in self._forms(name, place, answer).items()}

    def _file(self, name: str, body: bytes, modified: float | None) -> tuple[int, int]:
        seen = self.folder.seen(name)
        if seen is not None and self.folder.holds(name, body):
            return seen
        if seen is not None and name not in self.ours:
            raise FeedsvcError(
                f"{self.folder.path / name} was not written by an export of feedsvc, and its place is needed; move it "
                "away, or name an empty folder"
            )
        self.outcome.written.append(name)
        return self.folder.stage(name, body, modified)

    def _forms(self, name: str, place: Place, answer: Answer) -> dict[str, bytes]:
        """The bytes of a file and of the packed ones beside it, by name: those of the application where it packs."""
        forms = {name: answer.body}
        if answer.media_type.startswith(PACKED):
            own = None
            for coding, ending in ENDINGS.items():
                body = self.site.packed(place, coding)
                if body is None:
                    own = own or pack(Rendered(body=answer.body, media_type=answer.media_type), None)
                    body = own.forms[coding].body
                forms[f"{name}{ending}"] = body
        return forms


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]

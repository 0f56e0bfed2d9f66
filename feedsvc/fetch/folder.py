"""A Fetcher over a folder into which people drop documents: `folder:DIR`, and `folder:DIR/NAME` for one of them.

DIR is relative to the folder of config.toml, or absolute; NAME is escaped as in an address. The folder answers with
a JSON list of its documents and of the pictures that lie beside saved pages, which `sites/folder.py` reads; a document
answers with its bytes. reading.md 8.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import mimetypes
import stat
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from feedsvc.dropped import BESIDE, FILES, PICTURES, path_of
from feedsvc.errors import Blocked, TooLarge, Unreachable
from feedsvc.fetch.enclosed import measure_enclosed
from feedsvc.model import NO_VALIDATORS, Form, Measure, NotModified, Page, Validators

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SCHEME: Final = "folder:"
LIST_TYPE: Final = "application/vnd.feedsvc.folder+json"
QUIET: Final = timedelta(seconds=5)
"""A file counts once its size and time have not changed for so long: before that, somebody is still writing it."""

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a document, at most."""

IGNORED_STARTS: Final = (".", "~$")
IGNORED_ENDS: Final = (".part", ".tmp")
TYPES: Final = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html", **FILES, **PICTURES}
MOST_BESIDE: Final = 500
"""Pictures of one folder beside a page that are told of, at most."""


@dataclass(frozen=True, slots=True)
class _File:
    """A document as the list tells of it; `sha256` is "" for one that is too large to be read."""

    name: str
    size: int
    modified: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Stat:
    """The size in bytes and the time of last change, in seconds since 1970, of a file."""

    st_size: int
    st_mtime: float


class FolderFetcher:
    """Reads folders under `root` (that of config.toml). `clock` gives aware moments, `wait` lets seconds pass."""

    def __init__(
        self, root: Path, clock: Callable[[], datetime], wait: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._root = root
        self._clock = clock
        self._wait = wait

    async def get(
        self, url: str, *, validators: Validators = NO_VALIDATORS, form: Form | None = None
    ) -> Page | NotModified:
        """Give the list of `folder:DIR`, or the document `folder:DIR/NAME`; NotModified when the ETag still holds.

        A list waits up to 5 seconds for files that were just written. Raises Blocked for an address outside of DIR,
        TooLarge for a document of more than 20 MiB, Unreachable when there is no such folder or file.
        """
        if form is not None:
            raise Blocked(f"{url} is a folder: there is nothing to post a form to", url=url)
        place = await asyncio.to_thread(self._place, url)
        modified: datetime | None = None
        if await asyncio.to_thread(place.is_dir):
            body, content_type = await self._list(place, url), LIST_TYPE
        else:
            body, modified = await asyncio.to_thread(_read, place, url)
            content_type = _type(place)
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
        now = self._clock()
        if validators.etag == etag:
            return NotModified(url=url, fetched_at=now)
        last = format_datetime(modified, usegmt=True) if modified else None
        return Page(
            url=url,
            final_url=url,
            status=200,
            body=body,
            content_type=content_type,
            validators=Validators(etag=etag, last_modified=last),
            fetched_at=now,
        )

    async def measure(self, url: str, *, page: str = "") -> Measure:  # noqa: ARG002 - nobody is barred from a folder
        """Give type and length of a document, or of a picture in or beside one under its address in `dropped.py`.

        The status is 404 when it is not there. Raises Blocked as `get` does.
        """
        if path := path_of(url):
            return await asyncio.to_thread(measure_enclosed, self._root, path, url)
        place = await asyncio.to_thread(self._place, url)
        try:
            found = await asyncio.to_thread(place.stat)
        except OSError:
            return Measure(url=url, status=404, mime=None, length=None)
        return Measure(url=url, status=200, mime=_type(place), length=found.st_size)

    async def picture(self, url: str, *, page: str, max_bytes: int) -> Page:  # noqa: ARG002 - as the protocol has it
        """Refuse: pictures of dropped documents are ours, and are given to readers as they are. Raises Blocked."""
        raise Blocked(f"{url} is a file of a dropped document, of which no copy is needed", url=url)

    def _place(self, url: str) -> Path:
        """Find the path of an address. Raises Blocked when it leads out of its folder."""
        if not url.startswith(SCHEME) or url == SCHEME or "\0" in url:
            raise Blocked(f'{url} is no folder; an address of one is written "folder:DIR"', url=url)
        written = url.removeprefix(SCHEME).rstrip("/") or "/"
        whole = self._root / written
        if whole.is_dir():
            return self._contained(whole, written, url)
        above, _, name = written.rpartition("/")
        folder = self._contained(self._root / (above or ("/" if written.startswith("/") else "")), written, url)
        place = folder / unquote(name)
        if unquote(name) in {"", ".."} or "/" in unquote(name) or place.resolve().parent != folder:
            raise Blocked(f"{url} leads out of its folder; put the document itself there, not a link to it", url=url)
        return place

    def _contained(self, folder: Path, written: str, url: str) -> Path:
        """Resolve a folder; one that is written relative must lie under the root, links followed."""
        real = folder.resolve()
        if not written.startswith("/") and not real.is_relative_to(self._root.resolve()):
            raise Blocked(
                f"{url} lies outside of the folder of config.toml; write its whole path if that is meant", url=url
            )
        return real

    async def _list(self, folder: Path, url: str) -> bytes:
        """List the documents that nobody is writing any more, by name; the same documents give the same bytes."""
        before = await asyncio.to_thread(_scan, folder, url)
        now = self._clock()
        ages = [now - datetime.fromtimestamp(found.st_mtime, UTC) for found in before.values()]
        if fresh := [age for age in ages if age < QUIET]:
            await self._wait(min(QUIET, QUIET - min(fresh)).total_seconds())
            after = await asyncio.to_thread(_scan, folder, url)
            before = {name: found for name, found in after.items() if _same(found, before.get(name))}
        files = await asyncio.to_thread(_described, folder, before)
        pictures = await asyncio.to_thread(_beside, folder, before)
        told = {"files": [asdict(file) for file in files], **({"pictures": pictures} if pictures else {})}
        return json.dumps(told, ensure_ascii=False).encode()


def _same(one: _Stat, other: _Stat | None) -> bool:
    return other is not None and (one.st_size, one.st_mtime) == (other.st_size, other.st_mtime)


def _scan(folder: Path, url: str) -> dict[str, _Stat]:
    """Find the files of a folder that may be documents. Raises Unreachable when it cannot be read."""
    try:
        places = sorted(folder.iterdir())
    except OSError as error:
        raise Unreachable(f"{url} cannot be read: {error.strerror}; look at the rights of {folder}", url=url) from error
    found = {}
    for place in places:
        if place.name.startswith(IGNORED_STARTS) or place.name.lower().endswith(IGNORED_ENDS):
            continue
        try:
            status = place.stat()
            inside = place.resolve().parent == folder
        except (OSError, RuntimeError):  # gone meanwhile, a link to nowhere or in a circle
            continue
        if inside and stat.S_ISREG(status.st_mode) and _is_text(place.name):
            found[place.name] = _Stat(status.st_size, status.st_mtime)
    return found


def _beside(folder: Path, found: dict[str, _Stat]) -> list[str]:
    """Find the pictures that browsers and Word saved with the pages `found`: `tin_files/anh.jpg` beside `tin.html`."""
    stems = {Path(name).stem for name in found if name.lower().endswith((".html", ".htm"))}
    pictures: list[str] = []
    for name in (stem + ending for stem in sorted(stems) for ending in BESIDE):
        place = folder / name
        if not place.is_dir() or place.resolve().parent != folder:
            continue
        inside = sorted(one.name for one in place.iterdir() if one.suffix.lower() in PICTURES and _is_text(one.name))
        pictures += [f"{name}/{one}" for one in inside[:MOST_BESIDE]]
    return pictures


def _is_text(name: str) -> bool:
    """Tell whether a name can be written in an address; one in an unknown encoding cannot."""
    return name.isascii() or not any("\ud800" <= char <= "\udfff" for char in name)


def _described(folder: Path, found: dict[str, _Stat]) -> list[_File]:
    files = []
    for name, status in found.items():
        digest = ""
        if status.st_size <= LARGEST:
            try:
                digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            except OSError:  # no right to read it: no document yet
                continue
        modified = datetime.fromtimestamp(status.st_mtime, UTC).replace(microsecond=0)
        files.append(_File(name, status.st_size, modified.isoformat(), digest))
    return files


def _read(place: Path, url: str) -> tuple[bytes, datetime]:
    """Read a document and its time. Raises TooLarge and Unreachable."""
    try:
        status = place.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Unreachable(f"{url} is neither a folder nor a file", url=url)
        with place.open("rb") as file:
            body = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise Unreachable(_missing(place, url), url=url) from error
    except OSError as error:
        raise Unreachable(f"{url} cannot be read: {error.strerror}; look at the rights of {place}", url=url) from error
    if len(body) > LARGEST:
        raise TooLarge(f"{url} has more than {LARGEST // 1024**2} MiB; drop a shorter document", url=url)
    return body, datetime.fromtimestamp(status.st_mtime, UTC).replace(microsecond=0)


def _missing(place: Path, url: str) -> str:
    if place.parent.is_dir() and place.suffix:
        return f"{url} is gone: the document was moved or deleted"
    return f'{url} is not there: create the folder {place} (mkdir -p "{place}") and drop documents into it'


def _type(place: Path) -> str:
    ending = place.suffix.lower()
    return TYPES.get(ending) or mimetypes.guess_type(place.name)[0] or "application/octet-stream"

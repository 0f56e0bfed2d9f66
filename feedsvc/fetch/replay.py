"""A Fetcher over saved pages: what was captured is read again, and nothing is asked of any network."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from feedsvc.errors import Malformed, Refused, TooLarge
from feedsvc.fetch.decoding import Body
from feedsvc.fetch.mask import masked
from feedsvc.model import NO_VALIDATORS, Form, Measure, NotModified, Page, Validators

INDEX: Final = "pages.json"
MAX_BYTES: Final = 32 * 1024 * 1024
_CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Saved:
    path: Path
    content_type: str


def replay_key(url: str, form: Form | None = None) -> str:
    """Under which name an answer stands in `pages.json`: its address, for a postback with target and argument."""
    bare = (form.action if form else url).split("#", 1)[0]
    return f"{bare} {form.target} {form.argument}" if form else bare


class ReplayFetcher:
    """Reads a folder of saved pages, in one of two shapes.

    With `pages.json`: `{ADDRESS: {"file": NAME, "content_type": TYPE}}`, addresses as `replay_key` makes them. Without:
    each `NAME.json` holding `{"page": FILE, "url": ADDRESS}` names one page. A file that ends in `.gz` is decoded.
    Addresses that are not there answer 404. `clock` stamps the pages. The folder is looked through once, when made;
    raises Malformed when it names no pages, or a file outside of it.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        index = folder / INDEX
        self._saved = _read_index(folder, index) if index.is_file() else _read_pairs(folder)
        if not self._saved:
            raise Malformed(f"{folder} holds no saved pages: neither {INDEX} nor NAME.json files with page and url")

    @property
    def addresses(self) -> tuple[str, ...]:
        """What can be asked for, in the order of the folder."""
        return tuple(self._saved)

    async def get(
        self, url: str, *, validators: Validators = NO_VALIDATORS, form: Form | None = None
    ) -> Page | NotModified:
        """The saved page; `validators` are not looked at. Raises Refused (404) or Malformed (a file that is broken)."""
        del validators
        saved = self._saved.get(replay_key(url, form))
        if saved is None:
            raise Refused(f"{masked(url)} is not among the saved pages", url=masked(url), status=404)
        return Page(
            url=url,
            final_url=form.action if form else url,
            status=200,
            body=_read_body(saved.path),
            content_type=saved.content_type,
            fetched_at=self._clock(),
        )

    async def measure(self, url: str, *, page: str = "") -> Measure:
        """Type and length of a saved file, or a Measure with status 404."""
        del page  # what was saved is nobody's any more
        saved = self._saved.get(replay_key(url))
        if saved is None:
            return Measure(url=url, status=404, mime=None, length=None)
        mime = saved.content_type.split(";", 1)[0].strip().lower() or None
        return Measure(url=url, status=200, mime=mime, length=len(_read_body(saved.path)))

    async def picture(self, url: str, *, page: str, max_bytes: int) -> Page:
        """The saved file; `page` is not looked at. Raises Refused, Malformed, and TooLarge over `max_bytes`."""
        del page
        found = await self.get(url)
        if isinstance(found, NotModified) or len(found.body) > max_bytes:
            raise TooLarge(f"{masked(url)} has more than {max_bytes} bytes", url=masked(url))
        return found


def _read_index(folder: Path, index: Path) -> dict[str, _Saved]:
    entries = _read_json(index)
    if not isinstance(entries, dict):
        raise Malformed(f"{index} is not a table of addresses")
    return {
        address: _Saved(_inside(folder, entry["file"], index), entry.get("content_type") or _guess(entry["file"]))
        for address, entry in entries.items()
        if _has(entry, "file")
    }


def _read_pairs(folder: Path) -> dict[str, _Saved]:
    saved = {}
    for path in sorted(folder.glob("*.json")):
        entry = _read_json(path)
        if _has(entry, "page") and _has(entry, "url"):
            saved[replay_key(entry["url"])] = _Saved(_inside(folder, entry["page"], path), _guess(entry["page"]))
    return saved


def _has(entry: Any, key: str) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get(key), str)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Malformed(f"{path} cannot be read as JSON ({error})") from error


def _inside(folder: Path, name: str, index: Path) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Malformed(f"{index} names {name!r}, which lies outside of the folder")
    return path


def _guess(name: str) -> str:
    return mimetypes.guess_type(name.removesuffix(".gz"))[0] or "text/html"


def _read_body(path: Path) -> bytes:
    body = Body(gzip=path.suffix == ".gz", max_bytes=MAX_BYTES)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                body.feed(chunk)
    except OSError as error:
        raise Malformed(f"{path} cannot be read ({error.strerror})") from error
    return body.whole()

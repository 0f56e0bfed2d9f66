"""Files of dropped documents, for readers: a Word or PDF file, a picture inside a Word file, one beside a saved page.

Only an item that is stored names them, so that nobody can ask for another file of the folder; that nothing outside of
it is given, whatever links lie in it, is checked here all the same.
"""

from __future__ import annotations

import stat
import zlib
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from feedsvc.dropped import EMBEDDED, FILES, PICTURES
from feedsvc.errors import Blocked, FetchError, TooLarge, Unreachable
from feedsvc.model import Measure

if TYPE_CHECKING:
    from zipfile import ZipInfo

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a file, at most."""

_TYPES: Final = {**FILES, **PICTURES}


def read_enclosed(root: Path, path: str, url: str) -> tuple[bytes, str]:
    """Give the bytes and the type of the file `path`, as `dropped.py` writes it; relative ones begin at `root`.

    `url` is what messages call it. Raises Blocked for a file that no item may have, TooLarge for one of more than
    20 MiB, Unreachable when it is gone.
    """
    document, _, inside = path.partition(EMBEDDED)
    place = _place(root, document, url)
    mime = _mime(inside or document, url)
    try:
        with place.open("rb") as file:
            body = file.read(LARGEST + 1)
    except OSError as error:
        raise Unreachable(f"{url} cannot be read: {error.strerror}; put {place.name} back", url=url) from error
    if len(body) > LARGEST:
        raise TooLarge(f"{url} has more than {LARGEST // 1024**2} MiB", url=url)
    return (_unpacked(body, EMBEDDED[1:] + inside, url) if inside else body), mime


def measure_enclosed(root: Path, path: str, url: str) -> Measure:
    """Give type and length of what `read_enclosed` gives; the status is 404 when it gives nothing."""
    try:
        body, mime = read_enclosed(root, path, url)
    except FetchError:
        return Measure(url=url, status=404, mime=None, length=None)
    return Measure(url=url, status=200, mime=mime, length=len(body))


def _place(root: Path, document: str, url: str) -> Path:
    """Find the file, which stands itself where its path says, and below `root` when that is relative."""
    place = root / document
    parts = PurePosixPath(document).parts
    try:
        real = place.resolve(strict=True)
        is_file = stat.S_ISREG(real.stat().st_mode)
    except (OSError, RuntimeError, ValueError) as error:
        raise Unreachable(f"{url} is gone: the document was moved or deleted", url=url) from error
    within = document.startswith("/") or real.is_relative_to(root.resolve())
    is_link = real != place.parent.resolve() / place.name
    if not within or not is_file or is_link or ".." in parts or parts[-1].startswith("."):
        raise Blocked(f"{url} is no file of a dropped document", url=url)
    return real


def _mime(name: str, url: str) -> str:
    mime = _TYPES.get(PurePosixPath(name).suffix.lower())
    if mime is None:
        raise Blocked(f"{url} is no file that is given to readers", url=url)
    return mime


def _unpacked(body: bytes, name: str, url: str) -> bytes:
    try:
        with ZipFile(BytesIO(body)) as archive:
            entry: ZipInfo = archive.getinfo(name)
            if entry.file_size > LARGEST:
                raise TooLarge(f"{url} has more than {LARGEST // 1024**2} MiB", url=url)
            return archive.read(entry)
    except (BadZipFile, KeyError, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise Unreachable(f"{url} is not in its document any more", url=url) from error

"""Dropped documents: the list that `fetch/folder.py` gives, and each document as an article. reading.md 8."""

from __future__ import annotations

import hashlib
import json
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from feedsvc.dropped import PICTURES, address_of, path_of
from feedsvc.errors import ExtractError, LayoutChanged
from feedsvc.extract.clean import clean_title
from feedsvc.extract.document import PAGES, missing_extra, read_document
from feedsvc.model import Listing, MediaObject, Stub

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from feedsvc.model import Item, Page, Source

SCHEME: Final = "folder:"


class FolderSite:
    """Reads folders of documents; the name of a document counts with its folder, so that two folders may share it."""

    def listing(
        self,
        page: Page,
        source: Source,
        shape: str = "",  # noqa: ARG002 - a folder has none
        familiar: Collection[str] = frozenset(),  # noqa: ARG002 - nor is it ever redesigned
        usual: int = 0,  # noqa: ARG002 - an empty folder is no fault
    ) -> Listing:
        """List the documents, newest first; a page with the pictures that may belong to it.

        Raises LayoutChanged when the page is no list of a folder, ExtractError when what reads one of the documents is
        not installed.
        """
        folder = page.url.rstrip("/")
        try:
            told = json.loads(page.body)
            files = [_checked(file) for file in told["files"]]
            pictures = [str(name) for name in told.get("pictures", ())]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LayoutChanged(f"{page.url} of {source.slug} is no list of documents; use folder:DIR") from error
        # All of it waits, and the status says why: documents that were passed over now would be so for good.
        if missing := missing_extra(file["name"] for file in files):
            raise ExtractError(f"{page.url} holds documents that cannot be read yet: {missing}")
        pictures += [file["name"] for file in files if _is_picture(file["name"])]
        files = [file for file in files if not _is_picture(file["name"])]
        files.sort(key=lambda file: (file["modified"], file["name"]), reverse=True)
        return Listing(
            title=PurePosixPath(folder.removeprefix(SCHEME)).name,
            stubs=tuple(_stub(folder, file, pictures) for file in files),
            digest=hashlib.sha256(page.body).hexdigest(),
        )

    def article(self, page: Page, stub: Stub, source: Source) -> Item:
        """Read one document. Raises ExtractError when it is empty or of a kind that is not read."""
        folder, _, name = stub.url.rpartition("/")
        return read_document(
            _relative(folder, unquote(name)),
            page.body,
            source,
            modified=_modified(page),
            now=page.fetched_at,
            beside=[path for one in stub.media if (path := path_of(one.url))],
        )


def _checked(file: Any) -> dict[str, str]:
    return {key: str(file[key]) for key in ("name", "modified", "sha256")}


def _is_picture(name: str) -> bool:
    """A picture in the folder belongs to a page that shows it; it is no document of its own."""
    return PurePosixPath(name).suffix.lower() in PICTURES


def _stub(folder: str, file: dict[str, str], pictures: Sequence[str]) -> Stub:
    digest = (f"sha:{file['sha256']}",) if file["sha256"] else ()
    is_page = file["name"].lower().endswith(PAGES)
    return Stub(
        keys=(f"doc:{_relative(folder, file['name'])}", *digest),
        url=f"{folder}/{quote(file['name'], safe='')}",
        title=clean_title(PurePosixPath(file["name"]).stem) or file["name"],
        media=tuple(MediaObject(url=address_of(_relative(folder, name)), kind="image") for name in pictures if is_page),
    )


def _relative(folder: str, name: str) -> str:
    return f"{folder.removeprefix(SCHEME).rstrip('/')}/{name}"


def _modified(page: Page) -> datetime:
    """Give the file's time, else the moment of reading."""
    given = page.validators.last_modified
    try:
        return parsedate_to_datetime(given) if given else page.fetched_at
    except ValueError:
        return page.fetched_at

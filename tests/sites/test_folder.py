"""A folder of documents behaves like any portal: a list, and articles behind it."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.errors import ExtractError, LayoutChanged
from feedsvc.fetch.folder import FolderFetcher
from feedsvc.model import NO_VALIDATORS, Page, Source, Validators
from feedsvc.sites import site
from feedsvc.sites.folder import FolderSite

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SOURCE = Source(slug="van-phong", title="Văn phòng", home="https://example.org/")


def page(url: str, body: bytes, validators: Validators = NO_VALIDATORS) -> Page:
    """Make the answer of a folder."""
    return Page(url=url, final_url=url, status=200, body=body, content_type="", validators=validators, fetched_at=NOW)


def files(*names: str) -> bytes:
    """Make a list of documents, each a minute newer than the one before."""
    rows = [
        {"name": name, "size": 3, "modified": f"2026-03-01T07:0{index}:00+00:00", "sha256": f"{index}" * 64}
        for index, name in enumerate(names)
    ]
    return json.dumps({"files": rows}).encode()


def test_the_newest_document_stands_first() -> None:
    """The list has an entry a document, newest first, with its two keys, its address and its name."""
    listing = FolderSite().listing(page("folder:inbox/", files("a.txt", "Tin ngày 5%.txt")), SOURCE)
    assert listing.title == "inbox"
    newest, oldest = listing.stubs
    assert newest.url == "folder:inbox/Tin%20ng%C3%A0y%205%25.txt"
    assert newest.title == "Tin ngày 5%"
    assert newest.keys == ("doc:inbox/Tin ngày 5%.txt", "sha:" + "1" * 64)
    assert oldest.url == "folder:inbox/a.txt"
    assert listing.next_url is None


def test_documents_of_two_folders_may_share_a_name() -> None:
    """The same name in two folders of a source makes two items."""
    one, other = (
        FolderSite().listing(page(f"folder:{name}", files("a.txt")), SOURCE).stubs[0].keys[0] for name in ("x", "y")
    )
    assert one != other


def test_the_digest_follows_the_documents() -> None:
    """An unchanged folder has an unchanged digest, a new document changes it."""
    before, same, after = (
        FolderSite().listing(page("folder:inbox", files(*names)), SOURCE).digest
        for names in (["a.txt"], ["a.txt"], ["a.txt", "b.txt"])
    )
    assert before == same != after


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"files":[{"name":"a"}]}', b'{"files":[1]}'])
def test_what_is_no_list_of_a_folder_is_refused(body: bytes) -> None:
    """Anything but the list of a folder is a LayoutChanged that says so."""
    with pytest.raises(LayoutChanged, match="folder:DIR"):
        FolderSite().listing(page("folder:inbox", body), SOURCE)


def test_an_empty_folder_is_an_empty_list() -> None:
    """A folder without documents is no fault."""
    assert FolderSite().listing(page("folder:inbox", files()), SOURCE).stubs == ()


@pytest.mark.parametrize("stamp", [None, "not a date"])
def test_a_document_without_a_time_is_of_today(stamp: str | None) -> None:
    """Where the file's time is not told, the document is dated by the day of reading."""
    stub = FolderSite().listing(page("folder:inbox", files("a.txt")), SOURCE).stubs[0]
    item = FolderSite().article(
        page(stub.url, "Tin vui\n\nMột đoạn.".encode(), Validators(last_modified=stamp)), stub, SOURCE
    )
    assert item.published is not None
    assert item.published.date() == NOW.date()


async def test_a_dropped_document_becomes_an_item(tmp_path: Path) -> None:
    """From the file in the folder to the item: found by the keys of its list entry, dated by the file."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    place = folder / "Họp thôn.txt"
    place.write_text("Họp thôn đầu xuân\n\nBà con bàn việc sửa mương trước vụ cấy.", encoding="utf-8")
    filed = (NOW - timedelta(days=2)).timestamp()
    os.utime(place, (filed, filed))
    fetch = FolderFetcher(tmp_path, lambda: NOW)
    reader = site("folder")
    listed = await fetch.get("folder:inbox")
    assert isinstance(listed, Page)
    (stub,) = reader.listing(listed, SOURCE).stubs
    answer = await fetch.get(stub.url)
    assert isinstance(answer, Page)
    item = reader.article(answer, stub, SOURCE)
    assert item.keys[: len(stub.keys)] == stub.keys
    assert (item.title, item.text) == ("Họp thôn đầu xuân", "Bà con bàn việc sửa mương trước vụ cấy.")
    assert item.published is not None
    assert item.published.isoformat() == "2026-02-28T00:00:00+07:00"


def test_pictures_belong_to_pages(tmp_path: Path) -> None:
    """Pictures in the folder and in that of a saved page are no documents; a page may show them, a text may not."""
    told = json.loads(files("tin.html", "a.txt", "anh.JPG"))
    told["pictures"] = ["tin_files/1.png"]
    page_, text = FolderSite().listing(page("folder:inbox", json.dumps(told).encode()), SOURCE).stubs[::-1]
    assert (page_.title, text.title) == ("tin", "a")
    assert [one.url for one in page_.media] == [
        "https://documents.invalid/inbox/tin_files/1.png",
        "https://documents.invalid/inbox/anh.JPG",
    ]
    assert text.media == ()


def test_a_missing_reader_is_told_before_anything_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what reads Word files, a folder that holds one says what to install; other folders are read."""
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(ExtractError, match=r"\.docx files need python-docx: pip install 'feedsvc\[documents\]'"):
        FolderSite().listing(page("folder:inbox", files("a.txt", "b.docx")), SOURCE)
    assert len(FolderSite().listing(page("folder:inbox", files("a.txt")), SOURCE).stubs) == 1

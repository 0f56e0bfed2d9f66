"""Documents dropped into a folder are found once they are whole, and nothing outside of the folder ever is."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from feedsvc.errors import Blocked, TooLarge, Unreachable
from feedsvc.fetch.folder import LARGEST, FolderFetcher
from feedsvc.model import Form, NotModified, Page, Validators

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
OLD = NOW - timedelta(hours=1)


class Waiting:
    """A wait that takes no time, remembers how long it was to be, and lets something happen meanwhile."""

    def __init__(self, meanwhile=lambda: None) -> None:
        self.seconds: list[float] = []
        self.meanwhile = meanwhile

    async def __call__(self, seconds: float) -> None:
        """Note how long the wait was to be."""
        self.seconds.append(seconds)
        self.meanwhile()


def drop(folder: Path, name: str, body: bytes = b"Tin", at: datetime = OLD) -> Path:
    """Put a file into a folder, last changed at a moment."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / name
    place.write_bytes(body)
    os.utime(place, (at.timestamp(), at.timestamp()))
    return place


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Give an empty folder beside where config.toml would be."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def fetcher(inbox: Path, wait: Waiting | None = None) -> FolderFetcher:
    """Make a fetcher whose waits take no time."""
    return FolderFetcher(inbox.parent, lambda: NOW, wait or Waiting())


async def listed(fetch: FolderFetcher, url: str = "folder:inbox") -> list[str]:
    """Give the names in the list of a folder."""
    page = await fetch.get(url)
    assert isinstance(page, Page)
    assert page.content_type == "application/vnd.feedsvc.folder+json"
    return [file["name"] for file in json.loads(page.body)["files"]]


async def test_documents_are_listed_without_what_is_none(inbox: Path) -> None:
    """Hidden files, locks of editors, halves of downloads, folders and links to nowhere are no documents."""
    for name in ("a.txt", "Tin ngày 5.txt", ".hidden", "~$a.docx", "b.part", "c.TMP", "100%.txt"):
        drop(inbox, name)
    (inbox / "older").mkdir()
    (inbox / "dangling.txt").symlink_to(inbox / "nowhere.txt")
    os.mkfifo(inbox / "pipe.txt")
    assert await listed(fetcher(inbox)) == ["100%.txt", "Tin ngày 5.txt", "a.txt"]


async def test_a_list_tells_size_time_and_digest(inbox: Path) -> None:
    """Each file is told with its size in bytes, its time as ISO 8601 and the SHA-256 of its bytes."""
    drop(inbox, "a.txt", b"Tin")
    page = await fetcher(inbox).get("folder:inbox/")
    assert isinstance(page, Page)
    (file,) = json.loads(page.body)["files"]
    assert (file["size"], file["modified"]) == (3, "2026-03-02T07:00:00+00:00")
    assert len(file["sha256"]) == 64


async def test_a_document_comes_with_its_bytes_type_and_time(inbox: Path) -> None:
    """A document's address gives its bytes, its type by the ending, and its time as Last-Modified."""
    for name, kind in (("Tin 5%.txt", "text/plain"), ("b.HTML", "text/html"), ("c.pdf", "application/pdf")):
        drop(inbox, name, "Tin tức".encode())
        quoted = name.replace("%", "%25").replace(" ", "%20")
        page = await fetcher(inbox).get(f"folder:inbox/{quoted}")
        assert isinstance(page, Page)
        assert (page.body.decode(), page.content_type, page.fetched_at) == ("Tin tức", kind, NOW)
        assert page.validators.last_modified is not None
        assert parsedate_to_datetime(page.validators.last_modified) == OLD


async def test_what_has_not_changed_is_not_sent_again(inbox: Path) -> None:
    """The ETag of a list or a document answers with NotModified until something in it changes."""
    place = drop(inbox, "a.txt")
    for url in ("folder:inbox", "folder:inbox/a.txt"):
        page = await fetcher(inbox).get(url)
        assert isinstance(page, Page)
        kept = Validators(etag=page.validators.etag)
        assert isinstance(await fetcher(inbox).get(url, validators=kept), NotModified)
        drop(inbox, "a.txt", place.read_bytes() + b"!")
        assert isinstance(await fetcher(inbox).get(url, validators=kept), Page)


async def test_a_file_that_is_still_written_is_waited_for(inbox: Path) -> None:
    """A fresh file is looked at twice, at most five seconds apart, and counts only if it did not change."""
    drop(inbox, "old.txt")
    drop(inbox, "fresh.txt", at=NOW - timedelta(seconds=2))
    growing = drop(inbox, "growing.txt", at=NOW)
    ahead = drop(inbox, "ahead.txt", at=NOW + timedelta(days=1))

    def meanwhile() -> None:
        drop(inbox, growing.name, b"Tin dai hon", at=NOW)
        drop(inbox, "late.txt", at=NOW)

    wait = Waiting(meanwhile)
    assert await listed(fetcher(inbox, wait)) == [ahead.name, "fresh.txt", "old.txt"]
    assert wait.seconds == [5.0]


@pytest.mark.parametrize(("age", "waits"), [(0, [5.0]), (2, [3.0]), (5, [])])
async def test_the_wait_ends_five_seconds_after_the_writing(inbox: Path, age: int, waits: list[float]) -> None:
    """A file last written some seconds ago is waited for as long as five seconds lack, and then listed."""
    drop(inbox, "fresh.txt", at=NOW - timedelta(seconds=age))
    wait = Waiting()
    assert await listed(fetcher(inbox, wait)) == ["fresh.txt"]
    assert wait.seconds == waits


async def test_nobody_waits_for_old_files(inbox: Path) -> None:
    """A folder in which nothing was written lately answers at once."""
    drop(inbox, "old.txt")
    wait = Waiting()
    await listed(fetcher(inbox, wait))
    assert wait.seconds == []


@pytest.mark.parametrize(
    "url",
    [
        "folder:..",
        "folder:../other",
        "folder:inbox/../../secret.txt",
        "folder:inbox/..%2F..%2Fsecret.txt",
        "folder:inbox/%2e%2e",
        "folder:inbox/link.txt",
        "folder:linked",
        "folder:linked/secret.txt",
        "folder:inbox/a\0.txt",
        "folder:",
        "http://127.0.0.1/",
    ],
)
async def test_no_address_leads_out_of_its_folder(tmp_path: Path, url: str) -> None:
    """Dots, escapes and links that lead elsewhere are refused, in a list's address and in a document's."""
    root = tmp_path / "root"
    outside = drop(tmp_path / "outside", "secret.txt")
    drop(tmp_path, "secret.txt")
    drop(root / "inbox", "a.txt")
    (root / "inbox" / "link.txt").symlink_to(outside)
    (root / "linked").symlink_to(outside.parent)
    fetch = FolderFetcher(root, lambda: NOW, Waiting())
    with pytest.raises(Blocked):
        await fetch.get(url)
    with pytest.raises(Blocked):
        await fetch.measure(url)
    assert await listed(fetch) == ["a.txt"]


async def test_a_whole_path_may_lie_anywhere(tmp_path: Path, inbox: Path) -> None:
    """A folder configured by its whole path is read wherever it lies."""
    other = tmp_path / "other"
    drop(other, "a.txt")
    fetch = FolderFetcher(inbox, lambda: NOW, Waiting())
    assert await listed(fetch, f"folder:{other}") == ["a.txt"]
    assert isinstance(await fetch.get(f"folder:{other}/a.txt"), Page)


async def test_a_missing_folder_says_what_to_create(inbox: Path) -> None:
    """The message of a folder that is not there names it, and the command that makes it."""
    with pytest.raises(Unreachable, match=r"create the folder .*tin-tuc.*mkdir"):
        await fetcher(inbox).get("folder:inbox/tin-tuc")
    with pytest.raises(Unreachable, match="moved or deleted"):
        await fetcher(inbox).get("folder:inbox/gone.txt")


async def test_a_huge_file_spoils_itself_alone(inbox: Path) -> None:
    """A document of more than 20 MiB is TooLarge; the list and the others are not touched by it."""
    with drop(inbox, "huge.txt").open("wb") as file:
        file.truncate(LARGEST + 1)
    os.utime(inbox / "huge.txt", (OLD.timestamp(), OLD.timestamp()))
    drop(inbox, "small.txt")
    fetch = fetcher(inbox)
    assert await listed(fetch) == ["huge.txt", "small.txt"]
    with pytest.raises(TooLarge, match="20 MiB"):
        await fetch.get("folder:inbox/huge.txt")


async def test_a_pipe_is_never_opened(inbox: Path) -> None:
    """What is neither file nor folder is refused and not waited for."""
    os.mkfifo(inbox / "pipe.txt")
    with pytest.raises(Unreachable, match="neither"):
        await fetcher(inbox).get("folder:inbox/pipe.txt")


async def test_a_document_is_measured(inbox: Path) -> None:
    """Measuring gives type and length, and 404 for what is not there."""
    drop(inbox, "a.txt")
    there = await fetcher(inbox).measure("folder:inbox/a.txt")
    gone = await fetcher(inbox).measure("folder:inbox/b.txt")
    assert (there.status, there.mime, there.length) == (200, "text/plain", 3)
    assert (gone.status, gone.length) == (404, None)


async def test_a_folder_takes_no_forms(inbox: Path) -> None:
    """A form cannot be posted to a folder."""
    with pytest.raises(Blocked, match="form"):
        await fetcher(inbox).get("folder:inbox", form=Form(action="folder:inbox", target="", argument="", fields=()))


async def test_an_unreadable_folder_is_told(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that the system does not let us list is Unreachable, with the reason."""

    def denied(_self: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)
    with pytest.raises(Unreachable, match="Permission denied"):
        await fetcher(inbox).get("folder:inbox")


async def test_an_unreadable_document_is_left_out_and_told(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that we have no right to read is not listed; asked for by its address, it is Unreachable."""
    drop(inbox, "a.txt")

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    monkeypatch.setattr(Path, "open", denied)
    assert await listed(fetcher(inbox)) == []
    with pytest.raises(Unreachable, match="Permission denied"):
        await fetcher(inbox).get("folder:inbox/a.txt")


async def test_a_name_in_an_unknown_encoding_is_left_out(inbox: Path) -> None:
    """A file whose name is no Unicode spoils nothing."""
    drop(inbox, "a.txt")
    (inbox / os.fsdecode(b"\xff.txt")).write_bytes(b"Tin")
    assert await listed(fetcher(inbox)) == ["a.txt"]


async def test_pictures_beside_a_page_are_told_of(inbox: Path) -> None:
    """What browsers and Word saved with a page is listed apart, and no other folder is looked into."""
    for name in ("tin.html", "bài.htm", "a.txt"):
        drop(inbox, name)
    for name in ("tin_files", "bài.files", "a_files", "khac"):
        drop(inbox / name, "ảnh 1.PNG", b"\x89PNG")
        drop(inbox / name, "x.js")
    (inbox / "la_files").symlink_to(inbox / "khac")
    page = await fetcher(inbox).get("folder:inbox")
    assert isinstance(page, Page)
    assert json.loads(page.body)["pictures"] == ["bài.files/ảnh 1.PNG", "tin_files/ảnh 1.PNG"]

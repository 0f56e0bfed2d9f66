"""Files of dropped documents are given by the paths that items hold, and nothing outside of their folder ever is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import papers

from feedsvc.dropped import address_of
from feedsvc.errors import Blocked, FetchError, TooLarge, Unreachable
from feedsvc.fetch.doors import SchemeFetcher
from feedsvc.fetch.enclosed import LARGEST, read_enclosed
from feedsvc.fetch.folder import FolderFetcher

WORD = papers.word_file()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the folder of config.toml, with an inbox and secrets beside it."""
    inbox = tmp_path / "config" / "inbox"
    (inbox / "tin_files").mkdir(parents=True)
    (inbox / "cầu treo.docx").write_bytes(WORD)
    (inbox / "tin_files" / "ảnh 1.png").write_bytes(papers.picture())
    (inbox / "tin.html").write_text("<p>Tin")
    (inbox / ".an.pdf").write_bytes(b"%PDF")
    (tmp_path / "mat.pdf").write_bytes(b"%PDF")
    (inbox / "link.pdf").symlink_to(tmp_path / "mat.pdf")
    (inbox / "gone.pdf").symlink_to(tmp_path / "nowhere.pdf")
    return tmp_path / "config"


@pytest.mark.parametrize(
    ("path", "body", "mime"),
    [
        ("inbox/cầu treo.docx", WORD, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("inbox/cầu treo.docx/word/media/image1.png", papers.picture(), "image/png"),
        ("inbox/tin_files/ảnh 1.png", papers.picture(), "image/png"),
    ],
)
def test_files_are_given_as_they_are(root: Path, path: str, body: bytes, mime: str) -> None:
    """A Word file, a picture inside it, and one beside a page come byte for byte; a whole path works as well."""
    assert read_enclosed(root, path, "x") == (body, mime)
    assert read_enclosed(Path("/"), f"{root}/{path}", "x") == (body, mime)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("inbox/tin.html", Blocked),
        ("inbox/link.pdf", Blocked),
        ("inbox/.an.pdf", Blocked),
        ("../mat.pdf", Blocked),
        ("inbox/../../mat.pdf", Blocked),
        ("inbox", Blocked),
        ("inbox/gone.pdf", Unreachable),
        ("inbox/no.pdf", Unreachable),
        ("inbox/a\0b.pdf", Unreachable),
        ("inbox/cầu treo.docx/word/media/image9.png", Unreachable),
        ("inbox/cầu treo.docx/word/media/../document.xml", Blocked),
        ("inbox/tin_files/ảnh 1.png/word/media/image1.png", Unreachable),
    ],
)
def test_nothing_else_is(root: Path, path: str, error: type[FetchError]) -> None:
    """Pages, hidden files, links, other kinds and what is not there are refused."""
    with pytest.raises(error):
        read_enclosed(root, path, "x")


def test_a_file_without_end_is_not_read(root: Path) -> None:
    """A file of more than 20 MiB is refused, in a folder and inside a Word file."""
    (root / "inbox" / "big.pdf").write_bytes(bytes(LARGEST + 1))
    (root / "inbox" / "big.docx").write_bytes(papers.repacked(WORD, {"word/media/big.png": bytes(LARGEST + 1)}))
    for path in ("inbox/big.pdf", "inbox/big.docx/word/media/big.png"):
        with pytest.raises(TooLarge):
            read_enclosed(root, path, "x")


async def test_the_poller_measures_them(root: Path) -> None:
    """Type and length are told under the address that items hold; what is gone answers 404."""
    folder = FolderFetcher(root, lambda: datetime(2026, 3, 2, tzinfo=UTC))
    fetch = SchemeFetcher(web=folder, folder=folder)
    there = await fetch.measure(address_of("inbox/cầu treo.docx/word/media/image1.png"))
    assert (there.status, there.mime, there.length) == (200, "image/png", len(papers.picture()))
    assert (await fetch.measure(address_of("inbox/no.pdf"))).status == 404
    assert (await folder.measure("folder:inbox/c%E1%BA%A7u%20treo.docx")).mime == papers_type()


def papers_type() -> str:
    """Give the type of Word files."""
    return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

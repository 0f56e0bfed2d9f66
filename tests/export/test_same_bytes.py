"""What is exported is what is answered: over the whole sample portal, against a running server."""

import gzip
import json
from pathlib import Path

import brotli
from loopback import CATEGORIES, ask

FORMATS = ("rss", "atom", "json")
OURS = {".feedsvc-export.json", ".feedsvc-export.lock"}


def exported(folder: Path) -> dict[str, list[str]]:
    """The names of the files of each address, the plain one first."""
    told = json.loads((folder / ".feedsvc-export.json").read_text("utf-8"))["places"]
    return {address: list(place["files"]) for address, place in told.items() if place["files"]}


def test_files_are_the_answers(running) -> None:
    """Each exported file holds the bytes that the running service answers at its address, packed ones too."""
    for address, (plain, *packed) in exported(running.folder).items():
        status, _, body = ask(f"{running.base}{address}")
        assert (status, (running.folder / plain).read_bytes()) == (200, body), address
        for name in packed:
            coding, unpack = {"gz": ("gzip", gzip.decompress), "br": ("br", brotli.decompress)}[name[-2:]]
            _, headers, answer = ask(f"{running.base}{address}", {"Accept-Encoding": coding})
            told = (running.folder / name).read_bytes()
            assert unpack(told) == body
            if headers.get("content-encoding") == coding:
                assert told == answer, name


def test_documents_are_packed_as_the_service_packs(running) -> None:
    """Feeds stand there packed twice, and the service answers those very bytes."""
    name = running.folder / "feeds" / "cong" / "tin-tuc.rss"
    for ending, coding in ((".gz", "gzip"), (".br", "br")):
        _, headers, body = ask(f"{running.base}/feeds/cong/tin-tuc.rss", {"Accept-Encoding": coding})
        assert headers["content-encoding"] == coding
        assert name.with_name(name.name + ending).read_bytes() == body


def test_everything_is_there(running) -> None:
    """Every channel in every format and as a page, its older pages and archives, each item, the list, the home page."""
    addresses = set(exported(running.folder))
    channels = ["cong", "le-hoi", *(f"cong/{slug}" for slug in CATEGORIES)]
    wanted = {"/", "/opml", *(f"/feeds/{path}{end}" for path in channels for end in ("", ".rss", ".atom", ".json"))}
    for ending in FORMATS:
        wanted |= {f"/feeds/cong.{ending}?{older}" for older in ("page=2", "before=51", "before=101")}
    items = json.loads((running.folder / "feeds" / "cong.json").read_text("utf-8"))["items"]
    assert items
    assert wanted | {f"/items/{number}" for number in range(1, 101)} <= addresses
    assert not {"/status", "/status.json", "/hub", "/healthz"} & addresses


def test_nothing_else_is_there(running) -> None:
    """No file stands there that belongs to no address, and none that is half done."""
    told = {name for names in exported(running.folder).values() for name in names}
    there = {str(path.relative_to(running.folder)) for path in running.folder.rglob("*") if path.is_file()}
    assert there == told | OURS


def test_archives_can_be_followed_in_the_files(running) -> None:
    """Every link of a document to an older one leads to a file, from the newest document to the first archive."""
    files = exported(running.folder)
    for ending in FORMATS:
        text = b"".join(
            (running.folder / names[0]).read_bytes() for address, names in files.items() if f".{ending}?" in address
        ).decode()
        for older in ("before=51", "page=3"):
            assert f"{running.base}/feeds/cong.{ending}?{older}" in text, (ending, older)

"""Exporting again and again: what is touched, what is removed, what is refused."""

import errno
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import request
from loopback import until

from feedsvc.dropped import address_of
from feedsvc.errors import FeedsvcError, RenderError
from feedsvc.export import export
from feedsvc.export.folder import fault, open_folder
from feedsvc.model import MediaObject

TEXT = "feeds/suoi-bac/tin-tuc.rss"


def test_nothing_new_touches_nothing_and_renders_nothing(town) -> None:
    """A second export leaves inode and time of every file, and asks for no document."""
    town.poll("tin-tuc", *range(1, 56))
    first = town.export()
    before = town.files()
    assert sorted(first.written) == sorted(before)
    app = town.app()
    from_start = app.extensions["feedsvc.documents"].tally().rendered
    again = export(app, town.service, town.out)
    assert (again.written, again.removed, again.stayed) == ([], [], len(before))
    assert town.files() == before
    assert app.extensions["feedsvc.documents"].tally().rendered == from_start == 0


def test_asked_for_all_it_still_touches_only_what_differs(town) -> None:
    """`--all` renders everything anew, and equal bytes stay where they are."""
    town.poll("tin-tuc", 1, 2)
    town.export()
    before = town.files()
    assert town.export(everything=True).written == []
    assert town.files() == before


def test_a_change_touches_exactly_what_shows_it(town) -> None:
    """A corrected article is written into its page and its feeds; the other category and other articles stay."""
    town.poll("tin-tuc", 1, 2)
    town.poll("thong-bao", 3)
    town.export()
    before = town.files()
    old = town.service.item(1)
    town.poll("tin-tuc", changed=(replace(old, title="Chợ phiên dời sang thứ Bảy", revision=2, fingerprint="x"),))
    done = town.export()
    after = town.files()
    moved = {name for name in before if before[name] != after[name]}
    assert set(done.written) == moved
    plain = {name for name in moved if not name.endswith((".gz", ".br"))}
    assert plain >= {f"feeds/suoi-bac{path}.{form}" for path in ("", "/tin-tuc") for form in ("rss", "atom", "json")}
    assert {"items/1.html", "index.html"} <= plain
    assert not {name for name in plain if "thong-bao" in name or name in {"items/2.html", "items/3.html"}}
    assert "Chợ phiên dời sang thứ Bảy" in (town.out / TEXT).read_text("utf-8")


def test_full_archives_are_not_written_again(town) -> None:
    """News that arrives leaves a full archive alone."""
    town.poll("tin-tuc", *range(1, 56))
    town.export()
    before = town.files()
    town.poll("tin-tuc", *range(56, 60))
    town.export()
    after = town.files()
    archives = {name for name in before if ".before-51." in name}
    assert len(archives) >= 9
    assert {name: after[name] for name in archives} == {name: before[name] for name in archives}


def test_what_was_spoiled_is_mended(town) -> None:
    """A file that somebody changed or deleted is written again, although nothing new came."""
    town.poll("tin-tuc", 1)
    town.export()
    good = (town.out / TEXT).read_bytes()
    (town.out / TEXT).write_bytes(b"")
    (town.out / "index.html.gz").unlink()
    assert sorted(town.export().written) == sorted([TEXT, "index.html.gz"])
    assert (town.out / TEXT).read_bytes() == good


def test_a_feed_that_left_is_removed_and_nothing_else(town) -> None:
    """Files of a category that is gone are deleted with their folder; what others put there stays."""
    town.poll("tin-tuc", 1)
    town.export()
    (town.out / "robots.txt").write_text("User-agent: *\n", "utf-8")
    (town.out / "feeds" / "suoi-bac" / "mine.txt").write_text("mine", "utf-8")
    text = (town.folder / "config.toml").read_text("utf-8")
    town.open(text.partition('  [[source.category]]\n  slug = "thong-bao"')[0])
    done = town.export()
    assert {f"feeds/suoi-bac/thong-bao.{form}" for form in ("rss", "atom", "json", "html")} <= set(done.removed)
    assert not list(town.out.rglob("thong-bao*"))
    assert (town.out / "robots.txt").exists()
    assert (town.out / "feeds" / "suoi-bac" / "mine.txt").exists()
    town.open('[[source]]\nslug = "khac"\ntitle = "Khác"\nhome = "https://khac.example.org/"\n')
    town.export()
    assert (town.out / "feeds" / "suoi-bac").exists()  # with what is not ours
    assert not (town.out / "items").exists()


def test_times_are_those_of_the_content(town) -> None:
    """A document's file carries the time of its last change, as Last-Modified tells it."""
    town.poll("tin-tuc", 1)
    town.export()
    answer = town.app().test_client().get("/feeds/suoi-bac/tin-tuc.rss")
    assert answer.last_modified.timestamp() == (town.out / TEXT).stat().st_mtime


def test_equal_sizes_within_a_second_get_another_time(tmp_path: Path) -> None:
    """Two contents of one size never have one time, as servers make validators of both."""
    with open_folder(tmp_path) as folder:
        folder.stage("a", b"one ", 1_000_000)
        folder.publish()
        folder.stage("a", b"two ", 1_000_000)
        folder.publish()
        first = (tmp_path / "a").stat().st_mtime
        folder.stage("a", b"six ", 1_000_000)
        folder.publish()
    assert (first, (tmp_path / "a").stat().st_mtime) == (1_000_001, 1_000_002)


def test_a_document_that_fails_keeps_its_last_good_file(town, monkeypatch) -> None:
    """What the service cannot answer is told with its reason, and its files stay."""
    town.poll("tin-tuc", 1)
    town.export()
    good = (town.out / TEXT).read_bytes()
    town.poll("tin-tuc", 2)
    whole = town.service.publication.document

    def document(path, format, *choice):  # noqa: A002
        if (path, format) == ("suoi-bac/tin-tuc", "rss"):
            raise RenderError("two items have one id")
        return whole(path, format, *choice)

    monkeypatch.setattr(town.service.publication, "document", document)
    done = town.export()
    assert done.faults == [("/feeds/suoi-bac/tin-tuc.rss", "two items have one id")]
    assert (town.out / TEXT).read_bytes() == good
    monkeypatch.undo()
    assert TEXT in town.export().written


def test_a_file_of_somebody_else_is_never_overwritten(town) -> None:
    """Where a strange file stands in the way nothing at all is written, and it is named."""
    town.poll("tin-tuc", 1)
    (town.out / "feeds").mkdir(parents=True)
    (town.out / "feeds" / "suoi-bac.rss").write_text("mine", "utf-8")
    with pytest.raises(FeedsvcError, match=r"suoi-bac\.rss was not written by an export"):
        town.export()
    assert [str(one.relative_to(town.out)) for one in town.out.rglob("*") if one.is_file()] == [
        ".feedsvc-export.lock", "feeds/suoi-bac.rss",
    ]  # fmt: skip


def test_files_without_a_memory_are_adopted(town) -> None:
    """An export whose memory was lost goes on over its own files, as their bytes are the same."""
    town.poll("tin-tuc", 1)
    town.export()
    before = town.files()
    (town.out / ".feedsvc-export.json").unlink()
    assert (town.export().written, town.files()) == ([], before)


def test_an_unreadable_memory_is_told(town) -> None:
    """Nothing is guessed about whose files are whose."""
    town.poll("tin-tuc", 1)
    town.export()
    for text in (b"{", b"[]", b'{"form":1,"places":{"/":{}},"maker":""}'):
        (town.out / ".feedsvc-export.json").write_bytes(text)
        with pytest.raises(FeedsvcError, match="it is not known which files are ours"):
            town.export()


@contextmanager
def largest_file(size: int):
    """No file of this process may grow beyond `size` bytes: a write then fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_that_fails_leaves_what_was_there(town) -> None:
    """When the disk takes no more, the export before stands whole, nothing half-written lies about, and it is told."""
    town.poll("tin-tuc", *range(1, 30))
    town.export()
    before, good = town.files(), (town.out / TEXT).read_bytes()
    town.poll("tin-tuc", *range(30, 60))
    with largest_file(20_000), pytest.raises(FeedsvcError, match="cannot be written: File too large"):
        town.export()
    assert (town.files(), (town.out / TEXT).read_bytes()) == (before, good)
    assert not (town.out / ".feedsvc-export.new").exists()
    assert TEXT in town.export().written


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("ENOSPC", "no room left on the disk for /srv/feeds; what was exported before is still whole; make room"),
        ("EDQUOT", "no room left on the disk"),
        ("EACCES", "/srv/feeds/a may not be written"),
        ("EROFS", "name another folder"),
        ("EISDIR", "stands where the export needs a folder or a file of its own; move it away"),
        ("EXDEV", "export into a folder that is on one disk"),
    ],
)
def test_faults_say_what_where_and_what_to_do(number: str, told: str) -> None:
    """Every fault of the disk becomes a sentence."""
    error = OSError(getattr(errno, number), os.strerror(getattr(errno, number)), "/srv/feeds/a")
    assert told in str(fault(Path("/srv/feeds"), error))


def test_a_folder_in_the_way_is_told(town) -> None:
    """A folder where a file must stand ends the export with a sentence."""
    town.poll("tin-tuc", 1)
    (town.out / "opml.opml").mkdir(parents=True)
    with pytest.raises(FeedsvcError, match=r"opml\.opml"):
        town.export()


def test_one_export_at_a_time(town, feedsvc) -> None:
    """While another process exports into the folder, this one refuses and names it; a dead one's lock holds nobody."""
    town.poll("tin-tuc", 1)
    with open_folder(town.out):
        done = feedsvc("export", "out")
        assert (done.returncode, f"process {os.getpid()} is exporting into out" in done.stderr) == (1, True)
    (town.out / ".feedsvc-export.lock").write_text("4194000\n", "ascii")
    assert feedsvc("export", "out").returncode == 0


def test_a_killed_export_leaves_a_whole_folder(town) -> None:
    """An export that is killed while it writes has changed nothing, and the next one sweeps up after it."""
    town.poll("tin-tuc", 1)
    town.export()
    before = town.files()
    town.poll("tin-tuc", *range(2, 100))
    staging = town.out / ".feedsvc-export.new"
    command = [sys.executable, "-m", "feedsvc", "--config", str(town.folder / "config.toml"), "export", str(town.out)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(lambda: staging.is_dir() and len(list(staging.iterdir())) > 3, 60, "files are staged")
        process.send_signal(signal.SIGKILL)
    assert town.files() == before
    assert town.export().written
    assert not staging.exists()


def test_the_command_tells_what_it_did(town, feedsvc) -> None:
    """One line says how many files were written, removed and left; with --list each is named; a file is no DIR."""
    town.poll("tin-tuc", 1)
    done = feedsvc("export", "out", "--list")
    assert (done.returncode, done.stderr) == (0, "")
    *names, last = done.stdout.splitlines()
    assert f"written  {TEXT}" in names
    assert last == f"out: written {len(names)}, removed 0, unchanged 0 files"
    assert feedsvc("export", "out").stdout == f"out: written 0, removed 0, unchanged {len(names)} files\n"
    done = feedsvc("export", "config.toml")
    assert (done.returncode, "config.toml is a file; name a folder" in done.stderr) == (2, True)


def test_no_rights_are_told(feedsvc, town) -> None:
    """Where nobody may write, the folder is named and what to do."""
    done = feedsvc("export", "/sys/feedsvc")
    assert (done.returncode, "/sys/feedsvc may not be written" in done.stderr) == (1, True)


def test_the_memory_is_small_and_hidden(town) -> None:
    """What is remembered is one hidden JSON file."""
    town.poll("tin-tuc", 1)
    town.export()
    told = json.loads((town.out / ".feedsvc-export.json").read_text("utf-8"))
    assert told["places"]["/feeds/suoi-bac/tin-tuc.rss"]["files"][TEXT][0] == (town.out / TEXT).stat().st_size


def test_what_comes_later_is_exported_then(town) -> None:
    """An address that was linked before there was anything is looked for again when news arrives."""
    town.poll("tin-tuc", 1)
    told = replace(
        town.store.item(1), html='<p><a href="https://feeds.example.org/items/2">Bài sau</a></p>', revision=2
    )
    town.poll("tin-tuc", changed=(replace(told, fingerprint="x"),))
    town.export()
    assert not (town.out / "items" / "2.html").exists()
    town.poll("thong-bao", 2)
    town.export()
    assert (town.out / "items" / "2.html").exists()


def test_the_command_tells_what_failed(town, feedsvc) -> None:
    """A feed that is not sound is named with its reason on standard error, the rest is written, and the exit code is 1."""
    town.poll("tin-tuc", 1)
    town.poll("thong-bao", 2)
    feedsvc("export", "out")
    with closing(sqlite3.connect(town.folder / "feedsvc.db")) as database, database:
        database.execute("UPDATE items SET shown = '2999-01-01 00:00:00.000000' WHERE number = 1")
    done = feedsvc("export", "--all", "out")
    assert done.returncode == 1
    told = done.stderr.splitlines()
    assert any(
        "/feeds/suoi-bac/tin-tuc.rss: " in line and "what was exported of it before stays" in line for line in told
    )
    assert not any("thong-bao" in line for line in told)
    assert (town.out / TEXT).exists()


def test_a_name_that_no_file_can_have_is_left_out(town, feedsvc) -> None:
    """A dropped document whose name is too long for a file of ours is told, and the rest is written."""
    town.poll("tin-tuc", 1)
    name = f"{'a' * 246}.pdf"
    (town.folder / "inbox").mkdir()
    (town.folder / "inbox" / name).write_bytes(b"%PDF-1.4")
    file = MediaObject(url=address_of(f"inbox/{name}"), kind="document", mime="application/pdf", length=8, title=name)
    told = replace(town.store.item(1), media=(file,), keys=(f"doc:inbox/{name}",), revision=2, fingerprint="x")
    town.poll("tin-tuc", changed=(told,))
    done = feedsvc("export", "out")
    assert (done.returncode, f"{name}: left out" in done.stderr) == (0, True)
    assert (town.out / TEXT).exists()


def test_progress_is_told(town) -> None:
    """Whoever looks on learns how many addresses are done, of how many that are known by then."""
    town.poll("tin-tuc", 1)
    steps = []
    town.export(progress=lambda what, done, total: steps.append((what, done, total)))
    assert steps[-1] == ("addresses", len(steps), len(steps))
    assert all(done <= total for _, done, total in steps)


def test_news_makes_no_old_page_and_no_full_archive_anew(town, monkeypatch) -> None:
    """When an article arrives, pages of other articles and full archives are not even made again."""
    town.poll("tin-tuc", *range(1, 56))
    town.export()
    town.poll("tin-tuc", 56)
    pages, archives = [], []
    whole = town.service.publication.document

    def document(path, format, choice):  # noqa: A002
        archives.extend([choice.before] * bool(choice.before))
        return whole(path, format, choice)

    monkeypatch.setattr(town.service.publication, "document", document)
    app = town.app()
    app.before_request(lambda: pages.append(request.path))
    export(app, town.service, town.out)
    assert "/" in pages
    assert [path for path in pages if path.startswith("/items/")] == ["/items/56"]
    assert 51 not in archives

"""Files of copies: whole or not there, named by what they hold, and nobody else's touched."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.mirror import Folder

BODY = b"\xff\xd8\xff la dong" * 10
NAME = hashlib.sha256(BODY).hexdigest() + ".jpg"
LATER = datetime.now(UTC) + timedelta(hours=2)

TOO_SMALL_A_DISK = """
import resource, sys
from pathlib import Path
from feedsvc.mirror import Folder
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    Folder(Path(sys.argv[1])).keep(bytes(5000), "image/jpeg")
except OSError as error:
    print(error.strerror)
"""


@pytest.fixture
def folder(tmp_path):
    """A folder that is still to be made."""
    return Folder(tmp_path / "media")


def files(folder):
    """Paths below a folder."""
    return sorted(str(one.relative_to(folder.root)) for one in folder.root.rglob("*") if one.is_file())


def test_a_file_is_named_by_its_bytes(folder):
    """Name and place follow from the content; others may read it, a web server among them."""
    assert folder.keep(BODY, "image/jpeg") == NAME
    assert files(folder) == [f"{NAME[:2]}/{NAME[2:4]}/{NAME}"]
    assert folder.place(NAME).read_bytes() == BODY
    assert folder.place(NAME).stat().st_mode & 0o777 == 0o644


def test_the_same_bytes_are_one_file(folder):
    """Kept again a file is only touched, so that it is not swept as an old one."""
    folder.keep(BODY, "image/jpeg")
    os.utime(folder.place(NAME), (0, 0))
    assert folder.keep(BODY, "image/jpeg") == NAME
    assert files(folder) == [f"{NAME[:2]}/{NAME[2:4]}/{NAME}"]
    assert folder.place(NAME).stat().st_mtime > 0


def test_half_a_file_is_made_whole(folder):
    """A file of the right name and the wrong length is written anew."""
    folder.keep(BODY, "image/jpeg")
    folder.place(NAME).write_bytes(BODY[:5])
    folder.keep(BODY, "image/jpeg")
    assert folder.place(NAME).read_bytes() == BODY


@pytest.mark.parametrize(
    "name", ["", "a.jpg", f"../{NAME}", f"{NAME}\n", NAME.upper(), f"{'0' * 64}.svg", "/etc/passwd"]
)
def test_no_other_name_has_a_place(folder, name):
    """Only names that the folder gave lead to a path."""
    with pytest.raises(ValueError):
        folder.place(name)


@pytest.mark.skipif(sys.platform == "win32", reason="sizes of files are limited by POSIX means")
def test_a_full_disk_leaves_nothing_behind(tmp_path):
    """A file that cannot be written whole is not there at all."""
    root = tmp_path / "media"
    done = subprocess.run(
        [sys.executable, "-c", TOO_SMALL_A_DISK, str(root)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "File too large"
    assert files(Folder(root)) == []


def test_sweeping_takes_what_nobody_knows(folder):
    """Old files without a name in the store go, what a killed process left among them; known and young ones stay."""
    folder.keep(BODY, "image/jpeg")
    stray = folder.keep(b"\x89PNG", "image/png")
    part = folder.place(NAME).with_name(".tmp123.part")
    part.write_bytes(b"half")
    other = folder.place(NAME).with_name("ghi-chu.txt")
    other.write_bytes(b"mine")
    assert folder.sweep({NAME}, datetime.now(UTC) - timedelta(hours=1)) == 0
    assert folder.sweep({NAME}, LATER) == 2
    assert not folder.place(stray).exists()
    assert sorted(one.name for one in folder.place(NAME).parent.iterdir()) == sorted([NAME, "ghi-chu.txt"])


def test_there_need_be_no_folder(folder):
    """Nothing was ever copied: there is nothing to sweep."""
    assert folder.sweep(set(), LATER) == 0

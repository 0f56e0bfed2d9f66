"""No secret goes into a backup that was not asked to keep them, and what is left of the configuration still loads."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import tomllib

import pytest

from feedsvc.backup.secrets import without_secrets
from feedsvc.config import load_config
from feedsvc.store import open_store

PLANTED = ("geheim-am-admin", "geheim-der-datenbank", "geheim-im-relais", "geheim-adresse", "geheim-in-datei")
TEXT = """
[service]
title = "Tin thử"          # bình luận ở lại
database = "{database}"

[admin]
token = "geheim-am-admin"  # geheim-am-admin
# token = "geheim-am-admin-alt"

[[relay]]
name = "nhom"
kind = "webhook"
password = {{ file = "khoa.txt" }}
url = "https://hooks.example.net/geheim-adresse"
headers = {{ Authorization = "geheim-im-relais", Accept = "text/plain" }}
"""


@pytest.fixture
def home(tmp_path):
    """A folder with a configuration full of secrets and an empty database."""
    (tmp_path / "config.toml").write_text(TEXT.format(database="sqlite:///store.db"), "utf-8")
    (tmp_path / "khoa.txt").write_text("geheim-in-datei\n", "utf-8")
    open_store(f"sqlite:///{tmp_path / 'store.db'}").close()
    return tmp_path


def feedsvc(home, *words):
    """Runs a verb in the folder."""
    return subprocess.run(
        [sys.executable, "-m", "feedsvc", *words], cwd=home, check=False, capture_output=True, text=True
    )


def test_no_planted_secret_is_in_a_backup_or_in_what_is_told(home):
    """Not one byte of a secret is in the file, in its configuration, or in the words of `backup` and `restore`."""
    said = feedsvc(home, "backup", "day.backup")
    back = feedsvc(home, "restore", "day.backup", "--config-to", "out")
    assert (said.returncode, back.returncode) == (0, 0)
    told = said.stdout + said.stderr + back.stdout + back.stderr
    held = (
        (home / "day.backup").read_bytes().decode("latin-1") + told + (home / "out" / "config.toml").read_text("utf-8")
    )
    assert [secret for secret in PLANTED if secret in held] == []
    for name in ("[admin] token", "[[relay]] url", "[[relay.headers]] Authorization", "the file khoa.txt"):
        assert name in told
    assert "bình luận ở lại" in (home / "out" / "config.toml").read_text("utf-8")


def test_asked_for_they_are_kept_and_come_back_for_their_owner_alone(home):
    """With --with-secrets the configuration comes back as it was, with the files that it names, mode 600."""
    feedsvc(home, "backup", "day.backup", "--with-secrets")
    feedsvc(home, "restore", "day.backup", "--config-to", "out")
    for name in ("config.toml", "khoa.txt"):
        assert (home / "out" / name).read_text("utf-8") == (home / name).read_text("utf-8")
        assert stat.S_IMODE((home / "out" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "day.backup").stat().st_mode) == 0o600


def test_what_is_left_loads_and_is_closed(tmp_path):
    """A configuration without its secrets is fine, admin is off, and the database's address has no password."""
    bare = without_secrets(TEXT.format(database="postgresql://feeds:geheim-der-datenbank@db/feeds?sslmode=require"))
    (tmp_path / "khoa.txt").write_text("x", "utf-8")
    (tmp_path / "config.toml").write_text(bare.text, "utf-8")
    config = load_config(tmp_path / "config.toml", {})
    assert config.database == "postgresql://feeds@db/feeds?sslmode=require"
    assert config.admin.token is None
    assert [secret for secret in PLANTED if secret in bare.text] == []
    assert tomllib.loads(bare.text)["relay"] == [
        {"name": "nhom", "kind": "webhook", "password": {"file": "khoa.txt"}, "headers": {"Accept": "text/plain"}}
    ]


def test_nothing_is_written_over_or_outside(home):
    """Taking the configuration out replaces no file and leaves the folder that was named for no name in a backup."""
    feedsvc(home, "backup", "day.backup", "--with-secrets")
    with sqlite3.connect(home / "day.backup") as db:
        db.execute("INSERT INTO backup_files VALUES ('../ngoai.txt', 'x', 1), ('/tmp/ngoai-feedsvc.txt', 'x', 1)")
    db.close()
    (home / "out").mkdir()
    (home / "out" / "config.toml").write_text("# cũ\n", "utf-8")
    said = feedsvc(home, "restore", "day.backup", "--config-to", "out")
    assert (home / "out" / "config.toml").read_text("utf-8") == "# cũ\n"
    assert sorted(path.name for path in (home / "out").iterdir()) == ["config.toml", "khoa.txt"]
    assert not (home / "ngoai.txt").exists()
    assert said.stderr.count("not written") == 3

"""Programs that people read feeds with, reading the golden feeds over HTTP."""

from __future__ import annotations

import mailbox
import os
import shutil
import sqlite3
import subprocess
import threading
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent.parent / "golden"
NAMES = sorted(path.name for path in GOLDEN.glob("*.xml"))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing: the tests look at what readers made of the answers."""


@pytest.fixture(scope="module")
def address():
    """The golden feeds, served on a port of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(GOLDEN))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def program(name: str) -> str:
    """The path of a reader; without it the test is skipped, where CI=true it fails."""
    path = shutil.which(name)
    if path is None:
        assert os.environ.get("CI") != "true", f"{name} is missing: apt-get install it"
        pytest.skip(f"{name} is not installed")
    return path


def run(home: Path, *command: str) -> None:
    """Runs a reader at home in `home`, away from anybody's own settings."""
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_newsboat(name, address, cases, tmp_path):
    """In newsboat stands every item with its id, title and address, and plays the film of a video item."""
    newsboat = program("newsboat")
    (tmp_path / "urls").write_text(f"{address}/{name}\n")
    (tmp_path / "config").write_text("")
    run(tmp_path, newsboat, "-u", "urls", "-C", "config", "-c", "cache.db", "-x", "reload")
    with closing(sqlite3.connect(tmp_path / "cache.db")) as cache:
        rows = cache.execute("SELECT guid, title, url, enclosure_url, pubDate FROM rss_item").fetchall()
    case = name.partition(".")[0]
    items = {item.id: item for item in cases[case]}
    assert {row[0] for row in rows} == set(items)
    for guid, title, url, enclosure, published in rows:
        assert title
        assert url.startswith("https://")
        assert published == int(items[guid].shown.timestamp())
        assert case != "film" or enclosure.endswith(".mp4")


@pytest.mark.parametrize("name", NAMES)
def test_rss2email(name, address, cases, tmp_path):
    """Through rss2email goes one message of every item, under the item's id, with its address."""
    r2e = program("r2e")
    mail = tmp_path / "mail"
    mail.mkdir()
    (tmp_path / "r2e.cfg").write_text(
        "[DEFAULT]\nfrom = feeds@example.org\nto = reader@example.org\nforce-from = False\nemail-protocol = maildir\n"
        f"maildir-path = {mail}\nmaildir-mailbox = Tin\n"
    )
    own = (r2e, "-c", "r2e.cfg", "-d", "data.json")
    run(tmp_path, *own, "add", "golden", f"{address}/{name}")
    run(tmp_path, *own, "run")
    with closing(mailbox.Maildir(mail / "Tin")) as box:
        messages = list(box)
    assert {message["X-RSS-ID"] for message in messages} == {item.id for item in cases[name.partition(".")[0]]}
    assert all(message["X-RSS-URL"].startswith("https://") for message in messages)

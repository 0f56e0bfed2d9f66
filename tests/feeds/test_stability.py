"""Equal items give equal bytes: in threads, in another locale, zone and process, at any time."""

from __future__ import annotations

import hashlib
import locale
import os
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from feedsvc.feeds import render

CHILD = """
import hashlib, locale, pickle, sys
locale.setlocale(locale.LC_ALL, "")
from feedsvc.feeds import render
before = locale.setlocale(locale.LC_ALL)
for kind, feed in pickle.load(sys.stdin.buffer):
    print(hashlib.sha256(render(feed, kind).body).hexdigest())
assert locale.setlocale(locale.LC_ALL) == before
"""


def test_threads(kind, cases, golden_of):
    """Eight threads that render at once, each case several times, write the bytes that one writes."""
    feeds = [golden_of(name, kind) for name in cases] * 8
    alone = [render(feed, kind).body for feed in feeds]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda feed: render(feed, kind).body, feeds)) == alone


def test_another_locale_zone_and_process(cases, golden_of, tmp_path):
    """A process that speaks Vietnamese, or as near as this machine can, in another zone, writes the same bytes."""
    feeds = [(kind, golden_of(name, kind)) for kind in ("rss", "atom", "json") for name in cases]
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=pickle.dumps(feeds),
        env={**os.environ, **_vietnamese(tmp_path), "TZ": "America/St_Johns", "PYTHONHASHSEED": "17"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().split() == [hashlib.sha256(render(feed, kind).body).hexdigest() for kind, feed in feeds]


def _vietnamese(folder) -> dict[str, str]:
    """The environment of a Vietnamese locale, built here where the machine has its source."""
    localedef = shutil.which("localedef")
    command = [localedef or "", "-i", "vi_VN", "-f", "UTF-8", str(folder / "vi_VN.UTF-8")]
    if localedef and subprocess.run(command, capture_output=True, check=False).returncode == 0:
        return {"LOCPATH": str(folder), "LC_ALL": "vi_VN.UTF-8"}
    return {"LC_ALL": "C.UTF-8"}


def test_locale_is_never_touched(kind, cases, golden_of, monkeypatch):
    """Rendering does not call setlocale, which would change the whole process under other threads' feet."""

    def touched(*_: object) -> None:
        pytest.fail("setlocale was called")

    monkeypatch.setattr(locale, "setlocale", touched)
    for name in cases:
        assert render(golden_of(name, kind), kind).body


def test_a_neighbour_changes_nothing_in_an_entry(cases, feed_of, make_article):
    """What an Atom document says of an item does not depend on the items beside it."""
    first, second = cases["merged"]
    newer = make_article(0)
    both = render(feed_of((first, second), "atom"), "atom").body
    three = render(feed_of((newer, first, second), "atom"), "atom").body
    entries = both[both.index(b"<entry>") :]
    assert three.endswith(entries)

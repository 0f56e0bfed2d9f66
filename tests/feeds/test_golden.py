"""Whole documents, byte for byte, and read back by feedparser.

After a wanted change: `WRITE_GOLDEN=1 pytest tests/feeds/test_golden.py`, then read the difference before committing it.
"""

from __future__ import annotations

import os
from pathlib import Path

import feedparser
import pytest

from feedsvc.feeds import render
from feedsvc.feeds.proof import prove

GOLDEN = Path(__file__).parent.parent / "golden"
ENDING = {"rss": "rss.xml", "atom": "atom.xml", "json": "json"}
NAMES = ["plain", "pictures", "film", "youtube", "documents", "undated", "corrected", "hostile", "merged"]


@pytest.mark.parametrize("name", NAMES)
def test_bytes(name, kind, cases, feed_of):
    """A document of known items is what a person once read and approved, to the byte."""
    body = render(feed_of(cases[name], kind), kind).body
    golden = GOLDEN / f"{name}.{ENDING[kind]}"
    if "WRITE_GOLDEN" in os.environ:
        golden.write_bytes(body)
    assert body.decode() == golden.read_bytes().decode()


def test_every_case_has_its_golden_files(cases):
    """No case is without its three files, and no file without a case."""
    assert set(NAMES) == set(cases)
    expected = {f"{name}.{ending}" for name in NAMES for ending in ENDING.values()}
    assert {path.name for path in GOLDEN.iterdir()} == expected


@pytest.mark.parametrize("name", NAMES)
def test_sound(name, kind, cases, feed_of):
    """Every golden document passes the proof that stands before publishing, with none of its items left out."""
    feed = feed_of(cases[name], kind)
    rendered = render(feed, kind)
    prove(feed, rendered, kind)
    assert rendered.left_out == ()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_feedparser_reads_back(name, kind, cases, feed_of):
    """Read by feedparser: it finds nothing odd, and for every item its id, link, title, date and author."""
    parsed = feedparser.parse(render(feed_of(cases[name], kind), kind).body)
    assert not parsed.bozo
    assert parsed.version == {"rss": "rss20", "atom": "atom10"}[kind]
    assert parsed.feed.language == "vi"
    assert [entry.id for entry in parsed.entries] == [item.id for item in cases[name]]
    for entry, item in zip(parsed.entries, cases[name], strict=True):
        assert entry.title
        assert entry.link.startswith("https://")
        assert tuple(entry.published_parsed) == tuple(item.shown.utctimetuple())
        assert tuple(entry.updated_parsed) == tuple(item.updated.utctimetuple())
        assert "author" in entry or not item.authors

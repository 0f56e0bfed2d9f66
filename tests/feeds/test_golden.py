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


def test_bytes(case, kind, golden_of):
    """A document of known items is what a person once read and approved, to the byte."""
    body = render(golden_of(case, kind), kind).body
    golden = GOLDEN / f"{case}.{ENDING[kind]}"
    if "WRITE_GOLDEN" in os.environ:
        golden.write_bytes(body)
    assert body.decode() == golden.read_bytes().decode()


def test_every_case_has_its_golden_files(cases):
    """No case is without its three files, and no file without a case."""
    expected = {f"{name}.{ending}" for name in cases for ending in ENDING.values()}
    assert {path.name for path in GOLDEN.iterdir()} == expected


def test_sound(case, kind, golden_of):
    """Every golden document passes the proof that stands before publishing, with none of its items left out."""
    feed = golden_of(case, kind)
    rendered = render(feed, kind)
    prove(feed, rendered, kind)
    assert rendered.left_out == ()


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_feedparser_reads_back(case, kind, cases, golden_of):
    """Read by feedparser: it finds nothing odd, and for every item its id, link, title, date and author."""
    parsed = feedparser.parse(render(golden_of(case, kind), kind).body)
    assert not parsed.bozo
    assert parsed.version == {"rss": "rss20", "atom": "atom10"}[kind]
    assert parsed.feed.language == "vi"
    assert [entry.id for entry in parsed.entries] == [item.id for item in cases[case]]
    for entry, item in zip(parsed.entries, cases[case], strict=True):
        assert entry.title
        assert entry.link.startswith("https://")
        assert tuple(entry.published_parsed) == tuple(item.shown.utctimetuple())
        assert tuple(entry.updated_parsed) == tuple(item.updated.utctimetuple())
        assert "author" in entry or not item.authors

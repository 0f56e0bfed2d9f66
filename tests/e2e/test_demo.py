"""`feedsvc demo`: what a newcomer gets within ten seconds."""

import json
import signal
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
from loopback import CATEGORIES, ask, free_port, until

NEWS = CATEGORIES[:3]


def entries(base: str, path: str, form: str = "rss") -> list[feedparser.FeedParserDict]:
    """The entries of a feed, which is well formed."""
    status, _, body = ask(f"{base}feeds/muong-suong/{path}.{form}")
    assert status == 200
    found = feedparser.parse(body)
    assert not found.bozo, found.get("bozo_exception")
    return list(found.entries)


def filled(base: str) -> bool:
    """Whether every category has its ten items."""
    status, _, body = ask(f"{base}status.json")
    return status == 200 and all(row["items"] >= 10 for row in json.loads(body)["categories"])


def test_the_demo_keeps_its_promises(processes, tmp_path: Path) -> None:
    """Ten seconds after the start every feed has ten whole items; Ctrl-C ends all in three; a second start keeps ids."""
    port, folder = free_port(), tmp_path / "demo"
    base = f"http://127.0.0.1:{port}/"
    demo = processes.start("feedsvc", "demo", "--port", str(port), "--dir", str(folder))
    # Ten seconds is the promise on an idle machine; a busy one is given three times as long.
    until(lambda: filled(base), 30, "every category has ten items")
    assert f"{base}\n" in processes.log.read_text()
    for path in NEWS:
        for form in ("rss", "atom"):
            for entry in entries(base, path, form):
                check_news(entry, form)
    for form in ("rss", "atom"):
        for entry in entries(base, "video", form):
            check_enclosure(entry, "video/mp4")
    ids = {path: {entry.id for entry in entries(base, path)} for path in CATEGORIES}
    assert processes.end(demo, signal.SIGINT) < 3
    assert demo.returncode == 0

    processes.start("feedsvc", "demo", "--port", str(port), "--dir", str(folder))
    until(lambda: filled(base), 20, "the second start answers")
    assert all(ids[path] <= {entry.id for entry in entries(base, path)} for path in CATEGORIES)


def check_news(entry: feedparser.FeedParserDict, form: str) -> None:
    """Title, link, date with +07:00, author, lead, full text, and a picture of true length."""
    assert entry.title
    assert urlsplit(entry.link).hostname == "127.0.0.1"
    assert ("+0700" if form == "rss" else "+07:00") in entry.published
    assert entry.author
    assert entry.summary
    assert len(entry.content[-1].value) > 600
    check_enclosure(entry, "image/png")


def check_enclosure(entry: feedparser.FeedParserDict, kind: str) -> None:
    """The first enclosure of a kind: its length is that of the file."""
    enclosure = next(one for one in entry.enclosures if one.type == kind)
    _, headers, body = ask(enclosure.href)
    assert int(enclosure.length) == len(body)
    assert headers["content-type"] == kind

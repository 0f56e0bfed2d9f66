"""Programs and libraries that people read feeds with, each asked what it sees in a feed: one shape for all of them."""

from __future__ import annotations

import json
import mailbox
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from types import MappingProxyType

import atoma
import fastfeedparser
import feedparser
import feedparser_sgmllib

# reader brings a copy of feedparser that still asks for this module by its old name.
sys.modules.setdefault("sgmllib", feedparser_sgmllib)
import reader  # noqa: E402 - after the name it needs

HERE = Path(__file__).parent
PATIENCE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An item as a reader shows it; "" and None where it shows nothing."""

    id: str
    title: str
    link: str
    date: datetime | None
    author: str
    enclosures: tuple[str, ...]


Documents = Mapping[str, bytes]
"""Bytes of feed documents by their addresses, at which a server answers them too."""
Found = dict[str, list[Seen]]


class Missing(Exception):  # noqa: N818 - what it says
    """A reader that is not installed here, with what to install."""


def read_feedparser(documents: Documents, _home: Path) -> Found:
    """Feedparser (Python)."""
    return {
        url: [
            Seen(
                id=entry.get("id", ""),
                title=entry.get("title", ""),
                link=entry.get("link", ""),
                date=datetime(*entry.published_parsed[:6], tzinfo=UTC) if entry.get("published_parsed") else None,
                author=", ".join(one.get("name", "") for one in entry.get("authors", [])),
                enclosures=tuple(one.href for one in entry.get("enclosures", [])),
            )
            for entry in feedparser.parse(body).entries
        ]
        for url, body in documents.items()
    }


def read_reader(documents: Documents, _home: Path) -> Found:
    """Reader (Python), which asks the server itself."""
    with closing(reader.make_reader(":memory:", feed_root=None)) as library:
        for url in documents:
            library.add_feed(url)
        library.update_feeds()
        return {
            url: [
                Seen(
                    id=entry.id,
                    title=entry.title or "",
                    link=entry.link or "",
                    date=entry.published,
                    author=entry.authors_str or "",
                    enclosures=tuple(one.href for one in entry.enclosures),
                )
                for entry in library.get_entries(feed=url)
            ]
            for url in documents
        }


def read_fastfeedparser(documents: Documents, _home: Path) -> Found:
    """Fastfeedparser (Python)."""
    return {
        url: [
            Seen(
                id=entry.get("id", ""),
                title=entry.get("title", ""),
                link=entry.get("link", ""),
                date=datetime.fromisoformat(entry["published"]) if entry.get("published") else None,
                author=entry.get("author", ""),
                enclosures=tuple(one["url"] for one in entry.get("enclosures", [])),
            )
            for entry in fastfeedparser.parse(body)["entries"]
        ]
        for url, body in documents.items()
    }


def read_atoma(documents: Documents, _home: Path) -> Found:
    """Atoma (Python)."""
    return {url: _atoma(url, body) for url, body in documents.items()}


def _atoma(url: str, body: bytes) -> list[Seen]:
    if url.endswith(".atom"):
        return [
            Seen(
                id=entry.id_,
                title=entry.title.value,
                link=next((one.href for one in entry.links if one.rel == "alternate"), ""),
                date=entry.published,
                author=next((one.name for one in entry.authors), ""),
                enclosures=tuple(one.href for one in entry.links if one.rel == "enclosure"),
            )
            for entry in atoma.parse_atom_bytes(body).entries
        ]
    if url.endswith(".json"):
        return [
            Seen(
                id=item.id_,
                title=item.title or "",
                link=item.url or "",
                date=item.date_published,
                author=item.author.name if item.author else "",
                enclosures=tuple(one.url for one in item.attachments),
            )
            for item in atoma.parse_json_feed_bytes(body).items
        ]
    return [
        Seen(
            id=item.guid or "",
            title=item.title or "",
            link=item.link or "",
            date=item.pub_date,
            author=item.author or "",
            enclosures=tuple(one.url for one in item.enclosures),
        )
        for item in atoma.parse_rss_bytes(body).items
    ]


def npm(name: str) -> Callable[[Documents, Path], Found]:
    """A parser of the npm world, run by read.mjs."""

    def read(documents: Documents, _home: Path) -> Found:
        if not (HERE / "node_modules").is_dir():
            raise Missing("make readers")
        given = json.dumps([{"url": url, "body": body.decode()} for url, body in documents.items()])
        told = _run([_node(), str(HERE / "read.mjs"), name], HERE, given=given)
        return {
            url: [
                Seen(**{**item, "date": _moment(item["date"]), "enclosures": tuple(item["enclosures"])})
                for item in items
            ]
            for url, items in json.loads(told).items()
        }

    return read


def read_newsboat(documents: Documents, home: Path) -> Found:
    """Newsboat (Debian), a cache for each feed: of two feeds with one item it would show it in one."""
    newsboat = _program("newsboat")
    found: Found = {}
    for number, url in enumerate(documents):
        box = home / str(number)
        box.mkdir()
        (box / "urls").write_text(f"{url}\n")
        (box / "config").write_text("")
        _run([newsboat, "-u", "urls", "-C", "config", "-c", "cache.db", "-x", "reload"], box)
        rows = _rows(
            box / "cache.db", "SELECT guid, title, url, pubDate, author, enclosure_url FROM rss_item ORDER BY id"
        )
        found[url] = [
            Seen(id=guid, title=title, link=link, date=_epoch(date), author=author, enclosures=_some(enclosure))
            for guid, title, link, date, author, enclosure in rows
        ]
    return found


def read_sfeed(documents: Documents, home: Path) -> Found:
    """Sfeed (Debian): lines of tab-separated fields."""
    sfeed = _program("sfeed")
    found: Found = {}
    for url, body in documents.items():
        lines = _run([sfeed], home, given=body.decode()).splitlines()
        fields = [(*line.split("\t"), *[""] * 9) for line in lines]
        found[url] = [
            Seen(id=f[5], title=f[1], link=f[2], date=_epoch(int(f[0] or 0)), author=f[6], enclosures=_some(f[7]))
            for f in fields
        ]
    return found


def read_rss2email(documents: Documents, home: Path) -> Found:
    """rss2email (Debian): a message of each item, into a mailbox of one's own for each feed."""
    r2e = _program("r2e")
    found: Found = {}
    for number, url in enumerate(documents):
        box = home / str(number)
        box.mkdir()
        (box / "r2e.cfg").write_text(
            "[DEFAULT]\nfrom = feeds@example.org\nto = reader@example.org\nforce-from = False\ndate-header = True\n"
            "date-header-order = issued\n"
            f"email-protocol = maildir\nmaildir-path = {box}\nmaildir-mailbox = Tin\n"
        )
        own = [r2e, "-c", "r2e.cfg", "-d", "data.json"]
        _run([*own, "add", "tin", url], box)
        _run([*own, "run"], box)
        with closing(mailbox.Maildir(box / "Tin")) as mails:
            found[url] = [_mail(message) for message in mails]
    return found


def _mail(message: mailbox.MaildirMessage) -> Seen:
    body = (message.get_payload(decode=True) or b"").decode("utf-8", "replace")
    told = re.findall(r"Enclosure:\s*(?:<a href=\")?([^\s\"<>]+)", body)
    return Seen(
        id=message["X-RSS-ID"],
        title=str(make_header(decode_header(message["Subject"]))),
        link=message["X-RSS-URL"],
        date=parsedate_to_datetime(message["Date"]).replace(tzinfo=UTC),
        author=parseaddr(str(make_header(decode_header(message["From"]))))[0],
        enclosures=tuple(told),
    )


def read_gpodder(documents: Documents, home: Path) -> Found:
    """Gpodder (Debian): a podcast client, which drops what it cannot play."""
    gpo = _program("gpo")
    where = {"GPODDER_HOME": str(home)}
    for url in documents:
        _run([gpo, "subscribe", url], home, environ=where)
    rows = _rows(
        home / "Database",
        "SELECT p.url, e.guid, e.title, e.link, e.published, e.url FROM episode e JOIN podcast p ON p.id = e.podcast_id",
    )
    return _grouped(
        documents,
        (
            (url, Seen(id=guid, title=title, link=link, date=_epoch(date), author="", enclosures=_some(medium)))
            for url, guid, title, link, date, medium in rows
        ),
    )


def read_liferea(documents: Documents, home: Path) -> Found:
    """Liferea (Debian): a desktop program, on a screen that nobody sees, until it has every feed."""
    liferea, xvfb, bus = _program("liferea"), _program("xvfb-run", "xvfb"), _program("dbus-run-session", "dbus")
    config = home / ".config" / "liferea"
    config.mkdir(parents=True)
    outlines = "".join(
        f'<outline title="{number}" text="{number}" type="rss" xmlUrl="{url}" updateInterval="1" id="f{number}"/>'
        for number, url in enumerate(documents)
    )
    (config / "feedlist.opml").write_text(
        f'<?xml version="1.0"?><opml version="1.0"><head><title>Tin</title></head><body>{outlines}</body></opml>'
    )
    command = [xvfb, "-a", bus, "--", liferea, "--mainwindow-state=hidden"]
    with subprocess.Popen(
        command, env=_environment(home), cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            return _liferea(documents, home / ".local" / "share" / "liferea" / "liferea.db")
        finally:
            os.killpg(process.pid, 15)
            process.wait(PATIENCE)


def _liferea(documents: Documents, database: Path) -> Found:
    """What is in its database once every item of every feed is there and nothing more comes, or patience ends.

    It stores item by item, and what belongs to one after it.
    """
    names = {f"f{number}": url for number, url in enumerate(documents)}
    given = {url: len(feedparser.parse(body).entries) for url, body in documents.items()}
    found: Found = {}
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        before = found
        if database.exists():
            found = _liferea_items(documents, names, database)
            if found == before and all(len(found[url]) >= given[url] for url in documents):
                return found
        time.sleep(0.2)
    return found


def _liferea_items(documents: Documents, names: Mapping[str, str], database: Path) -> Found:
    try:
        rows = _rows(database, "SELECT node_id, item_id, source_id, title, source, date FROM items")
        told = _rows(database, "SELECT item_id, key, value FROM metadata")
    except sqlite3.OperationalError:  # it is still making its tables
        return {url: [] for url in documents}
    values: dict[tuple[int, str], list[str]] = {}
    for item, key, value in told:
        values.setdefault((item, key), []).append(value)
    return _grouped(
        documents,
        (
            (
                names[node],
                Seen(
                    id=source_id,
                    title=title,
                    link=link,
                    date=_epoch(date),
                    author=next(iter(values.get((item, "author"), values.get((item, "creator"), []))), ""),
                    enclosures=tuple(
                        re.sub(r"^enc:\d*:[^:]*:\d*:", "", one) for one in values.get((item, "enclosure"), [])
                    ),
                ),
            )
            for node, item, source_id, title, link, date in rows
            if node in names
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A reader, the formats it knows, and what it does not show of an item in one of them, though the feed has it.

    With `films_only` it keeps enclosures that it can play; with `single_author_only` it takes several authors of an
    Atom entry for none, and names the feed's. With `pages` it follows `next` to older items by itself.
    """

    name: str
    read: Callable[[Documents, Path], Found]
    formats: tuple[str, ...] = ("rss", "atom")
    blind: Mapping[str, frozenset[str]] = field(default_factory=dict)
    films_only: bool = False
    single_author_only: bool = False
    pages: bool = False


def _blind(**formats: str) -> Mapping[str, frozenset[str]]:
    return MappingProxyType({name: frozenset(fields.split()) for name, fields in formats.items()})


ALL = ("rss", "atom", "json")
READERS: tuple[Reader, ...] = (
    Reader(name="feedparser", read=read_feedparser),
    Reader(name="reader", read=read_reader, formats=ALL),
    Reader(name="fastfeedparser", read=read_fastfeedparser, formats=ALL, blind=_blind(atom="enclosures")),
    Reader(name="atoma", read=read_atoma, formats=ALL, blind=_blind(rss="author", json="author")),
    Reader(name="rss-parser (npm)", read=npm("rss-parser"), blind=_blind(atom="enclosures")),
    Reader(name="feedparser (npm)", read=npm("feedparser"), single_author_only=True),
    Reader(name="@rowanmanning/feed-parser (npm)", read=npm("@rowanmanning/feed-parser")),
    Reader(name="feedsmith (npm)", read=npm("feedsmith"), formats=ALL),
    Reader(name="newsboat", read=read_newsboat, films_only=True),
    Reader(name="sfeed", read=read_sfeed),
    Reader(name="liferea", read=read_liferea),
    Reader(name="rss2email", read=read_rss2email),
    Reader(name="gpodder", read=read_gpodder, pages=True, blind=_blind(rss="author", atom="author")),
)


def _program(name: str, package: str = "") -> str:
    path = shutil.which(name)
    if path is None:
        raise Missing(f"apt-get install {package or {'r2e': 'rss2email', 'gpo': 'gpodder'}.get(name, name)}")
    return path


def _node() -> str:
    """Node.js as the Python environment brings it."""
    own = Path(sys.executable).with_name("node")
    return str(own) if own.exists() else _program("node", "nodejs")


def _environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _run(command: Sequence[str], home: Path, *, given: str = "", environ: Mapping[str, str] | None = None) -> str:
    """What a program prints; at home in `home`, away from anybody's own settings."""
    done = subprocess.run(
        command, env={**_environment(home), **(environ or {})}, cwd=home, input=given, capture_output=True, text=True,
        timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _rows(database: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        return opened.execute(query).fetchall()


def _grouped(documents: Documents, pairs) -> Found:
    found: Found = {url: [] for url in documents}
    for url, seen in pairs:
        found[url].append(seen)
    return found


def _some(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()


def _epoch(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

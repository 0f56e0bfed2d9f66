"""Documents dropped into a folder -> Item: .txt dumps of article pages, and saved .html pages.

Rules: reading.md 8 of the specification.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from html import escape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from feedsvc.errors import ExtractError
from feedsvc.extract.article import read_article
from feedsvc.extract.clean import sanitise
from feedsvc.extract.dates import When, read_date
from feedsvc.extract.dump import ADDRESS, read_dump
from feedsvc.extract.identity import fingerprint, weak_keys
from feedsvc.extract.page import decode
from feedsvc.model import Item, Page

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from feedsvc.model import Source

KINDS: Final = (".txt", ".html", ".htm")
"""Endings of the documents that can be read."""

CANONICAL: Final = re.compile(r"<link\b[^<>]{0,300}\brel\s*=\s*[\"']?canonical\b[^<>]{0,2000}>", re.IGNORECASE)
HREF: Final = re.compile(r"\bhref\s*=\s*[\"']?(https?://[^\s\"'<>]+)", re.IGNORECASE)
DAY_IN_NAME: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d)")
BINARY: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
BINARY_SHARE: Final = 0.1
VIETNAMESE: Final = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def read_document(name: str, body: bytes, source: Source, *, modified: datetime, now: datetime) -> Item:
    """Read one dropped document.

    `name` is its path relative to the folder of config.toml, `modified` the file's time, `now` our clock's (both
    aware). The item has no address of its own unless the text gives one; its keys are the name and the digest of the
    bytes. Without a date in the text, the day is that of the name, else of the file.
    Raises ExtractError when the kind is not read, or there is nothing in the document.
    """
    kind = PurePosixPath(name).suffix.lower()
    if kind not in KINDS:
        raise ExtractError(f"{name}: documents of this kind are not read; save it as one of {', '.join(KINDS)}")
    read = _read_dump if kind == ".txt" else _read_page
    item = read(name, body, source, now)
    if item.published is None:
        when = _day_of_file(name, modified, now, source.timezone)
        item = replace(item, published=when.moment, precision=when.precision)
    own = (f"doc:{name}", f"sha:{hashlib.sha256(body).hexdigest()}")
    return replace(item, keys=own + weak_keys(item.title, item.published, item.text, source.timezone))


def _read_page(name: str, body: bytes, source: Source, now: datetime) -> Item:
    """Read a saved article page; its address is the one that it names itself."""
    text, _ = decode(body, "text/html")
    head = CANONICAL.search(text)
    found = (HREF.search(head.group()) if head else None) or ADDRESS.search(text)
    address = found[1] if found else ""
    page = Page(url=address, final_url=address, status=200, body=body, content_type="text/html", fetched_at=now)
    item = read_article(page, source)
    return replace(item, url=address, title=item.title or PurePosixPath(name).stem)


def _read_dump(name: str, body: bytes, source: Source, now: datetime) -> Item:
    text, _ = decode(body, "")
    if len(BINARY.findall(text[:4096])) > BINARY_SHARE * len(text[:4096]):
        raise ExtractError(f"{name}: this is no text; save it as plain text in UTF-8")
    dump = read_dump(name, text, now, source.timezone)
    whole = "\n\n".join(dump.paragraphs)
    return Item(
        keys=(),
        source=source.slug,
        url=dump.url,
        title=dump.title,
        summary=dump.lead,
        html=sanitise("".join(f"<p>{escape(one, quote=False)}</p>" for one in dump.paragraphs)),
        text=whole,
        authors=dump.authors,
        published=dump.when.moment if dump.when else None,
        precision=dump.when.precision if dump.when else None,
        first_seen=now,
        shown=now,
        updated=now,
        language="vi" if VIETNAMESE.search(whole or dump.title) else source.language,
        fingerprint=fingerprint(dump.title, dump.lead, whole, ()),
    )


def _day_of_file(name: str, modified: datetime, now: datetime, timezone: ZoneInfo) -> When:
    """Infer the day from the name, else from the file's time, which may not lie ahead of ours."""
    stem = PurePosixPath(name).stem
    if found := DAY_IN_NAME.search(stem):
        stem = "-".join(found.groups())
    named = read_date(stem.replace("_", " "), now=now, timezone=timezone) if any(map(str.isdigit, stem)) else None
    day = named.moment if named else min(modified, now).astimezone(timezone)
    return When(day.replace(hour=0, minute=0, second=0, microsecond=0), "day")

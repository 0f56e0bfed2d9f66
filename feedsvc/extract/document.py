"""Documents dropped into a folder -> Item: .txt dumps of article pages, saved .html pages, Word and PDF files.

Rules: reading.md 8 of the specification.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import replace
from html import unescape
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from feedsvc.dropped import FILES, address_of, path_of
from feedsvc.errors import ExtractError
from feedsvc.extract.article import read_article
from feedsvc.extract.byline import is_signature, split_byline
from feedsvc.extract.charset import decode
from feedsvc.extract.dates import When, read_date
from feedsvc.extract.dump import ADDRESS, Dump, read_dump, read_lines
from feedsvc.extract.identity import fingerprint, weak_keys
from feedsvc.extract.parts import captioned, kept, plain, to_html
from feedsvc.extract.pdf import open_pdf
from feedsvc.extract.word import open_word
from feedsvc.model import Item, MediaObject, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from feedsvc.extract.parts import Opened, Part
    from feedsvc.model import Author, Source

TEXTS: Final = (".txt",)
PAGES: Final = (".html", ".htm")
KINDS: Final = (*TEXTS, *PAGES, *FILES)
"""Endings of the documents that can be read."""

EXTRA: Final = {".docx": ("docx", "python-docx"), ".pdf": ("pypdfium2", "pypdfium2")}
"""What reads these: the module, and the package that has it; both are in the extra `documents`."""

CANONICAL: Final = re.compile(r"<link\b[^<>]{0,300}\brel\s*=\s*[\"']?canonical\b[^<>]{0,2000}>", re.IGNORECASE)
HREF: Final = re.compile(r"\bhref\s*=\s*[\"']?(https?://[^\s\"'<>]+)", re.IGNORECASE)
PICTURE: Final = re.compile(
    r"""(\b(?:src|data-src|data-original|href)\s*=\s*)(["'])([^"'<>?#]{1,500})\2""", re.IGNORECASE
)
DAY_IN_NAME: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d)")
BINARY: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
BINARY_SHARE: Final = 0.1
VIETNAMESE: Final = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def missing_extra(names: Iterable[str]) -> str:
    """Say what to install for the documents `names`, when what reads them is not; "" when nothing is missing."""
    kinds = sorted({kind for name in names if (kind := _kind(name)) in EXTRA and find_spec(EXTRA[kind][0]) is None})
    if not kinds:
        return ""
    packages = " and ".join(EXTRA[kind][1] for kind in kinds)
    return f"{' and '.join(kinds)} files need {packages}: pip install 'feedsvc[documents]'"


def read_document(
    name: str, body: bytes, source: Source, *, modified: datetime, now: datetime, beside: Sequence[str] = ()
) -> Item:
    """Read one dropped document.

    `name` is its path relative to the folder of config.toml, `modified` the file's time, `now` our clock's (both
    aware), `beside` the paths of the pictures that lie beside it. The item has no address of its own unless the text
    gives one; its keys are the name and the digest of the bytes. Without a date in the text, the day is that of the
    name, else of the file. Files in it and beside it, and a Word or PDF file itself, are media under the addresses of
    `dropped.py`.
    Raises ExtractError when the kind is not read, or there is nothing in the document.
    """
    kind = _kind(name)
    if kind not in KINDS:
        raise ExtractError(f"{name}: documents of this kind are not read; save it as one of {', '.join(KINDS)}")
    if missing := missing_extra((name,)):
        raise ExtractError(f"{name}: {missing}")
    if kind in PAGES:
        item = _read_page(name, body, source, now, beside)
    elif kind in FILES:
        item = _read_file(name, body, source, now)
    else:
        item = _read_dump(name, body, source, now)
    if item.published is None:
        when = _day_of_file(name, modified, now, source.timezone)
        item = replace(item, published=when.moment, precision=when.precision)
    own = (f"doc:{name}", f"sha:{hashlib.sha256(body).hexdigest()}")
    return replace(item, keys=own + weak_keys(item.title, item.published, item.text, source.timezone))


def _kind(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _read_page(name: str, body: bytes, source: Source, now: datetime, beside: Sequence[str]) -> Item:
    """Read a saved article page; its address is the one that it names itself."""
    text, _ = decode(body, "text/html")
    head = CANONICAL.search(text)
    found = (HREF.search(head.group()) if head else None) or ADDRESS.search(text)
    address = found[1] if found else ""
    if beside:
        text = _with_pictures(text, PurePosixPath(name).parent, frozenset(beside))
        body = codecs.BOM_UTF8 + text.encode("utf-8", "replace")
    page = Page(url=address, final_url=address, status=200, body=body, content_type="text/html", fetched_at=now)
    item = read_article(page, source)
    media = _own_first(item.media) if beside else item.media
    return replace(item, url=address, title=item.title or PurePosixPath(name).stem, media=media)


def _with_pictures(text: str, folder: PurePosixPath, beside: frozenset[str]) -> str:
    """Give the page with addresses of ours for the pictures that were saved with it."""

    def placed(found: re.Match[str]) -> str:
        path = str(folder / unquote(unescape(found[3])).replace("\\", "/").removeprefix("./"))
        return f"{found[1]}{found[2]}{address_of(path)}{found[2]}" if path in beside else found[0]

    return PICTURE.sub(placed, text)


def _own_first(media: tuple[MediaObject, ...]) -> tuple[MediaObject, ...]:
    """Put the pictures that are here before those that the page only names: they are sure to be there."""
    return tuple(sorted(media, key=lambda one: one.kind == "image" and path_of(one.url) is None))


def _read_dump(name: str, body: bytes, source: Source, now: datetime) -> Item:
    text, _ = decode(body, "")
    if len(BINARY.findall(text[:4096])) > BINARY_SHARE * len(text[:4096]):
        raise ExtractError(f"{name}: this is no text; save it as plain text in UTF-8")
    dump = read_dump(name, text, now, source.timezone)
    return _item(dump, tuple(plain(one) for one in dump.paragraphs), (), source, now)


def _read_file(name: str, body: bytes, source: Source, now: datetime) -> Item:
    """Read a Word or PDF file, which is a document of its item; one without a word in it is nothing else."""
    kind = _kind(name)
    opened = open_word(name, body) if kind == ".docx" else open_pdf(name, body)
    file = MediaObject(
        url=address_of(name), kind="document", mime=FILES[kind], length=len(body), title=PurePosixPath(name).name
    )
    parts = captioned(opened.parts)
    lines = [part.text for part in parts if part.text]
    if lines:
        dump = read_lines(name, lines, now, source.timezone, opened.title)
    else:
        dump = Dump(PurePosixPath(name).stem, "", "", (), (), None)
    dump = replace(dump, authors=dump.authors or _typist(opened))
    return _item(dump, kept(parts, dump.paragraphs), (file,), source, now)


def _typist(opened: Opened) -> tuple[Author, ...]:
    """Who typed a document is named last, and only by a name: programs and machines are no authors."""
    return split_byline(opened.typist) if " " in opened.typist and is_signature(opened.typist) else ()


def _item(dump: Dump, parts: Sequence[Part], files: tuple[MediaObject, ...], source: Source, now: datetime) -> Item:
    whole = "\n\n".join(dump.paragraphs)
    pictures = tuple({part.picture.url: part.picture for part in parts if part.picture is not None}.values())
    media = pictures + files
    return Item(
        keys=(),
        source=source.slug,
        url=dump.url,
        title=dump.title,
        summary=dump.lead,
        html=to_html(parts),
        text=whole,
        authors=dump.authors,
        published=dump.when.moment if dump.when else None,
        precision=dump.when.precision if dump.when else None,
        first_seen=now,
        shown=now,
        updated=now,
        media=media,
        language="vi" if VIETNAMESE.search(whole or dump.title) else source.language,
        fingerprint=fingerprint(dump.title, dump.lead, whole, media),
    )


def _day_of_file(name: str, modified: datetime, now: datetime, timezone: ZoneInfo) -> When:
    """Infer the day from the name, else from the file's time, which may not lie ahead of ours."""
    stem = PurePosixPath(name).stem
    if found := DAY_IN_NAME.search(stem):
        stem = "-".join(found.groups())
    named = read_date(stem.replace("_", " "), now=now, timezone=timezone) if any(map(str.isdigit, stem)) else None
    day = named.moment if named else min(modified, now).astimezone(timezone)
    return When(day.replace(hour=0, minute=0, second=0, microsecond=0), "day")

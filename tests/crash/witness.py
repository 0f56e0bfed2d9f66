"""A reader that remembers all it was ever shown, and complains of whatever must not be (invariants I1-I5 and I7).

It compares what feeds say with each other and with what the portal ever published, never with the database: an id that
was shown counts as promised.
"""

import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

WINDOW = 50
ATOM, CONTENT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True)
class Entry:
    """One item of a feed: `told` is all that it says but its dates."""

    id: str
    title: str
    text: str
    shown: datetime
    updated: datetime | None
    told: str

    @property
    def number(self) -> int:
        """Which article it is."""
        found = re.search(r"số (\d+)", unicodedata.normalize("NFC", self.title))
        return int(found[1]) if found else -1

    @property
    def version(self) -> tuple[int, int]:
        """How often headline and body had been edited by then."""
        names = re.search(r"cập nhật lần (\d+)", unicodedata.normalize("NFC", self.title))
        return int(names[1]) if names else 0, unicodedata.normalize("NFC", self.text).count("Đính chính lần")


def entries(kind: str, body: bytes) -> list[Entry]:
    """The items of a document; raises ValueError when it is not whole and well-formed."""
    return {"json": _json, "atom": _atom, "rss": _rss}[kind](body)


def _json(body: bytes) -> list[Entry]:
    return [
        Entry(
            id=one["id"], title=one.get("title", ""), text=one.get("content_html", ""),
            shown=datetime.fromisoformat(one["date_published"]), updated=datetime.fromisoformat(one["date_modified"]),
            told=json.dumps({k: v for k, v in one.items() if not k.startswith("date_")}, ensure_ascii=False),
        )
        for one in json.loads(body)["items"]
    ]  # fmt: skip


def _atom(body: bytes) -> list[Entry]:
    return [
        Entry(
            id=one.findtext(f"{ATOM}id"), title=one.findtext(f"{ATOM}title"),
            text=one.findtext(f"{ATOM}content") or one.findtext(f"{ATOM}summary") or "",
            shown=datetime.fromisoformat(one.findtext(f"{ATOM}published")),
            updated=datetime.fromisoformat(one.findtext(f"{ATOM}updated")),
            told=_rest(one, f"{ATOM}published", f"{ATOM}updated"),
        )
        for one in _tree(body).iterfind(f"{ATOM}entry")
    ]  # fmt: skip


def _rss(body: bytes) -> list[Entry]:
    return [
        Entry(
            id=one.findtext("guid"), title=one.findtext("title"),
            text=one.findtext(CONTENT) or one.findtext("description") or "",
            shown=parsedate_to_datetime(one.findtext("pubDate")).astimezone(UTC), updated=None,
            told=_rest(one, "pubDate", f"{ATOM}updated"),
        )
        for one in _tree(body).iterfind("channel/item")
    ]  # fmt: skip


def _tree(body: bytes) -> etree._Element:
    try:
        return etree.fromstring(body)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error


def older(body: bytes) -> str:
    """Where the archive before an Atom document is; "" where there is none."""
    found = _tree(body).find(f"{ATOM}link[@rel='prev-archive']")
    return "" if found is None else found.get("href", "")


def _rest(one: etree._Element, *dates: str) -> str:
    return "".join(etree.tostring(part, encoding="unicode", with_tail=False) for part in one if part.tag not in dates)


@dataclass
class Witness:
    """What was seen so far, and what was wrong with it (`complaints`, each once)."""

    complaints: list[str] = field(default_factory=list)
    answers: int = 0
    ids: dict[int, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    shown: dict[tuple[str, str], datetime] = field(default_factory=dict)
    last: dict[tuple[str, str], Entry] = field(default_factory=dict)
    there: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    bodies: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def lost(self, feed: str, found: list[Entry]) -> None:
        """`found` is all that a feed and its archives hold: whatever the feed ever showed is among it (I4)."""
        for name in sorted({seen for path, seen in self.last if path == feed} - {one.id for one in found}):
            self.complain("I4", f"{feed} and its archives lost article {self.numbers[name]} ({name})")

    def complain(self, rule: str, words: str) -> None:
        """Notes something that must not be."""
        told = f"{rule}: {words}"
        if told not in self.complaints:
            self.complaints.append(told)

    def answered(self, url: str, kind: str, status: int, headers: dict[str, str], body: bytes, sent: str = "") -> None:
        """An answer of a feed that was asked for, `sent` is the ETag that it was asked with."""
        self.answers += 1
        if status == 304:
            if headers.get("etag") != sent or not sent:
                self.complain("I1", f"{url} answers 304 with {headers.get('etag')} where {sent} was sent")
            return
        if status != 200:
            self.complain("I1", f"{url} answers {status}")
            return
        if len(body) != int(headers.get("content-length", len(body))):
            self.complain("I1", f"{url} is not whole")
        before = self.bodies.setdefault((url, headers["etag"]), body)
        if before != body:
            self.complain("I8", f"{url} has other bytes under the same ETag")
        try:
            self.saw(url, kind, entries(kind, body))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            self.complain("I1", f"{url} is not well-formed: {error!r}")

    def saw(self, feed: str, kind: str, found: list[Entry]) -> None:
        """The items of one document, in its order."""
        ids = [one.id for one in found]
        numbers = [one.number for one in found]
        if len(set(ids)) < len(ids) or len(set(numbers)) < len(numbers):
            twice = {n for n in numbers if numbers.count(n) > 1}
            self.complain("I2", f"{feed} has something twice: articles {sorted(twice)}")
        for one in found:
            self.check(feed, kind, one)
        missing = self.there[feed] - set(ids)
        # The newest document holds the newest WINDOW by date, and what is in no full archive yet, of whatever date: so
        # that an older one still stands there is no reason to be there, and what leaves has so many newer ones above it.
        for name in missing:
            if sum(one.shown >= self.shown[kind, name] for one in found) < WINDOW:
                self.complain("I4", f"{feed} lost article {self.numbers[name]} ({name})")
        self.there[feed] = set(ids)

    def check(self, feed: str, kind: str, one: Entry) -> None:
        """One item, against all that was said of it before."""
        if self.ids.setdefault(one.number, one.id) != one.id:
            self.complain("I3", f"{feed}: article {one.number} was {self.ids[one.number]} and is {one.id}")
        if self.numbers.setdefault(one.id, one.number) != one.number:
            self.complain("I3", f"{feed}: {one.id} was article {self.numbers[one.id]} and is {one.number}")
        if self.shown.setdefault((kind, one.id), one.shown) != one.shown:
            self.complain("I5", f"{feed}: {one.id} was shown at {self.shown[kind, one.id]} and is at {one.shown}")
        before = self.last.get((feed, one.id))
        self.last[feed, one.id] = one
        if before is None or before == one:
            return
        if any(new < old for new, old in zip(one.version, before.version, strict=True)):
            self.complain(
                "I5", f"{feed}: article {one.number} went back from version {before.version} to {one.version}"
            )
        if one.updated is not None and before.updated is not None:
            if one.updated < before.updated:
                self.complain("I5", f"{feed}: {one.id} was updated at {before.updated} and is at {one.updated}")
            if one.updated > before.updated and one.told == before.told:
                self.complain("I5", f"{feed}: article {one.number} was updated without a change")

"""Which of the dates on an article's page is the day it was published (reading.md 6, "Which date of an article")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from feedsvc.extract.clean import clean_text
from feedsvc.extract.dates import When, read_date
from feedsvc.extract.places import words_of
from feedsvc.extract.tails import is_tail

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from feedsvc.extract.flow import Block
    from feedsvc.extract.structured import Structured

_PUBLISHED: Final = re.compile(
    r"ngày (?:đăng|xuất bản|ban hành|phát hành|tạo|viết)|^ban hành|đăng (?:ngày|lúc|bởi|tải)|xuất bản|thời gian đăng|"
    r"publi(?:shed|cad[oa]|cación|é|cato)|posted|created|veröffentlich|erstellt|geschrieben|eingestellt|erschienen|"
    r"pubblicato|опубликовано|written on|first (?:posted|published)|stand:|datum:",
    re.IGNORECASE,
)
_UPDATED: Final = re.compile(
    r"cập nhật|sửa lần cuối|updated|modified|last edited|aktualisiert|geändert|änderung|actualizado|aggiornato|"
    r"mis à jour",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(r"clock|today|date-?now|current-?(?:date|time)|hôm nay", re.IGNORECASE)
_IMPRINT: Final = re.compile(
    r"giấy phép|bản quyền|cơ quan chủ quản|chịu trách nhiệm|copyright|©|licen[cs]e|impressum", re.IGNORECASE
)
_PAGE_FOOT: Final = re.compile(r"(?:^|\s)(?:site-?|page-?|main-?)?footer(?:$|\s)")
_DATE_WORDS: Final = re.compile(
    r"(?:^|[\s_-])(?:date|datum|pub-?date|pubdate|published|posted(?:-?on)?|post-?date|entry-?date|timestamp|time|"
    r"dateline|created|meta|post-?meta|footer|author|timedata|ngay\w*|thoi-?gian|data)(?:$|[\s_-])|publish|"
    r"postdate|entrydate",
    re.IGNORECASE,
)
_IN_ADDRESS: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_FOLDER: Final = re.compile(r"/((?:19|20)\d\d)[/_-]?(0?[1-9]|1[0-2])[/_-]?(0?[1-9]|[12]\d|3[01])/")
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_EVENT: Final = re.compile(
    r"^(?:\([^()]{1,40}\)\s*[-–—]?\s*|[\w .Đđ-]{1,30}\s[-–—]\s+)?((?:(?:sáng|chiều|tối|trưa|đêm|vào|"
    r"trong)\s+)*(?:ngày\s+)?\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?)",
    re.IGNORECASE,
)
_LIKE_DATE: Final = re.compile(
    r"\d{1,2}\W{1,3}\d{1,2}|\d{4}|\d\D{1,4}\w{3,}\W+\d\d|\d+ \w+ (?:trước|ago)|vor \d|hôm |vừa xong|gestern|yesterday",
    re.IGNORECASE,
)
_STRONG_WORDS: Final = re.compile(
    r"publish|pubdate|post-?date|entry-?date|posted-?on|news-?date|article-?date|date-?(?:posted|time)|ngay-?dang",
    re.IGNORECASE,
)
_HAS_YEAR: Final = re.compile(
    r"\d{4}|\d[/.-]\d{1,2}[/.-]\d\d|trước|ago|vor \d|hôm|vừa|gestern|yesterday", re.IGNORECASE
)
_LONGEST_DATELINE: Final = 20
_LABEL_WORDS: Final = 8
_LABEL_LENGTH: Final = 40
_LINKED: Final = 0.5
_FAR: Final = 40
_LINE: Final = 100
_MOST_WORDS: Final = 40
_ABOVE, _BELOW, _BEHIND = 8, 12, 14
_HEAD_WORDS: Final = re.compile(r"(?:^|[\s_-])(?:header|top|topbar|banner|masthead)(?:$|[\s_-])")
_HEAD_TAGS: Final = frozenset({"header", "nav", "footer", "aside"})


@dataclass(frozen=True, slots=True)
class Dates:
    """When the article was published and when the portal last changed it; each may be unknown."""

    published: When | None = None
    modified: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where to look: the page's blocks, and the places of the headline and of the body's first and last block.

    `head` is None on a page without a headline. `address` and `pictures` are absolute addresses.
    """

    root: Any
    blocks: list[Block]
    head: int | None
    first: int
    last: int
    address: str
    pictures: tuple[str, ...]
    lead: str
    text: str
    listed: When | None
    selected: str = ""


@dataclass(frozen=True, slots=True)
class _Reader:
    now: datetime
    timezone: ZoneInfo
    day_first: bool = True
    years: tuple[int, ...] = ()

    def read(self, text: str) -> When | None:
        return read_date(text, now=self.now, timezone=self.timezone, day_first=self.day_first, years=self.years)


def find_dates(
    place: Surroundings, structured: Structured, *, now: datetime, timezone: ZoneInfo, day_first: bool = True
) -> Dates:
    """Find the dates of the article that stands as `place` tells. `now` is when the page was fetched (aware)."""
    reader = _Reader(now, timezone, day_first)
    lines = list(_lines(place, reader))
    modified = _first(reader, structured.modified) or next(
        (when for when, line in lines if _UPDATED.search(line)), None
    )
    updated = next((when for when, line in lines if _is_update(line)), None)
    chosen = _chosen(place, structured, reader, lines) or updated or _inferred(place, reader) or modified
    if chosen is not None and chosen.precision == "day":
        chosen = _with_time(chosen, [when for when, _ in lines], timezone)
    if modified is not None and chosen is not None and modified.moment < chosen.moment:
        modified = None
    return Dates(chosen, modified)


def _chosen(place: Surroundings, structured: Structured, reader: _Reader, lines: list[tuple[When, str]]) -> When | None:
    """The first date that is told, best source first."""
    own = [(when, line) for when, line in lines if not _is_update(line)]
    labelled = next((when for when, line in own if _PUBLISHED.search(line)), None)
    declared = _first(reader, structured.published)
    if declared is not None and declared.precision == "day" and own and own[0][0].moment < declared.moment:
        declared = None  # a bare day in a meta element is often that of the last change: the visible date knows better
    return (
        reader.read(place.selected)
        or declared
        or _first(reader, _marked(place.root))
        or labelled
        or next((when for when, _ in own), None)
        or place.listed
    )


def _is_update(line: str) -> bool:
    """Tell whether the first label of `line` is one of a change, and no date stands before it."""
    found = _UPDATED.search(line)
    return (
        found is not None and not any(char.isdigit() for char in line[: found.start()]) and not _PUBLISHED.search(line)
    )


def _first(reader: _Reader, texts: Iterable[str]) -> When | None:
    return next((when for text in texts if (when := reader.read(text))), None)


def _marked(root: Any) -> Iterator[str]:
    """Dates that the markup names as the day of publication: microdata, microformats, `time pubdate`."""
    for element in root.xpath(
        "//*[contains(@itemprop,'datePublished') or contains(@itemprop,'dateCreated')"
        " or contains(@property,'datePublished') or @pubdate or (self::abbr and contains(@class,'published'))"
        " or (self::time and (contains(@class,'published') or contains(@class,'entry-date')))]"
    )[:4]:
        if not _is_foreign(element):
            yield (
                element.get("content")
                or element.get("datetime")
                or element.get("title")
                or clean_text("".join(element.itertext()))[:_LINE]
            )


def _is_foreign(element: Any) -> bool:
    """Tell whether a date belongs to a comment or to another article's teaser."""
    return any(
        one.tag == "aside" or re.search(r"comment|related|sidebar|widget", words_of(one))
        for one in islice(element.iterancestors(), 8)
        if one.tag not in {"body", "html", "main"}
    )


def _lines(place: Surroundings, reader: _Reader) -> Iterator[tuple[When, str]]:
    """Every short line around the headline and the body that gives a date, the most likely places first."""
    head = place.blocks[place.head] if place.head is not None else None
    for block, is_above, is_far in _near(place):
        line = block.text[:_LINE]
        if not line or block.words > _MOST_WORDS or block.comment or not _LIKE_DATE.search(line):
            continue
        before = place.blocks[block.place - 1].text if block.place else ""
        if len(before) < _LABEL_LENGTH and (before.endswith(":") or _same_row(block, place.blocks[block.place - 1])):
            line = f"{before} {line}"
        words = _words_around(block)
        if _is_imprint(line, words, is_behind=block.place > place.last):
            continue
        when = reader.read(line)
        if is_above and head is not None and _links(place.blocks[block.place + 1 : head.place]) > 1:
            continue  # a menu or a breadcrumb between: the head of the page
        if when is None or _is_clock(when, line, words, reader, block if is_above else None, head):
            continue
        is_loose = is_far or _is_prose(block) or not _HAS_YEAR.search(line)
        told = _PUBLISHED.search(line) or _UPDATED.search(line) or _DATE_WORDS.search(words)
        if told or not is_loose or _is_timed(when, block):
            yield when, line


def _is_imprint(line: str, words: str, *, is_behind: bool) -> bool:
    """Tell whether a line speaks of the portal: its licence, or what stands without a label in the page's foot."""
    if _IMPRINT.search(line):
        return True
    return is_behind and bool(_PAGE_FOOT.search(words)) and not (_PUBLISHED.search(line) or _UPDATED.search(line))


def _links(blocks: list[Block]) -> int:
    return sum(1 for block in blocks if block.link_share > _LINKED)


def _same_row(block: Block, before: Block) -> bool:
    """Tell whether `before` is the name of what `block` says: in a row of a table, or in a list of definitions."""
    if block.owner.tag == "dd" and before.owner.tag == "dt":
        return True
    return bool(block.cell and before.cell and block.cell[1] is before.cell[1])


def _is_timed(when: When, block: Block) -> bool:
    """A short line with day and time is a dateline where nothing says so too; other news is linked."""
    return when.precision != "day" and block.link_share < _LINKED and block.kind != "item" and not _is_prose(block)


def _is_prose(block: Block) -> bool:
    return block.words > _LONGEST_DATELINE or (block.words > _LABEL_WORDS and block.text.endswith("."))


def _near(place: Surroundings) -> Iterator[tuple[Block, bool, bool]]:
    """Give blocks with whether they stand above the headline, and whether only a sign makes them a dateline.

    In this order: between headline and text, above the headline, the end of the text, behind it up to the heading of
    other news, and last whatever is named for a date of publication elsewhere.
    """
    start = place.head if place.head is not None else max(0, place.first - _ABOVE)
    for block in place.blocks[start + 1 : max(place.first + 4, start + _BELOW)]:
        if block.place <= place.last:
            yield block, False, block.place > max(place.first + 1, start + 2) or block.kind == "item"
    for block in place.blocks[max(0, start - _ABOVE) : start + 1][::-1]:
        yield block, True, False
    if place.last > place.first or place.head is not None:
        for block in place.blocks[max(place.last - 3, place.first + 1) : place.last + 1]:
            yield block, False, True
        for block in place.blocks[place.last + 1 : place.last + 1 + _BEHIND]:
            if block.text and is_tail(block.text):
                break
            yield block, False, True
    for block in place.blocks[max(0, start - _FAR) : place.last + _FAR]:
        if block.text and not block.comment and _STRONG_WORDS.search(words_of(block.owner)):
            yield block, block.place <= start, True


def _words_around(block: Block) -> str:
    inner = [block.owner, *islice(block.owner.iterancestors(), 2)]
    return " ".join(words_of(element) for element in inner if element.tag not in {"body", "html"})


def _is_clock(when: When, line: str, words: str, reader: _Reader, above: Block | None, head: Block | None) -> bool:
    """A date above the headline on the very day of the visit is the page's clock, and so is one that says so."""
    if _CLOCK.search(words) or (_CLOCK.search(line) and not _PUBLISHED.search(line)):
        return True
    if above is None or _PUBLISHED.search(line):
        return False
    today = reader.now.astimezone(reader.timezone).date()
    return when.moment.astimezone(reader.timezone).date() == today or _in_page_head(above, head)


def _in_page_head(block: Block, head: Block | None) -> bool:
    """Tell whether `block` stands in a header or menu that the headline is not in."""
    own = set(head.owner.iterancestors()) if head is not None else set()
    holders = (block.owner, *islice(block.owner.iterancestors(), 10))
    return any(one.tag in _HEAD_TAGS or _HEAD_WORDS.search(words_of(one)) for one in holders if one not in own)


def _with_time(chosen: When, others: list[When], timezone: ZoneInfo) -> When:
    """Of two dates on the same day the one with a time wins."""
    day = chosen.moment.astimezone(timezone).date()
    same = (when for when in others if when.precision != "day" and when.moment.astimezone(timezone).date() == day)
    return next(same, chosen)


def _inferred(place: Surroundings, reader: _Reader) -> When | None:
    """A day that nobody wrote as the date: in the address, in a picture's folder, or the event that opens the lead."""
    texts = [urlsplit(place.address).path, *(urlsplit(url).path for url in place.pictures[:1])]
    patterns = (_IN_ADDRESS, _FOLDER)
    for text, pattern in zip(texts, patterns, strict=False):
        found = pattern.search(unquote(text))
        if found:
            year, month, day = found.groups()
            when = reader.read(f"{year}-{int(month):02}-{int(day):02}")
            if when is not None:
                return When(when.moment, "day")
    event = _EVENT.match(place.lead)
    if event is None:
        return None
    years = tuple(sorted({int(year) for year in _YEAR.findall(place.text)}))
    when = _Reader(reader.now, reader.timezone, reader.day_first, years).read(event.group(1))
    return When(when.moment, "day") if when else None

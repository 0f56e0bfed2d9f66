"""The .txt dump of an article page -> its parts.

A dump is what a person gets who selects all of a page and saves it: title, lead, paragraphs and captions parted by
blank lines, the signature, and then the page's side blocks, which end the article. Rules: reading.md 8 of the
specification.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from feedsvc.errors import ExtractError
from feedsvc.extract.byline import is_signature, split_byline
from feedsvc.extract.clean import clean_text, clean_title
from feedsvc.extract.date_words import LABELS
from feedsvc.extract.dates import When, read_date, read_opening, years_named
from feedsvc.extract.letterhead import take_letterhead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from feedsvc.model import Author

LONG: Final = 100
"""Characters of a paragraph that is a lead or body, not a caption, label or byline."""

LONGEST_TITLE: Final = 250
SHORT_LINE: Final = 200
"""Longer lines after a tail marker show that the article goes on: the marker was a word of it."""

WRAPPED: Final = range(55, 111)
"""Lengths of the lines of a text that an editor broke at a fixed width."""

BEFORE_TAIL: Final = 2
"""Paragraphs that an article has at least before its end is looked for."""

TAIL: Final = re.compile(
    r"""(?:các\ tin\ khác|tin\ khác|các\ tin\ (?:đã\ đưa|cũ\ hơn|mới\ hơn)
       |tin\ cùng\ chuyên\ mục|tin\ (?:bài\ )?liên\ quan
       |bài\ viết\ liên\ quan
       |danh\ sách\ video|thư\ viện\ (?:ảnh|hình\ ảnh|video)
       |đăng\ nhập|liên\ kết\ web(?:site)?
       )\s*[:»>]*$
      |(?:trong\ (?:ngày|tuần|tháng|năm)
         |tất\ cả|tổng(?:\ (?:số|cộng))?
         |đang\ (?:truy\ cập|online)|(?:số\ )?lượt\ truy\ cập
         |lượt\ xem)\s*:?\s*[\d.,]+\s*$
      |(?:đang\ truy\ cập|lượt\ truy\ cập)\b
      |\d{1,4}(?:\ \d{1,4})+(?:\ (?:\.{2,}|…))?(?:\ [»>])?$
    """,
    re.VERBOSE | re.IGNORECASE,
)
BULLET: Final = re.compile(r"^[•·▪●*\-–+]\s+")
ADDRESS: Final = re.compile(r"(?:url|link|nguồn|đường dẫn|địa chỉ)\s*:\s*(https?://\S+)", re.IGNORECASE)
DATE_WORDS: Final = LABELS | frozenset(
    "thứ hai ba tư năm sáu bảy chủ nhật cn sáng trưa chiều tối giờ phút h g tháng th sa ch am pm gmt".split()  # noqa: SIM905 - words
)
PLACE_WORDS: Final = 3
"""Other words of a line that is a date: "Sa Pa, ngày 19 tháng 9 năm 2022"."""
WORD: Final = re.compile(r"[^\W\d_]+")

FINAL_STOP: Final = re.compile(r"(?<!\.)\.$")
SENTENCE_ENDS: Final = (".", "!", "?", ":", ";", "…", "”", '"')


@dataclass(frozen=True, slots=True)
class Dump:
    """The parts of a dumped page. `lead` is one of `paragraphs`; `when` is None where the text gives no date."""

    title: str
    url: str
    lead: str
    paragraphs: tuple[str, ...]
    authors: tuple[Author, ...]
    when: When | None


def read_dump(name: str, text: str, now: datetime, timezone: ZoneInfo) -> Dump:
    """Part the text of the document `name`; `now` (aware) and `timezone` are those of its dates.

    Raises ExtractError when there is no line in it.
    """
    return read_lines(name, _paragraphs(text), now, timezone)


def read_lines(name: str, given: Sequence[str], now: datetime, timezone: ZoneInfo, title: str = "") -> Dump:
    """Part the paragraphs `given` of the document `name`, each on one line; `title` is that of its styles, if any.

    Raises ExtractError when there is no line.
    """
    lines, url = _without_address(given)
    if not lines:
        raise ExtractError(f"{name}: the document is empty; write a title, a blank line, and the text into it")
    official, day, lines = take_letterhead(lines)
    title, body = (official, lines) if official and not title else _take_title(name, lines, title)
    body = body[: _end(body)]
    dated, body = _take_date(body, now, timezone)
    dated = dated or day
    authors, body = _take_byline(body)
    lead = next((one for one in body if len(one) >= LONG), body[0] if body else "")
    years = years_named("\n".join((title, *body)))
    when = _day(dated, lead, now, timezone, years)
    return Dump(title, url, lead, tuple(body), authors, when)


def _paragraphs(text: str) -> list[str]:
    """Part a text into paragraphs: at blank lines, and at line breaks that are no wrapping at a fixed width."""
    paragraphs: list[str] = []
    previous = ""
    for raw in text.splitlines():
        line = clean_text(raw)
        # The first line is the title: what follows it without a blank line is its rest only in small letters.
        if line and _wraps(previous, line) and (len(paragraphs) > 1 or line[0].islower()):
            paragraphs[-1] += f" {line}"
        elif line:
            paragraphs.append(line)
        previous = line
    return paragraphs


def _wraps(previous: str, line: str) -> bool:
    return (
        len(previous) in WRAPPED
        and not previous.endswith(SENTENCE_ENDS)
        and len(line) < WRAPPED.stop
        and not BULLET.match(line)
        and not TAIL.match(line)
        and not ADDRESS.match(line)
        and not is_signature(line)
    )


def _take_title(name: str, lines: list[str], title: str) -> tuple[str, list[str]]:
    """Take the title out: the one that is known, else the first line; the file's name when none was written."""
    if title:
        place = lines.index(title) if title in lines else len(lines)
        return FINAL_STOP.sub("", clean_title(title)), [*lines[:place], *lines[place + 1 :]]
    first = FINAL_STOP.sub("", clean_title(lines[0])) if lines else ""
    if len(first) > LONGEST_TITLE or not first:
        return PurePosixPath(name).stem, lines
    return first, lines[1:]


def _without_address(lines: Sequence[str]) -> tuple[list[str], str]:
    """Take out the line that gives the article's address, or names it as the source; the first one counts."""
    found = [(line, match[1]) for line in lines if (match := ADDRESS.fullmatch(line))]
    given = {line for line, _ in found}
    return [line for line in lines if line not in given], found[0][1] if found else ""


def _end(lines: Sequence[str]) -> int:
    """Find where the side blocks of the page begin: at a marker after two paragraphs, if only short lines follow."""
    last_long = max((index for index, line in enumerate(lines) if len(line) > SHORT_LINE), default=-1)
    for index in range(max(last_long + 1, BEFORE_TAIL), len(lines)):
        if TAIL.match(BULLET.sub("", lines[index])):
            return index
    return len(lines)


def _take_date(lines: list[str], now: datetime, timezone: ZoneInfo) -> tuple[str, list[str]]:
    """Take out a line before the first long paragraph that is nothing but a date, with its label and place."""
    for index, line in enumerate(lines):
        if len(line) >= LONG:
            break
        others = [word for word in WORD.findall(line.casefold()) if word not in DATE_WORDS]
        if len(others) <= PLACE_WORDS and read_date(line, now=now, timezone=timezone):
            return line, [*lines[:index], *lines[index + 1 :]]
    return "", lines


def _take_byline(lines: list[str]) -> tuple[tuple[Author, ...], list[str]]:
    """Take the signature out: the last line, else a labelled one before the first long paragraph."""
    if len(lines) > 1 and is_signature(lines[-1]):
        return split_byline(lines[-1]), lines[:-1]
    for index, line in enumerate(lines):
        if len(line) >= LONG:
            break
        if ":" in line and is_signature(line):
            return split_byline(line), [*lines[:index], *lines[index + 1 :]]
    return (), lines


def _day(dated: str, lead: str, now: datetime, timezone: ZoneInfo, years: tuple[int, ...]) -> When | None:
    """Read the line that is a date, else the event day opening the lead, in the latest year that the text names."""
    if dated:
        return read_date(dated, now=now, timezone=timezone, years=years)
    return read_opening(lead, now=now, timezone=timezone, years=years)

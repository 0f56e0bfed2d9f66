"""What reading the lines of a list needs to know of their page: columns of a table, the senses of class names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from feedsvc.extract.pieces import HEADINGS, classes_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bs4.element import Tag

    from feedsvc.extract.page import Document

_TITLE_CLASS = re.compile(r"title|tieu-?de|headline|subject|caption", re.IGNORECASE)
_DATE_CLASS = re.compile(r"date|time|ngay|posted|publish|thoi-?gian|created", re.IGNORECASE)
_SUMMARY_CLASS = re.compile(r"sapo|summary|excerpt|intro|desc|lead|mo-?ta|trich|hometext", re.IGNORECASE)
_TITLE_COLUMN = re.compile(r"trích yếu|tên (?:văn bản|tài liệu|thủ tục)|tiêu đề|nội dung", re.IGNORECASE)
_DATE_COLUMNS = (re.compile(r"ngày ban hành|ngày ký", re.IGNORECASE), re.compile(r"ngày", re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class Columns:
    """Which cells of a table row hold what, counted from 0; None where the table's head does not say."""

    title: int | None = None
    date: int | None = None


def columns_of(row: Any) -> Columns:
    """Tell from the head of its table which cells of `row` (an lxml element) are title and date (reading.md 3.6)."""
    table = next(row.iterancestors("table"), None) if row.tag == "tr" else None
    head = next(table.iter("tr"), None) if table is not None else None
    if head is None or head is row:
        return Columns()
    names = ["".join(cell.itertext()) for cell in head.iterchildren("th", "td")]
    places = [
        next((i for i, name in enumerate(names) if pattern.search(name)), None)
        for pattern in (_TITLE_COLUMN, *_DATE_COLUMNS)
    ]
    return Columns(places[0], places[1] if places[1] is not None else places[2])


def cell_of(record: Tag, index: int | None) -> Tag | None:
    """Return the cell of that number in the row that the record is or holds; None where there is none."""
    if index is None:
        return None
    row = record if record.name == "tr" else record.find("tr")
    cells = row.find_all(["td", "th"], recursive=False) if row is not None else []
    return cells[index] if index < len(cells) else None


@dataclass(frozen=True, slots=True)
class _Sense:
    """What the classes of an element say that it holds."""

    title: bool
    date: bool
    summary: bool


class _Senses(dict[str, _Sense]):
    """Those senses by the classes as written: the records of a list have the same few."""

    def __missing__(self, classes: str) -> _Sense:
        patterns = (_TITLE_CLASS, _DATE_CLASS, _SUMMARY_CLASS)
        sense = self[classes] = _Sense(*(pattern.search(classes) is not None for pattern in patterns))
        return sense


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading a record needs to know about its page; `addresses` are those already made absolute, by href."""

    document: Document
    now: datetime
    timezone: ZoneInfo
    day_first: bool = True
    columns: Columns = Columns()
    addresses: Mapping[str, str] = field(default_factory=dict)
    senses: _Senses = field(default_factory=_Senses)

    def sense(self, tag: Tag) -> _Sense:
        """Tell what the classes of `tag` say that it holds."""
        return self.senses[classes_of(tag)]

    def is_titled(self, tag: Tag) -> bool:
        """Tell whether `tag` is a heading, by its name or its classes."""
        return tag.name in HEADINGS or ("class" in tag.attrs and self.sense(tag).title)

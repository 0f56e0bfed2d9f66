"""The sample portal's own articles, videos, albums and legal documents, read from the text files beside this module.

Everything here was written for feedsvc: the town, its people and its events are invented.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = timezone(timedelta(hours=7))
_EPOCH = datetime(2026, 1, 1, tzinfo=ZONE)
_NEW_NUMBERS = 1_000_000
_OLD_NUMBERS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A news category: its part of the address, its name, and its menu number in the old addresses."""

    slug: str
    title: str
    menu: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A painted picture: `key` is its part of the address, `scene` what is painted."""

    key: str
    scene: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A PDF that goes with an article."""

    key: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A news article; `number` stands in the new addresses, `old_number` in the old ones.

    An empty title and a missing date (`dated` False) occur only in the special articles made for tests.
    """

    number: int
    old_number: int
    category: str
    slug: str
    title: str
    published: datetime
    lead: str
    body: tuple[str | Picture, ...]
    byline: str
    attachments: tuple[Attachment, ...] = ()
    corrected: datetime | None = None
    dated: bool = True

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures in the order of the body."""
        return tuple(block for block in self.body if isinstance(block, Picture))

    @property
    def words(self) -> int:
        """Words of lead and paragraphs, captions left out."""
        return len(" ".join([self.lead, *(block for block in self.body if isinstance(block, str))]).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A film of the video list; `film` names one of the packaged mp4 files."""

    number: int
    slug: str
    title: str
    published: datetime
    text: str
    scene: str
    film: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """A photo album."""

    number: int
    slug: str
    title: str
    published: datetime
    text: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalDocument:
    """A legal document: number and sign, abstract, day of issue, who signed it."""

    number: int
    slug: str
    sign: str
    abstract: str
    kind: str
    signer: str
    issued: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that the portal shows at its first start, each list newest first."""

    articles: tuple[Article, ...]
    videos: tuple[Video, ...]
    albums: tuple[Album, ...]
    documents: tuple[LegalDocument, ...]


CATEGORIES = (
    Category(slug="tin-tuc", title="Tin tức - Sự kiện", menu=27461),
    Category(slug="kinh-te-xa-hoi", title="Kinh tế - Xã hội", menu=27462),
    Category(slug="thong-bao", title="Thông báo", menu=27463),
)


_Dated = TypeVar("_Dated", Video, Album)


def slug(title: str) -> str:
    """The title as portals write it in addresses: without marks, lower case, hyphens, at most 80 characters."""
    plain = unicodedata.normalize("NFD", title.lower().replace("đ", "d"))
    words = re.findall(r"[a-z0-9]+", "".join(char for char in plain if not unicodedata.combining(char)))
    return "-".join(words)[:80].rstrip("-")


def minutes(moment: datetime) -> int:
    """Minutes from the start of 2026 to `moment`: article numbers are counted from them, so that they rise."""
    return int((moment - _EPOCH).total_seconds()) // 60


def load_content() -> Content:
    """The packaged content; raises ValueError when a file of it is not in the expected form."""
    articles = [article for category in CATEGORIES for article in _articles(category.slug)]
    return Content(
        articles=tuple(sorted(articles, key=lambda article: article.published, reverse=True)),
        videos=_newest_first(_video(row) for row in _rows("video.toml")),
        albums=_newest_first(_album(row) for row in _rows("thu-vien-anh.toml")),
        documents=tuple(
            sorted((_document(row) for row in _rows("van-ban.toml")), key=lambda one: one.issued, reverse=True)
        ),
    )


def _newest_first(items: Iterator[_Dated]) -> tuple[_Dated, ...]:
    return tuple(sorted(items, key=lambda item: item.published, reverse=True))


def _text(name: str) -> str:
    return (files(__package__) / "content" / name).read_text(encoding="utf-8")


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(_text(name))["item"]
    return rows


def _articles(category: str) -> Iterator[Article]:
    for record in re.split(r"^# ", _text(f"{category}.txt"), flags=re.MULTILINE)[1:]:
        yield parse_article(category, record)


def parse_article(category: str, record: str) -> Article:
    """One article from its record; raises ValueError when one of its parts is missing.

    The record: the title, `@ day time`, the paragraphs one a line, `!scene: caption` for a picture, `+ title` for a
    PDF, `~ byline` last.
    """
    title, stamp, *lines = [line.strip() for line in record.splitlines() if line.strip()]
    if not stamp.startswith("@ ") or not lines[-1].startswith("~ "):
        raise ValueError(f"{title!r}: a record needs '@ day time' as second and '~ byline' as last line")
    published = datetime.strptime(stamp[2:], "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
    place = slug(title)
    blocks = _blocks(place, [line for line in lines[:-1] if not line.startswith("+ ")])
    attached = [line[2:] for line in lines if line.startswith("+ ")]
    return Article(
        number=_NEW_NUMBERS + minutes(published),
        old_number=_OLD_NUMBERS + minutes(published),
        category=category,
        slug=place,
        title=title,
        published=published,
        lead=str(blocks[0]),
        body=tuple(blocks[1:]),
        byline=lines[-1][2:],
        attachments=tuple(Attachment(key=slug(name), title=name) for name in attached),
    )


def _blocks(place: str, lines: list[str]) -> list[str | Picture]:
    blocks: list[str | Picture] = []
    for line in lines:
        if line.startswith("!"):
            scene, _, caption = line[1:].partition(": ")
            count = sum(isinstance(block, Picture) for block in blocks) + 1
            blocks.append(Picture(key=f"{place}-{count}", scene=scene, caption=caption))
        else:
            blocks.append(line)
    return blocks


def _video(row: dict[str, Any]) -> Video:
    published = row["published"].replace(tzinfo=ZONE)
    return Video(
        number=_NEW_NUMBERS + minutes(published),
        slug=slug(row["title"]),
        title=row["title"],
        published=published,
        text=row["text"],
        scene=row["scene"],
        film=row["film"],
    )


def _album(row: dict[str, Any]) -> Album:
    published, place = row["published"].replace(tzinfo=ZONE), slug(row["title"])
    pictures = [line.partition(": ") for line in row["pictures"]]
    return Album(
        number=_NEW_NUMBERS + minutes(published),
        slug=place,
        title=row["title"],
        published=published,
        text=row["text"],
        pictures=tuple(
            Picture(key=f"album-{place}-{count}", scene=scene, caption=caption)
            for count, (scene, _, caption) in enumerate(pictures, start=1)
        ),
    )


def _document(row: dict[str, Any]) -> LegalDocument:
    issued = datetime.combine(row["issued"], datetime.min.time(), ZONE)
    return LegalDocument(
        number=_NEW_NUMBERS + minutes(issued) + row["order"],
        slug=slug(row["sign"]),
        sign=row["sign"],
        abstract=row["abstract"],
        kind=row["kind"],
        signer=row["signer"],
        issued=issued,
    )

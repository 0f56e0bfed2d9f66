"""What a generated portal has to tell: categories with their stories, newest first, and all that stands around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Literal

from portals.wording import TOWNS, Pair, Town, Voice, byline, first_up, topics, unlike

Kind = Literal["news", "video", "gallery", "documents"]
_TALK = "hội nghị|công trình|lễ hội|nông nghiệp|giáo dục|y tế|an ninh|thiên tai|chuyển đổi số|an sinh|thể thao|thanh niên|du lịch"
_NEWS: tuple[tuple[str, str], ...] = (
    ("Tin tức - Sự kiện", _TALK),
    ("Kinh tế - Xã hội", "công trình|nông nghiệp|an sinh|du lịch|chuyển đổi số"),
    ("Văn hóa - Giáo dục", "lễ hội|giáo dục|thể thao|du lịch|y tế"),
    ("Thông báo", "thông báo"),
    ("An ninh - Quốc phòng", "an ninh|thiên tai|thanh niên"),
    ("Nông thôn mới", "nông nghiệp|công trình|an sinh"),
)
_OTHERS: dict[Kind, tuple[str, ...]] = {
    "video": ("Video", "Thư viện video", "Phóng sự truyền hình", "Truyền hình"),
    "gallery": ("Thư viện ảnh", "Album ảnh", "Hình ảnh hoạt động"),
    "documents": ("Văn bản pháp luật", "Văn bản chỉ đạo điều hành", "Văn bản mới"),
}
_SIGNS = ("QĐ-UBND", "KH-UBND", "TB-UBND", "CV-UBND", "BC-UBND")
AGENCIES = tuple(
    f"{rank} {name}"
    for rank, names in (
        ("Sở", ("Nội vụ", "Tư pháp", "Tài chính", "Xây dựng", "Công Thương", "Y tế", "Khoa học và Công nghệ", "Du lịch")),
        ("UBND huyện", ("Khau Lạnh", "Suối Ngần", "Nậm Thia", "Bến Chò", "Đá Xanh", "Pu Lau", "Lũng Sâu", "Tam Khe")),
        ("Ban", ("Tổ chức", "Tuyên giáo", "Dân vận", "Nội chính", "Dân tộc", "Quản lý khu kinh tế", "Tiếp công dân", "Thi đua")),
        ("Hội", ("Nông dân", "Phụ nữ", "Cựu chiến binh", "Chữ thập đỏ", "Nhà báo", "Văn nghệ", "Luật gia", "Khuyến học")),
        ("Trung tâm", ("Hành chính công", "Khuyến nông", "Lưu trữ", "Xúc tiến đầu tư", "Kiểm soát bệnh tật", "Pháp y", "Phục hồi", "Công nghệ số")),
    )
    for name in names
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article, film, album or legal document. `captions` are (number of paragraphs before it, words)."""

    number: int
    kind: Kind
    title: str
    published: datetime
    lead: str = ""
    paragraphs: tuple[str, ...] = ()
    captions: tuple[tuple[int, str], ...] = ()
    line: str = ""
    authors: tuple[Pair, ...] = ()
    files: tuple[str, ...] = ()
    films: int = 0
    sign: str = ""

    @property
    def slug(self) -> str:
        """The title as portals write it in addresses."""
        return slug(self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A category; `size` is the number of lines of one list page."""

    slug: str
    name: str
    kind: Kind
    number: int
    size: int
    stories: tuple[Story, ...]

    def page(self, number: int) -> tuple[Story, ...]:
        """The stories of list page `number`, counted from 1."""
        return self.stories[(number - 1) * self.size : number * self.size]

    @property
    def pages(self) -> int:
        """How many list pages there are."""
        return max(1, -(-len(self.stories) // self.size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """Town, portal name, and the desks in menu order."""

    town: Town
    name: str
    desks: tuple[Desk, ...]

    @property
    def news(self) -> tuple[Desk, ...]:
        """The desks with articles."""
        return tuple(desk for desk in self.desks if desk.kind == "news")


def slug(title: str, longest: int = 90) -> str:
    """Words without marks, joined by hyphens, as in addresses."""
    plain = unicodedata.normalize("NFD", title.lower().replace("đ", "d"))
    words = re.findall(r"[a-z0-9]+", "".join(char for char in plain if not unicodedata.combining(char)))
    return "-".join(words)[:longest].strip("-")


def newsroom(seed: int, name: str, now: datetime, scale: float = 1.0) -> Newsroom:
    """The content of the portal family `name` for a seed; `scale` 1 means about 250 stories."""
    chance = Random(f"{name}-{seed}")
    town = Town(*chance.choice(TOWNS))
    writer = _Writer(chance, town, now, scale)
    desks = [writer.news(*one) for one in chance.sample(_NEWS, 4)]
    desks += [writer.other(kind, chance.choice(names)) for kind, names in _OTHERS.items()]
    return Newsroom(town=town, name=f"Cổng thông tin điện tử {town.full}", desks=tuple(desks))


class _Writer:
    """Writes the stories of one portal; no headline and no paragraph occurs twice."""

    def __init__(self, chance: Random, town: Town, now: datetime, scale: float) -> None:
        self.chance, self.town, self.now, self.scale = chance, town, now, scale
        self.number = self.top = chance.randint(1200, 480_000)
        self.said: set[str] = set()
        self.desks = 0

    def news(self, name: str, subjects: str) -> Desk:
        """A desk of articles: two to five pages of them, and now and then three articles only."""
        size = self.chance.choice((8, 10, 10, 12))
        few = self.desks == 3 and self.chance.random() < 0.5
        count = 3 if few else self._count(size)
        return self._desk("news", name, size, [self.article(day, subjects) for day in self._days(count)])

    def other(self, kind: Kind, name: str) -> Desk:
        """A desk of films, albums or legal documents."""
        size = {"video": 12, "gallery": 9, "documents": 15}.get(kind, 10)
        write = {"video": self.film, "gallery": self.album, "documents": self.document}[kind]
        return self._desk(kind, name, size, [write(day) for day in self._days(self._count(size))])

    def _count(self, size: int) -> int:
        pages = max(2, round(self.chance.choice((2, 3, 4, 5)) * self.scale))
        return size * (pages - 1) + self.chance.randint(2, size)

    def _desk(self, kind: Kind, name: str, size: int, stories: Sequence[Story]) -> Desk:
        self.desks += 1
        return Desk(slug=slug(name), name=name, kind=kind, number=self.desks, size=size, stories=tuple(stories))

    def _days(self, count: int) -> Iterator[datetime]:
        """Moments from yesterday back, newest first; some on one day, a silence of months now and then."""
        moment = self.now - timedelta(hours=20)
        self.number = self.top = self.top + 40 * count
        for _ in range(count):
            moment -= timedelta(hours=self.chance.choice((2, 5, 20, 30, 60, 130)), minutes=self.chance.randint(1, 59))
            if self.chance.random() < 0.03:
                moment -= timedelta(days=self.chance.randint(60, 200))
            if moment.hour < 7:
                moment = (moment - timedelta(days=1)).replace(hour=20)
            self.number -= self.chance.randint(3, 39)
            yield moment.replace(second=0, microsecond=0)

    def article(self, moment: datetime, subjects: str) -> Story:
        """An article: lead, three to ten paragraphs, pictures with captions, a last line that names the writers."""
        chance, topic = self.chance, topics()[self.chance.choice(subjects.split("|"))]
        voice = Voice(chance, self.town, moment)
        plan = list(islice(chance.sample(topic.paragraphs, len(topic.paragraphs)), chance.randint(3, 7)))
        plan += chance.sample(topics()["chung"].paragraphs, chance.randint(0, 3))
        paragraphs = tuple(unlike((voice.say(one) for _ in range(99)), self.said) for one in plan)
        captions = chance.sample(topic.captions, chance.choice((0, 1, 1, 2, min(3, len(topic.captions) - 1))))
        places = sorted(chance.sample(range(len(paragraphs)), min(len(captions), len(paragraphs))))
        line, authors = byline(chance, self.town)
        return self._story(
            "news", self._title(voice, topic.titles), moment,
            lead=unlike((voice.say(chance.choice(topic.leads)) for _ in range(99)), self.said),
            paragraphs=paragraphs,
            captions=tuple(zip(places, (voice.say(one) for one in captions), strict=True)),
            line=line, authors=authors,
            files=tuple(f"{first_up(one)} {moment:%d-%m-%Y}" for one in self._files()),
            films=int(chance.random() < 0.12),
        )  # fmt: skip

    def _files(self) -> list[str]:
        names = ["biểu mẫu kèm theo", "danh sách chi tiết", "phụ lục số liệu", "kế hoạch thực hiện"]
        return self.chance.sample(names, self.chance.choice((0, 0, 0, 1, 2)))

    def film(self, moment: datetime) -> Story:
        """A film with a short text."""
        voice, topic = Voice(self.chance, self.town, moment), topics()["video"]
        lead = unlike((voice.say(self.chance.choice(topic.paragraphs)) for _ in range(99)), self.said)
        return self._story("video", self._title(voice, topic.titles), moment, lead=lead, films=1)

    def album(self, moment: datetime) -> Story:
        """An album: a sentence, and five to nine pictures."""
        voice, topic = Voice(self.chance, self.town, moment), topics()["ảnh"]
        lead = unlike((voice.say(self.chance.choice(topic.paragraphs)) for _ in range(99)), self.said)
        captions = [voice.say(one) for one in self.chance.sample(topic.captions, self.chance.randint(5, 9))]
        title = self._title(voice, topic.titles)
        return self._story("gallery", title, moment, lead=lead, captions=tuple((0, one) for one in captions))

    def document(self, moment: datetime) -> Story:
        """A legal document: number and sign, abstract as title, one file."""
        voice, topic = Voice(self.chance, self.town, moment), topics()["văn bản"]
        sign = f"{self.chance.randint(11, 2900)}/{self.chance.choice(_SIGNS)}"
        title = self._title(voice, topic.titles)
        lead = voice.say(topic.paragraphs[0])
        return self._story("documents", title, moment, lead=lead, sign=sign, files=(sign,))

    def _title(self, voice: Voice, templates: Sequence[str]) -> str:
        drawn = (voice.say(self.chance.choice(templates)) for _ in range(9))
        more = (f"{voice.say(self.chance.choice(templates))} (đợt {number})" for number in range(2, 99))
        return unlike((one for group in (drawn, more) for one in group), self.said)

    def _story(self, kind: Kind, title: str, moment: datetime, **parts: object) -> Story:
        return Story(number=self.number, kind=kind, title=title, published=moment, **parts)  # type: ignore[arg-type]

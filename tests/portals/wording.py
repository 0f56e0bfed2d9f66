"""Varied Vietnamese text from the grammar in topics.txt: the same chance gives the same words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

TOWNS = (
    ("thị xã", "Mường Sương"), ("huyện", "Khau Lạnh"), ("thị xã", "Phiêng Trám"), ("huyện", "Suối Ngần"),
    ("thành phố", "Vân Đồi"), ("huyện", "Nậm Thia"), ("huyện", "Bến Chò"), ("thị xã", "Đồng Lau"),
)  # fmt: skip
PROVINCE = "tỉnh Vân Lĩnh"
PAPER = "Báo Vân Lĩnh"
_COMMUNES = (
    "Hua Phăng", "Sín Lao", "Nậm Khoai", "Khe Lạnh", "Pà Cánh", "Lũng Thông", "Tả Chồ", "Nà Vạc", "Suối Đon", "Phìn Sán",
    "Đồi Sim", "Cốc Mạ", "Mường Tè Hạ", "Khao Pút", "Nà Ngoan", "Thèn Lủng",
)  # fmt: skip
_VILLAGES = (
    "Tả Lùng", "Nà Lạnh", "Sàng Chải", "Hua Khe", "Huổi Pậu", "Suối Lẻ", "Khuổi Trà", "Can Thàng", "Lao Vàng", "Phai Đông",
    "Pác Sum", "Chiềng Ngòi", "Đồng Vai", "Cầu Mây", "Séo Trung", "Nậm Giá", "Thẩm Hin", "Gốc Gạo", "Tỉn Thùng", "Bó Lạ",
)  # fmt: skip
_FAMILY = (
    "Lò", "Giàng", "Sùng", "Vàng", "Tẩn", "Lù", "Hoàng", "Nguyễn", "Trần", "Đặng", "Phan", "Bùi", "Đỗ", "Lý", "Chảo", "Hà",
)  # fmt: skip
_MEN = (
    "Văn Pấn", "A Páo", "Quốc Hưởng", "Minh Lưu", "Đình Khoát", "A Chứ", "Văn Ngọt", "Trung Hạnh", "Seo Lử", "Bá Tuyền",
    "Đức Ngải", "Thế Cương",
)  # fmt: skip
_WOMEN = (
    "Thị Mẩy", "Bích Liên", "Thị Sua", "Thu Ngà", "Mai Thảo", "Thị Dợ", "Hồng Nhạn", "Thanh Vy", "Thị Pàng", "Lệ Sương",
    "Thị Ổi", "Kim Ngoan",
)  # fmt: skip
_PENS = (
    "Hà My", "Trần Kiên", "Thu Lành", "Giàng A Sử", "Lò Thị Mây", "Minh Đoan", "Quốc Ấn", "Ngọc Lam", "Sơn Trà", "Vàng Seo Dế",
    "Bảo Yên", "Hoài Thương", "Tẩn Mẩy Lai", "Đình Phú", "Cao Nguyên Vũ", "Lan Chi",
)  # fmt: skip
_INITIALS = ("G.K", "L.V", "P.V", "T.M", "H.S", "N.Đ")
_POSTS = (
    "Chủ tịch UBND",
    "Phó Chủ tịch UBND",
    "Bí thư",
    "Phó Bí thư Thường trực",
    "Chủ tịch HĐND",
    "Chủ tịch Ủy ban MTTQ",
)
_OFFICES = (
    "Phòng Kinh tế", "Phòng Văn hóa và Thông tin", "Trung tâm Y tế", "Phòng Nội vụ", "Hội Nông dân", "Hội Liên hiệp Phụ nữ",
    "Phòng Giáo dục và Đào tạo", "Ban Quản lý dự án", "Phòng Nông nghiệp và Môi trường", "Phòng Tư pháp",
)  # fmt: skip
_CROPS = (
    "mận tam hoa",
    "chè shan",
    "thảo quả",
    "lê vàng",
    "dứa mật",
    "sâm đất",
    "atisô",
    "chanh leo",
    "quế",
    "khoai sọ nương",
)
_BEASTS = ("trâu", "bò", "lợn đen", "dê", "ngựa")
_SCHOOLS = ("Trường Tiểu học", "Trường THCS", "Trường Mầm non", "Trường Phổ thông dân tộc bán trú")
_SPANS = ("quý {1-4}", "{6-9} tháng đầu năm {nam}", "năm {nam}", "giai đoạn {2021-2023} - {2025-2027}")
_SLOT = re.compile(r"\{([^{}]+)\}")
_CHOICE = re.compile(r"<([^<>]*\|[^<>]*)>")
_RANGE = re.compile(r"(\d+)-(\d+)")
_THOUSANDS = 3000  # below it a number may be a year


@dataclass(frozen=True, slots=True)
class Topic:
    """Templates of one subject."""

    name: str
    titles: tuple[str, ...]
    leads: tuple[str, ...]
    paragraphs: tuple[str, ...]
    captions: tuple[str, ...]


@cache
def topics() -> dict[str, Topic]:
    """The subjects of topics.txt by name."""
    records = re.split(r"^# ", (Path(__file__).parent / "topics.txt").read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {topic.name: topic for topic in map(_topic, records)}


def _topic(record: str) -> Topic:
    name, *lines = record.splitlines()
    parts = {mark: tuple(line[2:] for line in lines if line.startswith(f"{mark} ")) for mark in "=>-!"}
    return Topic(name.strip(), parts["="], parts[">"], parts["-"], parts["!"])


def first_up(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Town:
    """The invented place of a portal."""

    rank: str
    name: str

    @property
    def full(self) -> str:
        """`thị xã Mường Sương`."""
        return f"{self.rank} {self.name}"


def _one_of(*names: str) -> Callable[[Voice], str]:
    return lambda voice: voice.chance.choice(names)


_INVENTED: dict[str, Callable[[Voice], str]] = {
    "noi": lambda voice: voice.town.full,
    "cap": lambda voice: voice.town.rank,
    "xa": lambda voice: f"{voice.chance.choice(('xã', 'xã', 'xã', 'phường'))} {voice.chance.choice(_COMMUNES)}",
    "thon": lambda voice: f"{voice.chance.choice(('thôn', 'bản'))} {voice.chance.choice(_VILLAGES)}",
    "lanhdao": lambda voice: f"{person(voice.chance)} – {voice.chance.choice(_POSTS)} {voice.town.rank}",
    "dan": lambda voice: person(voice.chance, ("anh", "ông"), ("chị", "bà")),
    "em": lambda voice: f"{voice.chance.choice(_FAMILY)} {voice.chance.choice(_MEN + _WOMEN)}",
    "phong": lambda voice: f"{voice.chance.choice(_OFFICES)} {voice.town.rank}",
    "truong": lambda voice: f"{voice.chance.choice(_SCHOOLS)} {voice.chance.choice(_COMMUNES)}",
    "cay": _one_of(*_CROPS),
    "con": _one_of(*_BEASTS),
    "ky": _one_of(*_SPANS),
    "ky_ngan": _one_of("quý", "tháng", "năm"),
    "nam": lambda voice: str(voice.moment.year),
    "thang": lambda voice: str(voice.moment.month),
    "ngay": lambda voice: f"{voice.moment.day}/{voice.moment.month}",
    "mo": lambda voice: voice.opening(),
    "mo_nho": lambda voice: voice.opening().rstrip(",").lower(),
}


@dataclass(slots=True)
class Voice:
    """The words of one article: what a slot was filled with stays so throughout the article."""

    chance: Random
    town: Town
    moment: datetime
    known: dict[str, str] = field(default_factory=dict)

    def say(self, template: str) -> str:
        """The template with its choices made and its slots filled."""
        chosen = _CHOICE.sub(lambda found: self.chance.choice(found[1].split("|")), template)
        return first_up(_SLOT.sub(lambda found: self._fill(found[1]), chosen))

    def _fill(self, slot: str) -> str:
        if found := _RANGE.fullmatch(slot):
            number = self.chance.randint(int(found[1]), int(found[2]))
            return f"{number:,}".replace(",", ".") if int(found[2]) >= _THOUSANDS else str(number)
        low = slot[0].lower() + slot[1:]
        if low not in self.known:
            self.known[low] = _SLOT.sub(lambda found: self._fill(found[1]), self._invent(low.rstrip("2")))
            if low.endswith("2") and self.known[low] == self.known.get(low[:-1]):
                del self.known[low]
                return self._fill(slot)
        return first_up(self.known[low]) if slot != low else self.known[low]

    def _invent(self, slot: str) -> str:
        return _INVENTED[slot](self)

    def event(self) -> datetime:
        """When the thing happened: on the day of the article, or up to two days before."""
        return self.moment - timedelta(days=self.chance.choice((0, 0, 1, 1, 2)))

    def opening(self) -> str:
        """`Sáng 14/7,`: how a lead begins."""
        event = self.event()
        day = self.chance.choice((f"{event.day}/{event.month}", f"{event.day:02}/{event.month}"))
        part = self.chance.choice(("Ngày", "Sáng", "Chiều", "Sáng ngày", "Tối"))
        return f"{part} {day},"


def person(chance: Random, men: tuple[str, ...] = ("ông",), women: tuple[str, ...] = ("bà",)) -> str:
    """A form of address and an invented name."""
    title, names = chance.choice(((men, _MEN), (women, _WOMEN)))
    return f"{chance.choice(title)} {chance.choice(_FAMILY)} {chance.choice(names)}"


Pair = tuple[str, str]
"""Name and organisation of an author; either may be empty."""


def byline(chance: Random, town: Town) -> tuple[str, tuple[Pair, ...]]:
    """A last line in one of the habits of portals, and whom it names."""
    one, two = chance.sample(_PENS, 2)
    short = chance.choice(_INITIALS)
    centre = f"Trung tâm VH,TT-TT {first_up(town.full)}"
    return chance.choice((
        (f"{one} ({centre})", ((one, centre),)),
        (f"{one} ({centre})", ((one, centre),)),
        (f"Tin, ảnh: {short}", ((short, ""),)),
        (f"Tin, ảnh: {one}", ((one, ""),)),
        (f"{one} - {two}", ((one, ""), (two, ""))),
        (f"Bài, ảnh: {one}", ((one, ""),)),
        (f"Theo {one} ({PAPER})", ((one, PAPER),)),
        (f"Theo {PAPER}", (("", PAPER),)),
        (one, ((one, ""),)),
        (one, ((one, ""),)),
        (short, ((short, ""),)),
        (f"{one} và {two}", ((one, ""), (two, ""))),
        (f"Nguồn: {PAPER}", (("", PAPER),)),
    ))  # fmt: skip


def unlike(drawn: Iterable[str], known: set[str]) -> str:
    """The first of what is drawn that was not said before; it is known from now on."""
    text = next(one for one in drawn if one not in known)
    known.add(text)
    return text

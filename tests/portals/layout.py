"""What the portal families differ in besides their markup: addresses, spellings of dates, pager, files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import Random

from portals.newsroom import Desk, Newsroom, Story

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_MONTHS = ("Một", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười Một", "Mười Hai")
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Block:
    """A part of an article's body: a paragraph, or pictures in a row (their addresses) with one caption."""

    text: str
    paths: tuple[str, ...] = ()


class Layout:
    """A portal family. Addresses are paths from the root; subclasses say how theirs look."""

    name = ""
    charset = "utf-8"
    content_type = "text/html; charset=utf-8"

    list_days: tuple[str, ...] = ()
    article_days: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    windows: tuple[int, ...] = (99,)
    signed: tuple[str, ...] = ("end",)

    def __init__(self, room: Newsroom, home: str, now: datetime, chance: Random) -> None:
        self.room, self.home, self.now, self.chance = room, home, now, chance
        self.list_style = chance.choice(self.list_days or ("d/m/Y",))
        self.article_style = chance.choice(self.article_days or ("d/m/Y H:M",))
        self.caption_style = chance.choice(self.captions or ("",))
        self.window = chance.choice(self.windows)
        self.signs = chance.choice(self.signed)

    # Addresses -------------------------------------------------------------------------------------------------------

    def list_path(self, desk: Desk, number: int = 1) -> str:
        """The address of a list page."""
        raise NotImplementedError

    def aliases(self, desk: Desk) -> tuple[str, ...]:
        """Other addresses of the first list page."""
        return ()

    def static_path(self, slug: str) -> str:
        """The address of a page that is no news."""
        return f"/{slug}"

    def further_path(self, desk: Desk, story: Story, number: int) -> str:
        """The address of page `number`, from 2, of a story that goes on."""
        raise NotImplementedError

    def parts(self, story: Story) -> int:
        """On how many pages a story stands."""
        return 1

    def part(self, story: Story, number: int) -> list[Block]:
        """The paragraphs and pictures on page `number` of a story."""
        blocks = self.blocks(story)
        size = -(-len(blocks) // self.parts(story))
        return blocks[(number - 1) * size : number * size]

    def next_post(self, desk: Desk, number: int) -> tuple[str, str] | None:
        """Target and argument of the postback that leads to list page `number`; None where links lead there."""
        return None

    def story_path(self, desk: Desk, story: Story) -> str:
        """The address of a story's page."""
        raise NotImplementedError

    def picture_path(self, story: Story, number: int) -> str:
        """The address of a story's picture at full size."""
        return f"/uploads/{story.published:%Y_%m}/{story.slug[:40].strip('-')}-{number + 1}.jpg"

    def thumb_path(self, story: Story) -> str | None:
        """The address of the picture in lists; None where the story has none."""
        return self.picture_path(story, 0).replace("/uploads/", "/assets/") if self.has_picture(story) else None

    def film_path(self, story: Story) -> str:
        """The address of a story's film."""
        return f"/uploads/video/{story.slug[:40].strip('-')}.mp4"

    def file_path(self, story: Story, number: int) -> str:
        """The address of an attachment."""
        return f"/uploads/files/{story.published:%Y}/van-ban-{story.number}-{number + 1}.pdf"

    # Words -----------------------------------------------------------------------------------------------------------

    def list_day(self, desk: Desk, moment: datetime) -> str:
        """The date of a line of a list; "" where the list prints none."""
        return written(moment, "d/m/Y" if desk.kind == "documents" else self.list_style)

    def article_day(self, moment: datetime) -> str:
        """The date in an article's head, and of the clock in the page's."""
        return written(moment, self.article_style)

    def clock(self) -> str:
        """The clock in the page's head: in the very spelling of an article's date, but for its label."""
        return re.sub(
            r"^(?:Ngày đăng|Ngày xuất bản|Cập nhật lúc|Đăng lúc|Cập nhật|Đăng ngày):? ", "", self.article_day(self.now)
        )

    def shown_pages(self, desk: Desk, number: int) -> list[tuple[str, int]]:
        """The numbers that the pager shows: a block of them, and dots that lead to the block before and after."""
        first = (number - 1) // self.window * self.window + 1
        last = min(first + self.window - 1, desk.pages)
        shown = [(str(one), one) for one in range(first, last + 1)]
        before = [("...", first - 1)] if first > 1 else []
        return [*before, *shown, *([("...", last + 1)] if last < desk.pages else [])]

    def lead(self, story: Story) -> str:
        """The lead, with the portal's sign where it is a habit."""
        return story.lead

    def line(self, story: Story) -> str:
        """The last line of an article."""
        return story.line

    def labelled(self, story: Story) -> str:
        """The last line with a label where it has none."""
        is_bare = story.line and not re.match(r"Tin|Bài|Theo|Nguồn", story.line)
        return f"Tác giả: {story.line}" if is_bare else story.line

    def shown_title(self, title: str, longest: int) -> str:
        """A title cut at a word by the server, as narrow columns have it."""
        return title if len(title) <= longest else title[:longest].rsplit(" ", 1)[0] + "..."

    # What a page is made of ------------------------------------------------------------------------------------------

    def has_picture(self, story: Story) -> bool:
        """Whether a story has pictures of its own, those of its film included."""
        return bool(story.captions or story.films)

    def rows(self, story: Story) -> list[tuple[str, ...]]:
        """The addresses of the pictures above each caption: one each, but for families that set several in a row."""
        return [(self.picture_path(story, number),) for number in range(len(story.captions))]

    def blocks(self, story: Story) -> list[Block]:
        """Paragraphs and pictures in their order."""
        blocks = [Block(text) for text in story.paragraphs]
        for (place, caption), row in reversed(list(zip(story.captions, self.rows(story), strict=True))):
            blocks.insert(place, Block(caption, row))
        return blocks

    def boilerplate(self) -> tuple[str, ...]:
        """Sentences that this family's pages repeat."""
        town = self.room.town.full
        return (
            f"Bản quyền thuộc về Ủy ban nhân dân {town}, {self.licence}",
            f"Trụ sở: số 12 đường Hoa Ban, {town}, điện thoại (0210) 3.812.345",
            f"Ghi rõ nguồn khi phát hành lại thông tin từ Cổng thông tin điện tử {town}",
        )

    licence = "giấy phép số 19/GP-TTĐT cấp ngày 01/02/2015"

    def others(self, desk: Desk, story: Story, count: int = 8) -> Sequence[Story]:
        """Older stories of the same desk, for `Tin khác`."""
        place = desk.stories.index(story)
        rest = desk.stories[place + 1 :] + desk.stories[:place]
        return rest[:count]

    def most_read(self) -> list[tuple[Desk, Story]]:
        """Five stories for `Xem nhiều`, the same on every page."""
        chance = Random(self.room.name)
        return [(desk, chance.choice(desk.stories)) for desk in (*self.room.news, self.room.news[0])]

    def counters(self, path: str) -> dict[str, str]:
        """Numbers that differ on every page."""
        chance = Random(path)
        return {
            "online": str(chance.randint(3, 90)),
            "day": f"{chance.randint(300, 9000):,}",
            "year": f"{chance.randint(200_000, 900_000):,}",
            "all": f"{chance.randint(3_000_000, 9_000_000):,}".replace(",", "."),
            "views": str(chance.randint(10, 3000)),
        }

    def finish(self, markup: str) -> str:
        """The page's markup after the server's own habits."""
        return markup

    def encode(self, markup: str) -> bytes:
        """The bytes of a page."""
        return markup.encode(self.charset)

    def posted(self, path: str, fields: Sequence[tuple[str, str]]) -> tuple[Desk, int] | None:
        """The list page that a posted form asks for; None where it asks for none."""
        return None


def written(moment: datetime, style: str) -> str:
    """A moment in one of the spellings of portals; letters as in PHP, W for the weekday, w for its number."""
    parts = {
        "d": f"{moment:%d}", "m": f"{moment:%m}", "Y": f"{moment:%Y}", "H": f"{moment:%H}", "M": f"{moment:%M}",
        "j": str(moment.day), "n": str(moment.month), "I": f"{moment:%I}", "p": f"{moment:%p}",
        "W": weekday(moment), "w": "CN" if moment.weekday() == 6 else f"T{moment.weekday() + 2}",
        "N": "Chủ nhật" if moment.weekday() == 6 else f"Thứ {moment.weekday() + 2}",
        "c": "CH" if moment.hour >= 12 else "SA", "B": _MONTHS[moment.month - 1],
    }  # fmt: skip
    return re.sub(r"'([^']*)'|([a-zA-Z])", lambda found: found[1] or parts[found[2]], style)


def weekday(moment: datetime) -> str:
    """`Thứ hai` to `Chủ nhật`."""
    return WEEKDAYS[moment.weekday()]


def decomposed(text: str) -> str:
    """The text as systems of Apple save it: marks apart from their letters."""
    return unicodedata.normalize("NFD", text)


def windows_1258(text: str) -> bytes:
    """The bytes of the code page that writes tones apart from their letters; what it lacks as numbers."""
    return b"".join(map(_in_1258, text))


@cache
def _in_1258(letter: str) -> bytes:
    for form in (letter, _with_tone_apart(letter)):
        with suppress(UnicodeEncodeError):
            return form.encode("cp1258")
    return f"&#{ord(letter)};".encode()


def _with_tone_apart(letter: str) -> str:
    base, *marks = unicodedata.normalize("NFD", letter)
    tones = [mark for mark in marks if mark in _TONES]
    return unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark not in _TONES)) + "".join(tones)


_TCVN3: dict[str, int] = {
    **dict(zip("ăâêôơưđ", (0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE), strict=True)),
    **dict(zip("ĂÂÊÔƠƯĐ", range(0xA1, 0xA8), strict=True)),
    **dict(zip("àảãáạ", range(0xB5, 0xBA), strict=True)), **dict(zip("ằẳẵắ", range(0xBB, 0xBF), strict=True)),
    **dict(zip("ặầẩẫấậè", range(0xC6, 0xCD), strict=True)), **dict(zip("ẻẽéẹềểễếệìỉ", range(0xCE, 0xD9), strict=True)),
    **dict(zip("ĩíịò", range(0xDC, 0xE0), strict=True)), **dict(zip("ỏõóọồổỗốộờởỡớợù", range(0xE1, 0xF0), strict=True)),
    **dict(zip("ủũúụừửữứựỳỷỹýỵ", range(0xF1, 0xFF), strict=True)),
}  # fmt: skip


def pasted_from_tcvn3(text: str) -> str | None:
    """The text as it looks when type of the nineties is pasted into a page of today; None where letters are missing."""
    if any(letter not in _TCVN3 and ord(letter) > 0x7F for letter in text):
        return None
    return "".join(chr(_TCVN3.get(letter, ord(letter))) for letter in text)

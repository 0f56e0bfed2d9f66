"""From the blocks of the body to the article itself: what a person would call its text, its captions, its signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from feedsvc.extract.byline import is_signature
from feedsvc.extract.title import fold

if TYPE_CHECKING:
    from feedsvc.extract.flow import Block

_TAIL: Final = re.compile(
    r"(?:(?:các )?(?:tin|bài)(?: viết| tức| bài| đăng)? (?:khác|liên quan|cùng chuyên mục|mới(?: hơn| nhất| đăng)?|cũ hơn|đã đưa|đã đăng|nổi bật|"
    r"cùng loại|đọc nhiều|xem nhiều|tiếp theo)|những tin (?:mới|cũ) hơn|tin đã đưa|xem thêm(?: tin)?|xem nhiều(?: nhất)?|đọc nhiều(?: nhất)?|đọc thêm|có thể bạn quan tâm|"
    r"danh sách video|thư viện (?:ảnh|video|hình ảnh)|đăng nhập|liên kết(?: website| web)?|bình luận|ý kiến (?:bạn đọc|của bạn)|gửi bình luận|tin tức|"
    r"lượt (?:truy cập|xem)|đang truy cập|thống kê truy cập|chuyên mục khác|video khác|ảnh khác|album khác|văn bản (?:khác|liên quan)|"
    r"related(?: (?:articles?|stories|story|posts?|content|news|links|topics|coverage|videos?|reading))?|more (?:from|on|stories|news|in|about) .{0,40}|more stories|read (?:more|next|also).{0,60}|"
    r"(?:\d+ )?comments?|leave a (?:reply|comment)|join the (?:conversation|discussion)|you (?:may|might) (?:also )?(?:like|enjoy|be interested in)|recommended(?: for you)?|"
    r"about the authors?|share this.{0,20}|most (?:popular|read|viewed|shared)|latest (?:news|stories|posts)|what to read next|trending(?: now)?|"
    r"ähnliche (?:artikel|beiträge)|mehr zum thema|das könnte (?:sie|dich|ihnen).{0,40}|kommentare?|weitere (?:artikel|beiträge|meldungen).{0,30}|"
    r"artículos relacionados|noticias relacionadas|articoli correlati|leggi anche|leia (?:também|mais)|articles? (?:liés|similaires))"
)
_BOILERPLATE: Final = re.compile(
    r"^(?:advertisement|advertising|anzeige|publicidade|publicidad|quảng cáo|pubblicità|reklam\w*|story continues below.*|continue reading.*|article continues.*|"
    r"sharing is caring.*|share(?: (?:this|on|via|with).*)?|\d+ ?(?:shares?|comments?|views?|likes?|lượt xem|bình luận)|print(?: this)?|e-?mail|tweet|pin(?: it)?|facebook|twitter|whatsapp|"
    r"click here (?:to|for) .*|sign up (?:for|to|here).*|subscribe (?:to|now|here).*|follow (?:us|@|me) .*|like us on .*|get the latest .*|download our .*|join our .*|"
    r"you must (?:be logged in|log in|enable javascript).*|please enable javascript.*|this (?:video|content) (?:is|has) .{0,40}(?:available|unavailable|removed).*|"
    r"loading.*|copyright .*|© .*|all rights reserved.*|xem thêm:.*|đọc thêm:.*|mời (?:bạn )?xem thêm.*|(?:từ khóa|tags?|thẻ|chủ đề|keywords?|topics?|filed under)\s*:.*|"
    r"lượt xem:?.*|số lượt (?:xem|truy cập).*|view count.*|in (?:trang|bài viết)(?: này)?|gửi (?:email|bài viết|mail).*|về trang trước|quay lại|trở (?:về|lại)|lên đầu trang|"
    r"cỡ chữ.*|chia sẻ.*|đánh giá.*|font size.*|a[+-](?: a[+-]?)*|trong (?:năm|tháng|tuần|ngày)\s*:\s*[\d.,]+|(?:tất cả|tổng(?: số)?|hôm nay|hôm qua|đang truy cập|đang online|lượt truy cập)\s*:?\s*[\d.,]+|"
    r"(?:photo|image|picture|foto)s? ?(?:by|:|credit|courtesy|source).*|image source.*|getty images.*|(?:watch|related|see also|read more|more|also read|read|recommended|don't miss|must read)\s*:.*)$"
)
_PAGER: Final = re.compile(r"[\d\s.…»«<>|\[\]]+")
_TERMINATED: Final = re.compile(r"[.!?…:;”\"’)。！？」,]\s*$")
_ONE_SENTENCE: Final = re.compile(
    r"[^.!?…]*(?:(?:\b[\w]{1,3}\.|\d[.,]\d|\.(?=[\w]))[^.!?…]*)*[.!?…”\"]*\s*(?:\([^()]{0,60}\)\.?|(?:Ảnh|ảnh|Nguồn)\s*:?.{0,40})?"
)
_CREDIT: Final = re.compile(r"^(?:ảnh|nguồn ảnh|ảnh minh họa|photo|foto|image)\b", re.IGNORECASE)
_DATE_WORDS: Final = re.compile(
    r"(?:ngày|đăng|xuất bản|cập nhật|lúc|vào|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn|t[2-7]|tháng|năm|giờ|phút|gmt|utc|am|pm|sa|ch|lượt xem|"
    r"view count|views|published|posted|updated|on|at|by|last|first|am|um|uhr|jan\w*|feb\w*|mar\w*|apr\w*|may|jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|"
    r"nov\w*|dec\w*|(?:mon|tues|wednes|thurs|fri|satur|sun)day|e[sd]t|c[sd]t|p[sd]t)"
)
_LETTER: Final = re.compile(r"[^\W\d_]")
_LONG: Final = 15
_LONGEST_CAPTION: Final = 200
_SHORT: Final = 25
_HEAD_BLOCKS: Final = 4
_LINKED: Final = 0.5


@dataclass(slots=True)
class Prose:
    """The article's own blocks in order, pictures and films among them.

    `captions` gives the caption of a picture by its place; `signature` is the last line that names the writers, taken
    out of the text.
    """

    blocks: list[Block] = field(default_factory=list)
    captions: dict[int, str] = field(default_factory=dict)
    signature: str = ""

    @property
    def paragraphs(self) -> list[Block]:
        """The blocks that speak."""
        return [block for block in self.blocks if block.text]


def read_prose(blocks: list[Block], title: str, language: str) -> Prose:
    """Pick from the body's `blocks` what belongs to the article titled `title`; `language` is a code such as "vi"."""
    own = [block for block in blocks if block.chrome is None and not block.comment]
    own = _before_tail(own)
    prose = Prose()
    own = _without_captions(own, prose, language)
    own = _without_head(own, title)
    own = [block for place, block in enumerate(own) if _speaks(block, own, place)]
    own = _without_loose_headings(own)
    prose.blocks = _signed(own, prose, language)
    return prose


def _before_tail(blocks: list[Block]) -> list[Block]:
    """Cut at the first tail marker below two paragraphs, when only short or linked lines follow."""
    paragraphs = 0
    for place, block in enumerate(blocks):
        if _is_paragraph(block):
            paragraphs += 1
        elif (
            paragraphs
            and is_tail(block.text)
            and block.kind != "item"
            and _only_scraps(blocks[place + 1 :], paragraphs)
        ):
            return blocks[:place]
    return blocks


def is_tail(text: str) -> bool:
    """Tell whether `text` is the heading of what stands below an article: other news, comments, counters, a pager."""
    line = text.casefold().strip(" \t:.>»-–—*•|+")
    return bool(line) and len(line) <= 70 and bool(_TAIL.fullmatch(line) or _PAGER.fullmatch(line))


def _only_scraps(rest: list[Block], paragraphs: int) -> bool:
    long = sum(1 for block in rest if _is_paragraph(block) and block.words >= _SHORT)
    return long == 0 or (long <= 2 and paragraphs > 4 * long)


def _is_paragraph(block: Block) -> bool:
    return block.words >= _LONG and block.link_share < _LINKED and block.kind != "heading" and block.caption is None


def _without_captions(blocks: list[Block], prose: Prose, language: str) -> list[Block]:
    """Bind captions to their pictures: marked ones, then the short paragraph below a picture."""
    kept: list[Block] = []
    last: Block | None = None  # the picture that a caption would belong to
    for place, block in enumerate(blocks):
        if block.kind in {"picture", "film"}:
            last = block
            kept.append(block)
        elif block.caption is not None:
            picture = _nearest_picture(blocks, place, last)
            if picture is not None:
                prose.captions[picture.place] = f"{prose.captions.get(picture.place, '')} {block.text}".strip()
        elif (
            last is not None and last.place not in prose.captions and _is_caption(block, last, blocks, place, language)
        ):
            prose.captions[last.place] = block.text
            last = None
        else:
            kept.append(block)
            last = None
    return kept


def _nearest_picture(blocks: list[Block], place: int, last: Block | None) -> Block | None:
    """The picture before a marked caption, or the one right after it where captions stand on top."""
    if last is not None:
        return last
    after = blocks[place + 1] if place + 1 < len(blocks) else None
    return after if after is not None and after.kind in {"picture", "film"} else None


def _is_caption(block: Block, picture: Block, blocks: list[Block], place: int, language: str) -> bool:
    if picture.kind != "picture" or block.kind in {"heading", "item", "pre"} or len(block.text) > _LONGEST_CAPTION:
        return False
    if block.text.endswith(":") or block.link_share > _LINKED or not _ONE_SENTENCE.fullmatch(block.text):
        return False
    alt = fold(picture.element.get("alt") or "")
    if (len(alt) > 10 and alt == fold(block.text)) or _CREDIT.match(block.text):
        return True
    styled = block.italic_words > 0.8 * block.words or (block.centred and block.words <= 40)
    if styled or _is_box(picture, block):
        return True
    # Vietnamese portals write captions as plain paragraphs; one that opens the article would leave it without a lead.
    others = [other for other in blocks if other is not block and (_is_paragraph(other) or other.kind == "picture")]
    return language == "vi" and len(others) > 1 and not is_signature(block.text) and not is_dateline(block.text)


def _is_box(picture: Block, block: Block) -> bool:
    """A picture and one short text alone in a cell, a figure or a box of their own."""
    box = block.owner if block.owner is picture.owner else block.owner.getparent()
    if box is None or box.tag not in {"td", "figure", "div", "center", "table", "tr", "tbody"}:
        return False
    inside = picture.owner
    steps = 0
    while inside is not None and inside is not box and steps < 4:
        inside, steps = inside.getparent(), steps + 1
    return inside is box and sum(len(text) for text in box.itertext()) <= len(block.text) + 60


def _without_head(blocks: list[Block], title: str) -> list[Block]:
    """Drop what stands between the headline and the first paragraph: the headline again, date, byline, buttons."""
    folded = fold(title)
    first = next((place for place, block in enumerate(blocks) if _is_paragraph(block)), None)
    if first is None:
        return [
            block for block in blocks if not block.text or (fold(block.text) != folded and not is_dateline(block.text))
        ]
    head = [
        block for block in blocks[:first]
        if not block.text or (block.kind in {"item", "quote", "cell"} and block.link_share < _LINKED)
        or (fold(block.text) != folded and _is_lead_line(block))
    ]  # fmt: skip
    return head + [block for block in blocks[first:] if block.kind != "heading" or fold(block.text) != folded]


def is_dateline(text: str) -> bool:
    """Tell whether `text` is nothing but a date, with its label or a counter."""
    line = text.casefold()
    return any(char.isdigit() for char in line) and not _LETTER.search(_DATE_WORDS.sub("", line))


def _is_lead_line(block: Block) -> bool:
    if block.kind == "heading":
        return block.words >= _LONG
    return (
        block.words >= 6 and bool(_TERMINATED.search(block.text)) and not any(char.isdigit() for char in block.text[:6])
    )


def _speaks(block: Block, blocks: list[Block], place: int) -> bool:
    if not block.text or block.kind == "pre":
        return True
    line = block.text.casefold().strip()
    if place < _HEAD_BLOCKS and block.kind == "text" and is_dateline(line):
        return False
    if block.words < _SHORT and (_BOILERPLATE.match(line) or _PAGER.fullmatch(line)) and block.kind != "cell":
        return False
    if block.link_share > _LINKED:
        return block.kind == "heading" and _stands_in_text(blocks, place)
    return True


def _stands_in_text(blocks: list[Block], place: int) -> bool:
    """A linked heading belongs to the text when prose follows it, as in a list of products."""
    after = next((block for block in blocks[place + 1 :] if block.text), None)
    return after is not None and _is_paragraph(after) and after.link_share < 0.3 and place > 0


def _without_loose_headings(blocks: list[Block]) -> list[Block]:
    """A heading with nothing below it, and the scraps below the last paragraph, are no part of the text."""
    last = next((place for place in range(len(blocks) - 1, -1, -1) if _closes(blocks[place])), len(blocks) - 1)
    return [block for place, block in enumerate(blocks) if place <= last or not block.text or is_signature(block.text)]


def _closes(block: Block) -> bool:
    return bool(block.text) and block.kind != "heading" and (
        block.kind in {"item", "cell", "pre", "quote"} or bool(_TERMINATED.search(block.text)) or block.words >= _LONG
    )  # fmt: skip


def _signed(blocks: list[Block], prose: Prose, language: str) -> list[Block]:
    """Take the signature out: one of the last two speaking blocks, in Vietnamese also without a label."""
    speaking = [block for block in blocks if block.text]
    if len(speaking) > 1:
        for block in reversed(speaking[-2:]):
            if (
                block.kind in {"text", "cell", "quote"}
                and is_signature(block.text)
                and (language == "vi" or ":" in block.text)
            ):
                prose.signature = block.text
                return [other for other in blocks if other is not block]
            if _is_paragraph(block):
                break
    return blocks

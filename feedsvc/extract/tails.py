"""The wordings by which lines around an article are known: headings of other news, buttons, counters, datelines."""

from __future__ import annotations

import re
from typing import Final

_LONGEST_TAIL: Final = 70
_TAIL: Final = re.compile(
    r"(?:(?:các )?(?:tin|bài)(?: viết| tức| bài| đăng)? (?:khác|liên quan|cùng chuyên mục|mới(?: hơn| nhất|"
    r" đăng)?|cũ hơn|đã đưa|đã đăng|nổi bật|"
    r"cùng loại|đọc nhiều|xem nhiều|tiếp theo)|những tin (?:mới|cũ) hơn|tin đã đưa|xem thêm(?: tin)?|"
    r"xem nhiều(?: nhất)?|đọc nhiều(?: nhất)?|đọc thêm|có thể bạn quan tâm|"
    r"danh sách video|thư viện (?:ảnh|video|hình ảnh)|đăng nhập|liên kết(?: website| web)?|bình luận|"
    r"ý kiến (?:bạn đọc|của bạn)|gửi bình luận|tin tức|"
    r"lượt (?:truy cập|xem)|đang truy cập|thống kê truy cập|chuyên mục khác|video khác|ảnh khác|album khác|"
    r"văn bản (?:khác|liên quan)|"
    r"related(?: (?:articles?|stories|story|posts?|content|news|links|topics|coverage|videos?|reading))?|"
    r"more (?:from|on|stories|news|in|about) .{0,40}|more stories|read (?:more|next|also).{0,60}|"
    r"(?:\d+ )?comments?|leave a (?:reply|comment)|join the (?:conversation|discussion)|you (?:may|"
    r"might) (?:also )?(?:like|enjoy|be interested in)|recommended(?: for you)?|"
    r"about the authors?|share this.{0,20}|most (?:popular|read|viewed|shared)|latest (?:news|stories|posts)|"
    r"what to read next|trending(?: now)?|"
    r"ähnliche (?:artikel|beiträge)|mehr zum thema|das könnte (?:sie|dich|ihnen).{0,40}|kommentare?|"
    r"weitere (?:artikel|beiträge|meldungen).{0,30}|"
    r"artículos relacionados|noticias relacionadas|articoli correlati|leggi anche|leia (?:também|mais)|"
    r"articles? (?:liés|similaires))"
)
_BOILERPLATE: Final = re.compile(
    r"^(?:advertisement|advertising|anzeige|publicidade|publicidad|quảng cáo|pubblicità|reklam\w*|"
    r"story continues below.*|continue reading.*|article continues.*|"
    r"sharing is caring.*|share(?: (?:this|on|via|with).*)?|\d+ ?(?:shares?|comments?|views?|likes?|lượt xem|"
    r"bình luận)|print(?: this)?|e-?mail|tweet|pin(?: it)?|facebook|twitter|whatsapp|"
    r"click here (?:to|for) .*|sign up (?:for|to|here).*|subscribe (?:to|now|here).*|follow (?:us|@|me) .*|"
    r"like us on .*|get the latest .*|download our .*|join our .*|"
    r"you must (?:be logged in|log in|enable javascript).*|please enable javascript.*|this (?:video|"
    r"content) (?:is|has) .{0,40}(?:available|unavailable|removed).*|"
    r"loading.*|copyright .*|© .*|all rights reserved.*|xem thêm:.*|đọc thêm:.*|mời (?:bạn )?xem thêm.*|"
    r"(?:từ khóa|tags?|thẻ|chủ đề|keywords?|topics?|filed under)\s*:.*|"
    r"lượt xem:?.*|số lượt (?:xem|truy cập).*|view count.*|in (?:trang|bài viết)(?: này)?|gửi (?:email|bài viết|"
    r"mail).*|về trang trước|quay lại|trở (?:về|lại)|lên đầu trang|"
    r"cỡ chữ.*|chia sẻ.*|đánh giá.*|font size.*|a[+-](?: a[+-]?)*|trong (?:năm|tháng|tuần|ngày)\s*:\s*[\d.,]+|"
    r"(?:tất cả|tổng(?: số)?|hôm nay|hôm qua|đang truy cập|đang online|lượt truy cập)\s*:?\s*[\d.,]+|"
    r"(?:photo|image|picture|foto)s? ?(?:by|:|credit|courtesy|source).*|image source.*|getty images.*|(?:watch|"
    r"related|see also|read more|more|also read|read|recommended|don't miss|must read)\s*:.*)$"
)
_PAGER: Final = re.compile(
    r"(?:[\d\s.…»«‹›<>|\[\]]|\b(?:trang|page)s?\b:?(?=\s*[\[(]?\s*\d)|"
    r"\btrang (?:sau|trước|tiếp(?: theo)?|đầu|cuối)\b)+"
)
_DATE_WORDS: Final = re.compile(
    r"(?:ngày|đăng|xuất bản|cập nhật|lúc|vào|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn|t[2-7]|tháng|năm|giờ|"
    r"phút|gmt|utc|am|pm|sa|ch|lượt xem|"
    r"view count|views|published|posted|updated|on|at|by|last|first|am|um|uhr|jan\w*|feb\w*|mar\w*|apr\w*|may|"
    r"jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|"
    r"nov\w*|dec\w*|(?:mon|tues|wednes|thurs|fri|satur|sun)day|e[sd]t|c[sd]t|p[sd]t)"
)
_LETTER: Final = re.compile(r"[^\W\d_]")


def is_tail(text: str) -> bool:
    """Tell whether `text` is the heading of what stands below an article: other news, comments, counters, a pager."""
    line = text.casefold().strip(" \t:.>»-–—*•|+")
    return bool(line) and len(line) <= _LONGEST_TAIL and bool(_TAIL.fullmatch(line) or _PAGER.fullmatch(line))


def is_dateline(text: str) -> bool:
    """Tell whether `text` is nothing but a date, with its label or a counter."""
    line = text.casefold()
    return any(char.isdigit() for char in line) and not _LETTER.search(_DATE_WORDS.sub("", line))


def is_boilerplate(text: str) -> bool:
    """Tell whether `text` is a button, a counter, a pager or a notice of the page, and nothing an author wrote."""
    line = text.casefold().strip()
    return bool(_BOILERPLATE.match(line) or _PAGER.fullmatch(line))

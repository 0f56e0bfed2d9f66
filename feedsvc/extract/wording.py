"""The words by which lists are told: dates, "read more", dots that cut, headings of side lists. All linear."""

from __future__ import annotations

import re
from typing import Final

_DAY: Final = r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)\d\d"

_NUMERIC: Final = re.compile(r"\b\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,4}\b")  # 05/09/2022, 2022-09-05
_WORDED: Final = re.compile(
    r"\b\d{1,2}\.?\s+(?:de\s+)?(?:tháng\s+\d{1,2}|th\d{1,2}|\w{3,})\.?,?\s+(?:năm\s+|de\s+)?(?:19|20)\d\d\b"
    r"|\b\w{3,}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d\b"  # September 12, 2008
    r"|\d{4}\s?年\s?\d{1,2}\s?月",
    re.IGNORECASE,
)
_DISTANT: Final = re.compile(
    r"\b(?:giây|phút|giờ|ngày|tuần|tháng|năm) trước|\b\w+ ago\b|hôm qua|hôm nay|vừa xong", re.IGNORECASE
)
# Most lines hold no date: these are found much faster than the patterns above, which need one of them.
_DIGITS: Final = re.compile(r"\d[^a-zA-Z]{0,3}\d|\d\s?年")
_NUMBERS: Final = re.compile(r"\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d")
_YEAR: Final = re.compile(r"[12][90]\d\d|\d年|\d\s年")
_MORE: Final = ("xem", "đọc", "chi tiết", "more", "continue")
_MORE_LENGTH: Final = 160  # characters from the first of these words to the end
_DISTANCES: Final = (" trước", " ago", "hôm ", "vừa xong")


def without_more(text: str) -> str:
    """Return `text` without "Xem tiếp" and the like at its end."""
    tail = text[-_MORE_LENGTH:].casefold()
    return _TRAILING_MORE.sub("", text).strip() if any(word in tail for word in _MORE) else text.strip()


def is_dated(text: str) -> bool:
    """Tell whether `text` holds something that looks like a date, whether or not there is such a day."""
    if has_day(text):
        return True
    folded = text.casefold()
    return any(word in folded for word in _DISTANCES) and _DISTANT.search(text) is not None


def has_day(text: str) -> bool:
    """Tell whether `text` holds what looks like a day of the calendar; "5 phút trước" is none."""
    if not _DIGITS.search(text):
        return False
    if _NUMBERS.search(text) and _NUMERIC.search(text):
        return True
    return bool(_YEAR.search(text) and _WORDED.search(text))


def opens_with_date(text: str) -> bool:
    """Tell whether `text` begins with what looks like a date."""
    return any(pattern.match(text) for pattern in (_NUMERIC, _WORDED, _DISTANT))


LABELLED: Final = re.compile(r"ngày (?:đăng|xuất bản|ban hành|tạo|gửi)|đăng lúc|posted|published", re.IGNORECASE)
TRAILING_DATE: Final = re.compile(rf"\s*[(\[–-]\s*{_DAY}(?:[\s,|-]+\d{{1,2}}[:h]\d\d)?\s*[)\]]?\s*$")
DATE_LINE: Final = 40
"""Characters of a line that is a date with label and time, not a sentence that names a day."""
CUT: Final = re.compile(r"(?:\.{2,}|…)\s*$")
BULLET: Final = re.compile(r"^(?:[»›>•·▪►▶◆■●]\s*|[+*–-]\s+)+(?=\S)")
GENERIC: Final = re.compile(
    r"\W*(?:(?:xem|đọc)(?: thêm| tiếp| chi tiết| tất cả| bài viết| toàn văn)?|chi tiết|tiếp theo|file đính kèm"
    r"|tải (?:về|xuống|file|văn bản)|toàn văn|văn bản gốc|bản (?:word|pdf|scan|gốc)|bình luận|chia sẻ"
    r"|[\w-]{1,80}\.(?:pdf|docx?|xlsx?)|download|pdf|print|share|tweet|like|in|details?|(?:no|\d+) comments?|comments?"
    r"|read(?: more| on| the rest.{0,40})?|continue(?: reading.{0,80})?|more(?: \.\.\.)?|view(?: more| all| details)?"
    r"|leer más|seguir leyendo|ver más|leggi tutto|continua(?: a leggere)?|baca selengkapnya|selengkapnya"
    r"|далее|подробнее|читать (?:далее|дальше|полностью)|详细|更多|查看(?:详情|更多)?|\d+)?\W*",
    re.IGNORECASE,
)
SERVICE: Final = re.compile(
    r"\W*(?:đăng (?:nhập|ký|xuất)|liên hệ|trang chủ|sơ đồ(?: cổng| trang| website)?|tìm kiếm|góp ý|hỏi đáp|rss|english"
    r"|tiếng (?:việt|anh)|home|log ?in|register|contact(?: us)?|about(?: us)?|search|site ?map|(?:entries|comments).*"
    r"|\d+)?\W*",
    re.IGNORECASE,
)
EMPTY: Final = re.compile(
    r"\W*(?:hiện (?:tại |nay )?)?(?:chưa có|không có|không tìm thấy|chưa cập nhật) (?:\w+ )?"
    r"(?:tin|bài|dữ liệu|nội dung|kết quả|bản ghi|văn bản|tài liệu|video|phim|ảnh|hình ảnh|album|mục|thông báo)\b"
    r"|\W*(?:(?:nội dung|dữ liệu|thông tin|chuyên mục|trang)(?: này)? )?(?:hiện )?đang (?:được )?cập nhật"
    r"|\W*(?:there are |sorry, )?(?:no|0) (?:posts?|articles?|items?|results?|news|records?|entries|data)\b"
    r"|\W*nothing (?:was )?found",
    re.IGNORECASE,
)
ALL: Final = re.compile(
    r"\W*(?:xem (?:tất cả|toàn bộ|hết)|tất cả(?: \w+){0,2}|(?:view|see|show) all|all \w+)\W*", re.IGNORECASE
)
_TRAILING_MORE: Final = re.compile(
    r"\s*[\[(]?(?:(?:xem|đọc) (?:thêm|tiếp|chi tiết)|chi tiết|read more|continue reading.{0,100}|more)\W*$",
    re.IGNORECASE,
)
SIDE: Final = re.compile(
    r"(?:danh sách |thư viện )?(?:video(?: clip)?|ảnh|hình ảnh|đa phương tiện|media|phóng sự ảnh)\W*$"
    r"|thống kê|quảng cáo|thời tiết|tỷ giá",
    re.IGNORECASE,
)
TAIL: Final = re.compile(
    r"(?:các )?tin (?:khác|liên quan|cùng chuyên mục|đã đưa|cũ hơn|nổi bật khác)|bài (?:viết )?(?:khác|liên quan)"
    r"|(?:tin )?(?:xem|đọc|quan tâm) nhiều|nhiều (?:người đọc|nhất)|video khác"
    r"|liên kết\W*(?:$|web|(?:các )?(?:trang|site|cơ quan|đơn vị)|ngoài|nhanh|hữu ích|khác|quảng cáo)"
    r"|related|most (?:read|viewed|popular|commented)|popular|recent (?:posts|comments|entries)|you (?:may|might)"
    r"|trending|archives?$|categor(?:y|ies)$|tags?$|links?$|blogroll|random",
    re.IGNORECASE,
)

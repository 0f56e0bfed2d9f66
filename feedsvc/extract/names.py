"""What names of people and of offices look like in Vietnamese bylines (reading.md 1.2 and 5, row "authors")."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

INITIALS: Final = re.compile(r"(?:[^\W\d_]{1,3}\.){1,4}[^\W\d_]{0,4}\.?")
CAPITAL: Final = "[A-ZĐÀ-ÝĂĨŨƠƯẠ-Ỹ]"
_CAPITALS: Final = re.compile(r"[^\W\d_]{2,6}")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*\.?")
_SYLLABLE: Final = re.compile(rf"{CAPITAL}[^\W\d_A-Z]{{1,6}}")
_NAME_WORDS: Final = range(2, 6)
_FULL: Final = 3
_DOMAIN: Final = re.compile(
    r"(?:https?://)?"
    r"((?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org|info|gov|edu)(?:\.\w{2})?)(?:/\S{0,200})?",
    re.IGNORECASE,
)
_SURNAMES: Final = frozenset({
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô", "dương",
    "lý", "đinh", "trịnh", "đoàn", "lương", "mai", "cao", "tô", "hà", "lâm", "tạ", "phùng", "đào", "vương", "thái",
    "tống", "quách", "kiều", "lưu", "giàng", "vàng", "sùng", "thào", "lò", "chảo", "tẩn", "má", "hầu", "cư", "vừ",
    "mùa", "tráng", "ly", "sần", "phàn", "lù", "vi", "nông", "triệu", "hạng", "cứ", "lự", "quàng", "lường", "tòng",
    "bàn", "chẻo", "lồ", "thền", "sền", "tải", "ma", "đàm", "hứa", "bế", "khổng", "chu", "châu", "văn", "trương",
    "tăng", "nghiêm", "doãn", "la", "mạc",
})  # fmt: skip
# Words that open headings, sentences and forms of address, but no names.
_NO_FIRST: Final = frozenset({
    "có", "không",
    "ông", "bà", "đồng", "các", "những", "theo", "tại", "trong", "với", "để", "và", "của", "khi", "sau", "trước",
    "nhân", "từ", "cho", "hết", "xem", "đọc", "bài", "tin", "ảnh", "video", "clip", "thông", "báo", "quý", "kính",
    "trân", "chúc", "toàn", "mọi", "đây", "đó", "nơi", "phụ", "hội", "ban",
})  # fmt: skip
# Pairs of syllables that are words: a line in capitals or in title case that holds one is a heading.
_NO_PAIRS: Final = frozenset({
    "thông báo", "thư viện", "văn bản", "sự kiện", "kết luận", "kiến nghị", "chỉ đạo", "quyết định", "ghi chú",
    "phụ lục", "tài liệu", "nơi nhận", "giới thiệu", "liên hệ", "quảng cáo", "hướng dẫn", "hỏi đáp", "kế hoạch",
    "đề nghị", "xã hội", "chính sách", "kinh tế", "văn hóa", "văn hoá", "giáo dục", "y tế", "du lịch", "thể thao",
    "pháp luật", "thời sự", "chính trị", "tin tức", "hình ảnh", "chuyên mục", "danh sách", "năm mới", "chuyên đề",
    "hội nghị", "lễ hội", "thành phố", "thị xã", "tuyển dụng", "lịch sử", "bản đồ", "trang chủ", "chi tiết",
    "bình luận", "an ninh", "quốc phòng", "công nghệ", "nông nghiệp", "môi trường", "đời sống", "truyền thông",
    "thông tin", "cải cách", "thủ tục", "hành chính", "tổ quốc", "nhân dân", "việt nam", "hà nội", "lào cai", "sa pa",
})  # fmt: skip
_NO_NAMES: Final = frozenset({
    "tin khác", "các tin khác", "trang chủ", "liên hệ", "đăng nhập", "xem thêm", "về trang trước", "quay lại",
    "gửi email", "in trang", "in bài viết", "chia sẻ", "bình luận", "danh sách video", "thư viện ảnh",
    "thư viện video", "tin liên quan", "tin mới", "tin tức", "facebook", "zalo", "twitter", "google", "hết",
    "việt nam", "hà nội", "lào cai", "sa pa", "read more", "the end", "share this", "sign up", "log in",
    "all rights reserved", "lên đầu trang", "trở về", "trở lại", "rss", "top", "qr", "email", "print", "in", "like",
})  # fmt: skip
_ORGANISATION: Final = re.compile(
    r"(?:báo|tạp chí|cổng|trang|trung tâm|sở|phòng|ban|ubnd|ubmttq|hđnd|đài|thông tấn|ttxvn|vov|vtv|vgp|văn phòng|vp|"
    r"hội|đoàn|công an|huyện|thị xã|thành phố|tp|tỉnh|xã|phường|thị trấn|thôn|bộ|cục|chi cục|tổng cục|ủy ban|uỷ ban|"
    r"trường|tt|cttđt|ttđt|ttvh\w{0,4}|đtt\w{0,4}|website|theo|viện|liên đoàn|mttq|mặt trận|bch|bqt|bbt|ctv|btv|nhóm|"
    r"tổ|trạm|hạt|kho bạc|bảo hiểm|bệnh viện|tòa án|toà án|viện kiểm sát|đảng ủy|đảng uỷ|huyện ủy|thị ủy|tỉnh ủy|bql|"
    r"chi bộ|phó|trưởng|chủ tịch|bí thư|giám đốc|cán bộ|công chức|chuyên viên|giáo viên|hiệu trưởng|cộng tác viên|"
    r"phóng viên)\b",
    re.IGNORECASE,
)
# An office that signs alone: its kind, and a name that begins with a capital, or the place that it is for.
_OFFICE: Final = re.compile(
    rf"(?:BBT|TTXVN|CTTĐT|[Nn]hóm (?:PV|phóng viên|CTV|cộng tác viên)|Ban [Bb]iên tập|"
    rf"(?:Ban|Văn phòng|Phòng|Trung tâm|Đài|Báo|Cổng|UBND|HĐND|Hội|Đoàn|Công an|Sở|Trạm|Trường)\s+{CAPITAL}\D*|"
    r"(?:Công an|UBND|HĐND|UBMTTQ|Đảng ủy|(?:Hội(?! (?:nghị|thi|thảo|chợ|diễn|báo))|Ban(?! hành)|BCH|Sở|Chi cục|"
    r"Đoàn(?! (?:viên|công tác|kiểm tra))|Phòng(?! chống))"
    r"(?:\s+[^\W\d_]+){0,4})\s+"
    rf"(?:tỉnh|huyện|thị xã|thành phố|xã|phường|thị trấn)(?:\s+{CAPITAL}[^\W\d_]*){{0,4}})"
)
_OFFICE_WORDS: Final = 9


def is_name(text: str) -> bool:
    """Tell whether `text` can be a person's name: two to five capitalised words, or initials."""
    text = text.strip(" .") if not INITIALS.fullmatch(text.strip()) else text.strip()
    if text.casefold() in _NO_NAMES:
        return False
    words = text.split()
    if len(words) == 1:
        return bool(INITIALS.fullmatch(text)) or (text.isupper() and bool(_CAPITALS.fullmatch(text)))
    if len(words) not in _NAME_WORDS or not all(word[0].isupper() and _WORD.fullmatch(word) for word in words):
        return False
    folded = text.casefold().split()
    if folded[0] in _SURNAMES and len(words) >= _FULL:
        return True
    return folded[0] not in _NO_FIRST and _NO_PAIRS.isdisjoint(f"{one} {other}" for one, other in pairwise(folded))


def is_full_name(text: str) -> bool:
    """Tell whether `text` is a name with its surname: three words or more, in ordinary letters."""
    words = text.split()
    return is_mixed(text) and len(words) >= _FULL and words[0].casefold() in _SURNAMES


def is_mixed(text: str) -> bool:
    """Tell whether `text` is a name in ordinary letters, of which no office is made: each word begins large alone."""
    return is_name(text) and not text.isupper() and " " in text.strip()


def is_single(text: str) -> bool:
    """Tell whether `text` is one capitalised word: a given name, where a label or its place says that it is one."""
    return text[:1].isupper() and bool(_WORD.fullmatch(text)) and text.casefold() not in _NO_NAMES


def is_given_name(text: str) -> bool:
    """Tell whether `text` is one syllable that can be a given name."""
    return bool(_SYLLABLE.fullmatch(text)) and text.casefold() not in _NO_NAMES | _NO_FIRST


def is_organisation(text: str) -> bool:
    """Tell whether `text` begins as offices, papers and functions do, or is a web address."""
    return bool(_ORGANISATION.match(text) or _DOMAIN.fullmatch(text.strip(" .")))


def is_office(text: str) -> bool:
    """Tell whether `text` is an office that can sign alone."""
    return bool(_OFFICE.fullmatch(text)) and len(text.split()) <= _OFFICE_WORDS


def host_of(text: str) -> str:
    """Give the host of a web address, `text` itself when it is none."""
    match = _DOMAIN.fullmatch(text.strip(" ."))
    return match.group(1) if match and "/" in text else text

"""The line that says who wrote an article: recognised, and parted into people and their organisations.

Vietnamese portals sign without a label, as the last line of the body (reading.md 1.2 and 5).
"""

from __future__ import annotations

import re
from typing import Final

from feedsvc.extract.clean import clean_text
from feedsvc.model import Author

LONGEST: Final = 80
_SHORTEST: Final = 2
_MOST_NAMES: Final = 6
_NAME_WORDS: Final = range(2, 6)

_KIND: Final = r"(?:tin|bài|ảnh|video|clip|đồ họa|đồ hoạ|hình ảnh)"
_KINDS: Final = rf"{_KIND}(?:(?:\s*[,&/+-]\s*|\s+và\s+|\s+){_KIND})*"
_LABEL_WORDS: Final = (
    rf"(?:nhóm\s+)?tác\s+giả(?:\s+bài\s+viết)?|người\s+(?:viết|đăng)|{_KINDS}(?:\s+viết)?|theo|nguồn(?:\s+tin|\s+bài)?|thực\s+hiện|"
    r"biên\s+tập|by|author|written\s+by|von|par|por|text|foto|photo"
)
_LABEL: Final = re.compile(rf"(?:^|(?<=[\s,;.\-–—(]))(?:{_LABEL_WORDS})\s*:\s*", re.IGNORECASE)
# Without a colon only at the start, and only where a name can follow.
_OPENING: Final = re.compile(rf"^(?i:{_LABEL_WORDS})\s+(?=[A-ZĐÀ-ÝĂĨŨƠƯẠ-Ỹ])")
_CREDIT: Final = re.compile(r"^[\s(*]*(?:theo|nguồn)\b", re.IGNORECASE)
_BRACKET: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_SPLIT: Final = re.compile(r"\s*[,;&/|•·+]\s*|\s+[-–—]+\s+|\s+(?:và|and|und|et|y)\s+", re.IGNORECASE)
_TIGHT_HYPHEN: Final = re.compile(r"(?<=\w)[-–](?=[^\W\d_])")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]{1,3}\.){1,4}[^\W\d_]{0,4}\.?")
_CAPITALS: Final = re.compile(r"[^\W\d_]{2,6}")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*\.?")
_DOMAIN: Final = re.compile(
    r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org|info|gov|edu)(?:\.\w{2})?", re.IGNORECASE
)
_ORGANISATION: Final = re.compile(
    r"(?:báo|tạp chí|cổng|trang|trung tâm|sở|phòng|ban|ubnd|ubmttq|hđnd|đài|thông tấn|ttxvn|vov|vtv|văn phòng|vp|hội|"
    r"đoàn|công an|huyện|thị xã|thành phố|tỉnh|xã|phường|bộ|cục|chi cục|tổng cục|ủy ban|uỷ ban|trường|tt|cttđt|"
    r"website|theo|viện|liên đoàn|mttq|bch|bqt|bbt)\b",
    re.IGNORECASE,
)
# An office that signs alone: its kind, and a name that begins with a capital.
_OFFICE: Final = re.compile(
    r"(?:BBT|TTXVN|CTTĐT|(?:Ban|Văn phòng|Phòng|Trung tâm|Đài|Báo|Cổng|UBND|HĐND)\s+[A-ZĐÀ-ÝĂĨŨƠƯẠ-Ỹ]\D*)"
)
_OFFICE_WORDS: Final = 8
_NO_NAMES: Final = frozenset({
    "tin khác", "các tin khác", "trang chủ", "liên hệ", "đăng nhập", "xem thêm", "về trang trước", "quay lại",
    "gửi email", "in trang", "in bài viết", "chia sẻ", "bình luận", "danh sách video", "thư viện ảnh",
    "thư viện video", "tin liên quan", "tin mới", "tin tức", "facebook", "zalo", "twitter", "google", "hết",
    "việt nam", "hà nội", "lào cai", "sa pa", "read more", "the end", "share this", "sign up", "log in",
    "all rights reserved", "lên đầu trang", "trở về", "trở lại",
})  # fmt: skip


def split_byline(line: str) -> tuple[Author, ...]:
    """Give the authors named in `line`, in its order; () when it names nobody.

    Labels (`Tin, ảnh:`, `Theo`) are left out; an organisation in brackets or after a dash goes with the name before it,
    one that stands alone gives an `Author` without a name. Source of the rules: reading.md 5, row "authors".
    """
    text = clean_text(line)[: 4 * LONGEST].strip(" *•")
    credit = bool(_CREDIT.match(text))
    authors: list[Author] = []
    for part in _parts(_without_labels(text)):
        name, organisation = _name_and_organisation(part, credit=credit)
        if not name and organisation and authors and not authors[-1].organisation and not credit:
            authors[-1] = Author(name=authors[-1].name, organisation=organisation)
        elif (name or organisation) and Author(name=name, organisation=organisation) not in authors:
            authors.append(Author(name=name, organisation=organisation))
    return tuple(authors)


def is_signature(line: str) -> bool:
    """Tell whether `line` reads like the signature below an article: short, no sentence, names or a label."""
    text = clean_text(line).strip(" *•")
    if not _SHORTEST <= len(text) <= LONGEST or _is_sentence(text) or text.casefold().strip(" .:>»") in _NO_NAMES:
        return False
    labelled = bool(_LABEL.search(text) or _OPENING.match(text.lstrip("(")))
    parts = _parts(_BRACKET.sub(" ", _without_labels(text)))
    if not parts or len(parts) > _MOST_NAMES:
        return False
    if labelled:
        return all(_is_name(part) or _is_organisation(part) or _is_single(part) for part in parts)
    if _OFFICE.fullmatch(text) and len(text.split()) <= _OFFICE_WORDS:
        return True
    return _is_name(parts[0]) and all(_is_name(p) or _is_organisation(p) for p in parts[1:])


def _without_labels(text: str) -> str:
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    bare = _LABEL.sub(" ; ", text)
    return bare if bare != text else _OPENING.sub("", text)


def _parts(text: str) -> list[str]:
    """Part `text` at its separators, but never inside brackets: `(Trung tâm VH,TT-TT)` is one organisation."""
    brackets: list[str] = []

    def hide(match: re.Match[str]) -> str:
        brackets.append(match.group(0))
        return f"\x00{len(brackets) - 1}\x01"

    hidden = _BRACKET.sub(hide, text)
    if _is_organisation(hidden) and not re.search(r"[,;]|\s[-–—]\s", hidden):
        return [text]
    pieces = [piece for loose in _SPLIT.split(hidden) for piece in _at_tight_hyphen(loose)]
    shown = (re.sub("\x00(\\d+)\x01", lambda match: brackets[int(match.group(1))], piece) for piece in pieces)
    return [
        piece.strip(" .:-–—*") if not _INITIALS.fullmatch(piece.strip()) else piece.strip()
        for piece in shown
        if piece.strip()
    ]


def _at_tight_hyphen(part: str) -> list[str]:
    """`Đỗ Biên-Khánh Linh` are two people, `Jean-Pierre` is one: both sides need two words."""
    pieces = _TIGHT_HYPHEN.split(part)
    return (
        pieces
        if len(pieces) > 1 and all(_is_name(piece.strip()) and " " in piece.strip() for piece in pieces)
        else [part]
    )


def _name_and_organisation(part: str, *, credit: bool) -> tuple[str, str]:
    found = _BRACKET.search(part)
    inside = clean_text(found.group(1) or found.group(2) or "") if found else ""
    name = clean_text(_BRACKET.sub(" ", part)).strip(" ,;:-–—")
    if not any(letter.isalpha() for letter in name):
        return "", inside
    if _is_organisation(name) or (credit and not _is_name(name)):
        return "", f"{name} ({inside})" if inside else name
    return name, inside


def _is_sentence(text: str) -> bool:
    last = text.rsplit(maxsplit=1)[-1]
    return text[-1] in ".!?…:" and not _INITIALS.fullmatch(last.strip("()")) and not text.endswith(")")


def _is_name(text: str) -> bool:
    """Two to five capitalised words, or initials."""
    text = text.strip(" .") if not _INITIALS.fullmatch(text.strip()) else text.strip()
    if text.casefold() in _NO_NAMES:
        return False
    words = text.split()
    if len(words) == 1:
        return bool(_INITIALS.fullmatch(text)) or (text.isupper() and bool(_CAPITALS.fullmatch(text)))
    return len(words) in _NAME_WORDS and all(word[0].isupper() and _WORD.fullmatch(word) for word in words)


def _is_organisation(text: str) -> bool:
    return bool(_ORGANISATION.match(text) or _DOMAIN.fullmatch(text.strip(" .")))


def _is_single(text: str) -> bool:
    return text[:1].isupper() and bool(_WORD.fullmatch(text))

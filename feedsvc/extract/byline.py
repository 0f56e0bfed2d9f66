"""The line that says who wrote an article: recognised, and parted into people and their organisations.

Vietnamese portals sign without a label, as the last line of the body (reading.md 1.2 and 5).
"""

from __future__ import annotations

import re
from typing import Final

from feedsvc.extract.clean import clean_text
from feedsvc.extract.names import (
    CAPITAL,
    INITIALS,
    host_of,
    is_given_name,
    is_mixed,
    is_name,
    is_office,
    is_organisation,
    is_single,
)  # fmt: skip
from feedsvc.model import Author

LONGEST: Final = 80
_SHORTEST: Final = 2
_MOST_NAMES: Final = 6
_LONGEST_BRACKET: Final = 120

_KIND: Final = r"(?:tin|bài|ảnh|video|clip|đồ họa|đồ hoạ|hình ảnh|thơ|nhạc|phim)"
_KINDS: Final = rf"{_KIND}(?:(?:\s*[,&/+-]\s*|\s+và\s+|\s+){_KIND})*"
_LABEL_WORDS: Final = (
    rf"(?:nhóm\s+)?tác\s+giả(?:\s+bài\s+viết)?|người\s+(?:viết|đăng|gửi|thực\s+hiện)|{_KINDS}(?:\s+viết)?|theo|trích|"
    r"nguồn(?:\s+tin|\s+bài|\s+ảnh)?|(?:nhóm\s+)?thực\s+hiện|biên\s+(?:tập|dịch|soạn)|sưu\s+tầm|tổng\s+hợp|"
    r"lược\s+(?:ghi|dịch)|"
    r"phóng\s+viên|cộng\s+tác\s+viên|quay\s+phim|phỏng\s+vấn|pv|ctv|btv|"
    r"by|author|written\s+by|von|par|por|text|foto|photo"
)
_LABEL: Final = re.compile(rf"(?:^|(?<=[\s,;.\-–—(]))(?:{_LABEL_WORDS})\s*:\s*", re.IGNORECASE)
# Without a colon only at the start, and only where a name or a web address can follow.
_OPENING: Final = re.compile(rf"^(?i:{_LABEL_WORDS})\s+(?={CAPITAL}|[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org)\b)")
_ROLE: Final = re.compile(
    rf"^(?i:phóng viên|pv|ctv|cộng tác viên|btv|biên tập viên|nhà báo|nhà văn|nhà thơ|thạc sĩ|"
    r"tiến sĩ|ths|ts|bs|bác sĩ|đ/c)"
    rf"\.?\s+(?={CAPITAL})"
)
_CREDIT: Final = re.compile(r"^[\s(*]*(?:theo|nguồn|trích)\b", re.IGNORECASE)
_BEHIND: Final = re.compile(rf"(?<=\w)\s+(?:theo|nguồn:?)\s+(?={CAPITAL})([^()]+)$", re.IGNORECASE)
_CREDITED: Final = re.compile(r"^(?:theo|nguồn|trích)\s*:?\s+", re.IGNORECASE)
# What is said of a piece of work, and of no office.
_NOTE: Final = re.compile(
    r"(?:t/h|th|tổng hợp|ghi|lược ghi|ghi chép|thực hiện|biên tập|bt|sưu tầm|st|dịch|lược dịch|biên dịch|trích|viết|"
    r"internet|(?:tổng hợp|biên tập|sưu tầm) .{0,40})",
    re.IGNORECASE,
)
_BRACKET: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_WHOLE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|https?://\S+")
_SPLIT: Final = re.compile(r"(\s*[,;&/|•·+]\s*|\s+[-–—]+\s+|\s+(?:và|VÀ|and|und|et|y)\s+)")
_TIGHT_HYPHEN: Final = re.compile(r"(?<=\w)[-–](?=[^\W\d_])")
_FULL_STOP: Final = re.compile(r"\s*\.?\s*/\s*\.?\s*$")  # officials end a text with `./.`


def split_byline(line: str) -> tuple[Author, ...]:
    """Give the authors named in `line`, in its order; () when it names nobody.

    Labels (`Tin, ảnh:`, `Theo`) are left out; an organisation in brackets or after a dash goes with the name before it,
    one that stands alone gives an `Author` without a name. Source of the rules: reading.md 5, row "authors".
    """
    text = _plain(line)[: 4 * LONGEST]
    credit = bool(_CREDIT.match(text))
    authors: list[Author] = []
    for group in _without_labels(text).split(";"):  # `Bài: Thu Hà - Ảnh: CTV` are two works
        fresh = True
        for part in _parts(group):
            name, organisation = _name_and_organisation(part, credit=credit)
            if not name and organisation and not fresh and not authors[-1].organisation:
                authors[-1] = Author(name=authors[-1].name, organisation=organisation)
            elif name or organisation:
                authors.append(Author(name=name, organisation=organisation))
                fresh = False
    return tuple(dict.fromkeys(authors))


def is_signature(line: str, *, set_apart: bool = False) -> bool:
    """Tell whether `line` reads like the signature below an article: short, no sentence, names or a label.

    `set_apart` says that the page sets the line apart (to the right, or in bold): a given name alone is enough then.
    """
    text = _plain(line)
    if not _has_length(text):
        return False
    labelled = bool(_LABEL.search(text) or _OPENING.match(text.lstrip("(")))
    if _is_sentence(text) and not (labelled and ":" in text and text.endswith(".") and text.count(".") == 1):
        return False
    parts = _parts(_BRACKET.sub(" ", _without_labels(text).replace(";", " ; ")))
    if is_office(text) or not parts or len(parts) > _MOST_NAMES:
        return is_office(text)
    if labelled:
        return all(is_name(p) or is_organisation(p) or is_single(p) or _NOTE.fullmatch(p) for p in parts)
    people = [_ROLE.sub("", part) for part in parts]
    if set_apart and all(is_given_name(one) for one in people):
        return True
    return is_name(people[0]) and all(is_name(one) or is_organisation(one) for one in people[1:])


def _has_length(text: str) -> bool:
    """Tell whether `text` is as short as a signature; an office in brackets may be long."""
    bare = _BRACKET.sub(" ", text) if len(text) <= LONGEST + _LONGEST_BRACKET else text
    length = len(bare.strip()) or len(text)
    return _SHORTEST <= length <= LONGEST and any(letter.isalpha() for letter in text)


def _plain(line: str) -> str:
    return _FULL_STOP.sub("", clean_text(line)).strip(" *•")


def _without_labels(text: str) -> str:
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    text = _BEHIND.sub(r" (\1)", text)
    bare = _LABEL.sub(" ; ", text)
    return bare if bare != text else _OPENING.sub("", text)


def _parts(text: str) -> list[str]:
    """Part `text` at its separators, but never inside brackets: `(Trung tâm VH,TT-TT)` is one organisation.

    What follows an organisation and is no person belongs to its name: `Phòng Văn hóa và Thông tin`.
    """
    brackets: list[str] = []  # and web addresses

    def hide(match: re.Match[str]) -> str:
        brackets.append(match.group(0))
        return f"\x00{len(brackets) - 1}\x01"

    pieces: list[str] = []
    between = ""
    for place, loose in enumerate(_SPLIT.split(_WHOLE.sub(hide, text))):
        if place % 2:
            between = loose
        elif pieces and is_organisation(pieces[-1]) and loose.strip() and (between == "," or _goes_on(loose)):
            pieces[-1] += between + loose
        else:
            pieces += _at_tight_hyphen(loose)
    shown = (re.sub("\x00(\\d+)\x01", lambda match: brackets[int(match.group(1))], piece) for piece in pieces)
    return [
        piece.strip(" .:-–—*") if not INITIALS.fullmatch(piece.strip()) else piece.strip()
        for piece in shown
        if piece.strip()
    ]


def _goes_on(piece: str) -> bool:
    """Tell whether `piece` can be more of the organisation's name before it."""
    bare = re.sub("\x00\\d+\x01", "", piece).strip()
    return not is_mixed(bare) and not INITIALS.fullmatch(bare) and not is_organisation(bare)


def _at_tight_hyphen(part: str) -> list[str]:
    """`Đỗ Biên-Khánh Linh` are two people, `Jean-Pierre` is one: both sides need two words."""
    pieces = _TIGHT_HYPHEN.split(part)
    return (
        pieces
        if len(pieces) > 1 and all(is_name(piece.strip()) and " " in piece.strip() for piece in pieces)
        else [part]
    )


def _name_and_organisation(part: str, *, credit: bool) -> tuple[str, str]:
    part = _CREDITED.sub("", part)
    found = _BRACKET.search(part)
    inside = clean_text(found.group(1) or found.group(2) or "") if found else ""
    inside = "" if _NOTE.fullmatch(inside) else _CREDITED.sub("", inside)
    name = clean_text(_BRACKET.sub(" ", part)).strip(" ,;:-–—")
    if not any(letter.isalpha() for letter in name):
        return "", inside
    if _NOTE.fullmatch(name) and not name.isupper():
        return "", ""
    name = _ROLE.sub("", name)
    is_agency = credit and name.isupper() and " " not in name and "." not in name
    if is_organisation(name) or is_agency or (credit and not is_name(name)):
        name = host_of(name)
        return "", f"{name} ({inside})" if inside else name
    return name, inside


def _is_sentence(text: str) -> bool:
    last = text.rsplit(maxsplit=1)[-1].strip("()")
    is_initials = bool(INITIALS.fullmatch(last)) and last.replace(".", "").isupper()
    return text[-1] in ".!?…:" and not is_initials and not text.endswith(")")

"""The head of an official paper: who wrote it, the republic and its motto, number and day; and what the paper is about.

Offices drop such papers as they are. Their first line is the office, not the title, which stands below the head as kind
and subject: `THÔNG BÁO` over `Về việc nghỉ lễ Quốc khánh` (the form of decree 30/2020/NĐ-CP).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_REPUBLIC: Final = re.compile(
    r"CỘNG\s+H(?:ÒA|OÀ)\s+XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM|(?i:độc\s+lập\s*[-–—]\s*tự\s+do\s*[-–—]\s*hạnh\s+phúc)"
)
"""In capitals, as a head has them: a lead may speak of the republic too."""

_DAY: Final = re.compile(r"ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}", re.IGNORECASE)
_KIND: Final = re.compile(
    r"(?:thông\s+(?:báo|cáo|tư)|báo\s+cáo|kế\s+hoạch|quyết\s+định|nghị\s+quyết|chỉ\s+thị|công\s+(?:văn|điện)|tờ\s+trình"
    r"|giấy\s+mời|hướng\s+dẫn|chương\s+trình|quy\s+(?:chế|định)|đề\s+án|phương\s+án|biên\s+bản|lịch\s+công\s+tác)"
    r"(?:\s+\S+){0,6}",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(r"(?:về|v/v|trích\s+yếu)\b", re.IGNORECASE)
_HEAD_WITHIN: Final = 10
_KIND_WITHIN: Final = 6
_LONGEST_SUBJECT: Final = 250
_LONGEST_HEAD: Final = 400


def take_letterhead(lines: Sequence[str]) -> tuple[str, str, list[str]]:
    """Part an official paper: give its title, its day as printed (either may be ""), and the lines below its head.

    The head is what stands above and in the line of republic or motto, which is one of the first ten; without it the
    lines come back as they are.
    """
    place = max((at for at, line in enumerate(lines[:_HEAD_WITHIN]) if _is_head(line)), default=None)
    if place is None:
        return "", "", list(lines)
    below = list(lines[place + 1 :])
    day = _DAY.search(" ".join(lines[: place + 1]))
    at = next((at for at, line in enumerate(below[:_KIND_WITHIN]) if _KIND.fullmatch(line)), None)
    if at is None:
        return "", day.group() if day else "", below
    title = below[at]
    follows = below[at + 1] if at + 1 < len(below) else ""
    is_subject = bool(_SUBJECT.match(follows)) and len(follows) <= _LONGEST_SUBJECT
    rest = [*below[:at], *below[at + 1 + is_subject :]]
    return f"{title} {follows}" if is_subject else title, day.group() if day else "", rest


def _is_head(line: str) -> bool:
    return len(line) <= _LONGEST_HEAD and bool(_REPUBLIC.search(line))

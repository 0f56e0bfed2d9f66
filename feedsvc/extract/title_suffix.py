"""The names that a page puts around a headline in its `title`: of the site, of the section (reading.md 5, row "title").

`Dọn đường vào bản | Tin tức | Cổng thông tin điện tử Suối Thông` is the headline, a section and a site.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

_BETWEEN: Final = re.compile(r"(\s+[-–—|•·»]+\s+|\s*\|+\s*|\s+(?:>>|::|<<|«)\s*)")
_NOT_WORDS: Final = re.compile(r"[\W_]+")
# How Vietnamese portals and papers call themselves, and the sections that their templates name.
_SITE: Final = re.compile(
    r"(?:cổng (?:thông tin|tt|giao tiếp|dịch vụ)|trang (?:thông tin|tin|chủ|web)\b|website|báo điện tử|portal\b|"
    r"ttđt\b|cttđt\b).*|"
    r"báo(?: \w+){1,4}|(?:.* )?(?:portal|online|điện tử|\w+\.(?:vn|com|org|net))",
    re.IGNORECASE,
)
_SECTION: Final = re.compile(
    r"(?:tin tức(?: (?:-|–|và|&) sự kiện| sự kiện)?|tin (?:mới|trong nước|địa phương|hoạt động|nổi bật|chi tiết)|"
    r"sự kiện|thời sự|chi tiết(?: (?:tin|tin tức|bài viết|bản tin))?|bài viết|nội dung(?: chi tiết)?|trang chủ|"
    r"home|news|xem tin|đọc tin|thông báo|article|details?|blog)",
    re.IGNORECASE,
)
_PORTAL: Final = re.compile(r"(?:cổng|trang) (?:thông tin|tt) ?(?:điện tử|đt)(?: \w+){0,6}", re.IGNORECASE)
_SITE_WORDS: Final = 7
_SHORTEST: Final = 8
_LONGEST: Final = 1000  # characters: no title is longer
_PREFIX_WORDS: Final = 4
_DOMAIN_PARTS: Final = 4  # letters: shorter labels of a host are no names


def fold(text: str) -> str:
    """Give `text` with case, quotes, dashes and spaces folded, for comparing titles."""
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def bare_title(text: str, names: Collection[str], address: str = "") -> tuple[str, bool]:
    """Give `text` without the names around it, and whether these were known for certain.

    `names` are those by which the site is known, `address` is the page's own. Without a known name the last part is
    cut where it can be one: short, behind a headline, and not written on in small letters.
    """
    if len(text) > _LONGEST:
        return text, False
    parts = _BETWEEN.split(text)
    first, last = 0, len(parts) - 1
    while last > first and is_around(parts[last], names, address):
        last -= 2
    while first < last and is_around(parts[first], names, address):
        first += 2
    if last - first < len(parts) - 1:
        return "".join(parts[first : last + 1]).strip(), True
    if first == last:
        return text, False
    head, tail = "".join(parts[: last - 1]).strip(), parts[last]
    if len(head) >= _SHORTEST and len(head) > len(tail) and _can_name(tail, parts[last - 1]):
        return bare_title(head, names, address)[0] if _SECTION.fullmatch(parts[last - 2].strip()) else head, False
    tail = "".join(parts[2:]).strip()
    if len(tail) > 2 * len(parts[0]) and len(parts[0].split()) <= _PREFIX_WORDS and "|" in parts[1]:
        return tail, False
    return text, False


def is_section(text: str) -> bool:
    """Tell whether `text` is what templates write where a headline belongs: a section (`Chi tiết tin`), the portal."""
    return bool(_SECTION.fullmatch(text.strip()) or _PORTAL.fullmatch(text.strip()))


def is_around(part: str, names: Collection[str], address: str) -> bool:
    """Tell whether `part` is known to be no headline: a name of the site or its host, or a section."""
    folded = fold(part)
    if not folded or is_section(part):
        return True
    if len(part.split()) > 2 * _SITE_WORDS:
        return False
    known = any(
        name and (folded == name or f" {name} " in f" {folded} " or f" {folded} " in f" {name} ")
        for name in map(fold, names)
    )
    return known or bool(_SITE.fullmatch(part.strip())) or _is_host(folded, address)


def _is_host(folded: str, address: str) -> bool:
    """Tell whether a name is the host's: `VietNamNet` of `vietnamnet.vn`, `suoithong.example` of that host."""
    host = urlsplit(address).hostname or ""
    joined = folded.replace(" ", "")
    return len(joined) >= _DOMAIN_PARTS and (
        joined == host.removeprefix("www.").replace(".", "") or joined in host.split(".")
    )


def _can_name(part: str, between: str) -> bool:
    """Tell whether an unknown last part can be a site's name."""
    return len(part.split()) <= _SITE_WORDS and ("|" in between or not part[:1].islower())

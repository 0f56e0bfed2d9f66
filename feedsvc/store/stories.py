"""Which articles of different portals tell the same: those with one digest. Pure.

The order is that of relays.md 2 (after the address, which portals do not share): folded title and day, then the body.
Both stand in an item's weak keys already (safety.md 3). But offices everywhere publish their plans, notices and rosters
under the same headlines on the same days, so a headline counts by itself only when it is particular.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PARTICULAR = 8
"""Words (Vietnamese syllables) of a headline that two newsrooms do not write by chance."""

OFFICIAL = (
    "báo cáo", "bản tin", "biên bản", "chương trình", "công bố", "công khai", "công văn", "danh mục", "danh sách",
    "dự báo", "dự thảo", "giấy mời", "giá", "hồ sơ", "hướng dẫn", "kế hoạch", "kết luận", "kết quả", "lịch", "mời",
    "nghị quyết", "phiếu", "phương án", "quyết định", "quy chế", "quy định", "thông báo", "thông cáo", "thông tin",
    "thư mời", "thời tiết", "tin", "tờ trình", "tuyển dụng", "văn bản", "đại hội", "điểm tin",
)  # fmt: skip
"""How headlines begin under which every office has an article of its own."""


def story(keys: Iterable[str]) -> str:
    """Digest what an item tells, by its identity keys in their order; "" where nothing says so.

    That is its headline and day when the headline is particular, else its headline and body; a short body is no sign.
    """
    known = list(keys)
    titles = (key for key in known if key.startswith("title:") and _particular(key))
    bodies = (key for key in known if key.startswith("body:"))
    sign = next(titles, None) or next(bodies, None)
    return "" if sign is None else hashlib.sha256(sign.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _particular(key: str) -> bool:
    headline = key.removeprefix("title:").rpartition("|")[0]
    official = any(f"{headline} ".startswith(f"{words} ") for words in OFFICIAL)
    return len(headline.split()) >= PARTICULAR and not official

"""Articles kept back, to be published by the control address or by the demo as time goes on.

Each is a pattern (a small event as every town has it) set in one of the town's communes: patterns x places articles,
all with different titles, told from the index alone, so that a restart gives the same ones.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from feedsvc.demo.content import Article, Picture, slug

if TYPE_CHECKING:
    from datetime import datetime

PLACES = (
    "phường Đồi Chè", "xã Bản Mây", "xã Nậm Khoai", "phường Suối Bạc", "xã Lũng Thông", "xã Hua Phăng",
    "xã Pà Cánh", "phường Cầu Gỗ", "xã Sín Lao", "xã Khe Lạnh",
)  # fmt: skip
PATTERNS = 14
RESERVE_SIZE = PATTERNS * len(PLACES)

_NEW_NUMBERS = 2_000_000
_OLD_NUMBERS = 900_000


def reserve_article(index: int, category: str, at: datetime) -> Article:
    """Article `index` (0 to RESERVE_SIZE - 1) of the reserve, published in `category` at `at`."""
    pattern = _patterns()[index % PATTERNS]
    place = PLACES[(index // PATTERNS + index % PATTERNS) % len(PLACES)]
    words = {
        "place": place,
        "Place": place[0].upper() + place[1:],
        "part": "Sáng" if at.hour < 12 else "Chiều" if at.hour < 18 else "Tối",  # noqa: PLR2004 - noon and six
        "day": f"{at.day}/{at.month}",
        "many": 24 + index * 7 % 83,
        "few": 3 + index * 5 % 11,
    }
    title = pattern["title"].format(**words)
    lead, *body = (text.format(**words) for text in pattern["text"])
    picture = Picture(key=f"{slug(title)}-1", scene=pattern["scene"], caption=pattern["caption"].format(**words))
    return Article(
        number=_NEW_NUMBERS + index,
        old_number=_OLD_NUMBERS + index,
        category=category,
        slug=slug(title),
        title=title,
        published=at,
        lead=lead,
        body=(body[0], picture, *body[1:]),
        byline=pattern["byline"],
    )


@cache
def _patterns() -> list[dict[str, Any]]:
    text = (files("feedsvc.demo") / "content" / "du-bi.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["item"]
    return rows

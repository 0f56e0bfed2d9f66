"""Names for addresses: letters without marks (feeds.md, safety.md 11: `[a-z0-9-]{1,64}`)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST: Final = 64
_OTHER: Final = re.compile(r"[^a-z0-9]+")
_LETTERS: Final = str.maketrans({"đ": "d", "Đ": "d", "ß": "ss", "ø": "o", "æ": "ae"})


def slug_of(name: str, otherwise: str) -> str:
    """Return `name` as a slug (`Tin tức – Sự kiện` is `tin-tuc-su-kien`), `otherwise` where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    words = _OTHER.sub(" ", "".join(char for char in plain if not unicodedata.combining(char))).split()
    slug = "-".join(words)
    if len(slug) > LONGEST:
        slug = slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]
    return slug or otherwise


def free_slug(name: str, taken: Collection[str], otherwise: str) -> str:
    """Return a slug that is not `taken`, numbered from 2 where it is."""
    slug = slug_of(name, otherwise)
    if slug not in taken:
        return slug
    numbered = (f"{slug[: LONGEST - len(str(n)) - 1].rstrip('-')}-{n}" for n in range(2, len(taken) + 3))
    return next(one for one in numbered if one not in taken)

"""Words as they are compared: letter case, Unicode spelling and white space do not count."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def folded(text: str) -> str:
    """Fold case, write in NFC, make each run of white space one space (Unicode 3.13, canonical caseless matching)."""
    spelled = unicodedata.normalize("NFD", text).casefold()
    return " ".join(unicodedata.normalize("NFC", spelled).split())


def searchable(parts: Iterable[str]) -> str:
    """Fold several texts into one in which no folded word reaches from one text into the next."""
    return "\n".join(folded(part) for part in parts)

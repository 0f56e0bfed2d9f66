"""Words as they are compared: letter case, Unicode spelling and white space do not count; without marks if wanted."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Fold case, write in NFC, make each run of white space one space (Unicode 3.13, canonical caseless matching)."""
    spelled = unicodedata.normalize("NFD", text).casefold()
    return " ".join(unicodedata.normalize("NFC", spelled).split())


def searchable(parts: Iterable[str]) -> str:
    """Fold several texts into one in which no folded word reaches from one text into the next."""
    return "\n".join(folded(part) for part in parts)


def bared(text: str) -> str:
    """Give the words alone, without case and marks, `đ` as `d`, one space between them: `Lũ quét!` is `lu quet`."""
    spelled = unicodedata.normalize("NFD", text.casefold())
    letters = "".join(char for char in spelled if unicodedata.category(char) != "Mn").replace("đ", "d")
    return " ".join(WORD.findall(letters))


def bare_text(parts: Iterable[str]) -> str:
    """Join several texts without their marks, so that ` word word ` finds whole words, never across two texts."""
    return " " + " \n ".join(map(bared, parts)) + " "

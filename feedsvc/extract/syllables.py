"""How Vietnamese a text looks: valid syllables, and frequent ones, among its words with marks. reading.md 2."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from feedsvc.extract.old_tables import FREQUENT, ONSETS, RIMES

if TYPE_CHECKING:
    from collections.abc import Iterable

_TONES: Final = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_SHARP: Final = frozenset("\u0301\u0323")
_SHAPE: Final = re.compile(
    rf"(?:{'|'.join(sorted(ONSETS, key=len, reverse=True))})(?:{'|'.join(sorted(RIMES, key=len, reverse=True))})"
)
_STOPS: Final = ("c", "ch", "p", "t")
_ABBREVIATION: Final = re.compile("[BCDĐGHKLMNPQRSTVX]{2,6}")
_WORD: Final = re.compile(r"[^\W\d_]+")
_INVALID_COSTS: Final = 2.0
_FREQUENT_ADDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Standing:
    """How many words with marks there are, how many are valid syllables of two letters or more, and how many known.

    One-letter words (`à`, `ở`) tell nothing: they may be a symbol of another encoding.
    """

    words: int
    valid: int
    invalid: int
    frequent: int

    @property
    def points(self) -> float:
        """What the words count together: a valid one 1, a frequent one half more, an invalid one 2 less."""
        return self.valid + _FREQUENT_ADDS * self.frequent - _INVALID_COSTS * self.invalid


def is_syllable(word: str) -> bool:
    """Tell whether `word` (NFC, letters alone) can be a Vietnamese syllable, by letters, tone and capitals.

    Abbreviations of offices and papers (`HĐND`, `QĐ`) count as well.
    """
    if _ABBREVIATION.fullmatch(word):
        return True
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    parts = unicodedata.normalize("NFD", word.lower())
    tones = _TONES.findall(parts)
    base = unicodedata.normalize("NFC", _TONES.sub("", parts))
    if len(tones) > 1 or not _SHAPE.fullmatch(base):
        return False
    # Syllables that end in a stop are spoken with the two sharp tones only.
    return not base.endswith(_STOPS) or bool(_SHARP.intersection(tones))


def standing(texts: Iterable[str]) -> Standing:
    """Judge the words with marks in `texts` (NFC)."""
    words = valid = invalid = frequent = 0
    for text in texts:
        for word in _WORD.findall(text):
            if word.isascii():
                continue
            words += 1
            if not is_syllable(word):
                invalid += 1
            elif len(word) > 1:
                valid += 1
                frequent += word.lower() in FREQUENT
    return Standing(words, valid, invalid, frequent)

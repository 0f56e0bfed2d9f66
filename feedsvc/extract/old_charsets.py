"""Vietnamese bytes of before Unicode: TCVN3 (ABC), VNI-Windows, VISCII and windows-1258, told apart by what they say.

Such pages name a Latin charset, or none, or a wrong one. So each table is tried, and the one that makes Vietnamese of
the words wins if it is clearly ahead; a page in any other language makes Vietnamese with none of them. reading.md 2.
"""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from feedsvc.extract.old_tables import TCVN3, VISCII, VISCII_CONTROLS, VNI
from feedsvc.extract.syllables import standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LABELS: Final[Mapping[str, str]] = MappingProxyType({
    "tcvn": "tcvn3", "tcvn3": "tcvn3", "tcvn-5712": "tcvn3", "tcvn5712-1": "tcvn3", "x-viet-tcvn": "tcvn3",
    "x-viet-tcvn5712": "tcvn3", "viscii": "viscii", "csviscii": "viscii", "viscii1.1-1": "viscii",
    "x-viet-viscii": "viscii", "x-viet-vni": "vni", "vni": "vni", "windows-1258": "cp1258", "cp1258": "cp1258",
    "x-cp1258": "cp1258",
})  # fmt: skip
"""Names that a header or page gives these encodings -> ours."""

_TCVN3: Final = MappingProxyType(dict(enumerate(TCVN3, 0x80)))
_VISCII: Final = MappingProxyType({**dict(enumerate(VISCII, 0x80)), **VISCII_CONTROLS})
_VNI: Final = re.compile("|".join(sorted(VNI, key=len, reverse=True)))
_UNIT: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
_MOST_UNITS: Final = 400
_MOST_BYTES: Final = 20_000
_FEWEST_VALID: Final = 3
_SHARE: Final = 0.7
"""Points for each word with marks that the winner has at least: of ten words, nine must be syllables."""
_VALID_FOR_ONE: Final = 9
_AHEAD: Final = 0.3
"""Points for each word by which the winner must lead the others, Windows-1252 among them."""

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_ASCII_SMALL: Final = re.compile("[a-z]")
_APART: Final = re.compile("[<>.!?:;\n]")


def read_old(body: bytes, codec: str) -> str:
    """Give the text of `body` by one of the encodings of `LABELS`, in NFC where that one has letters in pieces."""
    return _READERS[codec](body)


def recognise(body: bytes) -> str | None:
    """Give the encoding in which `body` is Vietnamese; None when none makes clearly more of it than Latin does."""
    found = dict.fromkeys(unit for unit in _UNIT.findall(body) if not unit.isascii())
    units = b" ".join(list(found)[:_MOST_UNITS])[:_MOST_BYTES]
    stands = {codec: standing([read(units)]) for codec, read in _READERS.items()}
    stands["cp1252"] = standing([units.decode("cp1252", "replace")])
    (first, best), (_, second) = sorted(stands.items(), key=lambda one: one[1].points, reverse=True)[:2]
    if first == "cp1252" or best.valid < _FEWEST_VALID or not best.frequent:
        return None
    enough, ahead = _SHARE * best.words, _AHEAD * best.words
    return first if best.points >= enough and best.points - second.points >= ahead else None


def from_tcvn3(shown: str) -> str:
    """Give the Vietnamese of TCVN3 text that was read as Latin-1 or Windows-1252 (`Quy chÕ` -> `Quy chế`)."""
    return _with_capitals(shown.translate(_TCVN3))


def from_vni(shown: str) -> str:
    """Give the Vietnamese of VNI text that was read as Latin-1 or Windows-1252 (`Vieät` -> `Việt`)."""
    return _VNI.sub(lambda pair: VNI[pair.group()], shown)


def reader_of(texts: Sequence[str]) -> Callable[[str], str] | None:
    """Give what makes Vietnamese of `texts`, which an old font shows and Unicode calls Latin; None for all others."""
    shown = standing(texts)
    for read in (from_tcvn3, from_vni):
        meant = standing(map(read, texts))
        is_ahead = meant.points - shown.points >= _AHEAD * meant.words
        if (
            is_ahead
            and meant.valid > _VALID_FOR_ONE * meant.invalid
            and meant.valid >= _FEWEST_VALID
            and meant.frequent
        ):
            return read
    return None


def _with_capitals(text: str) -> str:
    """Raise the letters that fonts of capitals showed as capitals: TCVN3 has no byte for most of them.

    A word of several capitals without a small Latin letter is raised whole; one that could be a name (`Hà`) only
    between such words.
    """
    words = list(_LETTERS.finditer(text))
    sure = [_is_capital(word.group()) for word in words]
    raised = {place for place, is_sure in enumerate(sure) if is_sure and not words[place].group().isascii()}
    for place, word in enumerate(words):
        if place not in raised and not word.group().isascii() and not _ASCII_SMALL.search(word.group()):
            beside = _beside(text, words, place)
            small = any(_ASCII_SMALL.search(words[other].group()) for other in beside)
            if not small and any(other in raised for other in beside):
                raised.add(place)
    parts, end = [], 0
    for place in sorted(raised):
        parts += [text[end : words[place].start()], words[place].group().upper()]
        end = words[place].end()
    return "".join((*parts, text[end:]))


def _is_capital(word: str) -> bool:
    return not _ASCII_SMALL.search(word) and any(letter.isupper() for letter in word[1:])


def _beside(text: str, words: list[re.Match[str]], place: int) -> list[int]:
    """Find the neighbours of a word in its sentence."""
    found = []
    if place and not _APART.search(text[words[place - 1].end() : words[place].start()]):
        found.append(place - 1)
    if place + 1 < len(words) and not _APART.search(text[words[place].end() : words[place + 1].start()]):
        found.append(place + 1)
    return found


def _read_1258(body: bytes) -> str:
    return unicodedata.normalize("NFC", body.decode("cp1258", "replace"))


_READERS: Final[Mapping[str, Callable[[bytes], str]]] = MappingProxyType(
    {
        "tcvn3": lambda body: from_tcvn3(body.decode("latin-1")),
        "vni": lambda body: from_vni(body.decode("cp1252", "replace")),
        "viscii": lambda body: body.decode("latin-1").translate(_VISCII),
        "cp1258": _read_1258,
    }
)

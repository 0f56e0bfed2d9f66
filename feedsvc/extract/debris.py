"""Old Vietnamese text inside a Unicode page: shown right by a font only, so it arrives as Latin letters and symbols.

Portals paste from Word: `Quy chÕ xuÊt b¶n` is `Quy chế xuất bản` in TCVN3. An element that names such a font settles
it; without one, only what no language with Latin letters can mean is repaired. reading.md 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Literal

from lxml import etree

from feedsvc.extract.clean import xml_safe
from feedsvc.extract.old_charsets import from_tcvn3, from_vni
from feedsvc.extract.syllables import is_syllable, standing

Codec = Literal["tcvn3", "tcvn3-capitals", "vni"]

# Cheap looks at the bytes of a page, at which nearly all end. Each begins with a plain byte: that is searched for fast.
_FONT_NAMED: Final = (
    re.compile(rb"\.V(?<=[\s\"':;,]\.V)n[A-Z]"),
    re.compile(rb"\.v(?<=[\s\"':;,]\.v)n[a-z]"),
    re.compile(rb"VNI-[A-Z]"),
    re.compile(rb"vni-[a-z]"),
)
_IMPOSSIBLE_BYTES: Final = (
    re.compile(rb"\xc2(?<=[a-zA-Z]\xc2)(?:[\xb5-\xb9]|[\xa8-\xae\xbb-\xbe](?=[a-zA-Z\xc3]))"),
    re.compile(rb"\xc3(?<=[a-z]\xc3)[\x80-\x9e]"),
    re.compile(
        rb"&(?<=[a-z]&)(?:(?:para|middot|cedil|sup1|micro|[A-Z][a-z]{2,5}|#(?:18[1-5]|19[2-9]|20\d|21\d|22[0-2]));"
        rb"|(?:raquo|laquo|frac\d\d|uml|copy|ordf|not|shy|reg|#(?:16[89]|17[0-4]|18[7-9]|190));(?=[a-zA-Z&]))"
    ),
)

_OLD_FONT: Final = re.compile(r"(?:^|[\s\"':,;])(\.vn\w+|vni-\w+)", re.IGNORECASE)
_FONT: Final = re.compile(r"font(?:-family)?\s*:\s*([^;]+)", re.IGNORECASE)
_TOLD: Final = ("title", "alt", "content")
_UNREAD: Final = frozenset({"script", "style", "template"})
_UNIT: Final = re.compile("[A-Za-z\u00a1-\u00ff]+")
# Within or at the end of a word, a symbol; or a capital behind a small letter: no Latin spelling has them.
_IMPOSSIBLE: Final = re.compile("[A-Za-zÀ-ÿ][¨©ª«¬\u00ad®µ¶·¸¹»¼½¾]|[a-z][À-ÖØ-Þ]")
_BEYOND: Final = re.compile("[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
_CERTAIN: Final = 2
_LIKELY: Final = 1
_VALID_SHARE: Final = 0.9
_SETTLED_SHARE: Final = 0.8
_SEVERAL: Final = 3
"""Lines that are certain, from which on a page is known to hold debris."""
_MOST_UNITS: Final = 2000
_LONGEST_UNIT: Final = 12
_INLINE: Final = frozenset({
    "a", "abbr", "b", "big", "cite", "del", "em", "font", "i", "ins", "label", "mark", "s", "small", "span", "strike",
    "strong", "sub", "sup", "tt", "u",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place of text in the tree: `name` is `text`, `tail`, or that of an attribute."""

    element: Any
    name: str
    codec: Codec | None = None

    @property
    def value(self) -> str:
        """The text there."""
        if self.name in {"text", "tail"}:
            return getattr(self.element, self.name) or ""
        return self.element.get(self.name) or ""

    def put(self, text: str) -> None:
        """Write the text there; lxml takes no characters back that it gave for a reference like `&#11;`."""
        text = xml_safe(text)
        if self.name in {"text", "tail"}:
            setattr(self.element, self.name, text)
        else:
            self.element.set(self.name, text)


def repair(root: Any, data: bytes) -> None:
    """Put old Vietnamese text in the tree `root` right, in place; `data` is its page in UTF-8."""
    if any(look.search(data) for look in _FONT_NAMED):
        _repair_fonts(root)
    if _has_two(chain.from_iterable(look.finditer(data) for look in _IMPOSSIBLE_BYTES)):
        _repair_debris(root)


def _has_two(found: Iterator[object]) -> bool:
    return next(found, None) is not None and next(found, None) is not None


def _repair_fonts(root: Any) -> None:
    """Decode the elements set in an old font, unless what they hold is Unicode already, as Word leaves fonts behind."""
    slots = [slot for slot in _slots(root) if slot.codec and not slot.value.isascii()]
    for codec, read in (("tcvn3", from_tcvn3), ("vni", from_vni)):
        old = [slot for slot in slots if slot.codec and slot.codec.startswith(codec) and not _BEYOND.search(slot.value)]
        shown = standing(slot.value for slot in old)
        meant = standing(read(slot.value) for slot in old)
        if meant.points > shown.points and meant.valid >= _SETTLED_SHARE * (meant.valid + meant.invalid):
            for slot in old:
                text = read(slot.value)
                slot.put(text.upper() if slot.codec == "tcvn3-capitals" else text)


def _slots(root: Any) -> Iterator[_Slot]:
    """Walk over the places of text in reading order, with the old font that holds there."""
    fonts: list[Codec | None] = [None]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            fonts.append(_codec_of(element, fonts[-1]))
            yield from _own(element, fonts[-1])
        else:
            fonts.pop()
            if element.tail and element is not root:
                yield _Slot(element, "tail", fonts[-1])


def _own(element: Any, codec: Codec | None = None) -> Iterator[_Slot]:
    if element.tag in _UNREAD:
        return
    if element.text:
        yield _Slot(element, "text", codec)
    for name in _TOLD:
        if element.get(name):
            yield _Slot(element, name, codec)


def _codec_of(element: Any, around: Codec | None) -> Codec | None:
    """Tell in which encoding an element's font shows its text; a font of today ends that of an element around it."""
    style = _FONT.search(element.get("style") or "")
    named = (style.group(1) if style else "") or element.get("face") or ""
    if not named.strip():
        return around
    first = _OLD_FONT.search(named)
    if first is None:
        return None
    if first.group(1)[:1] != ".":
        return "vni"
    return "tcvn3-capitals" if first.group(1).endswith("H") else "tcvn3"


def _repair_debris(root: Any) -> None:
    """Decode the page where all of it is certain, else the lines that are; with several of them, likely ones too."""
    lines = _lines(root)
    if _is_certain(_said(slot for line in lines for slot in line)):
        chosen = lines
    else:
        certain = [line for line in lines if _is_certain(_said(line))]
        chosen = [line for line in lines if _is_certain(_said(line), _LIKELY)] if len(certain) >= _SEVERAL else certain
    for line in chosen:
        _decode(line)


def _lines(root: Any) -> list[list[_Slot]]:
    """Give the places of text, those that stand on one line together; what an attribute says is a line of its own."""
    lines: list[list[_Slot]] = [[]]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag not in _INLINE:
            lines.append([])
        if event == "start":
            for slot in _own(element):
                (lines[-1] if slot.name == "text" else _new(lines)).append(slot)
        elif element.tail and element is not root:
            lines[-1].append(_Slot(element, "tail"))
    return [line for line in lines if line]


def _new(lines: list[list[_Slot]]) -> list[_Slot]:
    """Add a line in front of the one that is being gathered."""
    lines.insert(-1, [])
    return lines[-2]


def _said(slots: Iterable[_Slot]) -> str:
    return " ".join(slot.value for slot in slots)


def _decode(slots: list[_Slot]) -> None:
    for slot in slots:
        if not slot.value.isascii():
            slot.put(from_tcvn3(slot.value))


def _is_certain(text: str, fewest: int = _CERTAIN) -> bool:
    """Tell whether `text` can only be TCVN3.

    That is: `fewest` words or more that no Latin spelling has, and Vietnamese when its words are decoded.
    """
    if text.isascii() or _BEYOND.search(text) or not _IMPOSSIBLE.search(text):
        return False
    units = list(dict.fromkeys(unit for unit in _UNIT.findall(text) if len(unit) > 1 and not unit.isascii()))
    valid = [unit for unit in units[:_MOST_UNITS] if len(unit) <= _LONGEST_UNIT and is_syllable(from_tcvn3(unit))]
    impossible = sum(bool(_IMPOSSIBLE.search(unit)) for unit in valid)
    return impossible >= fewest and len(valid) >= _VALID_SHARE * len(units[:_MOST_UNITS])

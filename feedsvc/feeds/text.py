"""Any text a portal wrote -> text that an XML or JSON document can carry.

safety.md 5: one control character or lone surrogate raises in lxml and takes the whole feed with it, and a title that
holds markup becomes active in readers that show titles as HTML.
"""

from __future__ import annotations

import html
import re
import unicodedata
from html.entities import name2codepoint

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SUSPECT = re.compile(f"[&<{_FORBIDDEN.pattern[1:-1]}{_BIDI.pattern[1:-1]}]")
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>|<[!?][^<>]*>", re.DOTALL)
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_ENTITY = re.compile(r"&(?=(#?\w+))")
_IN_HTML = re.compile(r"&(?=[#\w])")
_ROUNDS = 8


def xml_safe(text: str) -> str:
    """`text` without what XML 1.0 (2.2) forbids or discourages: C0 but tab, newline, return; C1; surrogates.

    Nothing else is touched: NFC would join U+0338 to the end of a tag, and change what an address names.
    """
    return _FORBIDDEN.sub("", text)


def plain(text: str) -> str:
    """One line of words in NFC: no tag, entity, line break, bidi control; what is left of a `<` cannot open a tag.

    Entities are decoded and tags taken out until nothing changes: harmless even in a reader that decodes twice. An `&`
    that still looks like the beginning of one, as in `1&2`, is set apart.
    """
    if not _SUSPECT.search(text) and unicodedata.is_normalized("NFC", text):
        return " ".join(text.split())
    text = _legible(text)
    for _ in range(_ROUNDS):
        bare = _TAG.sub("", _legible(html.unescape(text)))
        if bare == text:
            break
        text = bare
    else:
        text = text.replace("&", "").replace("<", "")  # an onion of entities is no sentence
    return " ".join(_ENTITY.sub(_apart, _OPENING.sub("< ", text)).split())


def as_html(words: str) -> str:
    """Plain words where a reader expects HTML, as in the description of RSS: escaped only where HTML asks for it."""
    return _IN_HTML.sub("&amp;", words).replace("<", "&lt;")


def beginning(text: str, most: int) -> str:
    """The first words of `text`, at most `most` characters and an ellipsis."""
    if len(text) <= most:
        return text
    head = text[:most]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:–-") + "…"


def language_tag(text: str) -> str:
    """`text` when it has the form of a language tag (RFC 5646) that begins with a code of ISO 639, else ""."""
    return text if _LANGUAGE.fullmatch(text) else ""


def _apart(ampersand: re.Match[str]) -> str:
    name = ampersand[1]
    return "& " if not name.isalpha() or name == "apos" or name in name2codepoint else "&"


def _legible(text: str) -> str:
    return unicodedata.normalize("NFC", _BIDI.sub("", xml_safe(text)))

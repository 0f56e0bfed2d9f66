"""Text and HTML made fit for a feed: what XML forbids is out, Unicode is NFC, markup is on an allow list.

Every string that leaves the reading room goes through one of these functions; the rules are those of safety.md 5 and 6.
"""

from __future__ import annotations

import html as entities
import re
import unicodedata
from typing import Final

from feedsvc.allowed import allowed

# Tab, newline, vertical tab, form feed and return are white space; every other control character is debris.
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_XML_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Soft hyphen, zero-width space, word joiner, byte order mark, Mongolian vowel separator: invisible everywhere.
_INVISIBLE: Final = re.compile("[\u00ad\u180e\u200b\u2060\ufeff]")
# The joiners are part of the spelling in Indic and Arabic scripts and inside emoji, and noise anywhere else.
_STRAY_JOINER: Final = re.compile(
    "(?<![\u0590-\u1cff\u2600-\u27bf\ua800-\uabff\ufb1d-\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]"
)
# Text in which nothing needs cleaning but white space: Latin with its Vietnamese letters, Cyrillic, Han, in NFC.
_PLAIN: Final = re.compile(
    "[\t\n\v\f\r\x20-\x7e\xa0-\xac\xae-\u02ff\u0400-\u0481\u048a-\u052f\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u205e\u4e00-\u9fff]*+"
)
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TAG: Final = re.compile(r"<[a-zA-Z/!?][^<>]*(?:>|$|(?=<))")
_ENTITY_START: Final = re.compile(r"&(?=#?\w)")
_ROUNDS: Final = 8

# U+0338 joins a preceding ">" into another character under NFC, and would so eat the end of a tag.
_OVERLAY: Final = "\u0338"


def clean_text(text: str) -> str:
    """Give `text` as one line: NFC, no control or invisible characters, every run of white space one space."""
    if _PLAIN.fullmatch(text):
        return " ".join(text.split())
    kept = _STRAY_JOINER.sub("", _INVISIBLE.sub("", _CONTROL.sub("", text)))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def clean_title(text: str) -> str:
    """Give `text` as plain words: as `clean_text`, and without entities, tags and bidi controls.

    Decoding goes on until nothing changes, because portals encode twice and a title that still holds an encoded tag
    becomes markup in the reader that decodes once more (safety.md 5).
    """
    for _ in range(_ROUNDS):
        plain = clean_text(_BIDI.sub("", _TAG.sub(" ", entities.unescape(text))))
        if plain == text:
            return plain
        text = plain
    # Deeper nesting than any portal writes is an attack: without its ampersands nothing can be decoded any more.
    return clean_text(_TAG.sub(" ", _ENTITY_START.sub("", text)))


def xml_safe(text: str) -> str:
    """Give `text` in NFC without the characters of safety.md 5; tabs and line breaks stay, nothing else is touched."""
    if text.isascii():
        return _XML_FORBIDDEN.sub("", text)
    return unicodedata.normalize("NFC", _XML_FORBIDDEN.sub("", text))


def sanitise(html: str) -> str:
    """Give the allowed part of `html` (safety.md 6): no script, style, class, foreign scheme or relative address.

    The result is clean text too: no character that XML forbids, not even one written as a reference (`&#7;`), no
    invisible ones, plain spaces for NBSP. A second call changes nothing.
    """
    kept = allowed(_XML_FORBIDDEN.sub("", html))
    for _ in range(_ROUNDS):
        text = _clean_markup(kept)
        if text == kept:
            return text
        # What was cleaned away may have hidden something: the allow list has the last word.
        kept = allowed(text)
    return kept


def _clean_markup(html: str) -> str:
    text = html.replace("&nbsp;", " ").replace("\xa0", " ").replace(_OVERLAY, "")
    return xml_safe(_STRAY_JOINER.sub("", _INVISIBLE.sub("", text)))

"""Bytes to text: which encoding a page is in, whatever its server says (spec reading.md, 2)."""

from __future__ import annotations

import codecs
import re

from feedsvc.extract.old_charsets import LABELS, read_old, recognise

# Labels of the WHATWG Encoding Standard that portals use -> the codec that reads them. Whatever is not here is not
# decoded with: `zlib_codec`, `utf-7` and the like in a header must do nothing.
_CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252",
    "iso-8859-2": "iso8859-2", "windows-1250": "cp1250", "iso-8859-5": "iso8859-5", "windows-1251": "cp1251",
    "cp1251": "cp1251", "koi8-r": "koi8-r", "koi8-u": "koi8-u", "iso-8859-7": "iso8859-7", "windows-1253": "cp1253",
    "iso-8859-9": "cp1254", "windows-1254": "cp1254", "iso-8859-8": "iso8859-8", "windows-1255": "cp1255",
    "iso-8859-6": "iso8859-6", "windows-1256": "cp1256", "windows-1257": "cp1257", "iso-8859-13": "iso8859-13",
    "iso-8859-15": "iso8859-15",
    "windows-874": "cp874", "tis-620": "cp874", "iso-8859-11": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    **LABELS,
}  # fmt: skip
# What old Vietnamese pages are declared as, by the habit of their editors and servers: to be doubted.
_DOUBTED = frozenset({"cp1252", "iso8859-15", "cp1258", "utf-8"})
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(
    rb"<(?:meta[^>]{0,300}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
_META_WINDOW = 8192  # browsers look at 1024 bytes; portals put scripts before the meta element
_BAD_SHARE = 0.01  # of replacement characters: above it another candidate is tried (reading.md 2)


def decode(body: bytes, content_type: str) -> tuple[str, str]:
    """Return the text of `body` and the codec that read it; `content_type` is the whole header value, perhaps empty.

    Order: byte order mark, strict UTF-8 with a multi-byte sequence, HTTP charset, meta, and for what these leave open
    the old Vietnamese encodings by content (reading.md 2). Never raises: bytes that fit nothing come with U+FFFD in
    them.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace"), codec
    text = _strict_utf8(body)
    if text is not None and not body.isascii():
        return text, "utf-8"
    tries = [(_decoded(body, codec), codec) for codec in _declared(body, content_type)]
    good = next((found for found in tries if _bad_share(found[0]) <= _BAD_SHARE), None)
    if (good is None or good[1] in _DOUBTED) and text is None and (old := recognise(body)):
        return read_old(body, old), old
    if good:
        return good
    if text is not None:
        return text, "utf-8"
    tries += [(_decoded(body, codec), codec) for codec in ("utf-8", "cp1252")]
    return min(tries, key=lambda found: _bad_share(found[0]))


def _strict_utf8(body: bytes) -> str | None:
    """Return the text when `body` is UTF-8, a cut last character forgiven; None otherwise."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return None


def _declared(body: bytes, content_type: str) -> list[str]:
    """Return the codecs that the header and the page name, as far as they are on the list."""
    labels = [found.group(1) for found in [_HEADER_CHARSET.search(content_type)] if found]
    meta = _META_CHARSET.search(body[:_META_WINDOW])
    if meta:
        label = meta.group(1).decode("ascii", "replace")
        # A page whose meta element can be read as ASCII is not UTF-16 (WHATWG HTML, "prescan").
        labels.append("utf-8" if label.casefold().startswith("utf-16") else label)
    return [
        _CODECS[label] for label in dict.fromkeys(label.strip(".:").casefold() for label in labels) if label in _CODECS
    ]


def _decoded(body: bytes, codec: str) -> str:
    return read_old(body, codec) if codec in LABELS.values() else body.decode(codec, "replace")


def _bad_share(text: str) -> float:
    return text.count("\ufffd") / max(1, len(text))

"""Addresses and words as they may be shown: in messages, logs and on the status page (safety.md 12)."""

from __future__ import annotations

import re
from collections.abc import Collection

LONGEST_SHOWN = 300
HIDDEN = "***"
_NAME = (
    r"(?:[\w.-]*[_.-])?"
    r"(?:\w*token|secret|password|passwd|pwd|pass|apikey|key|auth|authorization|sig|signature|sid|\w*sess(?:ion)?id)"
)
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)
_USER_PART = re.compile(r"(?<=//)[^/?#]*@")
_USER_IN_TEXT = re.compile(r"(?<=//)[^\s/?#\"'<>]*@")
# An address may stand in a parameter of another, escaped: a portal sends to its login page like that.
_SECRET_VALUE = re.compile(
    rf"((?:[?&;]|%(?:25)*3f|%(?:25)*26|%(?:25)*3b){_NAME}(?:=|%(?:25)*3d))(?:(?!%(?:25)*26)[^&;#])*",
    re.IGNORECASE,
)
_SECRET_IN_TEXT = re.compile(
    rf"((?:(?:[?&;]|%(?:25)*3f|%(?:25)*26|%(?:25)*3b){_NAME}|(?<![\w%.-])(?:\w*token|secret|password|passwd|pwd|apikey))"
    r"(?:=|%(?:25)*3d))(?:(?!%(?:25)*26)[^\s&;#\"'<>,)\]}])+",
    re.IGNORECASE,
)
_CREDENTIALS = re.compile(r"(\bauthorization[\"']?\s*[:=]\s*[\"']?\w+\s+|\bBearer\s+)[\w.~+/-]{8,}=*", re.IGNORECASE)
_PLAIN = re.compile(r"[\w.:-]*")
"""A word or a moment, which none of these patterns can match: each wants a slash, an equals sign, or a blank."""
_BOT_TOKEN = re.compile(r"(/bot)\d+(?::|%3[aA])[^/?#\s]+")


def printable(text: str, longest: int = LONGEST_SHOWN) -> str:
    """`text` for one line of a log: control characters written as escapes, cut to `longest` characters."""
    cut = text if len(text) <= longest else f"{text[:longest]}..."
    return escaped(cut)


def escaped(text: str, kept: str = "") -> str:
    """`text` with every character that is not printable, but for those in `kept`, written as an escape."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in kept else c.encode("unicode_escape").decode("ascii") for c in text)


def masked(url: str) -> str:
    """`url` without user part, secret parameters and bot tokens, on one line."""
    shown = _USER_PART.sub("", url)
    shown = _SECRET_VALUE.sub(rf"\1{HIDDEN}", shown)
    return printable(_BOT_TOKEN.sub(rf"\1{HIDDEN}", shown))


def is_secret_name(name: str) -> bool:
    """Whether a parameter or key of this name holds a secret."""
    return _SECRET_NAME.fullmatch(name) is not None


def holds_secret(url: str) -> bool:
    """Whether `masked` would take something out of an address."""
    return any(pattern.search(url) for pattern in (_USER_PART, _SECRET_VALUE, _BOT_TOKEN))


def masked_text(text: str, secrets: Collection[str] = ()) -> str:
    """`text` with the addresses in it masked, and with each of `secrets` taken out wherever it stands.

    Credentials of an Authorization header are taken out as well. Nothing is cut and no character escaped.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    if _PLAIN.fullmatch(text):
        return text
    shown = _USER_IN_TEXT.sub("", text)
    shown = _SECRET_IN_TEXT.sub(rf"\1{HIDDEN}", shown)
    shown = _CREDENTIALS.sub(rf"\1{HIDDEN}", shown)
    return _BOT_TOKEN.sub(rf"\1{HIDDEN}", shown)


def secret_values(url: str) -> frozenset[str]:
    """What `masked` takes out of an address: its user part and the values of its secret parameters."""
    values = {match[0].partition("=")[2] for match in _SECRET_VALUE.finditer(url)}
    values |= {part for match in _USER_PART.finditer(url) for part in (match[0][:-1], match[0][:-1].partition(":")[2])}
    return frozenset(filter(None, values))

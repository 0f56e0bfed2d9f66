"""Addresses as they may be shown: in messages, logs and on the status page (safety.md 12)."""

from __future__ import annotations

import re

LONGEST_SHOWN = 300
_USER_PART = re.compile(r"(?<=//)[^/?#]*@")
_SECRET_VALUE = re.compile(
    r"([?&;](?:[\w.-]*[_.-])?"
    r"(?:\w*token|secret|password|passwd|pwd|pass|apikey|key|auth|authorization|sig|signature|sid|\w*sess(?:ion)?id)"
    r"=)[^&;#]*",
    re.IGNORECASE,
)
_BOT_TOKEN = re.compile(r"(/bot)\d+:[^/?#]+")


def printable(text: str, longest: int = LONGEST_SHOWN) -> str:
    """`text` for one line of a log: control characters written as escapes, cut to `longest` characters."""
    cut = text if len(text) <= longest else f"{text[:longest]}..."
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)


def masked(url: str) -> str:
    """`url` without user part, secret parameters and bot tokens, on one line."""
    shown = _USER_PART.sub("", url)
    shown = _SECRET_VALUE.sub(r"\1***", shown)
    return printable(_BOT_TOKEN.sub(r"\1***", shown))

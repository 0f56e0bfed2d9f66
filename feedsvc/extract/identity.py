"""Identity of articles: canonical keys of addresses, ids, digests. Pure; `plan.settle` alone decides what is new.

A key is a short text with a prefix that says what it is made of: `url:` a canonical address, `num:` the portal's own
article number, `doc:` and `sha:` a dropped document's name and digest (all strong), `title:` and `body:` (weak: they
count only where a single item has them). Rules: safety.md 3 of the specification.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING

from feedsvc.extract.address import bounded, canonical_key, digest
from feedsvc.extract.native_number import number_key
from feedsvc.model import WEAK_KEYS

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from feedsvc.model import MediaObject

__all__ = [
    "canonical_key", "fingerprint", "folded", "is_weak", "item_keys", "make_id", "stub_keys", "weak_keys",
]  # fmt: skip

TITLE_WORDS = 4
"""A shorter title ("Thông báo", "Tin trong tuần") is no sign of one article."""

BODY_CHARACTERS = 200
"""A shorter body, once folded, is no sign of one article."""

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
GAP = re.compile(r"[\W_]+")
MARKLESS = re.compile("[\u0000-\u02ff\u1e00-\u1eff\u2000-\u206f\u20ab]*")
"""Latin letters, composed, and punctuation: among them no mark belongs to the letter before it."""


def stub_keys(url: str) -> tuple[str, ...]:
    """Give the strong keys of an address: `url:...`, and `num:...` where it has a native number; none of ""."""
    if not url.strip():
        return ()
    key = canonical_key(url)
    number = number_key(key)
    return (f"url:{key}", *((number,) if number else ()))


def item_keys(
    url: str, canonical: str | None, title: str, published: datetime | None, text: str, timezone: ZoneInfo
) -> tuple[str, ...]:
    """All keys of an article, strong ones first.

    `canonical` is what the page gives as `rel=canonical`; it counts when it is on the same host and neither the home
    page nor a list above `url`. The day of the title's key is that of `published` in `timezone`.
    """
    keys = list(stub_keys(url))
    if canonical and _acceptable(canonical_key(canonical), canonical_key(url)):
        keys.append(f"url:{canonical_key(canonical)}")
    keys += weak_keys(title, published, text, timezone)
    return tuple(dict.fromkeys(keys))


def weak_keys(title: str, published: datetime | None, text: str, timezone: ZoneInfo) -> tuple[str, ...]:
    """Keys made of the words: title and day (dated, 4 words or more), title and body (200 characters or more)."""
    name, body = folded(title), folded(text)
    keys = []
    if published is not None and len(name.split()) >= TITLE_WORDS:
        keys.append(f"title:{bounded(name)}|{published.astimezone(timezone):%Y-%m-%d}")
    if len(body) >= BODY_CHARACTERS:
        keys.append("body:" + digest(f"{name}\n{body}")[:32])
    return tuple(keys)


def is_weak(key: str) -> bool:
    """Whether several articles may have the key, so that it counts only where a single item has it."""
    return key.startswith(WEAK_KEYS)


def folded(text: str) -> str:
    """Give the words alone, for comparison: NFC, letter case folded, punctuation and spaces made one space."""
    spelled = unicodedata.normalize("NFC", unicodedata.normalize("NFD", INVISIBLE.sub("", text)).casefold())
    return " ".join(GAP.sub(" " if MARKLESS.fullmatch(spelled) else _marks, spelled).split())


def make_id(authority: str, source: str, key: str, generation: int = 1) -> str:
    """Make the tag: URI (RFC 4151) of a new item.

    `authority` is a host and a year (`feeds.example.org,2026`), `key` the item's first strong key without its prefix.
    `generation` 2 and more is for another article under an address that was used before.
    """
    name = key if generation == 1 else f"{key}#{generation}"
    return f"tag:{authority}:{source}/{digest(name)[:20]}"


def fingerprint(title: str, summary: str, text: str, media: tuple[MediaObject, ...]) -> str:
    """Digest (32 hex digits) what a person would call the article; another digest means that it was edited.

    White space, Unicode spelling, the order of media and all sizes are left out, as are the scheme and the session
    parts of media addresses.
    """
    words = [" ".join(unicodedata.normalize("NFC", part).split()) for part in (title, summary, text)]
    files = sorted({f"{one.kind} {canonical_key(one.url)}" for one in media})
    return digest(json.dumps([words, files], ensure_ascii=True))[:32]


def _acceptable(canonical: str, own: str) -> bool:
    """Tell whether a canonical address is on the host of the article's own, and no page above it: home page or list."""
    host = own.partition("/")[0]
    return canonical.startswith(f"{host}/") and not own.startswith(f"{canonical}/")


def _marks(gap: re.Match[str]) -> str:
    """Make what stands between two words a space; marks that belong to the letter before them stay."""
    text = gap.group()
    if text.isascii():
        return " "
    return "".join(char if unicodedata.category(char).startswith("M") else " " for char in text)

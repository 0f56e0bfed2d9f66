"""Whether a line or a reading is of a known article: by a strong key, by a weak one nothing speaks against. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from feedsvc.model import WEAK_KEYS, Item, Known

ADDRESS = "url:"


def is_weak(key: str) -> bool:
    """Title and body keys may be shared by different articles; all others belong to one (safety.md 3.2)."""
    return key.startswith(WEAK_KEYS)


def match(keys: Iterable[str], known: Mapping[str, Known]) -> Known | None:
    """The known item that these keys lead to: by any strong key, else by a weak one that nothing speaks against."""
    keys = tuple(keys)
    for key in keys:
        if key in known and not is_weak(key):
            return known[key]
    for key in keys:
        if key in known and not two_numbers(keys, known[key].item.keys):
            return known[key]
    return None


def two_numbers(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Two article numbers of one shape are two articles, unless their bodies are the same."""
    ours, theirs = set(ours), set(theirs)
    if any(key.startswith("body:") for key in ours & theirs):
        return False
    shapes = {key.rpartition("|")[0] for key in theirs if key.startswith("num:")}
    return any(key.rpartition("|")[0] in shapes and key not in theirs for key in ours if key.startswith("num:"))


def followed(item: Item, url: str, keys: Iterable[str], listed: Collection[str] | None, category: str) -> str:
    """Give the address that a known item has from now on, "" where it stays: readers shall not be sent to a dead one.

    It moves when a list that had the item shows it where it was never met, and at none of its addresses any more
    (`listed` are the keys of all lines, None where there was no list); then two addresses that are both alive, in two
    blocks or two categories, do not take turns. An address with a safe transport takes the place of its plain spelling.
    """
    if url == item.url or listed is None:
        return ""
    if item.url.startswith("http://") and url == f"https://{item.url.removeprefix('http://')}":
        return url
    known = {key for key in item.keys if key.startswith(ADDRESS)}
    new = [key for key in keys if key.startswith(ADDRESS)]
    if not known or not new or category not in item.categories or known.intersection(new):
        return ""
    return "" if known.intersection(listed) else url

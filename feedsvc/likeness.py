"""How much two readings of articles, or two lists of them, have in common. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from urllib.parse import parse_qsl, urlsplit

from feedsvc.model import Item, Stub

WORD = re.compile(r"\w+")
LONGEST_FOLDER = 24
LIKE = 0.5
"""Share of words that two headlines, or of word triples that two texts, have in common when one is of the other."""
SAME = 0.9
"""Share of word triples that two texts have in common, of all in either, when they differ by their portal's design."""


def alike(one: Item, other: Item) -> bool:
    """Whether two readings can be of one article: their headlines or their texts have half of their words in common."""
    ours, theirs = set(words_of(one.title)), set(words_of(other.title))
    if len(ours & theirs) >= LIKE * max(len(ours), len(theirs)):
        return True
    return bool(one.text and other.text) and shared(one.text, other.text) >= LIKE


def shared(one: str, other: str) -> float:
    """The share of word triples of the shorter text that the longer has too; 1 when either is too short to tell."""
    ours, theirs = _triples(one), _triples(other)
    return len(ours & theirs) / min(len(ours), len(theirs)) if ours and theirs else 1.0


def _triples(text: str) -> set[tuple[str, str, str]]:
    words = words_of(text)
    return set(zip(words, words[1:], words[2:], strict=False))


def redrawn(one: Item, other: Item) -> bool:
    """Whether two readings say the same in other clothes: one headline, and next to no word that only one has."""
    if words_of(one.title) != words_of(other.title):
        return False
    ours, theirs = (_triples(item.text) for item in (one, other))
    return len(ours & theirs) >= SAME * len(ours | theirs)


def rewritten(old: Item, again: Item) -> bool:
    """Whether a second reading has little of the text of the first: then its headline must be the page's own word."""
    return bool(old.text and again.text) and shared(old.text, again.text) < LIKE


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in small letters, without marks."""
    return tuple(WORD.findall(text.casefold()))


def foreign(stubs: Sequence[Stub], items: Sequence[Item | Stub], hosts: Collection[str] = ()) -> bool:
    """Whether a list of which nothing is known is another list than that of `items`: a side block, a login, a redesign.

    News after a long silence have addresses of the same shape as those before; another block's have not. A list that
    shows the known headlines is the same list, whatever has become of the portal's addresses. `hosts` are those of one
    portal, between which it may move.
    """
    titles = {words_of(item.title) for item in items}
    if 2 * len(titles & {words_of(stub.title) for stub in stubs}) >= min(len(titles), len(stubs)) > 0:
        return False
    shapes = {shape for item in items for shape in _shapes(item, hosts)}
    alike = sum(not shapes.isdisjoint(_shapes(stub, hosts)) for stub in stubs)
    return bool(shapes) and 2 * alike < len(stubs)


def _shapes(one: Item | Stub, hosts: Collection[str]) -> set[tuple[str, ...]]:
    """The shapes of all addresses under which it is known: the keys have those that a portal gave it since."""
    known = (f"//{key.removeprefix('url:')}" for key in one.keys if key.startswith("url:"))
    shapes = {address_shape(url) for url in (one.url, *known) if url}
    return {("", *rest) if host in hosts else (host, *rest) for host, *rest in shapes}


def address_shape(url: str) -> tuple[str, ...]:
    """What addresses of one kind of page share: host, folders without numbers and long slugs, ending, query names."""
    parts = urlsplit(url)
    *folders, last = parts.path.strip("/").split("/")
    fixed = ("*" if len(name) > LONGEST_FOLDER or any(c.isdigit() for c in name) else name for name in folders)
    ending = last.rpartition(".")[2].lower() if "." in last else ""
    return ((parts.hostname or "").removeprefix("www."), *fixed, ending, *sorted(dict(parse_qsl(parts.query))))

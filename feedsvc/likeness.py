"""How much two readings of articles have in common. Pure."""

from __future__ import annotations

import re

from feedsvc.model import Item

WORD = re.compile(r"\w+")
LIKE = 0.5
"""Share of words that two headlines, or of word triples that two texts, have in common when one is of the other."""


def alike(one: Item, other: Item) -> bool:
    """Whether two readings can be of one article: their headlines or their texts have half of their words in common."""
    ours, theirs = set(words_of(one.title)), set(words_of(other.title))
    if len(ours & theirs) >= LIKE * max(len(ours), len(theirs)):
        return True
    return bool(one.text and other.text) and shared(one.text, other.text) >= LIKE


def shared(one: str, other: str) -> float:
    """The share of word triples of the shorter text that the longer has too; 1 when either is too short to tell."""
    ours, theirs = (set(zip(words, words[1:], words[2:], strict=False)) for words in (words_of(one), words_of(other)))
    return len(ours & theirs) / min(len(ours), len(theirs)) if ours and theirs else 1.0


def rewritten(old: Item, again: Item) -> bool:
    """Whether a second reading has little of the text of the first: then its headline must be the page's own word."""
    return bool(old.text and again.text) and shared(old.text, again.text) < LIKE


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in small letters, without marks."""
    return tuple(WORD.findall(text.casefold()))

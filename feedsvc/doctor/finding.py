"""One line of what `feedsvc doctor` tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["fine", "note", "wrong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found of one thing: `check` names it, `todo` says what helps; a note is no fault, but may surprise."""

    check: str
    verdict: Verdict
    words: str
    todo: str = ""


def fine(check: str, words: str) -> Finding:
    """All is as it should be."""
    return Finding(check=check, verdict="fine", words=words)


def note(check: str, words: str, todo: str = "") -> Finding:
    """What is no fault, but may surprise."""
    return Finding(check=check, verdict="note", words=words, todo=todo)


def wrong(check: str, words: str, todo: str) -> Finding:
    """What keeps the service from its promises."""
    return Finding(check=check, verdict="wrong", words=words, todo=todo)

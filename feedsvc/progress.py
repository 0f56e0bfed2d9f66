"""Progress of long work, told while it goes on."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""What is done ("pages", "articles"), how many of them, of how many (0: not known)."""


def silent(what: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""

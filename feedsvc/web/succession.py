"""Whether a document may take the place of the one that is shown (feeds.md 10): no item vanishes without a reason."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial

from feedsvc.errors import RenderError
from feedsvc.feeds.proof import vanished
from feedsvc.model import Rendered
from feedsvc.web.address import Address
from feedsvc.web.delta import Deltas
from feedsvc.web.packing import Document

SHOWN = 3
"""How many ids a reason names."""


Unexplained = Callable[[Collection[str], datetime | None], Collection[str]]


def follower(unexplained: Unexplained, deltas: Deltas) -> Callable[[Address, Document, Rendered], None]:
    """What is asked before a document is replaced; the replaced one is then remembered as a state."""
    return partial(_follow, unexplained, deltas)


def _follow(
    unexplained: Unexplained,
    deltas: Deltas,
    address: Address,
    before: Document,
    after: Rendered,
) -> None:
    gone = frozenset(vanished(before.body, after.body, address.format)) - frozenset(after.left_out)
    missed = unexplained(gone, before.changed) if gone else ()
    if missed:
        raise RenderError(reason(address, missed))
    deltas.remember(address, before)


def reason(address: Address, missed: Collection[str]) -> str:
    """In words, which items the new document lacks."""
    named = ", ".join(sorted(missed)[:SHOWN]) + (" ..." if len(missed) > SHOWN else "")
    return f"{address.format} document of {address.path} would lose {len(missed)} items without cause: {named}"

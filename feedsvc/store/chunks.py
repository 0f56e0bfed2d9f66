"""Long lists in portions: a statement takes a bounded number of values (SQLite: 32,766, older builds 999)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Value = TypeVar("Value")
PORTION = 400


def chunks(values: Sequence[Value], size: int = PORTION) -> Iterator[Sequence[Value]]:
    """Give `values` in portions of at most `size`, in their order; nothing for none."""
    for start in range(0, len(values), size):
        yield values[start : start + size]

"""THE TABLE: what the hostile portal does, one line for each case, and what must come of it (hostile_case.Case)."""

from __future__ import annotations

from portals.hostile_answers import bytes_on_the_wire, heads, rules, ways
from portals.hostile_case import Case
from portals.hostile_contents import inside, suspects, torture, words

CASES: tuple[Case, ...] = (
    *bytes_on_the_wire(), *heads(), *words(), *torture(), *ways(), *rules(), *suspects(), *inside(),
)  # fmt: skip

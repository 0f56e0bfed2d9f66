"""Where the polling of a category stands after a poll, and when it goes on. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from feedsvc.model import Category, CategoryState, Outcome, Problem, Validators

LONGEST_BACK_OFF = timedelta(hours=6)
LONGEST_WAIT = timedelta(days=1)
SUSPICION = timedelta(minutes=2)
REDESIGNED = "redesigned"
"""The code of a list that seems to have moved on its page: looked at again soon, until it is believed (safety.md 7)."""


def next_state(
    before: CategoryState,
    category: Category,
    *,
    outcome: Outcome,
    finished: datetime,
    jitter: float = 0.0,
    problem: Problem | None = None,
    validators: Validators | None = None,
    digest: str | None = None,
    depth: int = 0,
    usual: int | None = None,
    shape: str | None = None,
    imprint: str | None = None,
) -> CategoryState:
    """Where polling stands after a poll. `jitter` is -1 to 1: a tenth of the back-off, so that failures spread out.

    `shape` and `imprint` are those of the list that was read (Listing): what is None stays as it was.
    `succeeded` is first set when the first walk is over: from then on walks go to known items, not to so many pages.
    """
    good = outcome in {"ok", "unchanged"}
    failures = 0 if good else before.failures + 1
    return CategoryState(
        polled=finished,
        next_poll=finished + _pause(category, outcome, failures, depth, problem, jitter),
        validators=validators if good and validators is not None else before.validators,
        digest=digest if good and digest is not None else before.digest,
        depth=depth if good else max(depth, before.depth),
        usual=usual if good and usual is not None else before.usual,
        failures=failures,
        outcome=outcome,
        succeeded=finished if good and (before.succeeded or not depth) else before.succeeded,
        problem=problem,
        shape=shape if good and shape is not None else before.shape,
        bytes_digest=imprint if good and imprint is not None else before.bytes_digest,
        overdue=before.overdue,
        alarms=before.alarms,
    )


def _pause(
    category: Category, outcome: Outcome, failures: int, depth: int, problem: Problem | None, jitter: float
) -> timedelta:
    if outcome == "suspicious" and (failures == 1 or (problem is not None and problem.code == REDESIGNED)):
        return min(SUSPICION, category.every)
    wished = min(problem.retry_after or timedelta(0), LONGEST_WAIT) if problem else timedelta(0)
    if outcome in {"ok", "unchanged"}:
        return timedelta(0) if depth and not problem else max(category.every, wished)
    doubled: timedelta = category.every * 2 ** min(failures - 1, 16)
    longest = max(LONGEST_BACK_OFF, category.every)
    # Failures of an hour spread out at the end of the doubling too, and none waits for longer than that.
    pause: timedelta = min(doubled * (1 + jitter / 10), longest * (1 - abs(jitter) / 10))
    return max(pause, wished)

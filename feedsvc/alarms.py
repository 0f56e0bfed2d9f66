"""When a person is told that something is wrong: once as it begins, once a day while it lasts, once as it ends. Pure.

There are three troubles. `failing`: no answer that can be read, three times in a row, or twice when the last good poll
is an hour back: a portal that restarts is back before. `suspicious`: a second look confirmed an answer that was not
believed; one that is about to be believed is waited for. `late`: silence beyond the list's own rhythm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from feedsvc.model import Alarm, Category, CategoryState, PollResult, Problem
from feedsvc.plan.polling import REDESIGNED
from feedsvc.plan.verdict import is_late

REMINDER = timedelta(hours=24)
FAILURES = 3
CONFIRMED = 2
DOWN = timedelta(hours=1)
BROKEN = ("failing", "suspicious")
LATE = "late"
SERVICE = "operator"
"""In the ids of alarms of the service itself, in place of a source: a name that no source may have."""

MakeId = Callable[[str, str, int], str]


def troubles(state: CategoryState, now: datetime, late: Callable[[], str] = str) -> dict[str, Problem]:
    """What is wrong with a category after a poll at `now`, by code; `late` gives the words for silence.

    A trouble that is told already lasts until a poll goes well, whatever it turns into meanwhile.
    """
    found: dict[str, Problem] = {}
    good = state.outcome in {"ok", "unchanged"}
    if not good and state.problem is not None:
        open_one = next((code for code in BROKEN if code in state.alarms), "")
        code = open_one or ("suspicious" if state.outcome == "suspicious" else "failing")
        if open_one or _lasts(state, now):
            found[code] = state.problem
    if is_late(state, now) and (good or LATE in state.alarms):
        found[LATE] = Problem(code=LATE, detail=late())
    return found


def _lasts(state: CategoryState, now: datetime) -> bool:
    if state.outcome == "suspicious":
        believed_soon = state.problem is not None and state.problem.code == REDESIGNED
        return state.failures >= CONFIRMED and not believed_soon
    down = state.succeeded is not None and now - state.succeeded >= DOWN
    return state.failures >= FAILURES or (state.failures >= CONFIRMED and down)


def told(
    lasting: Sequence[Alarm], found: Mapping[str, Problem], category: Category, now: datetime, make_id: MakeId
) -> tuple[Alarm, ...]:
    """The alarms of a category that begin, are told again, or end now; `lasting` are those that had not ended.

    Nothing is told twice: the same trouble is told when it begins, after each further day, and when it is over.
    """
    ended = [replace(alarm, ended=now) for alarm in lasting if alarm.code not in found]
    known = {alarm.code for alarm in lasting}
    again = [
        replace(alarm, told=now, reminders=alarm.reminders + 1, detail=found[alarm.code].detail)
        for alarm in lasting
        if alarm.code in found and now - alarm.told >= REMINDER
    ]
    begun = [
        _begun(code, problem, category, now, make_id) for code, problem in sorted(found.items()) if code not in known
    ]
    return (*ended, *again, *begun)


def after(
    result: PollResult,
    lasting: Sequence[Alarm],
    category: Category,
    make_id: MakeId,
    late: Callable[[], str] = str,
) -> PollResult:
    """The result of a poll with what a person is told because of it, and the codes of what lasts in its state."""
    state, now_told = judged(result.state, lasting, category, result.finished, make_id, late)
    return replace(result, alarms=now_told, state=state)


def judged(
    state: CategoryState,
    lasting: Sequence[Alarm],
    category: Category,
    now: datetime,
    make_id: MakeId,
    late: Callable[[], str] = str,
) -> tuple[CategoryState, tuple[Alarm, ...]]:
    """The state after a poll or a search that ended at `now`, with the codes of what lasts; what a person is told."""
    found = troubles(state, now, late)
    if not found and not lasting and not state.alarms:
        return state, ()
    return replace(state, alarms=tuple(sorted(found))), told(lasting, found, category, now, make_id)


def _begun(code: str, problem: Problem, category: Category, now: datetime, make_id: MakeId) -> Alarm:
    name = f"alarm:{category.slug}:{code}:{now.isoformat()}"
    return Alarm(
        id=make_id(category.source, name, 1),
        source=category.source,
        category=category.slug,
        code=code,
        detail=problem.detail,
        url=problem.url or category.url,
        began=now,
        told=now,
    )


def of_service(
    problem: Problem, began: datetime, now: datetime, make_id: MakeId, ended: datetime | None = None
) -> Alarm:
    """The alarm of a standstill of the service itself, as it stands at `now`; by `began` it is known as the same one.

    While it lasts nothing may be able to store it: whoever reads works out from the pollers' last signs what was told,
    and the poller that goes on stores how it ended.
    """
    reminders = max(0, ((ended or now) - began) // REMINDER)
    return Alarm(
        id=make_id(SERVICE, f"alarm:{began.astimezone(UTC).isoformat()}", 1),
        source="",
        category="",
        code=problem.code,
        detail=problem.detail,
        url="",
        began=began,
        told=began + reminders * REMINDER,
        reminders=reminders,
        ended=ended,
    )


def event(alarm: Alarm) -> str:
    """What was told of an alarm last: `begun`, `reminder` or `ended`."""
    if alarm.ended is not None:
        return "ended"
    return "reminder" if alarm.reminders else "begun"


def log(alarms: Iterable[Alarm]) -> None:
    """One line for each that began, was told again or ended."""
    for alarm in alarms:
        write = structlog.get_logger().info if alarm.ended else structlog.get_logger().warning
        write(
            "alarm",
            source=alarm.source,
            category=alarm.category,
            code=alarm.code,
            told=event(alarm),
            since=alarm.began.isoformat(timespec="seconds"),
            problem=alarm.detail,
        )

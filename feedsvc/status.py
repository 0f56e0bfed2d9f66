"""How polling stands, category by category: rows for people and for programs, in words that anybody may read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from feedsvc import alarms, plan
from feedsvc.extract.profile import list_habit
from feedsvc.fetch.mask import masked, masked_text
from feedsvc.model import Alarm, Category, CategoryState, Found, HostDay, Problem, Profile, Source
from feedsvc.store import host_of

SILENT = "silent"
"""The code of a standstill that is no pause: no poller runs here, or none gives a sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryStatus:
    """One row of the status page. `state` is one of safety.md 7, `verdict` tells quiet, late and broken apart.

    `reason` says why in words, `pace` why the list is looked at less often than `every`; "" where there is nothing to
    say.
    """

    source: Source
    category: Category
    path: str
    state: plan.Standing
    verdict: plan.Verdict | None
    reason: str
    pace: str
    items: int
    newest: datetime | None
    polling: CategoryState


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """A source that is searched for its categories: when it was and will be, and what was found, vanished ones too."""

    source: Source
    searching: CategoryState
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostStatus:
    """What was asked of a host today, and how it wishes to be asked; `sources` are the slugs of those there."""

    host: str
    sources: tuple[str, ...]
    day: HostDay


def category_status(
    source: Source,
    category: Category,
    path: str,
    *,
    polling: CategoryState,
    profile: Profile,
    paused: Problem | None,
    items: int,
    newest: datetime | None,
    now: datetime,
    secrets: Collection[str] = (),
) -> CategoryStatus:
    """The row of a category; `paused` is why nothing is polled just now, if so. For `secrets` see `showable`."""
    habit, zone, shown = list_habit(profile, category.slug), source.timezone, showable(polling, secrets)
    state, verdict = plan.standing(polling, now), plan.verdict(polling, now)
    reason = plan.silence(habit, now, zone) if verdict in {"quiet", "late"} else ""
    if verdict == "broken" and shown.problem:
        reason = shown.problem.detail
    if paused is not None and paused.code != SILENT:
        state, reason = "paused", masked_text(paused.detail, secrets)
    return CategoryStatus(
        source=source,
        category=category,
        path=path,
        state=state,
        verdict=verdict,
        reason=reason,
        pace=_pace(category, polling, plan.interval(category, habit, polling.polled or now, zone)),
        items=items,
        newest=newest,
        polling=shown,
    )


def _pace(category: Category, polling: CategoryState, adapted: tuple[timedelta, str]) -> str:
    """Why the next look comes later than `every`: only where the last poll went by it."""
    pause, words = adapted
    if polling.outcome != "unchanged" or polling.polled is None or polling.next_poll is None:
        return ""
    return words if category.every < polling.next_poll - polling.polled <= pause else ""


def broken_chains(sources: Iterable[Source]) -> list[str]:
    """The slugs of the sources of which less is asked than that TLS is whole (`tls = "broken-chain"`)."""
    return [source.slug for source in sources if source.tls == "broken-chain"]


def host_statuses(
    sources: Iterable[Source], categories: Iterable[Category], days: Sequence[HostDay]
) -> list[HostStatus]:
    """The ledger of the day, a line for each host of these categories that was asked for anything."""
    homes = {source.slug: host_of(source.home) for source in sources}
    by_host: dict[str, set[str]] = {}
    for slug, host in [*homes.items(), *((category.source, host_of(category.url)) for category in categories)]:
        by_host.setdefault(host, set()).add(slug)
    return [
        HostStatus(host=day.host, sources=tuple(sorted(by_host[day.host])), day=day)
        for day in sorted(days, key=lambda one: one.host)
        if day.host in by_host
    ]


def showable(state: CategoryState, secrets: Collection[str] = ()) -> CategoryState:
    """The state with its problem as anybody may see it: the status page is public (safety.md 12).

    `secrets` are those of the configuration, taken out wherever they stand, as in logs: a portal may repeat them.
    """
    if state.problem is None:
        return state
    return replace(state, problem=showable_problem(state.problem, secrets))


def showable_problem(problem: Problem, secrets: Collection[str] = ()) -> Problem:
    """A problem as anybody may see it."""
    return replace(problem, detail=masked_text(problem.detail, secrets), url=masked(masked_text(problem.url, secrets)))


def showable_alarm(alarm: Alarm, secrets: Collection[str] = ()) -> Alarm:
    """An alarm as anybody may see it."""
    return replace(alarm, detail=masked_text(alarm.detail, secrets), url=masked(masked_text(alarm.url, secrets)))


def showable_day(day: HostDay, secrets: Collection[str] = ()) -> HostDay:
    """What was asked of a host, as anybody may see it: its rules may repeat what an address holds."""
    return replace(day, delay_reason=masked_text(day.delay_reason, secrets), robots=masked_text(day.robots, secrets))


def status_row(row: CategoryStatus) -> dict[str, Any]:
    """A row as /status.json and `feedsvc status --json` show it; moments in ISO 8601, in the source's zone."""
    zone, polling = row.source.timezone, row.polling
    return {
        "source": row.source.slug,
        "category": row.category.slug,
        "title": row.category.title,
        "tls": row.source.tls,
        "path": row.path,
        "state": row.state,
        "verdict": row.verdict,
        "reason": row.reason or None,
        "outcome": polling.outcome,
        "last_poll": iso(polling.polled, zone),
        "last_good": iso(polling.succeeded, zone),
        "next_poll": iso(polling.next_poll, zone),
        "pace": row.pace or None,
        "items": row.items,
        "newest": iso(row.newest, zone),
        "failures": polling.failures,
        "problem": problem_row(polling.problem),
    }


def search_row(row: SourceStatus) -> dict[str, Any]:
    """A searched source as /status.json and `feedsvc status --json` show it; moments as those of `status_row`."""
    zone, searching = row.source.timezone, row.searching
    return {
        "source": row.source.slug,
        "title": row.source.title,
        "home": masked(row.source.home),
        "tls": row.source.tls,
        "outcome": searching.outcome,
        "last_discovery": iso(searching.polled, zone),
        "last_good": iso(searching.succeeded, zone),
        "next_discovery": iso(searching.next_poll, zone),
        "failures": searching.failures,
        "problem": problem_row(searching.problem),
        "found": [
            {
                "category": one.slug,
                "title": one.title,
                "url": masked(one.url),
                "kind": one.kind,
                "first_found": iso(one.first_found, zone),
                "last_found": iso(one.last_found, zone),
                "vanished": iso(one.vanished, zone),
            }
            for one in row.found
        ],
    }


def alarm_row(alarm: Alarm, zones: Mapping[str, tzinfo], zone: tzinfo) -> dict[str, Any]:
    """An alarm as programs are told it: moments in the zone of its source, in `zone` for those of the service."""
    here = zones.get(alarm.source, zone)
    return {
        "source": alarm.source,
        "category": alarm.category,
        "code": alarm.code,
        "detail": alarm.detail,
        "url": alarm.url,
        "told_as": alarms.event(alarm),
        "began": iso(alarm.began, here),
        "told": iso(alarm.told, here),
        "reminders": alarm.reminders,
    }


def host_row(row: HostStatus, zone: tzinfo) -> dict[str, Any]:
    """A line of the ledger as programs are told it."""
    day = row.day
    return {
        "host": row.host,
        "sources": list(row.sources),
        "day": day.day,
        "requests": day.requests,
        "bytes": day.decoded_bytes,
        "not_modified": day.not_modified,
        "slowed": iso(day.slowed, zone),
        "delay": day.delay,
        "delay_reason": day.delay_reason,
        "robots": day.robots,
    }


def problem_row(problem: Problem | None) -> dict[str, Any] | None:
    """A problem as programs are told it."""
    return {"code": problem.code, "detail": problem.detail, "url": problem.url} if problem else None


def iso(moment: datetime | None, zone: tzinfo) -> str | None:
    """A moment as programs are told it: ISO 8601 in `zone`, to the second; None where there is none."""
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None

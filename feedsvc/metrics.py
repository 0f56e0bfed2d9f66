"""What monitoring is told: polling, the queue, the database and one worker of the web, in Prometheus's text format.

Everything but the worker's own figures comes from the database, so each process that is asked says the same. Names
follow prometheus.io/docs/practices/naming: base units, `_total` for what only grows, moments as seconds since 1970.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from feedsvc.model import DISCOVERY, Beat, CategoryState
from feedsvc.store.figures import Figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
MOST_CATEGORIES = 2000
"""Series of more categories are left out: those that do best. How many, `feedsvc_categories_left_out` tells."""
MOST_POLLERS = 50
NAMES = ("source", "category")

Row = tuple[tuple[str, str], CategoryState]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What one process of the web has done since it began: kept documents, and pages answered by class of status."""

    name: str
    held: int
    size: int
    rendered: int
    failures: int
    stale: int
    answered: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # the registry knows collectors by identity
class Snapshot(Collector):
    """One moment: states by source and category slug, signs of the pollers, and what was counted."""

    version: str
    states: Mapping[tuple[str, str], CategoryState]
    figures: Figures
    beats: Sequence[Beat]
    subscriptions: int
    waiting: int
    worker: Worker

    def collect(self) -> Iterator[Metric]:
        """Every metric, in one order."""
        yield _gauge("build_info", "Version of feedsvc.", [((self.version,), 1)], "version")
        yield from self._polling()
        yield from self._categories()
        yield from self._stored()
        yield from _work(self.worker)

    def _polling(self) -> Iterator[Metric]:
        signs = [((beat.owner,), beat.at.timestamp()) for beat in self.beats[:MOST_POLLERS]]
        paused = [((beat.owner,), int(beat.problem is not None)) for beat in self.beats[:MOST_POLLERS]]
        yield _gauge("poller_tick_timestamp_seconds", "Last sign of life of a poller.", signs, "poller")
        yield _gauge("poller_paused", "1 while a poller has paused, as nothing can be stored.", paused, "poller")
        yield _gauge("due_categories", "Listings that are due and wait for a poller.", self.figures.due)
        yield _gauge("leases", "Listings that a poller has just now.", self.figures.leases)
        lasting = [((code,), count) for code, count in sorted(self.figures.alarms.items())]
        yield _gauge("alarms", "Alarms that last, by their code.", lasting, "code")
        yield _gauge("hub_subscriptions", "Subscriptions that are told of news.", self.subscriptions)
        yield _gauge("hub_waiting", "Wishes to subscribe that wait for their verification.", self.waiting)

    def _categories(self) -> Iterator[Metric]:
        rows: list[Row] = [(name, state) for name, state in self.states.items() if name[1] != DISCOVERY]
        outcomes = Counter(state.outcome or "never" for _, state in rows)
        told = [((outcome,), outcomes[outcome]) for outcome in ("never", "ok", "unchanged", "suspicious", "failed")]
        yield _gauge("categories", "Listings by the outcome of their last poll.", told, "outcome")
        shown = sorted(rows, key=_worst)[:MOST_CATEGORIES]
        yield _gauge("categories_left_out", "Listings without series of their own.", len(rows) - len(shown))
        shown.sort(key=lambda row: row[0])
        last = [((*name, state.outcome or "never"), 1) for name, state in shown]
        yield _gauge("category_last_outcome", "Outcome of the last poll, as a label.", last, *NAMES, "outcome")
        for name, told_of, value in _OF_A_STATE:
            yield _gauge(name, told_of, [(which, value(state)) for which, state in shown], *NAMES)
        for name, told_of, counts in (
            ("category_items", "Items that are stored.", self.figures.items),
            ("category_items_today", "Items of the day, by the date that feeds show.", self.figures.today),
        ):
            yield _gauge(name, told_of, [(which, counts.get(which, 0)) for which, _ in shown], *NAMES)

    def _stored(self) -> Iterator[Metric]:
        yield _gauge("database_size_bytes", "Size of the database.", self.figures.size)
        yield _gauge(
            "database_schema_info", "Number of the schema, as a label.", [((self.figures.schema,), 1)], "schema"
        )


def exposition(snapshot: Snapshot) -> bytes:
    """The text of a snapshot (prometheus.io/docs/instrumenting/exposition_formats)."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(snapshot)
    return generate_latest(registry)


def _work(worker: Worker) -> Iterator[Metric]:
    mine = (worker.name,)
    yield _gauge("documents", "Feed documents that a worker keeps.", [(mine, worker.held)], "worker")
    yield _gauge("documents_bytes", "Bytes of the documents that a worker keeps.", [(mine, worker.size)], "worker")
    yield _gauge(
        "documents_stale", "Documents that show old bytes, as new ones failed.", [(mine, worker.stale)], "worker"
    )
    yield _counter("documents_rendered", "Documents made by a worker.", [(mine, worker.rendered)], "worker")
    yield _counter("documents_failed", "Documents that could not be made.", [(mine, worker.failures)], "worker")
    answered = [((worker.name, status), count) for status, count in sorted(worker.answered.items())]
    told_of = "Answers of a worker by class of status, kept feed documents not among them."
    yield _counter("page_responses", told_of, answered, "worker", "status")


def _seconds(moment: datetime | None) -> float:
    """Seconds since 1970; 0 for what never was, which is long ago."""
    return moment.timestamp() if moment else 0.0


_OF_A_STATE: tuple[tuple[str, str, Callable[[CategoryState], float]], ...] = (
    ("category_last_poll_timestamp_seconds", "Last poll; 0: never.", lambda state: _seconds(state.polled)),
    ("category_last_success_timestamp_seconds", "Last good poll; 0: never.", lambda state: _seconds(state.succeeded)),
    ("category_next_poll_timestamp_seconds", "When it is due; 0: at once.", lambda state: _seconds(state.next_poll)),
    ("category_failures", "Failed polls in a row.", lambda state: state.failures),
)


def _worst(row: Row) -> tuple[int, float, tuple[str, str]]:
    name, state = row
    return -state.failures, _seconds(state.succeeded), name


def _gauge(name: str, told: str, values: Any, *labels: str) -> Metric:
    """One value, or pairs of label values and value."""
    metric = GaugeMetricFamily(f"feedsvc_{name}", told, labels=labels)
    for which, value in values if labels else [((), values)]:
        metric.add_metric(which, value)
    return metric


def _counter(name: str, told: str, values: Any, *labels: str) -> Metric:
    metric = CounterMetricFamily(f"feedsvc_{name}", told, labels=labels)
    for which, value in values:
        metric.add_metric(which, value)
    return metric

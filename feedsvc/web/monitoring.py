"""What monitoring asks for, for operators alone."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version
from threading import Lock
from typing import cast

from flask import Blueprint, Response, current_app, make_response

from feedsvc.metrics import CONTENT_TYPE, Snapshot, Worker, exposition
from feedsvc.web.operators import operators_only
from feedsvc.web.site import the_documents, the_service

ANSWERED = "feedsvc.answered"


class Answered:
    """Counts the answers of this process by class of status: "2xx", "4xx"."""

    def __init__(self) -> None:
        self._lock, self._counts = Lock(), Counter[str]()

    def count(self, response: Response) -> Response:
        """Counts one answer, and hands it on."""
        with self._lock:
            self._counts[f"{response.status_code // 100}xx"] += 1
        return response

    def by_class(self) -> Mapping[str, int]:
        """How many there were."""
        with self._lock:
            return dict(self._counts)


def blueprint() -> Blueprint:
    """`/metrics`; 404 for everybody but operators."""
    monitoring = Blueprint("monitoring", __name__)
    monitoring.add_url_rule("/metrics", view_func=metrics)
    monitoring.before_request(operators_only)
    return monitoring


def metrics() -> Response:
    """The state of polling from the database, and what this worker has done."""
    service, now = the_service(), the_service().clock()
    local = now.astimezone(service.config.service.timezone)
    live, waiting = service.store.outbox.counts(now)
    snapshot = Snapshot(
        version=version("feedsvc"),
        states=service.store.states(),
        figures=service.store.figures(now, local.replace(hour=0, minute=0, second=0, microsecond=0)),
        beats=service.store.beats(),
        subscriptions=live,
        waiting=waiting,
        worker=_worker(),
    )
    response = make_response(exposition(snapshot))
    response.content_type = CONTENT_TYPE
    response.headers["Cache-Control"] = "no-store"
    return response


def _worker() -> Worker:
    tally = the_documents().tally()
    return Worker(
        name=str(os.getpid()),
        held=tally.held,
        size=tally.size,
        rendered=tally.rendered,
        failures=tally.failures,
        stale=len(tally.stale),
        answered=cast("Answered", current_app.extensions[ANSWERED]).by_class(),
    )

"""How the service is: for people, for programs, for whoever watches over processes."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, cast

from flask import Blueprint, Response, abort, jsonify, make_response, request

from feedsvc.operator import SLUG
from feedsvc.status import alarm_row, host_row, iso, problem_row, search_row, status_row
from feedsvc.web.documents import Tally
from feedsvc.web.operators import operators_only
from feedsvc.web.site import page, the_documents, the_service

SIGNS = {"new": "•", "ok": "✓", "late": "…", "suspicious": "!", "failing": "✕", "paused": "‖"}
FORMATS = ("atom", "rss", "json")


def blueprint() -> Blueprint:
    """`/status`, `/status.json`, `/healthz`, `/readyz`, and the operator's feed."""
    status = Blueprint("status", __name__)
    status.add_url_rule("/status", view_func=for_people)
    status.add_url_rule("/status.json", view_func=for_programs)
    status.add_url_rule("/healthz", view_func=healthz)
    status.add_url_rule("/readyz", view_func=readyz)
    for name in FORMATS:
        status.add_url_rule(f"/feeds/{SLUG}.{name}", f"operator_{name}", operator_feed, defaults={"format": name})
    return status


def for_people() -> Response:
    """A row for every category, and one for every source whose categories are looked for."""
    service = the_service()
    response = page(
        "status.html",
        rows=service.status(),
        searches=service.searches(),
        paused=service.standstill(),
        alarms=service.alarms(),
        hosts=service.hosts(),
        stale=the_documents().tally().stale,
        signs=SIGNS,
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def for_programs() -> Response:
    """The same as JSON, with how this process's feed documents stand, and how many want to be told of news."""
    service = the_service()
    zone = service.config.service.timezone
    zones = {slug: source.timezone for slug, source in service.sources.items()}
    live, pending = service.store.outbox.counts(service.clock())
    response = jsonify(
        {
            "service": {
                "title": service.title,
                "version": version("feedsvc"),
                "base_url": service.base_url,
                "time": iso(service.clock(), zone),
                "documents": _documents(the_documents().tally()),
                "paused": problem_row(service.standstill()),
            },
            "alarms": [alarm_row(alarm, zones, zone) for alarm in service.alarms()],
            "categories": [status_row(row) for row in service.status()],
            "searches": [search_row(row) for row in service.searches()],
            "hosts": [host_row(row, zone) for row in service.hosts()],
            "subscriptions": {"live": live, "pending": pending},
        }
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def operator_feed(format: str) -> Response:  # noqa: A002 - its name everywhere
    """The alarms as a feed, for operators alone: for everybody else there is nothing at this address."""
    operators_only()
    if format not in FORMATS:
        abort(404)
    rendered = the_service().operator_document(format)
    response = make_response(rendered.body)
    response.content_type = rendered.media_type
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return cast("Response", response.make_conditional(request))


def healthz() -> Response:
    """The process is alive."""
    return _plain("ok\n")


def readyz() -> Response:
    """The database answers; else the mistake page of 503 says that it does not."""
    the_service().store.states()
    return _plain("ready\n")


def _plain(text: str) -> Response:
    response = make_response(text)
    response.content_type = "text/plain; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    return response


def _documents(tally: Tally) -> dict[str, Any]:
    return {
        "held": tally.held,
        "bytes": tally.size,
        "rendered": tally.rendered,
        "failures": tally.failures,
        "stale": [{"path": path, "format": name, "reason": reason} for path, name, reason in tally.stale],
    }

"""What monitoring is told, and that nobody else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from feedsvc.metrics import MOST_CATEGORIES, Snapshot, Worker, exposition
from feedsvc.model import Beat, CategoryState, Problem
from feedsvc.store import Figures

NOW = datetime(2026, 11, 23, 3, 35, tzinfo=UTC)
MINE = ("suoi-bac", "tin-tuc")
WORKER = Worker(name="7", held=1, size=2, rendered=3, failures=4, stale=5, answered={"2xx": 6, "4xx": 7})


def told(text):
    """The values of an exposition by name and labels, as Prometheus reads it."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def asked(client, **headers):
    """The values at /metrics."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return told(answer.text)


def of(source="suoi-bac", category="tin-tuc", **more):
    """Labels of a category."""
    return tuple(sorted({"source": source, "category": category, **more}.items()))


def snapshot(states):
    """A snapshot over states of polling."""
    figures = Figures(items={}, today={}, due=0, leases=0, alarms={}, size=1, schema="1")
    return Snapshot(
        version="1", states=states, figures=figures, beats=(), subscriptions=0, waiting=0, worker=WORKER
    )  # fmt: skip


def test_each_category_is_told(world):
    """Outcome, moments, failures in a row and items of each listing, in seconds since 1970."""
    world.fail("suoi-bac/thong-bao")
    values, now = asked(world.client()), world.clock.now.timestamp()
    assert values["feedsvc_category_items", *of()] == 3
    assert values["feedsvc_category_last_outcome", *of(outcome="ok")] == 1
    assert values["feedsvc_category_last_success_timestamp_seconds", *of()] == now
    assert values["feedsvc_category_next_poll_timestamp_seconds", *of()] == now + 900
    failed = of(category="thong-bao")
    assert values["feedsvc_category_last_outcome", *of(category="thong-bao", outcome="failed")] == 1
    assert values["feedsvc_category_failures", *failed] == 2
    assert values["feedsvc_category_last_success_timestamp_seconds", *failed] == 0
    assert values["feedsvc_categories", ("outcome", "failed")] == 1
    assert values["feedsvc_categories", ("outcome", "ok")] == 1
    assert values["feedsvc_categories_left_out",] == 0


def test_items_of_the_day_begin_at_midnight_of_the_portals(world):
    """`today` begins at midnight in the zone of the service, not in UTC."""
    stored = world.service.store.item(1)
    midnight = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # 00:00 in Hà Nội
    for n, moment in enumerate((midnight - timedelta(seconds=1), midnight), 50):
        new = replace(
            stored,
            number=0,
            id=f"tag:x,2026:{n}",
            keys=(f"k{n}",),
            shown=moment,
            published=moment,
            url=f"https://x.example/{n}",
        )
        world.poll("suoi-bac/thong-bao", new=[replace(new, categories=("thong-bao",))])
    values = asked(world.client())
    assert values["feedsvc_category_items", *of(category="thong-bao")] == 2
    assert values["feedsvc_category_items_today", *of(category="thong-bao")] == 1


def test_the_queue_is_told(world):
    """What is due, what is leased, how long ago a poller gave a sign of life, and whether it has paused."""
    world.service.store.beat(Beat(owner="mot:1", at=world.clock.now))
    world.service.store.beat(Beat(owner="hai:2", at=world.clock.now, problem=Problem(code="full", detail="x")))
    before = asked(world.client())
    assert before["feedsvc_poller_tick_timestamp_seconds", ("poller", "mot:1")] == world.clock.now.timestamp()
    assert (
        before["feedsvc_poller_paused", ("poller", "mot:1")],
        before["feedsvc_poller_paused", ("poller", "hai:2")],
    ) == (0, 1)
    assert before["feedsvc_leases",] == 0
    assert before["feedsvc_due_categories",] == 2  # one of three was polled just now
    world.service.store.claim_due(world.clock.now, 1, owner="test")
    after = asked(world.client())
    assert (after["feedsvc_leases",], after["feedsvc_due_categories",]) == (1, 1)


def test_database_and_worker_are_told(world):
    """Size and schema of the database; documents and pages of the worker that answers."""
    client = world.client()
    client.get("/")
    client.get("/nothing-here")
    client.get("/feeds/suoi-bac.rss")
    values = asked(client)
    assert values["feedsvc_database_size_bytes",] > 4096
    assert [key for key in values if key[0] == "feedsvc_database_schema_info"]
    worker = next(key[1] for key in values if key[0] == "feedsvc_documents")
    assert values["feedsvc_documents", worker] == 1
    assert values["feedsvc_documents_rendered_total", worker] == 1
    assert values["feedsvc_documents_stale", worker] == 0
    assert values["feedsvc_page_responses_total", *sorted((worker, ("status", "2xx")))] == 1
    assert values["feedsvc_page_responses_total", *sorted((worker, ("status", "4xx")))] == 1


def test_names_follow_the_conventions(world):
    """Every name begins with feedsvc_, tells what it is, and ends in its unit; counters alone end in _total."""
    families = list(text_string_to_metric_families(world.client().get("/metrics").text))
    assert len(families) > 20
    for family in families:
        assert family.name.startswith("feedsvc_")
        assert family.documentation.endswith(".")
        assert all((family.type == "counter") == one.name.endswith("_total") for one in family.samples)
        assert family.type in {"gauge", "counter"}
        assert not family.name.endswith(("_ms", "_minutes", "_kib"))


def test_the_number_of_series_is_bounded():
    """Of very many listings those that do worst have series; how many are left out is told."""
    states = {(f"s{n}", "c"): CategoryState(outcome="ok", succeeded=NOW) for n in range(MOST_CATEGORIES + 500)}
    states["s9", "c"] = CategoryState(outcome="failed", failures=9)
    values = told(exposition(snapshot(states)).decode())
    assert values["feedsvc_categories_left_out",] == 500
    assert len([key for key in values if key[0] == "feedsvc_category_failures"]) == MOST_CATEGORIES
    assert values["feedsvc_category_failures", *of("s9", "c")] == 9
    assert values["feedsvc_categories", ("outcome", "ok")] == MOST_CATEGORIES + 499


def test_labels_are_escaped():
    """Whatever a name holds, a line stays a line."""
    state = CategoryState(outcome="ok")
    values = told(exposition(snapshot({('a"b\\', "c\nfeedsvc_leases 99"): state})).decode())
    assert values["feedsvc_leases",] == 0
    assert values["feedsvc_category_failures", *of('a"b\\', "c\nfeedsvc_leases 99")] == 0


def test_it_is_never_kept_and_has_its_type(client):
    """The answer is the text format 0.0.4, and no cache keeps it."""
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("remote", ["203.0.113.9", "10.0.0.7", "2001:db8::5"])
def test_nobody_else_learns_that_it_is_there(client, remote):
    """From another machine the address answers like one at which there is nothing."""
    client.environ_base["REMOTE_ADDR"] = remote
    there, nowhere = client.get("/metrics"), client.get("/nothing-here")
    assert there.status_code == nowhere.status_code == 404
    assert there.data == nowhere.data
    assert there.headers.to_wsgi_list() == nowhere.headers.to_wsgi_list()

"""The hostile portal, all modes at once: each line of the table comes true, and nobody else is harmed by it (I1-I9)."""

from __future__ import annotations

import json
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from hostile.active import active_in_feed, active_in_markup
from lxml import etree
from portals.hostile import DOMAIN, SCRIPTS
from portals.hostile_case import SIZE, Case
from portals.hostile_cases import CASES
from portals.hostile_payloads import PAYLOADS

LARGEST = 300
"""MiB that the poller may ever hold (safety.md 4)."""
ENTRY = {"rss": b"<item>", "atom": b"<entry>", "json": b'"date_published"'}
"""What every entry of a document holds once."""
IN_TIME = 300
"""Seconds in which the source that means well is polled, of the 900 between two polls: a few on a quiet machine."""


def judged(case: Case) -> str:
    """The round in which a case is looked at: the first, where there was no calm one before."""
    return "calm" if case.fresh else "hostile"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_comes_to_what_the_table_says(hostile_run, case):
    """Outcome, code and words of the state, and the items that came, are those of the line."""
    state = hostile_run.rounds[judged(case)].states[case.name]
    expected, _, words = case.expect.partition(": ")
    outcome, _, code = expected.partition("/")
    told = f"{state.outcome} {state.problem}"
    assert state.outcome == outcome, told
    if code:
        assert state.problem is not None
        assert state.problem.code == code, told
    if words:
        assert words in state.problem.detail, told
    before = 0 if case.fresh else case.size
    assert len(hostile_run.rounds[judged(case)].items[case.name]) == before + case.items, told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_is_lost_and_all_is_caught_up(hostile_run, case):
    """What was shown stays, under its ids and days; and after the fault all that is listed is there, once (I3-I6)."""
    rounds = hostile_run.rounds
    seen = [{item.id: item for item in rounds[phase].items[case.name]} for phase in rounds]
    for earlier, later in pairwise(seen):
        assert earlier.keys() <= later.keys()
        assert {name: item.shown for name, item in earlier.items()}.items() <= {
            n: i.shown for n, i in later.items()
        }.items()
    state = rounds["well"].states[case.name]
    assert state.outcome in {"ok", "unchanged"}, state.problem
    if case.recovers:
        assert len(seen[-1]) == case.size + 3


def test_nobody_inside_was_visited(hostile_run):
    """No link, picture, file, next page, base, rules or redirect led to the canary, however it was spelled."""
    assert hostile_run.canary == []


def test_who_means_well_is_not_harmed(hostile_run, good):
    """Its polls are in time, its documents unchanged to the byte, while all others are hostile (I8, I9)."""
    calm, hostile = hostile_run.rounds["calm"], hostile_run.rounds["hostile"]
    assert [item.id for item in hostile.items[good.name]] == [item.id for item in calm.items[good.name]]
    assert len(calm.items[good.name]) == good.size
    assert hostile.states[good.name].outcome == "unchanged"
    own = {path for path in calm.documents if path.startswith(f"/feeds/{good.name}/")}
    assert {path: calm.documents[path] for path in own} == {path: hostile.documents[path] for path in own}
    for told in (one.told for one in hostile_run.rounds.values()):
        assert told["times"][good.name][1] < IN_TIME


def test_the_poller_stays_small(hostile_run):
    """Bombs, endless bodies and floods never take more than 300 MB of the poller."""
    assert max(one.told["mebibytes"] for one in hostile_run.rounds.values()) < LARGEST


def test_every_feed_is_whole_all_the_time(hostile_run):
    """Whatever is read, before, during and after: 200, well-formed, never empty because of a fault (I1, I4)."""
    answers = [*hostile_run.meanwhile]
    for one in hostile_run.rounds.values():
        answers += [(path, *answer) for path, answer in one.documents.items()]
    assert {status for _, status, _ in answers} <= {200}
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for path, _, body in answers:
        if path.endswith(".json"):
            json.loads(body)
        else:
            etree.fromstring(body, parser)
    assert len(hostile_run.meanwhile) > 20


@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_no_script_runs_in_a_reader(hostile_run, kind):
    """Scripts in title, lead, body, caption, writer and file name come out of no feed, also when decoded twice."""
    after = hostile_run.rounds["hostile"]
    status, whole = after.scripts[kind]
    assert status == 200
    assert len(after.items[SCRIPTS.name]) == whole.count(ENTRY[kind]) == len(PAYLOADS)
    documents = {path: body for path, (_, body) in after.documents.items() if path.endswith(f".{kind}")}
    found = {path: active_in_feed(body, kind) for path, body in {**documents, "all scripts": whole}.items()}
    assert {path: active for path, active in found.items() if active} == {}


def test_no_stored_text_is_active(hostile_run):
    """Nor out of any article of the store, older ones among them."""
    for item in hostile_run.rounds["hostile"].items[SCRIPTS.name]:
        assert active_in_markup(item.html) == [], item.title
        assert active_in_markup(item.title) == []


def test_own_pages_run_nothing_of_a_portal(hostile_run):
    """The pages of the service carry no script, handler or foreign scheme out of an article, nor out of a problem."""
    for name, (status, body) in hostile_run.rounds["hostile"].pages.items():
        assert status == 200, name
        assert b"alert(1)</script>" not in body
        page = etree.HTML(body.decode())
        assert not page.xpath("//@*[starts-with(name(), 'on')]"), name
        assert not [
            one
            for one in page.xpath("//@href | //@src")
            if one.strip().lower().startswith(("javascript:", "data:", "vbscript:"))
        ]
        assert not [one for one in page.xpath("//script/text()") if "alert(1)" in one]


def test_only_named_hosts_were_asked(hostile_run):
    """Every request came with the name of a host of the portal, and none with a user part or credentials."""
    hosts = {
        urlsplit(f"//{visit.headers.get('host', '')}").hostname or ""
        for _, visit in hostile_run.visits
        if visit.headers
    }
    assert all(host.endswith(f".{DOMAIN}") for host in hosts)
    assert not [visit for _, visit in hostile_run.visits if "authorization" in visit.headers]


def test_forms_were_sent_and_sent_on_to_nobody(hostile_run):
    """The cases that answer a form with a way inside got their form, and the canary none of it."""
    posted = {visit.headers["host"].partition(".")[0] for _, visit in hostile_run.visits if visit.method == "POST"}
    assert posted == {"posted-302", "posted-307"}
    assert hostile_run.canary == []


def test_no_portal_has_an_operator_open_the_way_inside(hostile_run):
    """What is wrong is told without the line to add: the configured addresses may be asked, and no other was ours."""
    told = [
        state.problem.detail for one in hostile_run.rounds.values() for state in one.states.values() if state.problem
    ]
    assert [detail for detail in told if "allow_private" in detail or "home =" in detail] == []
    assert len([detail for detail in told if "not a public address" in detail]) > 10


def test_the_catalogue_is_long_enough():
    """At least 120 cases beside the scripts, each with a name of its own."""
    assert len({case.name for case in CASES}) == len(CASES) >= 120
    assert SIZE > 0


def test_no_mistake_of_ours_came_to_light(hostile_run):
    """The log tells of portals' faults, and of none of ours."""
    assert "Traceback" not in hostile_run.log
    assert "reading failed" not in hostile_run.log

"""What the status says, to people, programs and supervisors."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup

RELAXED = """\
[service]
title = "Tin Suối Bạc"
base_url = "https://feeds.example.org"
[[source]]
slug = "suoi-bac"
title = "Suối Bạc"
home = "https://suoibac.example.org/"
tls = "broken-chain"
[[source.category]]
slug = "tin-tuc"
title = "Tin tức"
url = "https://suoibac.example.org/tin-tuc"
[[source]]
slug = "nam-pung"
title = "Nậm Pung"
home = "https://nampung.example.org/"
[[source.category]]
slug = "tin-tuc"
title = "Tin tức"
url = "https://nampung.example.org/tin-tuc"
[[source]]
slug = "ban-lau"
title = "Bản Lầu"
home = "https://banlau.example.org/"
tls = "broken-chain"
"""


def rows(client):
    """The categories of /status.json by path."""
    """The categories of /status.json by path."""
    return {row["path"]: row for row in client.get("/status.json").get_json()["categories"]}


def test_json_tells_every_category(world):
    """A category has its state, polls, items and newest item, dates with the portal's zone."""
    row = rows(world.client())["suoi-bac/tin-tuc"]
    assert row | {"last_good": None} == {
        "source": "suoi-bac",
        "category": "tin-tuc",
        "title": "Tin tức",
        "tls": "verify",
        "path": "suoi-bac/tin-tuc",
        "state": "ok",
        "verdict": None,
        "reason": None,
        "outcome": "ok",
        "last_poll": "2026-11-23T10:35:00+07:00",
        "last_good": None,
        "next_poll": "2026-11-23T10:50:00+07:00",
        "pace": None,
        "items": 3,
        "newest": "2026-11-22T10:37:00+07:00",
        "failures": 0,
        "problem": None,
    }


@pytest.mark.parametrize(("language", "words"), [("vi", "chứng thư trung gian"), ("en", "intermediate certificates")])
def test_a_source_with_broken_chains_is_told(make_world, language, words):
    """Where less is asked of TLS, page and JSON say so, for that source alone, whether it is listed or searched."""
    client = make_world(config=RELAXED).client()
    told = client.get("/status.json").get_json()
    assert {row["source"]: row["tls"] for row in told["categories"]} == {
        "suoi-bac": "broken-chain",
        "nam-pung": "verify",
        "ban-lau": "broken-chain",
    }
    assert [row["tls"] for row in told["searches"]] == ["broken-chain"]
    page = BeautifulSoup(client.get(f"/status?lang={language}").text, "lxml")
    heads = {head.get_text(" ", strip=True): words in head.get_text(" ") for head in page.select("th[scope=row]")}
    assert [relaxed for head, relaxed in heads.items() if "Nậm Pung" in head] == [False]
    assert [relaxed for head, relaxed in heads.items() if "Nậm Pung" not in head] == [True] * 3


def test_json_of_a_category_never_polled(world):
    """A category that was never read is new, and has nothing to tell."""
    row = rows(world.client())["suoi-bac/thong-bao"]
    assert (row["state"], row["outcome"], row["last_poll"], row["newest"], row["items"]) == ("new", None, None, None, 0)


def test_problem_is_told_in_words(world):
    """A failed poll shows its reason, when it was and how often, and the items stay."""
    world.fail("suoi-bac/tin-tuc")
    row = rows(world.client())["suoi-bac/tin-tuc"]
    assert (row["state"], row["failures"], row["items"]) == ("failing", 2, 3)
    assert row["problem"]["code"] == "refused"
    assert "404" in row["problem"]["detail"]
    page = BeautifulSoup(world.client().get("/status").text, "lxml")
    told = " ".join(page.select_one("tbody tr").get_text(" ").split())
    for part in ("✕ đang lỗi", "không đọc được", "máy chủ trả lời 404", "lúc 23/11/2026 10:35", "2 lần liên tiếp"):
        assert part in told


def test_state_is_said_in_words_beside_its_sign(world):
    """No state is told by colour or sign alone."""
    world.fail("suoi-bac/thong-bao")
    page = BeautifulSoup(world.client().get("/status?lang=en").text, "lxml")
    assert {cell.get_text(" ", strip=True) for cell in page.select(".state")} == {"✓ good", "✕ failing", "• new"}
    assert all(sign["aria-hidden"] == "true" for sign in page.select(".state > span"))


def test_json_tells_of_the_service(world):
    """Title, version, public address, the clock, and how the kept documents stand."""
    client = world.client()
    client.get("/feeds/suoi-bac.rss")
    told = client.get("/status.json").get_json()["service"]
    assert told["title"] == "Tin Suối Bạc"
    assert told["base_url"] == "https://feeds.example.org"
    assert datetime.fromisoformat(told["time"]) == world.clock.now
    assert told["documents"] | {"bytes": 0} == {"held": 1, "bytes": 0, "rendered": 1, "failures": 0, "stale": []}


def test_probes(client):
    """The process answers /healthz, the database behind it /readyz, and neither is cached."""
    for address in ("/healthz", "/readyz"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"

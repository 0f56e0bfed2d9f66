"""The real server over a real socket."""

from __future__ import annotations

import gzip
import http.client
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

U = "/feeds/suoi-bac/tin-tuc.rss"


def ask(live, path=U, method="GET", **headers):
    """One request; gives status, headers as a list of pairs, body."""
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        return answer.status, [(name.lower(), value) for name, value in answer.getheaders()], answer.read()
    finally:
        connection.close()


def test_answers_of_the_real_server(reading_room):
    """200, 304, HEAD and gzip are over the wire what they are in the application, each with exactly one Date."""
    status, headers, body = ask(reading_room)
    told = dict(headers)
    assert status == 200
    assert int(told["content-length"]) == len(body)
    for path in (U, "/", "/healthz", "/nothing", "/static/feedsvc.css", "/opml"):
        assert [name for name, _ in ask(reading_room, path)[1]].count("date") == 1, path

    status, headers, empty = ask(reading_room, If_None_Match=told["etag"])
    assert (status, empty) == (304, b"")
    assert [name for name, _ in headers].count("date") == 1
    assert dict(headers)["etag"] == told["etag"]

    status, headers, empty = ask(reading_room, method="HEAD")
    assert (status, empty) == (200, b"")
    assert {**dict(headers), "date": ""} == {**told, "date": ""}

    status, headers, packed = ask(reading_room, Accept_Encoding="gzip")
    assert gzip.decompress(packed) == body
    assert dict(headers)["etag"] != told["etag"]


def test_strange_paths_over_the_wire(reading_room):
    """What the server makes of odd escapes ends in 404 too, and a hostile header breaks nothing."""
    for path in (
        "..%2f..%2fconfig.toml",
        "%00",
        "%ff%fe.rss",
        "a" * 10240 + ".rss",
        "../../config.toml",
        "%2e%2e/status",
    ):
        assert ask(reading_room, f"/feeds/{path}")[0] == 404, path
    assert ask(reading_room, Accept="\xff;q=\xfe", If_None_Match="\xff")[0] == 200
    assert ask(reading_room, Host="evil.example")[0] == 400
    assert ask(reading_room)[0] == 200


def test_same_answer_from_every_worker(start_server):
    """Two workers, each with its own documents, give the same bytes and validators."""
    live = start_server(workers=2)
    answers = [ask(live) for _ in range(20)]
    assert len({(status, dict(headers)["etag"], body) for status, headers, body in answers}) == 1
    assert len(live.workers()) == 2


def test_stops_within_three_seconds(start_server):
    """SIGTERM ends the service in 3 s and in order, idle connections and half requests open, and frees the port."""
    live = start_server()
    idle = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    idle.request("GET", U)
    idle.getresponse().read()
    half = socket.create_connection(("127.0.0.1", live.port), timeout=10)
    half.sendall(b"GET / HTTP/1.1\r\nHost: 127.0")
    try:
        assert live.stop() < 3
    finally:
        idle.close()
        half.close()
    assert live.process.returncode == 0
    with pytest.raises(ConnectionRefusedError):
        ask(live)


def test_sigint_stops_it_as_well(start_server):
    """Ctrl-C ends it in 3 s with exit code 0, and nothing is printed."""
    live = start_server()
    begun = time.monotonic()
    live.process.send_signal(signal.SIGINT)
    assert live.process.wait(10) == 0
    assert time.monotonic() - begun < 3
    assert (live.world.folder / "server.log").read_bytes() == b""


def test_no_worker_outlives_its_parent(start_server):
    """When the parent is killed, the workers go as well, and the port is free for the next start."""
    live = start_server()
    ask(live)
    live.process.kill()
    live.process.wait(10)
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            ask(live)
        except OSError:
            break
        time.sleep(0.02)
    with pytest.raises(OSError, match="refused"):
        ask(live)


def test_dead_worker_is_replaced(start_server):
    """A worker that is killed comes back, with the same documents."""
    live = start_server()
    before = ask(live)[2]
    (dead,) = live.workers()
    os.kill(dead, signal.SIGKILL)
    end = time.monotonic() + 15
    while time.monotonic() < end:
        if dead not in live.workers() and live.workers():
            try:
                assert ask(live)[2] == before
            except OSError:
                pass
            else:
                return
        time.sleep(0.05)
    pytest.fail("no new worker answered")


def test_news_reaches_readers_while_the_server_runs(start_server):
    """What another process stores is in the feed within two seconds."""
    live = start_server()
    before = dict(ask(live)[1])["etag"]
    live.world.clock.pass_time(60)
    live.world.publish("suoi-bac/tin-tuc")
    end = time.monotonic() + 5
    while ask(live, If_None_Match=before)[0] == 304:
        assert time.monotonic() < end, "the old feed is still shown"
        time.sleep(0.05)


def test_the_process_that_watches_over_the_workers_loads_no_application():
    """The parent of the workers costs little memory: no Flask, no lxml, no database library is loaded in it."""
    heavy = ("flask", "lxml", "sqlalchemy", "feedgen")
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, feedsvc.cli.web; print([n for n in {heavy} if n in sys.modules])"],
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "[]"

"""The portal as a process: it says where it is, publishes by itself, and ends cleanly."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
from threading import Event

import pytest

from feedsvc.demo.server import Ending, publish_now_and_then


@pytest.fixture
def started(tmp_path):
    """A portal started by `python -m feedsvc.demo` on a free port: the process and the port."""
    command = [sys.executable, "-m", "feedsvc.demo", "--port", "0", "--state", str(tmp_path / "portal.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().strip()
        yield process, int(address.rstrip("/").rsplit(":", 1)[1])
        process.kill()


def ask(port, method, path, body=None):
    """One request; the answer's status and bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_the_process_serves_spoils_and_ends(started):
    """It answers, sends true media, cuts broken pages, hangs up when dead, and ends at SIGTERM within a second."""
    process, port = started
    assert ask(port, "GET", "/tin-tuc")[0] == 200
    assert ask(port, "GET", "/media/bieu-trung.png")[1].startswith(b"\x89PNG")
    ask(port, "POST", "/__control", {"mode": "broken"})
    with pytest.raises(http.client.IncompleteRead):
        ask(port, "GET", "/tin-tuc")
    ask(port, "POST", "/__control", {"mode": "dead"})
    with pytest.raises(ConnectionError):
        ask(port, "GET", "/tin-tuc")
    ask(port, "POST", "/__control", {"mode": "hang"})
    waiting = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    waiting.request("GET", "/tin-tuc")
    before = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert time.monotonic() - before < 1.5
    waiting.close()
    assert process.stderr.read() == ""


def test_an_ending_is_waited_for_or_not():
    """Waiting ends after the time given, and at once when the end has come."""
    ending = Ending()
    assert not ending.wait(0.001)
    ending.set()
    assert ending.wait(60)
    assert ending.wait()


def test_news_appear_by_themselves(client, report):
    """The publisher publishes, corrects one after each third, and stops asking when the reserve is used up."""
    ended, waits = Event(), []

    class Ticks:
        """Ends after seven ticks."""

        def wait(self, seconds=None):
            waits.append(seconds)
            if len(waits) > 7:
                ended.set()
            return ended.is_set()

    before = len(report()["articles"])
    publish_now_and_then(client.application, 5.0, Ticks())
    after = report()["articles"]
    assert len(after) == before + 7
    assert sum(article["corrected"] is not None for article in after) == 2
    assert set(waits) == {5.0}


def test_an_empty_reserve_is_waited_out(client, order):
    """With nothing left to publish, the publisher waits for the end instead of spinning."""
    order(publish=order()["reserve_left"])
    waits = []

    class Ticks:
        """Never ends by itself; notes how it was waited for."""

        def wait(self, seconds=None):
            waits.append(seconds)
            return False

    publish_now_and_then(client.application, 5.0, Ticks())
    assert waits == [5.0, None]

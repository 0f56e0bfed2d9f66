"""`feedsvc backfill` as a person runs it, over the sample portal."""

import signal
import subprocess
import sys

from loopback import free_port, until


def lines(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """What was told of each category."""
    return dict(line.removeprefix("cong-0/").split(": ", 1) for line in done.stdout.splitlines())


def test_the_past_is_filled_in_through_addresses_and_through_forms(portal, configure, feedsvc) -> None:
    """Both kinds of pager lead to the end; a second run has nothing to do, and polls find nothing new after it."""
    config = configure(portal, port=free_port(), categories=("tin-tuc", "kinh-te-xa-hoi"))
    first = feedsvc("backfill", "cong-0", "--pages", "1", config=config)
    assert first.returncode == 0
    assert all("1 pages read so far" in told for told in lines(first).values())
    rest = feedsvc("backfill", "cong-0", config=config)
    assert lines(rest) == {
        "tin-tuc": "3 pages read to its end  new 12",
        "kinh-te-xa-hoi": "3 pages read to its end  new 12",
    }
    again = feedsvc("backfill", "cong-0", config=config)
    assert all(told == "3 pages read to its end  new 0" for told in lines(again).values())
    assert "new 0" in feedsvc("poll", "cong-0/tin-tuc", config=config).stdout


def asked_of(portal) -> int:
    """How much was asked of the portal."""
    return portal.report()["total"]


def test_an_interrupted_run_keeps_what_it_read(portal, configure, feedsvc, tmp_path) -> None:
    """Ctrl-C ends it in order, with a line that says how to go on; the next run brings the rest, nothing twice."""
    config = configure(portal, port=free_port(), categories=("tin-tuc",))
    feedsvc("poll", config=config)
    portal.control(mode="slow", under="/tin-tuc/")
    before = asked_of(portal)
    command = [sys.executable, "-m", "feedsvc", "--config", str(config), "backfill", "cong-0/tin-tuc"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as running:
        try:
            until(lambda: asked_of(portal) > before + 2, 60, "an article is asked for")
        finally:
            running.send_signal(signal.SIGINT)
        told, _ = running.communicate(timeout=30)
    assert running.returncode == 0
    assert "run it again to go on" in told
    portal.control(mode="normal", under="/tin-tuc/")
    assert "read to its end" in feedsvc("backfill", "cong-0/tin-tuc", config=config).stdout
    assert "items" in feedsvc("status", config=config).stdout

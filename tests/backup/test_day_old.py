"""I14: an old backup put back while poller, web and readers go on: what was seen since comes back under its ids."""

from __future__ import annotations

import json
import subprocess
import sys
from email.utils import parsedate_to_datetime
from threading import Event, Thread

import pytest
from loopback import ask, free_port, until

SLUGS = ("tin-tuc", "thong-bao")


def configured(folder, portal, port, url):
    """A configuration over the sample portal."""
    text = (
        f'[service]\ndatabase = "{url}"\nbase_url = "http://127.0.0.1:{port}"\n[websub]\nhub = "own"\n'
        f'[fetch]\nallow_private = ["127.0.0.1:{portal.port}"]\nper_host_delay = "0s"\n'
        f'[polling]\nevery = "1s"\npages = 9\nadapt = false\n[media]\nmirror = "off"\n[web]\nport = {port}\n'
        f'[[source]]\nslug = "cong"\ntitle = "Cổng"\nhome = "{portal.base}"\n'
    )
    for slug in SLUGS:
        text += f'  [[source.category]]\n  slug = "{slug}"\n  title = "{slug}"\n  url = "{portal.base}{slug}"\n'
    (folder / "config.toml").write_text(text, "utf-8")
    return folder / "config.toml"


class Reader:
    """Asks for a feed without pause, and remembers every id with its title, and every answer that was none."""

    def __init__(self, address):
        self.address, self.stop = address, Event()
        self.seen, self.bad, self.dates, self.last = {}, [], [], {}
        self.thread = Thread(target=self._read)
        self.thread.start()

    def _read(self):
        while not self.stop.wait(0.02):
            status, headers, body = ask(self.address)
            if status != 200:
                self.bad.append(status)
                continue
            told = [(one["id"], one["title"]) for one in json.loads(body)["items"]]
            self.last = dict(told)
            if len(self.last) != len(told):
                self.bad.append("an id twice")
            self.bad += [one for one, title in told if self.seen.setdefault(one, title) != title]
            if len(set(self.last.values())) != len(told):
                self.bad.append("an article twice")
            self.dates.append(headers.get("last-modified"))

    def end(self):
        """No more."""
        self.stop.set()
        self.thread.join()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_items_seen_since_the_backup_come_back_with_their_ids(kind, new_url, tmp_path, portal, processes):
    """I14: back up, run on with new items, restore under a running service, run: the same ids, none doubled or lost."""
    port = free_port()
    config = configured(tmp_path, portal, port, new_url(kind))
    words = [sys.executable, "-m", "feedsvc", "--config", str(config)]
    feed = f"http://127.0.0.1:{port}/feeds/cong/tin-tuc.json?limit=100"

    def run(*more):
        said = subprocess.run([*words, *more], check=False, capture_output=True, text=True)
        assert said.returncode == 0, said.stderr
        return said.stdout

    def published():
        return {one["title"] for one in portal.report()["articles"] if one["category"] == "tin-tuc"}

    processes.start("feedsvc", "--config", str(config), "run")
    until(lambda: ask(feed)[0] == 200, 30, "the service answers")
    reader = Reader(feed)
    try:
        until(lambda: set(reader.last.values()) == published(), 60, "all is in the feed")
        run("backup", str(tmp_path / "day.backup"))
        before = set(reader.last)
        portal.control(publish=6, category="tin-tuc", minutes_apart=1)
        until(lambda: set(reader.last.values()) == published(), 60, "what came since is in the feed")
        shown = dict(reader.last)
        assert len(set(shown) - before) == 6
        run("restore", str(tmp_path / "day.backup"), "--force")
        portal.control(publish=1, category="tin-tuc")
        until(lambda: set(reader.last.values()) == published(), 60, "all is in the feed again")
        again = dict(reader.last)
    finally:
        reader.end()
    assert {one: title for one, title in again.items() if one in shown} == shown
    assert len(again) == len(shown) + 1
    assert reader.bad == []
    dates = [parsedate_to_datetime(one) for one in reader.dates if one]
    assert dates == sorted(dates)
    assert run("doctor").count("✗") == 0

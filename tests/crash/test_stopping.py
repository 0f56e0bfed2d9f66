"""SIGTERM while a portal is silent: the poll is dropped, nothing half stored, and the category given back (safety.md 10)."""

import contextlib
import signal
import threading
import time

from crash.service import Running, asked, configured
from crash.town import Server, Town
from loopback import free_port, until

from feedsvc.store import open_store


class Silent(Town):
    """A town that keeps whoever asks for an article waiting, once told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_for, self.speak = threading.Event(), threading.Event()
        self.opened = self.wait

    def wait(self, path: str) -> None:
        if "-1" in path and self.fault == "":
            self.asked_for.set()
            self.speak.wait(120)


def test_stopping_waits_for_no_portal(tmp_path) -> None:
    """Poller and web are gone within 10 s of SIGTERM though a poll hangs; no lease stays, and nothing of it is stored."""
    town, port = Silent(), free_port()
    town.publish(3)
    url = f"sqlite:///{tmp_path / 'feedsvc.db'}"
    with Server(town) as server:
        config = configured(tmp_path, url, server.server_port, port)
        config.write_text(config.read_text("utf-8").replace('timeout = "3s"', 'timeout = "100s"'), "utf-8")
        running = Running(config, port, tmp_path / "log")
        try:
            running.start_web()
            poller = running.start_poller()
            until(town.asked_for.is_set, 120, "an article is asked for")
            begun = time.monotonic()
            for process in (poller, running.web):
                process.send_signal(signal.SIGTERM)
            codes = [process.wait(60) for process in (poller, running.web)]
            taken = time.monotonic() - begun
        finally:
            town.speak.set()
            running.end()
    assert taken < 10, f"{taken:.1f} s"
    assert codes == [0, 0]
    assert asked(port, "/status.json")[0] == 0
    with contextlib.closing(open_store(url)) as store, store.database.reading() as db:
        leases = db.exec_driver_sql("SELECT count(*) FROM categories WHERE lease_token IS NOT NULL").scalar_one()
        stored = db.exec_driver_sql("SELECT count(*) FROM items").scalar_one()
        orphans = db.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    assert (leases, stored, orphans) == (0, 0, [])

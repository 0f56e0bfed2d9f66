"""Real processes of feedsvc over the town, that are killed and started again, and a reader who looks on all the while."""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from crash.town import CATEGORIES, CERTIFICATE
from crash.witness import Witness
from loopback import until

FEEDS = tuple((f"/feeds/cong/{slug}.{kind}", kind) for slug in CATEGORIES for kind in ("json", "atom", "rss"))
POLLER = str(Path(__file__).with_name("poller.py"))


def configured(folder: Path, database: str, portal: int, port: int, **more: str) -> Path:
    """A config.toml over the town; `more` are lines for tables."""
    hosts = ", ".join(f'"{name}:{portal}"' for name in ("cong.example", "www.cong.example"))
    text = (
        f'[service]\ndatabase = "{database}"\nbase_url = "http://127.0.0.1:{port}"\n{more.get("service", "")}\n'
        f'[fetch]\nallow_private = [{hosts}]\nper_host_delay = "0s"\ntimeout = "3s"\n'
        f'[polling]\nevery = "1s"\npages = 3\n[web]\nport = {port}\n'
        f'[[source]]\nslug = "cong"\ntitle = "Cổng xã"\nhome = "http://cong.example:{portal}/"\n'
    )
    for slug in CATEGORIES:
        text += f'  [[source.category]]\n  slug = "{slug}"\n  title = "{slug}"\n  url = "http://cong.example:{portal}/{slug}"\n'
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


@dataclass
class Running:
    """One web and some pollers over one configuration; `deaths` counts what was killed and how."""

    config: Path
    port: int
    log: Path
    pollers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    web: subprocess.Popen[bytes] | None = None
    web_up: bool = False
    web_kills: int = 0
    deaths: Counter[str] = field(default_factory=Counter)

    def start(self, *argv: str) -> subprocess.Popen[bytes]:
        environ = {**os.environ, "SSL_CERT_FILE": str(CERTIFICATE)}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environ,
                start_new_session=True,
            )

    def start_poller(self, die: int = 0, place: int | None = None) -> subprocess.Popen[bytes]:
        """Starts a poller in a place of the list, or as a further one; `die` is that of poller.py."""
        process = self.start(POLLER, str(die), "--config", str(self.config), "poll", "--forever")
        if place is None:
            self.pollers.append(process)
        else:
            self.pollers[place] = process
        return process

    def poll_now(self) -> subprocess.Popen[bytes]:
        """Starts one round of polls, due or not."""
        return self.start(POLLER, "0", "--config", str(self.config), "poll", "--quiet")

    def start_web(self) -> None:
        """Starts the web; it is up when it has answered. One that met the port still taken is started again."""

        def answers() -> bool:
            if self.web is None or self.web.poll() is not None:
                self.web = self.start("-m", "feedsvc", "--config", str(self.config), "web")
            return asked(self.port, "/status.json")[0] == 200

        until(answers, 60, "the web answers")
        self.web_up = True

    def kill(self, place: int, *, children: bool = False) -> None:
        """SIGKILL for a poller, its reading children with it or left behind."""
        process = self.pollers[place]
        if process.poll() is None:
            (os.killpg if children else os.kill)(process.pid, signal.SIGKILL)
        process.wait()

    def kill_web(self) -> None:
        """SIGKILL for the web and its worker."""
        self.web_up, self.web_kills = False, self.web_kills + 1
        if self.web is not None:
            if self.web.poll() is None:
                os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait()

    def end(self) -> None:
        """Ends all, whatever they do."""
        self.web_up = False
        for process in (*self.pollers, *([self.web] if self.web else [])):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def asked(port: int, path: str, etag: str = "") -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; status 0 when nobody answers, -1 when an answer breaks off."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"If-None-Match": etag} if etag else {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    except (http.client.IncompleteRead, http.client.BadStatusLine, ConnectionResetError):
        return -1, {}, b""
    except OSError:
        return 0, {}, b""
    finally:
        connection.close()


@dataclass
class Reader:
    """Reads all feeds for ever, half of the time conditionally, and tells the witness of every answer."""

    running: Running
    witness: Witness
    dice: random.Random
    rounds: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    tags: dict[str, str] = field(default_factory=dict)
    thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self.read)
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        self.thread.join()

    def read(self) -> None:
        while not self.stop.wait(0.05):
            self.look()

    def look(self) -> None:
        """All feeds once."""
        for path, kind in FEEDS:
            sent = self.tags.get(path, "") if self.dice.random() < 0.5 else ""
            up, kills = self.running.web_up, self.running.web_kills
            status, headers, body = asked(self.running.port, path, sent)
            if status < 1 and not (up and self.running.web_up and kills == self.running.web_kills):
                continue  # the web itself was dead
            self.tags[path] = headers.get("etag", "")
            self.witness.answered(path, kind, status, headers, body, sent)
        self.rounds += 1


def gone(pids: list[int]) -> bool:
    """Whether none of these processes lives any more."""
    return not any(Path(f"/proc/{pid}").exists() and "Z" not in _state(pid) for pid in pids)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return found


def pause(seconds: float) -> None:
    """A short while, to let a poll go on."""
    time.sleep(seconds)

"""`python -m benchmarks.cycle`: ten thousand portals polled once each by one process, as anybody runs it.

Portals, readers, web and poller are processes of their own. All that happens is real: leases, robots.txt, connections,
reading in children, commits. After a first cycle, in which robots.txt is asked everywhere, the poller stands idle and
is watched; then one portal in twenty publishes an article, all are due at once, and the cycle is measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from benchmarks.cluster import postgresql
from benchmarks.cycle_naive import naive_chain
from benchmarks.cycle_portal import LISTING, address
from benchmarks.cycle_store import make_due, outcomes, polled_since, seed, slug_of, stored_items
from benchmarks.servers import ask, cpu_seconds, free_port
from feedsvc.cli.priority import stand_back
from feedsvc.config import load_config
from feedsvc.store import SqlStore, open_store

CHANGED = 0.05
READ = 20
"""Feeds that are read meanwhile."""
WITHIN = 900.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process has used so far: seconds of CPU of its own, and of its children."""

    own: float
    children: float

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.own - other.own, self.children - other.children)


@click.command()
@click.option("--sources", type=click.IntRange(1, 100_000), default=10_000, show_default=True)
@click.option(
    "--idle", type=float, default=60.0, show_default=True, help="Seconds for which the idle poller is watched."
)
@click.option("--sample", type=int, default=200, show_default=True, help="Portals that the naive chain polls.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--strict", is_flag=True, help="Exit with 1 when a bar is missed.")
def main(sources: int, idle: float, sample: int, database: str, *, strict: bool) -> None:
    """Measure a cycle of polls, and what it costs readers."""
    with tempfile.TemporaryDirectory(prefix="feedsvc-cycle-") as name:
        folder = Path(name)
        with postgresql(folder) if database == "postgresql" else nullcontext("") as url:
            met = _measure(folder, sources, idle, sample, url)
    print("every bar is met" if met else "a bar was missed")
    if strict and not met:
        raise SystemExit(1)


def _measure(folder: Path, count: int, idle: float, sample: int, database: str) -> bool:
    portals, web = free_port(), free_port()
    with _running(folder, "portals", "-m", "benchmarks.cycle_portal", str(portals), str(count)):
        _wait(lambda: _listens(portals), "the portals do not answer")
        first = load_config(_configure(folder, 1, portals, web, database))
        seed(first, count)
        config = _configure(folder, count, portals, web, database)
        store = open_store(first.database)
        try:
            return _cycle(folder, config, store, count, idle, portals, web) & _against_naive(
                folder, portals, count, sample
            )
        finally:
            store.close()


def _cycle(folder: Path, config: Path, store: SqlStore, count: int, idle: float, portals: int, web: int) -> bool:
    feedsvc = ("-m", "feedsvc", "--config", str(config))
    feeds = [f"/feeds/{slug_of(number * max(1, count // READ) % count)}/tin.rss" for number in range(READ)]
    with ExitStack() as running:
        running.enter_context(_running(folder, "web", *feedsvc, "web"))
        _wait(lambda: _listens(web), "the web does not answer")
        before = make_due(store)
        poller = running.enter_context(_running(folder, "poller", *feedsvc, "poll", "--forever", "--log-json"))
        warm = _until_polled(store, before, count)
        print(f"first cycle, with robots.txt of each: {warm:.1f} s; polls that failed: {_failed(store)}", flush=True)
        for path in feeds:
            _status, _headers, _body = ask(web, path)
        readers = running.enter_context(_running(folder, "readers", "-m", "benchmarks.cycle_readers", str(web), *feeds))
        stand_back()  # whoever counts the polls takes no time of the processor from readers either
        time.sleep(2.0)
        begun, spent = time.monotonic(), _spent(poller.pid)
        time.sleep(idle)
        resting, rested = (begun, time.monotonic()), _spent(poller.pid) - spent
        had, changes = stored_items(store), round(count * CHANGED)
        _command(portals, f"/_publish/{changes}")
        begun, spent = time.monotonic(), _spent(poller.pid)
        wall = _until_polled(store, make_due(store), count)
        busy, used = (begun, time.monotonic()), _spent(poller.pid) - spent
        asked = json.loads(_command(portals, "/_figures"))
        if readers.poll() is not None:
            raise SystemExit("the readers were refused; their last words stand above")
        _expect("polls that failed", _failed(store), 0)
        _expect("new articles stored", stored_items(store) - had, changes)
        _expect("lists asked for", asked.get("unchanged", 0) + asked.get("lists", 0), count)
        print(f"asked of the portals: {asked}")
        return _told(folder, poller.pid, count, wall, used, rested, idle, resting, busy)


def _told(
    folder: Path, pid: int, count: int, wall: float, used: Spent, rested: Spent, idle: float,
    resting: tuple[float, float], busy: tuple[float, float],
) -> bool:  # fmt: skip
    share, memory = count / 10_000, _peak(pid)
    quiet, loud = _p99(folder, *resting), _p99(folder, *busy)
    return all(
        [
            _line("wall", wall, 30 * share, "s"),
            _line("CPU of the poller", used.own, 20 * share, "s"),
            _line("CPU of its reading children", used.children, None, "s"),
            _line("CPU of the poller for a poll", used.own / count * 1000, 2, "ms"),
            _line("peak memory of the poller", memory, 200, "MB"),
            _line("CPU of the idle poller", rested.own / max(idle, 0.001) * 100, 0.2, "% of a core"),
            _line("readers' p99, idle", quiet * 1000, None, "ms"),
            _line("readers' p99, during", loud * 1000, quiet * 1500, "ms"),
        ]
    )


def _against_naive(folder: Path, portals: int, count: int, sample: int) -> bool:
    chosen = range(min(sample, count))
    cpu, wall = naive_chain(folder / "naive.db", [f"http://{address(number)}:{portals}{LISTING}" for number in chosen])
    _line("naive chain: CPU for a poll", cpu / len(chosen) * 1000, None, "ms")
    _line("naive chain: wall for as many", wall / len(chosen) * count, None, "s")
    return True


def _line(name: str, figure: float, bar: float | None, unit: str) -> bool:
    told = f"(bar: {bar:.3g})" if bar is not None else ""
    print(f"{name:32} {figure:9.2f} {unit:12} {told}", flush=True)
    return bar is None or figure <= bar


def _expect(what: str, found: int, wanted: int) -> None:
    if found != wanted:
        print(f"{what}: {found}, not {wanted}: the figures are not those of a good cycle", flush=True)


def _configure(folder: Path, count: int, portals: int, web: int, database: str) -> Path:
    """Writes the configuration of so many portals."""
    places = [f"{address(number)}:{portals}" for number in range(count)]
    told = [f'[service]\ntitle = "Tin thử"\ndatabase = "{database or "sqlite:///feedsvc.db"}"\n[web]\nport = {web}\n']
    told.append(f'[fetch]\nper_host_delay = "0s"\nallow_private = {json.dumps(places)}\n[polling]\nevery = "1d"\n')
    for number, place in enumerate(places):
        told.append(f'[[source]]\nslug = "{slug_of(number)}"\ntitle = "Xã {number}"\nhome = "http://{place}/"\n')
        told.append(f'[[source.category]]\nslug = "tin"\ntitle = "Tin tức"\nurl = "http://{place}{LISTING}"\n')
    path = folder / "config.toml"
    path.write_text("".join(told), "utf-8")
    return path


@contextmanager
def _running(folder: Path, name: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program beside this one; what it prints goes to files."""
    with (folder / f"{name}.out").open("wb") as out, (folder / f"{name}.err").open("wb") as err:
        process = subprocess.Popen([sys.executable, *words], stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        try:
            yield process
        finally:
            ended = process.poll()
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if ended is not None:
                print((folder / f"{name}.err").read_text("utf-8", "replace")[-3000:], file=sys.stderr)


def _wait(ready: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + WITHIN
    while not ready():
        if time.monotonic() > deadline:
            raise SystemExit(complaint)
        time.sleep(0.1)


def _until_polled(store: SqlStore, since: datetime, count: int) -> float:
    """Waits until every portal was polled; gives the seconds."""
    begun = time.monotonic()
    deadline = begun + WITHIN
    while (polled := polled_since(store, since)) < count:
        if time.monotonic() > deadline:
            raise SystemExit(f"only {polled} of {count} portals were polled within {WITHIN:.0f} s")
        time.sleep(0.2)
    return time.monotonic() - begun


def _listens(port: int) -> bool:
    try:
        ask(port, "/_figures")
    except OSError:
        return False
    return True


def _command(port: int, path: str) -> bytes:
    return ask(port, path)[2]


def _failed(store: SqlStore) -> int:
    return sum(number for outcome, number in outcomes(store).items() if outcome not in {"ok", "unchanged"})


def _spent(pid: int) -> Spent:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / TICKS
    return Spent(own, cpu_seconds(pid) - own)


def _peak(pid: int) -> float:
    """The most memory that the process ever had, in MB (proc(5), VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _p99(folder: Path, begun: float, ended: float) -> float:
    """Of the answers of a stretch of time, in seconds."""
    answers = [line.split() for line in (folder / "readers.out").read_text("utf-8").splitlines()[:-1]]
    taken = sorted(float(took) for came, took, _status in answers if begun <= float(came) <= ended)
    if any(status != "200" for _came, _took, status in answers) or not taken:
        raise SystemExit("readers were not answered with 200 each time")
    return taken[min(len(taken) - 1, round(len(taken) * 0.99))]


if __name__ == "__main__":
    main()

"""`python -m benchmarks.serve`: our answers for a feed of 100 entries against nginx over the same bytes, by wrk.

Rounds take turns (nginx, ours, nginx, ours ...), two workers each, all on this machine. The results are ratios within
one run: requests a second, and CPU time of all processes of a server for one request.
"""

from __future__ import annotations

import math
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks.servers import HOST, PACKED, PATH, Server, ask, cpu_seconds, nginx_server, our_server

CONNECTIONS = 32
WARM_UP = 1.0
HEAD = "case         ours/s  nginx/s  ratio   bar   CPU µs   nginx  ratio   bar   p50 ms   nginx  p99 ms   nginx"
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of question. `rate` is the least that ours must have of nginx's rate, `cpu` the most of its CPU time."""

    name: str
    headers: Mapping[str, str]
    status: int
    coding: str
    rate: float
    cpu: float | None = None
    path_at_nginx: str = PATH


CASES = (
    Case("200", {}, 200, "", 0.6, 2.0),
    Case("304", {"If-None-Match": "*"}, 304, "", 0.35),
    Case("200, gzip", {"Accept-Encoding": "gzip"}, 200, "gzip", 0.45),
    Case("200, br", {"Accept-Encoding": "br"}, 200, "br", 0.45, path_at_nginx=PACKED),
)


@dataclass(frozen=True, slots=True)
class Round:
    """What one run of wrk measured: requests a second, milliseconds, CPU seconds of the server for a request."""

    rate: float
    p50: float
    p99: float
    cpu: float


@click.command()
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True, help="How often each is measured.")
@click.option("--seconds", type=float, default=3.0, show_default=True, help="How long one round lasts.")
@click.option("--strict", is_flag=True, help="Exit with 1 when a bar is missed.")
def main(rounds: int, seconds: float, *, strict: bool) -> None:
    """Measure the answers of feedsvc against those of nginx."""
    nginx, wrk = _program("nginx"), _program("wrk")
    met = True
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="feedsvc-serve-") as name:
        folder = Path(name)
        with our_server(folder, 100) as ours, nginx_server(folder, ours.port, nginx) as theirs:
            for case in CASES:
                measured = _measure(case, ours, theirs, wrk, rounds=rounds, seconds=seconds)
                met = (measured is None or _tell(case, *measured)) and met
    print("every bar is met" if met else "a bar was missed")
    if strict and not met:
        raise SystemExit(1)


def _program(name: str) -> str:
    """Where a program is; Debian keeps servers where a user's PATH does not look."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise SystemExit(f"{name} is not installed, and this benchmark needs it; on Debian: apt-get install nginx wrk")
    return found


def _measure(
    case: Case, ours: Server, theirs: Server, wrk: str, *, rounds: int, seconds: float
) -> tuple[list[Round], list[Round]] | None:
    """Rounds of ours and of nginx in turn; None where ours does not offer this coding."""
    asked = [(ours, PATH, _question(case, ours)), (theirs, case.path_at_nginx, _question(case, theirs))]
    for server, path, headers in asked:
        status, found, _ = ask(server.port, path, headers)
        if case.coding and server is ours and not found.get("content-encoding"):
            print(f"{case.name:10} is not offered")
            return None
        if (status, found.get("content-encoding", "")) != (case.status, case.coding):
            raise SystemExit(f"{case.name}: {server.name} answers {status} {found}")
        _wrk(wrk, server, path, headers, min(WARM_UP, seconds))
    taken: dict[str, list[Round]] = {"ours": [], "nginx": []}
    for _ in range(rounds):
        for server, path, headers in asked:
            taken[server.name].append(_wrk(wrk, server, path, headers, seconds))
    return taken["ours"], taken["nginx"]


def _question(case: Case, server: Server) -> dict[str, str]:
    """The headers of a case; a condition names the server's own tag."""
    if "If-None-Match" not in case.headers:
        return dict(case.headers)
    return {**case.headers, "If-None-Match": ask(server.port)[1]["etag"]}


def _wrk(wrk: str, server: Server, path: str, headers: Mapping[str, str], seconds: float) -> Round:
    named = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    # wrk knows whole seconds alone: a round is ended by an interrupt, after which it reports as well.
    longest, address = f"-d{math.ceil(seconds) + 1}s", f"http://{HOST}:{server.port}{path}"
    before = cpu_seconds(server.pid)
    with subprocess.Popen(
        [wrk, "-t1", f"-c{CONNECTIONS}", longest, "--latency", *named, address], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=30)[0]
    return _read(told, cpu_seconds(server.pid) - before)


def _read(told: str, cpu: float) -> Round:
    """What wrk prints. Raises SystemExit when an answer was a failure, as the figures then mean nothing."""
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    count = re.search(r"(\d+) requests in", told)
    if rate is None or count is None or "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(f"wrk did not get what it asked for:\n{told}")
    return Round(float(rate[1]), _latency(told, 50), _latency(told, 99), cpu / int(count[1]))


def _latency(told: str, percent: int) -> float:
    found = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s|m)$", told, re.MULTILINE)
    return float(found[1]) * UNITS[found[2]] if found else float("nan")


def _tell(case: Case, ours: list[Round], theirs: list[Round]) -> bool:
    """One line of the result; whether its bars are met. A ratio is the median of those of the rounds."""
    pairs = list(zip(ours, theirs, strict=True))
    rate = statistics.median(mine.rate / other.rate for mine, other in pairs)
    cpu = statistics.median(mine.cpu / other.cpu if other.cpu else float("nan") for mine, other in pairs)
    print(
        f"{case.name:10} {_median(ours, 'rate'):8.0f} {_median(theirs, 'rate'):8.0f} {rate:6.2f} {case.rate:>5}  "
        f"{_median(ours, 'cpu') * 1e6:7.1f} {_median(theirs, 'cpu') * 1e6:7.1f} {cpu:6.2f} {case.cpu or '':>5}  "
        f"{_median(ours, 'p50'):7.2f} {_median(theirs, 'p50'):7.2f} "
        f"{_median(ours, 'p99'):7.2f} {_median(theirs, 'p99'):7.2f}",
        flush=True,
    )
    return rate >= case.rate and (case.cpu is None or cpu <= case.cpu)


def _median(rounds: list[Round], name: str) -> float:
    return float(statistics.median(getattr(one, name) for one in rounds))


if __name__ == "__main__":
    main()

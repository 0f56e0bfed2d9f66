"""`python -m benchmarks.cycle_readers PORT PATH...`: a reader who asks for feeds in turn, and tells how long each took.

A line for each answer: when it came, on the clock that all processes of a machine share, the seconds it took, and its
status. Questions come at a steady rate, whether answers are quick or slow.
"""

from __future__ import annotations

import http.client
import sys
import time
from itertools import cycle

EVERY = 0.02


def main() -> None:
    """Asks until it is ended."""
    port, paths = int(sys.argv[1]), cycle(sys.argv[2:])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    due = time.monotonic()
    while True:
        time.sleep(max(0.0, due - time.monotonic()))
        begun = time.monotonic()
        connection.request("GET", next(paths))
        answer = connection.getresponse()
        answer.read()
        ended = time.monotonic()
        print(f"{ended:.6f} {ended - begun:.6f} {answer.status}", flush=True)
        due = max(due + EVERY, ended)


if __name__ == "__main__":
    main()

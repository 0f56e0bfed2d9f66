"""How much one client may take: a token bucket for each (feeds.md 7, row 11). Pure but for what it remembers."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

MINUTE = 60.0
CLIENTS = 20_000


class Limit:
    """At most `rate` a minute for each client, of whom the last `clients` are remembered; a forgotten one begins anew.

    A bucket holds the allowance of a minute. It is kept as one number, the moment when it will be full again (the
    "theoretical arrival time" of the generic cell rate algorithm, ITU-T I.371, which is the same rule).
    """

    def __init__(self, rate: int, *, clients: int = CLIENTS) -> None:
        self._each, self._clients = MINUTE / rate, clients
        self._lock = Lock()
        self._full: OrderedDict[str, float] = OrderedDict()

    def wait(self, client: str, now: float) -> float:
        """0 when `client` may take one more, which then counts; else seconds until it may. `now` is monotonic."""
        with self._lock:
            full = max(self._full.get(client, now), now) + self._each
            excess = full - now - MINUTE
            if excess > self._each / 1000:  # sums of fractions are not exact
                return min(excess, self._each)
            self._full[client] = full
            self._full.move_to_end(client)
            self._forget(now)
            return 0.0

    def _forget(self, now: float) -> None:
        """The longest unseen are forgotten when their bucket is full, or when there are too many."""
        while len(self._full) > self._clients or next(iter(self._full.values())) <= now:
            self._full.popitem(last=False)

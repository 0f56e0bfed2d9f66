"""Those who run the service, told from everybody else: a program of this machine, or who knows the token.

safety.md 11. Whoever tries tokens is told to wait, longer and longer, and no thread waits with him.
"""

from __future__ import annotations

import hmac
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from math import ceil
from threading import Lock
from typing import Any, cast

import structlog
from flask import abort, current_app, request
from werkzeug.exceptions import TooManyRequests

from feedsvc.web.askers import Askers
from feedsvc.web.gate import asked_host
from feedsvc.web.limits import CLIENTS, Limit

FREE_TRIES = 5
LONGEST_WAIT = 300.0
FORGOTTEN_AFTER = 3600.0
STRANGERS_A_MINUTE = 60
OPERATORS = "feedsvc.operators"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_VIA",
)


@dataclass(slots=True)
class Tries:
    """Wrong tokens of one client: how many in a row, the moment of the last, and when it may try again (monotonic)."""

    count: int = 0
    last: float = 0.0
    again: float = 0.0


class Patience:
    """How long who gave wrong tokens has to wait: not at all five times, then 1 s, 2 s, 4 s up to five minutes.

    `strangers` tries a minute are let through in sum, so that many addresses together cannot try many tokens; who gave
    the right one before is no stranger. Remembers `clients` at most, each for an hour after its last try.
    """

    def __init__(self, *, strangers: int = STRANGERS_A_MINUTE, clients: int = CLIENTS) -> None:
        self._sum, self._clients, self._lock = Limit(strangers), clients, Lock()
        self._tries: OrderedDict[str, Tries] = OrderedDict()
        self._friends: OrderedDict[str, None] = OrderedDict()

    def attempt(self, client: str, now: float) -> float:
        """0 when a token of `client` may be looked at, which counts as a wrong one at once; else seconds to wait."""
        with self._lock:
            self._forget(now)
            tries = self._tries.get(client, Tries())
            if tries.again > now:
                return tries.again - now
            if client not in self._friends and (wait := self._sum.wait("", now)):
                return wait
            tries.count, tries.last = tries.count + 1, now
            excess = tries.count - FREE_TRIES
            tries.again = now + min(2.0 ** min(excess, 20), LONGEST_WAIT) if excess >= 0 else now
            self._tries[client] = tries
            self._tries.move_to_end(client)
            return 0.0

    def known(self, client: str) -> None:
        """The token was right: nothing that `client` tried before counts any more."""
        with self._lock:
            self._tries.pop(client, None)
            self._friends[client] = None
            self._friends.move_to_end(client)
            while len(self._friends) > self._clients:
                self._friends.popitem(last=False)

    def _forget(self, now: float) -> None:
        while self._tries:
            oldest = next(iter(self._tries.values()))
            if len(self._tries) < self._clients and now - oldest.last < FORGOTTEN_AFTER:
                return
            self._tries.popitem(last=False)


class Operators:
    """Knows operators by where they ask from, or by `token` (None: by that alone). `monotonic` in seconds."""

    def __init__(self, token: str | None, askers: Askers, monotonic: Callable[[], float]) -> None:
        self._digest = _digest(token) if token else None
        self._askers, self._monotonic, self._patience = askers, monotonic, Patience()

    def knows(self, environ: Mapping[str, Any]) -> bool:
        """Whether an operator asks. Raises TooManyRequests for a client that has to wait before its next token."""
        return is_local(environ) or self._has_token(environ)

    def _has_token(self, environ: Mapping[str, Any]) -> bool:
        scheme, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if self._digest is None or scheme.lower() != "bearer":
            return False
        client = self._askers.client(environ) or "loopback"
        wait = self._patience.attempt(client, self._monotonic())
        if wait:
            raise TooManyRequests(retry_after=ceil(wait))
        if not hmac.compare_digest(_digest(given.strip()), self._digest):
            structlog.get_logger().warning("token", outcome="refused", client=client)
            return False
        self._patience.known(client)
        return True


def is_local(environ: Mapping[str, Any]) -> bool:
    """Whether a program of this machine asks for itself.

    A proxy on this machine asks from loopback as well, on behalf of anybody. So nothing may have been forwarded,
    whatever it says; the host that is asked for has to be a name of loopback, which no other machine uses (and no page
    of another site that had its name point here); and HTTP/1.0 is what nginx speaks when it is not told otherwise.
    """
    try:
        peer = ip_address(environ.get("REMOTE_ADDR") or "")
    except ValueError:
        return False
    peer = getattr(peer, "ipv4_mapped", None) or peer
    forwarded = any(environ.get(name) for name in FORWARDED)
    named = re.sub(r":\d+$", "", asked_host(environ)) in LOOPBACK_NAMES
    return peer.is_loopback and named and not forwarded and environ["SERVER_PROTOCOL"] != "HTTP/1.0"


def operators_only() -> None:
    """Before a view: for everybody else there is nothing at this address, whether or not a token is set."""
    operators = cast("Operators", current_app.extensions[OPERATORS])
    if not operators.knows(request.environ):
        abort(404)


def _digest(token: str) -> bytes:
    """Of equal length for every token: a comparison of these tells nothing of the right one."""
    return sha256(token.encode("utf-8", "surrogateescape")).digest()

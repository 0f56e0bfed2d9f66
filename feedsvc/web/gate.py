"""The outermost layer: which host was asked for, and below which path we live (safety.md 11)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ASKED_HOST = "feedsvc.host"
"""Where the environment of a request keeps its Host header, once it is known for one of ours."""
EVERYWHERE = frozenset({"0.0.0.0", "[::]"})  # noqa: S104 - compared with, not bound
_SAFE = "!$&'()*+,;=:@/?%[]"
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?", re.ASCII)


class Gate:
    """Lets requests for one of our `hosts` in to `ours`; the others go to `stranger`, which refuses them.

    Whoever is let in is called localhost from here on: addresses are made from base_url alone, and Werkzeug's list of
    trusted hosts cannot hold an IPv6 address. Who listens on every address of the machine (0.0.0.0) is known by each of
    them, though still by no foreign name, which is what rebinding needs. A proxy may leave the path of base_url
    (`prefix`) on or take it off. Bytes of a query that should have been escaped are.
    """

    def __init__(
        self, ours: WSGIApplication, stranger: WSGIApplication, *, hosts: Collection[str], prefix: str = ""
    ) -> None:
        self._ours, self._stranger = ours, stranger
        self._hosts, self._prefix = hosts, prefix.rstrip("/")
        self._everywhere = not EVERYWHERE.isdisjoint(hosts)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """What the application behind says."""
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():  # some clients do not escape; the views take it for text (RFC 3986, 2.1)
            environ["QUERY_STRING"] = quote(query, safe=_SAFE, encoding="latin-1")
        if not self._knows(asked := environ.get("HTTP_HOST")):
            return self._stranger(environ, start_response)
        environ[ASKED_HOST], environ["HTTP_HOST"] = asked, "localhost"
        path = environ.get("PATH_INFO", "")
        if self._prefix and path.startswith(self._prefix + "/"):
            environ["PATH_INFO"] = path.removeprefix(self._prefix)
        return self._ours(environ, start_response)

    def _knows(self, host: str | None) -> bool:
        """HTTP/1.0 may name no host at all."""
        if not host:
            return True
        match = _HOST.fullmatch(host.lower())
        return match is not None and (match[1] in self._hosts or (self._everywhere and _is_address(match[1])))


def asked_host(environ: Mapping[str, Any]) -> str:
    """Host and port of whoever was let in, as it asked for them, in small letters; "" where it named none."""
    return (environ.get(ASKED_HOST) or "").lower()


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True

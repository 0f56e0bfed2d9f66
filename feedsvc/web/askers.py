"""Who asks: the address of the client, behind proxies of one's own that of whom they ask for (safety.md 11). Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

LOOPBACK = ("127.0.0.0/8", "::1/128")
HOUSEHOLD = 64
"""Leading bits of an IPv6 address that belong to one customer (RFC 6177): the others change at will."""

Address = IPv4Address | IPv6Address


class Askers:
    """Tells clients apart. X-Forwarded-For of `proxies` (addresses, networks) is believed, that of loopback always."""

    def __init__(self, proxies: Collection[str] = ()) -> None:
        self._loopback = tuple(map(ip_network, LOOPBACK))
        self._trusted = (*self._loopback, *(ip_network(one, strict=False) for one in proxies))

    def client(self, environ: Mapping[str, Any]) -> str | None:
        """A name for the client that asks; None for loopback itself: a probe, a benchmark, a program of this machine.

        Of the addresses in X-Forwarded-For the right-most counts that is no proxy of ours: what stands before it may be
        invented. A server on a Unix socket tells no address; whoever can reach that is a proxy too.
        """
        remote, forwarded = environ.get("REMOTE_ADDR") or "127.0.0.1", environ.get("HTTP_X_FORWARDED_FOR")
        if not forwarded and remote == "127.0.0.1":
            return None
        nearest = parsed(remote)
        if nearest is None or not self._is_proxy(nearest):
            return _name(nearest)
        for hop in reversed(forwarded.split(",") if forwarded else ()):
            nearest = parsed(hop)
            if nearest is None or not self._is_proxy(nearest):
                return _name(nearest)
        return None if any(nearest in network for network in self._loopback) else _name(nearest)

    def _is_proxy(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def parsed(text: str) -> Address | None:
    """An address as proxies write it: alone, in brackets, with a port, an IPv4 one as IPv6; None for what is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _name(address: Address | None) -> str:
    """Who tells no address shares one name with all others who don't."""
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, HOUSEHOLD), strict=False))
    return str(address) if address else "unknown"

"""Which addresses may be reached: public ones, and what `[fetch] allow_private` names (safety.md 4).

Two gates stand one behind the other. `check_url` looks at the address before anything is asked, since an IP literal
never reaches a resolver; `resolving.GuardedResolver` looks at what a name resolves to. Rules alone stand here, no
client: so the web, which asks nothing of the network, refuses addresses by them too.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import Final
from urllib.parse import urlsplit

from yarl import URL

from feedsvc.errors import Blocked, FeedsvcError
from feedsvc.fetch.literals import Address, read_literal
from feedsvc.fetch.mask import masked, printable

Pair = tuple[str, int]
PORTS: Final = frozenset({80, 443})
LONGEST_URL: Final = 8192
_OWN_NAME = re.compile(r"[^.]+|.*\.(?:localhost|local|internal|home\.arpa)")
"""Names that mean something on this machine or network alone (RFC 6761, 6762, 8375), as do those of one label."""
_ADVICE = re.compile(r'; if it is meant, add to the configuration: \[fetch\] allow_private = \["[^"]*"\]')
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")  # C0 and DEL
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_])?")
_WORD_FOR_WORD = re.compile(r"[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")

# IANA special-purpose registries, and one public address that is a cloud's inside service.
_CLOSED_IPV4: Final = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # inside service of a cloud, answered on each of its machines
        "169.254.0.0/16",  # link-local, clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Only 2000::/3 is given out for use on the internet: mapped, compatible, translated, NAT64, unique local, link-local,
# site-local and multicast addresses all lie outside of it, and these few inside.
_OPEN_IPV6: Final = IPv6Network("2000::/3")
_CLOSED_IPV6: Final = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)


def allowed_address(ip: Address) -> bool:
    """Whether `ip` is a public unicast address, whatever spelling or tunnel it came in."""
    if isinstance(ip, IPv4Address):
        return ip.is_global and not any(ip in net for net in _CLOSED_IPV4)
    return ip.scope_id is None and ip.is_global and ip in _OPEN_IPV6 and not any(ip in net for net in _CLOSED_IPV6)


def read_pairs(entries: Collection[str]) -> frozenset[Pair]:
    """The (host, port) pairs of `[fetch] allow_private`; raises ValueError for an entry that is no "host:port"."""
    return frozenset(_read_pair(entry) for entry in entries)


def _read_pair(entry: str) -> Pair:
    if not re.fullmatch(r"(?:\[[0-9a-fA-F:.]+\]|[^\s:/?#@\[\]]+):\d{1,5}", entry):
        raise ValueError(f"{printable(entry)!r} is not of the form host:port")
    url = URL(f"http://{entry}/")
    host = url.raw_host or ""
    literal = read_literal(host)
    return (str(literal) if literal else host.removesuffix("."), url.port or 0)


def pair_of(url: URL) -> Pair:
    """Host and port of a checked address: what pace, robots and `allow_private` are kept by."""
    return (url.raw_host or "", url.port or 0)


def check_url(url: str | URL, allow_private: Collection[Pair] = frozenset()) -> URL:
    """The address in the one form in which it will be asked, if it may be asked at all.

    Hosts come out in lower case, IP literals in their usual form, fragments are dropped. Raises Blocked for anything
    but http and https, a user part, a port other than 80 and 443 or an IP literal that is not public, unless
    `allow_private` names exactly that host and port.
    """
    text = str(url).strip()
    parsed = _parse(text)
    if parsed.scheme not in {"http", "https"}:
        raise _refusal(text, "only http and https addresses are asked")
    if "@" in urlsplit(text).netloc:
        raise _refusal(text, "an address with a user part is never asked; take the part before the @ out")
    host, literal = _read_host(text, parsed)
    checked = parsed.with_host(host).with_fragment(None)
    pair = pair_of(checked)
    if pair in allow_private:
        return checked
    if pair[1] not in PORTS:
        raise _refusal(text, f"port {pair[1]} is neither 80 nor 443; {line_to_add(pair)}")
    if literal is not None and not allowed_address(literal):
        raise _refusal(text, f"{literal} is not a public address; {line_to_add(pair)}")
    return checked


def may_be_proposed(url: str, allow_private: Collection[Pair] = frozenset()) -> bool:
    """Whether a person may be told to have an address asked that a portal has named.

    Not where it would be refused, nor where its name is known here alone and would be refused once it is looked up.
    """
    try:
        pair = pair_of(check_url(url, allow_private))
    except Blocked:
        return False
    return pair in allow_private or ":" in pair[0] or not _OWN_NAME.fullmatch(pair[0])


def _parse(text: str) -> URL:
    if len(text) > LONGEST_URL:
        raise _refusal(text, f"it is longer than {LONGEST_URL} characters")
    if _CONTROL.search(text):
        raise _refusal(text, "it holds control characters")
    try:
        # An address that needs no escaping is asked word for word: some servers sign the exact spelling.
        parsed = URL(text, encoded=_WORD_FOR_WORD.fullmatch(text) is not None)
        _ = parsed.raw_host, parsed.port  # read lazily, and only then found to be broken
    except ValueError as error:
        raise _refusal(text, f"it is no valid address ({printable(str(error))})") from error
    return parsed


def _read_host(text: str, parsed: URL) -> tuple[str, Address | None]:
    host = (parsed.raw_host or "").lower().removesuffix(".")
    try:
        literal = read_literal(host)
    except ValueError as error:
        raise _refusal(text, str(error)) from error
    if literal is not None:
        return str(literal), literal
    if not _NAME.fullmatch(host):
        raise _refusal(text, "it has no valid host name")
    return host, None


def line_to_add(pair: Pair) -> str:
    """What a person writes into the configuration to have `pair` reached nevertheless."""
    host = f"[{pair[0]}]" if ":" in pair[0] else pair[0]
    return f'if it is meant, add to the configuration: [fetch] allow_private = ["{host}:{pair[1]}"]'


def told_of(error: FeedsvcError | str, *configured: str) -> str:
    """What `error` says, with the line to add only where that opens one of the `configured` addresses.

    Any other was named by a portal, in a redirect or a link: nobody is told to open that.
    """
    kept = {f"; {line_to_add(pair)}" for url in configured if (pair := _pair_named(url))}
    return _ADVICE.sub(lambda found: found[0] if found[0] in kept else "", str(error))


def _pair_named(url: str) -> Pair | None:
    try:
        parsed = _parse(url)
        host, _ = _read_host(url, parsed)
    except Blocked:  # an address that nobody is told to allow
        return None
    return (host, parsed.port or 0)


def _refusal(url: str, reason: str) -> Blocked:
    return Blocked(f"{masked(url)} is not asked: {reason}", url=masked(url))

"""Hosts that are numbers: every way to write an IP address, read as the operating system or a browser would read it.

An address such as `http://2130706433/` never reaches a resolver, and `0x7f.1` reaches one that happily says 127.0.0.1.
Both are therefore read here, before anything is asked.
"""

from __future__ import annotations

import unicodedata
from ipaddress import AddressValueError, IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address
_DOTS = str.maketrans("。．｡", "...")
_PARTS = 4


def read_literal(host: str) -> Address | None:
    """The IP address that `host` (without brackets) spells, or None when it is a name.

    Raises ValueError for a host that is neither: a name that ends in a number (WHATWG URL, "ends in a number checker"),
    or an IPv6 address with a zone or a broken form.
    """
    plain = unicodedata.normalize("NFKC", host).translate(_DOTS).lower().removesuffix(".")
    if ":" in plain:
        return _read_ipv6(plain)
    parts = plain.split(".")
    if not _is_number(parts[-1]):
        return None
    return _read_ipv4(parts)


def _read_ipv6(text: str) -> IPv6Address:
    if "%" in text:
        raise ValueError("an IPv6 address with a zone names an interface of this machine")
    try:
        return IPv6Address(text)
    except AddressValueError as error:
        raise ValueError(f"no IPv6 address: {error}") from error


def _is_number(part: str) -> bool:
    if part.isdecimal():
        return True
    return part.startswith("0x") and all(c in "0123456789abcdef" for c in part[2:])


def _number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8 if part.startswith("0") and part != "0" else 10)


def _read_ipv4(parts: list[str]) -> IPv4Address:
    """The parts of inet_aton(3): the last one fills what the others leave."""
    if len(parts) > _PARTS or not all(_is_number(part) and len(part) <= 40 for part in parts):  # noqa: PLR2004 - longer is no address in any base
        raise ValueError("a host that ends in a number but is no IPv4 address")
    *heads, last = [_number(part) for part in parts]
    room = 256 ** (_PARTS - len(heads))
    if any(head > 255 for head in heads) or last >= room:  # noqa: PLR2004 - the largest byte
        raise ValueError("an IPv4 address with a part too large")
    value = last
    for place, head in enumerate(heads):
        value += head << (8 * (_PARTS - 1 - place))
    return IPv4Address(value)

"""A portal that moved to another host: its old and new addresses are those of one article (Source.formerly). Pure.

An address on one of the hosts of a source stands for the same path on each other of them; nothing of that is stored, so
that a portal may come back, and a line of the configuration may be taken out again. Rules: safety.md 3.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc.extract.address import canonical_key
from feedsvc.extract.identity import fingerprint, stub_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from feedsvc.model import Item, Known, MediaObject, Source

ADDRESS = "url:"


def host_of(address: str) -> str:
    """Give the host of an address, or a host alone, as keys have it: `www.old.vn:443`, `http://old.vn/` are one."""
    return canonical_key(address if "//" in address else f"//{address}").partition("/")[0]


def hosts_of(source: Source) -> frozenset[str]:
    """Give the hosts whose addresses are one: that of the home page and those before; none for one that never moved."""
    former = {host_of(name) for name in source.formerly} - {""}
    return frozenset(former | {host_of(source.home)}) if former else frozenset()


def twin_keys(url: str, hosts: Collection[str]) -> tuple[str, ...]:
    """Give the strong keys that an address would have on each other host of its source; none for one elsewhere."""
    try:
        parts = urlsplit(url)
    except ValueError:  # no address, though a link of a page
        return ()
    own = host_of(f"//{parts.netloc}")
    if own not in hosts:
        return ()
    others = (parts._replace(netloc=host).geturl() for host in sorted(hosts) if host != own)
    return tuple(key for other in others for key in stub_keys(other))


def twins(keys: Iterable[str], hosts: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Give for each address among `keys` what it would be on the other hosts of its source.

    Not for numbers: a merged portal may count anew, so there the words of the article decide.
    """
    if not hosts:
        return {}
    found = {key: _twins(key.removeprefix(ADDRESS), hosts) for key in keys if key.startswith(ADDRESS)}
    return {key: others for key, others in found.items() if others}


def _twins(address: str, hosts: Collection[str]) -> tuple[str, ...]:
    own = next((host for host in hosts if address == host or address.startswith((f"{host}/", f"{host}?"))), None)
    if own is None:
        return ()
    return tuple(f"{ADDRESS}{host}{address.removeprefix(own)}" for host in sorted(hosts) if host != own)


def with_twins(found: Mapping[str, Known], others: Mapping[str, Collection[str]]) -> dict[str, Known]:
    """Add to what is known under keys what is known under their `others` alone, where that is one article."""
    more = {}
    for key, keys in others.items():
        there = {found[one].item.id: found[one] for one in keys if one in found}
        if key not in found and len(there) == 1:
            more[key] = next(iter(there.values()))
    return {**found, **more}


def is_only_moved(old: Item, again: Item, hosts: Collection[str]) -> bool:
    """Whether two readings of an article differ by the host of its pictures and files alone: that is no correction."""
    if not hosts:
        return False
    one, other = (
        fingerprint(item.title, item.summary, item.text, _on_one_host(item.media, hosts)) for item in (old, again)
    )
    return one == other


def _on_one_host(media: Iterable[MediaObject], hosts: Collection[str]) -> tuple[MediaObject, ...]:
    """Media with their keys for addresses, that of the first host for those on any of them."""
    keyed = ((medium, canonical_key(medium.url)) for medium in media)
    return tuple(replace(medium, url=f"//{min((key, *_addresses(key, hosts)))}") for medium, key in keyed)


def _addresses(address: str, hosts: Collection[str]) -> tuple[str, ...]:
    return tuple(key.removeprefix(ADDRESS) for key in _twins(address, hosts))


def move_of(pairs: Mapping[str, Known], source: Source) -> tuple[str, str] | None:
    """Tell from which host to which a list has moved: where most known articles in it are; None where it has not.

    `pairs` are known articles under the first keys of the lines that show them. An article is on every host of which it
    has a key.
    """
    moves: Counter[tuple[str, str]] = Counter()
    for key, found in pairs.items():
        new = _key_host(key)
        old = [_key_host(one) for one in found.item.keys if one.startswith(ADDRESS)]
        if key.startswith(ADDRESS) and old and new not in old:
            moves[(old[-1], new)] += 1
    if not moves:
        return None
    (move, count), *_ = moves.most_common(1)
    return move if 2 * count > len(pairs) and not set(move) <= hosts_of(source) else None


def new_home(move: tuple[str, str], source: Source) -> str:
    """Give the home page that a portal has after a move."""
    return source.home if host_of(source.home) == move[1] else f"{urlsplit(source.home).scheme}://{move[1]}/"


def how_to_confirm(move: tuple[str, str], source: Source) -> str:
    """Say which lines of the configuration tell that a portal has moved; `new_home` must be fit to be asked."""
    old, _ = move
    there = new_home(move, source)
    home = "" if there == source.home else f'home = "{there}" and '
    names = ", ".join(f'"{name}"' for name in dict.fromkeys((*source.formerly, old)))
    return f'write {home}formerly = [{names}] into the [[source]] "{source.slug}"'


def _key_host(key: str) -> str:
    return key.removeprefix(ADDRESS).partition("/")[0]

"""What the last export wrote, and why: kept beside the files, so that the next one touches only what changed. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One exported place.

    `under` are the channels whose items it shows, and `stamp` their revisions at that time; `look` is the digest of
    the item or archive that it shows, "" where other items move it; `digest` that of its bytes. `files` holds size and
    time (ns) of each file by its name, none where there is nothing at the address (yet). `links` are the addresses
    that it led to.
    """

    under: tuple[str, ...]
    stamp: str
    look: str
    digest: str
    files: Mapping[str, tuple[int, int]]
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Everything that was exported, by address; `maker` tells by which release and configuration."""

    maker: str = ""
    kept: Mapping[str, Kept] = field(default_factory=dict)

    def files(self) -> Iterator[str]:
        """The names of all files."""
        for one in self.kept.values():
            yield from one.files


def written(memory: Memory) -> bytes:
    """The memory as JSON."""
    places = {
        address: {
            "under": one.under, "stamp": one.stamp, "look": one.look, "digest": one.digest,
            "files": {name: list(seen) for name, seen in one.files.items()}, "links": one.links,
        }
        for address, one in memory.kept.items()
    }  # fmt: skip
    told = {"about": "written by feedsvc export", "form": FORM, "maker": memory.maker, "places": places}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read(text: bytes) -> Memory:
    """The memory in a JSON text that `written` made. Raises ValueError when it is none."""
    told = json.loads(text)
    if not isinstance(told, dict) or told.get("form") != FORM:
        raise ValueError("no memory of an export, or one of a later release")
    try:
        kept = {
            address: Kept(
                under=tuple(one["under"]), stamp=one["stamp"], look=one["look"], digest=one["digest"],
                files={name: (size, moment) for name, (size, moment) in one["files"].items()},
                links=tuple(one["links"]),
            )
            for address, one in told["places"].items()
        }  # fmt: skip
        return Memory(maker=told["maker"], kept=kept)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no whole memory of an export: {error}") from None

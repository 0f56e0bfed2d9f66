"""Documents of the built-in formats read back, by the format's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from feedsvc.errors import RenderError
from feedsvc.feeds.proof.jsonfeed import json_told
from feedsvc.feeds.proof.markup import atom_told, rss_told
from feedsvc.feeds.proof.told import Unsound

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.feeds.proof.told import Document

FAULTS = (ValueError, KeyError, TypeError, AttributeError, etree.XMLSyntaxError)
"""What reading a document raises that is not one."""

READERS: dict[str, Callable[[bytes], Document]] = {"rss": rss_told, "atom": atom_told, "json": json_told}


def reason(fault: Exception) -> str:
    """One of FAULTS in words."""
    return str(fault) if isinstance(fault, Unsound) else f"{type(fault).__name__} {fault}"


def told(body: bytes, format: str) -> Document | None:  # noqa: A002 - the word of the field
    """What a document tells; None of a format that is not rss, atom or json. Raises RenderError for no document."""
    read = READERS.get(format)
    try:
        return read(body) if read else None
    except FAULTS as fault:
        raise RenderError(f"the {format} document cannot be read: {reason(fault)}") from fault

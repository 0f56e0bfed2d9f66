"""The list that a page declares for machines (JSON-LD, schema.org ItemList): it confirms a block, and replaces none.

Portals declare menus, other pages' lists and lists of last year, so that what the page shows stays what is read
(reading.md 3, step 0).
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from feedsvc.extract.emptiness import has_side_caption
from feedsvc.extract.links import key_of
from feedsvc.extract.page import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feedsvc.extract.blocks import Block
    from feedsvc.extract.page import Document

_LONGEST = 300_000  # characters of a script
_MOST_NODES = 2000
_WEIGHT = 2.0  # of a block whose every item is declared


def declared_items(document: Document) -> frozenset[str]:
    """Return the addresses in the page's ItemLists, as `links.key_of` has them; broken JSON is passed over."""
    found: set[str] = set()
    for script in document.root.iter("script"):
        text = (script.text or "") if "ld+json" in (script.get("type") or "") else ""
        if "ItemList" in text and len(text) <= _LONGEST:
            try:
                found.update(_addresses(json.loads(text, strict=False)))
            except (ValueError, RecursionError):
                continue
    urls = (absolute(document, text) for text in found)
    return frozenset(key_of(url) for url in urls if url)


def _addresses(data: Any) -> Iterator[str]:
    """Yield the addresses of the entries of all lists in `data`."""
    waiting = [data]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            waiting.extend(value for value in node.values() if isinstance(value, dict | list))
            entries = node.get("itemListElement") if node.get("@type") == "ItemList" else None
            yield from (url for entry in entries or () if isinstance(entry, dict) for url in _of_entry(entry))


def _of_entry(entry: dict[str, Any]) -> Iterator[str]:
    item = entry.get("item")
    for value in (entry.get("url"), item if isinstance(item, str) else None, item):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from (text for text in (value.get("url"), value.get("@id")) if isinstance(text, str))


def by_declaration(blocks: Sequence[Block], declared: frozenset[str]) -> tuple[Block, ...]:
    """Return `blocks`, best first, those higher whose items the page declares; side blocks are not."""
    if not declared:
        return tuple(blocks)
    raised = []
    for block in blocks:
        share = 0.0 if has_side_caption(block) else len(block.keys & declared) / len(block.keys)
        reasons = (*block.reasons, ("declared", _WEIGHT * share))
        raised.append(replace(block, score=block.score + _WEIGHT * share, reasons=reasons))
    return tuple(sorted(raised, key=lambda block: -block.score))

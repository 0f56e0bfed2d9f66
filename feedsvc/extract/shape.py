"""Where the lines of a list stand, as a text: given back for the next page it finds them there, even a single one.

The text names the record's element, those around it and the way down to its link, by tag and stable classes as
`groups.py` knows them. A list of which it would find other lines than detection has none.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from feedsvc.extract.blocks import is_menu, parts_of
from feedsvc.extract.climb import records_at, with_neighbours
from feedsvc.extract.groups import stable_classes
from feedsvc.extract.links import commonest
from feedsvc.extract.wording import GENERIC, TAIL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedsvc.extract.climb import Record
    from feedsvc.extract.links import Link
    from feedsvc.extract.marks import Marks

_ABOVE = 7  # ancestors that are named
_NEEDED = 3  # of them that must be met again, counted from the record
_MOST_CLASSES = 6  # of one element
_LONGEST_NAME = 60  # characters of a class or id
_SAME = 0.8  # of the lines, for a shape to find the list that it was made from


def shape_of_list(records: Sequence[Record], links: Sequence[Link], marks: Marks) -> str:
    """Return the shape of the list made of `records`; "" where it does not find them again on their own page."""
    first = records[0]
    name = commonest([_named(record.top) for record in records])[0]
    above = [_place(element) for element in reversed(first.above[-_ABOVE:])]
    down = commonest([tuple(element.tag for element in _below(record)) for record in records])[0]
    around = commonest([_around(record) for record in records])[0]
    text = json.dumps([above, name, down, around], ensure_ascii=False, separators=(",", ":"))
    wanted = {record.primary.key for record in records}
    found = {record.primary.key for record, _ in lines_at(text, links, marks)}
    return text if len(wanted & found) >= _SAME * len(wanted | found) else ""


def _named(element: Any) -> tuple[str, tuple[str, ...]]:
    return str(element.tag), _bounded(stable_classes(element))


def _bounded(classes: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in classes if len(name) <= _LONGEST_NAME)[:_MOST_CLASSES])


def _place(element: Any) -> tuple[str, str, tuple[str, ...]]:
    """Return tag, id and classes of an element around the list; an id with digits may number what changes."""
    identifier = element.get("id") or ""
    is_fixed = len(identifier) <= _LONGEST_NAME and not any(char.isdigit() for char in identifier)
    return str(element.tag), identifier if is_fixed else "", _bounded(_classes_around(element))


def _classes_around(element: Any) -> frozenset[str]:
    """Return the stable classes, and those of columns: here they tell the main one from that at the side."""
    columns = (name for name in (element.get("class") or "").split() if name.startswith("col-"))
    return stable_classes(element) | frozenset(columns)


def _below(record: Record) -> tuple[Any, ...]:
    """Return the elements from below the record's own down to its link."""
    return record.primary.path[len(record.above) + 1 :]


def _around(record: Record) -> tuple[int, int]:
    """Return how many siblings before and after belong to the record in flat markup."""
    place = record.elements.index(record.top)
    return place, len(record.elements) - 1 - place


def lines_at(shape: str, links: Sequence[Link], marks: Marks) -> list[tuple[Record, str]]:
    """Return the records that stand where `shape` says, each with the heading above its list; [] when none does.

    Of places that fit, those count whose surroundings agree furthest; lists under "Tin khác" do not.
    """
    above, (tag, classes), down, around = json.loads(shape)
    likely = [link for link in links if not link.text.isdigit() or link.picture]  # as in groups: else a pager's
    places = _exact(shape, likely) or _places(above, tag, frozenset(classes), likely)
    if not places:
        return []
    group, depths = [link for link, _ in places], [depth for _, depth in places]
    records = [_led(record, down) for record in records_at(group, depths, links)]
    best = _main_part(records, marks)
    sections = Counter(record.section for record, _ in best)
    return [
        (
            with_neighbours(record, *around) if _is_flat(record, around) and sections[record.section] == 1 else record,
            text,
        )
        for record, text in best
    ]


def path_of(shape: str) -> str:
    """Return the shape as XPath, all of its surroundings demanded; "" when it holds what XPath 1.0 cannot quote."""
    above, (tag, classes), *_ = json.loads(shape)
    steps = [*((name, identifier, words) for name, identifier, words in reversed(above)), (tag, "", classes)]
    if any('"' in word for _, identifier, words in steps for word in (identifier, *words)):
        return ""
    return "//" + "/".join(_step(*step) for step in steps)


def _step(tag: str, identifier: str, classes: Sequence[str]) -> str:
    tests = [f'@id="{identifier}"'] if identifier else []
    tests += [f'contains(concat(" ", normalize-space(@class), " "), " {name} ")' for name in classes]
    return (tag if tag.isascii() and tag.isalnum() else "*") + "".join(f"[{test}]" for test in tests)


def _exact(shape: str, links: Sequence[Link]) -> list[tuple[Link, int]]:
    """Return the links inside elements that fit in all of their surroundings, with the depth of that element."""
    path = path_of(shape)
    lines = set(links[0].path[0].xpath(path)) if path and links else set()
    found = [link for link in links if not lines.isdisjoint(link.path)] if lines else []
    return [(link, max(depth for depth, element in enumerate(link.path) if element in lines)) for link in found]


def _places(above: list[list[Any]], tag: str, classes: frozenset[str], links: Sequence[Link]) -> list[tuple[Link, int]]:
    """Return the links inside elements that fit, with the depth of that element in the link's path."""
    fits: dict[Any, int] = {}
    found: list[tuple[int, Link, int]] = []
    for link in links:
        depths = [depth for depth, element in enumerate(link.path) if element.tag == tag]
        fit, depth = max(((_fit(link.path, depth, above, classes, fits), depth) for depth in depths), default=(-1, 0))
        if fit >= min(_NEEDED, len(above)):
            found.append((fit, link, depth))
    most = max((fit for fit, _, _ in found), default=0)
    return [(link, depth) for fit, link, depth in found if fit == most]


def _fit(
    path: tuple[Any, ...], depth: int, above: list[list[Any]], classes: frozenset[str], fits: dict[Any, int]
) -> int:
    """Count the ancestors that agree, from the nearest up; -1 when the element itself does not. Fills `fits`."""
    element = path[depth]
    if element not in fits:
        fits[element] = -1
        if classes <= stable_classes(element):
            around = zip(reversed(path[:depth]), above, strict=False)
            agreeing = takewhile(lambda pair: _agrees(*pair), around)
            fits[element] = sum(1 for _ in agreeing)
    return fits[element]


def _agrees(element: Any, name: list[Any]) -> bool:
    tag, identifier, classes = name
    if element.tag != tag or (identifier and element.get("id") != identifier):
        return False
    return not classes or frozenset(classes) <= _classes_around(element)


def _led(record: Record, down: list[str]) -> Record:
    """Return the record led by the link that stands where the links of the list do, where there is one."""
    depth = len(record.above) + 1
    there = [link for link in record.links if [element.tag for element in link.path[depth:]] == down]
    there = [link for link in there if not GENERIC.fullmatch(link.text)] or there
    if not there or record.primary in there:
        return record
    return replace(record, primary=max(there, key=lambda link: len(link.text)))


def _main_part(records: list[Record], marks: Marks) -> list[tuple[Record, str]]:
    """Return the records of the page's middle where there are any, never those of other news."""
    parts = [
        (chrome, chosen, caption) for chosen, chrome, caption in parts_of(records, marks) if not TAIL.match(caption)
    ]
    parts.sort(key=lambda part: (part[0], is_menu(part[1]), -len(part[1])))
    return [(record, caption) for _, chosen, caption in parts[:1] for record in chosen]


def _is_flat(record: Record, around: list[int]) -> bool:
    return len(record.elements) == 1 and any(around)

"""Links that stand alike: the raw material of lists (reading.md 3.2)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from feedsvc.extract.links import is_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from feedsvc.extract.links import Link

FEWEST = 2  # entries that make a list
_SEVERAL = 3  # siblings that can outvote a class
_LEVELS = (7, 4, 3)  # ancestors that make a group
_VOLATILE = re.compile(
    r"odd|even|first|last|active|current|alt\d?|clearfix|row-?\d+|col-.*|.*\d{3,}.*|item-?\d+|sticky"
    r"|(?:category|tag|format|has|author|status|nth|span|col|grid)[-_].*",
    re.IGNORECASE,
)


def groups(links: Sequence[Link]) -> Iterable[list[Link]]:
    """Yield the links that stand alike, for each number of ancestors; the same set of links only once."""
    tokens, seen = _Tokens(), set[tuple[int, ...]]()
    deepest = -1 - max(_LEVELS)
    named = [
        (link, is_file(link.url), tuple([tokens[element] for element in link.path[deepest:]]))
        for link in links
        if not link.text.isdigit() or link.picture  # else a pager's
    ]
    for level in _LEVELS:
        found: dict[tuple[object, ...], list[Link]] = defaultdict(list)
        for link, is_document, names in named:
            found[is_document, names[-1 - level :]].append(link)
        for group in found.values():
            name = tuple(link.order for link in group)
            if name not in seen and len({link.key for link in group}) >= FEWEST:
                seen.add(name)
                yield group


class _Tokens:
    """The name under which an element counts as "of the same kind": its tag, and the classes its siblings share."""

    def __init__(self) -> None:
        self._stable: dict[str, frozenset[str]] = {"": frozenset()}
        self._shared: dict[tuple[Any, str], frozenset[str]] = {}
        self._known: dict[Any, str] = {}

    def __getitem__(self, element: Any) -> str:
        found = self._known.get(element)
        if found is None:
            found = self._known[element] = self._made(element)
        return found

    def _made(self, element: Any) -> str:
        classes = self._classes(element)
        if not classes:
            return f"{element.tag}."
        parent = element.getparent()
        if parent is not None:
            place = (parent, element.tag)
            if place not in self._shared:
                self._shared[place] = _shared_classes(
                    [self._classes(child) for child in parent.iterchildren(element.tag)]
                )
            classes &= self._shared[place]
        return f"{element.tag}.{'.'.join(sorted(classes))}"

    def _classes(self, element: Any) -> frozenset[str]:
        """Return the stable classes; those of one spelling are worked out once."""
        names = element.get("class") or ""
        found = self._stable.get(names)
        if found is None:
            found = self._stable[names] = stable_classes(element)
        return found


def stable_classes(element: Any) -> frozenset[str]:
    """Return the classes of `element` that do not number, mark or colour it among its siblings."""
    names = element.get("class")
    return frozenset(name for name in names.split() if not _VOLATILE.fullmatch(name)) if names else frozenset()


def _shared_classes(lists: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return the classes that at least half of the siblings have; all, where there are only one or two."""
    need = len(lists) / 2 if len(lists) >= _SEVERAL else 0
    counts = Counter(name for names in lists for name in names)
    return frozenset(name for name, count in counts.items() if count >= need)

"""The runs of numbers on a page: where each pager stands, and on which page of it we are (reading.md 4, 3 and 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise
from typing import TYPE_CHECKING, Any

from lxml import etree

from feedsvc.extract.pager_steps import BACK, NEXT, NUMBER, Step, label_of, options_of, steps_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feedsvc.extract.page import Document


_LONGEST_PAGER = 700  # characters
_SPARE_LETTERS = 48  # beside numbers and labels: "Trang 1 của 20", "Tổng số 200 bài"
_CLIMB = 6
_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"[^\W\d_]+")
_MOST_CANDIDATES = 400
_LONGEST_NUMBER = 20  # characters: "(Trang 12.345)"
# Links whose first text is a number or none at all: the others are sorted out here, in C, the rest by `_is_number`.
_SHORT = "[string-length(normalize-space(text())) <= 20]"
_COUNTING = (
    "[not(normalize-space(text())) or translate(text(), '0123456789', '') != text() or contains(text(), 'rang')]"
)
_LINKS = etree.XPath(f"//a{_SHORT}{_COUNTING} | //*[@onclick][contains(@onclick, 'location')]{_SHORT}{_COUNTING}")
_BOUNDS = frozenset({"body", "form", "main"})  # no pager is larger
_OTHER_LINKS = 3  # "print", "top of page" and the like may stand beside a pager
_FEW_BARE = 2  # "Trang 3 / 20: 1 2 3 4"


@dataclass(frozen=True, slots=True)
class Run:
    """The entries of one pager in order, and the page among them on which we are (None when it cannot be told).

    `near` counts the elements that it has around it together with the list; `aside` is the pager of another block.
    """

    steps: tuple[Step, ...]
    current: int | None
    near: int
    aside: bool


def find_runs(document: Document, records: frozenset[Any], near: Any) -> Iterator[Run]:
    """Yield the pagers of the page: small boxes of numbers and labels, outside the records of the list."""
    around = set(near.iterancestors()) if near is not None else set()
    seen: set[Any] = set()
    yield from _chosen_by_field(document, records, around)
    candidates = (link for link in _LINKS(document.root) if _is_number(link))
    for _, link in zip(range(_MOST_CANDIDATES), candidates, strict=False):
        if not seen.isdisjoint(islice(link.iterancestors(), _CLIMB)):
            continue
        box = _box(link)
        above = [box, *box.iterancestors()]
        if box in seen or any(element in records for element in above) or _is_calendar(above):
            continue
        seen.add(box)
        steps = tuple(steps_in(document, box))
        if any(step.number is not None and step.leads for step in steps):
            near_list = sum(element in around for element in above)
            yield Run(steps, _current(document, steps), near_list, _is_aside(above, around))


def _chosen_by_field(document: Document, records: frozenset[Any], around: set[Any]) -> Iterator[Run]:
    """Yield the pagers that are a field of choice: "Trang [1]", whose values are addresses."""
    for select in document.root.iter("select"):
        if not all(NUMBER.fullmatch((option.text or "").strip()) for option in select.iter("option")):
            continue
        steps = tuple(options_of(document, select))
        above = [select, *select.iterancestors()]
        if len(steps) > 1 and not records.intersection(above):
            current = _current(document, steps)
            yield Run(steps, current, sum(element in around for element in above), _is_aside(above, around))


def _is_aside(above: Sequence[Any], around: set[Any]) -> bool:
    """Tell whether a pager belongs to a block beside the list: what holds it, and not the list, holds other links."""
    branch = next((one for one, parent in pairwise(above) if parent in around), None)
    if branch is None or branch is above[0]:
        return False
    most = sum(1 for _ in above[0].iter("a")) + _OTHER_LINKS
    return next(islice(branch.iter("a"), most, None), None) is not None


def _is_calendar(above: Sequence[Any]) -> bool:
    return any("calendar" in f"{one.get('id')} {one.get('class')}".casefold() for one in above[:_CLIMB])


def _is_number(link: Any) -> bool:
    said = ""
    for text in link.itertext():  # huge ones end soon
        said += text.strip()
        if len(said) > _LONGEST_NUMBER:
            return False
    return bool(_DIGIT.search(said) if said else True) and bool(NUMBER.fullmatch(label_of(link)))


def _box(link: Any) -> Any:
    """Climb from a number to the largest element that is nothing but a pager."""
    box = link
    for _ in range(_CLIMB):
        parent = box.getparent()
        if parent is None or parent.tag in _BOUNDS or not _is_pager_text(parent):
            break
        box = parent
    return box


def _is_pager_text(element: Any) -> bool:
    """Tell whether an element says nothing but numbers, labels, and a few words like "Trang 1 của 20"."""
    texts, length, letters = [], 0, 0
    for text in element.itertext():
        texts.append(text)
        length += len(text.strip())
        letters += sum(map(len, _WORDS.findall(text)))
        if length > _LONGEST_PAGER:
            return False
    spare = letters
    if letters > _SPARE_LETTERS:  # some may be those of labels; what is no pager is soon known
        totals = accumulate(map(_spare_letters, texts))
        spare = next((total for total in totals if total > _SPARE_LETTERS), 0)
    return spare <= _SPARE_LETTERS


def _spare_letters(text: str) -> int:
    """Count the letters of a text that are not those of a label."""
    return sum(map(len, _WORDS.findall(BACK.sub("", NEXT.sub("", text)))))


def _current(document: Document, steps: Sequence[Step]) -> int | None:
    """Return the number of this page: marked, or the only one without a link, or told by the addresses."""
    marked = {step.number for step in steps if step.current and step.number is not None}
    if len(marked) == 1:
        return marked.pop()
    linked = {step.number for step in steps if step.number is not None and step.leads}
    bare = {step.number for step in steps if not step.leads} - linked - {None}
    fitting = {number for number in bare if number is not None and not linked.isdisjoint((number - 1, number + 1))}
    if len(bare) == 1 or (len(fitting) == 1 and len(bare) <= _FEW_BARE):
        return (fitting or bare).pop()
    if bare:
        return None  # several numbers without a link: a calendar, a table of figures
    told = _told_by_address(document, steps)
    if told is not None:
        return told
    first, second = 1, 2
    return first if first not in linked and second in linked else None


def _told_by_address(document: Document, steps: Sequence[Step]) -> int | None:
    """Work out this page's number where addresses differ in one number that grows evenly with the labels."""
    own = re.findall(r"\d+", document.address)
    skeleton = re.sub(r"\d+", "0", document.address)
    points: dict[int, list[tuple[int, int]]] = {}
    for step in steps:
        if step.url and step.number is not None and re.sub(r"\d+", "0", step.url) == skeleton:
            values = re.findall(r"\d+", step.url)
            differing = [i for i, (a, b) in enumerate(zip(own, values, strict=True)) if a != b]
            if len(differing) == 1:
                points.setdefault(differing[0], []).append((step.number, int(values[differing[0]])))
    for place, pairs in points.items():
        (a, x), (b, y) = pairs[0], pairs[-1]
        if a != b and (y - x) % (b - a) == 0 and y != x:
            pace = (y - x) // (b - a)
            number, rest = divmod(int(own[place]) - x, pace)
            return number + a if rest == 0 else None
    return None


def skeleton(url: str) -> str:
    """Return `url` with every number as 0: equal for the pages of one pager."""
    return re.sub(r"\d+", "0", url)

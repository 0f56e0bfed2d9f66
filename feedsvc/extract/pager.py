"""The way to the next page of a list: links, labels, numbers, or an ASP.NET postback (reading.md 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from feedsvc.extract.links import commonest, key_of, squeezed
from feedsvc.extract.page import absolute
from feedsvc.extract.postback import Target, postback_form, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feedsvc.extract.page import Document
    from feedsvc.model import Form

_NUMBER = re.compile(r"[\[(]?\s*(?:trang |page )?(\d{1,5}|\d{1,2}[.,]\d{3})\s*[\])]?", re.IGNORECASE)
_NEXT = re.compile(
    r"(?:đến |đi tới )?(?:trang (?:sau|tiếp(?: theo)?|kế(?: tiếp)?)|tiếp(?: theo)?|sau|kế tiếp|cũ hơn"
    r"|(?:các )?(?:tin|bài)(?: viết)? (?:cũ hơn|tiếp theo)"
    r"|next(?: page| posts?| entries)?|older(?: posts?| entries| articles)?"
    r"|weiter|nächste(?: seite)?|volgende(?: pagina)?|suivante?|page suivante|nästa|næste|następna|dalej"
    r"|siguientes?|página siguiente|successiv[ao]|próxim[ao]|seguinte"
    r"|следующая|вперед|вперёд|дальше|туда|далее|下一页|下页|次へ|次のページ|selanjutnya|berikutnya)",
    re.IGNORECASE,
)
_ARROWS = re.compile(r"[\s»›>→⇒▶►❯]+")
_MARKS = re.compile(r"[\s»›>→⇒▶►❯«‹<←⇐◀◄❮.…|\[\]()]+")
_NEAR_ARROW = re.compile(r"\s*[›>→❯▶►]\s*")
_GAP = re.compile(r"\s*(?:\.{2,}|…|>>>?)\s*")
_BACK = re.compile(r"(?:trang )?(?:trước|đầu|cuối)|prev(?:ious)?|first|last|newer|zurück|пред|назад", re.IGNORECASE)
_CURRENT = re.compile(
    r"(?:^|[-_ ])(?:current|active|selected|cur|now|this|on|here|pageon|currentpage|hientai)(?:$|[-_ ])", re.IGNORECASE
)
_DISABLED = re.compile(r"(?:^|[-_ ])(?:disabled?|hidden)(?:$|[-_ ])", re.IGNORECASE)
_NEXT_CLASS = re.compile(r"(?:^|[-_ ])next(?:$|[-_ ]|page|posts?)", re.IGNORECASE)
_LONGEST_LABEL = 40
_LONGEST_PAGER = 700  # characters
_SPARE_LETTERS = 48  # beside numbers and labels: "Trang 1 của 20", "Tổng số 200 bài"
_CLIMB = 6
_WORDS = re.compile(r"[^\W\d_]+")
_MOST_CANDIDATES = 400
_MOST_PAGES = 60
_BOUNDS = frozenset({"body", "form", "main"})  # no pager is larger
_OTHER_LINKS = 3  # "print", "top of page" and the like may stand beside a pager
_FEW_BARE = 2  # "Trang 3 / 20: 1 2 3 4"


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the list goes on: an address, with `next_form` the form to post there; `pages` are the addresses seen."""

    next_url: str | None = None
    next_form: Form | None = None
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Step:
    """One entry of a pager: its label, where it leads (nowhere for the current page), whether it is marked current."""

    element: Any
    label: str
    url: str | None
    target: Target | None
    current: bool

    @property
    def number(self) -> int | None:
        match = _NUMBER.fullmatch(self.label)
        return int(re.sub(r"\D", "", match.group(1))) if match else None

    @property
    def leads(self) -> bool:
        return self.url is not None or self.target is not None


@dataclass(frozen=True, slots=True)
class _Run:
    """The entries of one pager in order, and the page among them on which we are (None when it cannot be told).

    `near` counts the elements that it has around it together with the list; `aside` is the pager of another block.
    """

    steps: tuple[_Step, ...]
    current: int | None
    near: int
    aside: bool


def read_pager(document: Document, records: Sequence[Any] = ()) -> Pager:
    """Find the next page of `document`.

    `records` are the elements of its list: they tell its pager from those of side blocks, and no pager stands inside
    one. Only pages of the same host count. Nothing is guessed: an address that the page does not show is never made.
    """
    found = _runs(document, frozenset(records), records[-1] if records else None)
    runs = sorted(found, key=lambda run: (run.aside, run.current is None, -run.near, -len(run.steps)))
    declared = _declared(document)
    if declared:
        return Pager(declared, None, _with(_pages(runs), declared, document))
    for run in runs:
        step = None if run.aside else _next_step(run)
        if step is not None:
            return _leading(document, step, _pages([run, *runs]))
    step = next((step for step in _labelled(document)), None)
    return _leading(document, step, _pages(runs)) if step else Pager(None, None, _pages(runs))


def _leading(document: Document, step: _Step, pages: tuple[str, ...]) -> Pager:
    if step.url is not None:
        return Pager(step.url, None, _with(pages, step.url, document))
    form = postback_form(document, step.element, step.target) if step.target else None
    return Pager(form.action, form, pages) if form else Pager(None, None, pages)


def _declared(document: Document) -> str | None:
    """Return the address that `rel=next` names (HTML, 4.6.7.14)."""
    for element in document.root.xpath("//link[@rel and @href] | //a[@rel and @href]"):
        if "next" in element.get("rel").casefold().split():
            url = _other_page(document, element.get("href"))
            if url is not None:
                return url
    return None


def _other_page(document: Document, href: str) -> str | None:
    """Return the absolute address when it is another page of the same host."""
    if not href or href.lstrip().startswith("#"):
        return None
    url = absolute(document, href)
    if url is None or key_of(url) == key_of(document.address):
        return None
    return url if _host(url) == _host(document.address) else None


def _host(url: str) -> str:
    return urlsplit(url).netloc.casefold().removeprefix("www.")


def _with(pages: tuple[str, ...], url: str, document: Document) -> tuple[str, ...]:
    return pages if url in pages or url == document.address else (*pages, url)


def _pages(runs: Sequence[_Run]) -> tuple[str, ...]:
    """Return the addresses in the list's own pager, and in its twins above or below the list."""
    found: dict[str, None] = {}
    for run in runs:
        urls = [step.url for step in run.steps if step.url and _is_page_step(step, run)]
        if not found or any(url in found for url in urls):
            found |= dict.fromkeys(urls)
    return tuple(found)[:_MOST_PAGES]


def _is_page_step(step: _Step, run: _Run) -> bool:
    """Tell pages from what else a pager's box holds: sort orders, numbers of items a page."""
    if step.number is None:
        label = _MARKS.sub(" ", step.label).strip()
        return not label or bool(_NEXT.fullmatch(label) or _BACK.match(label))
    if step.number == 1:  # often the bare address of the list
        return True
    others = [_skeleton(one.url) for one in run.steps if one.url and one.number not in {None, 1}]
    return bool(_skeleton(step.url or "") == commonest(others)[0])


def _skeleton(url: str) -> str:
    return re.sub(r"\d+", "0", url)


def _runs(document: Document, records: frozenset[Any], near: Any) -> Iterator[_Run]:
    """Yield the pagers of the page: small boxes of numbers and labels, outside the records of the list."""
    around = set(near.iterancestors()) if near is not None else set()
    seen: set[Any] = set()
    candidates = (link for link in document.root.iter("a") if _is_number(link))
    for _, link in zip(range(_MOST_CANDIDATES), candidates, strict=False):
        box = _box(link)
        above = [box, *box.iterancestors()]
        if box in seen or any(element in records for element in above) or _is_calendar(above):
            continue
        seen.add(box)
        steps = tuple(_steps(document, box))
        if any(step.number is not None and step.leads for step in steps):
            near_list = sum(element in around for element in above)
            yield _Run(steps, _current(document, steps), near_list, _is_aside(above, around))


def _is_aside(above: Sequence[Any], around: set[Any]) -> bool:
    """Tell whether a pager belongs to a block beside the list: what holds it, and not the list, holds other links."""
    branch = next((one for one, parent in pairwise(above) if parent in around), None)
    if branch is None or branch is above[0]:
        return False
    own = sum(1 for _ in above[0].iter("a"))
    return sum(1 for _ in branch.iter("a")) - own > _OTHER_LINKS


def _is_calendar(above: Sequence[Any]) -> bool:
    return any("calendar" in f"{one.get('id')} {one.get('class')}".casefold() for one in above[:_CLIMB])


def _is_number(link: Any) -> bool:
    return bool(_NUMBER.fullmatch(_label(link)))


def _label(element: Any) -> str:
    """Return what an entry says: its text, else its title, its picture's text, or its class."""
    text = squeezed("".join(element.itertext()))[: _LONGEST_LABEL + 1]
    if text:
        return text
    spoken = [element.get("aria-label"), element.get("title"), *(image.get("alt") for image in element.iter("img"))]
    named = next((squeezed(one) for one in spoken if one), "")
    if named:
        return named
    classes = " ".join(inner.get("class") or "" for inner in element.iter())
    return "next" if _NEXT_CLASS.search(classes) else ""


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
    length, spare = 0, 0
    for text in element.itertext():
        length += len(text.strip())
        rest = _BACK.sub("", _NEXT.sub("", text))
        spare += sum(len(word) for word in _WORDS.findall(rest))
        if length > _LONGEST_PAGER or spare > _SPARE_LETTERS:
            return False
    return True


def _steps(document: Document, box: Any) -> Iterator[_Step]:
    """Yield the links of a pager, and the numbers between them that are no links."""
    for element in [box] if box.tag == "a" else box.iterdescendants():
        if element.tag == "a":
            yield _step(document, element, box)
        elif element.tag != "option" and next(element.iter("a"), None) is None and not _within_link(element, box):
            label = squeezed("".join(element.itertext()))
            if _NUMBER.fullmatch(label) and not any(_is_same(element, inner) for inner in element.iterdescendants()):
                yield _Step(element, label, None, None, current=_is_marked(element, box))
        yield from _loose(element, box)
    yield from (_Step(box, word, None, None, current=False) for word in _numbers(box.text) if box.tag != "a")


def _is_same(element: Any, inner: Any) -> bool:
    """Tell whether `inner` says the same as `element` (it then counts itself)."""
    return squeezed("".join(inner.itertext())) == squeezed("".join(element.itertext()))


def _loose(element: Any, box: Any) -> Iterator[_Step]:
    """Yield numbers that stand between elements as plain text, as in `1 <a>2</a> <a>3</a>`."""
    if element is not box:
        yield from (_Step(element, word, None, None, current=False) for word in _numbers(element.tail))


def _numbers(text: str | None) -> list[str]:
    words = (text or "").replace("|", " ").split()
    return [word for word in words if _NUMBER.fullmatch(word)] if len(words) == 1 else []


def _within_link(element: Any, box: Any) -> bool:
    while element is not None and element is not box:
        if element.tag == "a":
            return True
        element = element.getparent()
    return False


def _step(document: Document, link: Any, box: Any) -> _Step:
    href = link.get("href") or ""
    target = target_of(href) or target_of(link.get("onclick") or "")
    url = None if target else _other_page(document, href)
    marked = _is_marked(link, box)
    off = bool(_DISABLED.search(link.get("class") or "")) or bool(_DISABLED.search(link.getparent().get("class") or ""))
    return _Step(link, _label(link), None if off else url, None if off else target, current=marked)


def _is_marked(element: Any, box: Any) -> bool:
    """Tell whether the element, or one between it and the pager, is marked as the current page."""
    while element is not None and element is not box:
        if element.get("aria-current") or _CURRENT.search(element.get("class") or "") or element.get("id") == "current":
            return True
        element = element.getparent()
    return False


def _current(document: Document, steps: Sequence[_Step]) -> int | None:
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


def _told_by_address(document: Document, steps: Sequence[_Step]) -> int | None:
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


def _next_step(run: _Run) -> _Step | None:
    """Return the entry of the next page: a label, the number after the current one, or `...` behind the last."""
    labelled = [step for step in run.steps if step.leads and _NEXT.fullmatch(_MARKS.sub(" ", step.label).strip())]
    if labelled:
        return labelled[0]
    if run.current is not None:
        following = [step for step in run.steps if step.number == run.current + 1 and step.leads]
        if following:
            return following[0]
    arrows = [step for step in run.steps if step.leads and _ARROWS.fullmatch(step.label)]
    numbers = {step.number for step in run.steps if step.number is not None}
    if run.current is not None and numbers and run.current == max(numbers):
        last = max((i for i, step in enumerate(run.steps) if step.number is not None and step.leads), default=-1)
        gaps = [step for step in run.steps[last + 1 :] if step.leads and _GAP.fullmatch(step.label)]
        arrows = [*gaps, *arrows]
    near = [step for step in arrows if _NEAR_ARROW.fullmatch(step.label)]
    return next(iter(near or arrows), None)


def _labelled(document: Document) -> Iterator[_Step]:
    """Yield the links that say "next page" outside any run of numbers."""
    for link in document.root.iter("a"):
        label = _label(link)
        if len(label) <= _LONGEST_LABEL and _NEXT.fullmatch(_MARKS.sub(" ", label).strip()):
            step = _step(document, link, None)
            if step.leads:
                yield step

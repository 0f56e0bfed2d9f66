"""The way to the next page of a list: links, labels, numbers, or an ASP.NET postback (reading.md 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from feedsvc.extract.links import commonest
from feedsvc.extract.pager_runs import Run, find_runs, skeleton
from feedsvc.extract.pager_steps import BACK, LONGEST_LABEL, MARKS, NEXT, Step, label_of, other_page, step_of
from feedsvc.extract.postback import postback_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feedsvc.extract.page import Document
    from feedsvc.model import Form


_ARROWS = re.compile(r"[\s»›>→⇒▶►❯]+")
_NEAR_ARROW = re.compile(r"\s*[›>→❯▶►]\s*")
_GAP = re.compile(r"\s*(?:\.{2,}|…|>>>?)\s*")
_MOST_PAGES = 60
# A button below the list that loads what follows: it is one only where its address counts on.
_MORE = re.compile(
    r"(?:xem|tải|đọc) thêm(?: (?:tin|bài)(?: viết)?(?: khác)?)?"
    r"|xem (?:các )?(?:tin|bài)(?: viết)? (?:khác|tiếp theo|cũ hơn)|(?:load|view|show) more(?: \w+)?",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(
    r"(?:[/?&_-](?:trang|page|paged|p|pageindex|pagenumber|pageno|currentpage|cur)[=/_-])(\d{1,4})(?!\d)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the list goes on: an address, with `next_form` the form to post there; `pages` are the addresses seen."""

    next_url: str | None = None
    next_form: Form | None = None
    pages: tuple[str, ...] = ()


def read_pager(document: Document, records: Sequence[Any] = ()) -> Pager:
    """Find the next page of `document`.

    `records` are the elements of its list: they tell its pager from those of side blocks, and no pager stands inside
    one. Only pages of the same host count. Nothing is guessed: an address that the page does not show is never made.
    """
    found = find_runs(document, frozenset(records), records[-1] if records else None)
    runs = sorted(found, key=lambda run: (run.aside, run.current is None, -run.near, -len(run.steps)))
    declared = _declared(document)
    if declared:
        return Pager(declared, None, _with(_pages(runs, declared), declared, document))
    for run in runs:
        step = None if run.aside else _next_step(run)
        if step is not None:
            return _leading(document, step, _pages([run, *runs], step.url))
    step = next((step for step in _labelled(document)), None)
    return _leading(document, step, _pages(runs, step.url)) if step else Pager(None, None, _pages(runs))


def _leading(document: Document, step: Step, pages: tuple[str, ...]) -> Pager:
    if step.url is not None:
        return Pager(step.url, None, _with(pages, step.url, document))
    form = postback_form(document, step.element, step.target) if step.target else None
    return Pager(form.action, form, pages) if form else Pager(None, None, pages)


def _declared(document: Document) -> str | None:
    """Return the address that `rel=next` names (HTML, 4.6.7.14)."""
    for element in document.root.xpath("//link[@rel and @href] | //a[@rel and @href]"):
        if "next" in element.get("rel").casefold().split():
            url = other_page(document, element.get("href"))
            if url is not None:
                return url
    return None


def _with(pages: tuple[str, ...], url: str, document: Document) -> tuple[str, ...]:
    return pages if url in pages or url == document.address else (*pages, url)


def _pages(runs: Sequence[Run], following: str | None = None) -> tuple[str, ...]:
    """Return the addresses in the list's own pager, in its twins above or below the list, and in its other parts.

    `following` is the next page's address: runs that hold addresses of its form belong together, also where each number
    stands in a box of its own (pagers made of table cells, numbers parted by scripts).
    """
    form = skeleton(following) if following else None
    if form is None or not any(form in _forms(run) for run in runs):
        form = None
    found: dict[str, None] = {}
    for run in runs:
        urls = [step.url for step in run.steps if step.url and _is_page_step(step, run, form)]
        if any(url in found for url in urls) or (form in _forms(run) if form else not found):
            found |= dict.fromkeys(urls)
    return tuple(found)[:_MOST_PAGES]


def _forms(run: Run) -> list[str]:
    """Return the forms of the addresses behind the numbers of a pager but the first, which is often the bare list's."""
    return [skeleton(step.url) for step in run.steps if step.url and step.number not in {None, 0, 1}]


def _is_page_step(step: Step, run: Run, form: str | None) -> bool:
    """Tell pages from what else a pager's box holds: sort orders, numbers of items a page."""
    if step.number is None:
        label = MARKS.sub(" ", step.label).strip()
        return not label or bool(NEXT.fullmatch(label) or BACK.match(label))
    if step.number <= 1:
        return step.number == 1
    return skeleton(step.url or "") == (form or commonest(_forms(run))[0])


def _next_step(run: Run) -> Step | None:
    """Return the entry of the next page: a label, the number after the current one, or `...` behind the last."""
    labelled = [step for step in run.steps if step.leads and NEXT.fullmatch(MARKS.sub(" ", step.label).strip())]
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


def _labelled(document: Document) -> Iterator[Step]:
    """Yield the links that say "next page" outside any run of numbers, then "Xem thêm" where it leads to page 2."""
    links = [link for link in document.root.iter("a") if len((link.text or "").strip()) <= LONGEST_LABEL]
    labels = [(link, MARKS.sub(" ", label).strip()) for link in links if len(label := label_of(link)) <= LONGEST_LABEL]
    steps = (step_of(document, link, None) for link, label in labels if NEXT.fullmatch(label))
    yield from (step for step in steps if step.leads)
    steps = (step_of(document, link, None) for link, label in labels if _MORE.fullmatch(label))
    yield from (step for step in steps if step.url and _is_following(step.url, document.address))


def _is_following(url: str, own: str) -> bool:
    """Tell whether `url` is `own` with the number of a page that is one higher, 2 where `own` has none."""
    page = _PAGE_NUMBER.search(url)
    if page is None:
        return False
    before = _PAGE_NUMBER.search(own)
    rest, own_rest = (re.sub(r"\W+", "", _PAGE_NUMBER.sub("", one)) for one in (url, own))
    return int(page[1]) == (int(before[1]) if before else 1) + 1 and rest.removesuffix("html") == own_rest.removesuffix(
        "html"
    )

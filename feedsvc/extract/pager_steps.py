"""The entries of a pager: numbers, labels and arrows, with or without a link (reading.md 4, 2 and 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from feedsvc.extract.links import key_of, squeezed, target_of_click
from feedsvc.extract.page import absolute
from feedsvc.extract.postback import Target, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.extract.page import Document


NUMBER = re.compile(r"[\[(]?\s*(?:trang\s*|page\s*)?(\d{1,5}|\d{1,2}[.,]\d{3})\s*[\])]?", re.IGNORECASE)
NEXT = re.compile(
    r"(?:đến |đi tới )?(?:trang (?:sau|tiếp(?: theo)?|kế(?: tiếp)?)|tiếp(?: theo)?|sau|kế tiếp|cũ hơn"
    r"|(?:các )?(?:tin|bài)(?: viết)? (?:cũ hơn|tiếp theo)"
    r"|next(?: page| posts?| entries)?|older(?: posts?| entries| articles)?"
    r"|weiter|nächste(?: seite)?|volgende(?: pagina)?|suivante?|page suivante|nästa|næste|następna|dalej"
    r"|(?:p[áa]gina )?(?:siguiente|successiva|próxima|seguinte)|siguientes|successivo|próximo"
    r"|следующая|вперед|вперёд|дальше|туда|далее|下一页|下页|次へ|次のページ|selanjutnya|berikutnya)",
    re.IGNORECASE,
)
BACK = re.compile(r"(?:trang )?(?:trước|đầu|cuối)|prev(?:ious)?|first|last|newer|zurück|пред|назад", re.IGNORECASE)
MARKS = re.compile(r"[\s»›>→⇒▶►❯«‹<←⇐◀◄❮.…|\[\]()]+")
LONGEST_LABEL = 40
_MOST_INSIDE = 50
_CURRENT = re.compile(
    r"(?:^|[-_ ])(?:current|active|selected|cur|now|this|on|here|pageon|currentpage|hientai)(?:$|[-_ ])", re.IGNORECASE
)
_DISABLED = re.compile(r"(?:^|[-_ ])(?:disabled?|hidden)(?:$|[-_ ])", re.IGNORECASE)
# SharePoint's lists turn their pages by a call of their own: RefreshPageTo(event, "/ds.aspx?Paged=TRUE\u0026p_ID=31").
_REFRESH = re.compile(r"""RefreshPageTo\(event,\s*['"]([^'"]{1,2000})['"]""")
_ESCAPED = re.compile(r"\\u00([0-9a-fA-F]{2})")
_NEXT_CLASS = re.compile(r"(?:^|[-_ ])next(?:$|[-_ ]|page|posts?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a pager: its label, where it leads (nowhere for the current page), whether it is marked current."""

    element: Any
    label: str
    url: str | None
    target: Target | None
    current: bool

    @property
    def number(self) -> int | None:
        """The page number that the label is, None for words and arrows."""
        match = NUMBER.fullmatch(self.label)
        return int(re.sub(r"\D", "", match.group(1))) if match else None

    @property
    def leads(self) -> bool:
        """Whether the entry is a link to another page or a postback."""
        return self.url is not None or self.target is not None


def steps_in(document: Document, box: Any) -> Iterator[Step]:
    """Yield the links of a pager, and the numbers between them that are no links."""
    for element in [box] if is_link(box) else box.iterdescendants():
        if is_link(element):
            yield step_of(document, element, box)
        elif element.tag != "option" and not _holds_link(element) and not _within_link(element, box):
            label = squeezed("".join(element.itertext()))
            if NUMBER.fullmatch(label) and not any(_is_same(element, inner) for inner in element.iterdescendants()):
                yield Step(element, label, None, None, current=_is_marked(element, box))
        yield from _loose(element, box)
    yield from (Step(box, word, None, None, current=False) for word in _numbers(box.text) if not is_link(box))


def is_link(element: Any) -> bool:
    """Tell whether a click on `element` may lead to another page; some pagers are made of boxes with click handlers."""
    return element.tag == "a" or (element.get("onclick") is not None and "location" in element.get("onclick"))


def _holds_link(element: Any) -> bool:
    return any(is_link(inner) for inner in element.iter())


def options_of(document: Document, select: Any) -> Iterator[Step]:
    """Yield the entries of a pager that is a field of choice, whose values are the addresses of pages."""
    for option in select.iter("option"):
        label, value = squeezed("".join(option.itertext())), option.get("value") or ""
        url = other_page(document, value) if "/" in value or value.startswith("?") else None
        yield Step(option, label, url, None, current=option.get("selected") is not None)


def _is_same(element: Any, inner: Any) -> bool:
    """Tell whether `inner` says the same as `element` (it then counts itself)."""
    return squeezed("".join(inner.itertext())) == squeezed("".join(element.itertext()))


def _loose(element: Any, box: Any) -> Iterator[Step]:
    """Yield numbers that stand between elements as plain text, as in `1 <a>2</a> <a>3</a>`."""
    if element is not box:
        yield from (Step(element, word, None, None, current=False) for word in _numbers(element.tail))


def _numbers(text: str | None) -> list[str]:
    words = (text or "").replace("|", " ").split()
    return [word for word in words if NUMBER.fullmatch(word)] if len(words) == 1 else []


def _within_link(element: Any, box: Any) -> bool:
    while element is not None and element is not box:
        if is_link(element):
            return True
        element = element.getparent()
    return False


def step_of(document: Document, link: Any, box: Any) -> Step:
    """Read the link `link` of the pager `box` (None: the whole page); a disabled one leads nowhere."""
    href, script = link.get("href") or "", link.get("onclick") or ""
    target = target_of(href) or target_of(script)
    refreshed = _REFRESH.search(script)
    address = _ESCAPED.sub(_letter, refreshed.group(1)) if refreshed else target_of_click(document, link) or ""
    url = None if target else other_page(document, address)
    marked = _is_marked(link, box)
    off = bool(_DISABLED.search(link.get("class") or "")) or bool(_DISABLED.search(link.getparent().get("class") or ""))
    return Step(link, label_of(link), None if off else url, None if off else target, current=marked)


def _letter(escape: re.Match[str]) -> str:
    return chr(int(escape.group(1), 16))


def _is_marked(element: Any, box: Any) -> bool:
    """Tell whether the element, or one between it and the pager, is marked as the current page."""
    while element is not None and element is not box:
        if element.get("aria-current") or _CURRENT.search(element.get("class") or "") or element.get("id") == "current":
            return True
        element = element.getparent()
    return False


def label_of(element: Any) -> str:
    """Return what an entry says: its text, else its title, its picture's text, or its class."""
    # Links that nobody closed hold each other, and all of the page.
    text = squeezed("".join(islice(element.itertext(), LONGEST_LABEL)))[: LONGEST_LABEL + 1]
    if text:
        return text
    spoken = [
        element.get("aria-label"),
        element.get("title"),
        *(image.get("alt") for image in islice(element.iter("img"), _MOST_INSIDE)),
    ]
    named = next((squeezed(one) for one in spoken if one), "")
    if named:
        return named
    classes = " ".join(inner.get("class") or "" for inner in islice(element.iter(), _MOST_INSIDE))
    return "next" if _NEXT_CLASS.search(classes) else ""


def other_page(document: Document, href: str) -> str | None:
    """Return the absolute address when it is another page of the same host."""
    if not href or href.lstrip().startswith("#"):
        return None
    url = absolute(document, href)
    if url is None or key_of(url) == key_of(document.address):
        return None
    return url if _host(url) == _host(document.address) else None


def _host(url: str) -> str:
    return urlsplit(url).netloc.casefold().removeprefix("www.")

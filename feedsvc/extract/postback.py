"""ASP.NET postbacks: which field set of which form a pager's script would send (reading.md 4.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from feedsvc.extract.page import absolute
from feedsvc.model import Form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.extract.page import Document

_CALL = re.compile(
    r"""(?:__doPostBack\(|WebForm_PostBackOptions\()\s*(['"])(?P<target>[^'"]{1,500})\1\s*,\s*(['"])(?P<argument>[^'"]{0,500})\3"""
)
_EVENT = ("__EVENTTARGET", "__EVENTARGUMENT")

_BUTTONS = frozenset({"submit", "image", "button", "reset", "file", "password"})


@dataclass(frozen=True, slots=True)
class Target:
    """The two arguments of `__doPostBack`."""

    name: str
    argument: str


def target_of(script: str) -> Target | None:
    """Return what a `javascript:` address or a click handler would post back, None when it does something else."""
    match = _CALL.search(script.replace("\\'", "'").replace("&quot;", '"'))
    return Target(match["target"], match["argument"]) if match else None


def postback_form(document: Document, element: Any, target: Target) -> Form | None:
    """Return the form that a click on `element` would send, None without a form of the same host.

    `element` None stands for a click anywhere in the page's ASP.NET form.

    Fields: hidden ones as they stand, choices as chosen, texts empty, no button; last the event's own two.
    """
    form = next(element.iterancestors("form"), None) if element is not None else None
    if form is None:
        form = next(
            (one for one in document.root.iter("form") if one.xpath("boolean(.//input[@name='__VIEWSTATE'])")), None
        )
    if form is None:
        return None
    action = absolute(document, form.get("action") or document.address) or document.address
    if urlsplit(action).netloc != urlsplit(document.address).netloc.casefold():
        return None
    fields = [pair for pair in _fields(form) if pair[0] not in _EVENT]
    events = ((_EVENT[0], target.name), (_EVENT[1], target.argument))
    return Form(action=action, target=target.name, argument=target.argument, fields=(*fields, *events))


def _fields(form: Any) -> Iterator[tuple[str, str]]:
    for element in form.iter("input", "select", "textarea"):
        name = element.get("name")
        if not name or element.get("disabled") is not None:
            continue
        if element.tag == "input":
            yield from _input(element, name)
        elif element.tag == "select":
            yield from _chosen(element, name)
        else:
            yield name, ""


def _input(element: Any, name: str) -> Iterator[tuple[str, str]]:
    kind = (element.get("type") or "").casefold()
    if kind == "hidden":
        yield name, element.get("value") or ""
    elif kind in {"checkbox", "radio"}:
        if element.get("checked") is not None:
            yield name, element.get("value") or "on"
    elif kind not in _BUTTONS:
        yield name, ""


def _chosen(element: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield the values of a select: those selected, else the first, as browsers do (HTML, 4.10.7)."""
    options = list(element.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and element.get("multiple") is None:
        chosen = options[:1]
    for option in chosen:
        value = option.get("value")
        yield name, value if value is not None else " ".join("".join(option.itertext()).split())

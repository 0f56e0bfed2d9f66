"""What is answered from ready bytes: all of them, a part, or that the client has them already. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from feedsvc.web.conditions import unchanged
from feedsvc.web.packing import IDENTITY, Document, Form, Headers
from feedsvc.web.ranges import Unsatisfiable, may_be_joined, wanted


class Answer(NamedTuple):
    """A status line, headers, and the body of the answer to a GET."""

    status: str
    headers: Headers
    body: bytes


def known(form: Form) -> Answer:
    """The client has these bytes."""
    return Answer("304 Not Modified", form.known, b"")


def answer(environ: Mapping[str, Any], document: Document, coding: str) -> Answer:
    """The answer to a GET or HEAD in one of the document's codings (RFC 9110, 13.2.2: conditions before ranges)."""
    form = document.forms[coding]
    held = unchanged(environ, document, form)
    if held is not None:
        return known(held)
    asked = environ.get("HTTP_RANGE")
    if asked and environ["REQUEST_METHOD"] == "GET":
        modified = document.modified if coding == IDENTITY else ""
        if may_be_joined(environ.get("HTTP_IF_RANGE"), form.quoted, modified):
            return _part(form, asked)
    return Answer("200 OK", form.whole, form.body)


def _part(form: Form, asked: str) -> Answer:
    size = len(form.body)
    try:
        chosen = wanted(asked, size)
    except Unsatisfiable:
        headers = (*form.known, ("Content-Range", f"bytes */{size}"), ("Content-Length", "0"))
        return Answer("416 Range Not Satisfiable", headers, b"")
    if chosen is None:
        return Answer("200 OK", form.whole, form.body)
    body = form.body[chosen]
    told = tuple(pair for pair in form.whole if pair[0] != "Content-Length")
    place = f"bytes {chosen.start}-{chosen.stop - 1}/{size}"
    return Answer("206 Partial Content", (*told, ("Content-Range", place), ("Content-Length", str(len(body)))), body)

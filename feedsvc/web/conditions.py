"""What a client says that it has already: If-None-Match and If-Modified-Since (RFC 9110, 13). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from werkzeug.http import parse_date, parse_etags

from feedsvc.web.packing import Document, Form

TAGS, SINCE = "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"


def conditional(environ: Mapping[str, Any]) -> bool:
    """Whether the request names anything that the client has."""
    return bool(environ.get(TAGS) or environ.get(SINCE))


def unchanged(environ: Mapping[str, Any], document: Document, chosen: Form) -> Form | None:
    """The form that the client has already, if the request says so: the answer is then 304 (RFC 9110, 13.2.2).

    The tag of another coding counts as well: its content is the same, and a proxy that drops Accept-Encoding on the way
    does not cost a transfer.
    """
    tags = environ.get(TAGS)
    if tags is not None:
        return chosen if tags in {chosen.quoted, "*"} else _named(tags, document, chosen)
    since = environ.get(SINCE)
    if since is None or not document.changed:
        return None
    if since == document.modified:
        return chosen
    moment = parse_date(since)
    return chosen if moment and _second(document.changed) <= moment else None


def tags_of(environ: Mapping[str, Any]) -> frozenset[str]:
    """Every validator that If-None-Match names, weak ones too: their bytes are the same here."""
    return frozenset(parse_etags(environ.get(TAGS)).as_set(include_weak=True))


def _named(tags: str, document: Document, chosen: Form) -> Form | None:
    known = parse_etags(tags)
    if known.star_tag:
        return chosen
    forms = (chosen, *document.forms.values())
    return next((form for form in forms if known.contains_weak(form.etag)), None)


def _second(moment: datetime) -> datetime:
    """HTTP dates know whole seconds only."""
    return moment.astimezone(UTC).replace(microsecond=0)

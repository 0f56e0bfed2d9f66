"""What the head of an answer means: pure rules over status and header fields (RFC 9110, safety.md 4 and 8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from multidict import CIMultiDict, CIMultiDictProxy

from feedsvc.errors import FetchError, Malformed, Refused
from feedsvc.fetch.mask import masked, printable
from feedsvc.model import Measure, Validators

Headers = CIMultiDict[str] | CIMultiDictProxy[str]
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
GONE: Final = frozenset({404, 410})
LONGEST_HEADERS: Final = 64 * 1024
LONGEST_VALIDATOR: Final = 1024
LONGEST_WAIT: Final = timedelta(days=1)
_SLOW_DOWN: Final = frozenset({429, 503})
_MEDIA_TYPE = re.compile(r"\s*([a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+)\s*(?:;.*)?", re.IGNORECASE | re.DOTALL)
_TOTAL = re.compile(r"\s*bytes\s+(?:\d{1,18}-\d{1,18}|\*)/(\d{1,18})\s*", re.IGNORECASE | re.ASCII)
_DIGITS = re.compile(r"\s*(\d{1,18})\s*", re.ASCII)


def check_head(headers: Headers) -> None:
    """Raises Malformed when the header fields together are longer than 64 KiB."""
    if sum(len(name) + len(value) + 4 for name, value in headers.items()) > LONGEST_HEADERS:
        raise Malformed(f"the header of the answer is longer than {LONGEST_HEADERS} bytes")


def check_status(status: int) -> None:
    """Raises Malformed for a status below 100, which is none (RFC 9110, 15)."""
    if status < HTTPStatus.CONTINUE:
        raise Malformed(f"the answer has the status {status}, which is none")


def is_gzip(headers: Headers) -> bool:
    """Whether the body is gzip coded; raises Malformed for more than one coding or one that was not asked for."""
    codings = [c for c in _tokens(headers, "Content-Encoding") if c != "identity"]
    transfer = [c for c in _tokens(headers, "Transfer-Encoding") if c not in {"identity", "chunked"}]
    if transfer or len(codings) > 1 or not {"gzip", "x-gzip"}.issuperset(codings):
        raise Malformed(
            f"the answer is coded as {printable(', '.join(codings + transfer), 80)}; only gzip was asked for"
        )
    return bool(codings)


def _tokens(headers: Headers, name: str) -> list[str]:
    listed = ",".join(headers.getall(name, []))
    return [token.strip().lower() for token in listed.split(",") if token.strip()]


def conditions(validators: Validators) -> dict[str, str]:
    """The header fields of a conditional request (RFC 9110, 13.1); empty when nothing usable is known."""
    kept = Validators(etag=_usable(validators.etag), last_modified=_usable(validators.last_modified))
    fields = {"If-None-Match": kept.etag, "If-Modified-Since": kept.last_modified}
    return {name: value for name, value in fields.items() if value is not None}


def read_validators(headers: Headers) -> Validators:
    """ETag and Last-Modified, word for word; left out when over 1 kB or holding control characters."""
    return Validators(etag=_usable(headers.get("ETag")), last_modified=_usable(headers.get("Last-Modified")))


def _usable(value: str | None) -> str | None:
    if not value or len(value) > LONGEST_VALIDATOR or not (value.isascii() and value.isprintable()):
        return None
    return value


def read_retry_after(headers: Headers, now: datetime) -> timedelta | None:
    """The server's own wish (RFC 9110, 10.2.3), seconds or a date, between nothing and a day; None when unreadable."""
    value = headers.get("Retry-After", "")
    seconds = _DIGITS.fullmatch(value)
    if seconds:
        return min(timedelta(seconds=min(int(seconds[1]), 10**6)), LONGEST_WAIT)
    try:
        due = parsedate_to_datetime(value[:100])
    except ValueError:
        return None
    due = due if due.tzinfo else due.replace(tzinfo=UTC)
    return min(max(due - now, timedelta()), LONGEST_WAIT)


def refusal(status: int, headers: Headers, *, url: str, now: datetime) -> FetchError:
    """The error that stands for an answer which is no content, in words for a person."""
    shown = masked(url)
    if status == 304:  # noqa: PLR2004 - Not Modified
        return Malformed(f"{shown} answers 304 (not modified) although nothing conditional was asked", url=shown)
    if status == 206:  # noqa: PLR2004 - Partial Content
        return Malformed(f"{shown} answers 206 (a part) although all was asked for", url=shown)
    wait = read_retry_after(headers, now) if status in _SLOW_DOWN else None
    later = f"; it asks to come back in {wait.total_seconds():.0f} s" if wait else ""
    return Refused(f"{shown} answers {status}{_meaning(status)}{later}", url=shown, status=status, retry_after=wait)


def _meaning(status: int) -> str:
    meanings: Mapping[int, str] = {
        401: " (a login is wanted)",
        403: " (forbidden)",
        404: " (not found): check the address",
        410: " (gone for good): check the address",
        429: " (too many requests)",
        503: " (busy)",
    }
    return meanings.get(status, "")


def read_measure(url: str, status: int, headers: Headers) -> Measure:
    """Type and length as the head of a 200, 206 or 404/410 tells them; the type as told, in lower case, bare."""
    if status in GONE:
        return Measure(url=url, status=status, mime=None, length=None)
    return Measure(
        url=url, status=200, mime=_media_type(headers), length=_length(status, headers), barred=_is_own(headers)
    )


def _is_own(headers: Headers) -> bool:
    """Whether browsers keep the file from pages of other sites (Fetch Standard, Cross-Origin-Resource-Policy)."""
    return headers.get("Cross-Origin-Resource-Policy", "").strip().lower() in {"same-site", "same-origin"}


def _media_type(headers: Headers) -> str | None:
    found = _MEDIA_TYPE.fullmatch(headers.get("Content-Type", ""))
    return found[1].lower() if found else None


def _length(status: int, headers: Headers) -> int | None:
    """The length of the whole file: of a part from Content-Range, of a coded answer unknown."""
    if status == 206:  # noqa: PLR2004 - Partial Content
        total = _TOTAL.fullmatch(headers.get("Content-Range", ""))
        return int(total[1]) if total else None
    length = _DIGITS.fullmatch(headers.get("Content-Length", ""))
    return int(length[1]) if length and "Content-Encoding" not in headers else None

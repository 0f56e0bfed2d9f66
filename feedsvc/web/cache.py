"""The layer before Flask: answers feed documents from ready bytes, 200 or 304, and hands everything else on.

Rules: feeds.md 7 and 8, RFC 9110 sections 8.8 and 13. The Date header is the server's own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from werkzeug.http import http_date, parse_date, parse_etags

from feedsvc.web.address import Address, find_address, wants_bytes
from feedsvc.web.documents import CODINGS, Document, Documents, Form
from feedsvc.web.negotiation import coding, prefers_page

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_QUERY = 2048
CACHE_CONTROL = "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400"
VARY = "Accept, Accept-Encoding"

Clock = Callable[[], datetime]


class FeedCache:
    """WSGI middleware over `inner`; `link` gives the public address of a document."""

    def __init__(
        self,
        inner: WSGIApplication,
        documents: Documents,
        *,
        channels: Collection[str],
        formats: Collection[str],
        link: Callable[[Address], str],
        clock: Clock,
    ) -> None:
        self._inner, self._documents = inner, documents
        self._channels, self._formats = channels, formats
        self._link, self._clock = link, clock

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """A feed document, or what the application behind says."""
        address = self._wanted(environ)
        document = self._documents.get(address) if address else None
        if address is None or document is None:
            return self._inner(environ, start_response)
        return self._answer(environ, start_response, address, document)

    def _wanted(self, environ: WSGIEnvironment) -> Address | None:
        query = environ.get("QUERY_STRING", "")
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or len(query) > LONGEST_QUERY:
            return None
        address = find_address(environ.get("PATH_INFO", ""), query, self._channels, self._formats)
        if address is None or not address.path or wants_bytes(query):
            return address
        return None if prefers_page(environ.get("HTTP_ACCEPT", "")) else address

    def _answer(
        self, environ: WSGIEnvironment, start_response: StartResponse, address: Address, document: Document
    ) -> Iterable[bytes]:
        chosen = coding(environ.get("HTTP_ACCEPT_ENCODING", ""), CODINGS)
        known = unchanged(environ, document, document.forms[chosen])
        headers = self._headers(address, document, known or document.forms[chosen])
        if known:
            start_response("304 Not Modified", headers)
            return [b""]
        body = document.forms[chosen].body
        headers += [("Content-Type", document.media_type), ("Content-Length", str(len(body)))]
        if chosen != "identity":
            headers.append(("Content-Encoding", chosen))
        start_response("200 OK", headers)
        return [body if environ["REQUEST_METHOD"] == "GET" else b""]

    def _headers(self, address: Address, document: Document, form: Form) -> list[tuple[str, str]]:
        headers = [
            ("ETag", f'"{form.etag}"'),
            ("Cache-Control", CACHE_CONTROL),
            ("Vary", VARY),
            ("Link", f'<{self._link(address)}>; rel="self"'),
            ("Access-Control-Allow-Origin", "*"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        if document.changed:
            # RFC 9110, 8.8.2.1: a date in the future is replaced by that of the answer.
            headers.append(("Last-Modified", http_date(min(document.changed, self._clock()))))
        return headers


def unchanged(environ: WSGIEnvironment, document: Document, chosen: Form) -> Form | None:
    """The form that the client has already, if the request says so: the answer is then 304 (RFC 9110, 13.2.2).

    The tag of another coding counts as well: its content is the same, and a proxy that drops Accept-Encoding on the way
    does not cost a transfer.
    """
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        known = parse_etags(tags)
        if known.star_tag:
            return chosen
        forms = (chosen, *document.forms.values())
        return next((form for form in forms if known.contains_weak(form.etag)), None)
    since = parse_date(environ.get("HTTP_IF_MODIFIED_SINCE"))
    return chosen if since and document.changed and _second(document.changed) <= since else None


def _second(moment: datetime) -> datetime:
    """HTTP dates know whole seconds only."""
    return moment.astimezone(UTC).replace(microsecond=0)

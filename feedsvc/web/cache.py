"""The layer before Flask: answers feed documents from ready bytes, and hands everything else on.

Rules: feeds.md 7 and 8, RFC 9110 sections 8.8, 13 and 14, RFC 3229. The Date header is the server's own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from feedsvc.model import NEWEST
from feedsvc.web.address import Address, find_address, wants_bytes
from feedsvc.web.answers import Answer, answer, known
from feedsvc.web.conditions import conditional, tags_of
from feedsvc.web.delta import FORMATS, Deltas, asks_for_news
from feedsvc.web.documents import Documents
from feedsvc.web.heads import OPTIONS
from feedsvc.web.negotiation import coding, prefers_page
from feedsvc.web.packing import CODINGS, IDENTITY, Document

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_QUERY = 2048
LONGEST_REMEMBERED = 256
READING = frozenset({"GET", "HEAD"})

Refuse = Callable[["WSGIEnvironment"], Answer | None]


class FeedCache:
    """WSGI middleware over `inner`. `refuse` tells clients that take too much to wait; None: nobody is told."""

    def __init__(
        self,
        inner: WSGIApplication,
        documents: Documents,
        deltas: Deltas,
        *,
        channels: Collection[str],
        formats: Collection[str],
        refuse: Refuse | None = None,
    ) -> None:
        self._inner, self._documents, self._deltas = inner, documents, deltas
        self._channels, self._formats, self._refuse = channels, formats, refuse
        self._plain: dict[str, Address] = {}
        # A client says the same in each request; what it says is weighed once.
        self._page = lru_cache(prefers_page)
        self._coding = lru_cache(lambda accepted: coding(accepted, CODINGS))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """A feed document, or what the application behind says."""
        address = self._address(environ)
        if address is None:
            return self._inner(environ, start_response)
        method = environ["REQUEST_METHOD"]
        if method not in READING:
            return self._not_read(environ, start_response)
        given = self._read(environ, address)
        if given is None:
            return self._inner(environ, start_response)
        start_response(given.status, [*given.headers])
        return [given.body if method == "GET" else b""]

    def _not_read(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """What scripts of other sites ask before they ask (Fetch standard, "CORS-preflight"); the rest is 405."""
        method = environ["REQUEST_METHOD"]
        if method != method.upper():  # Flask does not tell "get" from "GET" either
            return self({**environ, "REQUEST_METHOD": method.upper()}, start_response)
        if method != "OPTIONS":
            return self._inner(environ, start_response)
        start_response("204 No Content", [*OPTIONS])
        return [b""]

    def _read(self, environ: WSGIEnvironment, address: Address) -> Answer | None:
        if self._refuse and not self._free(environ, address):
            refused = self._refuse(environ)
            if refused:
                return refused
        document = self._documents.get(address)
        if document is None:
            return None
        accepted = environ.get("HTTP_ACCEPT_ENCODING")
        chosen = self._chosen(accepted) if accepted else IDENTITY
        if "HTTP_A_IM" in environ and address.format in FORMATS:
            return self._news(environ, address, document, chosen) or answer(environ, document, chosen)
        return answer(environ, document, chosen)

    def _free(self, environ: WSGIEnvironment, address: Address) -> bool:
        """Who says what he has is free, and who wants headers; but not to have whatever he thinks of made for him."""
        light = environ["REQUEST_METHOD"] == "HEAD" or conditional(environ)
        return light and (address.choice == NEWEST or self._documents.holds(address))

    def _chosen(self, accepted: str) -> str:
        return self._coding(accepted) if len(accepted) <= LONGEST_REMEMBERED else coding(accepted, CODINGS)

    def _news(self, environ: WSGIEnvironment, address: Address, document: Document, chosen: str) -> Answer | None:
        """Only the entries that the client lacks (RFC 3229); None when it does not want that, or the whole must do."""
        tags = tags_of(environ)
        if not tags or not asks_for_news(environ["HTTP_A_IM"]):
            return None
        ids = self._deltas.news(address, document, tags)
        if ids is None:
            return None
        if not ids:
            return known(document.forms[chosen])
        part = self._deltas.part(address, document, ids)
        return Answer("226 IM Used", part.forms[chosen].whole, part.forms[chosen].body) if part else None

    def _address(self, environ: WSGIEnvironment) -> Address | None:
        """The document that is asked for; None where a page is wanted, or there is no such document."""
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        address = self._found(path, query)
        if address is None or not address.path:
            return address
        accept = environ.get("HTTP_ACCEPT")
        if accept and self._prefers_page(accept) and environ["REQUEST_METHOD"] in READING and not wants_bytes(query):
            return None
        return address

    def _prefers_page(self, accept: str) -> bool:
        return self._page(accept) if len(accept) <= LONGEST_REMEMBERED else prefers_page(accept)

    def _found(self, path: str, query: str) -> Address | None:
        if not query:
            known_one = self._plain.get(path)
            if known_one is not None and (not known_one.path or known_one.path in self._channels):
                return known_one
        if len(query) > LONGEST_QUERY:
            return None
        found = find_address(path, query, self._channels, self._formats)
        if found is not None and not query:
            self._plain[path] = found
        return found

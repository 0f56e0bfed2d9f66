"""A rendered document made ready for the wire, once a change: every coding with its validator and its headers."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import brotli  # type: ignore[import-untyped]  # carries no types
from werkzeug.http import http_date

from feedsvc.model import Rendered

IDENTITY = "identity"
CODINGS = ("br", "gzip")  # in the server's order of preference
BROTLI_QUALITY = 5
GZIP_LEVEL = 6

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One content coding of a document, with the strong validator of exactly these bytes (RFC 9110, 8.8.3).

    `whole` are the headers of an answer that carries `body`, `known` those of one that need not (304); `quoted` is the
    validator as it stands in headers.
    """

    body: bytes
    etag: str
    quoted: str
    whole: Headers
    known: Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document ready for the wire, by content coding. `changed` is the last change of its content.

    `modified` is the same as HTTP writes it, "" when there was none.
    """

    media_type: str
    changed: datetime | None
    modified: str
    forms: Mapping[str, Form]

    @property
    def body(self) -> bytes:
        """The bytes before any coding."""
        return self.forms[IDENTITY].body

    @property
    def size(self) -> int:
        """Bytes of all forms."""
        return sum(len(form.body) for form in self.forms.values())


def pack(rendered: Rendered, changed: datetime | None, *, common: Headers = (), state: str = "") -> Document:
    """The document in every content coding; equal bytes give equal forms.

    `common` are headers of its address. `state` begins the validators of a part of a document (RFC 3229): it is that of
    the whole.
    """
    modified = http_date(changed) if changed else ""
    if modified:
        common = (*common, ("Last-Modified", modified))
    coded = {
        IDENTITY: rendered.body,
        "br": brotli.compress(rendered.body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY),
        "gzip": gzip.compress(rendered.body, GZIP_LEVEL, mtime=0),
    }
    forms = {name: _form(name, body, rendered.media_type, common, state) for name, body in coded.items()}
    return Document(media_type=rendered.media_type, changed=changed, modified=modified, forms=forms)


def _form(coding: str, body: bytes, media_type: str, common: Headers, state: str) -> Form:
    digest = hashlib.sha256(body).hexdigest()[:32]
    etag = f"{state}-{digest}" if state else digest
    quoted = f'"{etag}"'
    known = (("ETag", quoted), *common)
    packed = (("Content-Encoding", coding),) if coding != IDENTITY else ()
    length = (("Content-Type", media_type), ("Accept-Ranges", "bytes"), ("Content-Length", str(len(body))))
    return Form(body=body, etag=etag, quoted=quoted, whole=(*known, *packed, *length), known=known)

"""The exceptions of aiohttp, TLS and the operating system, turned into feedsvc's own, in words for a person."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import aiohttp

from feedsvc.errors import FetchError, Malformed, TimedOut, Unreachable
from feedsvc.fetch.mask import masked, printable

_LONGEST_REASON = 200

# The first row that fits speaks, so a class stands before the classes it comes from.
_MEANINGS: Final[tuple[tuple[type[Exception], type[FetchError], str], ...]] = (
    (TimeoutError, TimedOut, "no whole answer came in time; it is asked again later"),
    (aiohttp.ClientConnectorCertificateError, Unreachable, "the certificate of {host} is not trusted ({reason})"),
    (aiohttp.ClientConnectorSSLError, Unreachable, "no TLS connection to {host} ({reason})"),
    (ssl.SSLError, Unreachable, "the TLS connection broke ({reason})"),
    (aiohttp.ClientConnectorDNSError, Unreachable, "the name {host} cannot be resolved ({reason})"),
    (aiohttp.ClientPayloadError, Malformed, "the answer was cut off or is broken ({reason})"),
    (aiohttp.ClientHttpProxyError, Unreachable, "the proxy ([fetch] proxy) does not connect us ({reason})"),
    (aiohttp.ClientProxyConnectionError, Unreachable, "no connection to the proxy ([fetch] proxy) ({reason})"),
    (aiohttp.ClientResponseError, Malformed, "the answer is no valid HTTP ({reason})"),
    (aiohttp.ServerDisconnectedError, Unreachable, "the connection was closed without an answer"),
    (aiohttp.ClientError, Unreachable, "no connection ({reason})"),
    (OSError, Unreachable, "no connection ({reason})"),
    (Exception, Malformed, "the answer cannot be handled ({kind}: {reason})"),
)


def as_fetch_error(error: Exception, url: str) -> FetchError:
    """The FetchError that says what `error` meant for the request to `url`; one that names its address stays."""
    shown = masked(url)
    if isinstance(error, FetchError):
        return error if error.url else type(error)(f"{shown}: {error}", url=shown, retry_after=error.retry_after)
    kind, words = next((kind, words) for cause, kind, words in _MEANINGS if isinstance(error, cause))
    said = error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)
    message = words.format(
        host=getattr(error, "host", ""),
        kind=type(error).__name__,
        reason=printable(said or type(error).__name__, _LONGEST_REASON),
    )
    return kind(f"{shown}: {message}", url=shown)


@contextmanager
def fetch_errors(url: str) -> Iterator[None]:
    """Lets nothing but FetchError out of its block; cancellation passes, being no Exception."""
    try:
        yield
    # The boundary of the door (safety.md 1): clients raise AssertionError, ValueError and the like on hostile answers,
    # and one source's fault must stay with that source. The cause is chained, so its traceback is never lost.
    except Exception as error:
        failure = as_fetch_error(error, url)
        if failure is error:
            raise
        raise failure from error

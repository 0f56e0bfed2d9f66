"""Type and length of files without fetching them whole, and whether pages of others may show them.

A picture is asked for as a reader elsewhere would: with the address of a foreign page as Referer (RFC 9110, 10.1.3).
What is refused then, or answered with something else, is asked for once more as from the article's own page: only when
that brings the picture, the server bars others. A server that bars nobody is asked no more often than without this.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from yarl import URL

from feedsvc.errors import FetchError, Malformed, Refused
from feedsvc.fetch.answer import GONE, read_measure
from feedsvc.fetch.exchange import Answer, Request
from feedsvc.model import Measure

Fields = tuple[tuple[str, str], ...]

_HEAD_UNKNOWN: Final = frozenset({403, 405, 501})
_BARRED: Final = frozenset({401, 403})
_FIRST_KILOBYTE: Final = ("Range", "bytes=0-1023")
_PAGE_ENDINGS: Final = ("html", "htm", "xhtml", "php", "asp", "aspx", "jsp", "do")
_PICTURES: Final = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
}  # fmt: skip
_BETTER: Final = frozenset({"image/webp", "image/avif"})
"""Types that servers give in the place of older ones, without barring anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measuring:
    """Measures files. `ask` is the guarded exchange, `refusal` the error that an answer stands for.

    `referrer` is the address of a foreign page, "" to ask without any.
    """

    ask: Callable[[Request], Awaitable[Answer]]
    refusal: Callable[[Answer], FetchError]
    referrer: str = ""

    async def measure(self, url: str, target: URL, page: str) -> Measure:
        """What `target` is, which was written `url`; whether others are barred only with the address of its `page`.

        404 and 410 are a Measure with that status; otherwise the status is 200. Raises FetchError.
        """
        if not (page and self.referrer):
            return (await self._told(url, target, ()))[0]
        try:
            told, answered = await self._told(url, target, referer(self.referrer))
        except Refused as error:
            own = await self._own(url, target, page) if error.status in _BARRED else None
            if own is None:
                raise
            return own
        if not _doubtful(target, answered, told):
            return told
        own = await self._own(url, target, page)
        return told if own is None or _same(own, told) else own

    async def _told(self, url: str, target: URL, fields: Fields) -> tuple[Measure, URL]:
        """What the server says by HEAD, or else when asked for the first kilobyte; and where that was said."""
        return await self._head(url, target, fields) or await self._first(url, target, fields)

    async def _head(self, url: str, target: URL, fields: Fields) -> tuple[Measure, URL] | None:
        """What HEAD tells, or None where it is refused, broken (some send a body with it) or tells too little."""
        try:
            answer = await self.ask(Request(url=target, method="HEAD", headers=fields))
        except Malformed:
            return None
        if answer.status in _HEAD_UNKNOWN or answer.status == HTTPStatus.PARTIAL_CONTENT:  # no part was asked for
            return None
        told = self._read(url, answer)
        enough = told.mime and told.length is not None and _credible(target, told.mime)
        return (told, answer.url) if enough or told.status in GONE else None

    async def _first(self, url: str, target: URL, fields: Fields) -> tuple[Measure, URL]:
        answer = await self.ask(Request(url=target, headers=(_FIRST_KILOBYTE, *fields)))
        return self._read(url, answer), answer.url

    async def _own(self, url: str, target: URL, page: str) -> Measure | None:
        """The picture as its own page gets it; None when that does not get one either."""
        try:
            told, answered = await self._first(url, target, referer(page))
        except FetchError:
            return None
        return None if _doubtful(target, answered, told) else replace(told, barred=True)

    def _read(self, url: str, answer: Answer) -> Measure:
        if answer.status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, *GONE}:
            raise self.refusal(answer)
        return read_measure(url, answer.status, answer.headers)


def referer(page: str) -> Fields:
    """The header field that tells from which page a picture is asked for; none for an address that it cannot carry."""
    try:
        address = URL(page).with_fragment(None).with_user(None)
    except ValueError:
        return ()
    return (("Referer", str(address)),) if address.scheme in {"http", "https"} and address.raw_host else ()


def _doubtful(target: URL, answered: URL, told: Measure) -> bool:
    """Whether an answer may be what a server gives to others: nothing, a web page, or another picture."""
    if told.status in GONE or (told.mime or "").startswith("text/"):
        return True
    wanted = _PICTURES.get(target.name.rpartition(".")[2].lower())
    other = (told.mime or "").startswith("image/") and told.mime not in {wanted, *_BETTER}
    return (wanted is not None and other) or answered.name != target.name


def _same(one: Measure, other: Measure) -> bool:
    return (one.status, one.mime, one.length) == (other.status, other.mime, other.length)


def _credible(url: URL, mime: str) -> bool:
    """Whether `mime` may be true: an error page sent for a media file is no reason to believe HEAD."""
    _, dot, ending = url.name.rpartition(".")
    return mime != "text/html" or not dot or ending.lower() in _PAGE_ENDINGS

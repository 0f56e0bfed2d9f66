"""The door to the network: the protocols that the other rooms know, for portals and for whoever wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Final, Protocol

from feedsvc.errors import Malformed
from feedsvc.fetch.mask import masked
from feedsvc.model import NO_VALIDATORS, Form, Measure, NotModified, Page, Validators

FORM: Final = "application/x-www-form-urlencoded"
NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class Fetcher(Protocol):
    """Asks portals for pages; raises FetchError, and nothing else, when there is no usable answer."""

    async def get(
        self, url: str, *, validators: Validators = NO_VALIDATORS, form: Form | None = None
    ) -> Page | NotModified:
        """The page at `url` (status 200 only), or NotModified when `validators` were given and still hold.

        With `form` the page is asked for by POST of the form's fields to its action.
        """
        ...

    async def measure(self, url: str, *, page: str = "") -> Measure:
        """Type and length of the file at `url` without fetching it whole; a 404 is a Measure, not an error.

        With `page`, the address of the page that shows a picture, also whether pages elsewhere are barred from it.
        """
        ...

    async def picture(self, url: str, *, page: str, max_bytes: int) -> Page:
        """The file at `url` that `page` shows, at most `max_bytes`; whether it is a picture has still to be seen."""
        ...


async def fetch_page(fetcher: Fetcher, url: str, *, form: Form | None = None) -> Page:
    """The page at `url`, or of `form`, asked without conditions.

    Raises FetchError as `Fetcher.get` does: Malformed also where "not modified" is the answer to a question that was
    not conditional.
    """
    answer = await fetcher.get(url, form=form)
    if isinstance(answer, NotModified):
        raise Malformed(f"{masked(url)} answers 304 (not modified) although nothing conditional was asked", url=url)
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What an address said that was called: `retry_after` is its own wish, `body` the first bytes of a 2xx to a GET."""

    status: int
    retry_after: timedelta | None = None
    body: bytes = field(default=b"", repr=False)

    @property
    def ok(self) -> bool:
        """Whether it agreed."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of success (RFC 9110, 15.3)


class Hooks(Protocol):
    """Calls addresses that strangers gave us: the callbacks of subscribers, a hub elsewhere.

    Whatever status comes back is a Reply, redirects too, for none is followed. Both raise FetchError, and nothing else,
    when no reply came: Blocked where the guard forbids the address, which trying again cannot help.
    """

    async def get(self, url: str) -> Reply:
        """What `url` replies to a GET."""
        ...

    async def post(self, url: str, body: bytes, content_type: str, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """What `url` replies to a POST of `body`; its own body is not read."""
        ...

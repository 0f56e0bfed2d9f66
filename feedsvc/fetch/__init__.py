"""The door to the portals: the protocol that the poller knows."""

from __future__ import annotations

from typing import Protocol

from feedsvc.model import NO_VALIDATORS, Form, Measure, NotModified, Page, Validators


class Fetcher(Protocol):
    """Asks portals for pages; raises FetchError, and nothing else, when there is no usable answer."""

    async def get(
        self, url: str, *, validators: Validators = NO_VALIDATORS, form: Form | None = None
    ) -> Page | NotModified:
        """The page at `url` (status 200 only), or NotModified when `validators` were given and still hold.

        With `form` the page is asked for by POST of the form's fields to its action.
        """
        ...

    async def measure(self, url: str) -> Measure:
        """Type and length of the file at `url` without fetching it whole; a 404 is a Measure, not an error."""
        ...

"""One Fetcher for a poll: portals over HTTP, dropped documents from folders."""

from __future__ import annotations

from feedsvc.dropped import path_of
from feedsvc.fetch import Fetcher
from feedsvc.model import NO_VALIDATORS, Form, Measure, NotModified, Page, Validators


class SchemeFetcher:
    """Hands `folder:` addresses, and those of files in dropped documents, to one fetcher and all others to another."""

    def __init__(self, *, web: Fetcher, folder: Fetcher) -> None:
        self.web, self.folder = web, folder

    async def get(
        self, url: str, *, validators: Validators = NO_VALIDATORS, form: Form | None = None
    ) -> Page | NotModified:
        """See `Fetcher.get`."""
        return await self._for(url).get(url, validators=validators, form=form)

    async def measure(self, url: str, *, page: str = "") -> Measure:
        """See `Fetcher.measure`."""
        return await self._for(url).measure(url, page=page)

    async def picture(self, url: str, *, page: str, max_bytes: int) -> Page:
        """See `Fetcher.picture`."""
        return await self._for(url).picture(url, page=page, max_bytes=max_bytes)

    def _for(self, url: str) -> Fetcher:
        return self.folder if url.startswith("folder:") or path_of(url) is not None else self.web

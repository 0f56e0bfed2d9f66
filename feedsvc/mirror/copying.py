"""The copies that one poll makes: before its items are stored, so that nothing of theirs changes afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final, Protocol

import structlog

from feedsvc.copied import pictures_of
from feedsvc.errors import Blocked, ExtractError, FetchError, Refused, TooLarge
from feedsvc.fetch import Fetcher
from feedsvc.imaging import Picture, read_picture
from feedsvc.mirror.choice import RETRY, Which, barring, host_of, is_gone, wanted
from feedsvc.mirror.files import Folder
from feedsvc.model import Copy, Item, Lacking, Measure, Problem
from feedsvc.store import Copies

MOST_COPIES: Final = 40
MOST_BYTES: Final = 64 * 1024 * 1024
"""What one poll copies, at most; the rest is left for later ones."""

CATCH_UP: Final = 10
"""Pictures of items that are stored already, of which one poll makes copies, at most."""

SPARE: Final = 0.2
"""Share of the size that must be free for that: what had to go to make room is not fetched again."""

_SERVER_FAULT: Final = 500
_TOO_MANY: Final = 429

Late = Callable[[], bool]


class Apart(Protocol):
    """Work in a child process with limits on memory and time (reading.Reading.apart)."""

    def __call__(self, url: str, work: Callable[[], Picture]) -> Awaitable[Picture]:
        """What `work` gives. Raises ExtractError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is copied, and how much: `secure` when base_url is https, `largest` and `size` in bytes."""

    which: Which
    secure: bool
    largest: int
    size: int


@dataclass(slots=True, kw_only=True)
class Copying:
    """Makes the copies of one poll, and knows when it has made enough.

    `problem` says in words why copies cannot be kept; items are stored all the same.
    """

    rules: Rules
    fetcher: Fetcher
    files: Folder
    copies: Copies
    apart: Apart
    clock: Callable[[], datetime]
    problem: Problem | None = None
    made: int = 0
    written: int = 0
    barred: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)

    async def copy(self, item: Item, measures: Mapping[str, Measure], late: Late) -> None:
        """Copies what is wanted of the pictures of an item, before it is stored; what cannot be copied is left.

        `measures` are those of its media, `late` tells when the time for it is over. Raises StoreError alone.
        """
        self.barred |= barring(measures)
        there = (url for url in pictures_of(item) if not is_gone(measures.get(url)))
        await self._copy_all([Lacking(url=url, page=item.url) for url in self._wanted(there)], late)

    async def catch_up(self, source: str, category: str, late: Late) -> None:
        """Copies a few pictures of items of a category that are stored already. Raises StoreError alone."""
        if self.rules.which == "off" or late():
            return
        after = self.clock() - RETRY
        lacking = await asyncio.to_thread(self.copies.lacking, source, category, after=after)
        self.barred |= {host_of(one.url) for one in lacking if one.barred}
        pages = {one.url: one for one in reversed(lacking)}  # of several items the newest one's page
        some = self._wanted(one.url for one in lacking)[:CATCH_UP]
        if some and await self._room() >= self.rules.size * SPARE:
            await self._copy_all([pages[url] for url in some], late)

    def _wanted(self, urls: Iterable[str]) -> list[str]:
        found = wanted(urls, self.rules.which, barred=self.barred, secure=self.rules.secure)
        return [url for url in dict.fromkeys(found) if host_of(url) not in self.silent]

    async def _copy_all(self, lacking: Sequence[Lacking], late: Late) -> None:
        pages = {one.url: one.page for one in lacking}
        if not pages:
            return
        after = self.clock() - RETRY
        made: dict[str, Copy | None] = {}
        untried = await asyncio.to_thread(self.copies.untried, list(pages), after=after)
        room = await self._room() if untried else 0
        for url in untried:
            if self._is_done() or room <= 0 or late():
                break
            if host_of(url) not in self.silent:
                before = self.written
                made.update(await self._copy_one(url, pages[url], room))
                room -= self.written - before
        if made:
            await asyncio.to_thread(self.copies.save, made, self.clock())

    async def _room(self) -> int:
        return self.rules.size - await asyncio.to_thread(self.copies.size)

    def _is_done(self) -> bool:
        return self.made >= MOST_COPIES or self.written >= MOST_BYTES or self.problem is not None

    async def _copy_one(self, url: str, page: str, room: int) -> dict[str, Copy | None]:
        """A copy; None for a picture of which none can be made; nothing where it may be had another time."""
        try:
            found = await self.fetcher.picture(url, page=page, max_bytes=self.rules.largest)
            picture = await self.apart(url, partial(read_picture, found.body))
            if len(found.body) + len(picture.small) > room:
                return {}
            copy = await asyncio.to_thread(self._keep, url, found.body, picture)
        except (FetchError, ExtractError) as error:
            structlog.get_logger().warning("mirror", url=url, problem=str(error))
            if _is_silent(error):
                self.silent.add(host_of(url))
            return {url: None}
        except OSError as error:
            self._tell(error)
            return {}
        self.made += 1
        self.written += copy.length + copy.small_length
        return {url: copy}

    def _keep(self, url: str, body: bytes, picture: Picture) -> Copy:
        return Copy(
            url=url,
            name=self.files.keep(body, picture.mime),
            mime=picture.mime,
            length=len(body),
            width=picture.width,
            height=picture.height,
            small=self.files.keep(picture.small, picture.small_mime) if picture.small else "",
            small_length=len(picture.small),
        )

    def _tell(self, error: OSError) -> None:
        detail = (
            f"no copy of a picture can be kept in {self.files.root}: {error.strerror or error}; make room there, or "
            'let it be written, or set [media] mirror = "off"; the items themselves are kept'
        )
        self.problem = Problem(code="mirror", detail=detail)
        structlog.get_logger().error("mirror", problem=detail)


def _is_silent(error: FetchError | ExtractError) -> bool:
    """Whether asking the host for another picture would likely end in the same way."""
    if isinstance(error, Refused):
        return error.status >= _SERVER_FAULT or error.status == _TOO_MANY
    return isinstance(error, FetchError) and not isinstance(error, Blocked | TooLarge)

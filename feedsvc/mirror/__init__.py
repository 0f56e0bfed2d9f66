"""Copies of pictures that readers could not load from the portal: made in polls, bounded, served under our address.

Nothing is copied because somebody asks for it: only pictures of items that a poll reads, or that are stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from feedsvc.config import Config
from feedsvc.errors import StoreError
from feedsvc.fetch import Fetcher
from feedsvc.mirror.choice import superfluous
from feedsvc.mirror.copying import Apart, Copying, Rules
from feedsvc.mirror.files import Folder, folder_of
from feedsvc.store import Copies

GRACE: Final = timedelta(hours=1)
"""How old a file must be that nobody knows before it is deleted: a younger one is just being made known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """The copies of one service. `age` is how long one is kept that no feed shows any more."""

    rules: Rules
    age: timedelta
    files: Folder
    copies: Copies
    apart: Apart
    clock: Callable[[], datetime]

    def copying(self, fetcher: Fetcher) -> Copying:
        """What makes the copies of one poll, through the poll's own door to the portal."""
        return Copying(
            rules=self.rules,
            fetcher=fetcher,
            files=self.files,
            copies=self.copies,
            apart=self.apart,
            clock=self.clock,
        )

    def tidy(self) -> None:
        """Forgets copies that are too old or too many, and deletes files that no copy has; says so in the log.

        A failure is told in the log alone: what could not be done is done the next time.
        """
        log, now = structlog.get_logger(), self.clock()
        try:
            kept = self.copies.kept()
            gone = frozenset(superfluous(kept, now=now, age=self.age, size=self.rules.size))
            self.copies.drop(gone, now)
            left = [one.copy for one in kept if one.copy and one.url not in gone]
            names = {name for copy in left for name in (copy.name, copy.small) if name}
            deleted = self.files.sweep(names, now - GRACE)
        except (StoreError, OSError) as error:
            log.error("mirror", folder=str(self.files.root), problem=str(error))
        else:
            if gone or deleted:
                log.info("mirror", forgotten=len(gone), deleted=deleted, files=len(names))


def build_mirror(config: Config, copies: Copies, apart: Apart, clock: Callable[[], datetime]) -> Mirror:
    """The mirror that `[media]` describes; with `mirror = "off"` it copies nothing, and still keeps to its bounds."""
    media = config.media
    rules = Rules(
        which=media.mirror,
        secure=config.base_url.startswith("https://"),
        largest=media.largest,
        size=media.size,
    )
    return Mirror(rules=rules, age=media.age, files=folder_of(config), copies=copies, apart=apart, clock=clock)


__all__ = ["Copying", "Folder", "Mirror", "build_mirror", "folder_of"]

"""Which pictures we have copies of: the door's third part, used by the mirror and by whoever shows items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedsvc.store import copies

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from feedsvc.model import Copy, Kept, Lacking
    from feedsvc.store.engine import Database


@dataclass(frozen=True, slots=True)
class Copies:
    """What is known of copies, not the files; every method is one transaction and raises StoreError when it fails.

    Pictures go by the address that the portal has them under. Where the address that items show changes with a copy,
    the revision of their categories rises.
    """

    database: Database

    def of(self, urls: Collection[str]) -> dict[str, Copy]:
        """The copies of these pictures, by address; one query for all."""
        with self.database.reading() as db:
            return copies.of(db, urls)

    def named(self, name: str) -> Copy | None:
        """A copy of which `name` is the file or its smaller rendition."""
        with self.database.reading() as db:
            return copies.named(db, name)

    def untried(self, urls: Collection[str], *, after: datetime) -> list[str]:
        """Those of `urls`, in their order, that have no copy and were not tried in vain after a moment."""
        with self.database.reading() as db:
            return copies.untried(db, urls, after)

    def lacking(self, source: str, category: str, *, after: datetime) -> list[Lacking]:
        """Pictures of the newest items (model.WINDOW) of a category, the newest first, as far as `untried` has them."""
        with self.database.reading() as db:
            return copies.lacking(db, source, category, after)

    def save(self, made: Mapping[str, Copy | None], now: datetime) -> None:
        """Keeps copies by address; None says that none could be made, where there is none yet."""
        with self.database.writing() as db:
            copies.save(db, made, now)

    def drop(self, urls: Collection[str], now: datetime) -> None:
        """Forgets copies: items show the portal's addresses again."""
        with self.database.writing() as db:
            copies.drop(db, urls, now)

    def kept(self) -> list[Kept]:
        """All copies, and what was tried in vain, as they count when room is needed."""
        with self.database.reading() as db:
            return copies.kept(db)

    def size(self) -> int:
        """Bytes of all files, renditions too, each counted once."""
        with self.database.reading() as db:
            return copies.size(db)

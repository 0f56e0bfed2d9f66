# ruff: noqa: D102 - what the methods promise stands at `Store`
"""The store over a SQL database: each method is one transaction around a function of the modules beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedsvc.errors import StoreError, Unwritable
from feedsvc.store import (
    alarms,
    archives,
    claims,
    finding,
    items,
    measuring,
    past,
    pulse,
    saving,
    together,
    trimming,
    versions,
)
from feedsvc.store.dialects import insert
from feedsvc.store.figures import Figures, figures
from feedsvc.store.hosts import Hosts
from feedsvc.store.mirror import Copies
from feedsvc.store.outbox import Outbox
from feedsvc.store.tables import RESTORED, meta

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from feedsvc.model import (
        Alarm,
        Beat,
        Category,
        CategoryState,
        Claim,
        Found,
        History,
        Item,
        Known,
        Measure,
        PollResult,
        Query,
        Revision,
        Source,
        Stretch,
        Suspect,
        Version,
    )
    from feedsvc.store.engine import Database


@dataclass(frozen=True, slots=True)
class SqlStore:
    """A `Store` (see there for what each method promises) over SQLite or PostgreSQL; may be used from any thread."""

    database: Database

    def sync(
        self,
        sources: Sequence[Source],
        categories: Sequence[Category],
        now: datetime,
        *,
        discover: Collection[str] = (),
    ) -> None:
        searched = [source for source in sources if source.slug in discover]
        with self.database.writing() as db:
            claims.one_at_a_time(db)
            claims.sync(db, finding.with_found(db, searched, categories), now)

    def authority(self, default: str) -> str:
        asked = sa.select(meta.c.value).where(meta.c.name == "authority")
        with self.database.writing() as db:
            db.execute(insert(db, meta).values(name="authority", value=default).on_conflict_do_nothing())
            return str(db.execute(asked).scalar_one())

    def restored(self) -> datetime | None:
        asked = sa.select(meta.c.value).where(meta.c.name == RESTORED)
        with self.database.reading() as db:
            told = db.execute(asked).scalar_one_or_none()
        return datetime.fromisoformat(told) if told else None

    def claim_due(
        self,
        now: datetime,
        limit: int,
        *,
        owner: str,
        busy: Collection[str] = (),
        only: tuple[str, str | None] | None = None,
    ) -> list[Claim]:
        if only is None and not self._any_due(now):
            return []
        with self.database.writing() as db:
            return claims.claim_due(db, now, limit, owner=owner, busy=busy, only=only)

    def renew(self, claim: Claim, now: datetime) -> Claim:
        with self.database.writing() as db:
            return claims.renew(db, claim, now)

    def release(self, claim: Claim, now: datetime) -> None:
        with self.database.writing() as db:
            claims.release(db, claim, now)

    def _any_due(self, now: datetime) -> bool:
        with self.database.reading() as db:
            return claims.any_due(db, now)

    def owners(self, now: datetime) -> set[str]:
        with self.database.reading() as db:
            return claims.owners(db, now)

    def release_owner(self, owner: str) -> None:
        with self.database.writing() as db:
            claims.release_owner(db, owner)

    def known(self, source: str, keys: Collection[str]) -> dict[str, Known]:
        with self.database.reading() as db:
            return items.known(db, source, keys)

    def looks(self, source: str, category: str, *, due: datetime, limit: int) -> list[Known]:
        with self.database.reading() as db:
            return items.looks(db, source, category, due=due, limit=limit)

    def neighbours(self, category: str, *, of: Item, until: datetime, limit: int) -> list[Known]:
        with self.database.reading() as db:
            return items.neighbours(db, category, of=of, until=until, limit=limit)

    def trim(self, source: str, *, before: datetime, now: datetime) -> int:
        with self.database.writing() as db:
            return trimming.trim(db, source, before=before, now=now)

    def save(self, result: PollResult) -> None:
        with self.database.writing() as db:
            saving.save(db, result)

    def save_all(self, results: Sequence[PollResult]) -> list[StoreError | None]:
        try:
            with self.database.writing() as db:
                return together.save_all(db, results, self.database.place)
        except Unwritable as error:
            return [error] * len(results)
        except StoreError:  # of one of them, or of all at once: each by itself tells which
            return [self._save_alone(result) for result in results]

    def _save_alone(self, result: PollResult) -> StoreError | None:
        try:
            self.save(result)
        except StoreError as error:
            return error
        return None

    def found(self) -> dict[str, tuple[Found, ...]]:
        with self.database.reading() as db:
            return finding.found(db)

    def save_found(
        self, claim: Claim, found: Sequence[Found], state: CategoryState, told: Sequence[Alarm] = ()
    ) -> None:
        with self.database.writing() as db:
            finding.save_found(db, claim, found, state)
            alarms.keep(db, told)

    def profile(self, source: str) -> str | None:
        with self.database.reading() as db:
            return finding.profile(db, source)

    def history(self, source: str, category: str) -> History:
        with self.database.reading() as db:
            return past.history(db, source, category)

    def save_history(self, source: str, category: str, history: History) -> None:
        with self.database.writing() as db:
            past.keep(db, source, category, history)

    def items(self, query: Query, limit: int, *, offset: int = 0) -> list[Item]:
        with self.database.reading() as db:
            return items.newest(db, query, limit, offset)

    def count(self, query: Query) -> int:
        with self.database.reading() as db:
            return items.count(db, query)

    def stretch(self, query: Query, limit: int, *, offset: int = 0, archived: bool = False) -> Stretch:
        with self.database.reading() as db:
            return archives.stretch(db, query, limit, offset, archived=archived)

    def archive(self, query: Query, before: int) -> Stretch | None:
        with self.database.reading() as db:
            return archives.archive(db, query, before)

    def archives(self, query: Query) -> int:
        with self.database.reading() as db:
            return archives.archives(db, query)

    def stored(self, ids: Collection[str]) -> set[str]:
        with self.database.reading() as db:
            return items.stored(db, ids)

    def item(self, number: int) -> Item | None:
        with self.database.reading() as db:
            return items.by_number(db, number)

    def versions(self, number: int) -> list[Version]:
        with self.database.reading() as db:
            return versions.versions(db, number)

    def updates(self, source: str, *, since: datetime) -> set[datetime]:
        with self.database.reading() as db:
            return items.updates(db, source, since)

    def revision(self, query: Query) -> Revision:
        with self.database.reading() as db:
            return items.revision(db, query)

    def retired(self) -> set[tuple[str, str]]:
        with self.database.reading() as db:
            return claims.retired(db)

    def states(self) -> dict[tuple[str, str], CategoryState]:
        with self.database.reading() as db:
            return claims.states(db)

    def measures(self, urls: Collection[str], *, after: datetime) -> dict[str, Measure]:
        with self.database.reading() as db:
            return measuring.recent(db, urls, after)

    def save_measures(self, measures: Mapping[str, Measure], now: datetime) -> None:
        with self.database.writing() as db:
            measuring.keep(db, measures, now)

    def beat(self, beat: Beat, *, ballast: int = 0) -> None:
        with self.database.writing() as db:
            pulse.forget(db, beat.at)
            pulse.beat(db, beat, ballast)

    def figures(self, now: datetime, today: datetime) -> Figures:
        with self.database.reading() as db:
            return figures(db, now, today)

    def beats(self) -> list[Beat]:
        with self.database.reading() as db:
            return pulse.beats(db)

    def lasting_alarms(self, source: str, category: str) -> list[Alarm]:
        with self.database.reading() as db:
            return alarms.lasting(db, source, category)

    def recent_alarms(self, *, since: datetime) -> list[Alarm]:
        with self.database.reading() as db:
            return alarms.recent(db, since)

    def save_alarms(self, told: Collection[Alarm]) -> None:
        with self.database.writing() as db:
            alarms.keep(db, told)

    def suspect(self, source: str, category: str) -> Suspect | None:
        with self.database.reading() as db:
            return alarms.suspect(db, source, category)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.database)

    @property
    def copies(self) -> Copies:
        return Copies(self.database)

    @property
    def hosts(self) -> Hosts:
        return Hosts(self.database)

    def close(self) -> None:
        self.database.close()

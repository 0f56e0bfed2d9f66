"""The door to the database: the protocol that the other rooms know, and `open_store`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from feedsvc.store.claims import host_of
from feedsvc.store.engine import connect
from feedsvc.store.figures import Figures
from feedsvc.store.hosts import Hosts
from feedsvc.store.mirror import Copies
from feedsvc.store.outbox import Outbox
from feedsvc.store.schema import migrate
from feedsvc.store.sql import SqlStore
from feedsvc.store.taking import Room

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from feedsvc.errors import StoreError
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


class Store(Protocol):
    """What feedsvc remembers. Every method is one transaction and raises StoreError when the database fails."""

    def sync(
        self,
        sources: Sequence[Source],
        categories: Sequence[Category],
        now: datetime,
        *,
        discover: Collection[str] = (),
    ) -> None:
        """Makes the categories of the configuration those that are due; state of vanished ones is kept, not polled.

        A category that is new here is due at `now`; the state of a known one stays. Sources named in `discover` have
        a claim of their own, model.DISCOVERY in place of a category, and what was found on them before stands in place
        of the categories given for them.
        """
        ...

    def authority(self, default: str) -> str:
        """The authority part of every tag: URI, as `host,year`: `default` at the first call, then for ever that."""
        ...

    def restored(self) -> datetime | None:
        """When a backup was last put back; None if never."""
        ...

    def claim_due(
        self,
        now: datetime,
        limit: int,
        *,
        owner: str,
        busy: Collection[str] = (),
        only: tuple[str, str | None] | None = None,
    ) -> list[Claim]:
        """At most `limit` categories that are due, leased to `owner`; at most one a host and port.

        No claim is given on a host on which any live lease stands, or that is in `busy`. With `only` (a source slug,
        and a category slug or None for all) due times are ignored. Longest overdue first.
        """
        ...

    def renew(self, claim: Claim, now: datetime) -> Claim:
        """The claim with a lease of full length from `now`. Raises LeaseLost."""
        ...

    def release(self, claim: Claim, now: datetime) -> None:
        """Gives the claim back unpolled; due again at once. Silent when the lease is lost."""
        ...

    def owners(self, now: datetime) -> set[str]:
        """Who holds a live lease."""
        ...

    def release_owner(self, owner: str) -> None:
        """Ends all leases of an owner that is known to be dead; its categories are due as before."""
        ...

    def known(self, source: str, keys: Collection[str]) -> dict[str, Known]:
        """What is remembered under each of `keys`; a key that leads to several items is left out."""
        ...

    def looks(self, source: str, category: str, *, due: datetime, limit: int) -> list[Known]:
        """Items of the category whose `next_look` (Seen.next_look, stored by save; None: never) is at or before `due`.

        The one due longest ago first. Known.item.categories may be of any order, Known.validators are those of Seen.
        """
        ...

    def neighbours(self, category: str, *, of: Item, until: datetime, limit: int) -> list[Known]:
        """Other items of the category, not missing, where they are by `until`: those next to `of` by number first."""
        ...

    def trim(self, source: str, *, before: datetime, now: datetime) -> int:
        """Lets the texts of up to 100 items go that were last changed before a moment and stand in no window any more.

        Returns how many; 0 when none is left. Keys, ids, titles, summaries, dates and media stay.
        """
        ...

    def save(self, result: PollResult) -> None:
        """Stores a poll whole or not at all. Raises LeaseLost or Conflict; then nothing was stored."""
        ...

    def save_all(self, results: Sequence[PollResult]) -> list[StoreError | None]:
        """Stores each of these polls as `save` would, with one commit for all: what `save` would raise, or None.

        None of them spoils another. What was stored is kept when this returns.
        """
        ...

    def found(self) -> dict[str, tuple[Found, ...]]:
        """The categories that were found on each source, in the order of the portal, vanished ones among them."""
        ...

    def save_found(
        self, claim: Claim, found: Sequence[Found], state: CategoryState, told: Sequence[Alarm] = ()
    ) -> None:
        """Stores a discovery whole or not at all, and ends its claim. Raises LeaseLost; then nothing was stored.

        `found` are all categories of the source from now on, those stored before among them: they become its
        listings, in this order, new ones due at once. With none, the listings stay as they are. `state` is that of
        the discovery (its next time, its problem), `told` are the alarms that a person learns of by it. The revision
        of (source, model.DISCOVERY) rises with each change.
        """
        ...

    def profile(self, source: str) -> str | None:
        """What the source has taught, as `save` was last given it (PollResult.profile)."""
        ...

    def history(self, source: str, category: str) -> History:
        """How far the past of a category was filled in."""
        ...

    def save_history(self, source: str, category: str, history: History) -> None:
        """Says where the filling in of the past goes on; polls store it with what they found (PollResult.history)."""
        ...

    def items(self, query: Query, limit: int, *, offset: int = 0) -> list[Item]:
        """Newest first: by `shown`, then by number, falling; withdrawn ones are not among them.

        With Query.once each item names as `related` the pages of other portals of the query that tell the same.
        """
        ...

    def count(self, query: Query) -> int:
        """The number of items of the query."""
        ...

    def stretch(self, query: Query, limit: int, *, offset: int = 0, archived: bool = False) -> Stretch:
        """The newest `limit` items as of `items`, with the withdrawals of the 30 days before the newest change.

        With `archived`, all items that are in no full block yet (below WINDOW of them) stand among these too, and
        `archive` names the newest full block that holds items: whoever reads these and then each block that the one
        before names has read every item. With an `offset` no withdrawal is told.
        """
        ...

    def archive(self, query: Query, before: int) -> Stretch | None:
        """The full block whose last item has the place `before - 1`; None where no block ends, or it is not full yet.

        Places are counted from 1 in the order in which items first came to a category of the query, whatever its words
        and whatever was withdrawn: a full block never holds other items, only fewer, when some are withdrawn or edited.
        Of categories and `related` pages it knows what had come by then; `deleted` are all that were withdrawn of it,
        `archive` names the next older block that holds items. `search`, `since` and `media` are not for blocks.
        """
        ...

    def archives(self, query: Query) -> int:
        """The number of full blocks: they end at the places WINDOW, 2 * WINDOW and so on."""
        ...

    def stored(self, ids: Collection[str]) -> set[str]:
        """Those of the ids under which an item is stored, withdrawn ones too."""
        ...

    def item(self, number: int) -> Item | None:
        """The item with this number."""
        ...

    def versions(self, number: int) -> list[Version]:
        """The earlier states of the item with this number, the oldest first; none while it is as it came."""
        ...

    def updates(self, source: str, *, since: datetime) -> set[datetime]:
        """The moments at or after `since` that items of the source have as `updated`."""
        ...

    def revision(self, query: Query) -> Revision:
        """Whether anything changed: one cheap read."""
        ...

    def retired(self) -> set[tuple[str, str]]:
        """Source and slug of categories that were polled once and are in the configuration no more."""
        ...

    def states(self) -> dict[tuple[str, str], CategoryState]:
        """The state of every category that is polled, by source and category slug; that of a source's discovery too."""
        ...

    def measures(self, urls: Collection[str], *, after: datetime) -> dict[str, Measure]:
        """What was measured after a moment about these media addresses."""
        ...

    def save_measures(self, measures: Mapping[str, Measure], now: datetime) -> None:
        """Keeps measures by the address that was asked for."""
        ...

    def beat(self, beat: Beat, *, ballast: int = 0) -> None:
        """Keeps a poller's sign of life in the place of its last one; with `ballast` bytes more, to see if they fit."""
        ...

    def figures(self, now: datetime, today: datetime) -> Figures:
        """What monitoring counts: items, and those shown at or after `today`, by category; what waits; the size."""
        ...

    def beats(self) -> list[Beat]:
        """The last sign of each poller that gave one within a day, the latest first."""
        ...

    def lasting_alarms(self, source: str, category: str) -> list[Alarm]:
        """The alarms of a category that have not ended, the oldest first; those of the service have "" for both."""
        ...

    def recent_alarms(self, *, since: datetime) -> list[Alarm]:
        """All alarms that last, or ended after `since`; what happened last first."""
        ...

    def save_alarms(self, told: Collection[Alarm]) -> None:
        """Keeps alarms, each in the place of the one with its id; polls store theirs with what they found."""
        ...

    def suspect(self, source: str, category: str) -> Suspect | None:
        """The last answer of a category that was not believed (PollResult.suspect), at most 1 MiB of it."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Who is to be told of what."""
        ...

    @property
    def copies(self) -> Copies:
        """Which pictures we have copies of."""
        ...

    @property
    def hosts(self) -> Hosts:
        """What pollers owe the hosts that they ask: pace, ledger, robots.txt."""
        ...

    def close(self) -> None:
        """Gives connections back."""
        ...


PATIENCE = timedelta(seconds=10)


def open_store(url: str, *, patience: timedelta = PATIENCE) -> SqlStore:
    """Open the store at `url` and bring its schema to the newest number.

    `url` is `sqlite:///PATH` (from the working directory; four slashes: from the root), `sqlite://` (in memory, gone at
    the end) or `postgresql://USER@HOST/NAME`. `patience` is how long another's lock is waited for. Several processes
    may open one database at the same time. Raises StoreError, in words, for an address of another kind, a database
    that can't be reached or written, one of a newer feedsvc, and a driver that is not installed.
    """
    database = connect(url, patience)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database)


__all__ = ["Copies", "Figures", "Hosts", "Outbox", "Room", "SqlStore", "Store", "host_of", "open_store"]

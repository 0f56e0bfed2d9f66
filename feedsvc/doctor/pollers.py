"""Which pollers are at work: those that hold a lease or gave a sign of life, and are not known to be dead."""

from __future__ import annotations

import socket
from datetime import datetime

from feedsvc.headroom import SILENT
from feedsvc.store import Store
from feedsvc.worker import alive


def living(store: Store, now: datetime) -> set[str]:
    """Give the owners, as "machine:process". Of other machines it is known only that their leases and signs are fresh.

    Raises StoreError.
    """
    return {owner for owner in _told(store, now) if not _dead(owner)}


def dead(store: Store, now: datetime) -> set[str]:
    """Give the owners of live leases whose process is no more. Raises StoreError."""
    return {owner for owner in store.owners(now) if _dead(owner)}


def _told(store: Store, now: datetime) -> set[str]:
    return store.owners(now) | {beat.owner for beat in store.beats() if abs(now - beat.at) <= SILENT}


def _dead(owner: str) -> bool:
    machine, _, number = owner.rpartition(":")
    return machine == socket.gethostname() and not alive(number)

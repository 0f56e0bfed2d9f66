"""Everything looked at, one after the other: what can't be looked at is a finding itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from feedsvc.config import Config
from feedsvc.doctor import files, machine, stored
from feedsvc.doctor.finding import Finding, wrong
from feedsvc.doctor.network import network
from feedsvc.errors import StoreError
from feedsvc.fetch.mask import masked_text
from feedsvc.log import secrets_of
from feedsvc.store import PATIENCE
from feedsvc.store.engine import connect


def examine(config: Config, path: Path, now: datetime, *, offline: bool) -> Iterator[Finding]:
    """Look at all that stands behind the configuration at `path`; `offline` asks nobody on the network.

    Nothing is changed. No finding holds a secret.
    """
    secrets = secrets_of(config)
    for finding in _found(config, path, now, offline=offline):
        yield replace(finding, words=masked_text(finding.words, secrets), todo=masked_text(finding.todo, secrets))


def _found(config: Config, path: Path, now: datetime, *, offline: bool) -> Iterator[Finding]:
    yield from files.configuration(config, path)
    yield from machine.parts(config)
    yield from machine.time_zones(config)
    yield from _database(config, now)
    if not offline:
        yield from asyncio.run(network(config, now))


def _database(config: Config, now: datetime) -> Iterator[Finding]:
    try:
        there = connect(config.database, PATIENCE)
    except StoreError as error:
        yield wrong("database", str(error), "see [service] database")
        return
    try:
        yield from machine.disk(config, there.file)
        yield from stored.database(config, there, now)
    except StoreError as error:
        yield wrong("database", str(error), stored.RESTORE if "damaged" in str(error) else "see [service] database")
    finally:
        there.close()

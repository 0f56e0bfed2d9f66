"""Builds the polling side from a Config: the doors, the reading child, the poller, the scheduler."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from feedsvc import __version__
from feedsvc.company import Company
from feedsvc.config import Config, host_port
from feedsvc.discoverer import Discovered, Discoverer
from feedsvc.extract.identity import make_id
from feedsvc.fetch import Fetcher
from feedsvc.fetch.chains import hosts_of
from feedsvc.fetch.doors import SchemeFetcher
from feedsvc.fetch.folder import FolderFetcher
from feedsvc.fetch.guard import read_pairs
from feedsvc.fetch.hooks import HttpHooks
from feedsvc.fetch.http import HttpFetcher
from feedsvc.headroom import Disk, Headroom
from feedsvc.hub.opening import build_push
from feedsvc.hub.pushing import Push
from feedsvc.listings import listed, searched
from feedsvc.mirror import build_mirror
from feedsvc.model import DISCOVERY, Category, CategoryState, PollResult, Source
from feedsvc.poller import Poller
from feedsvc.progress import Progress
from feedsvc.reading import Reading
from feedsvc.scheduler import Scheduler
from feedsvc.store import Store

Clock = Callable[[], datetime]
Told = Callable[[Category, PollResult | None], None]
ProgressOf = Callable[[Category], Progress]
SearchProgressOf = Callable[[Source], Progress]
SearchResults = list[tuple[Source, Discovered | None]]

HOLD = timedelta(seconds=10)
"""How much longer than a request may last its host is kept from other pollers, should this one not tell its end."""


def user_agent(config: Config) -> str:
    """Who asks, and whom to tell when it disturbs (safety.md 8)."""
    contact = f"; {config.service.contact}" if config.service.contact else ""
    return f"feedsvc/{__version__} (+{config.base_url}{contact})"


@asynccontextmanager
async def open_fetchers(
    config: Config, clock: Clock, company: Company | None = None
) -> AsyncIterator[Callable[[], Fetcher]]:
    """The doors to portals and folders; each call gives a fetcher for one poll.

    With `company` pace and ledger are kept together with other pollers, and beyond this process.
    """
    folder = FolderFetcher(config.folder, clock)
    async with (
        HttpFetcher(
            user_agent=user_agent(config),
            clock=clock,
            allow_private=config.fetch.allow_private,
            per_host_delay=config.fetch.per_host_delay,
            max_bytes=config.fetch.max_bytes,
            timeout=config.fetch.timeout,
            daily_budget=config.fetch.daily_budget,
            referrer="" if config.media.mirror == "off" else f"{config.base_url}/",
            proxy=config.fetch.proxy,
            broken_chains=_broken_chains(config),
            turns=company,
            kept=company,
        ) as http,
        company.keeping(http.pace, http.ledger) if company else nullcontext(),
    ):
        yield lambda: SchemeFetcher(web=http.for_poll(), folder=folder)


@asynccontextmanager
async def open_worker(config: Config, store: Store, clock: Clock, authority: str) -> AsyncIterator[Scheduler]:
    """A scheduler over the portals of `config`, its doors open as long as the context lasts."""
    company, reading = _company(config, store, clock), Reading()
    try:
        async with open_fetchers(config, clock, company) as fetcher, open_hooks(config, clock) as hooks:
            push = build_push(config, store, clock, authority, hooks)
            yield build_scheduler(config, store, clock, authority, fetcher, reading, push)
    finally:
        await asyncio.to_thread(reading.close)


def _company(config: Config, store: Store, clock: Clock) -> Company:
    owner = own_name()
    return Company(
        store.hosts,
        owner,
        clock=clock,
        monotonic=time.monotonic,
        hold=config.fetch.timeout + HOLD,
        private=read_pairs(config.fetch.allow_private),
        dead=[name for name in store.hosts.others(owner, clock()) if _is_dead(name, owner)],
    )


def own_name() -> str:
    """Who this process is, on whatever machine: the owner of its leases."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _broken_chains(config: Config) -> frozenset[str]:
    """The hosts of the sources with `tls = "broken-chain"`."""
    named = [source for source in config.source if source.tls == "broken-chain"]
    return hosts_of(url for source in named for url in (source.home, *(one.url for one in source.category)))


def open_hooks(config: Config, clock: Clock) -> HttpHooks:
    """The door to those who want to be told."""
    fetch = config.fetch
    return HttpHooks(user_agent=user_agent(config), clock=clock, allow_private=fetch.allow_private, proxy=fetch.proxy)


def build_scheduler(
    config: Config,
    store: Store,
    clock: Clock,
    authority: str,
    fetcher: Callable[[], Fetcher],
    reading: Reading,
    push: Push | None = None,
) -> Scheduler:
    """A scheduler with the doors that it is given; the categories of `config` become those that are due."""
    sources, categories = config.sources(), config.categories()
    store.sync(sources, categories, clock(), discover={source.slug for source in searched(config)})
    owner = own_name()
    release_dead(store, clock(), owner)
    identify = partial(make_id, authority)
    poller = Poller(
        fetcher=fetcher,
        reading=reading,
        store=store,
        clock=clock,
        make_id=identify,
        mirror=build_mirror(config, store.copies, reading.apart, clock),
        private=read_pairs(config.fetch.allow_private),
    )
    return Scheduler(
        poller=poller,
        store=store,
        sources={source.slug: source for source in sources},
        categories=_by_name(config, store),
        discoverer=Discoverer(fetcher=fetcher, reading=reading, store=store, clock=clock, make_id=identify),
        relist=lambda: _by_name(config, store),
        clock=clock,
        owner=owner,
        push=push,
        keep=config.service.keep,
        headroom=Headroom(
            store=store,
            disk=Disk(url=config.database, least=config.service.least_free),
            owner=owner,
            clock=clock,
            make_id=identify,
        ),
    )


def _by_name(config: Config, store: Store) -> dict[tuple[str, str], Category]:
    """The categories as they are now, those found since the start among them."""
    return {(category.source, category.slug): category for category in listed(config, store.found())}


def release_dead(store: Store, now: datetime, owner: str) -> None:
    """Takes the leases of pollers of this machine that were killed, so that their categories need not wait them out.

    Leases under our own name are those of a dead process too: this one has claimed nothing yet. Should a process be
    taken for dead that is not, its token fences it off: its result is not stored, and the category is polled anew.
    """
    for name in store.owners(now):
        if _is_dead(name, owner):
            store.release_owner(name)


def _is_dead(name: str, owner: str) -> bool:
    """Whether the poller of this name ran on the machine of `owner` and does not any more."""
    machine, _, number = name.rpartition(":")
    host, _, own = owner.rpartition(":")
    return machine == host and (number == own or not alive(number))


def alive(number: str) -> bool:
    """Whether a process with this number, the last part of an owner's name, runs on this machine."""
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError):
        return True
    return True


async def search_round(scheduler: Scheduler, sources: Sequence[Source], progress: SearchProgressOf) -> SearchResults:
    """Searches each source that was never searched with success, or whose next search is due; sources side by side.

    None stands for a source that could not be claimed or stored.
    """
    states = await asyncio.to_thread(scheduler.store.states)
    now = scheduler.clock()
    due = [source for source in sources if _is_due(states.get((source.slug, DISCOVERY)), now)]
    results = await asyncio.gather(*(_search(scheduler, source, progress(source)) for source in due))
    return list(zip(due, results, strict=True))


def _is_due(state: CategoryState | None, now: datetime) -> bool:
    return state is None or state.succeeded is None or state.next_poll is None or state.next_poll <= now


async def _search(scheduler: Scheduler, source: Source, progress: Progress) -> Discovered | None:
    only = (source.slug, DISCOVERY)
    claims = await asyncio.to_thread(scheduler.store.claim_due, scheduler.clock(), 1, owner=scheduler.owner, only=only)
    return await scheduler.discover(claims[0], progress) if claims else None


async def poll_round(
    scheduler: Scheduler, categories: Sequence[Category], told: Told, progress: ProgressOf
) -> list[PollResult | None]:
    """Polls each category once, whatever its due time; hosts side by side, the categories of a host in turn.

    A first walk that needs several polls gets them. None stands for a category that could not be claimed or stored.
    """
    ordered = sorted(categories, key=lambda category: host_port(category.url))
    groups = [list(group) for _, group in groupby(ordered, key=lambda category: host_port(category.url))]
    rounds = await asyncio.gather(*(_poll_host(scheduler, group, told, progress) for group in groups))
    await scheduler.tidy()
    return [result for results in rounds for result in results]


async def _poll_host(
    scheduler: Scheduler, categories: Sequence[Category], told: Told, progress: ProgressOf
) -> list[PollResult | None]:
    results = []
    for category in categories:
        result = await _poll_whole(scheduler, category, progress(category))
        told(category, result)
        results.append(result)
    return results


async def _poll_whole(scheduler: Scheduler, category: Category, progress: Progress) -> PollResult | None:
    """Polls until nothing of the walk is left over; the counts of its polls add up."""
    whole: PollResult | None = None
    while True:
        claims = await asyncio.to_thread(
            scheduler.store.claim_due,
            scheduler.clock(),
            1,
            owner=scheduler.owner,
            only=(category.source, category.slug),
        )
        result = await scheduler.poll(claims[0], progress) if claims else None
        if result is None:
            return whole
        whole = result if whole is None else _added(whole, result)
        if not result.state.depth or result.outcome not in {"ok", "unchanged"} or result.problem:
            return whole


def _added(before: PollResult, after: PollResult) -> PollResult:
    return replace(
        after, started=before.started, new=(*before.new, *after.new), changed=(*before.changed, *after.changed)
    )

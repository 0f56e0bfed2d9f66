"""What was found on a portal before and what is found now, put together: a slug once given is for ever. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from feedsvc.config import HOME_CATEGORY
from feedsvc.discovery import Discovery
from feedsvc.extract.links import key_of
from feedsvc.extract.menu import same_name
from feedsvc.extract.slug import free_slug
from feedsvc.model import Found


def merged(before: Sequence[Found], search: Discovery, now: datetime) -> tuple[Found, ...]:
    """Put what was found now and what was found before together: slugs stay, nothing is left out (contract.md).

    A category is the same by its address, or by its name where its old address is gone from the portal. One that
    the portal links to no more has vanished; its feed is kept.
    """
    left = {one.slug: one for one in before}
    found: list[Found] = []
    for kept in search.categories:
        old = _same_address(kept.url, left.values()) or _moved(kept.title, left.values(), search.links)
        if old is not None:
            del left[old.slug]
        taken = {*(one.slug for one in before), *(one.slug for one in found), HOME_CATEGORY}
        slug = old.slug if old else free_slug(kept.title, taken, "chuyen-muc")
        first = old.first_found if old else now
        found.append(
            Found(slug=slug, title=kept.title, url=kept.url, kind=kept.kind, first_found=first, last_found=now)
        )
    return (*found, *(_kept(one, search.links, now) for one in left.values()))


def _same_address(url: str, some: Iterable[Found]) -> Found | None:
    return next((one for one in some if key_of(one.url) == key_of(url)), None)


def _moved(title: str, some: Iterable[Found], links: frozenset[str]) -> Found | None:
    return next((one for one in some if same_name(one.title, title) and key_of(one.url) not in links), None)


def _kept(one: Found, links: frozenset[str], now: datetime) -> Found:
    """Return a category that is not found now: still there while the portal links to it, vanished from now on else."""
    return replace(one, vanished=None if key_of(one.url) in links else one.vanished or now)

"""Articles as they were read, before it is decided whether they are new. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedsvc.likeness import alike, shared
from feedsvc.model import NO_VALIDATORS, Item, Known, Measure, MediaObject, Stub, Validators
from feedsvc.plan.matching import is_weak, match, two_numbers

LIKE_TWIN = 0.7
"""Share of word triples that the texts of two addresses have in common when they are one article's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article as it was read, before it is decided whether it is new. `position`: 0 for the top of the listing.

    `asked` are the keys of the address that was asked for; the page's own keys (its canonical address, where it was
    redirected to) count less. Empty: all strong keys count alike. `again`: a known item was looked at again. `below`:
    the moment before which an article without a date of its own is shown, as the list has it below known ones. `twins`
    are the keys that it would have on the other hosts of a portal that moved: looked up, never stored. `moved`: its own
    address is gone, and this one answers.
    """

    item: Item
    position: int
    validators: Validators = NO_VALIDATORS
    asked: tuple[str, ...] = ()
    again: bool = False
    below: datetime | None = None
    twins: tuple[str, ...] = ()
    moved: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """All by which it may be known."""
        return (*self.item.keys, *self.twins)


def below_known(drafts: Iterable[Draft], stubs: Sequence[Stub], known: Mapping[str, Known]) -> tuple[Draft, ...]:
    """The drafts of a first walk that takes several polls, each told below which moment the list has it.

    Without it, articles without a date would be shown as newer than those above them that an earlier poll has read.
    """
    lowest: datetime | None = None
    above: list[datetime | None] = []
    for stub in stubs:
        above.append(lowest)
        found = match(stub.keys, known)
        if found is not None and found.item.published is None:
            lowest = min(found.item.shown, lowest or found.item.shown)
    return tuple(replace(one, below=above[one.position]) if one.position < len(above) else one for one in drafts)


def asked(draft: Draft) -> tuple[str, ...]:
    """The strong keys of the address that was asked for."""
    return tuple(key for key in draft.asked or draft.item.keys if not is_weak(key))


def recognised(draft: Draft, known: Mapping[str, Known]) -> Known | None:
    """The known item that a draft is: by the address that was asked for, else by a key that the words bear out.

    Portals send what is gone to one page for all, and give one canonical address to many articles: such a key alone
    tells nothing (safety.md 3.1). Of equal headlines on one day with texts of their own each is an article.
    """
    if found := match(asked(draft), known):
        return found
    return next((known[key] for key in draft.keys if key in known and _borne_out(key, draft, known[key])), None)


def _borne_out(key: str, draft: Draft, found: Known) -> bool:
    if not is_weak(key):
        return alike(found.item, draft.item)
    if two_numbers(draft.item.keys, found.item.keys):
        return False
    return key.startswith("body:") or shared(found.item.text, draft.item.text) >= LIKE_TWIN


def short_item(stub: Stub, source: str, language: str, now: datetime) -> Item | None:
    """The item that the listing's own words make, when the article cannot be read; None without a title."""
    if not stub.title:
        return None
    return Item(
        keys=stub.keys,
        source=source,
        url=stub.url,
        title=stub.title,
        summary=stub.summary,
        text=stub.summary,
        published=stub.published,
        precision=stub.precision,
        first_seen=now,
        shown=now,
        updated=now,
        media=stub.media,
        language=language,
        fingerprint="",
    )


def measured(media: Sequence[MediaObject], measures: Mapping[str, Measure]) -> tuple[MediaObject, ...]:
    """Media with the type and length that their servers told; what is not there, or is a web page, is left out."""
    return tuple(fitted for medium in media if (fitted := _fitted(medium, measures.get(medium.url))))


def _fitted(medium: MediaObject, measure: Measure | None) -> MediaObject | None:
    if measure is None or medium.player == medium.url:
        return medium
    if measure.status in {404, 410} or (measure.mime or "").startswith("text/html"):
        return None
    told = measure.mime if measure.mime not in {None, "application/octet-stream"} else medium.mime
    return replace(medium, mime=told or measure.mime, length=measure.length)

"""Decisions: what to fetch, what is new or changed, when to look again. Pure: values in, values out.

Identity itself (which keys an address has, how an id is written) is not decided here but in extract.identity; this
module is given keys, and a function that makes an id of one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedsvc.likeness import alike, shared
from feedsvc.model import (
    NO_VALIDATORS,
    WEAK_KEYS,
    Category,
    CategoryState,
    Item,
    Known,
    Listing,
    Measure,
    MediaObject,
    Outcome,
    Problem,
    Seen,
    Stub,
    Validators,
)

BATCH = 20
"""Articles read in one poll: more wait for the next, which follows at once, so a long first walk is shown early."""
BATCH_OF_PAGE = 10
"""Articles read for each listing page walked, where that is more: pages walked again cost little beside them."""
CATCH_UP_PAGES = 20
"""Listing pages followed in one poll, beyond those that are walked anyway, while they are unknown (safety.md I6)."""
FARTHEST_PAGE = 200
"""Where catching up ends: a portal whose known items are all gone is not walked to its beginning."""
LOOKS = 3
"""Known articles read again in one poll, to learn of corrections."""
LOOKED_AT_FOR = timedelta(days=30)
LONGEST_BACK_OFF = timedelta(hours=6)
LONGEST_WAIT = timedelta(days=1)
SUSPICION = timedelta(minutes=2)
REDESIGNED = "redesigned"
"""The code of a list that seems to have moved on its page: looked at again soon, until it is believed (safety.md 7)."""
SECOND = timedelta(seconds=1)
LIKE_TWIN = 0.7
"""Share of word triples that the texts of two addresses have in common when they are one article's."""

MakeId = Callable[[str, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article as it was read, before it is decided whether it is new. `position`: 0 for the top of the listing.

    `asked` are the keys of the address that was asked for; the page's own keys (its canonical address, where it was
    redirected to) count less. Empty: all strong keys count alike. `again`: a known item was looked at again. `below`:
    where the past is filled in, the moment before which an article without a date of its own is shown.
    """

    item: Item
    position: int
    validators: Validators = NO_VALIDATORS
    asked: tuple[str, ...] = ()
    again: bool = False
    below: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of a listing is worth a visit, and which known items it lists."""

    visit: tuple[tuple[int, Stub], ...]
    waiting: int
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a poll's drafts turn out to be. `doubted`: ids of items whose page now shows something else altogether."""

    new: tuple[Item, ...]
    changed: tuple[Item, ...]
    seen: tuple[Seen, ...]
    moved_keys: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()


def follow(
    listing: Listing,
    known: Mapping[str, Known],
    walked: int,
    category: Category,
    state: CategoryState,
    shift: int = 0,
) -> bool:
    """Whether the next listing page is wanted after `walked` of them.

    The first walk goes to `category.pages`, however many polls it takes. Later polls follow until a page ends in an
    item of the category: not until they meet one, as a pinned article stands on top of every page, and not one that
    only another category has brought. `shift`: by how many pages news have pushed down what was left over.
    """
    if not _goes_on(listing):
        return False
    if state.succeeded is None:
        return walked < max(state.depth, category.pages)
    due = _due(state, shift)
    return walked < due or (walked < due + CATCH_UP_PAGES and _behind(listing, known, walked, category))


def bounded(
    listing: Listing,
    known: Mapping[str, Known],
    walked: int,
    category: Category,
    state: CategoryState,
    shift: int = 0,
) -> bool:
    """Whether a walk that ends here was ended by the bound of one poll alone: the next goes on behind it."""
    far = walked >= _due(state, shift) + CATCH_UP_PAGES
    return state.succeeded is not None and far and _goes_on(listing) and _behind(listing, known, walked, category)


def _goes_on(listing: Listing) -> bool:
    return bool(listing.stubs and (listing.next_url or listing.next_form))


def _due(state: CategoryState, shift: int) -> int:
    """The number of pages that are walked whatever they hold."""
    return state.depth + shift if state.depth else 0


def _behind(listing: Listing, known: Mapping[str, Known], walked: int, category: Category) -> bool:
    return walked < FARTHEST_PAGE and not is_listed(listing.stubs[-1], known, category)


def is_listed(stub: Stub, known: Mapping[str, Known], category: Category) -> bool:
    """Whether a line is that of an item of the category."""
    found = match(stub.keys, known)
    return found is not None and category.slug in found.item.categories


def next_depth(state: CategoryState, category: Category, *, walked: int, cut: bool, left: bool, shift: int = 0) -> int:
    """How many listing pages the next poll walks whatever it meets: 0 when nothing of this one's walk is left over.

    `cut`: the walk ended before the last page wanted; `left`: articles wait to be visited.
    """
    if not cut and not left:
        return 0
    if state.succeeded is None:
        return max(state.depth, category.pages if cut else walked)
    return max(_due(state, shift), walked + 1 if cut else walked)


def choose(stubs: Sequence[Stub], known: Mapping[str, Known], category: str, pages: int = 1) -> Choice:
    """Which stubs of `pages` listing pages to visit, newest first, a batch at most; and what is known, met again."""
    batch = max(BATCH, BATCH_OF_PAGE * pages)
    wanted: list[tuple[int, Stub]] = []
    seen: list[Seen] = []
    met: set[str] = set()
    for position, stub in enumerate(stubs):
        if met & set(stub.keys):
            continue
        met |= set(stub.keys)
        found = match(stub.keys, known)
        if found is None or _edited(stub, known):
            wanted.append((position, stub))
        elif again := _met(found, stub.keys, category):
            seen.append(again)
    return Choice(visit=tuple(wanted[:batch]), waiting=max(0, len(wanted) - batch), seen=tuple(seen))


def _edited(stub: Stub, known: Mapping[str, Known]) -> bool:
    """A dropped document whose name is known and whose content is not."""
    return any(key.startswith("sha:") and key not in known for key in stub.keys)


def _met(found: Known, keys: Iterable[str], category: str) -> Seen | None:
    added = tuple(key for key in keys if key not in found.item.keys)
    categories = () if category in found.item.categories else (category,)
    return Seen(id=found.item.id, keys=added, categories=categories) if added or categories else None


def is_weak(key: str) -> bool:
    """Title and body keys may be shared by different articles; all others belong to one (safety.md 3.2)."""
    return key.startswith(WEAK_KEYS)


def match(keys: Iterable[str], known: Mapping[str, Known]) -> Known | None:
    """The known item that these keys lead to: by any strong key, else by a weak one that nothing speaks against."""
    keys = tuple(keys)
    for key in keys:
        if key in known and not is_weak(key):
            return known[key]
    for key in keys:
        if key in known and not _two_numbers(keys, known[key].item.keys):
            return known[key]
    return None


def _two_numbers(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Two article numbers of one shape are two articles, unless their bodies are the same."""
    ours, theirs = set(ours), set(theirs)
    if any(key.startswith("body:") for key in ours & theirs):
        return False
    shapes = {key.rpartition("|")[0] for key in theirs if key.startswith("num:")}
    return any(key.rpartition("|")[0] in shapes and key not in theirs for key in ours if key.startswith("num:"))


def settle(
    drafts: Sequence[Draft],
    known: Mapping[str, Known],
    *,
    category: Category,
    timezone: ZoneInfo,
    make_id: MakeId,
    now: datetime,
    taken: Collection[datetime] = (),
    is_no_edit: Callable[[Known, Item], bool] = lambda _known, _item: False,
) -> Settled:
    """Decides for each draft whether it is new, changed, or the same, and fixes ids and dates of new ones.

    `known` holds what the store remembers under any key of any draft. `make_id(key, generation)` writes the id of an
    item first seen under `key`. Drafts of one article, met twice in one poll, become one item. `taken` holds
    the moments that items of the source have as `updated`: no two entries of a feed may share one, so each item of this
    poll gets a whole second of its own, the newest first. `is_no_edit` tells readings that differ by how they were
    read: readers keep the item as it is, and the next reading is compared with this one.
    """
    given = set(taken)
    here: dict[str, Known] = dict(known)
    new: dict[str, Item] = {}
    changed: dict[str, Item] = {}
    seen: dict[str, Seen] = {}
    reread: dict[str, str] = {}
    moved: list[str] = []
    doubted: list[str] = []
    for draft in sorted(drafts, key=lambda draft: draft.position):
        found = recognised(draft, here)
        if found and found.item.id in new:
            item = _joined(new[found.item.id], draft.item.keys, here)
            new[item.id] = item
        elif found and draft.again and _stranger(found.item, draft.item, timezone):
            doubted.append(found.item.id)
            continue
        elif found and not _reused(found.item, draft.item, timezone):
            item = changed.get(found.item.id, found.item)
            if item.id not in changed and _edited_since(item, draft.item):
                if is_no_edit(found, draft.item):
                    reread[item.id] = draft.item.fingerprint
                else:
                    moment = _free_second(now, given, after=item.updated)
                    item = changed[item.id] = _revised(item, draft.item, category.slug, moment)
        else:
            owned = [key for key in _asked(draft) if key in here]
            kept = tuple(key for key in draft.item.keys if is_weak(key) or key not in here or key in owned)
            generation = _generation(found.item.id, kept[0], make_id) if found else 1
            moment = _free_second(now, given)
            fresh = replace(draft, item=replace(draft.item, keys=kept))
            item = _created(fresh, category, timezone, make_id, moment, generation=generation)
            new[item.id] = item
            moved.extend(owned)
        seen[item.id] = _looked(seen.get(item.id), item, draft, category, found)
        here.update(dict.fromkeys(item.keys, Known(item=item, looked=now)))
    return Settled(
        new=tuple(new.values()),
        changed=tuple(changed.values()),
        seen=tuple(replace(one, fingerprint=reread.get(one.id, "")) for one in seen.values()),
        moved_keys=tuple(moved),
        doubted=tuple(doubted),
    )


def _asked(draft: Draft) -> tuple[str, ...]:
    return tuple(key for key in draft.asked or draft.item.keys if not is_weak(key))


def recognised(draft: Draft, known: Mapping[str, Known]) -> Known | None:
    """The known item that a draft is: by the address that was asked for, else by a key that the words bear out.

    Portals send what is gone to one page for all, and give one canonical address to many articles: such a key alone
    tells nothing (safety.md 3.1). Of equal headlines on one day with texts of their own each is an article.
    """
    if found := match(_asked(draft), known):
        return found
    return next((known[key] for key in draft.item.keys if key in known and _borne_out(key, draft, known[key])), None)


def _borne_out(key: str, draft: Draft, found: Known) -> bool:
    if not is_weak(key):
        return alike(found.item, draft.item)
    if _two_numbers(draft.item.keys, found.item.keys):
        return False
    return key.startswith("body:") or shared(found.item.text, draft.item.text) >= LIKE_TWIN


def _edited_since(old: Item, draft: Item) -> bool:
    """An edit changes the fingerprint; the listing's own words, which have none, never replace an article."""
    return bool(draft.fingerprint) and draft.fingerprint != old.fingerprint


def _stranger(old: Item, draft: Item, timezone: ZoneInfo) -> bool:
    """Whether a known address now shows a login, an error in the guise of a page, or something else not dated.

    Nothing in common with a whole article, and no day that says which of correction and reuse it is: the article stays.
    """
    if not old.fingerprint or alike(old, draft):
        return False
    return not _one_day(old, draft, timezone) and not _reused(old, draft, timezone)


def _one_day(one: Item, other: Item, timezone: ZoneInfo) -> bool | None:
    """Whether both were published on one day there, whatever zone their moments are written in; None: not known."""
    if one.published is None or other.published is None:
        return None
    return one.published.astimezone(timezone).date() == other.published.astimezone(timezone).date()


def _free_second(now: datetime, given: set[datetime], after: datetime | None = None) -> datetime:
    """A whole second that nobody has yet, now `given`: the last one up to `now`, or the next one behind `after`."""
    moment = now.replace(microsecond=0)
    while moment in given:
        moment -= SECOND
    if after is not None and moment <= after:
        moment = after.replace(microsecond=0) + SECOND
        while moment in given:
            moment += SECOND
    given.add(moment)
    return moment


def _joined(item: Item, keys: Iterable[str], here: Mapping[str, Known]) -> Item:
    """The item with more keys, but for those that belong to another."""
    free = (key for key in keys if is_weak(key) or key not in here)
    return replace(item, keys=tuple(dict.fromkeys((*item.keys, *free))))


def _reused(old: Item, draft: Item, timezone: ZoneInfo) -> bool:
    """An address given to another article: title, day and body all differ (safety.md I16)."""
    if _one_day(old, draft, timezone) is not False:
        return False
    bodies = [{key for key in item.keys if key.startswith("body:")} for item in (old, draft)]
    return old.title.casefold() != draft.title.casefold() and all(bodies) and not bodies[0] & bodies[1]


def _revised(old: Item, draft: Item, category: str, moment: datetime) -> Item:
    """The corrected item: same id, number, first sight and shown date."""
    published = min(draft.published, draft.first_seen) if draft.published else None
    return replace(
        draft,
        id=old.id,
        number=old.number,
        keys=tuple(dict.fromkeys((*old.keys, *draft.keys))),
        published=published or old.published,
        precision=draft.precision if published else old.precision,
        first_seen=old.first_seen,
        shown=old.shown,
        updated=moment,
        revision=old.revision + 1,
        categories=tuple(dict.fromkeys((*old.categories, category))),
        media=_remembered(old.media, draft.media),
    )


def _remembered(old: Sequence[MediaObject], media: Sequence[MediaObject]) -> tuple[MediaObject, ...]:
    """Media with the type and length that they had, where their server does not tell just now."""
    told = {medium.url: medium for medium in old}
    return tuple(
        replace(medium, mime=medium.mime or told[medium.url].mime, length=told[medium.url].length)
        if medium.length is None and medium.url in told
        else medium
        for medium in media
    )


def _generation(old_id: str, key: str, make_id: MakeId) -> int:
    """How often an address has been given away, the new item included."""
    return next((n + 1 for n in range(1, 100) if make_id(key, n) == old_id), 2)


def _created(
    draft: Draft, category: Category, timezone: ZoneInfo, make_id: MakeId, moment: datetime, *, generation: int
) -> Item:
    item = draft.item
    if item.published is not None:
        item = replace(item, published=min(item.published, item.first_seen))
    return replace(
        item,
        id=make_id(item.keys[0], generation),
        shown=_shown(item, draft, timezone),
        updated=moment,
        revision=1,
        categories=(category.slug,),
    )


def _shown(item: Item, draft: Draft, timezone: ZoneInfo) -> datetime:
    shown = shown_date(item, draft.position, timezone)
    if draft.below is None or item.published is not None:
        return shown
    return min(shown, draft.below - (draft.position + 1) * SECOND)


def shown_date(item: Item, position: int, timezone: ZoneInfo) -> datetime:
    """The date that feeds carry, decided once (reading.md 6).

    Full time: that time. Day only and first seen on that day, or no date: `first_seen`. Day only and seen later: noon
    of that day. Values that are ours lie a second apart by `position`, so that the order of the listing holds.
    """
    seen = item.first_seen.replace(microsecond=0)
    if item.published is None:
        return seen - position * SECOND
    if item.precision != "day":
        return min(item.published, seen).replace(microsecond=0)
    day = item.published.astimezone(timezone).date()
    if day >= seen.astimezone(timezone).date():
        return seen - position * SECOND
    return datetime.combine(day, time(12), timezone) - position * SECOND


def _looked(before: Seen | None, item: Item, draft: Draft, category: Category, found: Known | None) -> Seen:
    """The visit noted, with the time of the next: each waits half as long as the item has been known."""
    keys = tuple(key for key in draft.item.keys if found is None or key not in found.item.keys)
    at = draft.item.first_seen
    return Seen(
        id=item.id,
        keys=tuple(dict.fromkeys((*(before.keys if before else ()), *keys))),
        categories=(category.slug,),
        looked=at,
        next_look=_next_look(item, category, at),
        validators=draft.validators,
    )


def look_later(found: Known, category: Category, now: datetime) -> Seen:
    """A look that told nothing: the item stays as it is, the next look is planned."""
    return Seen(
        id=found.item.id, looked=now, next_look=_next_look(found.item, category, now), validators=found.validators
    )


def _next_look(item: Item, category: Category, now: datetime) -> datetime | None:
    """None when no look is due any more: a month after first sight.

    Nor for documents, whose digest tells, and for items whose address is another's now.
    """
    strong = [key for key in item.keys if not is_weak(key)]
    if now - item.first_seen > LOOKED_AT_FOR or not strong or strong[0].startswith("doc:"):
        return None
    return now + max(4 * category.every, (now - item.first_seen) / 2)


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


def next_state(
    before: CategoryState,
    category: Category,
    *,
    outcome: Outcome,
    finished: datetime,
    jitter: float = 0.0,
    problem: Problem | None = None,
    validators: Validators | None = None,
    digest: str | None = None,
    depth: int = 0,
    usual: int | None = None,
    shape: str | None = None,
    imprint: str | None = None,
) -> CategoryState:
    """Where polling stands after a poll. `jitter` is -1 to 1: a tenth of the back-off, so that failures spread out.

    `shape` and `imprint` are those of the list that was read (Listing): what is None stays as it was.
    `succeeded` is first set when the first walk is over: from then on walks go to known items, not to so many pages.
    """
    good = outcome in {"ok", "unchanged"}
    failures = 0 if good else before.failures + 1
    return CategoryState(
        polled=finished,
        next_poll=finished + _pause(category, outcome, failures, depth, problem, jitter),
        validators=validators if good and validators is not None else before.validators,
        digest=digest if good and digest is not None else before.digest,
        depth=depth if good else max(depth, before.depth),
        usual=usual if good and usual is not None else before.usual,
        failures=failures,
        outcome=outcome,
        succeeded=finished if good and (before.succeeded or not depth) else before.succeeded,
        problem=problem,
        shape=shape if good and shape is not None else before.shape,
        bytes_digest=imprint if good and imprint is not None else before.bytes_digest,
    )


def _pause(
    category: Category, outcome: Outcome, failures: int, depth: int, problem: Problem | None, jitter: float
) -> timedelta:
    if outcome == "suspicious" and (failures == 1 or (problem is not None and problem.code == REDESIGNED)):
        return min(SUSPICION, category.every)
    wished = min(problem.retry_after or timedelta(0), LONGEST_WAIT) if problem else timedelta(0)
    if outcome in {"ok", "unchanged"}:
        return timedelta(0) if depth and not problem else max(category.every, wished)
    doubled: timedelta = category.every * 2 ** min(failures - 1, 16)
    pause: timedelta = min(doubled, max(LONGEST_BACK_OFF, category.every)) * (1 + jitter / 10)
    return max(pause, wished)

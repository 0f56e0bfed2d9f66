"""What the articles of a poll turn out to be: new, changed, or the same. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from feedsvc.likeness import SAME, alike, shared, words_of
from feedsvc.model import Category, Item, Known, MediaObject, Seen
from feedsvc.plan.drafts import Draft, asked, recognised
from feedsvc.plan.matching import followed, is_weak
from feedsvc.plan.moments import SECOND, next_look, shown_in_list

MakeId = Callable[[str, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a poll's drafts turn out to be. `doubted`: ids of items whose page now shows something else altogether."""

    new: tuple[Item, ...]
    changed: tuple[Item, ...]
    seen: tuple[Seen, ...]
    moved_keys: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()


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
    listed: Collection[str] | None = None,
) -> Settled:
    """Decides for each draft whether it is new, changed, or the same, and fixes ids and dates of new ones.

    `known` holds what the store remembers under any key of any draft. `make_id(key, generation)` writes the id of an
    item first seen under `key`. Drafts of one article, met twice in one poll, become one item. `taken` holds
    the moments that items of the source have as `updated`: no two entries of a feed may share one, so each item of this
    poll gets a whole second of its own, the newest first. `is_no_edit` tells readings that differ by how they were
    read: readers keep the item as it is, and the next reading is compared with this one. `listed` are the keys of all
    lines of the list; None where none was read.
    """
    settling = _Settling(category, timezone, make_id, now, is_no_edit, listed, here=dict(known), given=set(taken))
    for draft in sorted(drafts, key=lambda draft: draft.position):
        settling.take(draft)
    return settling.settled()


@dataclass(slots=True)
class _Settling:
    """The articles of a poll decided so far; `here` is what is known with them, `given` the moments that are taken."""

    category: Category
    timezone: ZoneInfo
    make_id: MakeId
    now: datetime
    is_no_edit: Callable[[Known, Item], bool]
    listed: Collection[str] | None
    here: dict[str, Known]
    given: set[datetime]
    new: dict[str, Item] = field(default_factory=dict)
    changed: dict[str, Item] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)
    reread: dict[str, str] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)
    doubted: list[str] = field(default_factory=list)

    def take(self, draft: Draft) -> None:
        """Decides one draft, by all that was decided before it."""
        found = self._heir(recognised(draft, self.here), draft)
        if found and found.item.id in self.new:
            item = self.new[found.item.id] = _joined(self.new[found.item.id], draft.item.keys, self.here)
        elif found and draft.again and _stranger(found.item, draft.item, self.timezone):
            self.doubted.append(found.item.id)
            return
        elif found and not _reused(found.item, draft.item, self.timezone):
            item = self._met(found, draft)
        else:
            item = self._begun(found, draft)
        url = self._address(found, item, draft)
        self.seen[item.id] = _looked(self.seen.get(item.id), item, draft, self.category, found, url)
        self.here.update(dict.fromkeys(item.keys, Known(item=item, looked=self.now)))

    def _heir(self, found: Known | None, draft: Draft) -> Known | None:
        """The item that the draft is of, where another address of it was seen to be used again before this one.

        Then that address led to a new item, and this one follows it: the article is not begun a second time.
        """
        if found is None or not _reused(found.item, draft.item, self.timezone):
            return found
        others = (self.here[key] for key in draft.keys if key in self.here and not is_weak(key))
        heir = next((one for one in others if one.item.id != found.item.id and alike(one.item, draft.item)), None)
        if heir is None:
            return found
        handed = [key for key in asked(draft) if key in self.here and self.here[key].item.id == found.item.id]
        self.moved.extend(handed)
        if heir.item.id in self.new:
            item = self.new[heir.item.id]
            self.new[heir.item.id] = replace(item, keys=tuple(dict.fromkeys((*item.keys, *handed))))
        self.here.update(dict.fromkeys(handed, heir))
        return heir

    def _met(self, found: Known, draft: Draft) -> Item:
        """The known item, one revision further where it was edited."""
        item = self.changed.get(found.item.id, found.item)
        if item.id in self.changed or not _edited_since(item, draft.item):
            return item
        if self.is_no_edit(found, draft.item):
            self.reread[item.id] = draft.item.fingerprint
            return item
        moment = _free_second(self.now, self.given, after=item.updated)
        self.changed[item.id] = _revised(item, draft.item, self.category.slug, moment)
        return self.changed[item.id]

    def _address(self, found: Known | None, item: Item, draft: Draft) -> str:
        """The address that a known item has from now on; "" where it stays, or comes with the edit."""
        if found is None or item.id != found.item.id or item.id in self.new or not draft.item.fingerprint:
            return ""
        if draft.again:
            return draft.item.url if draft.moved else ""
        return followed(found.item, draft.item.url, asked(draft), self.listed, self.category.slug)

    def _begun(self, found: Known | None, draft: Draft) -> Item:
        """A new item; one at an address that another article (`found`) had takes that address over."""
        owned = [key for key in asked(draft) if key in self.here]
        kept = tuple(key for key in draft.item.keys if is_weak(key) or key not in self.here or key in owned)
        generation = _generation(found.item.id, kept[0], self.make_id) if found else 1
        moment = _free_second(self.now, self.given)
        fresh = replace(draft, item=replace(draft.item, keys=kept))
        item = _created(fresh, self.category, self.timezone, self.make_id, moment, generation=generation)
        self.new[item.id] = item
        self.moved.extend(owned)
        return item

    def settled(self) -> Settled:
        """All that was decided."""
        return Settled(
            new=tuple(self.new.values()),
            changed=tuple(self.changed.values()),
            seen=tuple(replace(one, fingerprint=self.reread.get(one.id, "")) for one in self.seen.values()),
            moved_keys=tuple(self.moved),
            doubted=tuple(self.doubted),
        )


def _edited_since(old: Item, draft: Item) -> bool:
    """An edit changes the fingerprint; the listing's own words, which have none, never replace an article.

    Of one whose text was let go nobody can say what was edited.
    """
    return bool(draft.fingerprint) and draft.fingerprint != old.fingerprint and old.trimmed is None


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
    """An address given to another article: title, day and body all differ (safety.md I16).

    A correction behind a text, or within it, makes no other body: one has less than nine tenths in common. The text of
    an article that was let go is not known any more; its headline and its day then have to do.
    """
    if _one_day(old, draft, timezone) is not False or words_of(old.title) == words_of(draft.title):
        return False
    if not all(any(key.startswith("body:") for key in item.keys) for item in (old, draft)):
        return False
    return old.trimmed is not None or shared(old.text, draft.text) < SAME


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
        shown=shown_in_list(item, draft, timezone),
        updated=moment,
        revision=1,
        categories=(category.slug,),
    )


def _looked(before: Seen | None, item: Item, draft: Draft, category: Category, found: Known | None, url: str) -> Seen:
    """The visit noted, with the time of the next: each waits half as long as the item has been known.

    An article that was read is there; the listing's own words tell nothing of that.
    """
    keys = tuple(key for key in draft.item.keys if found is None or key not in found.item.keys)
    at = draft.item.first_seen
    gone = None if draft.item.fingerprint else before or item
    return Seen(
        id=item.id,
        keys=tuple(dict.fromkeys((*(before.keys if before else ()), *keys))),
        categories=(category.slug,),
        looked=at,
        next_look=next_look(item, category, at),
        validators=draft.validators,
        missing=gone.missing if gone else None,
        withdrawn=gone.withdrawn if gone else None,
        url=url or (before.url if before else ""),
    )

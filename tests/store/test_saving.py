from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedsvc.errors import Conflict, LeaseLost
from feedsvc.model import CategoryState, Delivery, Query, Seen, Validators
from feedsvc.store.claims import LEASE
from feedsvc.store.tables import deliveries, metadata, revisions

MINUTE = timedelta(minutes=1)
NEWS = Query(categories=(("sapa", "tin-tuc"),))
TRAVEL = Query(categories=(("sapa", "du-lich"),))


def rows(store, table):
    """All rows of a table."""
    with store.database.reading() as db:
        return [row._asdict() for row in db.execute(sa.select(table).order_by(*table.primary_key.columns))]


def everything(store):
    """All rows of all tables: what a failed save must leave as it was."""
    return {name: rows(store, table) for name, table in metadata.tables.items()}


def delivery(item, name="d1", **more):
    """A delivery of an item to the one target."""
    plain = Delivery(
        id=name, relay="toa-soan", target="a@b", item_id=item.id, kind="new", revision=1, attempt=0, due=item.shown
    )
    return replace(plain, **more)


def test_numbers_rise_with_newness(sapa, make, now):
    """The first of a listing is the newest, so it gets the highest number."""
    make.saved(sapa, now, new=tuple(make.item(name) for name in ("moi", "giua", "cu")))
    assert [(one.title, one.number) for one in sapa.items(NEWS, 9)] == [
        ("Bản tin moi", 3),
        ("Bản tin giua", 2),
        ("Bản tin cu", 1),
    ]


def test_save_ends_the_lease(sapa, make, now):
    """After a save the category waits for its next poll and its host is free."""
    make.saved(sapa, now)
    assert [claim.category for claim in sapa.claim_due(now, 5, owner="x")] == ["du-lich"]
    assert sapa.states()[("sapa", "tin-tuc")].next_poll == now + 15 * MINUTE


def test_token_fences_off_the_late(sapa, make, now):
    """A poller whose lease was taken over stores nothing."""
    (late,) = sapa.claim_due(now, 1, owner="late", only=("sapa", "tin-tuc"))
    (new,) = sapa.claim_due(now + LEASE, 1, owner="new", only=("sapa", "tin-tuc"))
    before = everything(sapa)
    with pytest.raises(LeaseLost):
        sapa.save(make.poll(late, now, new=(make.item(),)))
    assert everything(sapa) == before
    sapa.save(make.poll(new, now, new=(make.item(),)))
    with pytest.raises(LeaseLost):
        sapa.save(make.poll(new, now))
    assert sapa.count(NEWS) == 1


@pytest.mark.parametrize(
    "second",
    [{"keys": ("url:khac",)}, {"id": "tag:khac", "keys": ("url:khac", "url:sapa.example.vn/a")}],
    ids=["id", "strong key"],
)
def test_conflict_stores_nothing(sapa, make, now, second):
    """When one of the items is stored already, nothing of the poll is: no item, key, state or delivery."""
    make.saved(sapa, now, category="du-lich", new=(make.item("a"),))
    (claim,) = sapa.claim_due(now, 1, owner="x", only=("sapa", "tin-tuc"))
    before = everything(sapa)
    fresh = make.item("b")
    poll = make.poll(
        claim,
        now,
        new=(make.item("a", **second), fresh),
        seen=(Seen(id=make.item("a").id, keys=("url:moi",), categories=("tin-tuc",), looked=now),),
        deliveries=(delivery(fresh),),
    )
    with pytest.raises(Conflict):
        sapa.save(poll)
    assert everything(sapa) == before
    sapa.save(make.poll(claim, now, new=(fresh,)))
    assert sapa.count(NEWS) == 2


def test_unknown_item_is_a_conflict(sapa, make, now):
    """A poll that speaks of an item that is not stored decided on something else: nothing of it is kept."""
    for part in ({"seen": (Seen(id="tag:none"),)}, {"changed": (make.item("none", revision=2),)}):
        with pytest.raises(Conflict):
            make.saved(sapa, now, new=(make.item("b"),), **part)
        now += LEASE
    assert sapa.count(NEWS) == 0


def test_keys_are_a_source_s_own(store, make, now):
    """Two sources may have items under the same key."""
    make.synced(store, make.category(), make.category("bac-ha"))
    make.saved(store, now, new=(make.item("a"),))
    make.saved(store, now, source="bac-ha", new=(make.item("a", id="tag:other", source="bac-ha"),))
    assert store.known("bac-ha", ["url:sapa.example.vn/a"])["url:sapa.example.vn/a"].item.id == "tag:other"


def test_weak_key_of_two_leads_to_none(sapa, make, now):
    """Two articles may share a title's or a body's key; then it finds neither, and while one has it, that one."""
    weak = ("title:lịch công tác tuần này|2026-03-02", "body:1234")
    make.saved(sapa, now, new=(make.item("a", keys=("url:a", *weak)),))
    assert sapa.known("sapa", weak).keys() == set(weak)
    make.saved(sapa, now, new=(make.item("b", keys=("url:b", weak[0])),))
    found = sapa.known("sapa", [*weak, "url:b"])
    assert {key: one.item.id[-1] for key, one in found.items()} == {weak[1]: "a", "url:b": "b"}


def test_moved_key_leads_to_the_new_item(sapa, make, now):
    """An address that carries another article now leads to that one; the old item stays, with its other keys."""
    make.saved(sapa, now, new=(make.item("a", keys=("url:a", "num:a|77")),))
    reused = make.item("a2", keys=("url:a",))
    make.saved(sapa, now, new=(reused,), moved_keys=("url:a",))
    found = sapa.known("sapa", ["url:a", "num:a|77"])
    assert found["url:a"].item.id == reused.id
    assert found["num:a|77"].item.keys == ("num:a|77",)
    assert sapa.count(NEWS) == 2


def test_seen_adds_what_was_missing(sapa, make, now):
    """An item met again gains keys and a category behind those it had; validators come with a look at its page."""
    item = make.item("a")
    make.saved(sapa, now, new=(item,))
    later = now + MINUTE
    seen = Seen(id=item.id, keys=("url:b", *item.keys, "url:c"), categories=("du-lich", "tin-tuc"))
    make.saved(sapa, later, category="du-lich", seen=(seen, seen))
    (one,) = sapa.known("sapa", ["url:c"]).values()
    assert one.item.keys == (*item.keys, "url:b", "url:c")
    assert one.item.categories == ("tin-tuc", "du-lich")
    assert (one.looked, one.validators) == (now, Validators())
    make.saved(sapa, later, seen=(Seen(id=item.id, looked=later, validators=Validators(etag='"7"')),))
    (again,) = sapa.known("sapa", ["url:c"]).values()
    assert (again.looked, again.validators) == (later, Validators(etag='"7"'))


def test_seen_never_takes_a_key(sapa, make, now):
    """A strong key that leads to one item stays with it when another is met under it, and the poll is kept."""
    make.saved(sapa, now, new=(make.item("a"), make.item("b")))
    stolen = make.item("a").keys
    make.saved(sapa, now, seen=(Seen(id=make.item("b").id, keys=(*stolen, "url:c")),))
    found = sapa.known("sapa", [*stolen, "url:c"])
    assert [found[key].item.title for key in (*stolen, "url:c")] == ["Bản tin a", "Bản tin b"]


def test_new_item_may_be_seen_with_its_validators(sapa, make, now):
    """The validators of a new item's page are kept when the same poll tells them."""
    item = make.item("a")
    make.saved(sapa, now, new=(item,), seen=(Seen(id=item.id, looked=now, validators=Validators(etag='"1"')),))
    assert sapa.known("sapa", item.keys)[item.keys[0]].validators == Validators(etag='"1"')


def test_a_reading_that_is_no_edit_moves_the_mark_alone(sapa, make, now):
    """A fingerprint that comes with a look takes the place of the old one; readers see no change."""
    make.saved(sapa, now, new=(make.item(),))
    (before,) = sapa.items(NEWS, 9)
    told = sapa.revision(NEWS)
    make.saved(sapa, now, seen=(Seen(id=before.id, looked=now, fingerprint="khac"),))
    (after,) = sapa.items(NEWS, 9)
    assert after == replace(before, fingerprint="khac")
    assert sapa.revision(NEWS) == told


def test_change_keeps_the_old_version(sapa, make, now):
    """A changed item has its new words; the old ones are kept; first sight, shown date and number never move."""
    item = make.item("a", text="Bản cũ")
    make.saved(sapa, now, new=(item,))
    later = now + MINUTE
    edited = replace(
        item,
        text="Bản mới",
        revision=2,
        updated=later,
        first_seen=later,
        shown=later,
        keys=("url:b",),
        categories=("du-lich",),
    )
    make.saved(sapa, later, changed=(edited,))
    expected = replace(
        item,
        text="Bản mới",
        revision=2,
        updated=later,
        number=1,
        keys=(*item.keys, "url:b"),
        categories=("tin-tuc", "du-lich"),
    )
    assert sapa.item(1) == expected
    assert sapa.known("sapa", ["url:b"])["url:b"].looked == later
    (kept,) = rows(sapa, revisions)
    assert (kept["item"], kept["revision"], kept["text"], kept["updated"]) == (1, 1, "Bản cũ", now)


def test_change_of_a_changed_item_is_a_conflict(sapa, make, now):
    """Of two polls that edit the same version, the second decides anew."""
    item = make.item("a")
    make.saved(sapa, now, new=(item,))
    make.saved(sapa, now, changed=(replace(item, revision=2, title="Một"),))
    with pytest.raises(Conflict):
        make.saved(sapa, now, changed=(replace(item, revision=2, title="Hai"),))
    assert sapa.item(1).title == "Một"


def test_revision_rises_with_changes_alone(sapa, make, now):
    """Readers are told of each change of a category's items, of none in others, and of no poll that brings nothing."""
    item = make.item("a")

    def numbers():
        return [sapa.revision(query).number for query in (NEWS, TRAVEL)]

    assert numbers() == [0, 0]
    make.saved(sapa, now, new=(item,))
    assert numbers() == [1, 0]
    assert sapa.revision(NEWS).changed == now
    make.saved(sapa, now + MINUTE, seen=(Seen(id=item.id, keys=("url:b",), categories=("tin-tuc",), looked=now),))
    make.saved(sapa, now + MINUTE, outcome="unchanged")
    assert numbers() == [1, 0]
    make.saved(sapa, now + MINUTE, category="du-lich", seen=(Seen(id=item.id, categories=("du-lich",)),))
    assert numbers() == [2, 1]  # readers of the first see the second one named too
    make.saved(sapa, now + 2 * MINUTE, changed=(replace(item, revision=2, title="Sửa"),))
    assert numbers() == [3, 2]
    both = sapa.revision(Query(categories=NEWS.categories + TRAVEL.categories))
    assert (both.number, both.changed) == (5, now + 2 * MINUTE)


def test_failed_poll_changes_the_state_alone(sapa, make, now):
    """A poll without items leaves everything but its category as it was."""
    make.saved(sapa, now, new=(make.item("a"),))
    before = everything(sapa)
    make.saved(sapa, now + MINUTE, outcome="failed", state=CategoryState(polled=now, failures=1, outcome="failed"))
    after = everything(sapa)
    assert [name for name in before if before[name] != after[name]] == ["categories"]


def test_deliveries_wait_in_the_outbox(sapa, make, now):
    """Deliveries are stored with the poll that caused them, each once."""
    item = make.item("a")
    make.saved(sapa, now, new=(item,), deliveries=(delivery(item),))
    make.saved(sapa, now, deliveries=(delivery(item), delivery(item, "d2"), delivery(item, "d3", target="c@d")))
    assert [(row["id"], row["state"], row["due"]) for row in rows(sapa, deliveries)] == [
        ("d1", "due", now),
        ("d3", "due", now),
    ]

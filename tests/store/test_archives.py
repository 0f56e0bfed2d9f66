from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedsvc.model import WINDOW, Deletion, Query, Seen
from feedsvc.store import open_store
from feedsvc.store.tables import item_categories

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NEWS = Query(categories=(("sapa", "tin-tuc"),))
TRAVEL = Query(categories=(("sapa", "du-lich"),))
BOTH = Query(categories=NEWS.categories + TRAVEL.categories)


def names(found):
    """The last parts of the ids, in order."""
    return [item.id.rpartition("/")[2] for item in found]


def many(make, first, count, **more):
    """New items in the order of a listing: the newest first; their names are their numbers."""
    return tuple(make.item(f"{n}", **more) for n in reversed(range(first, first + count)))


def test_blocks_follow_the_order_of_arrival(sapa, make, now):
    """Fifty items in the order in which they came are a block, whatever their dates; what is behind is in none yet."""
    make.saved(sapa, now, new=many(make, 1, 60))
    make.saved(sapa, now, new=many(make, 61, 50, shown=now - DAY))
    assert sapa.archives(NEWS) == 2
    first, second = sapa.archive(NEWS, 51), sapa.archive(NEWS, 101)
    assert names(first.items) == [f"{n}" for n in range(50, 0, -1)]
    assert names(second.items) == [f"{n}" for n in (*range(60, 50, -1), *range(100, 60, -1))]
    assert (first.archive, second.archive) == (None, 51)
    newest = sapa.stretch(NEWS, WINDOW, archived=True)
    assert names(newest.items) == [f"{n}" for n in (*range(60, 10, -1), *range(110, 100, -1))]
    assert (newest.archive, newest.older) == (101, True)


@pytest.mark.parametrize("before", [0, 1, 50, 52, 101, 151, 2**40])
def test_no_other_number_is_an_archive(sapa, make, now, before):
    """A block that ends elsewhere, or is not full, is none."""
    make.saved(sapa, now, new=many(make, 1, 99))
    assert sapa.archive(NEWS, before) is None
    assert sapa.archive(NEWS, 51) is not None


def test_nothing_stored_nothing_archived(sapa):
    """A category without items, and no category at all, have an empty newest stretch and no archive."""
    for query in (NEWS, BOTH, Query(categories=())):
        newest = sapa.stretch(query, WINDOW, archived=True)
        assert (newest.items, newest.deleted, newest.archive, newest.older) == ((), (), None, False)
        assert (sapa.archives(query), sapa.archive(query, 51)) == (0, None)


def test_pages_of_the_newest(sapa, make, now):
    """Pages hold the newest by date and say whether there are older ones; they name no archive."""
    make.saved(sapa, now, new=many(make, 1, 60))
    first, second = sapa.stretch(NEWS, 50), sapa.stretch(NEWS, 50, offset=50)
    assert (names(first.items)[-1], first.older, first.archive) == ("11", True, None)
    assert (names(second.items)[0], second.older) == ("10", False)


def test_a_late_category_is_an_arrival_at_its_end(sapa, make, now):
    """An old item that gains a category comes last in it, and keeps its place where it was; merged it counts once."""
    make.saved(sapa, now, new=many(make, 1, 50))
    make.saved(sapa, now, category="du-lich", new=many(make, 51, 50, categories=("du-lich",)))
    before = [sapa.archive(query, 51) for query in (NEWS, TRAVEL, BOTH)]
    late = Seen(id=make.item("7").id, categories=("du-lich",))
    make.saved(sapa, now, category="du-lich", seen=(late,), new=many(make, 101, 49, categories=("du-lich",)))
    assert [sapa.archive(query, 51) for query in (NEWS, TRAVEL, BOTH)] == before
    assert "7" in names(sapa.archive(TRAVEL, 101).items)
    assert [sapa.archives(query) for query in (NEWS, TRAVEL, BOTH)] == [1, 2, 2]
    assert len(sapa.stretch(BOTH, 1, archived=True).items) == 49


def test_withdrawn_items_leave_their_places_empty(sapa, make, now):
    """A withdrawal shifts no block; the archive tells of it for ever, the newest document for thirty days of changes."""
    make.saved(sapa, now, new=many(make, 1, 60))
    gone = Seen(id=make.item("7").id, looked=now, missing=now, withdrawn=now)
    make.saved(sapa, now, seen=(gone,))
    told = (Deletion(id=gone.id, when=now),)
    block = sapa.archive(NEWS, 51)
    assert (len(block.items), block.deleted) == (49, told)
    assert sapa.stretch(NEWS, WINDOW, archived=True).deleted == told
    assert sapa.stretch(NEWS, WINDOW, offset=WINDOW).deleted == ()
    late = now + 31 * DAY
    make.saved(sapa, late, new=(make.item("61", updated=late),))
    assert sapa.stretch(NEWS, WINDOW, archived=True).deleted == ()
    assert sapa.archive(NEWS, 51).deleted == told


def test_withdrawals_of_others_are_not_told(sapa, make, now):
    """Of what is withdrawn a feed tells only what it held: its categories, words and dates."""
    make.saved(sapa, now, new=(make.item("a", title="Mưa đá"), make.item("b", shown=now - DAY)))
    make.saved(sapa, now, seen=tuple(Seen(id=make.item(n).id, looked=now, withdrawn=now) for n in "ab"))
    assert sapa.stretch(TRAVEL, 9).deleted == ()
    for query in (replace(NEWS, words=("mưa đá",)), replace(NEWS, since=now), replace(NEWS, search="da mua")):
        assert [one.id[-1] for one in sapa.stretch(query, 9).deleted] == ["a"]


def test_words_shift_no_block(sapa, make, now):
    """Blocks of a feed with words are those of all items; the next block that holds some is named, empty ones skipped."""
    words = {"5": "Lễ hội", "160": "Lễ hội"}
    make.saved(sapa, now, new=tuple(replace(item, text=words.get(item.id.rpartition("/")[2], "")) for item in many(make, 1, 180)))  # fmt: skip
    festival = replace(NEWS, words=("lễ hội",))
    newest = sapa.stretch(festival, WINDOW, archived=True)
    assert (names(newest.items), newest.archive) == (["160", "5"], 51)
    assert [names(sapa.archive(festival, before).items) for before in (51, 101, 151)] == [["5"], [], []]
    (item,) = (one for one in sapa.archive(NEWS, 101).items if one.id.endswith("/70"))
    make.saved(sapa, now, changed=(replace(item, text="Lễ hội", revision=2),))
    assert sapa.stretch(festival, WINDOW, archived=True).archive == 101
    assert [names(sapa.archive(festival, before).items) for before in (51, 101)] == [["5"], ["70"]]
    assert sapa.archive(festival, 101).archive == 51
    assert sapa.archive(festival, 51).archive is None


def test_an_archive_knows_what_was_known_when_it_was_full(store, make, now):
    """Categories and pages of other portals that come later change no archive, only the newest document."""
    make.synced(store, make.category(), make.category(slug="du-lich"), make.category("bac-ha"))
    bridge = "title:khánh thành cầu treo bắc qua suối bạc sau hai năm|2026-03-02"
    told = make.item("1", keys=("url:1", bridge))
    make.saved(store, now, new=(*many(make, 2, 49), told))
    merged = Query(categories=(*BOTH.categories, ("bac-ha", "tin-tuc")), once=True)
    before = store.archive(merged, 51)
    make.saved(store, now, category="du-lich", seen=(Seen(id=told.id, categories=("du-lich",)),))
    again = make.item("x", id="tag:x:bac-ha/x", source="bac-ha", url="https://bac-ha.example.vn/x", keys=("url:x", bridge))  # fmt: skip
    make.saved(store, now, source="bac-ha", new=(again,))
    after = store.archive(merged, 51)
    assert after == before
    assert [item.related for item in after.items] == [item.related for item in before.items] == [()] * 50
    (shown,) = (item for item in store.items(merged, 99) if item.id == told.id)
    assert (shown.categories, shown.related) == (("tin-tuc", "du-lich"), (again.url,))


def test_arrivals_rise_without_gap_or_repeat(url, make, now):
    """Sources that are saved at the same time share one order of arrival, in which no number is given twice."""
    store = open_store(url)
    make.synced(store, *(make.category(f"s{n}") for n in range(4)))

    def poll(n):
        for k in range(5):
            new = tuple(make.item(f"{n}-{k}-{i}", source=f"s{n}", id=f"tag:x:{n}/{k}/{i}") for i in range(3))
            make.saved(store, now, source=f"s{n}", new=tuple(replace(one, keys=(f"url:{one.id}",)) for one in new))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(poll, range(4)))
    with store.database.reading() as db:
        numbers = list(db.execute(sa.select(item_categories.c.arrival).order_by(item_categories.c.arrival)).scalars())
    assert numbers == list(range(1, 61))
    store.close()


def test_who_sees_an_arrival_sees_all_before_it(url, make, now):
    """While polls are stored, a reader's last place only moves on: no arrival appears behind one that was seen."""
    store = open_store(url)
    make.synced(store, *(make.category(f"s{n}") for n in range(3)))
    merged = Query(categories=tuple((f"s{n}", "tin-tuc") for n in range(3)))
    asked = sa.select(item_categories.c.item).order_by(item_categories.c.arrival)

    def poll(n):
        for k in range(20):
            new = make.item(f"{n}-{k}", source=f"s{n}", id=f"tag:x:{n}/{k}", keys=(f"url:{n}/{k}",))
            make.saved(store, now, source=f"s{n}", new=(new,))

    seen: list[int] = []
    with ThreadPoolExecutor(3) as pool:
        polls = [pool.submit(poll, n) for n in range(3)]
        while True:
            ended = all(one.done() for one in polls)
            with store.database.reading() as db:
                found = list(db.execute(asked).scalars())
            assert found[: len(seen)] == seen
            seen = found
            if ended:
                break
    assert [one.result() for one in polls] == [None] * 3
    assert (len(seen), store.archives(merged)) == (60, 1)
    store.close()

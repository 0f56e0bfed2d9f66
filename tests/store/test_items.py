from __future__ import annotations

import unicodedata
from datetime import timedelta

import pytest

from feedsvc.model import Measure, Query, Revision, Seen
from feedsvc.store import open_store

MINUTE = timedelta(minutes=1)
NEWS = ("sapa", "tin-tuc")
TRAVEL = ("sapa", "du-lich")


def titles(found):
    """The titles, in order."""
    return [item.title for item in found]


def test_newest_first(sapa, make, now):
    """Items come by shown date, then by number, falling; offset goes on where limit ended."""
    old = make.item("cu", shown=now - MINUTE)
    make.saved(sapa, now, new=(old, make.item("b"), make.item("c")))
    query = Query(categories=(NEWS,))
    assert titles(sapa.items(query, 9)) == ["Bản tin b", "Bản tin c", "Bản tin cu"]
    assert titles(sapa.items(query, 1, offset=1)) == ["Bản tin c"]
    assert sapa.items(query, 0) == []


def test_merged_categories_list_an_item_once(sapa, make, now):
    """An item in two categories is one item of the feed of both."""
    make.saved(sapa, now, new=(make.item("a", categories=("tin-tuc", "du-lich")), make.item("b", shown=now - MINUTE)))
    both = Query(categories=(NEWS, TRAVEL))
    assert titles(sapa.items(both, 9)) == ["Bản tin a", "Bản tin b"]
    assert sapa.count(both) == 2
    assert sapa.count(Query(categories=(TRAVEL,))) == 1


def test_no_category_no_item(sapa, make, now):
    """A query without categories is an empty feed, as is one of an unknown category."""
    make.saved(sapa, now, new=(make.item("a"),))
    for query in (Query(categories=()), Query(categories=(("khac", "tin-tuc"),))):
        assert (sapa.items(query, 9), sapa.count(query), sapa.revision(query)) == ([], 0, Revision(number=0))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("BÌNH ĐẲNG GIỚI",), ["a"]),
        ((unicodedata.normalize("NFD", "bình đẳng giới"),), ["a"]),
        (("bình\n đẳng  giới",), ["a"]),
        (("binh dang gioi",), []),
        (("phụ nữ", "chợ phiên"), ["a", "b"]),
        (("100%_",), ["b"]),
        (("100%x",), []),
        (("1000",), []),
        (("giới phụ nữ",), []),
        (("  ",), ["a", "b"]),
        (("straße",), ["b"]),
    ],
)
def test_words(sapa, make, now, words, found):
    """Words are found in title, lead and text whatever their letter case, Unicode spelling and spaces, never across."""
    first = make.item("a", title="Hội thi Bình đẳng giới", summary="Phụ nữ vùng cao", text="Sáng nay")
    second = make.item(
        "b", title="Tin", text=unicodedata.normalize("NFD", "Chợ phiên\nđạt 100%_ STRASSE"), shown=now - MINUTE
    )
    make.saved(sapa, now, new=(first, second))
    query = Query(categories=(NEWS, TRAVEL), words=words)
    assert [item.id[-1] for item in sapa.items(query, 9)] == found
    assert sapa.count(query) == len(found)


def test_words_follow_a_change(sapa, make, now):
    """After an edit the new words are found and the old ones are not."""
    make.saved(sapa, now, new=(make.item("a", text="Mùa lúa"),))
    make.saved(sapa, now, changed=(make.item("a", text="Mùa hoa", revision=2),))
    assert sapa.count(Query(categories=(NEWS,), words=("mùa hoa",))) == 1
    assert sapa.count(Query(categories=(NEWS,), words=("mùa lúa",))) == 0


def test_item_by_number(sapa, make, now):
    """A number leads to its item; an unknown one to none."""
    make.saved(sapa, now, new=(make.item("a"),))
    assert sapa.item(1).id == make.item("a").id
    assert sapa.item(2) is None


def test_known_takes_any_number_of_keys(sapa, make, now):
    """More keys than a statement takes values are looked up all the same, at one moment."""
    make.saved(sapa, now, new=tuple(make.item(f"n{n}") for n in range(450)))
    keys = [f"url:sapa.example.vn/n{n}" for n in range(40_000)]
    found = sapa.known("sapa", keys)
    assert len(found) == 450
    assert all(key in one.item.keys for key, one in found.items())
    assert sapa.known("sapa", []) == {}


def test_updates_are_those_of_the_source_since_a_moment(sapa, make, now):
    """The moments that items of a source changed at are told from a moment on, older ones are not."""
    new = tuple(make.item(name, updated=now - timedelta(minutes=n)) for n, name in enumerate("abc"))
    make.saved(sapa, now, new=new)
    assert sapa.updates("sapa", since=now - MINUTE) == {now, now - MINUTE}
    assert sapa.updates("khac", since=now - MINUTE) == set()


def test_looks_that_are_due(sapa, make, now):
    """Items of the category whose next look is due come, the one due longest ago first; no look planned, none due."""
    hours = [now + timedelta(hours=n) for n in range(5)]
    new = (*(make.item(name) for name in "abcd"), make.item("e", categories=("du-lich",)))
    plan = dict(zip("abce", (hours[2], hours[1], hours[4], hours[1]), strict=True))
    seen = tuple(Seen(id=make.item(name).id, looked=now, next_look=due) for name, due in plan.items())
    make.saved(sapa, now, new=new, seen=seen)

    def due(limit=9):
        return [one.item.id[-1] for one in sapa.looks("sapa", "tin-tuc", due=hours[2], limit=limit)]

    assert due() == ["b", "a"]
    assert due(limit=1) == ["b"]
    make.saved(sapa, now, seen=(Seen(id=make.item("b").id, keys=("url:x",)),))
    assert due() == ["b", "a"]
    make.saved(sapa, now, seen=(Seen(id=make.item("b").id, looked=now),))
    assert due() == ["a"]


def test_items_outlive_the_process(url, make, now):
    """Ids, numbers and everything else are the same after a restart; numbers go on rising."""
    first = open_store(url)
    make.synced(first, make.category())
    make.saved(first, now, new=(make.item("a"), make.item("b")))
    query = Query(categories=(NEWS,))
    before = first.items(query, 9)
    first.close()
    second = open_store(url)
    assert second.items(query, 9) == before
    make.saved(second, now, new=(make.item("c"),))
    assert second.items(query, 1)[0].number == 3
    second.close()


def test_measures(store, now):
    """The newest measure of an address is kept under the address that was asked for, until it is too old."""
    asked = "https://sapa.example.vn/" + "anh/" * 3000
    first = Measure(url="https://cdn.example.vn/a.jpg", status=200, mime="image/jpeg", length=5_000_000_000)
    store.save_measures(
        {asked: first, "https://x/": Measure(url="https://x/", status=404, mime=None, length=None)}, now
    )
    assert store.measures([asked, "https://khac/"], after=now - MINUTE) == {asked: first}
    second = Measure(url=asked, status=200, mime="image/webp", length=7)
    store.save_measures({asked: second}, now + MINUTE)
    assert store.measures([asked, "https://x/"], after=now) == {asked: second}
    store.save_measures({}, now)
    assert store.measures([], after=now) == {}


def test_reader_never_waits_for_a_writer(sapa, make, now):
    """While a poll is being stored, readers see what was there before it, at once and whole."""
    make.saved(sapa, now, new=(make.item("a"),))
    query = Query(categories=(NEWS,))
    with sapa.database.writing() as db:
        db.exec_driver_sql("UPDATE items SET title = 'nửa chừng'")
        db.exec_driver_sql("DELETE FROM item_keys")
        (item,) = sapa.items(query, 9)
        assert (item.title, item.keys) == ("Bản tin a", make.item("a").keys)
        assert sapa.revision(query).number == 1
        assert sapa.known("sapa", item.keys)


def test_one_read_sees_one_state(sapa, make, now):
    """What is stored while a reader reads comes whole with its next read, never halfway through one."""
    make.saved(sapa, now, new=(make.item("a"),))
    counted = "SELECT count(*) FROM items"
    with sapa.database.reading() as db:
        assert db.exec_driver_sql(counted).scalar_one() == 1
        make.saved(sapa, now, new=(make.item("b"),))
        assert db.exec_driver_sql(counted).scalar_one() == 1
    with sapa.database.reading() as db:
        assert db.exec_driver_sql(counted).scalar_one() == 2

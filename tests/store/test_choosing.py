from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest

from feedsvc.model import MediaObject, Query, Seen

MINUTE = timedelta(minutes=1)
NEWS = ("sapa", "tin-tuc")
BRIDGE = "title:khánh thành cầu treo bắc qua suối bạc sau hai năm|2026-03-02"
NOTICE = "title:thông báo lịch tiếp công dân tháng ba của xã|2026-03-02"


def names(found):
    """The last letters of the ids, in order."""
    return [item.id.rpartition("/")[2] for item in found]


@pytest.fixture
def three(store, make):
    """A store with three portals of one category each."""
    make.synced(store, *(make.category(name) for name in ("sapa", "bac-ha", "bat-xat")))
    return store


ALL = tuple((name, "tin-tuc") for name in ("sapa", "bac-ha", "bat-xat"))
ONCE = Query(categories=ALL, once=True)


def tell(store, make, now, source, name, *keys, **more):
    """An article of a portal is stored."""
    url = f"https://{source}.example.vn/{name}"
    item = make.item(name, id=f"tag:x:{source}/{name}", source=source, url=url, keys=(f"url:{source}/{name}", *keys))
    make.saved(store, now, source=source, new=(replace(item, **more),))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("lu quet",), ["a"]),
        (("LŨ QUÉT",), ["a"]),
        ((unicodedata.normalize("NFD", "lũ quét"),), ["a"]),
        (("lu",), ["a"]),
        (("duong",), ["b"]),
        (("quet o",), []),
        (("lua", "di"), ["b"]),
        (("%",), ["a", "b"]),
    ],
)
def test_words_without_marks(sapa, make, now, words, found):
    """Where marks do not count, whole words are found however they are written, never across two texts."""
    first = make.item("a", title="Lũ quét", summary="Ở bản Tả Phìn")
    second = make.item("b", title="Mùa lúa", text="Đường đi dễ hơn", shown=now - MINUTE)
    make.saved(sapa, now, new=(first, second))
    query = Query(categories=(NEWS, ("sapa", "du-lich")), words=words, marks=False)
    assert names(sapa.items(query, 9)) == found
    assert sapa.count(query) == len(found)


@pytest.mark.parametrize(
    ("search", "found"),
    [("hoa mận", ["a"]), ("mận HOA", ["a"]), ("hoa", ["a", "b"]), ("hoa lúa", []), ("?!", ["a", "b"]), ("ma", [])],
)
def test_search(sapa, make, now, search, found):
    """All words of a search occur somewhere in the item, whatever their order, marks and case."""
    first = make.item("a", title="Mận nở", text="Hoa trắng cả thung lũng")
    make.saved(sapa, now, new=(first, make.item("b", title="Hoa", shown=now - MINUTE)))
    assert names(sapa.items(Query(categories=(NEWS,), search=search), 9)) == found


def test_since(sapa, make, now):
    """What was shown before the moment is left out, what was shown at it is not."""
    new = tuple(make.item(name, shown=now - n * MINUTE) for n, name in enumerate("abc"))
    make.saved(sapa, now, new=new)
    query = Query(categories=(NEWS, ("sapa", "du-lich")), since=now - MINUTE)
    assert (names(sapa.items(query, 9)), sapa.count(query)) == (["a", "b"], 2)


def test_media(sapa, make, now):
    """Items with a medium of the kind are found; a caption that looks like one is none."""
    film = MediaObject(url="https://sapa.example.vn/a.mp4", kind="video")
    photo = MediaObject(url="https://sapa.example.vn/b.jpg", kind="image", caption='"kind":"video"')
    make.saved(sapa, now, new=(make.item("a", media=(photo, film)), make.item("b", media=(photo,)), make.item("c")))
    assert names(sapa.items(Query(categories=(NEWS,), media="video"), 9)) == ["a"]
    assert names(sapa.items(Query(categories=(NEWS,), media="image"), 9)) == ["a", "b"]


def test_choices_compose(sapa, make, now):
    """Words, search, date and medium all hold together."""
    film = (MediaObject(url="https://sapa.example.vn/a.mp4", kind="video"),)
    new = (
        make.item("a", title="Lễ hội xuống đồng", media=film),
        make.item("b", title="Lễ hội xuống đồng"),
        make.item("c", title="Lễ hội đua ngựa", media=film),
        make.item("d", title="Lễ hội xuống đồng", media=film, shown=now - MINUTE),
    )
    make.saved(sapa, now, new=new)
    query = Query(categories=(NEWS,), words=("lễ hội",), search="dong", since=now, media="video")
    assert names(sapa.items(query, 9)) == ["a"]


def test_withdrawn_items_are_not_among_them(sapa, make, now):
    """An item that was withdrawn is in no list and in no number, and is there again when it comes back."""
    make.saved(sapa, now, new=(make.item("a"), make.item("b")))
    gone = Seen(id=make.item("a").id, looked=now, missing=now, withdrawn=now)
    make.saved(sapa, now, seen=(gone,))
    query = Query(categories=(NEWS, ("sapa", "du-lich")))
    assert (names(sapa.items(query, 9)), sapa.count(query)) == (["b"], 1)
    assert sapa.item(2).withdrawn == now
    make.saved(sapa, now, seen=(Seen(id=gone.id, looked=now),))
    assert sapa.count(query) == 2


def test_each_story_once(three, make, now):
    """Of a story that several portals tell the first one stays; it names the pages of the others, in their order."""
    tell(three, make, now, "bac-ha", "a", BRIDGE)
    tell(three, make, now, "sapa", "b", BRIDGE, shown=now + MINUTE)
    tell(three, make, now, "bat-xat", "c", BRIDGE, shown=now - MINUTE)
    (only,) = three.items(ONCE, 9)
    assert only.id == "tag:x:bac-ha/a"
    assert only.related == ("https://sapa.example.vn/b", "https://bat-xat.example.vn/c")
    assert three.count(ONCE) == 1
    assert three.count(replace(ONCE, once=False)) == 3
    assert [item.related for item in three.items(replace(ONCE, once=False), 9)] == [()] * 3


def test_notices_of_two_offices_are_two_stories(three, make, now):
    """A headline that every office writes does not make two articles one; an equal body does."""
    tell(three, make, now, "sapa", "a", NOTICE, "body:" + "0" * 32)
    tell(three, make, now, "bac-ha", "b", NOTICE, "body:" + "1" * 32)
    assert three.count(ONCE) == 2
    tell(three, make, now, "bat-xat", "c", NOTICE, "body:" + "1" * 32)
    assert names(three.items(ONCE, 9)) == ["b", "a"]


def test_two_articles_of_one_portal_stay_two(three, make, now):
    """A portal that tells two articles apart is believed."""
    tell(three, make, now, "sapa", "a", BRIDGE)
    tell(three, make, now, "sapa", "b", BRIDGE)
    assert three.count(ONCE) == 2


def test_a_telling_without_the_words_hides_none(three, make, now):
    """In a feed with words, only an article that has them stands for its story."""
    tell(three, make, now, "sapa", "a", BRIDGE)
    tell(three, make, now, "bac-ha", "b", BRIDGE, text="Cầu treo mới")
    assert names(three.items(replace(ONCE, words=("cầu treo",)), 9)) == ["b"]


def test_a_story_outside_the_feed_hides_none(three, make, now):
    """Only categories of the feed count, for what is hidden and for what is named."""
    tell(three, make, now, "sapa", "a", BRIDGE)
    tell(three, make, now, "bac-ha", "b", BRIDGE)
    (only,) = three.items(replace(ONCE, categories=ALL[1:]), 9)
    assert (only.id, only.related) == ("tag:x:bac-ha/b", ())


def test_an_edit_makes_no_story(three, make, now):
    """An edited headline neither hides another portal's article nor brings one back."""
    tell(three, make, now, "sapa", "a", BRIDGE)
    tell(three, make, now, "bac-ha", "b")
    (b, a) = three.items(ONCE, 9)
    make.saved(three, now, source="bac-ha", changed=(replace(b, keys=(*b.keys, BRIDGE), revision=2, title="Cầu"),))
    make.saved(three, now, changed=(replace(a, revision=2, title="Cầu khác"),))
    assert names(three.items(ONCE, 9)) == ["b", "a"]


def test_a_withdrawn_telling_hides_none(three, make, now):
    """When the first portal withdraws its article, that of the next one stands for the story."""
    tell(three, make, now, "sapa", "a", BRIDGE)
    tell(three, make, now, "bac-ha", "b", BRIDGE)
    make.saved(three, now, seen=(Seen(id="tag:x:sapa/a", looked=now, missing=now, withdrawn=now),))
    (only,) = three.items(ONCE, 9)
    assert (only.id, only.related) == ("tag:x:bac-ha/b", ())


@pytest.mark.parametrize("count", [2, 12, 25])
def test_newest_of_many_categories(store, make, now, count):
    """Merged categories are in one order, however many they are and however far behind one looks."""
    make.synced(store, *(make.category(f"s{n}") for n in range(count)))
    for n in range(count):
        new = tuple(
            make.item(f"{n}-{k}", source=f"s{n}", id=f"tag:x:s{n}/{n}-{k}", keys=(f"url:{n}/{k}",),
                      shown=now - MINUTE * (n + count * k))
            for k in range(4)
        )  # fmt: skip
        make.saved(store, now, source=f"s{n}", new=new)
    names_of_all = [f"{n}-{k}" for k in range(4) for n in range(count)]
    query = Query(categories=tuple((f"s{n}", "tin-tuc") for n in range(count)))
    assert names(store.items(query, 1000)) == names_of_all
    assert names(store.items(query, 3, offset=count + 1)) == names_of_all[count + 1 : count + 4]
    worded = replace(query, words=("bản tin",))
    assert names(store.items(worded, 3, offset=count + 1)) == names_of_all[count + 1 : count + 4]
    assert names(store.items(replace(query, words=("bản tin 1-3",)), 3)) == ["1-3"]


def test_stored_and_retired(sapa, make, now):
    """The store tells which ids it has, and which categories were polled once and are wanted no more."""
    make.saved(sapa, now, new=(make.item("a"),))
    assert sapa.stored([make.item("a").id, "tag:none"]) == {make.item("a").id}
    assert sapa.stored([]) == set()
    assert sapa.retired() == set()
    make.synced(sapa, make.category(slug="moi"))
    assert sapa.retired() == {NEWS}

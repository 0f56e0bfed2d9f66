"""What the store remembers of copies, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedsvc.model import WINDOW, Copy, Kept, Lacking, Measure, MediaObject, Query

PICTURE = "https://sapa.example.vn/anh/cho-phien.jpg"
STILL = "https://sapa.example.vn/anh/ruong-bac-thang.jpg"
DAY = timedelta(days=1)


def copy_of(url, letter="a", **more):
    """A copy whose file is called by one letter, 64 times."""
    plain = Copy(url=url, name=f"{letter * 64}.jpg", mime="image/jpeg", length=1000, width=1200, height=800)
    return replace(plain, **more)


def shown(make, name, *urls, **more):
    """An item with pictures."""
    return make.item(name, media=tuple(MediaObject(url=url, kind="image") for url in urls), **more)


def revision(store, slug="tin-tuc"):
    """The counter of a category."""
    return store.revision(Query(categories=(("sapa", slug),)))


def test_a_copy_comes_back_as_it_was_saved(sapa, now):
    """What is saved under an address is found by it, and by the names of both its files."""
    made = copy_of(PICTURE, small=f"{'b' * 64}.webp", small_length=90)
    sapa.copies.save({PICTURE: made, STILL: None}, now)
    assert sapa.copies.of([PICTURE, STILL, "https://sapa.example.vn/khac.jpg"]) == {PICTURE: made}
    assert sapa.copies.named(made.name) == sapa.copies.named(made.small) == made


@pytest.mark.parametrize("name", ["", "x", "../feedsvc.db", f"{'c' * 64}.jpg"])
def test_no_other_name_is_known(sapa, now, name):
    """A name that no copy has finds nothing, not even the empty one of a copy that could not be made."""
    sapa.copies.save({PICTURE: copy_of(PICTURE), STILL: None}, now)
    assert sapa.copies.named(name) is None


def test_a_picture_is_tried_again_after_a_while_only(sapa, now):
    """What has a copy is never asked for again, what could not be copied only after the moment that is given."""
    other = "https://sapa.example.vn/anh/moi.jpg"
    sapa.copies.save({PICTURE: copy_of(PICTURE), STILL: None}, now)
    assert sapa.copies.untried([other, STILL, PICTURE], after=now - DAY) == [other]
    assert sapa.copies.untried([other, STILL, PICTURE], after=now) == [other, STILL]


def test_the_pictures_of_the_newest_items_are_looked_through(sapa, make, now):
    """Those without a copy come with their item's page and what the server said, the newest first."""
    old = shown(make, "cu", STILL, shown=now - DAY)
    make.saved(sapa, now, new=(shown(make, "moi", PICTURE), old))
    sapa.save_measures({STILL: Measure(url=STILL, status=200, mime="image/jpeg", length=9, barred=True)}, now)
    lacking = sapa.copies.lacking("sapa", "tin-tuc", after=now - DAY)
    assert lacking == [
        Lacking(url=PICTURE, page="https://sapa.example.vn/moi"),
        Lacking(url=STILL, page="https://sapa.example.vn/cu", barred=True),
    ]
    assert sapa.copies.lacking("sapa", "du-lich", after=now - DAY) == []
    sapa.copies.save({PICTURE: copy_of(PICTURE), STILL: None}, now)
    assert sapa.copies.lacking("sapa", "tin-tuc", after=now - DAY) == []
    assert [one.url for one in sapa.copies.lacking("sapa", "tin-tuc", after=now)] == [STILL]


def test_older_items_are_not_looked_through(sapa, make, now):
    """Only as many items count as a feed shows."""
    items = [
        shown(make, f"t{n}", f"https://sapa.example.vn/anh/{n}.jpg", shown=now - n * DAY) for n in range(WINDOW + 2)
    ]
    make.saved(sapa, now, new=items)
    lacking = sapa.copies.lacking("sapa", "tin-tuc", after=now)
    assert [one.url for one in lacking] == [one.media[0].url for one in items[:WINDOW]]


def test_a_copy_that_comes_later_is_told(sapa, make, now):
    """The categories of the items that show a picture get a new revision with its copy, and with its end; no other."""
    make.saved(sapa, now, new=(shown(make, "moi", PICTURE),))
    before, elsewhere = revision(sapa), revision(sapa, "du-lich")
    later = now + timedelta(hours=1)
    sapa.copies.save({PICTURE: copy_of(PICTURE), STILL: copy_of(STILL)}, later)
    with_copy = revision(sapa)
    assert with_copy.number > before.number
    assert with_copy.changed == later
    sapa.copies.drop([PICTURE], later + DAY)
    assert revision(sapa).number > with_copy.number
    assert revision(sapa).changed == later + DAY
    assert sapa.copies.of([PICTURE]) == {}
    assert revision(sapa, "du-lich") == elsewhere


def test_a_vain_try_changes_no_document(sapa, make, now):
    """That no copy could be made is nobody's news."""
    make.saved(sapa, now, new=(shown(make, "moi", PICTURE),))
    before = revision(sapa)
    sapa.copies.save({PICTURE: None}, now + DAY)
    assert revision(sapa) == before


def test_the_end_of_a_vain_try_changes_no_document(sapa, make, now):
    """That a picture may be tried again is nobody's news either."""
    make.saved(sapa, now, new=(shown(make, "moi", PICTURE),))
    sapa.copies.save({PICTURE: None}, now)
    before = revision(sapa)
    sapa.copies.drop([PICTURE], now + DAY)
    assert revision(sapa) == before
    assert sapa.copies.kept() == []


def test_a_vain_try_takes_no_copy_away(sapa, now):
    """Of two processes that try one picture at a time, the one that got it wins."""
    sapa.copies.save({PICTURE: copy_of(PICTURE)}, now)
    sapa.copies.save({PICTURE: None}, now + DAY)
    assert sapa.copies.of([PICTURE]) == {PICTURE: copy_of(PICTURE)}
    sapa.copies.save({STILL: None}, now)
    sapa.copies.save({STILL: copy_of(STILL, "b")}, now)
    assert sapa.copies.of([STILL]) == {STILL: copy_of(STILL, "b")}


def test_a_correction_shows_other_pictures(sapa, make, now):
    """An item that was changed shows its present pictures, and no longer those that it had."""
    first = shown(make, "moi", PICTURE)
    make.saved(sapa, now, new=(first,))
    make.saved(sapa, now, changed=(shown(make, "moi", STILL, revision=2),))
    assert [one.url for one in sapa.copies.lacking("sapa", "tin-tuc", after=now)] == [STILL]


def test_copies_are_weighed_by_who_shows_them(sapa, make, now):
    """A copy counts by its newest item, and by whether that is among those which a feed shows."""
    many = [make.item(f"t{n}", shown=now - n * timedelta(hours=1)) for n in range(WINDOW)]
    make.saved(sapa, now, new=(shown(make, "moi", PICTURE), *many, shown(make, "cu", STILL, shown=now - 9 * DAY)))
    vain = "https://sapa.example.vn/anh/khong-con.jpg"
    sapa.copies.save({PICTURE: copy_of(PICTURE), STILL: copy_of(STILL), vain: None}, now)
    assert {one.url: one for one in sapa.copies.kept()} == {
        PICTURE: Kept(url=PICTURE, copy=copy_of(PICTURE), kept=now, shown=now, listed=True),
        STILL: Kept(url=STILL, copy=copy_of(STILL), kept=now, shown=now - 9 * DAY, listed=False),
        vain: Kept(url=vain, copy=None, kept=now),
    }


def test_each_file_counts_once(sapa, now):
    """Two addresses of one picture take the room of one."""
    assert sapa.copies.size() == 0
    one = copy_of(PICTURE, small=f"{'b' * 64}.jpg", small_length=30)
    sapa.copies.save({PICTURE: one, STILL: replace(one, url=STILL)}, now)
    assert sapa.copies.size() == 1030
    sapa.copies.save({STILL: copy_of(STILL, "c", length=7)}, now)
    assert sapa.copies.size() == 1037


def test_what_a_server_bars_is_remembered(sapa, now):
    """That others may not show a file comes back with its type and length."""
    told = Measure(url=PICTURE, status=200, mime="image/jpeg", length=12, barred=True)
    sapa.save_measures({PICTURE: told}, now)
    assert sapa.measures([PICTURE], after=now - DAY) == {PICTURE: told}
    sapa.save_measures({PICTURE: replace(told, barred=False)}, now)
    assert not sapa.measures([PICTURE], after=now - DAY)[PICTURE].barred

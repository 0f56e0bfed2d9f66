"""Items that are missing, withdrawn or back, those beside them, and what an item was before a correction."""

from dataclasses import replace
from datetime import timedelta

import pytest

from feedsvc.model import MediaObject, Query, Seen, Version

BOTH = Query(categories=(("sapa", "tin-tuc"), ("sapa", "du-lich")))
HOUR = timedelta(hours=1)


def seen(item, at, **more):
    """A look at an item."""
    return Seen(id=item.id, looked=at, **more)


def revisions(store):
    """The counters of both categories."""
    return [store.revision(Query(categories=(name,))).number for name in BOTH.categories]


def test_what_a_look_says_of_an_absence_is_stored(sapa, make, now):
    """`missing` and `withdrawn` are those of the last look; something that was not looked at keeps its own."""
    item = make.item()
    make.saved(sapa, new=(item,))
    make.saved(sapa, seen=(seen(item, now, missing=now),))
    make.saved(sapa, seen=(Seen(id=item.id, keys=("url:sapa.example.vn/b",)),))
    assert (sapa.item(1).missing, sapa.item(1).withdrawn) == (now, None)
    make.saved(sapa, seen=(seen(item, now, missing=now), seen(item, now, missing=now, withdrawn=now + HOUR)))
    assert (sapa.item(1).missing, sapa.item(1).withdrawn) == (now, now + HOUR)
    make.saved(sapa, seen=(seen(item, now),))
    assert (sapa.item(1).missing, sapa.item(1).withdrawn) == (None, None)


def test_a_withdrawal_and_a_return_tell_readers_of_all_categories(sapa, make, now):
    """Both raise the counter of each category that holds the item, once; what nobody sees raises none."""
    item = make.item(categories=("tin-tuc", "du-lich"))
    make.saved(sapa, new=(item,))
    steps = (
        (seen(item, now, missing=now), 0),
        (seen(item, now, missing=now, withdrawn=now), 1),
        (seen(item, now, missing=now, withdrawn=now), 0),
        (seen(item, now), 1),
        (seen(item, now), 0),
    )
    for one, more in steps:
        before = revisions(sapa)
        make.saved(sapa, seen=(one,))
        assert revisions(sapa) == [number + more for number in before]


def test_a_withdrawn_item_is_known_and_looked_at(sapa, make, now):
    """Its keys still lead to it, so it never comes again as a new one, and its next look is planned like any other."""
    item = make.item()
    make.saved(sapa, new=(item,))
    make.saved(sapa, seen=(seen(item, now, missing=now, withdrawn=now, next_look=now),))
    assert sapa.known("sapa", item.keys)[item.keys[0]].item.withdrawn == now
    assert [one.item.id for one in sapa.looks("sapa", "tin-tuc", due=now, limit=5)] == [item.id]


def test_neighbours_are_those_that_came_beside_it(sapa, make, now):
    """The nearest by number first, without the item itself, those that came later, are missing, or are elsewhere."""
    early = [make.item(str(n)) for n in range(6)]
    make.saved(sapa, new=tuple(reversed(early)))
    make.saved(sapa, new=(make.item("late", first_seen=now + HOUR),))
    make.saved(sapa, category="du-lich", new=(make.item("away", categories=("du-lich",)),))
    make.saved(sapa, seen=(seen(early[2], now, missing=now),))
    of = sapa.item(4)
    beside = sapa.neighbours("tin-tuc", of=of, until=now, limit=3)
    assert [one.item.number for one in beside] == [5, 2, 6]


@pytest.mark.parametrize("edits", [0, 1, 3])
def test_versions_are_what_the_item_was(sapa, make, now, edits):
    """Each earlier state comes back as it was stored, the oldest first; an item that never changed has none."""
    states = [make.item(media=(MediaObject(url="https://sapa.example.vn/1.jpg", kind="image"),))]
    make.saved(sapa, new=tuple(states))
    for n in range(1, edits + 1):
        more = {"title": f"Bản tin lần {n}", "text": f"Lời {n}", "updated": now + n * HOUR, "revision": n + 1}
        states.append(replace(states[-1], **more))
        make.saved(sapa, changed=(states[-1],))
    assert sapa.versions(1) == [
        Version(
            revision=one.revision, title=one.title, summary=one.summary, html=one.html, text=one.text, media=one.media,
            updated=one.updated,
        )
        for one in states[:-1]
    ]  # fmt: skip
    assert sapa.versions(99) == []

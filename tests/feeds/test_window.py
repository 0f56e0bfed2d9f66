"""Two documents of one feed compared: what a reader gets to know, and what it misses without cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedsvc.errors import RenderError
from feedsvc.feeds import render
from feedsvc.feeds.proof import entries, vanished


@pytest.fixture
def written(kind, feed_of, make_article):
    """The bytes of a document of the articles with these numbers, the lowest the newest."""

    def write(*numbers: int) -> bytes:
        return render(feed_of(tuple(make_article(number) for number in numbers), kind), kind).body

    return write


def test_entries(kind, written, make_article):
    """A document's state is its ids in their order, each with the moment of its last change."""
    found = entries(written(1, 2, 3), kind)
    assert list(found) == [make_article(number).id for number in (1, 2, 3)]
    assert found[make_article(2).id] == make_article(2).updated.isoformat()


def test_a_correction_shows_in_the_state(kind, written, feed_of, make_article):
    """A corrected item keeps its id and has another moment."""
    late = make_article(2).updated + timedelta(days=1)
    corrected = feed_of((make_article(1), replace(make_article(2), updated=late)), kind)
    before, after = entries(written(1, 2), kind), entries(render(corrected, kind).body, kind)
    assert [identifier for identifier in after if before[identifier] != after[identifier]] == [make_article(2).id]


@pytest.mark.parametrize(
    ("before", "after", "missing"),
    [
        ((2, 3, 4), (1, 2, 3), ()),
        ((2, 3, 4), (0, 1, 2), ()),
        ((2, 3, 4), (2, 3, 4), ()),
        ((2, 3, 4), (2, 4, 5), (3,)),
        ((2, 3, 4), (2, 3), (4,)),
        ((2, 3, 4), (2, 4), (3,)),
        ((2, 3, 4), (), (2, 3, 4)),
        ((), (1, 2), ()),
        ((2, 3), (1, 2, 3, 4), ()),
    ],
)
def test_vanished(before, after, missing, kind, written, make_article):
    """An item is missed unless newer ones pushed it out of a window as full as before."""
    assert vanished(written(*before), written(*after), kind) == tuple(make_article(number).id for number in missing)


def test_items_of_one_moment_age_out_by_their_place(kind, feed_of, make_article):
    """Of items with one date the last may make room for a new one; one that stood before another that is left may not."""
    first, second, third = (make_article(number, shown=make_article(5).shown) for number in (5, 6, 7))
    before = render(feed_of((first, second, third), kind), kind).body
    aged = render(feed_of((make_article(1), first, second), kind), kind).body
    assert vanished(before, aged, kind) == ()
    lost = render(feed_of((make_article(1), first, third), kind), kind).body
    assert vanished(before, lost, kind) == (second.id,)


def test_nothing_is_missed_of_what_cannot_be_read(kind, written):
    """An unreadable last document misses nothing, and another's format neither; an unreadable new one is refused."""
    assert vanished(b"<", written(1), kind) == ()
    assert vanished(b"x", b"y", "other") == ()
    assert entries(b"y", "other") == {}
    with pytest.raises(RenderError, match="cannot be read"):
        vanished(written(1), b"<", kind)

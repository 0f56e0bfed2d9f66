"""What a change changes, and that nothing else does."""

from __future__ import annotations

from itertools import product

import pytest

from feedsvc.model import NEWEST, Choice

NEWS, TRAVEL, MAY = ("suoi-bac", "tin-tuc"), ("suoi-bac", "du-lich"), ("ban-may", "tin-tuc")
FORMATS = ("rss", "atom", "json")
CHOICES = (NEWEST, Choice(limit=5), Choice(page=2), Choice(before=51), Choice(search="tin"), Choice(media="image"))


def documents(world):
    """The bytes of every document of every channel, by address."""
    found = {}
    for path, form, choice in product(world.service.channels, FORMATS, CHOICES):
        rendered = world.publication.document(path, form, choice)
        found[path, form, choice] = rendered.body if rendered else None
    return found


def revisions(world):
    """The number of every channel."""
    return {path: world.publication.revision(path).number for path in world.service.channels}


@pytest.fixture
def filled(world):
    """Sixty items in one category, a few in the others, one in two."""
    world.arrive(NEWS, 60)
    world.arrive(TRAVEL, 3)
    world.arrive(MAY, 3)
    world.meet(["00060"], TRAVEL)
    return world


def changed(filled, happen):
    """Which channels have other bytes after something happened, and which have another number; and that all fits."""
    before, numbers = documents(filled), revisions(filled)
    happen()
    after, later = documents(filled), revisions(filled)
    touched = {path for path in numbers if numbers[path] != later[path]}
    moved = {address for address in before if before[address] != after[address]}
    assert {address[0] for address in moved} <= touched  # else a process would go on showing the old bytes
    return touched, moved


def test_an_edit_changes_the_feeds_that_hold_the_item(filled):
    """An edited item changes each document that shows it, in every format, and no document of any other feed."""
    touched, moved = changed(filled, lambda: filled.edit("00060", title="Chợ phiên đổi ngày"))
    holders = {"suoi-bac/tin-tuc", "suoi-bac/du-lich", "suoi-bac", "hai-noi"}
    assert {address[0] for address in moved} == holders
    assert touched == {*holders, "lu-quet"}  # it might have had the words
    for path, form in product(holders, FORMATS):
        assert (path, form, NEWEST) in moved
    assert ("suoi-bac/tin-tuc", "rss", Choice(before=51)) not in moved
    assert ("suoi-bac/tin-tuc", "rss", Choice(page=2)) not in moved


def test_a_new_item_changes_the_feeds_that_gain_it(filled):
    """A new item changes the feeds of its category, its portal and those of one's own that include it."""
    touched, moved = changed(filled, lambda: filled.arrive(MAY))
    assert {address[0] for address in moved} == {"ban-may/tin-tuc", "ban-may", "hai-noi"}
    assert touched == {"ban-may/tin-tuc", "ban-may", "hai-noi", "lu-quet"}


def test_a_further_category_is_told_in_the_first_one_too(filled):
    """Feeds name the categories of an item: one more changes the feeds that hold it already."""
    _, moved = changed(filled, lambda: filled.meet(["00059"], TRAVEL))
    assert {address[0] for address in moved} == {"suoi-bac/tin-tuc", "suoi-bac/du-lich", "suoi-bac", "hai-noi"}


def test_a_withdrawal_changes_the_feeds_that_held_the_item(filled):
    """A withdrawn item leaves the feeds that held it, and no other."""
    _, moved = changed(filled, lambda: filled.withdraw("00063"))
    assert {address[0] for address in moved} == {"suoi-bac/du-lich", "suoi-bac", "hai-noi"}


def test_a_poll_that_brings_nothing_changes_nothing(filled):
    """Polls without news leave every byte and every number."""
    touched, moved = changed(filled, lambda: [filled.poll(category) for category in (NEWS, TRAVEL, MAY)])
    assert (touched, moved) == (set(), set())


def test_equal_bytes_in_two_processes_and_after_a_restart(filled, open_world):
    """Two services over one database have the same bytes, one that was opened later too."""
    filled.withdraw("00007")
    filled.edit("00009", title="Chợ phiên đổi ngày")
    first = documents(filled)
    assert documents(open_world("one")) == first
    assert documents(filled) == first

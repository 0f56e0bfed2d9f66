"""The way back through a feed (RFC 5005): complete, without repetition, and of documents that never change."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedsvc.model import NEWEST, WINDOW, Choice
from feedsvc.store.search import bared

CATEGORIES = (("suoi-bac", "tin-tuc"), ("suoi-bac", "du-lich"), ("ban-may", "tin-tuc"))
IN = {
    "suoi-bac/tin-tuc": CATEGORIES[:1],
    "suoi-bac/du-lich": CATEGORIES[1:2],
    "ban-may/tin-tuc": CATEGORIES[2:],
    "suoi-bac": CATEGORIES[:2],
    "hai-noi": CATEGORIES,
    "lu-quet": CATEGORIES,
}
OWN = {"hai-noi", "lu-quet"}
STORY = "title:khánh thành cầu treo bắc qua suối bạc ngày thứ {}|2026-11-23"
DATABASES = count()

arrivals = st.tuples(
    st.just("arrive"),
    st.sampled_from(CATEGORIES),
    st.sampled_from((1, 2, 30, 49, 50, 60)),
    st.sampled_from((timedelta(0), timedelta(days=400))),
    st.booleans(),
    st.integers(0, 3),
)
picks = st.integers(0, 10**6)
late = st.tuples(st.just("meet"), picks, st.sampled_from(CATEGORIES[:2]))
edits = st.tuples(st.just("edit"), picks, st.booleans())
withdrawals = st.tuples(st.just("withdraw"), picks)


def happen(world, step):
    """Lets a step happen; tells whether it may change an archive."""
    if step[0] == "arrive":
        _, category, number, back, flood, story = step
        text = "Lũ quét tràn qua suối." if flood else "Trời trong sau ba ngày mưa."
        found = {"text": text}
        if story and number < 3:
            name = f"{len(world.items) + 1}"
            found["keys"] = (f"url:{category[0]}/{name}", STORY.format(story))
        world.arrive(category, 1 if "keys" in found else number, back=back, **found)
        return False
    if not world.items:
        return False
    name = sorted(world.items)[step[1] % len(world.items)]
    if step[0] == "meet":
        near = [one for one in world.items if one >= name and world.items[one].source == "suoi-bac"]
        world.meet(near[:30], step[2])
        return False
    if step[0] == "edit":
        world.edit(name, text="Lũ quét đêm qua." if step[2] else "Trời lại nắng.")
    else:
        world.withdraw(name)
    return True


def expected(world, path):
    """The ids that a feed should hold by all that happened, worked out without the store."""
    found, told = [], {}
    for name, source, slug in world.arrivals:
        item = world.items[name]
        if (source, slug) not in IN[path] or item.withdrawn or item.id in found:
            continue
        if path == "lu-quet" and " lu quet " not in f" {bared(item.text)} ":
            continue
        story = next((key for key in item.keys if key.startswith("title:")), None)
        if path in OWN and story:
            told.setdefault(story, set()).add(source)
            if told[story] != {source}:  # another portal told it before
                continue
        found.append(item.id)
    return found


def archive_of(address):
    """The place in an archive's address."""
    return int(re.fullmatch(r"https://feeds\.example\.org/feeds/[a-z/-]+\.atom\?before=(\d+)", address)[1])


def walk(world, path):
    """What a reader meets who follows prev-archive from the newest document: that document, then the archives."""
    documents = [world.publication.feed(path, "atom")]
    while documents[-1].paging.prev_archive:
        place = archive_of(documents[-1].paging.prev_archive)
        documents.append(world.publication.feed(path, "atom", Choice(before=place)))
    return documents


def shown(feed):
    """Everything of a document that a reader could tell apart; the related pages are left out when items compare."""
    return feed, tuple(item.related for item in feed.items)


def check_walk(world, path):
    """Every item once: in an archive, or in none yet and then in the newest document, which holds the newest too."""
    newest, *archives = walk(world, path)
    ids = expected(world, path)
    kept = [item.id for archive in archives for item in archive.items]
    assert len(kept) == len(set(kept))
    new = [item.id for item in newest.items]
    assert len(new) == len(set(new)) < 2 * WINDOW
    assert set(kept) | set(new) == set(ids)
    by_date = sorted(ids, key=lambda one: (world.items[one[-5:]].shown, one[-5:]), reverse=True)
    assert set(by_date[:WINDOW]) <= set(new)
    for feed in (newest, *archives):
        assert [item.id for item in feed.items] == [one for one in by_date if one in {item.id for item in feed.items}]
    assert all(archive.paging.archive and len(archive.items) <= WINDOW for archive in archives)
    return archives


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(arrivals, arrivals, late, edits, withdrawals), max_size=9))
def test_whoever_walks_back_gets_every_item_once(open_world, steps):
    """Whatever comes, late, edited or withdrawn: the newest document and its archives hold each item, none twice.

    And as long as nothing is edited or withdrawn, an archive is the same.
    """
    world = open_world(f"full-{next(DATABASES)}")
    known = {}
    for step in steps:
        if happen(world, step):
            known.clear()
        for path in IN:
            for archive in check_walk(world, path):
                assert shown(archive) == known.setdefault(archive.self_url, shown(archive))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(arrivals, arrivals, late), max_size=9), st.integers(1, 3))
def test_a_reader_who_comes_back_misses_nothing(open_world, steps, every):
    """Who reads now and then, and back to the first archive that he knows, has everything that ever came."""
    world = open_world(f"back-{next(DATABASES)}")
    got, read = {path: set() for path in IN}, set()
    for number, step in enumerate(steps):
        happen(world, step)
        if number % every and number != len(steps) - 1:
            continue
        for path in IN:
            feed = world.publication.feed(path, "atom")
            while True:
                got[path] |= {item.id for item in feed.items}
                there = feed.paging.prev_archive
                if not there or there in read:
                    break
                read.add(there)
                feed = world.publication.feed(path, "atom", Choice(before=archive_of(there)))
    for path in IN:
        assert got[path] == set(expected(world, path)) or not steps


def test_bytes_of_an_archive_stay(world):
    """Rendered in every format, a full archive has the same bytes after more has come."""
    first = world.arrive(CATEGORIES[0], 60)
    addresses = [(path, form) for path in ("suoi-bac/tin-tuc", "suoi-bac", "hai-noi") for form in ("rss", "atom", "json")]  # fmt: skip

    def archives():
        return [world.publication.document(path, form, Choice(before=51)).body for path, form in addresses]

    before = archives()
    world.arrive(CATEGORIES[0], 120)
    world.meet([first[3].id[-5:]], CATEGORIES[1])
    world.arrive(CATEGORIES[2], 3, back=timedelta(days=900))
    assert archives() == before
    world.edit(first[3].id[-5:], text="Trời lại mưa.", html="<p>Trời lại mưa.</p>")
    assert all(now != then for now, then in zip(archives(), before, strict=True))


def test_withdrawals_stay_in_their_archive(world):
    """An archive tells of a withdrawal for ever, the newest document for thirty days of news."""
    first = world.arrive(CATEGORIES[0], 55)
    world.withdraw(first[3].id[-5:])
    gone = (first[3].id,)

    def told(choice):
        return tuple(one.id for one in world.publication.feed("suoi-bac/tin-tuc", "atom", choice).deleted)

    assert (told(NEWEST), told(Choice(before=51))) == (gone, gone)
    world.now += timedelta(days=40)
    assert told(NEWEST) == gone  # time alone changes no document
    world.arrive(CATEGORIES[0])
    assert (told(NEWEST), told(Choice(before=51))) == ((), gone)

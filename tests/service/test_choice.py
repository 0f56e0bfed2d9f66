"""Pages and choices of a feed: what they hold, what they are called, and where they lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from feedsvc.model import NEWEST, Choice, MediaObject
from feedsvc.publication import query_string

NEWS, TRAVEL, MAY = ("suoi-bac", "tin-tuc"), ("suoi-bac", "du-lich"), ("ban-may", "tin-tuc")
PATH = "suoi-bac/tin-tuc"
HERE = f"https://feeds.example.org/feeds/{PATH}.rss"
STORY = "title:khánh thành cầu treo bắc qua suối bạc sau hai năm|2026-11-23"


def ids(feed):
    """The last parts of the ids."""
    return [item.id[-5:] for item in feed.items]


def test_pages_go_on_where_the_first_fifty_end(world):
    """Pages hold the newest in order, each item on one of them; past the end there is none."""
    world.arrive(NEWS, 120)
    newest, second, third = (world.publication.feed(PATH, choice=Choice(page=n)) for n in (1, 2, 3))
    assert ids(newest)[:50] + ids(second) + ids(third) == [f"{n:05}" for n in range(120, 0, -1)]
    assert world.publication.feed(PATH, choice=Choice(page=4)) is None
    assert world.publication.feed(PATH, choice=Choice(page=10**8)) is None
    assert (newest.paging.next, newest.paging.previous, newest.paging.current) == (f"{HERE}?page=2", "", "")
    assert (second.paging.next, second.paging.previous) == (f"{HERE}?page=3", HERE)
    assert (third.paging.next, third.paging.previous, third.paging.current) == ("", f"{HERE}?page=2", HERE)
    assert {feed.id for feed in (newest, second, third)} == {f"tag:feeds.example.org,2026:feed/{PATH}"}
    assert second.self_url == f"{HERE}?page=2"


def test_archives_lead_to_each_other(world):
    """An archive names the ones before and behind it and the feed; it is the same feed, at its own address."""
    world.arrive(NEWS, 120)
    newest, first, second = (world.publication.feed(PATH, choice=Choice(before=n)) for n in (None, 51, 101))
    assert newest.paging.prev_archive == f"{HERE}?before=101"
    assert not newest.paging.archive
    assert (second.paging.prev_archive, second.paging.next_archive) == (f"{HERE}?before=51", f"{HERE}?before=151")
    assert (first.paging.prev_archive, first.paging.next_archive) == ("", f"{HERE}?before=101")
    assert (first.paging.current, first.self_url, first.id) == (HERE, f"{HERE}?before=51", newest.id)
    assert first.paging.archive
    assert first.paging.next == second.paging.previous == ""
    assert [choice.before for choice in world.publication.archives(PATH)] == [51, 101]
    assert world.publication.archives("khac") == ()
    for before in (0, 1, 50, 52, 151):
        assert world.publication.feed(PATH, choice=Choice(before=before)) is None


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_every_choice_is_a_sound_document(world, form):
    """Whatever is chosen is proved before it is shown, empty ones too, and says its own address."""
    film = MediaObject(url="https://suoibac.example.org/a.mp4", kind="video", mime="video/mp4")
    world.arrive(NEWS, 60, title="Lễ hội hoa mận", media=(film,))
    searches, days = ("", "hoi le", "khong"), (None, datetime.fromisoformat("2026-11-01"))
    choices = [
        Choice(limit=limit, search=search, since=since, media=media, page=page)
        for limit, search, since, media, page in product((7, 50), searches, days, (None, "video", "audio"), (1, 2))
    ]
    for choice in (*choices, Choice(before=51)):
        rendered = world.publication.document(PATH, form, choice)
        feed = world.publication.feed(PATH, form, choice)
        assert (rendered is None) == (feed is None)
        if feed is not None:
            assert feed.self_url == f"https://feeds.example.org/feeds/{PATH}.{form}" + (
                f"?{query_string(choice)}" if choice != NEWEST else ""
            )


def test_choices_compose(world):
    """Words, date, medium and number hold together, also from page to page."""
    film = (MediaObject(url="https://suoibac.example.org/a.mp4", kind="video"),)
    world.arrive(NEWS, 2, title="Lễ hội hoa mận", media=film, back=timedelta(days=9))
    world.arrive(NEWS, 3, title="Lễ hội hoa mận", media=film)
    world.arrive(NEWS, 2, title="Lễ hội hoa mận")
    world.arrive(NEWS, 2, title="Chợ phiên", media=film)
    chosen = Choice(search="hoi le", media="video", since=datetime.fromisoformat("2026-11-20"), limit=2)
    first = world.publication.feed(PATH, choice=chosen)
    assert ids(first) == ["00005", "00004"]
    query = "q=hoi%20le&since=2026-11-20&media=video&limit=2"
    assert (first.self_url, first.paging.next) == (f"{HERE}?{query}", f"{HERE}?{query}&page=2")
    second = world.publication.feed(PATH, choice=replace(chosen, page=2))
    assert (ids(second), second.paging.next, second.paging.previous) == (["00003"], "", f"{HERE}?{query}")
    assert first.paging.prev_archive == ""


def test_what_is_chosen_by_words_date_or_medium_is_a_feed_of_its_own(world):
    """Such a feed has an id of its own, the same on all its pages; how many items are wanted makes no other feed."""
    plain = world.publication.feed(PATH).id
    chosen = [Choice(search="hoa"), Choice(media="video"), Choice(since=datetime(2026, 1, 1, tzinfo=UTC))]
    own = [world.publication.feed(PATH, choice=choice).id for choice in chosen]
    assert len({plain, *own}) == 4
    assert own[0] == f"tag:feeds.example.org,2026:feed/{PATH}?q=hoa"
    assert world.publication.feed(PATH, choice=Choice(search="hoa", limit=3)).id == own[0]
    assert world.publication.feed(PATH, choice=Choice(limit=3)).id == plain
    assert world.publication.feed(PATH, choice=Choice(search="hoa")).title.endswith("– hoa")


def test_a_day_begins_in_the_zone_of_the_channel(world):
    """A date without zone is a day where the portal is: in Vietnam it begins at 17:00 UTC."""
    midnight = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    world.arrive(NEWS, shown=midnight - timedelta(seconds=1))
    world.arrive(NEWS, shown=midnight)
    assert ids(world.publication.feed(PATH, choice=Choice(since=datetime.fromisoformat("2026-11-23")))) == ["00002"]


def test_limit_cuts_the_newest(world):
    """A number of items is that number, and a way to the older ones; archives are for the whole feed."""
    world.arrive(NEWS, 120)
    for limit in (1, 20, 100):
        feed = world.publication.feed(PATH, choice=Choice(limit=limit))
        assert ids(feed) == [f"{n:05}" for n in range(120, 120 - limit, -1)]
        assert feed.paging.next == f"{HERE}?limit={limit}&page=2"
        assert feed.paging.prev_archive == ""


def test_a_story_once_in_feeds_of_ones_own(world):
    """A merged feed tells a story once and names the other portal's page; the portals' own feeds are as they are."""
    (told,) = world.arrive(MAY, keys=("url:a", STORY))
    (again,) = world.arrive(NEWS, keys=("url:b", STORY))
    feed = world.publication.feed("hai-noi")
    assert [(item.id, item.related) for item in feed.items] == [(told.id, (again.url,))]
    assert [item.id for item in world.publication.feed("suoi-bac").items] == [again.id]
    assert again.url.encode() in world.publication.document("hai-noi", "atom").body


def test_a_later_telling_changes_related_alone(world):
    """When another portal tells a story too, the feed's document gains that page and nothing else moves."""
    world.arrive(MAY, keys=("url:a", STORY))
    world.arrive(MAY, 3)
    before = world.publication.feed("hai-noi")
    (again,) = world.arrive(NEWS, keys=("url:b", STORY))
    after = world.publication.feed("hai-noi")
    assert after == before
    assert [item.related for item in after.items] == [(), (), (), (again.url,)]


def test_words_of_ones_own_feed_may_go_without_marks(world):
    """A feed with `marks = false` finds its words however they are written."""
    world.arrive(NEWS, text="LŨ QUÉT đêm qua")
    world.arrive(MAY, text="Lu quet ở bản")
    world.arrive(MAY, text="Mùa lúa")
    assert sorted(ids(world.publication.feed("lu-quet"))) == ["00001", "00002"]


def test_withdrawn_items_are_told_in_what_was_chosen(world):
    """A choice that held an item tells of its withdrawal; the feed's change is that of the withdrawal."""
    world.arrive(NEWS, 2, title="Lễ hội")
    (other,) = world.arrive(NEWS, title="Chợ phiên")
    world.withdraw("00001")
    for choice, gone in ((NEWEST, 1), (Choice(search="hoi"), 1), (Choice(search="cho"), 0), (Choice(limit=2), 1)):
        assert len(world.publication.feed(PATH, choice=choice).deleted) == gone
    feed = world.publication.feed(PATH)
    assert feed.updated == feed.deleted[0].when > other.updated
    assert world.publication.unexplained(["tag:none", other.id, feed.deleted[0].id]) == {"tag:none"}


def test_an_unknown_channel_is_none(world):
    """Of a channel that nobody knows there is no feed and no document."""
    assert world.publication.feed("khac") is None
    assert world.publication.document("khac", "rss", Choice(page=2)) is None

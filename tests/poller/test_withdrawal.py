"""Articles that a portal withdraws: when the line believes it, and how they come back."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedsvc.errors import FetchError, Refused, TimedOut
from feedsvc.model import Item, Query
from feedsvc.store.tables import items

HOST = "https://sapa.example.vn"
HOUR = timedelta(hours=1)
QUERY = Query(categories=(("sapa", "tin-tuc"),))


def stored(bench, number: int) -> Item:
    """The item of an article, shown or not."""
    with bench.store.database.reading() as db:
        rows = db.execute(sa.select(items.c.number).where(items.c.title.contains(f"số {number} ")))
        return bench.store.item(rows.scalar_one())


async def polls(bench, hours: float, every: timedelta = HOUR / 2) -> None:
    """Polls for some hours."""
    for _ in range(int(timedelta(hours=hours) / every)):
        bench.wait(every)
        await bench.poll()


@pytest.fixture
async def followed(bench):
    """A portal that was read once, whose withdrawn articles leave a word in their place."""
    bench.source = replace(bench.source, on_removed="tombstone")
    await bench.poll()
    return bench


async def test_an_article_that_is_gone_twice_is_withdrawn(followed) -> None:
    """Two looks an hour apart withdraw it and tell readers; id, dates and revision stay, the others are untouched."""
    before = stored(followed, 7)
    followed.portal.articles.remove(7)
    revision = followed.store.revision(QUERY).number
    while stored(followed, 7).missing is None:
        await polls(followed, 0.5)
    first = stored(followed, 7)
    assert (first.withdrawn, followed.store.revision(QUERY).number) == (None, revision)
    while stored(followed, 7).withdrawn is None:
        await polls(followed, 0.5)
    after = stored(followed, 7)
    assert timedelta(hours=1) <= after.withdrawn - after.missing <= timedelta(hours=2)
    assert followed.store.revision(QUERY).number == revision + 1
    assert replace(after, missing=None, withdrawn=None) == before
    assert not any(stored(followed, number).missing for number in range(1, 13) if number != 7)


async def test_with_keep_nothing_that_is_shown_changes(bench) -> None:
    """Where withdrawn articles are to be kept, only we know that one is missing, and no document is made anew."""
    await bench.poll()
    bench.portal.articles.remove(7)
    revision = bench.store.revision(QUERY).number
    await polls(bench, 30)
    assert stored(bench, 7).missing
    assert stored(bench, 7).withdrawn is None
    assert bench.store.revision(QUERY).number == revision
    assert len(bench.items()) == 12


@pytest.mark.parametrize("status", [404, 410])
async def test_a_portal_that_answers_so_for_all_withdraws_nothing(followed, status: int) -> None:
    """While every article answers that it is gone, none is taken for it, however long that lasts."""
    followed.portal.fault = lambda url: Refused("gone", url=url, status=status) if "tin-so" in url else None
    await polls(followed, 30)
    assert not any(stored(followed, number).missing for number in range(1, 13))


async def test_an_article_that_only_left_the_list_stays(followed) -> None:
    """What the list shows no more, and its own address still does, is there."""
    listing = followed.portal.listing
    followed.portal.listing = lambda page: listing(page).replace("Thôn số 7 ", "").replace("/tin-tuc/tin-so-7-", "#")
    await polls(followed, 30)
    assert stored(followed, 7).missing is None


@pytest.mark.parametrize("fault", [Refused("403", url=HOST, status=403), TimedOut("hangs", url=HOST)])
async def test_other_faults_withdraw_nothing(followed, fault: FetchError) -> None:
    """Neither a refusal nor silence says that an article is gone."""
    followed.portal.fault = lambda url: fault if "tin-so-7-" in url else None
    await polls(followed, 30)
    assert stored(followed, 7).missing is None


async def test_several_articles_may_go_at_once(followed) -> None:
    """Articles withdrawn together are withdrawn, though their neighbours tell nothing good of the site."""
    for number in (5, 6, 7, 8):
        followed.portal.articles.remove(number)
    await polls(followed, 48)
    assert [number for number in range(1, 13) if stored(followed, number).withdrawn] == [5, 6, 7, 8]


async def test_a_withdrawn_article_comes_back(followed) -> None:
    """Within a day of its return it is shown again, under its old id and date, without a revision; readers are told."""
    before = stored(followed, 7)
    followed.portal.articles.remove(7)
    await polls(followed, 48)
    assert stored(followed, 7).withdrawn
    revision = followed.store.revision(QUERY).number
    followed.portal.articles.append(7)
    listing = followed.portal.listing
    followed.portal.listing = lambda page: listing(page).replace("tin-so-7-", "khac-")
    await polls(followed, 25)
    after = stored(followed, 7)
    assert replace(after, keys=before.keys, url=before.url, moved=None) == before
    assert after.url.endswith("/khac-100007")
    assert followed.store.revision(QUERY).number > revision


async def test_an_article_that_is_listed_again_is_back_at_once(followed) -> None:
    """One that was gone for months is looked at as soon as the list shows it again."""
    before = stored(followed, 7)
    followed.portal.articles.remove(7)
    await polls(followed, 48)
    followed.wait(timedelta(days=90))
    await polls(followed, 2)
    assert stored(followed, 7).withdrawn
    followed.portal.articles.append(7)
    followed.portal.edited.add(7)
    await polls(followed, 0.5)
    after = stored(followed, 7)
    assert (after.id, after.shown, after.first_seen) == (before.id, before.shown, before.first_seen)
    assert (after.withdrawn, after.missing, after.revision) == (None, None, 2)


async def test_new_addresses_of_all_articles_withdraw_none(followed) -> None:
    """After a redesign old addresses answer 404 for all; what came since answers well, and is no witness of the old."""
    body, listing = followed.portal.body, followed.portal.listing
    moved = lambda page: listing(page).replace("/tin-tuc/tin-so-", "/tin-tuc/bai-moi-")  # noqa: E731 - stands for a method

    def answer(url: str) -> str:
        if "/tin-so-" in url:
            raise Refused("gone", url=url, status=404)
        return body(url.replace("/bai-moi-", "/tin-so-"))

    followed.portal.listing, followed.portal.body = moved, answer
    for number in (13, 14, 15):
        followed.portal.articles.append(number)
        await polls(followed, 12)
    await polls(followed, 30)
    assert len(followed.items()) == 15
    assert not any(stored(followed, number).withdrawn for number in range(1, 16))


async def test_an_article_under_a_new_address_is_there(followed) -> None:
    """One that the portal lists under another address is not gone where the old one answers that nothing is there."""
    body, listing = followed.portal.body, followed.portal.listing

    def answer(url: str) -> str:
        if "/tin-so-7-" in url:
            raise Refused("gone", url=url, status=404)
        return body(url.replace("/so-bay-", "/tin-so-7-"))

    followed.portal.listing = lambda page: listing(page).replace("/tin-so-7-", "/so-bay-")
    followed.portal.body = answer
    await polls(followed, 30)
    assert stored(followed, 7).missing is None

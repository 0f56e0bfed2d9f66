"""Decisions: what to visit, what is new, which date is shown, when to look again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import plan
from feedsvc.model import (
    VIETNAM,
    Category,
    CategoryState,
    Item,
    Known,
    Listing,
    Measure,
    MediaObject,
    Problem,
    Stub,
)

NOW = datetime(2026, 11, 20, 3, 0, 0, 250_000, tzinfo=UTC)
CATEGORY = Category(source="sapa", slug="tin-tuc", title="Tin", url="https://sapa.example.vn/tin-tuc")
MINUTE = timedelta(minutes=1)


def make_id(key: str, generation: int) -> str:
    """An id that shows what it was made of."""
    return f"tag:example.org,2026:sapa/{key}#{generation}"


def item(*keys: str, **fields: object) -> Item:
    """An item under these keys."""
    values: dict[str, object] = {
        "source": "sapa", "url": "https://sapa.example.vn/a", "title": "Lễ hội mùa thu", "first_seen": NOW, "shown": NOW,
        "updated": NOW, "fingerprint": "f", **fields,
    }  # fmt: skip
    return Item(keys=keys, **values)  # type: ignore[arg-type]


def stub(*keys: str, **fields: object) -> Stub:
    """A line of a listing under these keys."""
    return Stub(keys=keys, url=f"https://sapa.example.vn/{keys[0]}", title="Tin", **fields)  # type: ignore[arg-type]


def remembered(*items: Item) -> dict[str, Known]:
    """What a store would remember of items."""
    return {key: Known(item=one, looked=NOW) for one in items for key in one.keys}


def settle(*drafts: Item, known: dict[str, Known] | None = None, taken: frozenset = frozenset()) -> plan.Settled:
    """Settles drafts in listing order."""
    placed = [plan.Draft(item=draft, position=position) for position, draft in enumerate(drafts)]
    return plan.settle(placed, known or {}, category=CATEGORY, timezone=VIETNAM, make_id=make_id, now=NOW, taken=taken)


# What is new --------------------------------------------------------------------------------------------------------


def test_an_unknown_article_gets_its_id_from_its_first_key() -> None:
    """The id is made of the key under which the article was first seen, and of nothing else."""
    settled = settle(item("url:a", "num:s|1"))
    assert [one.id for one in settled.new] == [make_id("url:a", 1)]
    assert (settled.new[0].revision, settled.new[0].categories) == (1, ("tin-tuc",))


@pytest.mark.parametrize("key", ["url:a", "num:s|1", "title:lễ hội|2026-11-20", "body:9"])
def test_a_known_article_is_found_by_any_of_its_keys(key: str) -> None:
    """Another address, another generation, an edited title: the same item, told as known."""
    old = item("url:a", "num:s|1", "title:lễ hội|2026-11-20", "body:9", id="old", number=7)
    settled = settle(item("url:other", key), known=remembered(old))
    assert (settled.new, settled.changed) == ((), ())
    assert [(seen.id, "url:other" in seen.keys) for seen in settled.seen] == [("old", True)]


def test_the_same_article_twice_in_one_poll_is_one_item() -> None:
    """A page that lists an article in two blocks under two addresses gives one item with both addresses."""
    settled = settle(item("url:a", "body:9"), item("url:b", "body:9"))
    assert len(settled.new) == 1
    assert set(settled.new[0].keys) == {"url:a", "url:b", "body:9"}


def test_equal_headlines_under_two_numbers_stay_two_articles() -> None:
    """Two notices of one day with one headline and different numbers and bodies are two articles."""
    old = item("url:a", "num:s|1000", "title:thông báo đấu giá đất|2026-11-20", "body:1", id="old")
    twin = item("url:b", "num:s|1001", "title:thông báo đấu giá đất|2026-11-20", "body:2")
    assert len(settle(twin, known=remembered(old)).new) == 1


def test_a_correction_keeps_id_and_dates_and_moves_updated() -> None:
    """A changed text is revision 2 of the same item; its shown date stays, `updated` moves forward."""
    old = item("url:a", id="old", number=3, shown=NOW - 60 * MINUTE, first_seen=NOW - 60 * MINUTE, updated=NOW - MINUTE)
    settled = settle(item("url:a", title="Lễ hội mùa đông", fingerprint="g"), known=remembered(old))
    (changed,) = settled.changed
    assert (changed.id, changed.number, changed.revision, changed.shown) == ("old", 3, 2, old.shown)
    assert changed.updated == NOW.replace(microsecond=0)
    assert changed.title == "Lễ hội mùa đông"


def test_updated_never_goes_backwards() -> None:
    """A clock that was set back does not make a correction older than what it corrects."""
    old = item("url:a", id="old", updated=NOW + 60 * MINUTE)
    (changed,) = settle(item("url:a", fingerprint="g"), known=remembered(old)).changed
    assert changed.updated > old.updated


def test_an_address_given_to_another_article_is_a_new_item() -> None:
    """Other title, other day and other body under a known address: a new item with an id of its own, keys moved."""
    day = datetime(2026, 11, 1, tzinfo=VIETNAM)
    old = item("url:a", "body:1", id=make_id("url:a", 1), title="Cũ", published=day, precision="day")
    other = item("url:a", "body:2", title="Mới", published=day + timedelta(days=9), precision="day")
    settled = settle(other, known=remembered(old))
    assert [one.id for one in settled.new] == [make_id("url:a", 2)]
    assert settled.moved_keys == ("url:a",)
    third = replace(other, keys=("url:a", "body:3"), title="Thứ ba", published=day + timedelta(days=15))
    assert settle(third, known=remembered(settled.new[0])).new[0].id == make_id("url:a", 3)


def test_an_edit_of_title_and_body_on_the_same_day_is_a_correction() -> None:
    """Only when title, day and body all differ is an address taken for another article's."""
    day = datetime(2026, 11, 1, tzinfo=VIETNAM)
    old = item("url:a", "body:1", id="old", title="Cũ", published=day, precision="day")
    settled = settle(item("url:a", "body:2", title="Mới", published=day, fingerprint="g"), known=remembered(old))
    assert (len(settled.new), len(settled.changed)) == (0, 1)


def test_no_two_items_of_a_poll_share_updated() -> None:
    """A validator warns of entries with one `updated`: the items of a poll lie a second apart, newest first."""
    moments = [one.updated for one in settle(*(item(f"url:{n}") for n in range(20))).new]
    assert moments == sorted(set(moments), reverse=True)


def test_no_item_shares_updated_with_those_of_other_polls() -> None:
    """Moments that the source's items have already are passed over; none is in the future."""
    whole = NOW.replace(microsecond=0)
    taken = {whole - timedelta(seconds=n) for n in (0, 1, 3)}
    settled = settle(item("url:a"), item("url:b"), taken=taken)
    assert [one.updated for one in settled.new] == [whole - timedelta(seconds=2), whole - timedelta(seconds=4)]


# The date that is shown ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "precision", "position", "shown"),
    [
        (datetime(2026, 11, 19, 8, 30, tzinfo=VIETNAM), "minute", 4, datetime(2026, 11, 19, 8, 30, tzinfo=VIETNAM)),
        (datetime(2026, 11, 20, tzinfo=VIETNAM), "day", 2, datetime(2026, 11, 20, 9, 59, 58, tzinfo=VIETNAM)),
        (datetime(2026, 11, 18, tzinfo=VIETNAM), "day", 3, datetime(2026, 11, 18, 11, 59, 57, tzinfo=VIETNAM)),
        (None, None, 1, datetime(2026, 11, 20, 9, 59, 59, tzinfo=VIETNAM)),
        (datetime(2026, 11, 21, 8, 30, tzinfo=VIETNAM), "minute", 0, datetime(2026, 11, 20, 10, 0, tzinfo=VIETNAM)),
    ],
)
def test_the_shown_date_is_decided_by_what_the_portal_says(
    published: datetime | None, precision: str | None, position: int, shown: datetime
) -> None:
    """A full time is that time; a day alone is now or noon; no date is now; never the future; the list's order holds."""
    assert plan.shown_date(item("url:a", published=published, precision=precision), position, VIETNAM) == shown


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_date_only_items_keep_the_order_of_the_listing(days_ago: list[int]) -> None:
    """Shown dates of date-only items fall in listing order within a day, and are never in the future."""
    day = datetime(2026, 11, 20, tzinfo=VIETNAM)
    drafts = [
        item(f"url:{n}", published=day - timedelta(days=d), precision="day") for n, d in enumerate(sorted(days_ago))
    ]
    shown = [one.shown for one in settle(*drafts).new]
    assert shown == sorted(shown, reverse=True)
    assert all(moment <= NOW for moment in shown)


def test_a_date_ahead_is_clamped_to_first_sight() -> None:
    """An article that its portal dates tomorrow was published when we saw it."""
    (new,) = settle(item("url:a", published=NOW + timedelta(days=1), precision="minute")).new
    assert new.published == NOW


# What to visit ------------------------------------------------------------------------------------------------------


def test_only_unknown_stubs_are_visited_and_known_ones_are_noted() -> None:
    """A known item in another category's list gains that category without being fetched."""
    old = item("url:a", id="old", categories=("thong-bao",))
    choice = plan.choose([stub("url:a"), stub("url:b"), stub("url:b")], remembered(old), "tin-tuc")
    assert [(position, one.keys) for position, one in choice.visit] == [(1, ("url:b",))]
    assert [(seen.id, seen.categories) for seen in choice.seen] == [("old", ("tin-tuc",))]


def test_a_new_address_of_a_known_number_is_added_without_a_visit() -> None:
    """The portal's second generation of addresses finds the items of the first."""
    old = item("url:a", "num:s|1000", id="old", categories=("tin-tuc",))
    choice = plan.choose([stub("url:new", "num:s|1000")], remembered(old), "tin-tuc")
    assert (choice.visit, choice.seen[0].keys) == ((), ("url:new",))


def test_an_edited_document_is_read_again_and_a_renamed_one_is_not() -> None:
    """A dropped file is known by name and by content: a new content is read, a new name alone is noted."""
    old = item("doc:a.txt", "sha:1", id="old", categories=("tin-tuc",))
    edited, renamed = stub("doc:a.txt", "sha:2"), stub("doc:b.txt", "sha:1")
    choice = plan.choose([edited, renamed], remembered(old), "tin-tuc")
    assert [one.keys for _, one in choice.visit] == [edited.keys]
    assert choice.seen[0].keys == ("doc:b.txt",)


def test_a_long_listing_is_visited_in_batches() -> None:
    """More than a batch waits for the next poll, and is counted."""
    choice = plan.choose([stub(f"url:{n}") for n in range(plan.BATCH + 7)], {}, "tin-tuc")
    assert (len(choice.visit), choice.waiting) == (plan.BATCH, 7)


@pytest.mark.parametrize(
    ("walked", "pages", "state", "known", "expected"),
    [
        (1, 3, CategoryState(), {}, True),
        (3, 3, CategoryState(), {}, False),
        (1, 3, CategoryState(succeeded=NOW), {}, True),
        (19, 3, CategoryState(succeeded=NOW), {}, True),
        (20, 3, CategoryState(succeeded=NOW), {}, False),
        (1, 3, CategoryState(succeeded=NOW), {"url:a": Known(item=item("url:a", id="x"), looked=NOW)}, False),
        (2, 3, CategoryState(succeeded=NOW, depth=3), {"url:a": Known(item=item("url:a", id="x"), looked=NOW)}, True),
        (3, 3, CategoryState(succeeded=NOW, depth=3), {}, False),
    ],
)
def test_the_pager_is_followed_as_far_as_it_is_news(
    walked: int, pages: int, state: CategoryState, known: dict[str, Known], *, expected: bool
) -> None:
    """First `pages`; later while all is unknown, to a bound; an interrupted walk as far as it came."""
    listing = Listing(title="", stubs=(stub("url:a"),), next_url="https://sapa.example.vn/2")
    assert plan.follow(listing, known, walked, pages, state) is expected
    assert plan.follow(replace(listing, next_url=None), known, walked, pages, state) is False


@pytest.mark.parametrize(
    ("listed", "foreign"),
    [
        (["https://www.sapa.example.vn/tin-tuc/tin-moi-3-100", "https://sapa.example.vn/tin-tuc/tin-moi-4-101"], False),
        (["https://sapa.example.vn/video/phim-1-7", "https://sapa.example.vn/video/phim-2-8"], True),
        (
            ["https://sapa.example.vn/tin-tuc/moi-9", "https://sapa.example.vn/login?back=1", "https://x.example/a"],
            True,
        ),
        (["https://sapa.example.vn/tin-tuc/moi-9.aspx"], True),
    ],
)
def test_another_list_is_told_from_news_after_a_silence(listed: list[str], *, foreign: bool) -> None:
    """Addresses of another shape than all known ones are another block; without known ones nothing is foreign."""
    items = [item("url:a", url="https://sapa.example.vn/tin-tuc/tin-cu-1-99")]
    stubs = [Stub(keys=(url,), url=url, title="Tin") for url in listed]
    assert plan.foreign(stubs, items) is foreign
    assert plan.foreign(stubs, []) is False


# Media --------------------------------------------------------------------------------------------------------------


def test_media_carry_what_their_servers_say_and_drop_what_is_not_there() -> None:
    """Type and length are the server's; a missing file and a web page in a picture's place are left out."""
    media = [MediaObject(url=f"https://a/{n}.jpg", kind="image", mime="image/jpeg") for n in range(5)]
    measures = {
        media[0].url: Measure(url=media[0].url, status=200, mime="image/png", length=12),
        media[1].url: Measure(url=media[1].url, status=404, mime=None, length=None),
        media[2].url: Measure(url=media[2].url, status=200, mime="text/html", length=9),
        media[3].url: Measure(url=media[3].url, status=200, mime="application/octet-stream", length=5),
    }
    found = plan.measured(media, measures)
    assert [(m.url, m.mime, m.length) for m in found] == [
        ("https://a/0.jpg", "image/png", 12),
        ("https://a/3.jpg", "image/jpeg", 5),
        ("https://a/4.jpg", "image/jpeg", None),
    ]


def test_the_listing_makes_a_short_item_of_what_cannot_be_read() -> None:
    """A bad article costs its body, not its headline; without a headline there is nothing to tell."""
    assert plan.short_item(stub("url:a", summary="Tóm tắt"), "sapa", "vi", NOW).summary == "Tóm tắt"  # type: ignore[union-attr]
    assert plan.short_item(replace(stub("url:a"), title=""), "sapa", "vi", NOW) is None


# When to poll again -------------------------------------------------------------------------------------------------


def state(outcome: str, before: CategoryState | None = None, **fields: object) -> CategoryState:
    """The state after a poll with this outcome."""
    return plan.next_state(before or CategoryState(), CATEGORY, outcome=outcome, finished=NOW, **fields)  # type: ignore[arg-type]


def pause(found: CategoryState) -> timedelta:
    """How long until the next poll."""
    assert found.next_poll is not None
    return found.next_poll - NOW


def test_a_good_poll_waits_the_interval_and_clears_failures() -> None:
    """After a success the category is due in `every`, and past failures count no more."""
    found = state("ok", CategoryState(failures=5), usual=10, digest="d")
    assert (pause(found), found.failures, found.usual, found.digest) == (CATEGORY.every, 0, 10, "d")


def test_an_unfinished_walk_goes_on_at_once() -> None:
    """What a first walk could not read in one poll is read in the next, without a wait."""
    assert pause(state("ok", depth=3)) == timedelta(0)
    assert pause(state("ok", depth=3, problem=Problem(code="refused", detail="429"))) == CATEGORY.every


def test_failures_back_off_doubling_to_six_hours_and_never_give_up() -> None:
    """Each failure in a row doubles the wait, up to six hours; validators and digest of the last success stay."""
    found, waits = CategoryState(digest="d", usual=9), []
    for _ in range(12):
        found = state("failed", found)
        waits.append(pause(found))
    assert waits[:3] == [15 * MINUTE, 30 * MINUTE, 60 * MINUTE]
    assert waits[-1] == timedelta(hours=6)
    assert (found.digest, found.usual, found.failures) == ("d", 9, 12)


def test_retry_after_is_honoured_up_to_a_day() -> None:
    """A portal that asks for patience gets it, though not for ever."""
    wish = Problem(code="refused", detail="503", retry_after=timedelta(hours=9))
    assert pause(state("failed", problem=wish)) == timedelta(hours=9)
    assert pause(state("failed", problem=replace(wish, retry_after=timedelta(days=30)))) == timedelta(days=1)


def test_suspicion_is_checked_soon() -> None:
    """An empty listing is looked at again after two minutes, then with growing patience."""
    first = state("suspicious")
    assert pause(first) == 2 * MINUTE
    assert pause(state("suspicious", first)) == 30 * MINUTE


@given(st.floats(-1, 1), st.integers(0, 40))
def test_jitter_moves_a_back_off_by_a_tenth(jitter: float, failures: int) -> None:
    """Failures of many sources spread out, by no more than a tenth."""
    found = state("failed", CategoryState(failures=failures), jitter=jitter)
    plain = state("failed", CategoryState(failures=failures))
    assert abs(pause(found) - pause(plain)) <= pause(plain) / 10 + timedelta(microseconds=1)


def test_looks_at_known_items_grow_rarer_and_end() -> None:
    """Each look waits half as long as the item has been known; after a month there is none."""
    old = Known(item=item("url:a", id="x", first_seen=NOW - timedelta(days=4)), looked=NOW)
    assert plan.look_later(old, CATEGORY, NOW).next_look == NOW + timedelta(days=2)
    assert plan.look_later(old, CATEGORY, NOW + timedelta(days=30)).next_look is None
    document = Known(item=item("doc:a.txt", id="x"), looked=NOW)
    assert plan.look_later(document, CATEGORY, NOW).next_look is None

"""Decisions: what to visit, what is new, which date is shown, when to look again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import likeness, plan
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


MARKET = "Chợ phiên họp từ tinh mơ, bà con các bản đem măng, mật ong và vải chàm xuống bán đến quá trưa."
BRIDGE = "Cầu treo mới dài sáu mươi mét nối hai bờ suối, học sinh không còn phải lội nước đến lớp mùa lũ."
FOREST = "Đội tuần rừng đi ba ngày trên đỉnh, đánh dấu những gốc pơ mu cổ thụ và tháo bẫy thú dọc đường."


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
    old = item("url:a", "body:1", id=make_id("url:a", 1), title="Cũ", text=MARKET, published=day, precision="day")
    other = item("url:a", "body:2", title="Mới", text=BRIDGE, published=day + timedelta(days=9), precision="day")
    settled = settle(other, known=remembered(old))
    assert [one.id for one in settled.new] == [make_id("url:a", 2)]
    assert settled.moved_keys == ("url:a",)
    third = replace(other, keys=("url:a", "body:3"), title="Thứ ba", text=FOREST, published=day + timedelta(days=15))
    assert settle(third, known=remembered(settled.new[0])).new[0].id == make_id("url:a", 3)


def test_a_correction_of_headline_day_and_text_is_no_other_article() -> None:
    """However much of it is new at once, an article whose text went on from where it was stays itself (I3, I16)."""
    day = datetime(2026, 11, 1, tzinfo=VIETNAM)
    old = item("url:a", "body:1", id="old", title="Cũ", text=MARKET, published=day, precision="day")
    later = day + timedelta(days=9)
    said = {"title": "Cũ (cập nhật)", "published": later, "precision": "day", "fingerprint": "g"}
    for text in (MARKET, f"{MARKET} Đính chính: chợ họp đến chiều."):
        settled = settle(item("url:a", "body:2", text=text, **said), known=remembered(old))
        assert (settled.new, [one.id for one in settled.changed]) == ((), ["old"])


@pytest.mark.parametrize("together", [True, False])
def test_an_address_given_to_another_article_in_two_spellings_is_one_new_item(*, together: bool) -> None:
    """The number in an address and the address itself are seen to be used again one after the other: one article."""
    day = datetime(2026, 11, 1, tzinfo=VIETNAM)
    old = item("url:a-7", "num:s|7", "body:1", id="old", title="Chợ phiên", text=MARKET, published=day, precision="day")
    told = {"title": "Khánh thành cầu treo", "text": BRIDGE, "published": day + timedelta(days=9), "precision": "day"}
    seen = plan.Draft(item=item("url:b-7", "num:s|7", "body:2", **told), position=0, asked=("num:s|7",))
    again = plan.Draft(
        item=item("url:a-7", "num:s|7", "body:2", **told), position=1, asked=("url:a-7",), again=not together
    )
    given = {"category": CATEGORY, "timezone": VIETNAM, "make_id": make_id, "now": NOW}
    if together:
        settled = plan.settle([seen, again], remembered(old), **given)
        (new,) = settled.new
        assert {"url:a-7", "url:b-7", "num:s|7"} <= set(new.keys)
        assert set(settled.moved_keys) == {"url:a-7", "num:s|7"}
        return
    (new,) = plan.settle([seen], remembered(old), **given).new
    left = replace(old, keys=("url:a-7", "body:1"))
    later = plan.settle([again], {**remembered(left), **remembered(new)}, **given)
    assert (later.new, later.moved_keys) == ((), ("url:a-7",))
    assert [(one.id, "url:a-7" in one.keys) for one in later.seen] == [(new.id, True)]


def test_an_edit_of_title_and_body_on_the_same_day_is_a_correction() -> None:
    """Only when title, day and body all differ is an address taken for another article's."""
    day = datetime(2026, 11, 1, tzinfo=VIETNAM)
    old = item("url:a", "body:1", id="old", title="Cũ", text=MARKET, published=day, precision="day")
    settled = settle(item("url:a", "body:2", title="Mới", published=day, fingerprint="g"), known=remembered(old))
    assert (len(settled.new), len(settled.changed)) == (0, 1)


def test_a_day_is_one_day_in_whatever_zone_it_was_stored() -> None:
    """The store gives moments back in UTC, where midnight in Vietnam is the day before: a correction stays one."""
    day = datetime(2026, 11, 1, tzinfo=VIETNAM)
    old = item("url:a", "body:1", id="old", title="Cũ", published=day.astimezone(UTC), precision="day")
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
        (
            1,
            3,
            CategoryState(succeeded=NOW),
            {"url:a": Known(item=item("url:a", id="x", categories=("tin-tuc",)), looked=NOW)},
            False,
        ),
        (
            2,
            3,
            CategoryState(succeeded=NOW, depth=3),
            {"url:a": Known(item=item("url:a", id="x", categories=("tin-tuc",)), looked=NOW)},
            True,
        ),
        (3, 3, CategoryState(succeeded=NOW, depth=3), {}, True),
        (1, 3, CategoryState(depth=1), {"url:a": Known(item=item("url:a", id="x"), looked=NOW)}, True),
        (3, 3, CategoryState(depth=3), {}, False),
    ],
)
def test_the_pager_is_followed_as_far_as_it_is_news(
    walked: int, pages: int, state: CategoryState, known: dict[str, Known], *, expected: bool
) -> None:
    """First `pages`; later while all is unknown, to a bound; an interrupted walk as far as it came."""
    listing = Listing(title="", stubs=(stub("url:a"),), next_url="https://sapa.example.vn/2")
    assert plan.follow(listing, known, walked, replace(CATEGORY, pages=pages), state) is expected
    assert plan.follow(replace(listing, next_url=None), known, walked, replace(CATEGORY, pages=pages), state) is False


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
    assert likeness.foreign(stubs, items) is foreign
    assert likeness.foreign(stubs, []) is False


def test_news_on_the_host_that_a_portal_moved_to_are_no_other_list() -> None:
    """Between the hosts of one portal the rest of an address tells; a host of somebody else stays another list."""
    items = [item("url:a", url="https://sapa.example.vn/tin-tuc/tin-cu-1-99")]
    news = [Stub(keys=("k",), url="https://xamoi.example.vn/tin-tuc/tin-moi-3-100", title="Tin")]
    hosts = {"sapa.example.vn", "xamoi.example.vn"}
    assert likeness.foreign(news, items)
    assert not likeness.foreign(news, items, hosts)
    assert likeness.foreign([replace(news[0], url="https://xamoi.example.vn/video/phim-3-100")], items, hosts)
    assert likeness.foreign([replace(news[0], url="https://kia.example.vn/tin-tuc/tin-moi-3-100")], items, hosts)


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
    """Failures of many sources spread out, by no more than a tenth, and never beyond six hours."""
    found = state("failed", CategoryState(failures=failures), jitter=jitter)
    plain = state("failed", CategoryState(failures=failures))
    assert abs(pause(found) - pause(plain)) <= pause(plain) / 10 + timedelta(microseconds=1)
    assert pause(found) <= timedelta(hours=6)


def test_looks_at_known_items_grow_rarer_and_end() -> None:
    """Each look waits half as long as the item has been known; after a month there is none."""
    old = Known(item=item("url:a", id="x", first_seen=NOW - timedelta(days=4)), looked=NOW)
    assert plan.look_later(old, CATEGORY, NOW).next_look == NOW + timedelta(days=2)
    assert plan.look_later(old, CATEGORY, NOW + timedelta(days=30)).next_look is None
    document = Known(item=item("doc:a.txt", id="x"), looked=NOW)
    assert plan.look_later(document, CATEGORY, NOW).next_look is None


# What speaks against a match ----------------------------------------------------------------------------------------

DAY = datetime(2026, 11, 20, tzinfo=VIETNAM)
ROAD = "Bà con thôn Tả Van cùng dọn đường, khơi mương và sửa lại mái nhà văn hóa trước khi mùa rét về trên núi cao"
LAND = (
    "Hội đồng thông báo bán ba thửa đất ở phường Cầu Mây, giá khởi điểm và thời hạn nộp hồ sơ ghi trong bảng kèm theo"
)


def asked(one: Item, *keys: str, position: int = 0, again: bool = False) -> plan.Draft:
    """A draft of an article that was asked for under `keys`."""
    return plan.Draft(item=one, position=position, asked=keys, again=again)


def settle_asked(*drafts: plan.Draft, known: dict[str, Known] | None = None) -> plan.Settled:
    """Settles drafts that say what was asked for."""
    return plan.settle(drafts, known or {}, category=CATEGORY, timezone=VIETNAM, make_id=make_id, now=NOW)


def test_one_canonical_address_on_every_page_makes_no_item_of_all() -> None:
    """A portal that declares the same address for each of its articles loses none of them, in one poll or several."""
    first = asked(item("url:a", "url:x", title="Mở đường mới", text=ROAD), "url:a")
    other = asked(item("url:b", "url:x", title="Bán đấu giá đất", text=LAND), "url:b", position=1)
    together = settle_asked(first, other)
    assert [one.keys for one in together.new] == [("url:a", "url:x"), ("url:b",)]
    later = settle_asked(other, known=remembered(*together.new[:1]))
    assert ([one.keys for one in later.new], later.moved_keys) == ([("url:b",)], ())


def test_a_redirect_to_a_known_article_finds_it() -> None:
    """Where the words agree, the address that a page declares or leads to is as good as the one that was asked for."""
    old = item("url:x", id="old", title="Mở đường mới", text=ROAD)
    settled = settle_asked(
        asked(item("url:a", "url:x", title="Mở đường mới", text=ROAD), "url:a"), known=remembered(old)
    )
    assert (settled.new, settled.seen[0].id, settled.seen[0].keys) == ((), "old", ("url:a",))


def test_keys_of_a_known_item_are_not_given_to_a_new_one() -> None:
    """A second address of an article found in this poll stays with the known item that has it: no conflict for ever."""
    old = item("url:x", "num:s|7", id="old", title="Bán đấu giá đất", text=LAND)
    first = asked(item("url:a", "url:b", title="Mở đường mới", text=ROAD), "url:a")
    second = asked(item("url:b", "num:s|7", title="Mở đường mới", text=ROAD), "url:b", position=1)
    (new,) = settle_asked(first, second, known=remembered(old)).new
    assert new.keys == ("url:a", "url:b")


@pytest.mark.parametrize(("text", "count"), [(LAND, 2), (f"{ROAD}. Ảnh: Hà My", 1)])
def test_one_headline_on_one_day_is_one_article_when_the_texts_agree(text: str, count: int) -> None:
    """Two notices of one headline and day with texts of their own are two; one whose page gained a line is one."""
    key = "title:thông báo của hội đồng|2026-11-20"
    first = asked(item("url:a", key, "body:1", published=DAY, text=ROAD), "url:a")
    other = asked(item("url:b", key, "body:2", published=DAY, text=text), "url:b", position=1)
    assert len(settle_asked(first, other).new) == count
    (old,) = settle_asked(first).new
    assert len(settle_asked(other, known=remembered(old)).new) == count - 1


def test_an_article_met_twice_in_a_poll_is_revised_once() -> None:
    """A look and a visit under another address, both with other words than stored, make one revision: the store takes it."""
    old = item("url:a", "url:b", id="old", text=ROAD)
    look = asked(item("url:a", text=f"{ROAD} 1", fingerprint="g"), "url:a", position=0, again=True)
    visit = asked(item("url:b", text=f"{ROAD} 2", fingerprint="h"), "url:b", position=1)
    assert [one.revision for one in settle_asked(look, visit, known=remembered(old)).changed] == [2]


def test_the_words_of_a_listing_never_replace_an_article() -> None:
    """A known document or article that cannot be read any more stays whole."""
    old = item("doc:a.txt", "sha:1", id="old", text=ROAD)
    settled = settle_asked(
        asked(item("doc:a.txt", "sha:2", fingerprint=""), "doc:a.txt", "sha:2"), known=remembered(old)
    )
    assert (settled.new, settled.changed, settled.seen[0].keys) == ((), (), ("sha:2",))


@pytest.mark.parametrize("published", [None, DAY - timedelta(days=30)])
def test_a_login_in_an_article_s_place_does_not_overwrite_it(published: datetime | None) -> None:
    """A second look that shares neither headline nor text nor day with the article is doubted, and the article stays."""
    old = item("url:a", id="old", text=ROAD, published=published)
    login = item("url:a", title="Đăng nhập hệ thống", text="Mời nhập tên và mật khẩu để tiếp tục", fingerprint="g")
    settled = settle_asked(asked(login, "url:a", again=True), known=remembered(old))
    assert (settled.new, settled.changed, settled.doubted) == ((), (), ("old",))


def test_a_short_item_takes_whatever_its_page_says() -> None:
    """An item of the listing's words becomes whole even when the page words its headline otherwise."""
    old = item("url:a", id="old", fingerprint="", title="Tin vắn")
    page = item("url:a", title="Mở đường mới", text=ROAD)
    assert len(settle_asked(asked(page, "url:a", again=True), known=remembered(old)).changed) == 1


def test_a_correction_under_a_clock_set_back_takes_a_second_of_its_own() -> None:
    """`updated` rises and stays unique also where the next second is another item's."""
    old = item("url:a", id="old", updated=NOW + MINUTE)
    after = (NOW + MINUTE).replace(microsecond=0) + timedelta(seconds=1)
    settled = settle(item("url:a", fingerprint="g"), known=remembered(old), taken=frozenset({after}))
    assert settled.changed[0].updated == after + timedelta(seconds=1)


def test_a_correction_keeps_what_is_known_of_the_pictures() -> None:
    """A picture whose server does not answer just now keeps its type and length."""
    media = (MediaObject(url="https://a/1.jpg", kind="image", mime="image/jpeg", length=7),)
    old = item("url:a", id="old", media=media)
    edited = item("url:a", fingerprint="g", media=(MediaObject(url="https://a/1.jpg", kind="image"),))
    assert settle(edited, known=remembered(old)).changed[0].media == media


def test_no_look_is_planned_at_an_address_that_is_another_s() -> None:
    """An item whose address was given to another article has nothing to be looked at."""
    left = item("body:1", id="old")
    assert plan.look_later(Known(item=left, looked=NOW), CATEGORY, NOW).next_look is None


# How far a walk goes ------------------------------------------------------------------------------------------------


def test_a_pinned_article_on_top_of_a_list_does_not_end_the_walk() -> None:
    """A page is followed while it ends in news, also when it begins with a known article, or one of another category."""
    listing = Listing(title="", stubs=(stub("url:a"), stub("url:b")), next_url="https://sapa.example.vn/2")
    state = CategoryState(succeeded=NOW)
    pinned = remembered(item("url:a", id="x", categories=("tin-tuc",)))
    foreign = remembered(item("url:b", id="y", categories=("thong-bao",)))
    own = remembered(item("url:b", id="y", categories=("tin-tuc",)))
    assert [plan.follow(listing, known, 1, CATEGORY, state) for known in (pinned, foreign, own)] == [True, True, False]


def test_a_walk_that_was_cut_goes_on_behind_the_cut() -> None:
    """A first walk is taken up to its pages; one after a silence goes one page further, then on to known items."""
    first, later = CategoryState(), CategoryState(succeeded=NOW)
    assert plan.next_depth(first, CATEGORY, walked=1, cut=True, left=True) == CATEGORY.pages
    depth = plan.next_depth(later, CATEGORY, walked=7, cut=True, left=False)
    listing = Listing(title="", stubs=(stub("url:b"),), next_url="https://sapa.example.vn/2")
    assert depth == 8
    assert plan.follow(listing, {}, 8, CATEGORY, replace(later, depth=depth))
    assert plan.next_depth(replace(later, depth=depth), CATEGORY, walked=9, cut=False, left=False) == 0


def test_a_walk_that_only_the_bound_of_a_poll_ended_goes_on_in_the_next() -> None:
    """Twenty pages of news more in each poll; not behind a known item, nor further than the farthest page."""
    later, listing = CategoryState(succeeded=NOW), Listing(title="", stubs=(stub("url:b"),), next_url="/2")
    own = remembered(item("url:b", id="y", categories=("tin-tuc",)))
    assert plan.bounded(listing, {}, plan.CATCH_UP_PAGES, CATEGORY, later)
    assert not plan.bounded(listing, own, plan.CATCH_UP_PAGES, CATEGORY, later)
    assert not plan.bounded(replace(listing, next_url=None), {}, plan.CATCH_UP_PAGES, CATEGORY, later)
    assert not plan.bounded(listing, {}, CATEGORY.pages, CATEGORY, CategoryState())
    behind = replace(later, depth=plan.next_depth(later, CATEGORY, walked=plan.CATCH_UP_PAGES, cut=True, left=True))
    assert plan.follow(listing, {}, 2 * plan.CATCH_UP_PAGES, CATEGORY, behind)
    assert not plan.follow(listing, {}, 2 * plan.CATCH_UP_PAGES + 1, CATEGORY, behind)
    farthest = replace(later, depth=plan.FARTHEST_PAGE)
    assert not plan.follow(listing, {}, plan.FARTHEST_PAGE, CATEGORY, farthest)
    assert not plan.bounded(listing, {}, plan.FARTHEST_PAGE, CATEGORY, farthest)


def test_pages_walked_again_cost_little_beside_the_articles_read() -> None:
    """A poll that walked many pages reads ten articles for each of them; one that walked one reads a batch."""
    stubs = [stub(f"url:{n}") for n in range(500)]
    assert [len(plan.choose(stubs, {}, "tin-tuc", pages).visit) for pages in (1, 2, 20)] == [20, 20, 200]
    assert plan.choose(stubs, {}, "tin-tuc", 20).waiting == 300


def test_a_list_at_the_newer_addresses_of_its_items_is_the_same_list() -> None:
    """Items that moved to other addresses, and were met there, tell news at such addresses from another block."""
    moved = [
        item(f"url:sapa.example.vn/tin/{n}", f"url:sapa.example.vn/bai-viet/bai-{n}", id=str(n), url=f"https://sapa.example.vn/tin/{n}")
        for n in range(9)
    ]  # fmt: skip
    news = [Stub(keys=("k",), url=f"https://sapa.example.vn/bai-viet/tin-{n}", title=f"Bài {n}") for n in range(9)]
    assert not likeness.foreign(news, moved)
    assert likeness.foreign(
        [replace(one, url=f"https://sapa.example.vn/video/{n}") for n, one in enumerate(news)], moved
    )


def test_a_list_under_new_addresses_is_known_by_its_headlines() -> None:
    """A portal that renames all its addresses at once shows the same list; it is not taken for another block."""
    items = [item(f"url:{n}", url=f"https://sapa.example.vn/tin/{n}", title=f"Thôn số {n} mở hội") for n in range(9)]
    stubs = [
        Stub(keys=("k",), url=f"https://sapa.example.vn/bai?id={n}", title=f"Thôn số {n} mở hội") for n in range(3, 12)
    ]
    assert not likeness.foreign(stubs, items)
    assert likeness.foreign([replace(one, title=f"Phim {n}") for n, one in enumerate(stubs)], items)


def test_a_failed_poll_that_stored_something_keeps_the_walk() -> None:
    """Articles told in the listing's words while their pages fail do not hide that the walk is not over."""
    assert state("failed", CategoryState(depth=2), depth=6).depth == 6


def test_a_category_has_succeeded_when_its_first_walk_is_over() -> None:
    """While articles of the first walk wait, the next poll walks for them, and no further into history."""
    assert state("ok", depth=3).succeeded is None
    assert state("ok", CategoryState(depth=3)).succeeded == NOW
    assert state("ok", CategoryState(succeeded=NOW - MINUTE), depth=3).succeeded == NOW


def test_what_was_left_over_is_found_below_the_news_that_came_since() -> None:
    """A walk that was cut after two pages goes two pages below the three that news have filled meanwhile."""
    behind = CategoryState(succeeded=NOW, depth=2)
    listing = Listing(title="", stubs=(stub("url:a"),), next_url="https://sapa.example.vn/2")
    known = remembered(item("url:a", id="x", categories=("tin-tuc",)))
    assert [plan.follow(listing, known, walked, CATEGORY, behind, 3) for walked in (4, 5)] == [True, False]
    assert plan.next_depth(behind, CATEGORY, walked=3, cut=True, left=True, shift=3) == 5

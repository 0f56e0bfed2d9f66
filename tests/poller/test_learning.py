"""What one poll learns: when a reading is no edit, and when a list in another place is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedsvc.errors import Redesigned
from feedsvc.extract.profile import list_habit
from feedsvc.learning import LOOKS, TOLD_FOR, Lessons, by_title, familiar_keys, headlines
from feedsvc.model import Category, Item, Known, Listing, Stub, Trace
from feedsvc.plan import Draft

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CATEGORY = Category(source="sapa", slug="tin-tuc", title="Tin tức", url="https://sapa.example.vn/tin-tuc")
WORDS = "Bà con các thôn cùng dọn đường, khơi mương và sửa lại mái nhà văn hóa trước khi mùa rét về trên núi cao."


def item(number: int, *, design: str = "", text: str = "") -> Item:
    """An article as it was read."""
    return Item(
        keys=(f"url:sapa.example.vn/{number}",), source="sapa", url=f"https://sapa.example.vn/{number}",
        title=f"Thôn số {number} hoàn thành tuyến đường mới", text=text or f"{WORDS} Thôn số {number} xong trước tiên.",
        first_seen=NOW, shown=NOW, updated=NOW, fingerprint=f"{number}{design}", trace=Trace(design=design),
    )  # fmt: skip


def listing(recognised: int, *, of: int = 10, shape: str = "a") -> Listing:
    """A list of which so many articles are known."""
    stubs = tuple(Stub(keys=(f"url:{n}",), url=f"https://sapa.example.vn/{n}", title=f"Tin {n}") for n in range(of))
    return Listing(title="", stubs=stubs, shape=shape, recognised=recognised)


def recalled(stored: str | None = None, at: datetime = NOW) -> Lessons:
    """Lessons at the beginning of a poll."""
    lessons = Lessons()
    lessons.recall(stored, at)
    return lessons


def test_the_same_words_in_a_new_design_are_no_edit() -> None:
    """What was last read before the design was met is not edited by it; a reading in a known design is compared."""
    lessons = recalled()
    lessons.learn([Draft(item=item(1, design="cũ"), position=0)], {})
    later = recalled(lessons.written(), NOW + timedelta(days=9))
    again = Draft(item=item(1, design="mới", text=f"Chia sẻ. {WORDS} Thôn số 1 xong trước tiên."), position=0)
    known = {key: Known(item=item(1), looked=NOW) for key in item(1).keys}
    later.learn([again], known)
    assert later.is_no_edit(known["url:sapa.example.vn/1"], again.item)
    seen = Known(item=item(1), looked=NOW + timedelta(days=10))
    assert not later.is_no_edit(seen, again.item), "read in that design before"
    edited = replace(
        again.item, text=f"{WORDS} Đính chính: đường dài hai cây số chứ không phải ba như đã đưa tin trước."
    )
    assert not later.is_no_edit(known["url:sapa.example.vn/1"], edited)
    assert not later.is_no_edit(known["url:sapa.example.vn/1"], replace(again.item, title="Tên khác hẳn của bài"))
    assert not later.is_no_edit(known["url:sapa.example.vn/1"], replace(again.item, trace=None))


def test_an_article_with_two_addresses_is_counted_once() -> None:
    """Drafts that share a key are one article; known ones are not counted at all."""
    lessons = recalled()
    twin = replace(item(1), keys=("url:khac", *item(1).keys))
    known = {key: Known(item=item(2), looked=NOW) for key in item(2).keys}
    drafts = [Draft(item=one, position=0) for one in (item(1), twin, item(2), replace(item(3), trace=None))]
    lessons.learn(drafts, known)
    assert lessons.profile.pages == 1


def test_a_list_is_believed_at_the_third_look_at_one_place() -> None:
    """Each look is kept in the profile; another place, or no list, begins anew."""
    stored = None
    for look in range(1, LOOKS):
        lessons = recalled(stored)
        with pytest.raises(Redesigned, match=f"{look} so far"):
            lessons.look(CATEGORY, listing(4), NOW)
        stored = lessons.written()
    other, gone = recalled(stored), recalled(stored)
    with pytest.raises(Redesigned, match="1 so far"):
        other.look(CATEGORY, listing(4, shape="b"), NOW)
    assert not gone.look(CATEGORY, None, NOW)
    assert list_habit(gone.profile, "tin-tuc").doubts == 0
    lessons = recalled(stored)
    assert lessons.look(CATEGORY, listing(4), NOW)
    notice = lessons.notice(CATEGORY, NOW + timedelta(days=1), HANOI)
    assert notice is not None
    assert notice.detail == "the portal was redesigned on 20/11/2026, the list found again by 4 known articles"
    assert lessons.notice(CATEGORY, NOW + TOLD_FOR + timedelta(days=1), HANOI) is None
    assert lessons.was_redesigned(CATEGORY)
    assert not lessons.was_redesigned(replace(CATEGORY, slug="khac"))


@pytest.mark.parametrize(("recognised", "of"), [(2, 4), (3, 11), (5, 30)])
def test_a_few_known_articles_make_no_list(recognised: int, of: int) -> None:
    """Fewer than three, or than 30 % of the lines, are a side block's."""
    assert not recalled().look(CATEGORY, listing(recognised, of=of), NOW)


def test_a_good_poll_ends_all_doubt() -> None:
    """A list that is where it was makes the looks at another one count for nothing."""
    lessons = recalled()
    with pytest.raises(Redesigned):
        lessons.look(CATEGORY, listing(4), NOW)
    after = lessons.after("tin-tuc", [], 10, NOW)
    assert list_habit(after, "tin-tuc").doubts == 0
    assert lessons.written(after) != lessons.written()


def test_nothing_learned_is_nothing_to_store() -> None:
    """A poll that taught nothing writes no profile, and a profile that is as it was is not written again."""
    lessons = recalled()
    assert lessons.written() is None
    stored = lessons.written(lessons.after("tin-tuc", [item(1)], 10, NOW))
    assert stored is not None
    again = recalled(stored)
    assert again.written(again.after("tin-tuc", [], None, NOW + timedelta(hours=1))) is None


def test_headlines_find_lines_only_where_they_name_one_article() -> None:
    """Short headlines, headlines of two articles, and too few of them, find nothing."""
    items = [
        *(item(number) for number in range(4)),
        replace(item(9), title="Thông báo"),
        replace(item(8), title=item(0).title),
    ]
    stubs = [Stub(keys=(f"url:moi/{n}",), url="", title=one.title) for n, one in enumerate(items[:5])]
    assert by_title(stubs, items).keys() == {"url:moi/1", "url:moi/2", "url:moi/3"}
    assert by_title(stubs[:3], items) == {}
    assert len(headlines(items)) == 4
    assert "title:thông báo" in familiar_keys(items)
    assert "url:sapa.example.vn/0" in familiar_keys(items)

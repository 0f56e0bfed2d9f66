"""What the pages of a source have in common is learned, and taken out of every article."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.extract import read_article, read_listing
from feedsvc.extract.habits import KEPT_DAYS, digest
from feedsvc.extract.learned import same_article
from feedsvc.extract.profile import known_of, learn, list_habit, with_list
from feedsvc.extract.profile_json import LONGEST, from_json, to_json
from feedsvc.model import NO_PROFILE, Item, ListHabit, Page, Profile, Source, Stub, Trace
from feedsvc.plan.rhythm import usual_gap, with_news

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SOURCE = Source(slug="sapa", title="Sa Pa", home="https://sapa.example.vn/")
HOTLINE = "Mọi ý kiến phản ánh của bà con xin gửi về ban biên tập theo số điện thoại đường dây nóng."
SUFFIX = " | Trang thông tin xã Mường Sương"
THINGS = ("cây cầu", "con mương", "trạm y tế", "lớp học", "nhà văn hóa", "chợ phiên", "vườn mận", "đập nước")


def told(number: int) -> str:
    """The words of one article, of which no paragraph is like that of another."""
    thing = THINGS[number % len(THINGS)]
    return "".join(
        f"<p>{opening} {thing} của thôn {number and THINGS[number - 1]} {ending}, ai cũng vui vì việc chung đã xong.</p>"
        for opening, ending in (
            ("Sáng nay bà con kéo nhau ra xem", "vừa được sửa sang lại sau mùa mưa"),
            ("Trưởng thôn kể rằng", "đã chờ mười năm mới có tiền để làm"),
            ("Từ nay về sau,", "sẽ do các tổ thay phiên nhau trông nom"),
        )
    )


def page(number: int, *, end: str = HOTLINE, head: str = "", h1: str | None = None, more: str = "") -> Page:
    """An article of the portal; `end` is its last paragraph."""
    title = f"Thôn dưới mừng {THINGS[number % len(THINGS)]} mới"
    body = (
        f"<html><head><title>{title}{SUFFIX}</title>{head}</head><body><h1>{h1 or title}</h1>"
        f"<div class='content'><p><img src='/anh/{number}.jpg' width='640'></p>{told(number)}{more}<p>{end}</p></div></body></html>"
    )
    url = f"https://sapa.example.vn/tin/bai-{number}"
    return Page(url=url, final_url=url, status=200, body=body.encode(), content_type="text/html", fetched_at=NOW)


def taught(pages: list[Page], profile: Profile = NO_PROFILE, *, stubs: bool = False) -> Profile:
    """The profile after one poll that read these pages."""
    source = replace(SOURCE, profile=profile)
    given = [listed(number) if stubs else None for number in range(len(pages))]
    traces = [read_article(one, source, stub).trace for one, stub in zip(pages, given, strict=True)]
    return learn(profile, [trace for trace in traces if trace], now=NOW)


def listed(number: int) -> Stub:
    """The line of the listing that led to an article."""
    return Stub(
        keys=(), url="", title=f"Thôn dưới mừng {THINGS[number]} mới", published=NOW - timedelta(days=30 + number),
        precision="day",
    )  # fmt: skip


def read(one: Page, profile: Profile, stub: Stub | None = None) -> Item:
    """The article as it is read by a source that has learned."""
    return read_article(one, replace(SOURCE, profile=profile), stub)


def test_a_paragraph_on_three_pages_is_cut_from_the_fourth() -> None:
    """Boilerplate: what three articles end with is no part of any article, and nothing else is lost."""
    assert HOTLINE in read(page(3), taught([page(0), page(1)])).text
    profile = taught([page(0), page(1), page(2)])
    plain, cut = read(page(3), NO_PROFILE), read(page(3), profile)
    assert HOTLINE in plain.text
    assert cut.text == plain.text.removesuffix(f"\n\n{HOTLINE}")
    assert HOTLINE not in cut.html
    assert cut.media == plain.media


def test_an_article_read_three_times_makes_no_habit() -> None:
    """Looks at a known article count nothing: its own words stay its own."""
    first = read(page(0), NO_PROFILE).trace
    assert first is not None
    profile = learn(NO_PROFILE, [first], now=NOW)
    for _ in range(5):
        profile = learn(profile, [], now=NOW, again=[first])
    assert profile.pages == 1
    assert read(page(0), profile).text == read(page(0), NO_PROFILE).text


def test_notices_that_repeat_each_other_stay_whole() -> None:
    """Where habits are the greater part of a page, they are its text."""
    notice = "".join(f"<p>{HOTLINE} Điều này được nhắc lại ở {thing}.</p>" for thing in THINGS)
    pages = [page(number, more=notice) for number in range(4)]
    assert read(pages[3], taught(pages[:3])).text == read(pages[3], NO_PROFILE).text


def test_writers_and_captions_are_never_habits() -> None:
    """A signature on every article, and a line below every picture, stay what they are."""
    more = "<p><img src='/anh/gap-mat-{}.jpg' width='640'></p><p>Quang cảnh buổi gặp mặt của bà con.</p>"
    pages = [page(number, more=more.format(number), end="Hồng Hải (Trung tâm Văn hóa)") for number in range(5)]
    item = read(pages[4], taught(pages[:4]))
    assert [one.name for one in item.authors] == ["Hồng Hải"]
    assert item.media[1].caption == "Quang cảnh buổi gặp mặt của bà con."


def test_a_picture_on_three_pages_is_no_picture_of_the_article() -> None:
    """Pictures that come back are the portal's; the article's own stays."""
    banner = "<p><img src='/anh/quang-truong.jpg' width='700'></p>"
    pages = [page(number, more=banner) for number in range(4)]
    assert len(read(pages[3], NO_PROFILE).media) == 2
    item = read(pages[3], taught(pages[:3]))
    assert [one.url for one in item.media] == ["https://sapa.example.vn/anh/3.jpg"]
    assert "quang-truong" not in item.html


def test_a_picture_declared_on_every_page_is_the_portals() -> None:
    """og:image equal on three pages stands in for a picture; the first of the body is the main one."""
    head = "<meta property='og:image' content='/anh/toan-canh.jpg'>"
    pages = [page(number, head=head) for number in range(4)]
    assert read(pages[3], NO_PROFILE).media[0].url.endswith("/anh/toan-canh.jpg")
    assert [one.url for one in read(pages[3], taught(pages[:3])).media] == ["https://sapa.example.vn/anh/3.jpg"]


def test_a_heading_on_every_page_is_the_sites_name() -> None:
    """An h1 equal on several pages is no headline, and what the title element ends with is no part of one."""
    pages = [page(number, h1="Trang thông tin xã Mường Sương") for number in range(4)]
    profile = taught(pages[:3])
    assert SUFFIX in known_of(profile).affixes
    assert read(pages[3], profile).title == "Thôn dưới mừng lớp học mới"


def test_a_headline_that_the_listing_gives_is_one_however_often_it_returns() -> None:
    """A weekly column has one headline for ever, and keeps it."""
    pages = [page(number, h1="Lịch tiếp công dân trong tuần") for number in range(4)]
    stub = Stub(keys=(), url="", title="Lịch tiếp công dân trong tuần")
    assert read(pages[3], taught(pages[:3]), stub).title == "Lịch tiếp công dân trong tuần"


def test_a_clock_of_another_day_is_known_by_its_place() -> None:
    """One day on articles of several days at one place is the page's, whatever day it shows."""
    clock = "<div class='ngay-thang'>Thứ Ba, ngày 17/11/2026</div>"
    pages = [
        replace(one, body=one.body.replace(b"<body>", f"<body>{clock}".encode())) for one in map(page, range(4))
    ]  # fmt: skip
    bare = read(pages[3], NO_PROFILE)
    assert bare.published is not None, "the trap: nothing says that this is a clock"
    assert read(pages[3], taught(pages[:3], stubs=True)).published is None


def test_the_date_of_each_article_at_one_place_is_no_clock() -> None:
    """A place that is right once is no clock, even if several articles are of one day."""
    days = ("18/10/2026", "19/10/2026", "19/10/2026")
    pages = [
        replace(one, body=one.body.replace(b"<body>", f"<body><div class='d'>{day}</div>".encode()))
        for one, day in zip(map(page, range(3)), days, strict=True)
    ]
    stubs = [replace(listed(0), published=NOW - timedelta(days=days)) for days in (33, 32, 32)]
    traces = [read_article(one, SOURCE, stub).trace for one, stub in zip(pages, stubs, strict=True)]
    assert learn(NO_PROFILE, [trace for trace in traces if trace], now=NOW).clocks == ()


def test_lead_and_picture_of_an_article_stay_its_own_however_often_others_show_them() -> None:
    """A teaser that leaked into three other articles is cut from them, not from the article that it is about."""
    lead = "Sáng nay bà con thôn dưới kéo nhau ra xem cái giếng làng vừa được xây lại sau nhiều năm bỏ hoang."
    teaser = f"<p>{lead}</p><p><img src='/anh/gieng-lang.jpg' width='700'></p>"
    profile = taught([page(number, more=teaser) for number in range(3)])
    assert lead not in read(page(3, more=teaser), profile).text
    head = f"<meta property='og:image' content='/anh/gieng-lang.jpg'><meta name='description' content='{lead}'>"
    for own, stub in (
        (page(4, more=teaser, head=head), None),
        (page(4, more=teaser), Stub(keys=(), url="", title="", summary=lead)),
    ):
        item = read(own, profile, stub)
        assert lead in item.text
    item = read(page(4, more=teaser, head=head), profile)
    assert item.media[0].url.endswith("/anh/gieng-lang.jpg")
    slogan = f"<meta name='description' content='{HOTLINE}'>"
    profile = taught([page(number, head=slogan) for number in range(3)])
    assert HOTLINE not in read(page(3, head=slogan), profile).text, "what every page declares is no one's lead"


def test_who_types_articles_in_is_not_who_wrote_them() -> None:
    """A declared writer whom the line below the article contradicts on three pages gives way to that line."""
    head = "<meta name='author' content='Lò Thị Mai'>"
    ends = ("Hồng Hải", "Đỗ Biên - Khánh Linh", "Giàng A Chu", "Hồng Hải")
    pages = [page(number, head=head, end=end) for number, end in enumerate(ends)]
    assert [one.name for one in read(pages[3], NO_PROFILE).authors] == ["Lò Thị Mai"]
    profile = taught(pages[:3])
    assert [one.name for one in read(pages[3], profile).authors] == ["Hồng Hải"]
    assert [one.name for one in read(page(4, head=head, end="Hết."), profile).authors] == ["Lò Thị Mai"]


def test_what_stays_away_is_forgotten() -> None:
    """A habit that no page shows any more is dropped after a while; one that is met again lives on."""
    profile = taught([page(0), page(1), page(2)])
    later = NOW + timedelta(days=KEPT_DAYS + 1)
    other = read(page(5, end="Hết."), NO_PROFILE).trace
    old = read(page(0), profile).trace
    assert other is not None
    assert old is not None
    assert digest(HOTLINE) not in known_of(learn(profile, [other], now=later)).blocks
    alive = learn(profile, [], now=NOW + timedelta(days=40), again=[old])
    assert digest(HOTLINE) in known_of(learn(alive, [other], now=later)).blocks


def test_learning_is_no_edit_and_an_edit_is_one() -> None:
    """An article that shrinks because its source has taught something is the same; one more sentence makes another."""
    profile = taught([page(0), page(1), page(2)])
    known = known_of(profile)
    before, after = read(page(0), NO_PROFILE), read(page(0), profile)
    assert before.fingerprint != after.fingerprint
    assert same_article(before, after, known)
    assert same_article(after, before, known)
    edited = read(
        page(0, more="<p>Đính chính: buổi gặp mặt diễn ra vào buổi chiều chứ không phải buổi sáng.</p>"), profile
    )
    assert not same_article(before, edited, known)
    assert not same_article(before, replace(after, title="Một tên khác hẳn"), known)


def test_the_order_of_day_and_month_is_learned_from_lists_and_used_in_them() -> None:
    """Lines that can be read one way alone teach the source how those are meant that can be read both ways."""
    certain, doubtful = (
        listing_of(days)
        for days in (("09/25/2026", "09/24/2026", "09/17/2026"), ("09/08/2026", "09/07/2026", "09/06/2026"))
    )
    assert [stub.published.month for stub in read_listing(doubtful, SOURCE).stubs if stub.published] == [8, 7, 6]
    trace = read_listing(certain, SOURCE).trace
    assert trace is not None
    assert trace.months >= 3
    profile = replace(NO_PROFILE, months=trace.months)
    stubs = read_listing(doubtful, replace(SOURCE, profile=profile)).stubs
    assert [stub.published.month for stub in stubs if stub.published] == [9, 9, 9]
    mixed = replace(profile, days=1)
    assert read_listing(doubtful, replace(SOURCE, profile=mixed)).stubs == read_listing(doubtful, SOURCE).stubs


def listing_of(days: tuple[str, ...]) -> Page:
    """A list of articles of these days."""
    lines = "".join(
        f"<li><h3><a href='/tin/moi-{n}'>Thôn dưới mừng {THINGS[n]} mới làm xong</a></h3><span>{day}</span></li>"
        for n, day in enumerate(days)
    )
    return replace(page(0), body=f"<html><body><h1>Tin tức</h1><ul class='news'>{lines}</ul></body></html>".encode())


def test_a_trace_is_no_part_of_an_item() -> None:
    """Two readings that differ in their trace alone are equal, and print alike."""
    item = read(page(0), NO_PROFILE)
    assert item.trace is not None
    assert replace(item, trace=None) == item
    assert "trace" not in repr(item)


def test_the_rhythm_is_the_median_gap() -> None:
    """The first articles tell it by their dates, later ones by when they came."""
    habit, item = ListHabit(category="tin-tuc"), read(page(0), NO_PROFILE)
    items = [replace(item, published=NOW - timedelta(hours=hours)) for hours in (1, 3, 7, 31)]
    habit = with_news(habit, items, usual=12, now=NOW)
    assert (habit.usual, usual_gap(habit)) == (12, 4 * 3600)
    habit = with_news(habit, items[:1], usual=None, now=NOW + timedelta(hours=5))
    assert (habit.usual, usual_gap(habit)) == (12, 4.5 * 3600)
    profile = with_list(with_list(NO_PROFILE, habit), replace(habit, usual=13))
    assert (list_habit(profile, "tin-tuc").usual, len(profile.lists)) == (13, 1)
    assert usual_gap(list_habit(profile, "khac")) is None


WORDS = st.text("abcdeăâđê 0123456789", max_size=8)
TRACES = st.builds(
    Trace,
    blocks=st.lists(WORDS, max_size=30).map(tuple),
    pictures=st.lists(WORDS, max_size=9).map(tuple),
    headings=st.lists(WORDS, max_size=3).map(tuple),
    affixes=st.lists(WORDS, max_size=2).map(tuple),
    clocks=st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple),
    listed=WORDS,
    design=WORDS,
    days=st.integers(0, 3),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(TRACES, max_size=6), max_size=6))
def test_a_profile_comes_back_from_the_store_as_it_went(polls: list[list[Trace]]) -> None:
    """Whatever pages show, the profile is bounded, and its text gives it back."""
    profile = NO_PROFILE
    for day, traces in enumerate(polls):
        profile = learn(profile, traces, now=NOW + timedelta(days=day))
    assert from_json(to_json(profile)) == profile


def test_a_profile_of_years_fits_into_the_store() -> None:
    """After a thousand polls of pages without anything in common the text is below 16,000 bytes."""
    profile = NO_PROFILE
    for poll in range(300):
        traces = [
            Trace(
                blocks=tuple(digest(f"khối {chr(97 + poll % 26)} {word}" * (poll + 1)) for word in "abcdefghijklmno"),
                pictures=(digest("a" * poll), digest("b" * poll)),
                headings=(digest("c" * poll),),
                affixes=(f"{'ư' * 70}{poll}",),
                design=f"mẫu {poll}",
            )
        ]
        profile = learn(profile, traces, now=NOW + timedelta(hours=poll))
        profile = with_list(profile, ListHabit(category=f"chuyen-muc-{poll}", usual=10, gaps=(10**6,) * 7, newest=NOW))
    text = to_json(profile)
    assert len(text.encode()) <= LONGEST
    assert from_json(text).pages == 300


@pytest.mark.parametrize("text", [None, "", "[]", "{", "7", '{"pages":"x","blocks":7,"lists":[{}],"designs":[["a"]]}'])
def test_what_is_no_profile_is_an_empty_one(text: str | None) -> None:
    """A profile that cannot be read costs what was learned, and nothing else."""
    assert from_json(text) == NO_PROFILE


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
PARTS = ("pages", "blocks", "headings", "clocks", "designs", "lists", "days")


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(PARTS), JSON, max_size=4))
def test_no_stored_text_breaks_the_reading_of_a_profile(parts: dict[str, object]) -> None:
    """Whatever stands in the database, a profile comes of it that can be learned with."""
    profile = from_json(json.dumps(parts))
    again = learn(profile, [Trace(blocks=("a",), design="b")], now=NOW)
    assert known_of(again).blocks <= {one.what for one in again.blocks}
    assert len(to_json(again).encode()) <= LONGEST or not again.blocks


def test_an_older_profile_is_read_as_far_as_it_goes() -> None:
    """Parts that are missing, and parts that nobody knows any more, do no harm to the others."""
    profile = taught([page(0), page(1), page(2)])
    parts = json.loads(to_json(profile))
    del parts["designs"], parts["lists"]
    read_back = from_json(json.dumps({**parts, "moon": [1], "pictures": {"a": 1}}))
    assert read_back == replace(profile, designs=(), lists=(), pictures=())

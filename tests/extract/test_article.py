from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ExtractError
from feedsvc.extract.article import read_article
from feedsvc.model import VIETNAM, Author, Page, Selectors, Source, Stub

PAGES = Path(__file__).parent / "articles"
NOW = datetime(2024, 7, 16, 8, 15, tzinfo=VIETNAM)
ADDRESS = "https://suoithong.example/tin-tuc/bai-1.html"
SENTENCE = "Sáng nay bà con các thôn cùng nhau dọn đường, khơi rãnh nước và trồng thêm hoa dọc lối vào bản."
PARAGRAPHS = "".join(f"<p>{SENTENCE} Lần thứ {number}.</p>" for number in range(5))


def read(markup, *, stub=None, address=ADDRESS, now=NOW, **selectors):
    """Read `markup`, a whole page or the name of one of ours."""
    body = (PAGES / markup).read_bytes() if markup.endswith(".html") else markup.encode()
    source = Source(slug="x", title="Cổng Suối Thông", home="https://suoithong.example/", select=Selectors(**selectors))
    page = Page(url=address, final_url=address, status=200, body=body, content_type="text/html", fetched_at=now)
    return read_article(page, source, stub)


def local(moment):
    """Give `moment` as a person in Vietnam would write it."""
    return moment.astimezone(VIETNAM).isoformat() if moment else None


def stub(title, **fields):
    """Give a line of a listing."""
    return Stub(keys=(), url=ADDRESS, title=title, **fields)


def test_a_signed_article_is_read_whole():
    """Title, lead, writer, day and text of a portal's article are found, though nothing on the page names them."""
    item = read("signed.html")
    assert item.title == "Hội nghị tổng kết mùa du lịch tại bản Suối Thông"
    assert item.summary.startswith("Ngày 03/9, Ủy ban nhân dân xã")
    assert item.authors == (Author(name="Thu Hà", organisation="Trung tâm VH,TT-TT xã Suối Thông"),)
    assert (local(item.published), item.precision) == ("2022-09-05T00:00:00+07:00", "day")
    assert item.text.startswith("Ngày 03/9")
    assert item.text.endswith("báo cáo về xã để tổng hợp.")
    assert item.language == "vi"
    assert (item.id, item.revision, item.shown, item.first_seen) == ("", 1, NOW, NOW)


@pytest.mark.parametrize(
    "foreign",
    ["Tin khác", "bóng chuyền", "Danh sách video", "Đăng nhập", "414,619", "Thu Hà", "In trang", "Trang chủ", "1 2 3", "Ngày đăng", "16/07/2024"],
)  # fmt: skip
def test_nothing_of_the_page_around_comes_along(foreign):
    """Menus, other news, pagers, counters, the clock, and the signature are no part of the text."""
    item = read("signed.html")
    assert foreign not in item.text
    assert foreign not in item.html


def test_captions_stand_with_their_pictures_and_not_in_the_text():
    """A short paragraph below a picture is its caption: in `media` and `figcaption`, not in `text`."""
    item = read("signed.html")
    assert [(one.url, one.caption) for one in item.media] == [
        ("https://suoithong.example/media/anh-1.jpg", "Quang cảnh hội nghị."),
        ("https://suoithong.example/media/anh-2.jpg", "Ông Lý A Sinh – Chủ tịch xã phát biểu tại hội nghị."),
    ]
    assert "Quang cảnh" not in item.text
    assert "<figcaption>Quang cảnh hội nghị.</figcaption>" in item.html


def test_a_page_without_a_single_class_is_read():
    """Layout tables, `br` for paragraphs, a bold line for a headline, and a signature in a box are enough."""
    item = read("plain.html")
    assert item.title == "Trao nhà đại đoàn kết cho hộ nghèo thôn Tả Phìn"
    assert item.summary.startswith("(CTTĐT) - Sáng 30/7")
    assert [author.name for author in item.authors] == ["G.K"]
    assert (local(item.published), item.precision) == ("2015-07-31T09:33:00+07:00", "minute")
    assert len(item.text.split("\n\n")) == 3
    assert [one.caption for one in item.media] == ["Gia đình ông Páo bên ngôi nhà mới."]


def test_a_declared_article_follows_its_declaration():
    """Date, change, writers and main picture come from JSON-LD; the lead above the body is told once."""
    item = read("declared.html")
    assert (local(item.published), item.precision) == ("2022-09-06T06:30:00+07:00", "second")
    assert local(item.modified) == "2022-09-06T09:00:00+07:00"
    assert item.authors == (Author(name="Trần Minh Đức"),)
    assert item.text.count("Sau ba tháng thi công") == 1
    assert item.html.count("Sau ba tháng thi công") == 1
    assert "Chúc mừng bà con" not in item.text
    assert "<h3>Dân góp đất mở đường</h3>" in item.html
    assert "<blockquote>" in item.html


def test_a_film_page_needs_no_text():
    """An item of a film list has its film, with type and poster, and none of the films listed below it."""
    item = read("video.html")
    films = [one for one in item.media if one.kind == "video"]
    assert [(one.url, one.mime) for one in films] == [
        ("https://media.suoithong.example/2021/nuoc-do.mp4", "video/mp4"),
        ("https://media.suoithong.example/2021/nuoc-do.m3u8", "application/vnd.apple.mpegurl"),
    ]
    assert {one.thumbnail for one in films} == {"https://suoithong.example/2021/nuoc-do.jpg"}
    assert '<video controls="" poster="https://suoithong.example/2021/nuoc-do.jpg"' in item.html
    assert item.text == "Thước phim của Đài Truyền thanh xã."


@pytest.mark.parametrize(
    "player",
    [
        '<div data-config=\'{"file":"/phim/a.mp4"}\'></div>',
        "<div id=p></div><script>jwplayer('p').setup({file: '/phim/a.mp4'})</script>",
        "<object><param name=flashvars value='file=/phim/a.mp4'></object>",
        "<iframe src='/player.aspx?file=/phim/a.mp4'></iframe>",
        '<a class=fp-player data-item=\'{"src":"/phim/a.mp4"}\'></a>',
    ],
)
def test_a_page_of_nothing_but_a_player_is_an_item(player):
    """A film without a word is an item, whatever plays it; the films listed below it are others."""
    others = "".join(f"<li><a href=/video/{n} data-vid='/phim/{n}.mp4'>Phim khác số {n}</a></li>" for n in range(3))
    item = read(
        f"<html lang=vi><body><div><h1>Mùa nước đổ trên bản</h1>{player}</div><h3>Video khác</h3><ul>{others}</ul></body></html>"
    )
    assert [one.url for one in item.media] == ["https://suoithong.example/phim/a.mp4"]


def test_an_album_is_one_item_of_its_pictures():
    """An album page gives its pictures at their full size, and not the portal's address in the foot of the page."""
    item = read("album.html")
    assert [(one.url, one.caption) for one in item.media] == [
        ("https://suoithong.example/anh/c1.jpg", "Quầy thổ cẩm lúc sáng sớm"),
        ("https://suoithong.example/anh/c2.jpg", "Người già xuống chợ"),
        ("https://suoithong.example/anh/c3.jpg", ""),
    ]
    assert item.title == "Sắc màu chợ phiên"
    assert item.text == ""


def test_an_article_with_files_names_them():
    """Attached files come with title and type, also from download handlers; the page's other files do not."""
    item = read("documents.html")
    assert [(one.url, one.title, one.mime) for one in item.media] == [
        ("https://suoithong.example/documents/10180/0/lich-quy-4.pdf/5c1e-77", "Lịch tiếp công dân.pdf", "application/pdf"),
        ("https://suoithong.example/Handlers/download.aspx?id=77", "mẫu đơn.docx",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ]  # fmt: skip
    assert "<tr><td>10/11</td><td>Chủ tịch xã</td></tr>" in item.html
    assert "10/11 Chủ tịch xã" in item.text
    assert item.authors == ()
    assert "url:suoithong.example/van-ban/-/view_content/1234567-lich-tiep-cong-dan" in item.keys


def test_the_listing_helps_where_the_page_is_silent():
    """Title and date of the listing are used when the page gives none."""
    item = read(
        f"<html><body><div>{PARAGRAPHS}</div></body></html>",
        stub=stub(
            "Dọn đường vào bản đón khách mùa lúa",
            published=datetime(2024, 7, 1, 9, 30, tzinfo=VIETNAM),
            precision="minute",
        ),
    )
    assert item.title == "Dọn đường vào bản đón khách mùa lúa"
    assert (local(item.published), item.precision) == ("2024-07-01T09:30:00+07:00", "minute")


def test_a_cut_title_of_the_listing_never_wins():
    """The listing's title cut by dots votes for the whole one of the page."""
    page = f"<title>Trang tin</title><h2>Trang tin xã</h2><h1>Dọn đường vào bản đón khách mùa lúa chín</h1>{PARAGRAPHS}"
    assert read(page, stub=stub("Dọn đường vào bản đón khách...")).title == "Dọn đường vào bản đón khách mùa lúa chín"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("login.html", "login"),
        ("<html><body></body></html>", "headline"),
        (f"<html><body><div>{PARAGRAPHS}</div></body></html>", "headline"),
        ("<title>Một trang không có gì cả</title><body><a href=/a>Trang chủ</a></body>", "neither text"),
        ("   ", "empty"),
    ],
)
def test_a_page_that_is_no_article_is_refused_in_words(markup, words):
    """A login form, an empty page, one without headline, and one without content each say what is wrong."""
    with pytest.raises(ExtractError, match=words) as caught:
        read(markup)
    assert ADDRESS in str(caught.value)


def test_selectors_win():
    """What a person selected is taken, whatever detection would have found."""
    page = (
        f"<title>Trang tin</title><h1>Không phải tiêu đề đâu nhé</h1><div>{PARAGRAPHS}</div><b class=t>Tiêu đề được chọn</b><i class=d>05/09/2022</i>"
        f"<u class=w>Lý Mẩy</u><div class=b><p>{SENTENCE}</p><p>Câu chốt của bài viết này.</p></div>"
    )
    item = read(page, title=".t", date=".d", byline=".w", body=".b")
    assert item.title == "Tiêu đề được chọn"
    assert local(item.published) == "2022-09-05T00:00:00+07:00"
    assert item.authors == (Author(name="Lý Mẩy"),)
    assert item.text == f"{SENTENCE}\n\nCâu chốt của bài viết này."


def test_selectors_of_a_listings_entries_do_not_reach_articles():
    """With `item` given, title, date and summary are parts of an entry; on the article page detection finds them."""
    markup = (
        "<html><body><div class='side'><h3 class='t'>Tin khác của thị xã hôm nay</h3></div><h1>Mở đường lên bản mới</h1>"
        "<div class='content'><p>"
        + "Bà con cùng nhau mở con đường mới lên bản trong những ngày nắng ráo. " * 9
        + "</p></div></body></html>"
    )
    assert read(markup, item="li", title=".t").title == "Mở đường lên bản mới"
    assert read(markup, title=".t", summary=".t").title == "Tin khác của thị xã hôm nay"


def test_a_selected_body_leaves_the_rest_to_detection():
    """With the body alone selected, headline, date and writer are found around it, and the lead is told once."""
    item = read(
        f"<div class=header>16/07/2024</div><h1>Dọn đường vào bản đón khách</h1><p>Ngày đăng: 05/09/2022 08:30</p>"
        f"<div class=b><p class=sapo>{SENTENCE}</p><p>{SENTENCE} Lần nữa.</p><p>Lý Mẩy</p></div><div><p>{SENTENCE} Ngoài bài.</p></div>",
        body=".b",
    )
    assert item.title == "Dọn đường vào bản đón khách"
    assert local(item.published) == "2022-09-05T08:30:00+07:00"
    assert item.authors == (Author(name="Lý Mẩy"),)
    assert item.text == f"{SENTENCE}\n\n{SENTENCE} Lần nữa."
    assert item.summary == SENTENCE


def test_a_wrong_selector_is_named():
    """A selector that is no CSS is refused with its own text."""
    with pytest.raises(ExtractError, match=r"p\[\["):
        read(f"<h1>Một tiêu đề nào đó</h1>{PARAGRAPHS}", body="p[[")


def test_nothing_active_survives():
    """Scripts, handlers, foreign schemes, frames and control characters are gone from what is stored."""
    page = (
        f"<h1>Dọn đường &amp;lt;script&amp;gt;vào bản&#7;</h1>{PARAGRAPHS}<p onclick=x()>{SENTENCE} <a href='javascript:x()'>xem</a>"
        f"<script>x()</script>&#7;</p><iframe src='https://evil.example'></iframe><svg onload=x()></svg>{PARAGRAPHS}"
    )
    item = read(page)
    for word in ("script", "onclick", "iframe", "svg", "evil", "\x07"):
        assert word not in f"{item.title} {item.html} {item.text} {item.summary}"


def test_counters_and_advertisements_change_nothing():
    """The same article on a page with other counters, other clock and other news has the same fingerprint and keys."""
    page = (PAGES / "signed.html").read_text("utf-8")
    later = (
        page.replace("414,619", "414,620")
        .replace("1.234", "9.876")
        .replace("08:15:20", "09:44:01")
        .replace("bóng chuyền", "bóng đá")
    )
    first, second = read(page), read(later, now=NOW + timedelta(hours=2))
    assert (first.fingerprint, first.keys, first.html) == (second.fingerprint, second.keys, second.html)


def test_an_edit_changes_the_fingerprint():
    """A changed sentence is a change."""
    page = (PAGES / "signed.html").read_text("utf-8")
    assert read(page).fingerprint != read(page.replace("mười hai nghìn", "mười ba nghìn")).fingerprint


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet="<>/=\"'abdivph1 &#;x\u0301\ud7ff", max_size=300).map(str.encode))
def test_any_bytes_give_an_item_or_a_reason(body):
    """No page, however broken, raises anything but ExtractError."""
    page = Page(url=ADDRESS, final_url=ADDRESS, status=200, body=body, content_type="", fetched_at=NOW)
    with suppress(ExtractError):
        assert read_article(page, Source(slug="x", title="", home=ADDRESS)).title


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 20_000 + PARAGRAPHS,
        "<div>một hai ba bốn năm sáu bảy. " * 5_000,
        "<b>" * 20_000 + PARAGRAPHS,
        "<table><tr><td>x" * 3_000 + PARAGRAPHS,
        PARAGRAPHS + "<img src=/a.jpg><p>Chú thích.</p>" * 5_000,
        "<p>" + "Một câu ngắn thôi.<br>" * 20_000,
        PARAGRAPHS + "<script type='application/ld+json'>" + "[" * 50_000 + "</script>",
        PARAGRAPHS + f"<div class='{'comment-' * 20_000}'>{SENTENCE}</div>",
    ],
    ids=["div", "text", "b", "table", "pictures", "br", "json", "class"],
)
def test_torture_is_survived(markup):
    """Deep nesting and endless repetition end in an item or a reason, never in a crash of the reader."""
    with suppress(ExtractError):
        assert read(f"<h1>Một tiêu đề đủ dài</h1>{markup}").title


def test_a_source_keeps_its_own_zone():
    """A time without a zone is a time of the source."""
    page = f"<h1>Dọn đường vào bản</h1><p>Ngày đăng: 05/09/2022 14:30</p>{PARAGRAPHS}"
    body = page.encode()
    source = Source(slug="x", title="", home=ADDRESS, timezone=ZoneInfo("Asia/Tokyo"))
    item = read_article(
        Page(url=ADDRESS, final_url=ADDRESS, status=200, body=body, content_type="", fetched_at=NOW), source
    )
    assert item.published == datetime(2022, 9, 5, 14, 30, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize("path", ["", "/", "/index.html", "/Default.aspx", "/vi"])
def test_the_front_page_is_no_article_though_an_articles_address_leads_there(path):
    """A withdrawn article that redirects to the front page is refused: its text and key would be another's."""
    home = "https://suoithong.example"
    source = Source(slug="x", title="Cổng Suối Thông", home=home + "/vi")
    page = Page(
        url=ADDRESS,
        final_url=home + path,
        status=200,
        body=(PAGES / "plain.html").read_bytes(),
        content_type="text/html",
        fetched_at=NOW,
    )
    with pytest.raises(ExtractError, match="front page"):
        read_article(page, source, stub("Dọn đường vào bản đón khách"))
    moved = replace(page, final_url=home + "/tin-tuc/bai-1-moi.html")
    assert read_article(moved, source).url == home + "/tin-tuc/bai-1-moi.html"
    assert read_article(replace(page, url=page.final_url), source).title

"""Whatever template, wording and furniture a page has, the article's own day is found, or none."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.extract.article import read_article
from feedsvc.model import VIETNAM, Page, Source

NOW = datetime(2024, 7, 16, 8, 15, tzinfo=VIETNAM)
TITLE = "Dọn đường vào bản đón khách"
SENTENCE = "Sáng nay bà con các thôn cùng nhau dọn đường, khơi rãnh nước và trồng thêm hoa dọc lối vào bản."
PARAGRAPHS = "".join(f"<p>{SENTENCE} Lần {word}.</p>" for word in ("đầu", "sau", "cuối"))
MENU = (
    "<ul class=menu><li><a href=/>Trang chủ</a></li><li><a href=/a>Tin tức</a></li><li><a href=/b>Văn bản</a></li></ul>"
)
WEEK = ("Thứ Hai", "Thứ 3", "Thứ Tư", "Thứ Năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")

WORDINGS = (
    "{d:%d/%m/%Y}", "({d:%d/%m/%Y})", "{d:%d-%m-%Y}", "{d.day}/{d.month}/{d.year}", "{w}, {d:%d/%m/%Y}",
    "{w}, {d:%d/%m/%Y}, 06:30 (GMT+7)", "{d:%d/%m/%Y} 06:30", "06:30 | {d:%d/%m/%Y}", "6h30 {d:%d/%m/%Y}",
    "{d.day} tháng {d.month}, {d.year}", "{d.day} Th{d.month} {d.year}", "Ngày {d.day} tháng {d.month} năm {d.year}",
    "{d:%Y-%m-%d} 06:30:00", "{d:%B} {d.day}, {d.year}", "{d:%A}, {d.day}. {d:%B} {d.year}, 06:30 Uhr", "{d:%d.%m.%Y}",
)  # fmt: skip
LABELS = ("", "Ngày đăng: ", "Đăng lúc: ", "Ngày xuất bản: ", "Cập nhật: ", "Cập nhật lúc ", "Hồng Hải - ")
COUNTERS = ("", " - Lượt xem: 1.234", " | 123 lượt xem", " | Hồng Hải")
BOXES = (
    "<p>{}</p>", "<div class=date>{}</div>", "<span class=time>{}</span>", "<div><i class=icon></i> {}</div>",
    "<ul><li>{}</li><li>In trang</li></ul>", "<table><tr><td>{}</td></tr></table>", "<div class=meta><span>{}</span></div>",
)  # fmt: skip
PAGES = (
    "<div>{menu}</div><div class=detail><h1>{title}</h1>{dateline}<div class=body>{text}</div></div>",
    "<table><tr><td>{menu}</td><td><div><b>{title}</b></div>{dateline}<div>{text}</div></td></tr></table>",
    "{menu}<div class=detail><h1>{title}</h1>{dateline}<div class=body>{text}</div></div>",
    "{menu}<h1>{title}</h1>{dateline}{text}",
    "{menu}<div class=detail>{dateline}<h1>{title}</h1><div class=body>{text}</div></div>",
    "{menu}<table><tr><td><b class=tieude>{title}</b></td></tr><tr><td>{dateline}</td></tr><tr><td>{text}</td></tr></table>",
    "{menu}<article><header><h2>{title}</h2>{dateline}</header><div>{text}</div></article>",
    "{menu}<form><div id=main><div class=title>{title}</div>{dateline}<div class=ms-rtestate-field>{text}</div></div></form>",
)
HEADS = (
    "", "<div class=header>Thứ Ba, 16/07/2024</div>", "<table><tr><td>Hôm nay, ngày 16 tháng 7 năm 2024</td></tr></table>",
    "<div class=left><p><a href=/a>Họp thôn về nước sạch mùa khô</a></p><p class=date>04/05/2023</p></div>",
    "<div class=left><p><a href=/a>Họp thôn</a></p><p>04/05/2023</p><p><a href=/b>Mưa lớn</a></p><p>03/05/2023</p></div>",
    "<ul><li><a href=/a>Họp thôn về nước sạch</a> (04/05/2023)</li><li><a href=/b>Mưa lớn</a> (03/05/2023)</li></ul>",
    "<div id=lblClock>15/07/2024 08:15</div>",
    "<header><span>Thứ bảy, 13/07/2024, 11:28 [GMT+7]</span></header>",
)  # fmt: skip
TAILS = (
    "", "<h3>Tin khác</h3><ul><li><a href=/a>Họp thôn về nước sạch</a> (04/05/2023)</li></ul>",
    "<div><div><a href=/a>Họp thôn</a><p class=date>04/05/2023</p></div><div><a href=/b>Mưa lớn</a><p class=date>03/05/2023</p></div></div>",
    "<p><a href=/a>Họp thôn về nước sạch năm nay</a> 04/05/2023 10:15</p>",
    "<div class=comments><p class=date>Lan, 04/05/2023 10:15</p><p>Hay quá</p></div>",
    "<footer>Giấy phép số 12/GP-STTTT ngày 04/05/2013<br>Điện thoại: 0214.3871.975</footer>",
)  # fmt: skip

DAYS = st.dates(date(1998, 1, 1), (NOW - timedelta(days=1)).date())


def read(markup: str) -> date | None:
    """Give the day that a page's article was published."""
    address = "https://suoithong.example/tin-tuc/don-duong"
    body = f"<html><head><title>{TITLE} - Xã Suối Thông</title></head><body>{markup}</body></html>".encode()
    page = Page(url=address, final_url=address, status=200, body=body, content_type="text/html", fetched_at=NOW)
    published = read_article(page, Source(slug="x", title="", home=address)).published
    return published.astimezone(VIETNAM).date() if published else None


@settings(max_examples=200, deadline=None)
@given(
    DAYS, st.sampled_from(WORDINGS), st.sampled_from(LABELS), st.sampled_from(COUNTERS), st.sampled_from(BOXES),
    st.sampled_from(PAGES), st.sampled_from(HEADS), st.sampled_from(TAILS),
)  # fmt: skip
def test_the_day_of_the_article_is_found(
    day: date, wording: str, label: str, counter: str, box: str, page: str, head: str, tail: str
) -> None:
    """Each wording in each box of each template gives its day, whatever clock, other news or imprint stand around."""
    dateline = box.format(label + wording.format(d=day, w=WEEK[day.weekday()]) + counter)
    markup = page.format(menu=MENU + head, title=TITLE, dateline=dateline, text=PARAGRAPHS) + tail
    assert read(markup) == day


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PAGES), st.sampled_from(HEADS), st.sampled_from(TAILS))
def test_a_page_without_a_date_gets_none(page: str, head: str, tail: str) -> None:
    """Clocks, other news, comments and imprints lend no date to an article that has none."""
    markup = page.format(menu=MENU + head, title=TITLE, dateline="", text=PARAGRAPHS) + tail
    assert read(markup) is None

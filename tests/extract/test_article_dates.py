from datetime import datetime

import pytest

from feedsvc.extract.article import read_article
from feedsvc.model import VIETNAM, Page, Source, Stub

NOW = datetime(2024, 7, 16, 8, 15, tzinfo=VIETNAM)
SENTENCE = "Sáng nay bà con các thôn cùng nhau dọn đường, khơi rãnh nước và trồng thêm hoa dọc lối vào bản."
TEXT = f"<div class=body>{''.join(f'<p>{SENTENCE} Lần {word}.</p>' for word in ('đầu', 'sau', 'cuối'))}</div>"
H1 = "<h1>Dọn đường vào bản đón khách</h1>"


def read(markup, *, path="/tin-tuc/don-duong", listed=None):
    """Read an article's page at NOW."""
    address = f"https://suoithong.example{path}"
    stub = Stub(keys=(), url=address, title="", published=listed, precision="day") if listed else None
    page = Page(
        url=address, final_url=address, status=200, body=markup.encode(), content_type="text/html", fetched_at=NOW
    )
    return read_article(page, Source(slug="x", title="", home=address), stub)


def shown(item):
    """Give day or minute as a person in Vietnam would write it."""
    if item.published is None:
        return None
    return item.published.astimezone(VIETNAM).strftime("%Y-%m-%d" if item.precision == "day" else "%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        (f"{H1}<span>Ngày đăng: 05-09-2022 - Lượt xem: 123</span>{TEXT}", "2022-09-05"),
        (f"{H1}<div>Thứ Năm, ngày 03/10/2013 11:26 AM (GMT+7)</div>{TEXT}", "2013-10-03 11:26"),
        (f"<span>Thứ ba, 08/3/2022, 06:00 (GMT+7)</span>{H1}{TEXT}", "2022-03-08 06:00"),
        (f"{H1}{TEXT}<div class=post-date>19/09/2022 | 15:30 GMT+7</div>", "2022-09-19 15:30"),
        (f"{H1}<p>Cập nhật: 01/02/2023</p><p>Ngày xuất bản: 29-09-2021</p>{TEXT}", "2021-09-29"),
        (f"{H1}<p>Cập nhật lúc: 09:33 |31/07/2015</p>{TEXT}", "2015-07-31 09:33"),
        (
            f"<meta property='article:published_time' content='2022-09-05'>{H1}<p>05/09/2022 10:15</p>{TEXT}",
            "2022-09-05 10:15",
        ),
        (
            f"{H1}<time itemprop=datePublished datetime='2022-09-05T08:00:00+07:00'>hôm nọ</time>{TEXT}",
            "2022-09-05 08:00",
        ),
        (
            f"{H1}<table><tr><th>Số</th><td>12/KH</td></tr><tr><th>Ngày ban hành</th><td>05/09/2022</td></tr></table>{TEXT}",
            "2022-09-05",
        ),
        (f"{H1}<dl><dt>Số</dt><dd>12/KH</dd><dt>Ban hành</dt><dd>05/09/2022</dd></dl>{TEXT}", "2022-09-05"),
        (f"{H1}{TEXT}", None),
    ],
)
def test_the_date_that_the_page_vouches_for_is_found(markup, wanted):
    """Declared, labelled, plain and updated dates are found in their order, and a time is kept when the day agrees."""
    assert shown(read(markup)) == wanted


@pytest.mark.parametrize(
    "clock",
    [
        "<div class=header>Thứ 3, Ngày 16/07/2024 - 08:15</div>",
        "<span>16/07/2024</span>",
        "<header><span>Thứ bảy, 13/07/2024, 11:28 [GMT+7]</span></header>",
        "<div class=clock>12/07/2024</div>",
        "<div id=header><div>Thứ 6, 12/07/2024</div></div>",
        "<div>Thứ 6, 12/07/2024</div><ul><li><a href=/>Trang chủ</a></li><li><a href=/tin>Tin tức</a></li></ul>",
        "<p>Hôm nay: 12/07/2024</p>",
    ],
)
def test_the_clock_of_the_page_is_no_date(clock):
    """A date in the page's head, on the day of the visit, or named as a clock is refused: no date is better."""
    assert shown(read(f"{clock}{H1}{TEXT}")) is None
    assert shown(read(f"{clock}{H1}<p>Ngày đăng: 05/09/2022</p>{TEXT}")) == "2022-09-05"


@pytest.mark.parametrize(
    "below",
    [
        "<h3>Tin khác</h3><ul><li><a href=/a>Họp thôn về nước sạch</a> (04/09/2022 10:15)</li></ul>",
        "<div class=comments><p class=date>Đăng lúc 04/09/2022 10:15</p></div>",
        "<footer>Giấy phép số 12/GP-STTTT ngày 04/09/2012</footer>",
        "<div class=footer>Giấy phép số 12/GP-STTTT ngày 04/09/2012</div>",
        "<div class=footer><p>Số 12 ngày 04/09/2012</p></div>",
        "<div class=meta>Cơ quan chủ quản: thị xã, thành lập ngày 04/09/2012</div>",
    ],
)
def test_dates_below_the_article_are_not_its_own(below):
    """Other news, comments and the imprint lend no date."""
    assert shown(read(f"{H1}{TEXT}{below}")) is None


def test_the_listing_comes_before_guesses():
    """The listing's date wins over the address and over a line that tells of a change."""
    listed = datetime(2022, 9, 1, tzinfo=VIETNAM)
    assert shown(read(f"{H1}{TEXT}", path="/2022/08/31/don-duong", listed=listed)) == "2022-09-01"


def test_address_folder_and_event_are_the_last_resort():
    """A day in the address, in a picture's folder, or opening the lead is taken as a day, the year from the text."""
    lead = f"<div><p>(CTTĐT) - Ngày 19/9, đoàn công tác đến xã kiểm tra việc làm đường năm 2022.</p><p>{SENTENCE}</p><p>{SENTENCE}</p></div>"
    assert shown(read(f"{H1}{TEXT}", path="/2022/08/31/don-duong")) == "2022-08-31"
    assert shown(read(f"{H1}<img src=/upload/2021/03/08/a.jpg width=400>{TEXT}")) == "2021-03-08"
    assert shown(read(f"{H1}{lead}")) == "2022-09-19"
    assert read(f"{H1}{lead}").precision == "day"


def test_an_update_is_told_apart():
    """The portal's own time of change is kept beside the day of publication."""
    item = read(f"{H1}<p>Ngày đăng: 05/09/2022 08:00</p><p>Cập nhật: 06/09/2022 09:00</p>{TEXT}")
    assert shown(item) == "2022-09-05 08:00"
    assert item.modified == datetime(2022, 9, 6, 9, tzinfo=VIETNAM)

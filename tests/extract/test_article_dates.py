from datetime import UTC, datetime

import pytest

from feedsvc.extract.article import read_article
from feedsvc.model import VIETNAM, Page, Profile, Selectors, Source, Stub

NOW = datetime(2024, 7, 16, 8, 15, tzinfo=VIETNAM)
SENTENCE = "Sáng nay bà con các thôn cùng nhau dọn đường, khơi rãnh nước và trồng thêm hoa dọc lối vào bản."
TEXT = f"<div class=body>{''.join(f'<p>{SENTENCE} Lần {word}.</p>' for word in ('đầu', 'sau', 'cuối'))}</div>"
H1 = "<h1>Dọn đường vào bản đón khách</h1>"


def read(markup, *, path="/tin-tuc/don-duong", listed=None, precision="day", select=None):
    """Read an article's page at NOW."""
    address = f"https://suoithong.example{path}"
    stub = Stub(keys=(), url=address, title="", published=listed, precision=precision) if listed else None
    page = Page(
        url=address, final_url=address, status=200, body=markup.encode(), content_type="text/html", fetched_at=NOW
    )
    return read_article(page, Source(slug="x", title="", home=address, select=select or Selectors()), stub)


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
        "<div class=lbltoday>12/07/2024</div>",
        "<table><tr><td class=top>Thứ Hai, ngày 15 tháng 7 năm 2024</td></tr></table>",
        "<div class=top-bar><span id=clock></span><span>15/07/2024 08:10</span></div><title>Dọn đường vào bản</title>",
    ],
)
def test_the_clock_of_the_page_is_no_date(clock):
    """A date in the page's head, on the day of the visit, or named as a clock is refused: no date is better."""
    assert shown(read(f"{clock}{H1}{TEXT}")) is None
    assert shown(read(f"{clock}{H1}<p>Ngày đăng: 05/09/2022</p>{TEXT}")) == "2022-09-05"


MENU = "<ul class=menu><li><a href=/>Trang chủ</a></li><li><a href=/a>Tin tức sự kiện</a></li></ul>"


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        (f"{H1}<em class=pull-left>Thứ hai - 05/09/2022 10:15</em>{TEXT}", "2022-09-05 10:15"),
        (f"{H1}<ul><li>Đăng lúc: Thứ hai - 05/09/2022 10:15 - Người đăng: Hà</li></ul>{TEXT}", "2022-09-05 10:15"),
        (f"{H1}<div><span>Ngày xuất bản</span> <span>05/09/2022</span></div>{TEXT}", "2022-09-05"),
        (f"{H1}<p>Ngày đăng</p><p>05/09/2022</p>{TEXT}", "2022-09-05"),
        (f"{H1}<p>Hôm nay, 06:15</p>{TEXT}", "2024-07-16 06:15"),
        (f"{H1}<p>Cập nhật: 06/09/2022 11:00 - Xuất bản: 05/09/2022 10:15</p>{TEXT}", "2022-09-05 10:15"),
        (f"{H1}<p class=sapo>{SENTENCE}</p><img src=/a.jpg width=500><p>Ảnh: dọn đường</p><div>05/09/2022</div>{TEXT}",
         "2022-09-05"),
        (f"{H1}<dl><dd>Tạo ngày Thứ hai, 05 Tháng 9 2022 10:15</dd><dd>Lần cập nhật cuối 06 Tháng 9 2022</dd></dl>{TEXT}",
         "2022-09-05 10:15"),
        (f"{H1}<p>2 giờ trước</p>{TEXT}", "2024-07-16 06:15"),
        (f"{H1}<p>Tác giả: Hồng Hải, ngày 05/09/2022</p>{TEXT}", "2022-09-05"),
        (f"<table><tr><td>{H1}</td></tr><tr><td><i>(05/09/2022)</i></td></tr><tr><td>{TEXT}</td></tr></table>",
         "2022-09-05"),
        (f"<div class=breadcrumb><a href=/>Trang chủ</a> » <a href=/a>Tin tức</a></div><p>05/09/2022 09:33</p>{H1}{TEXT}",
         "2022-09-05 09:33"),
        (f"{H1}<div><div class=day>05</div><div class=month>Th9</div><div class=year>2022</div></div>{TEXT}",
         "2022-09-05"),
        (f"{H1}<div class=date-box><p>05</p><p>Tháng 9/2022</p></div>{TEXT}", "2022-09-05"),
        (f"<header><time datetime='2022-09-05T10:15:00+07:00'>5 tháng 9, 2022</time></header>{H1}{TEXT}",
         "2022-09-05 10:15"),
        (f"<aside class=c-meta><time itemprop=datePublished datetime='2022-09-05T10:15'>05/09/2022</time></aside>{H1}{TEXT}",
         "2022-09-05 10:15"),
        (f"{H1}<time datetime='2012-01-01'>05/09/2022</time>{TEXT}", "2022-09-05"),
        (f"{H1}{TEXT}<p class=foot>Người viết: Hồng Hải | Đăng lúc 10:15, 05/09/2022</p>", "2022-09-05 10:15"),
        (f"{H1}<div>{TEXT * 6}<div>Autor: Hà am 05.09.2022, 10:15 Uhr</div>{TEXT * 6}</div>", "2022-09-05 10:15"),
        (f"{H1}{TEXT}<div><time datetime='2022-09-05'>05/09/2022</time></div>", "2022-09-05"),
        (f"{H1}{TEXT}{'<p>In trang</p>' * 20}<p class=post-date>05/09/2022</p>", "2022-09-05"),
        (f"<aside>„Dọn đường vào bản đón khách“ wurde am 5. September 2022 um 10:15 Uhr gepostet.</aside>{MENU * 9}{H1}{TEXT}",
         "2022-09-05 10:15"),
        (f"{H1}{TEXT}{'<p>In trang</p>' * 20}<div>This entry was posted on September 5th, 2022 and is filed under News.</div>",
         "2022-09-05"),
        (f"{H1}<div><p>Sa Pa, ngày 05/09/2022 - {SENTENCE}</p><p>{SENTENCE}</p><p>{SENTENCE}</p></div>", "2022-09-05"),
        (f"{H1}<div><p>5. September 2022. {SENTENCE}</p><p>{SENTENCE}</p><p>{SENTENCE}</p></div>", "2022-09-05"),
        (f"<meta property=og:title content='05.09.2022 | Dọn đường vào bản đón khách'>{H1}{TEXT}", "2022-09-05"),
        (f"{H1}{TEXT}<footer><p>Cổng của xã Suối Thông [Stand: 05.09.2022, 01:40 Uhr]</p></footer>", "2022-09-05 01:40"),
    ],
)  # fmt: skip
def test_datelines_of_many_templates_are_found(markup, wanted):
    """In lists, boxes, calendar leaves, time elements and sentences a dateline is found, with its label or alone."""
    assert shown(read(f"{MENU}{markup}")) == wanted


BOX = "<div class=detail>{}" + H1 + TEXT + "</div>"


@pytest.mark.parametrize(
    ("dateline", "listed", "wanted"),
    [
        ("<p>16/07/2024 07:30</p>", None, "2024-07-16 07:30"),
        ("<p>16/07/2024 07:30</p>", "2024-07-16", "2024-07-16 07:30"),
        ("<span class=time>16/07/2024 07:30</span>", None, "2024-07-16 07:30"),
        ("<p>16/07/2024 07:30</p>", "2024-07-10", "2024-07-10"),
        ("<p>16/07/2024 08:12</p>", None, None),  # a clock, of a few minutes ago
        ("<p>Thứ Ba, 16/07/2024</p>", None, None),
        ("<p class=clock>16/07/2024 07:30</p>", None, None),
    ],
)
def test_an_article_of_today_keeps_its_time(dateline, listed, wanted):
    """In the article's own box a time that has passed dates it, above the headline too; a clock shows the present."""
    day = datetime.fromisoformat(listed).replace(tzinfo=VIETNAM) if listed else None
    assert shown(read(f"{MENU}{BOX.format(dateline)}", listed=day)) == wanted


def test_the_time_is_taken_from_wherever_the_day_agrees():
    """A day under the headline gets its time from the listing, or from what the page declares."""
    day = f"{MENU}{H1}<p>05/09/2022</p>{TEXT}"
    moment = datetime(2022, 9, 5, 10, 15, tzinfo=VIETNAM)
    assert shown(read(day, listed=moment.astimezone(UTC), precision="minute")) == "2022-09-05 10:15"
    assert shown(read(day, listed=datetime(2022, 9, 4, 18, tzinfo=UTC))) == "2022-09-05"
    declared = f"<meta property='article:published_time' content='{moment.isoformat()}'>{day}"
    assert shown(read(declared, select=Selectors(date="p"))) == "2022-09-05 10:15"


@pytest.mark.parametrize(
    ("published", "updated"),
    [
        ("Publicado: 05/09/2022", "Actualizado: 06/09/2022"), ("Publié le 5 septembre 2022", "Mis à jour le 6/9/2022"),
        ("Veröffentlicht am 5. September 2022", "Aktualisiert am 06.09.2022"), ("发布时间：2022-09-05", "更新：2022-09-06"),
        ("Diterbitkan 5 September 2022", "Diperbarui 6 September 2022"), ("Опубликовано 05.09.2022", "Обновлено 06.09.2022"),
        ("By Kim Osborne, September 5, 2022", "Updated September 6, 2022"), ("입력 2022.09.05", "수정 2022.09.06"),
        ("Gepubliceerd op 5 september 2022", "Bijgewerkt op 6 september 2022"),
        ("Opublikowano 5 września 2022", "Zaktualizowano 6 września 2022"),
    ],
)  # fmt: skip
def test_labels_of_many_languages_are_told_apart(published, updated):
    """The day of publication is told from that of a change by its label, in whatever order they stand."""
    for lines in ((published, updated), (updated, published)):
        item = read(f"{MENU}{H1}{''.join(f'<p>{line}</p>' for line in lines)}{TEXT}")
        assert shown(item) == "2022-09-05"
        assert item.modified == datetime(2022, 9, 6, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("declared", "visible", "wanted"),
    [
        ("2022-09-05T20:30:00Z", "06/09/2022 03:30", "2022-09-06 03:30"),
        ("2022-09-05T20:30:00Z", "05/09/2022 20:30", "2022-09-05 20:30"),
        ("2022-09-05T08:30:00Z", "05/09/2022 08:30", "2022-09-05 08:30"),
        ("2022-09-05T20:30:00+00:00", "05/09/2022", "2022-09-05 20:30"),
        ("2022-09-05T20:30:00-05:00", "05/09/2022", "2022-09-06 08:30"),
        ("2022-09-05T20:30:00Z", "", "2022-09-06 03:30"),
        ("2024-07-16T08:14:50+07:00", "05/09/2022 10:15", "2022-09-05 10:15"),
        ("2024-07-16T07:14:50+07:00", "", "2024-07-16 07:14"),
        ("2022-09-08", "05/09/2022", "2022-09-05"),
        ("20220905", "", "2022-09-05"),
        ("20220905T031500Z", "", "2022-09-05 10:15"),
        ("1662347700", "", "2022-09-05 10:15"),
        ("1662347700000", "", "2022-09-05 10:15"),
        ("19092022101", "", None),
        ("2015-02-05T08:00:00+08:00", "Ngày đăng: 05/09/2022 10:15", "2022-09-05 10:15"),
        ("2015-02-05T08:00:00+07:00", "05/09/2022 10:15", "2015-02-05 08:00"),
    ],
)
def test_a_declared_date_is_held_against_the_visible_one(declared, visible, wanted):
    """Local time marked as UTC, the moment of the visit and a template's sample give way to what people are shown."""
    markup = f"<meta property='article:published_time' content='{declared}'>{MENU}{H1}<p>{visible}</p>{TEXT}"
    assert shown(read(markup)) == wanted


def test_listing_and_page_together_outdo_the_markup():
    """A declared day that neither the listing nor the page shows to people is not the day of publication."""
    markup = f"<meta property='article:published_time' content='2015-02-05T08:00:00+07:00'>{MENU}{H1}<p>05/09/2022 10:15</p>{TEXT}"
    assert shown(read(markup, listed=datetime(2022, 9, 5, tzinfo=VIETNAM))) == "2022-09-05 10:15"
    assert shown(read(markup, listed=datetime(2022, 9, 1, tzinfo=VIETNAM))) == "2015-02-05 08:00"


def test_an_article_that_is_put_out_anew_has_the_day_it_shows():
    """A shown day that is the declared one of the last change, a month or more later, dates the article anew."""
    declared = (
        "<meta property='article:published_time' content='{}'><meta property='article:modified_time' content='{}'>"
    )
    for first, last, wanted in (
        ("2019-03-01T08:00:00+07:00", "2022-09-05T09:00:00+07:00", "2022-09-05"),
        ("2022-09-01T08:00:00+07:00", "2022-09-05T09:00:00+07:00", "2022-09-01 08:00"),
        ("2019-03-01T08:00:00+07:00", "2022-09-06T09:00:00+07:00", "2019-03-01 08:00"),
    ):
        assert shown(read(f"{declared.format(first, last)}{MENU}{H1}<p>05/09/2022</p>{TEXT}")) == wanted


def test_the_same_sample_in_two_places_is_outdone():
    """What a label on the page outdoes in the page's head is outdone in the markup of its text too."""
    sample = "<meta itemprop=datePublished content='2015-02-05T08:00:00+08:00'>"
    assert shown(read(f"{sample}{MENU}{H1}<p>Ngày đăng: 05/09/2022</p>{TEXT}")) == "2022-09-05"


def test_a_film_shown_in_an_article_lends_no_date():
    """The article's own statement comes before that of a film on its page; a page of a film alone has the film's."""
    film = (
        '<script type="application/ld+json">{"@type":"VideoObject","uploadDate":"2019-01-02T08:00:00+07:00"}</script>'
    )
    meta = "<meta itemprop=datePublished content='2022-09-05T10:15:00+07:00'>"
    assert shown(read(f"{film}{meta}{H1}{TEXT}")) == "2022-09-05 10:15"
    assert shown(read(f"{film}{H1}{TEXT}")) == "2019-01-02 08:00"
    story = film.replace("VideoObject", "NewsArticle").replace("uploadDate", "datePublished").replace("2019", "2020")
    assert shown(read(f"{film}{story}{H1}{TEXT}")) == "2020-01-02 08:00"


@pytest.mark.parametrize(
    "line",
    [
        "<p>Thời gian: 14 giờ 00, ngày 05/07/2024</p>",
        "<p>Thời gian diễn ra: 05/07/2024</p>",
        "<p>Hạn nộp hồ sơ: 05/07/2024 17:00</p>",
        "<p>Ngày bắt đầu</p><p>05/07/2024</p>",
        "<p>Tuần từ 01/07/2024 đến 05/07/2024</p>",
        "<p>01.07. - 05.07.2024</p>",
        "<p>Ban hành kèm theo Quyết định số 12/QĐ-UBND ngày 05/07/2024</p>",
        "<p>Khai mạc lúc 08:00 ngày 05/07/2024</p>",
        "<p>Einlass: 05.07.2024, 19:00 Uhr</p>",
        "<p>Quyết định số 12/QĐ-UBND ngày 01/02/2022</p>",
        "<p>Sách được xuất bản ngày 01/02/2022.</p>",
        "<p>Thực hiện Kế hoạch số 12/KH-UBND ngày 01/02/2022 của thị xã, các thôn đã họp bàn việc làm đường.</p>",
        "<blockquote class=fb-post>Posted by Suối Thông on Monday, September 5, 2022</blockquote>",
    ],
)
def test_dates_of_other_things_are_not_the_articles(line):
    """Events, terms, cited documents, books and quoted posts have dates of their own: no date is better."""
    assert shown(read(f"{MENU}{H1}{line}{TEXT}")) is None


def test_a_date_in_the_headline_is_no_dateline():
    """What a headline says of days is what the article is about."""
    assert shown(read(f"{MENU}<h1>Kết quả tiếp công dân ngày 05/07/2024 của xã</h1>{TEXT}")) is None


def test_a_document_is_dated_by_its_issue():
    """Of the days in a document's table the day of issue counts, not the one on which it comes into force."""
    rows = [
        "<tr><td>Ngày có hiệu lực</td><td>20/09/2022</td></tr>",
        "<tr><td>Ngày ban hành</td><td>05/09/2022</td></tr>",
    ]
    for order in (rows, rows[::-1]):
        table = f"<table><tr><td>Số ký hiệu</td><td>12/KH</td></tr>{''.join(order)}</table>"
        assert shown(read(f"{MENU}{H1}{table}{TEXT}")) == "2022-09-05"


@pytest.mark.parametrize(
    "below",
    [
        "<h3>Tin khác</h3><ul><li><a href=/a>Họp thôn về nước sạch</a> (04/09/2022 10:15)</li></ul>",
        "<div class=comments><p class=date>Đăng lúc 04/09/2022 10:15</p></div>",
        "<footer>Giấy phép số 12/GP-STTTT ngày 04/09/2012</footer>",
        "<div class=footer>Giấy phép số 12/GP-STTTT ngày 04/09/2012</div>",
        "<div class=footer><p>Số 12 ngày 04/09/2012</p></div>",
        "<div class=meta>Cơ quan chủ quản: thị xã, thành lập ngày 04/09/2012</div>",
        "<div><a href=/a>Họp thôn về nước sạch</a><span class=date>04/09/2022 10:15</span></div>",
        "<div class=o><p class=date>04/09/2022 10:15</p><b>Họp thôn</b></div><div class=o><p class=date>03/09/2022</p></div>",
        "<div class=y-kien><p class=time>04/09/2022 10:15</p>Hay quá<p class=time>06/09/2022 10:15</p>Tốt lắm</div>",
        "<p><a href=/a>Họp thôn về nước sạch</a></p><p class=date>04/09/2022 10:15</p>",
        "<div class=footer-top><p>Cập nhật lần cuối: 12/07/2024</p></div>",
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


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/tin-tuc/05092022-don-duong", "2022-09-05"),
        ("/tin-tuc/don-duong-05-09-2022.html", "2022-09-05"),
        ("/tin-tuc/2022/09/05/don-duong", "2022-09-05"),
        ("/tin-tuc/don-duong-20220905101530.htm", "2022-09-05"),
        ("/tin-tuc/don-duong-20220905101530123.htm", "2022-09-05"),
        ("/tin-tuc/2022/09/don-duong", None),
        ("/tin-tuc/don-duong-12102020.html", None),
        ("/tin-tuc/20223456-don-duong", None),
        ("/tin-tuc/19092022101.html", None),
        ("/tin-tuc/2099/09/05/don-duong", None),
    ],
)
def test_a_day_in_the_address_is_told_from_a_number(path, wanted):
    """Days year first, day first and to the second are read in addresses; numbers of articles are not."""
    assert shown(read(f"{H1}{TEXT}", path=path)) == wanted


def test_the_upload_folder_is_read_both_ways():
    """The folder of the first picture names its day with the year first or last."""
    for folder in ("2022/9/5", "05092022", "05-09-2022"):
        assert shown(read(f"{H1}<img src=/Upload/{folder}/a.jpg width=400>{TEXT}")) == "2022-09-05"


def test_the_listing_comes_before_a_line_far_from_the_headline():
    """A line below the text that has no label tells the time of the listing's day, and no other day."""
    listed = datetime(2022, 9, 5, tzinfo=VIETNAM)
    assert shown(read(f"{H1}{TEXT}<p class=date>01/09/2022 08:30</p>", listed=listed)) == "2022-09-05"
    assert shown(read(f"{H1}{TEXT}<p class=date>05/09/2022 08:30</p>", listed=listed)) == "2022-09-05 08:30"


@pytest.mark.parametrize(
    ("days", "months", "language", "host", "wanted"),
    [
        (0, 0, "vi", "suoithong.example", "2022-09-05"),
        (0, 3, "vi", "suoithong.example", "2022-05-09"),
        (1, 9, "vi", "suoithong.example", "2022-09-05"),
        (0, 0, "en-US", "news.example", "2022-09-05"),  # the text is Vietnamese
        (0, 0, "", "news.example.gov", "2022-05-09"),
    ],
)
def test_the_sources_vote_orders_day_and_month(days, months, language, host, wanted):
    """What the pages of a source have shown decides how its ambiguous dates are read; Vietnamese starts day-first."""
    address = f"https://{host}/tin/don-duong"
    page = Page(
        url=address, final_url=address, status=200, content_type="text/html", fetched_at=NOW,
        body=f"<html lang='{language}'><body>{H1}<p>05/09/2022</p>{TEXT}</body></html>".encode(),
    )  # fmt: skip
    source = Source(slug="x", title="", home=address, profile=Profile(days=days, months=months))
    assert shown(read_article(page, source)) == wanted


def test_an_update_is_told_apart():
    """The portal's own time of change is kept beside the day of publication."""
    item = read(f"{H1}<p>Ngày đăng: 05/09/2022 08:00</p><p>Cập nhật: 06/09/2022 09:00</p>{TEXT}")
    assert shown(item) == "2022-09-05 08:00"
    assert item.modified == datetime(2022, 9, 6, 9, tzinfo=VIETNAM)
    item = read(f"{H1}<p>Ngày đăng: 05/09/2022 08:00 - Cập nhật: 06/09/2022 09:00</p>{TEXT}")
    assert (shown(item), item.modified) == ("2022-09-05 08:00", datetime(2022, 9, 6, 9, tzinfo=VIETNAM))

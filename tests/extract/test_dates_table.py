"""Every wording of a date that portals are known to use."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from feedsvc.extract.dates import read_date

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2022, 9, 19, 15, 0, tzinfo=HERE)
LATER = datetime(2026, 1, 2, 8, 0, tzinfo=HERE)

DAYS = (
    # numbers
    ("19/09/2022", "2022-09-19"),
    ("(19/09/2022)", "2022-09-19"),
    ("5-9-2022", "2022-09-05"),
    ("05.09.2022", "2022-09-05"),
    ("04/3/2021", "2021-03-04"),
    ("05 / 09 / 2022", "2022-09-05"),
    ("05/09/22", "2022-09-05"),
    ("Ngày xuất bản: 29-09-2021", "2021-09-29"),
    ("2022-09-05", "2022-09-05"),
    ("2022/9/5", "2022-09-05"),
    ("2022.09.05", "2022-09-05"),
    ("01/16/2022", "2022-01-16"),
    ("05 09/2022", "2022-09-05"),
    # with weekdays
    ("T2, 05/09/2022", "2022-09-05"),
    ("CN 04/09/2022", "2022-09-04"),
    ("Chủ nhật, 04/09/2022", "2022-09-04"),
    ("Thứ 4, 09/05/2022", "2022-05-09"),  # a weekday that fits neither reading changes nothing
    ("Thứ Sáu, 05/08/2022", "2022-08-05"),
    ("Thursday, 05/12/2022", "2022-05-12"),  # 5 December is ahead and a Monday; 12 May is a Thursday
    # words
    ("05 Th9 2022", "2022-09-05"),
    ("5 thg 9, 2022", "2022-09-05"),
    ("Tháng Chín 5, 2022", "2022-09-05"),
    ("Thứ 3, Tháng 9 6, 2022", "2022-09-06"),
    ("12 tháng Mười Hai năm 2021", "2021-12-12"),
    ("12 tháng Mười năm 2021", "2021-10-12"),
    ("19 tháng 9 năm 2022", "2022-09-19"),
    ("19 tháng 9, 2022", "2022-09-19"),
    ("19 tháng 09/2022", "2022-09-19"),
    ("Sa Pa, ngày 05 tháng 09 năm 2022", "2022-09-05"),
    ("Lào Cai, ngày 5 tháng tư năm 2022", "2022-04-05"),
    # inside other text
    ("Ngày đăng: 05-09-2022 - Lượt xem: 123", "2022-09-05"),
    ("Ngày đăng 16/10/2015 | 12:00 AM | View count: 1719", "2015-10-16"),
    ("Hồng Hải - 05/09/2022", "2022-09-05"),
    ("Lượt xem: 1.234.567 | 05/09/2022", "2022-09-05"),
    ("05/09/2022 00:00", "2022-09-05"),
    ("2022-09-05T00:00:00+07:00", "2022-09-05"),
    ("2022-09-05T00:00:00Z", "2022-09-05"),
    ("2022-09-04T17:00:00Z", "2022-09-05"),
    # distances
    ("3 ngày trước", "2022-09-16"),
    ("1 tuần trước", "2022-09-12"),
    ("một tháng trước", "2022-08-19"),
    ("1 năm trước", "2021-09-19"),
    ("hôm nay", "2022-09-19"),
    ("Hôm qua", "2022-09-18"),
    ("2 days ago", "2022-09-17"),
    ("yesterday", "2022-09-18"),
    ("il y a 3 jours", "2022-09-16"),
    ("vor einer Woche", "2022-09-12"),
    ("hace 2 días", "2022-09-17"),
    ("2 дня назад", "2022-09-17"),
    ("3 hari yang lalu", "2022-09-16"),
    ("2天前", "2022-09-17"),
    # without a year
    ("19/9", "2022-09-19"),
    ("Ngày 19/9", "2022-09-19"),
    ("20/9", "2021-09-20"),
    ("29/2", "2020-02-29"),
    ("Thứ hai, 19/9", "2022-09-19"),
    ("Sáng 14/7, lãnh đạo thị xã đã kiểm tra công tác phòng cháy.", "2022-07-14"),
    ("Sáng ngày 08/7, đoàn khảo sát làm việc tại xã.", "2022-07-08"),
    ("(BLC) - Tối 24/9, chương trình văn nghệ diễn ra ở sân Quần.", "2021-09-24"),
    ("CTTĐT - Ngày 5/9, các trường khai giảng.", "2022-09-05"),
    ("Ngày 5 tháng 9", "2022-09-05"),
    ("Sep 5", "2022-09-05"),
    # other languages
    ("Jan 5, 2022", "2022-01-05"),
    ("5 January 2022", "2022-01-05"),
    ("January 5th, 2022", "2022-01-05"),
    ("5-Sep-2022", "2022-09-05"),
    ("Montag, 5. September 2022", "2022-09-05"),
    ("5. März 2022", "2022-03-05"),
    ("le 1er août 2022", "2022-08-01"),
    ("mar. 5 juil. 2022", "2022-07-05"),
    ("5 de septiembre de 2022", "2022-09-05"),
    ("5 ago 2022", "2022-08-05"),
    ("lunedì 5 settembre 2022", "2022-09-05"),
    ("5 de março de 2022", "2022-03-05"),
    ("5 сентября 2022 г.", "2022-09-05"),
    ("Senin, 5 Agustus 2022", "2022-08-05"),
    ("2022年9月5日", "2022-09-05"),
    ("2022년 9월 5일", "2022-09-05"),
    ("৫ সেপ্টেম্বর ২০২২", "2022-09-05"),
    ("5 Eylül 2022", "2022-09-05"),
    ("5 września 2022", "2022-09-05"),
    ("5. září 2022", "2022-09-05"),
    ("2022. szeptember 5.", "2022-09-05"),
    ("5. syyskuuta 2022", "2022-09-05"),
    # by dateparser
    ("5 Σεπτεμβρίου 2022", "2022-09-05"),
    ("5 सितंबर 2022", "2022-09-05"),
)

MOMENTS = (
    ("19/09/2022 | 14:30 GMT+7", "2022-09-19T14:30"),
    ("Thứ ba, 08/3/2022, 06:00 (GMT+7)", "2022-03-08T06:00"),
    ("Thứ Năm, ngày 03/10/2013 11:26 AM (GMT+7)", "2013-10-03T11:26"),
    ("Cập nhật lúc: 09:33 |31/07/2015", "2015-07-31T09:33"),
    ("14:00 | 11/09/2019", "2019-09-11T14:00"),
    ("Thứ bảy, 18/05/2019 - 13:56'", "2019-05-18T13:56"),
    ("14h30 05/09/2022", "2022-09-05T14:30"),
    ("08:00 05/09/2022 14:30", "2022-09-05T14:30"),
    ("14h 05/09/2022", "2022-09-05T14:00"),
    ("05/09/2022 14:30 GMT+20", "2022-09-05T14:30"),
    ("05/09/2022 14:30 ICT", "2022-09-05T14:30"),
    ("14g30 05/09/2022", "2022-09-05T14:30"),
    ("14 giờ 30 phút, ngày 05/09/2022", "2022-09-05T14:30"),
    ("11/07/2022 | 02:32 PM", "2022-07-11T14:32"),
    ("05/09/2022 2:12 CH", "2022-09-05T14:12"),
    ("05/09/2022 2:12 chiều", "2022-09-05T14:12"),
    ("05/09/2022 12:05 SA", "2022-09-05T00:05"),
    ("05/09/2022 12:05 CH", "2022-09-05T12:05"),
    ("05/09/2022 1:05 trưa", "2022-09-05T13:05"),
    ("05/09/2022 11:05 đêm", "2022-09-05T23:05"),
    ("05/09/2022 1:05 đêm", "2022-09-05T01:05"),
    ("05/09/2022 5 PM", "2022-09-05T17:00"),
    ("12:30 Sa Pa, ngày 05/09/2022", "2022-09-05T12:30"),
    ("Hôm qua, 08:15", "2022-09-18T08:15"),
    ("5 phút trước", "2022-09-19T14:55"),
    ("2 giờ trước", "2022-09-19T13:00"),
    ("1 giờ 30 phút trước", "2022-09-19T13:30"),
    ("2 hours ago", "2022-09-19T13:00"),
    ("vừa xong", "2022-09-19T15:00"),
    ("08:30 - 5/9", "2022-09-05T08:30"),
    ("2022-09-05T23:30:00Z", "2022-09-06T06:30"),
    ("2022-09-05T23:30:00.123456+00:00", "2022-09-06T06:30"),
    ("2022-09-05 10:00 -0500", "2022-09-05T22:00"),
    ("Mon, 05 Sep 2022 14:30:00 GMT", "2022-09-05T21:30"),
    ("2018-03-23 15:30:00", "2018-03-23T15:30"),
    ("Mon Sep 05 14:30:00 ICT 2022", "2022-09-05T14:30"),
    ("Mon Sep 05 2022 14:30:00 GMT+0700", "2022-09-05T14:30"),
    ("September 5, 2022, 2:30 p.m.", "2022-09-05T14:30"),
    ("September 5, 2022 2:30 PM EDT", "2022-09-06T01:30"),
    ("05.09.2022 14.30 Uhr", "2022-09-05T14:30"),
    ("Senin, 5 September 2022 14.30 WIB", "2022-09-05T14:30"),
)

NO_DATES = (
    "",
    "Trang 5/9",
    "Số 19/2022/QĐ-UBND",
    "Số 12/05/2022/QĐ-UBND",
    "Điện thoại: 0214.3871.975",
    "Điện thoại: 02.14.2022.871",
    "24/7",
    "Hỗ trợ 24/7",
    "Tổng: 4.798.809",
    "Trong năm: 414,619",
    "32/13/2022",
    "30/02/2022",
    "05/09/1994",
    "22/09/2022",
    "Tháng 9 năm 2022",
    "Tháng 9/2022",
    "Tổng 05 09/2022",
    "giai đoạn 2021-2025",
    "14:30",
    "Tỷ lệ 1/2 diện tích",
    "Đoàn làm việc với xã, hôm qua đã nghe báo cáo của các tổ công tác ở cơ sở.",
    "99999 năm trước",
    "9999 năm trước",
    "tháng Chín",
    "Mai 2022",
    "Kế hoạch số 12 năm 2022",
    "30/2",
    "tháng 9 of the den 2022",
    "Привет 5 мир 2022",
)


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_day_is_read(text: str, day: str) -> None:
    """A wording without a time gives that day, at midnight of the source's zone, with precision "day"."""
    when = read_date(text, now=NOW, timezone=HERE)
    assert when is not None
    assert (when.moment.isoformat(), when.precision) == (f"{day}T00:00:00+07:00", "day")


@pytest.mark.parametrize(("text", "moment"), MOMENTS)
def test_a_moment_is_read(text: str, moment: str) -> None:
    """A wording with a time gives that minute in the source's zone."""
    when = read_date(text, now=NOW, timezone=HERE)
    assert when is not None
    assert when.moment.isoformat()[:16] == moment
    assert when.moment.utcoffset() == NOW.utcoffset()
    assert when.precision in {"minute", "second"}


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_gives_none(text: str) -> None:
    """Page numbers, document numbers, telephone numbers, counters and impossible days are no dates."""
    assert read_date(text, now=NOW, timezone=HERE) is None


def test_a_year_that_the_text_names_comes_first() -> None:
    """A day without a year falls into the latest year that the text names and that is not ahead."""
    found = read_date("Ngày 19/9, đoàn công tác", now=LATER, timezone=HERE, years=(2021, 2022, 2030))
    assert found is not None
    assert found.moment.isoformat() == "2022-09-19T00:00:00+07:00"


def test_month_first_pages_are_read_month_first() -> None:
    """With `day_first=False` an ambiguous date is read in the other order, an ISO date never."""
    for text, day in (("05/09/2022", "2022-05-09"), ("2022-09-05", "2022-09-05"), ("16/01/2022", "2022-01-16")):
        found = read_date(text, now=NOW, timezone=HERE, day_first=False)
        assert found is not None
        assert found.moment.date().isoformat() == day


@pytest.mark.parametrize(("text", "known"), [("21/09/2022 14:59", True), ("21/09/2022 15:01", False)])
def test_two_days_ahead_is_the_limit(text: str, *, known: bool) -> None:
    """A date up to two days ahead is a portal's wrong clock, a later one is no date of publication."""
    assert (read_date(text, now=NOW, timezone=HERE) is not None) is known


@pytest.mark.parametrize(
    "text",
    [
        "1 Widerstand", "3 d fa", "3 d Farbe", "2 m fabrik", "2 hari fashion", "1 ora fabbrica", "5 days agony",
        "10 m trước nhà văn hóa", "100 m trước cổng trường", "Nhà nghỉ cách đây 3 m", "vor 1 d", "3 m atrás",
        "5 phút trướckia", "12 дома 2015", "5 μέρες 2015", "7 дни 2015", "5 รถ 2015", "3 בתים 2015",
    ],
)  # fmt: skip
def test_words_behind_a_number_are_no_date(text: str) -> None:
    """A number before an ordinary word, or before a metre, tells no distance in time."""
    assert read_date(text, now=NOW, timezone=HERE) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5 m ago", 19), ("3d ago", 16), ("il y a 2 h", 19), ("3天前更新", 16), ("3 ngày trước | 12 lượt xem", 16),
        ("3 dias atrás", 16), ("vor 3 Tagen", 16),
    ],
)  # fmt: skip
def test_distances_are_read_with_what_stands_around_them(text: str, day: int) -> None:
    """Short units beside "ago", and words or counters behind it, leave a distance one."""
    found = read_date(text, now=NOW, timezone=HERE)
    assert found is not None
    assert found.moment.day == day

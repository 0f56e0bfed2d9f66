"""Any date that a page can write is read back, and any text at all does no harm."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.extract.date_words import MONTHS, VIETNAMESE_MONTHS
from feedsvc.extract.dates import read_date, read_opening, years_named

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=HERE)
ZONES = st.sampled_from([HERE, ZoneInfo("UTC"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Kiritimati")])
DAYS = st.dates(min_value=date(1995, 1, 1), max_value=date(2026, 3, 1))

WORDINGS = (
    "{day:02}/{month:02}/{year}", "{day}/{month}/{year}", "{day}-{month}-{year}", "{day:02}.{month:02}.{year}",
    "{year}-{month:02}-{day:02}", "{year}/{month}/{day}", "({day:02}/{month:02}/{year})",
    "Ngày đăng: {day:02}-{month:02}-{year} - Lượt xem: 1.234", "Hồng Hải - {day:02}/{month:02}/{year}",
    "{day} tháng {month} năm {year}", "Sa Pa, ngày {day:02} tháng {month:02} năm {year}", "{day:02} Th{month} {year}",
    "tháng {month} {day}, {year}", "{year}年{month}月{day}日",
)  # fmt: skip
TIMES = (
    "{d} {h:02}:{m:02}", "{d} - {h:02}:{m:02}", "{d} | {h}:{m:02} GMT+7", "{h}h{m:02} {d}", "{h:02}:{m:02} |{d}",
    "{h} giờ {m} phút, ngày {d}", "Cập nhật lúc {h:02}:{m:02}, {d} (GMT+7)", "{w}, {d}, {h:02}:{m:02}'",
    "[{d} {h:02}:{m:02}]",
)  # fmt: skip
WEEK = ("Thứ Hai", "Thứ 3", "T4", "Thứ Năm", "Thứ sáu", "T7", "CN")
WORDS = ("ngày", "tháng", "năm", "thứ", "trước", "giờ", "phút", "19/9", "05/09/2022", "2022", "14:30", "h", ":", "/", "-",
         ".", "+07:00", "gmt", "z", "am", "ch", "sep", "5", "12", "hôm qua", "vừa xong", "99999999", "\u0338", "年", "月")  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(DAYS, st.sampled_from(WORDINGS), ZONES)
def test_a_written_day_is_read_back(day: date, wording: str, zone: ZoneInfo) -> None:
    """Each wording of each day from 1995 on gives that day in each zone, with precision "day"."""
    text = wording.format(day=day.day, month=day.month, year=day.year)
    when = read_date(text, now=NOW, timezone=zone)
    assert when is not None
    assert (when.moment, when.precision) == (datetime(day.year, day.month, day.day, tzinfo=zone), "day")


@settings(max_examples=200, deadline=None)
@given(
    DAYS, st.sampled_from(sorted({*MONTHS.items()})), st.sampled_from(("{d} {m} {y}", "{m} {d}, {y}", "{d}. {m}. {y}"))
)
def test_each_month_name_is_read(day: date, named: tuple[str, int], wording: str) -> None:
    """Each name of a month in the table is read before and after the day."""
    name, month = named
    when = read_date(wording.format(d=min(day.day, 28), m=name.title(), y=day.year), now=NOW, timezone=HERE)
    wanted = date(day.year, month, min(day.day, 28))
    last = (NOW + timedelta(days=2)).astimezone(HERE).date()  # further ahead is no date
    assert (when.moment.date() if when else None) == (wanted if wanted <= last else None)


@pytest.mark.parametrize(("name", "month"), sorted(VIETNAMESE_MONTHS.items()))
def test_each_vietnamese_month_is_read(name: str, month: int) -> None:
    """Each name of a month in Vietnamese is read after "tháng"."""
    when = read_date(f"5 tháng {name.replace('_', ' ')} năm 2022", now=NOW, timezone=HERE)
    assert when is not None
    assert when.moment.date() == date(2022, month, 5)


@settings(max_examples=200, deadline=None)
@given(DAYS, st.sampled_from(WORDINGS[:3]), st.sampled_from(TIMES), st.integers(0, 23), st.integers(0, 59))
def test_a_written_time_is_read_back(day: date, wording: str, timing: str, hour: int, minute: int) -> None:
    """Each way of putting a time beside a day gives that minute; midnight alone is how a day is written."""
    written = wording.format(day=day.day, month=day.month, year=day.year)
    when = read_date(timing.format(d=written, h=hour, m=minute, w=WEEK[day.weekday()]), now=NOW, timezone=HERE)
    assert when is not None
    assert when.moment == datetime(day.year, day.month, day.day, hour, minute, tzinfo=HERE)
    assert when.precision == ("day" if (hour, minute) == (0, 0) else "minute")


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(min_value=datetime(1995, 1, 3), max_value=datetime(2026, 2, 27)),  # noqa: DTZ001 - the zone follows
    st.timezones().filter(lambda zone: zone.key != "Factory"),
)
def test_an_iso_moment_is_read_back(moment: datetime, zone: ZoneInfo) -> None:
    """An ISO 8601 moment with its offset is the same moment in the source's zone; midnight gives its day."""
    whole = moment.replace(microsecond=0, tzinfo=zone)
    offset = whole.utcoffset() or timedelta()
    if offset.total_seconds() % 60:  # local mean time has seconds, which no page writes
        return
    when = read_date(whole.isoformat(), now=NOW, timezone=HERE)
    assert when is not None
    if (whole.hour, whole.minute, whole.second) == (0, 0, 0):
        assert (when.moment.date(), when.precision) == (whole.date(), "day")
    else:
        assert when.moment == whole


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 300), st.sampled_from(["phút", "giờ", "ngày", "tuần"]))
def test_a_distance_is_counted_back(number: int, unit: str) -> None:
    """So many minutes, hours, days or weeks ago lie exactly that far back; days and weeks give the day."""
    lengths = {"phút": timedelta(minutes=1), "giờ": timedelta(hours=1), "ngày": timedelta(1), "tuần": timedelta(7)}
    when = read_date(f"{number} {unit} trước", now=NOW, timezone=HERE)
    assert when is not None
    wanted = NOW - number * lengths[unit]
    assert when.moment == (wanted if unit in {"phút", "giờ"} else wanted.replace(hour=0, minute=0))


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.text(max_size=300), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
              st.lists(st.sampled_from(WORDS), max_size=60).map("".join)),
    ZONES, st.booleans(), st.lists(st.integers(), max_size=3).map(tuple),
)  # fmt: skip
def test_any_text_gives_a_day_in_range_or_none(
    text: str, zone: ZoneInfo, day_first: bool, years: tuple[int, ...]
) -> None:
    """Nothing is raised; what is read lies between 1995 and two days ahead, aware, and a day is midnight."""
    for when in (
        read_date(text, now=NOW, timezone=zone, day_first=day_first, years=years),
        read_opening(text, now=NOW, timezone=zone, years=years),
    ):
        if when is None:
            continue
        assert when.moment.year >= 1995
        assert when.moment <= NOW + timedelta(days=2)
        assert when.moment.tzinfo is zone
        if when.precision == "day":
            assert (when.moment.hour, when.moment.minute, when.moment.second) == (0, 0, 0)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        " ",
        "1/",
        "1 ",
        ":",
        "1:",
        "1h",
        "tháng 1 ",
        "1 giờ ",
        "5.",
        "ngày ",
        "năm ",
        "một ",
        "jan 5 ",
        "e\u0301",
        "((",
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    """A hundred thousand repeated pieces are done within a tenth of a second: the text is cut, the patterns linear."""
    text = piece * 100_000
    started = time.process_time()
    read_date(text, now=NOW, timezone=HERE)
    read_opening(text, now=NOW, timezone=HERE)
    years_named(text[:20_000])
    assert time.process_time() - started < 0.1


def test_named_years_leave_out_ends_of_periods() -> None:
    """Years are named as "năm 2022" or in a date; "đến năm 2030" and periods are aims, not times."""
    text = "Năm 2021, tháng 5/2022, ngày 1/2/2020; mục tiêu đến năm 2030, giai đoạn năm 2021-2025, quyết định 12/2023/x"
    assert years_named(text) == (2020, 2021, 2022)


@pytest.mark.parametrize(
    ("lead", "day"),
    [
        ("Ngày 19/9, đoàn công tác đã kiểm tra.", "2025-09-19"),
        ("(BLC) - Sáng 14/7, thị xã khởi công.", "2025-07-14"),
        ("CTTĐT - Sáng ngày 08/7, xã họp.", "2025-07-08"),
        ("Ngày 19/9/2022, đoàn công tác đã kiểm tra.", "2022-09-19"),
        ("Ngày 19 tháng 9, đoàn công tác đã kiểm tra.", "2025-09-19"),
        ("Chiều ngày 19 tháng 9 năm 2022, đoàn công tác đã kiểm tra.", "2022-09-19"),
        ("Đoàn công tác đã kiểm tra trong ngày 19/9.", None),
        ("Thực hiện Kế hoạch số 12 ngày 01/02/2022, xã đã họp.", None),
        ("Ngày 19/9/2099, dự kiến thông xe.", None),
    ],
)
def test_the_event_day_must_open_the_lead(lead: str, day: str | None) -> None:
    """Only a day with which the lead begins, after an agency's name at most, is the event's day."""
    when = read_opening(lead, now=NOW, timezone=HERE)
    assert (when.moment.date().isoformat() if when else None) == day

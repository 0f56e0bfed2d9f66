"""How the portal writes days, times, numbers and cut texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


def head_clock(now: datetime) -> str:
    """The moment in the page head: "Thứ Hai, ngày 23/11/2026 19:24 GMT+7"."""
    return f"{_WEEKDAYS[now.weekday()]}, ngày {now:%d/%m/%Y %H:%M} GMT+7"


def article_date(moment: datetime, number: int, views: int) -> str:
    """The date line of article `number`: one of six habits, two of them the day alone."""
    weekday = _WEEKDAYS[moment.weekday()]
    return (
        f"{weekday}, ngày {moment:%d/%m/%Y %H:%M} GMT+7",
        f"Ngày đăng: {moment:%d-%m-%Y} - Lượt xem: {views}",
        f"{moment:%d/%m/%Y | %H:%M} GMT+7",
        f"{weekday}, {moment:%d/%m/%Y - %H:%M}",
        f"Ngày {moment.day:02d} tháng {moment.month:02d} năm {moment.year}",
        f"{moment:%H:%M | %d/%m/%Y}",
    )[number % 6]


def list_date(moment: datetime, category: str) -> str:
    """The date of a line in the list of `category`; one category gives the time as well."""
    if category == "kinh-te-xa-hoi":
        return f"{moment:%d/%m/%Y | %H:%M} GMT+7"
    return f"({moment:%d/%m/%Y})"


def cut(text: str, longest: int) -> str:
    """`text` as it is, or its first whole words within `longest` characters and three dots."""
    return text if len(text) <= longest else f"{text[:longest].rsplit(' ', 1)[0]}..."


def thousands(number: int) -> str:
    """414619 as "414,619", the way such counters are printed."""
    return f"{number:,}"

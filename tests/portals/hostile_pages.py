"""Pages of a small portal that means well: its lists, its articles, and places for what is hostile in them."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

PLACES = (
    "Suối Bạc",
    "Đồi Mây",
    "Bến Lau",
    "Nà Thông",
    "Cửa Rừng",
    "Thung Sâu",
    "Ao Sen",
    "Gò Đá",
    "Khe Trúc",
    "Vườn Mận",
)
DEEDS = (
    "dọn kênh dẫn nước",
    "trồng lại hàng cây ven đường",
    "mở lớp dạy nghề dệt",
    "sửa cầu treo",
    "góp sách cho thư viện xã",
)
WHENS = ("trước mùa lũ", "sau vụ gặt", "trong tháng thanh niên", "đầu năm học mới", "dịp rằm tháng Tám")
TEXT = (
    "Từ sáng sớm, hơn {count} người trong thôn đã có mặt cùng cuốc, xẻng và xe đẩy. Ban quản lý chia thành {groups} tổ, "
    "mỗi tổ nhận một đoạn. Đến trưa, phần việc nặng nhất đã xong; buổi chiều bà con làm nốt những chỗ còn lại. "
    "Ông trưởng thôn {place} cho biết công việc số {number} này được bàn từ tháng trước, ai cũng đồng tình."
)


def title_of(number: int) -> str:
    """A headline of its own for every number."""
    place, deed, when = PLACES[number % 10], DEEDS[number // 10 % 5], WHENS[number // 50 % 5]
    return f"Bà con thôn {place} {deed} {when}, việc số {number}"


def day_of(number: int) -> str:
    """A day that rises with the number, in the past of every clock of the tests."""
    return (datetime.now(UTC) - timedelta(days=150 - number)).strftime("%d/%m/%Y")


def path_of(number: int) -> str:
    """Where an article is."""
    return f"/tin-tuc/viec-so-{number}"


def line(number: int, *, title: str = "", url: str = "", lead: str = "") -> str:
    """A line of a list; `title` and `lead` as they stand in the page."""
    return (
        f'<li><a href="{html.escape(url or path_of(number))}"><h3>{title or title_of(number)}</h3></a>'
        f"<span>({day_of(number)})</span><p>{lead or f'Bà con cùng làm việc số {number}, ai cũng vui.'}</p></li>"
    )


def listing(lines: Iterable[str], *, head: str = "", after: str = "") -> bytes:
    """A list, with `head` in the head of the page and `after` behind the list."""
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>Tin tức</title>{head}</head><body>"
        f"<h1>Tin tức</h1><ul class='news-list'>{''.join(lines)}</ul>{after}</body></html>"
    ).encode("utf-8", errors="surrogatepass")


def article(
    number: int, *, title: str = "", lead: str = "", body: str = "", author: str = "Hà My", head: str = ""
) -> bytes:
    """An article; every part as it stands in the page, `body` behind the usual text."""
    text = TEXT.format(count=20 + number, groups=2 + number % 5, place=PLACES[number % 10], number=number)
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>{title or title_of(number)}</title>{head}</head>"
        f"<body><h1>{title or title_of(number)}</h1><p class='date'>{day_of(number)}</p><div class='content'>"
        f"<p><b>{lead or f'Bà con cùng làm việc số {number}, ai cũng vui.'}</b></p><p>{text}</p>{body}<p>{text[:180]}</p>"
        f"<p><b>{author}</b></p></div></body></html>"
    ).encode("utf-8", errors="surrogatepass")

"""Pages as portals of towns have them: about 100 KB, most of which is not the 30 articles of the list, or the article."""

# ruff: noqa: E501 - markup stands in lines as portals write it

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from feedsvc.model import Page

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
URL = "https://thixa.vidu.gov.vn/tin-tuc-su-kien"
ITEMS = 30
ARTICLE = "https://thixa.vidu.gov.vn/tin-tuc-su-kien/bai-viet-ve-doi-song-ba-con-1101000"
TEXT = (
    "bà con các thôn cùng nhau dọn đường khơi mương sửa lại mái nhà văn hóa trước mùa rét trên núi cao lớp học nghề dệt "
    "thổ cẩm mở cho chị em phụ nữ phiên chợ cuối tuần đông khách du lịch cán bộ xã kiểm tra nguồn nước"
)
WORDS = TEXT.split()


def listing_page(*, first: int = 1000, views: int = 4_798_809) -> Page:
    """A page whose newest article has the number `first`, and whose counters stand at `views`."""
    lines = "".join(_line(first - place, views) for place in range(ITEMS))
    main = f'<h1 class="page-title">Tin tức sự kiện</h1><div class="news-list">{lines}</div>{_pager()}'
    return _page(URL, "Tin tức sự kiện", main, first, views)


def article_page(*, first: int = 1000, views: int = 4_798_809) -> Page:
    """The newest article of that list."""
    text = "".join(f"<p>{_sentence(number, 60)}. {_sentence(number + 5, 40)}.</p>" for number in range(12))
    main = f"""<h1 class="title">{_sentence(first, 11)}</h1><div class="date">Ngày đăng: {NOW:%d/%m/%Y | %H:%M}</div>
<div class="sapo">{_sentence(first + 3, 34)}.</div><div class="detail-content"><p><img src="/upload/2026/{first}/anh.jpg"></p>
<p style="text-align:center"><em>{_sentence(first, 14)}.</em></p>{text}<p style="text-align:right"><strong>Hồng Hà</strong></p></div>
<div class="other"><h3>Tin khác</h3><ul>{_others(first, 2)}</ul></div>"""
    return _page(ARTICLE, _sentence(first, 11), main, first, views)


def _page(url: str, title: str, main: str, first: int, views: int) -> Page:
    body = f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title} - Cổng thông tin điện tử thị xã</title>
<style>{_styles()}</style><script>{_script()}</script></head><body><form method="post" action="/tin-tuc-su-kien" id="aspnetForm">
<input type="hidden" name="__VIEWSTATE" value="{"wEPDwUKMTY1NDU2MTA1MmRk" * 250}">
<div class="header"><div class="clock">Thứ hai, Ngày {NOW:%d/%m/%Y}</div><a href="/"><img src="/images/logo.png"></a></div>
<ul class="nav main-menu">{_menu()}</ul><div class="container"><div class="row"><div class="col-md-8 main-col">{main}</div>
<div class="col-md-4 right-col">{_side(first)}<div class="counter"><h3>Thống kê truy cập</h3><p>Đang truy cập: <b>{views % 97}</b></p>
<p>Hôm nay: <b>{views % 3571}</b></p><p>Tất cả: <b>{views:,}</b></p></div></div></div></div>
<div class="agencies"><h3>Liên kết website</h3><ul>{_agencies()}</ul></div>
<div id="footer"><p>Giấy phép số 19/GP-TTĐT ngày 01/02/2015</p><a href="/lien-he">Liên hệ</a></div></form></body></html>"""
    return Page(
        url=url, final_url=url, status=200, body=body.encode(), content_type="text/html; charset=utf-8", fetched_at=NOW
    )


def _sentence(start: int, length: int) -> str:
    words = [WORDS[(start * 7 + place * (1 + start % 3)) % len(WORDS)] for place in range(length)]
    return " ".join(words).capitalize()


def _line(number: int, views: int) -> str:
    url = f"/tin-tuc-su-kien/bai-viet-ve-doi-song-ba-con-{1_100_000 + number}"
    day = NOW - timedelta(hours=5 * (1000 - number % 1000))
    return f"""<div class="news-item clearfix item-{number % 2}"><div class="thumb"><a href="{url}" title="{_sentence(number, 11)}">
<img class="lazy" src="/images/blank.gif" data-src="/upload/2026/{number}/anh-dai-dien-{number}.jpg" alt="{_sentence(number, 11)}"></a></div>
<div class="info"><h3 class="title"><a href="{url}">{_sentence(number, 11)}</a></h3><div class="meta"><span class="date">{day:%d/%m/%Y | %H:%M}</span>
<span class="views">Lượt xem: {views % 911 + number}</span></div><p class="sapo">{_sentence(number + 3, 34)}.</p>
<a class="more" href="{url}">Xem chi tiết</a></div></div>
"""


def _menu() -> str:
    return "".join(
        f'<li class="dropdown"><a href="/chuyen-muc-{group}">{_sentence(group, 3)}</a><ul class="dropdown-menu">'
        + "".join(
            f'<li><a href="/chuyen-muc-{group}/muc-{sub}">{_sentence(group + sub, 5)}</a></li>' for sub in range(9)
        )
        + "</ul></li>"
        for group in range(10)
    )


def _side(first: int) -> str:
    captions = (("Xem nhiều", 3), ("Thông báo mới", 5), ("Danh sách video", 7))
    return "".join(
        f'<div class="box"><h3 class="box-title">{caption}</h3><ul class="box-list">{_others(first, step)}</ul></div>'
        for caption, step in captions
    )


def _others(first: int, step: int) -> str:
    return "".join(
        f'<li><a href="/tin-tuc-su-kien/bai-viet-ve-doi-song-ba-con-{1_100_000 + number}">{_sentence(number, 11)}</a></li>'
        for number in range(first - 8 * step, first, step)
    )


def _agencies() -> str:
    return "".join(f'<li><a href="https://so{n}.vidu.gov.vn/">{_sentence(n, 6)}</a></li>' for n in range(40))


def _pager() -> str:
    pages = "".join(f'<li><a href="/tin-tuc-su-kien?page={n}">{n}</a></li>' for n in range(2, 11))
    return f'<ul class="pagination"><li class="active"><span>1</span></li>{pages}<li><a href="/tin-tuc-su-kien?page=2">Trang sau</a></li></ul>'


def _styles() -> str:
    return "".join(f".c{n} .d{n}{{margin:{n % 9}px;color:#{n:06x};background:url(/i/{n}.png)}}\n" for n in range(330))


def _script() -> str:
    return "".join(
        f"var m{n}={{id:{n},name:'menu-{n}',open:function(e){{return toggle(e,{n});}}}};\n" for n in range(260)
    )

"""Pages of a small portal: a list of ten articles within about 25 KB, and an article of 200 words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from benchmarks.portal_page import WORDS

ITEMS = 10
FIRST = 1_100_000
DAWN = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)


def listing_page(version: int) -> bytes:
    """The list after `version` articles were published since the start, the newest first."""
    lines = "".join(_line(FIRST + version - place) for place in range(ITEMS))
    return _page("Tin tức", f'<h1>Tin tức</h1><div class="news-list">{lines}</div>')


def article_page(number: int) -> bytes:
    """The article with a number."""
    text = "".join(f"<p>{_words(number * 7 + part, 45)}.</p>" for part in range(4))
    head = f'<h1 class="title">{headline(number)}</h1><div class="date">Ngày đăng: {_day(number)}</div>'
    return _page(headline(number), f'{head}<div class="detail-content"><p><b>{_words(number, 25)}.</b></p>{text}</div>')


def headline(number: int) -> str:
    """The title of an article; no two of a portal are alike."""
    return f"{_words(number * 13, 9)} đợt {number - FIRST + 1000}"


def path_of(number: int) -> str:
    """Where the article stands on its portal."""
    return f"/tin-tuc/bai-viet-ve-doi-song-ba-con-{number}"


def _line(number: int) -> str:
    return (
        f'<div class="news-item"><h3><a href="{path_of(number)}">{headline(number)}</a></h3>'
        f'<span class="date">{_day(number)}</span><p class="sapo">{_words(number, 25)}.</p></div>\n'
    )


def _page(title: str, main: str) -> bytes:
    menu = "".join(f'<li><a href="/muc-{n}">{_words(n, 4)}</a></li>' for n in range(60))
    style = "".join(f".c{n} .d{n}{{margin:{n % 9}px;color:#{n:06x};background:url(/i/{n}.png)}}\n" for n in range(150))
    page = f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title} - Trang tin xã</title>
<style>{style}</style></head><body><div class="header"><a href="/">Trang chủ</a></div><ul class="menu">{menu}</ul>
<div class="main">{main}</div>
<div class="footer"><p>{_words(3, 12)}. Điện thoại: 0214.3871.975</p></div></body></html>"""
    return page.encode()


def _day(number: int) -> str:
    return f"{DAWN + timedelta(hours=5 * (number - FIRST)):%d/%m/%Y | %H:%M}"


def _words(seed: int, count: int) -> str:
    words = (WORDS[(seed * 31 + place * (seed % 7 + 1)) % len(WORDS)] for place in range(count))
    return " ".join(words).capitalize()
